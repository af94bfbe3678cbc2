"""The rows of one sheet as typed columns: each distinct text is read once, whatever cannot be read is a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.intake import bodies, cells, personal, sheet_faults
from analysis.intake.cells import Setting
from analysis.intake.completion import complete
from analysis.intake.dictionary import Column, Table
from analysis.intake.faults import Fault, Warnings
from analysis.intake.grids import Grid
from analysis.intake.layouts import Layout
from analysis.intake.readings import Odd, Reading
from analysis.intake.values import ARROW, coded
from analysis.snapshots.keys import keyed
from analysis.text.numerals import narrow

_HASHED = re.compile(r"p[0-9a-f]{16}")


@dataclass
class Part:
    """The data rows of one sheet.

    Parameters
    ----------
    table, grid, layout
        What it is and where it stands.
    data
        All columns of the table, typed; one row a data row, faulty ones too (their faulty cells are null).
    positions
        For each data row its position in the grid.
    faults
        What is wrong, by position in `data`.
    skipped
        Numbers of the rows that are no data (subtotals, repeated headers, remarks), by kind.
    origins
        For rows of a mended quarantine file: file, sheet and row that each came from.
    below
        What is known of rows that belong to another table further down the sheet.
    """

    table: Table
    grid: Grid
    layout: Layout
    data: pa.Table
    positions: np.ndarray
    faults: list[Fault] = field(default_factory=list)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    origins: list[tuple[str, str, int]] = field(default_factory=list)
    below: dict[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> np.ndarray:
        """The row numbers that users see."""
        found: np.ndarray = self.grid.rows[self.positions]
        return found

    @cached_property
    def sole(self) -> dict[str, str]:
        """The term and the school of the sheet, where it has one only."""
        found = {}
        for name in {"term", "school"} & set(self.data.column_names):
            values = pc.unique(self.data[name]).drop_null()
            if len(values) == 1:
                found[name] = values[0].as_py()
        return found


def schema(table: Table) -> pa.Schema:
    """Return the types in which a table is stored."""
    return pa.schema([(c.name, ARROW.get(c.type, pa.string())) for c in table.columns if c.personal != "drop"])


def take(grid: Grid, layout: Layout, setting: Setting, secret: bytes, warnings: Warnings, names: set[str]) -> Part:
    """Type the rows of a sheet.

    Parameters
    ----------
    grid, layout
        The sheet, and how it is to be read (with a table).
    setting
        The schools, and the terms' days; scales are taken from the layout.
    secret
        The key of the keyed hashes.
    warnings
        Where odd but accepted cells are noted.
    names
        Where persons' names are noted that are dropped here.
    """
    table = layout.table
    assert table is not None
    codes = [np.asarray(column.indices.to_numpy(zero_copy_only=False)) for column in grid.columns]
    texts = [column.dictionary.to_pylist() for column in grid.columns]
    positions, skipped = bodies.data_rows(grid, layout, codes, texts)
    of_units = sheet_faults.apply_units_below(grid, layout, codes, texts, skipped.get(bodies.REMARK, []))
    if of_units.size:
        positions = np.setdiff1d(positions, of_units)
        skipped["单位行"] = grid.rows[of_units].tolist()
    codes = [bodies.filled_down(grid, place, codes[place], texts[place]) for place in range(len(codes))]
    part = Part(table, grid, layout, pa.table({}), positions, skipped=skipped)
    part.origins = bodies.origins(layout, codes, texts, positions)
    columns = {}
    for column in (c for c in table.columns if c.personal != "drop"):
        place = layout.columns.get(column.name)
        own = Setting(layout.scales.get(column.name, 1.0), setting.term_of, setting.years, setting.schools)
        if place is not None:
            columns[column.name] = _typed(part, column, codes[place][positions], texts[place], own, secret, warnings)
        else:
            columns[column.name] = _absent(part, column, own, warnings)
    complete(part, columns, codes, texts, setting)
    _personal_columns(part, codes, texts, warnings, names)
    for number, reason in grid.torn.items():
        where = np.flatnonzero(part.rows == number)
        part.faults += [Fault(int(p), "（整行）", "", reason, "请在原文件中改正该行后重报") for p in where]
    _beyond_the_header(part, codes, texts)
    sheet_faults.add(part, codes, texts, setting.schools, warnings)
    part.data = pa.table([columns[field.name] for field in schema(table)], schema=None, names=schema(table).names)
    return part


def _beyond_the_header(part: Part, codes: list[np.ndarray], texts: list[list[str]]) -> None:
    """Put aside rows of a text file with more cells than its header: a stray delimiter has shifted their cells."""
    width = len(part.layout.headers)
    if not part.grid.encoding:
        return
    wide = np.zeros(len(part.positions), dtype=bool)
    for code, words in zip(codes[width:], texts[width:], strict=True):
        wide |= np.array([bool(word.strip()) for word in words], dtype=bool)[code[part.positions]]
    part.faults += [
        Fault(int(place), "（整行）", "", f"列数多于表头的 {width} 列（可能多了分隔符）", "请在原文件中改正该行后重报")
        for place in np.flatnonzero(wide)
        if int(part.rows[place]) not in part.grid.torn
    ]


def _typed(
    part: Part, column: Column, codes: np.ndarray, texts: list[str], setting: Setting, secret: bytes, warnings: Warnings
) -> pa.Array:
    """Type a column by typing its distinct texts."""
    used = np.zeros(len(texts), dtype=bool)
    used[codes] = True
    values: list[Any] = [None] * len(texts)
    odd: dict[int, Odd] = {}
    notes: dict[int, str] = {}
    for number in np.flatnonzero(used).tolist():
        try:
            reading = _read(column, texts[number], setting, secret)
            values[number] = reading.value
            if reading.note:
                notes[number] = reading.note
            if column.required and reading.value is None:
                raise Odd(f"没有填{column.label}", f"请补填{column.label}")
        except Odd as slip:
            odd[number] = slip
    hidden = bool(column.personal)
    for number in odd:
        shown = "" if hidden else personal.masked(texts[number])
        part.faults += [
            Fault(int(position), column.label, shown, odd[number].reason, odd[number].remedy)
            for position in np.flatnonzero(codes == number)
        ]
    for number, note in notes.items():
        rows = part.rows[np.flatnonzero(codes == number)]
        shown = "" if hidden else personal.masked(texts[number])
        warnings.add(part.grid.path, part.grid.sheet, note, column=column.label, rows=rows.tolist(), value=shown)
    kind = ARROW.get(column.type, pa.string())
    return coded(codes, values, kind)


def _read(column: Column, text: str, setting: Setting, secret: bytes) -> Reading:
    if column.personal == "hash" and _HASHED.fullmatch(text.strip()):
        return Reading(text.strip())
    reading = cells.read(column, text, setting)
    if reading.value is None:
        return reading
    if column.personal == "hash":
        return Reading("p" + keyed(str(reading.value), secret, column.name))
    if column.type == "text" and (found := personal.kinds(text)):
        return Reading(personal.masked(text), f"含{'、'.join(dict.fromkeys(found))}，已去除")
    return reading


def _absent(part: Part, column: Column, setting: Setting, warnings: Warnings) -> pa.Array:
    """Return a column that the sheet does not have: from its surroundings, from the dictionary, or empty."""
    size = len(part.positions)
    text = part.layout.context.get(column.name)
    value: Any = None
    if text is not None:
        try:
            value = cells.read(column, text, setting).value
        except Odd:
            value = None
    elif column.if_absent is not None and size:
        value = column.if_absent
        shown = {True: "是", False: "否"}.get(value, value)
        warnings.add(part.grid.path, part.grid.sheet, f"没有“{column.label}”列，一律按“{shown}”计", column=column.label)
    kind = ARROW.get(column.type, pa.string())
    return coded(np.zeros(size, dtype=np.int32), [value], kind)


def _personal_columns(
    part: Part, codes: list[np.ndarray], texts: list[list[str]], warnings: Warnings, names: set[str]
) -> None:
    """Report columns with personal data that are not read in, and note the names in them."""
    taken = {place: part.table.column(name) for name, place in part.layout.columns.items()}
    for place, header in enumerate(part.layout.headers):
        kind = personal.header_kind(header)
        known = taken.get(place)
        if not kind or (known is not None and not known.personal) or header in bodies.OWN_HEADERS:
            continue
        used = {texts[place][code] for code in np.unique(codes[place][part.positions])}
        if kind == "姓名":
            names.update(narrow(word) for word in used if personal.is_name(word))
        done = "只保存加密摘要" if known is not None and known.personal == "hash" else "没有读入"
        warnings.add(part.grid.path, part.grid.sheet, f"本列含个人信息（{kind}），{done}", column=header)
