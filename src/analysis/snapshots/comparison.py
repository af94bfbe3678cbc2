"""What differs between two snapshots: tables, and in each the rows that are new, gone or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from analysis.house.content import Json
from analysis.snapshots import tables as parquet
from analysis.snapshots.snapshot import Snapshot

SHOWN = 20


@dataclass(frozen=True)
class Change:
    """What became of one table.

    Parameters
    ----------
    table
        Its name.
    state
        ``same``, ``new``, ``gone`` or ``changed``.
    rows_before, rows_after
        How many rows it has in each.
    added, removed, changed
        Rows whose key is only in the later one, only in the earlier one, in both with other content.
    schools
        Codes of the schools whose rows differ.
    examples
        The first changed rows: their key, and for each column that differs the value before and after.
    """

    table: str
    state: str
    rows_before: int = 0
    rows_after: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    schools: tuple[str, ...] = ()
    examples: tuple[Json, ...] = field(default_factory=tuple)


def compare(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Compare two snapshots table by table; only schools whose stored bytes differ are read.

    A table without a key counts whole rows: what is not in the other is added or removed.
    """
    return tuple(_table(before, after, name) for name in sorted({*before.tables, *after.tables}))


def _table(before: Snapshot, after: Snapshot, name: str) -> Change:
    old, new = (snapshot.manifest["tables"].get(name) for snapshot in (before, after))
    if old is None or new is None:
        entry = old or new
        state = "new" if old is None else "gone"
        counts = {"rows_after": entry["rows"], "added": entry["rows"]}
        if new is None:
            counts = {"rows_before": entry["rows"], "removed": entry["rows"]}
        return Change(name, state, schools=tuple(key for key in sorted(entry["slices"]) if key), **counts)
    if old["sha256"] == new["sha256"]:
        return Change(name, "same", old["rows"], new["rows"])
    schools = _differing(old["slices"], new["slices"])
    if set(old["columns"]) != set(new["columns"]):
        return Change(name, "changed", old["rows"], new["rows"], old["rows"], new["rows"], 0, tuple(schools))
    first, second = (_read(snapshot, name, schools) for snapshot in (before, after))
    second = second.select(first.column_names)
    key = [column for column in new["key"] if column in first.column_names] or first.column_names
    added, removed, changed = _matched(first, second, key)
    examples = tuple(_example(first, second, a, b, key) for a, b in changed[:SHOWN])
    return Change(
        name,
        "changed",
        old["rows"],
        new["rows"],
        len(added),
        len(removed),
        len(changed),
        tuple(filter(None, schools)),
        examples,
    )


def _differing(old: Json, new: Json) -> list[str]:
    return [
        school
        for school in sorted({*old, *new})
        if old.get(school, {}).get("sha256") != new.get(school, {}).get("sha256")
    ]


def _read(snapshot: Snapshot, name: str, schools: Sequence[str]) -> pa.Table:
    file = snapshot.path(name)
    if schools == [""]:
        return parquet.read(file)
    parts = [parquet.read(file, school=school) for school in schools]
    return pa.concat_tables(parts)


def _matched(
    first: pa.Table, second: pa.Table, key: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int]]]:
    """Return rows only in the second, rows only in the first, and pairs with equal key and unequal content."""
    both = pa.concat_tables([first, second.cast(first.schema)])
    size = first.num_rows
    codes = parquet.composite(both, key)
    content = parquet.composite(both, both.column_names)
    added = np.flatnonzero(~np.isin(codes[size:], codes[:size]))
    removed = np.flatnonzero(~np.isin(codes[:size], codes[size:]))
    shared, one, two = np.intersect1d(codes[:size], codes[size:], return_indices=True)
    unequal = content[one] != content[size + two]
    pairs = sorted(zip(one[unequal].tolist(), two[unequal].tolist(), strict=True))
    assert len(shared) == len(one)
    return added, removed, pairs


def _example(first: pa.Table, second: pa.Table, a: int, b: int, key: Sequence[str]) -> Json:
    old, new = first.slice(a, 1).to_pylist()[0], second.slice(b, 1).to_pylist()[0]
    return {
        "key": {name: _plain(old[name]) for name in key},
        "columns": {n: [_plain(old[n]), _plain(new[n])] for n in old if n not in key and old[n] != new[n]},
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
