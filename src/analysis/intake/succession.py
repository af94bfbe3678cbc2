"""What a hand-in would take away from what is there: named, so that nothing is lost without a word.

Three comparisons: a snapshot that begins anew against the latest one; a file that was read before against what was mended
since; a corrected file against the rows that the school handed in earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.intake.dictionary import Dictionary, Table
from analysis.snapshots import Snapshot
from analysis.snapshots import tables as parquet

SHOWN = 5
LIKE_A_CORRECTION = 0.5
"""A file is taken for a correction of earlier rows where at least this share of its keys is there already."""


@dataclass(frozen=True)
class Loss:
    """Rows of one table that would no longer be there (`mended`: whose correction would be undone)."""

    label: str
    rows: int
    terms: tuple[str, ...]
    schools: tuple[str, ...]
    mended: bool = False

    def told(self) -> str:
        """Return it as a Chinese phrase: table, terms, schools, rows."""
        names = "、".join(self.schools[:SHOWN]) + (f"等{len(self.schools)}所学校" if len(self.schools) > SHOWN else "")
        where = "，".join(part for part in ("、".join(self.terms), names) if part)
        what = "已更正的" if self.mended else ""
        return f"{self.label}{what}{self.rows:,}行{f'（{where}）' if where else ''}"


def losses(latest: Snapshot, new: Snapshot, before: Iterable[Snapshot], known: Dictionary) -> list[Loss]:
    """Return what the latest snapshot holds and a new one would not: rows gone, and corrections undone.

    Parameters
    ----------
    latest, new
        The two snapshots.
    before
        What the latest one corrects: a row of `new` that is again as it was there is a correction undone.
    known
        The dictionary: its tables are compared, by their keys.
    """
    found: list[Loss] = []
    earlier = list(before)
    names = _names(latest)
    for table in known.tables:
        if table.name not in latest.tables:
            continue
        if table.name in new.tables and _hash(latest, table.name) == _hash(new, table.name):
            continue
        old = parquet.read(latest.path(table.name))
        now = parquet.read(new.path(table.name)) if table.name in new.tables else old.slice(0, 0)
        there = same(old, now, table.key)
        found += _loss(table, old.filter(pa.array(~there)), names)
        undone = np.zeros(old.num_rows, dtype=bool)
        for one in earlier:
            if table.name in one.tables:
                past = parquet.read(one.path(table.name))
                again = now.filter(pa.array(same(now, past, now.column_names)))
                undone |= same(old, again, table.key) & ~same(old, now, old.column_names)
        found += _loss(table, old.filter(pa.array(undone)), names, mended=True)
    return found


def same(rows: pa.Table, others: pa.Table, columns: Sequence[str]) -> np.ndarray:
    """Return for each row whether another table has one that is equal in these columns (those that both have)."""
    shared = [name for name in columns if name in rows.column_names and name in others.column_names]
    if not rows.num_rows or not others.num_rows or not shared:
        return np.zeros(rows.num_rows, dtype=bool)
    first = rows.select(shared)
    both = pa.concat_tables([first, others.select(shared).cast(first.schema)])
    codes = parquet.composite(both, shared)
    return np.isin(codes[: rows.num_rows], codes[rows.num_rows :])


def missing(table: Table, held: pa.Table, new: pa.Table, earlier: pa.Table | None) -> np.ndarray:
    """Return which rows that are held a corrected file no longer has.

    Parameters
    ----------
    table
        The table; one without a key, a school and a term has no such rows.
    held
        The rows of the snapshot that is corrected.
    new
        The rows of the files handed in, accepted or not, as far as their keys could be read.
    earlier
        The rows of files that were handed in before under the same names, None if there were none.

    Returns
    -------
    numpy.ndarray
        True for a row of a school and term of which new rows came, whose key is not among them, and which either stood
        in the file of the same name, or lies among classes and between days of the new rows while at least half of
        their keys are held already (else they are a supplement, not a correction).
    """
    out = np.zeros(held.num_rows, dtype=bool)
    if not {"school", "term"} <= set(table.key) or not new.num_rows or not held.num_rows:
        return out
    gone = ~same(held, new, table.key)
    if earlier is not None:
        out |= gone & same(held, earlier, table.key) & same(held, new, ("school", "term"))
    places = [name for name in ("school", "term", "grade", "class", "subject") if name in table.key]
    known = same(new, held, table.key)
    scopes = new.select(["school", "term"]).group_by(["school", "term"]).aggregate([]).to_pylist()
    for scope in scopes:
        own = _of(new, scope)
        if not own.any() or known[own].mean() < LIKE_A_CORRECTION:
            continue
        rows = new.filter(pa.array(own))
        inside = gone & _of(held, scope) & same(held, rows, places)
        if "date" in table.key:
            first, last = pc.min(rows["date"]), pc.max(rows["date"])
            days = pc.and_(pc.greater_equal(held["date"], first), pc.less_equal(held["date"], last))
            inside &= days.to_numpy(zero_copy_only=False)
        out |= inside
    return out


def gone(table: Table, held: pa.Table, which: np.ndarray, latest: Snapshot) -> list[Loss]:
    """Return the rows found by `missing` as they are told."""
    return _loss(table, held.filter(pa.array(which)), _names(latest))


def _of(rows: pa.Table, scope: dict[str, str]) -> np.ndarray:
    mask = np.ones(rows.num_rows, dtype=bool)
    for name, value in scope.items():
        equal = pc.fill_null(pc.equal(rows[name], pa.scalar(value, rows[name].type)), False)
        mask &= equal.to_numpy(zero_copy_only=False)
    return mask


def _loss(table: Table, rows: pa.Table, names: dict[str, str], *, mended: bool = False) -> list[Loss]:
    if not rows.num_rows:
        return []
    terms = tuple(sorted(_distinct(rows, "term") or _distinct(rows, "wave")))
    schools = tuple(names.get(code, code) for code in sorted(_distinct(rows, "school")))
    return [Loss(table.label, rows.num_rows, terms, schools, mended)]


def _distinct(rows: pa.Table, name: str) -> list[str]:
    if name not in rows.column_names:
        return []
    return [str(value) for value in pc.unique(rows[name]).to_pylist() if value is not None]


def _names(one: Snapshot) -> dict[str, str]:
    if "schools" not in one.tables:
        return {}
    rows = parquet.read(one.path("schools"), ["school", "short_name", "name"]).to_pylist()
    return {row["school"]: row["short_name"] or row["name"] or row["school"] for row in rows}


def _hash(one: Snapshot, table: str) -> str:
    return str(one.manifest["tables"][table]["sha256"])
