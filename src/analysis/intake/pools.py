"""All rows of one table in an intake, and the joining of new rows to those of an earlier snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analysis.intake import survey
from analysis.intake.dictionary import Table
from analysis.intake.rows import Part
from analysis.snapshots.tables import composite


@dataclass
class Pool:
    """All rows of one table: whose they are, and which are still accepted."""

    table: Table
    parts: list[Part]
    data: pa.Table
    part: np.ndarray
    place: np.ndarray
    accepted: np.ndarray
    kept: np.ndarray

    def own(self, row: int) -> tuple[Part, int]:
        """Return the part that a row came in with, and its place there."""
        return self.parts[int(self.part[row])], int(self.place[row])


def keyed(table: Table) -> Table:
    """Return the table with the key that its rows have in an intake (a survey's rows are respondents there)."""
    if not table.survey:
        return table
    return Table(table.name, table.label, table.about, survey.SURVEY_KEY, table.columns, survey=True)


def pooled(table: Table, parts: list[Part]) -> Pool:
    """Return the rows of all sheets of a table, faulty ones not accepted."""
    data = pa.concat_tables([part.data for part in parts]).unify_dictionaries().combine_chunks()
    part = np.concatenate([np.full(len(one.positions), number) for number, one in enumerate(parts)])
    place = np.concatenate([np.arange(len(one.positions)) for one in parts])
    accepted = np.ones(data.num_rows, dtype=bool)
    start = 0
    for one in parts:
        accepted[[start + fault.position for fault in one.faults]] = False
        start += len(one.positions)
    return Pool(table, parts, data, part, place, accepted, accepted.copy())


def decoded(table: pa.Table) -> pa.Table:
    """Return a table without dictionary-encoded columns."""
    fields = [
        pa.field(one.name, one.type.value_type if pa.types.is_dictionary(one.type) else one.type)
        for one in table.schema
    ]
    return table.cast(pa.schema(fields))


def replaced(old: pa.Table, new: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return the old rows whose key is not among the new ones, followed by the new rows."""
    if not old.num_rows or not new.num_rows:
        return new if new.num_rows else old
    both = pa.concat_tables([old.cast(new.schema), new])
    codes = composite(both, key)
    again = np.isin(codes[: old.num_rows], codes[old.num_rows :])
    return pa.concat_tables([both.slice(0, old.num_rows).filter(pa.array(~again)), new])
