"""A row as it stood in its file, for the table and the workbook of rows to mend."""

from __future__ import annotations

import json

from analysis.intake import personal
from analysis.intake.dictionary import Column
from analysis.intake.questionnaires import FIXED
from analysis.intake.rows import Part
from analysis.text.numerals import number


def original(part: Part, position: int) -> dict[str, str]:
    """Return a data row as it stood in the file, by the dictionary's labels, with what the surroundings said.

    Personal columns come as their keyed hash, or not at all.
    """
    row: dict[str, str] = {}
    where = int(part.positions[position])
    for column in part.table.columns:
        if column.personal == "drop":
            continue
        place = part.layout.columns.get(column.name)
        if column.personal:
            row[column.label] = str(part.data[column.name][position].as_py() or "")
        elif place is not None:
            text = part.grid.columns[place][where].as_py()
            code = _filled_cell(part, place, where) if not text.strip() else text
            scale = part.layout.scales.get(column.name, 1.0)
            row[column.label] = personal.masked(_with_unit(column, code, scale))
        else:
            value = part.data[column.name][position].as_py()
            row[column.label] = (
                ""
                if value is None
                else ({True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value))
            )
    return row


def _filled_cell(part: Part, place: int, where: int) -> str:
    for top, left, bottom, right in part.grid.merged:
        if left <= place <= right and top <= where <= bottom:
            return str(part.grid.columns[place][top].as_py())
    return ""


def _with_unit(column: Column, text: str, scale: float) -> str:
    """Write the unit of the header beside a bare number, so that the row means the same under another header."""
    if scale == 1.0 or number(text) is None:
        return text
    unit = {1e8: "亿元", 1e6: "百万元", 1e4: "万元", 1e3: "千元", 60.0: "小时"}.get(scale, "")
    return f"{text.strip()}{unit}"


def as_json(row: dict[str, str]) -> str:
    """Write a row for the table of quarantined rows."""
    return json.dumps(row, ensure_ascii=False)


def respondent(part: Part, place: int) -> dict[str, str]:
    """Return the columns of the export that are read in, as text, with personal data masked."""
    where = int(part.positions[place])
    left_out = set(part.layout.ignored)
    row: dict[str, str] = {}
    for header, column in zip(part.layout.headers, part.grid.columns, strict=False):
        title = header.strip()
        if title and title not in left_out and not personal.header_kind(title):
            text = str(column[where].as_py()).strip()
            row[title] = text if title in FIXED.values() else personal.masked(text)
    return row
