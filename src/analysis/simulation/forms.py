"""The forms that staff hold: workbooks with title rows and merged headers, CSV in several encodings, dates in four ways."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.house import atomic_write
from analysis.house.content import Json
from analysis.simulation import truth
from analysis.simulation.faults import Fault

CREATED = datetime(2026, 7, 6, 9, 0, 0)


@dataclass
class Sheet:
    """A sheet before it is written: a title, a header of one or two lines, rows of cells.

    Parameters
    ----------
    name, title
        Name of the sheet; text of the merged first row (the second row says that the data are simulated).
    header
        Names of the columns.
    groups
        For a two-line header the upper line: (text, how many columns), empty text for a column without one.
    rows
        Cells; a `date` is written as a serial date.
    merged
        Index of a column whose equal neighbours are merged downwards (-1: none).
    csv
        Whether it becomes a CSV file, which has a title line and a header line and no sheet name.
    """

    name: str
    title: str
    header: Sequence[str]
    rows: list[list[Any]] = field(default_factory=list)
    groups: Sequence[tuple[str, int]] = ()
    merged: int = -1
    csv: bool = False

    @property
    def first_row(self) -> int:
        """Return the row (1-based, as a spreadsheet counts) of the first row of cells."""
        return 3 if self.csv else 5 if self.groups else 4

    def fault(self, file: str, kind: str, column: str = "", place: int = -1) -> Fault:
        """Return the fault that stands in a row of cells (`place` counts from 0; -1: the last so far) and column."""
        place = place % len(self.rows)
        value = str(self.rows[place][self.header.index(column)]) if column else ""
        return Fault(file, "" if self.csv else self.name, self.first_row + place, column, value, kind)


def write_workbook(file: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook whose bytes depend on its content alone."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": sheets[0].title, "subject": "模拟数据", "comments": truth.MARK, "created": CREATED}
        )
        formats = {
            "title": book.add_format({"bold": True, "align": "center", "font_size": 14}),
            "mark": book.add_format({"italic": True, "font_color": "#666666"}),
            "head": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter"}),
            "date": book.add_format({"num_format": "yyyy/m/d"}),
            "merged": book.add_format({"valign": "vcenter", "align": "center"}),
        }
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    atomic_write(file, buffer.getvalue())


def _write_sheet(page: Any, sheet: Sheet, formats: Json) -> None:
    last = len(sheet.header) - 1
    page.merge_range(0, 0, 0, last, sheet.title, formats["title"])
    page.merge_range(1, 0, 1, last, truth.MARK, formats["mark"])
    line = 2
    if sheet.groups:
        column = 0
        for text, width in sheet.groups:
            if text:
                page.merge_range(2, column, 2, column + width - 1, text, formats["head"])
                for offset in range(width):
                    page.write(3, column + offset, sheet.header[column + offset], formats["head"])
            else:
                page.merge_range(2, column, 3, column, sheet.header[column], formats["head"])
            column += width
        line = 4
    else:
        page.write_row(2, 0, sheet.header, formats["head"])
        line = 3
    page.freeze_panes(line, 0)
    page.set_column(0, last, 13)
    for offset, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if cell is None or cell == "" or column == sheet.merged:
                continue
            if isinstance(cell, date):
                page.write_datetime(line + offset, column, datetime(cell.year, cell.month, cell.day), formats["date"])
            else:
                page.write(line + offset, column, cell)
    if sheet.merged >= 0:
        _merge_down(page, sheet, line, formats["merged"])


def _merge_down(page: Any, sheet: Sheet, line: int, style: Any) -> None:
    column, start = sheet.merged, 0
    for value, run in groupby(row[column] for row in sheet.rows):
        length = len(list(run))
        if value not in (None, ""):
            if length > 1:
                page.merge_range(line + start, column, line + start + length - 1, column, value, style)
            else:
                page.write(line + start, column, value)
        start += length


def write_csv(file: Path, sheet: Sheet, encoding: str) -> None:
    """Write a CSV file with a title line that says that the data are simulated."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([f"{sheet.title}（{truth.MARK}）"])
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    atomic_write(file, text.getvalue().encode(encoding))


def dated(day: date, way: str) -> object:
    """Write a date as a school does: chinese, dotted, compact, or serial (a real date cell)."""
    if way == "chinese":
        return f"{day.year}年{day.month}月{day.day}日"
    if way == "dotted":
        return f"{day.year}.{day.month}.{day.day}"
    return day if way == "serial" else f"{day:%Y%m%d}"
