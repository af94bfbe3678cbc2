"""Rows with the same key: identical ones count once, conflicting ones are both put aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analysis.intake.dictionary import Table
from analysis.snapshots.tables import composite


@dataclass(frozen=True)
class Repeats:
    """What was found.

    Parameters
    ----------
    dropped
        Rows that repeat an earlier one in every column.
    conflicts
        For each row that has another one with its key and other content: the first such other row, and the columns in
        which they differ.
    """

    dropped: np.ndarray
    conflicts: dict[int, tuple[int, tuple[str, ...]]]


def find(data: pa.Table, table: Table) -> Repeats:
    """Find repeated rows in a table (the rows in the order in which they came)."""
    nothing = Repeats(np.array([], dtype=np.int64), {})
    if data.num_rows < 2:
        return nothing
    key = composite(data, table.key)
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    if not same.any():
        return nothing
    member = np.zeros(len(order), dtype=bool)
    member[1:] |= same
    member[:-1] |= same
    rows = order[member]
    group = np.cumsum(np.concatenate([[True], ~same]))[member]
    subset = data.take(pa.array(rows))
    content = composite(subset, [name for name in data.column_names if name not in table.key] or list(table.key))
    first = np.concatenate([[True], group[1:] != group[:-1]])
    leader = np.flatnonzero(first)[np.cumsum(first) - 1]
    differs = content != content[leader]
    torn = np.zeros(int(group.max()) + 1, dtype=bool)
    torn[group[differs]] = True
    dropped = rows[~first & ~torn[group]]
    conflicts: dict[int, tuple[int, tuple[str, ...]]] = {}
    inside = np.flatnonzero(torn[group])
    for place in inside:
        mates = (
            inside[group[inside] == group[place]]
            if len(inside) < 2000
            else np.array([leader[place], place + 1 if first[place] else leader[place]])
        )
        other = next(
            (int(mate) for mate in mates if mate != place and content[mate] != content[place]), int(leader[place])
        )
        own, theirs = subset.slice(int(place), 1).to_pylist()[0], subset.slice(other, 1).to_pylist()[0]
        columns = tuple(name for name in own if own[name] != theirs[name])
        conflicts[int(rows[place])] = (int(rows[other]), columns)
    return Repeats(np.sort(dropped), conflicts)
