"""Between which days a date may lie, as the dictionary says it: a day, a day of the row's term, of the hand-in, of the row.

A bound is an ISO date or ``anchor [± number unit]`` with unit ``days``, ``months`` or ``years``; anchors are

- ``term.start``, ``term.end``: first and last day of the row's term (or of the one that the sheet's title or the file's
  name tells, where the table has no column for it); without a term the bound does not hold;
- ``handed``: the day of the hand-in, or the last day before the term after the latest one that was handed in, whichever
  is later (so that simulated and late files are read alike on any day);
- a date of the same row, by its column; the bound does not hold where that cell is empty.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

TERM = ("term.start", "term.end")
HANDED = "handed"
_UNITS = {"days": "天", "months": "个月", "years": "年"}
_BOUND = re.compile(rf"(?P<anchor>[a-z_.]+)(?: (?P<sign>[+-]) (?P<number>\d+) (?P<unit>{'|'.join(_UNITS)}))?")
_TERMS = pa.schema([("term", pa.string()), ("start", pa.date32()), ("end", pa.date32())])
_SAID = {"term.start": "学期首日", "term.end": "学期末日", HANDED: "报送之日"}


def faulty(bounds: Sequence[str], columns: Collection[str]) -> str:
    """Return the first bound that has no meaning, ``""`` if all have one; `columns` are those of the table."""
    return next((bound for bound in bounds if not _day(bound) and not _known(bound, columns)), "")


def _known(bound: str, columns: Collection[str]) -> bool:
    match = _BOUND.fullmatch(bound)
    return match is not None and match["anchor"] in (*TERM, HANDED, *columns)


def anchors(bounds: Sequence[str]) -> set[str]:
    """Return the columns of the row that bounds refer to."""
    found = {match["anchor"] for bound in bounds if (match := _BOUND.fullmatch(bound)) is not None}
    return found - {*TERM, HANDED}


class Outside(NamedTuple):
    """A row whose date is not where it may be: its position, and between which days that is (None: no bound)."""

    row: int
    low: date | None
    high: date | None


class Judge:
    """Holds dates against their windows.

    Parameters
    ----------
    terms
        The terms that are declared: name, first and last day.
    handed
        The day that ``handed`` stands for.
    """

    def __init__(self, terms: Sequence[tuple[str, date, date]], handed: date) -> None:
        self._handed = handed
        self._database = duckdb.connect()
        columns = [pa.array(list(own), kind) for own, kind in zip(zip(*terms, strict=True), _TERMS.types, strict=False)]
        self._database.register("terms", pa.table(columns, schema=_TERMS) if terms else _TERMS.empty_table())

    def outside(
        self, data: pa.Table, name: str, earliest: Sequence[str], latest: Sequence[str], terms: Sequence[str | None]
    ) -> list[Outside]:
        """Return the rows, in their order, whose date is outside its window.

        Parameters
        ----------
        data
            The rows.
        name
            The date's column.
        earliest, latest
            Its bounds.
        terms
            For each row the term that its sheet tells; that of the row itself goes before it.
        """
        if data.num_rows == 0 or not (earliest or latest):
            return []
        own = "coalesce(this.term, this._told)" if "term" in data.column_names else "this._told"
        ends = []
        for bounds, function in ((earliest, "greatest"), (latest, "least")):
            told = ", ".join(_sql(bound, self._handed) for bound in bounds)
            ends.append(f"{function}({told})" if bounds else "cast(null as date)")
        numbered = data.append_column("_row", pa.array(np.arange(data.num_rows)))
        self._database.register("data", numbered.append_column("_told", pa.array(terms, pa.string())))
        found = self._database.execute(
            f"""select _row, low, high from (
            select this._row, cast(try_cast(this."{name}" as timestamp) as date) as day, {ends[0]} as low, {ends[1]} as high
            from data as this left join terms as own on own.term = {own}
            ) where day < low or day > high order by _row"""
        ).fetchall()
        return [Outside(*row) for row in found]

    def close(self) -> None:
        """Let the rows go."""
        self._database.close()


def _sql(bound: str, handed: date) -> str:
    """Return a bound as an SQL date over the row ``this`` and its term ``own``."""
    if _day(bound):
        return f"date '{bound}'"
    match = _BOUND.fullmatch(bound)
    assert match is not None
    anchor = match["anchor"]
    if anchor in TERM:
        told = f'own."{anchor.removeprefix("term.")}"'
    else:
        told = f"date '{handed}'" if anchor == HANDED else f'this."{anchor}"'
    moved = f" {match['sign']} interval '{match['number']} {match['unit']}'" if match["sign"] else ""
    return f"cast({told}{moved} as date)"


def said(bound: str, labels: dict[str, str]) -> str:
    """Say a bound in Chinese, columns by their labels: ``学期首日前6个月``."""
    match = _BOUND.fullmatch(bound)
    if _day(bound) or match is None:
        return bound
    name = _SAID.get(match["anchor"]) or f"“{labels[match['anchor']]}”"
    if not match["sign"]:
        return name
    return f"{name}{'后' if match['sign'] == '+' else '前'}{match['number']}{_UNITS[match['unit']]}"


def between(low: date | None, high: date | None) -> str:
    """Say between which days a date should be."""
    if low is None:
        return f"应不晚于 {high}"
    return f"应不早于 {low}" if high is None else f"应在 {low} 至 {high} 之间"


def handed_in(told: Collection[str], terms: Sequence[tuple[str, date, date]], today: date) -> date:
    """Return the last day on which what is handed in can have happened.

    Parameters
    ----------
    told
        The terms that the rows and the sheets tell; without any, all that are declared.
    terms
        The terms that are declared: name, first and last day.
    today
        The day of the hand-in.
    """
    ends = [end for name, _, end in terms if name in told] or [end for _, _, end in terms]
    if not ends:
        return today
    last = max(ends)
    after = [start for _, start, _ in terms if start > last]
    return max(today, min(after) - timedelta(days=1) if after else last + timedelta(days=62))


def _day(bound: str) -> bool:
    try:
        date.fromisoformat(bound)
    except ValueError:
        return False
    return True
