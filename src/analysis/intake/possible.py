"""Which rows have a term or a date that their table cannot hold, over all tables of an intake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.intake import windows
from analysis.intake.pools import Pool, decoded

Terms = Sequence[tuple[str, date, date]]


class Impossible(NamedTuple):
    """A row of a pool, the column that is wrong, why, and what to do."""

    row: int
    column: str
    reason: str
    remedy: str


def faults(
    pools: Collection[Pool], before: Iterable[pa.Table], terms: Terms, today: date
) -> Iterator[tuple[Pool, Impossible]]:
    """Yield what is wrong; a row may be wrong in several columns. A survey's answers are held against its waves instead.

    Parameters
    ----------
    pools
        The rows of each table.
    before
        The tables of the snapshot that is corrected, if any.
    terms
        The terms that are declared: name, first and last day.
    today
        The day of the hand-in.
    """
    told = {term for pool in pools for term in _titles(pool) if term}
    for table in (*(pool.data for pool in pools), *before):
        if "term" in table.column_names:
            told |= set(pc.unique(table["term"]).drop_null().to_pylist())
    judge = windows.Judge(terms, windows.handed_in(told, terms, today))
    for pool in pools:
        if not pool.table.survey:
            wrong = list(_terms(pool, sorted(name for name, _, _ in terms)))
            yield from ((pool, each) for each in wrong)
            yield from ((pool, each) for each in _dates(pool, judge, {each.row for each in wrong}))
    judge.close()


def _titles(pool: Pool) -> list[str | None]:
    """Return the term that title, name or source of each sheet tells."""
    return [part.layout.context.get("term") for part in pool.parts]


def _terms(pool: Pool, declared: list[str]) -> Iterator[Impossible]:
    """Yield the rows whose term is none that is declared, or not that of the title: no figure would look for them there."""
    if "term" not in pool.data.column_names or not declared:
        return
    titles = [
        said if "term" in part.layout.columns else None for part, said in zip(pool.parts, _titles(pool), strict=True)
    ]
    own = decoded(pool.data.select(["term"]))["term"].to_pylist()
    for row in np.flatnonzero(pool.kept).tolist():
        term, title = own[row], titles[int(pool.part[row])]
        if term not in declared:
            remedy = f"请核对，可写{'、'.join(declared[-3:])}；确有这个学期的，请先在 data/reference/terms.toml 登记"
            yield Impossible(row, "term", "没有登记这个学期", remedy)
        elif title and term != title:
            yield Impossible(row, "term", f"与标题所写的学期（{title}）不同", "请核对学期；各学期的请分表报送")


def _dates(pool: Pool, judge: windows.Judge, others: set[int]) -> Iterator[Impossible]:
    """Yield the dates outside their windows, of rows that are not among `others`."""
    rows = np.array([row for row in np.flatnonzero(pool.kept).tolist() if row not in others], dtype=np.int64)
    data, titles = pool.data.take(pa.array(rows)), _titles(pool)
    terms = [titles[place] for place in pool.part[rows]]
    wrong: dict[int, set[str]] = {}
    for column in pool.table.columns:
        beside = windows.anchors((*column.earliest, *column.latest))
        labels = "、".join(f"“{pool.table.column(name).label}”" for name in sorted(beside))
        remedy = f"请核对年、月、日{f'，并与{labels}对照' if labels else ''}"
        for found in judge.outside(data, column.name, column.earliest, column.latest, terms):
            if not beside & wrong.get(found.row, set()):  # else it is the other date that is wrong
                yield Impossible(int(rows[found.row]), column.name, windows.between(found.low, found.high), remedy)
            wrong.setdefault(found.row, set()).add(column.name)
