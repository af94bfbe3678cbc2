"""The tables of an edition as one spreadsheet for readers: a cover, then a sheet for each table."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from analysis.publishing import archives, front, stamp
from analysis.publishing.content import Document, plain
from analysis.publishing.tables import Field, Table, Value, width

FONT = {"font_name": "宋体", "font_size": 11, "valign": "top"}
HEAD = {**FONT, "font_name": "黑体", "bottom": 1, "top": 2, "text_wrap": True}
TITLE = {**FONT, "font_name": "黑体", "font_size": 14}
QUIET = {**FONT, "font_color": "#4d4d4d"}


def _format(field: Field) -> str:
    """Return the number format of a column: shares in percent, counts with groups of thousands."""
    places = "." + "0" * field.decimals if field.decimals and field.type == "number" else ""
    return f"0{places}%" if field.unit == "%" else f"#,##0{places}"


def _cover(book: Any, document: Document, tables: list[Table]) -> None:
    sheet = book.add_worksheet("说明")
    title, text, head = book.add_format(TITLE), book.add_format(FONT), book.add_format(HEAD)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 60)
    sheet.write_string(0, 0, plain(document.head["title"]), title)
    lines = [
        document.head["mark"],
        "，".join(fact for line in front.facts(document.head) for fact in line) or document.head["issuer"],
    ]
    lines.append("“…”为已隐去的数，“—”为没有数；比例在表中按原值存放，按百分数显示。")
    row = 1
    for line in filter(None, lines):
        sheet.write_string(row, 0, line, text)
        row += 1
    for at, name in enumerate(("工作表", "内容")):
        sheet.write_string(row + 1, at, name, head)
    for position, table in enumerate(tables, start=row + 2):
        sheet.write_string(position, 0, table.label, text)
        sheet.write_string(position, 1, table.title, text)


def _write(sheet: Any, row: int, at: int, value: Value, text: Any, number: Any) -> None:
    if isinstance(value, (int, float)):
        sheet.write_number(row, at, value, number)
    elif value:
        sheet.write_string(row, at, value, text)


def _sheet(book: Any, document: Document, table: Table) -> None:
    sheet = book.add_worksheet(table.label)
    text, head, quiet = book.add_format(FONT), book.add_format(HEAD), book.add_format(QUIET)
    sheet.write_string(0, 0, f"{table.label}　{table.title}", book.add_format(TITLE))
    if document.head["mark"]:
        sheet.write_string(1, 0, document.head["mark"], quiet)
    for at, field in enumerate(table.fields):
        name = f"{field.title}（{field.unit}）" if field.unit and field.unit != "%" else field.title
        sheet.write_string(2, at, name, head)
        number = book.add_format({**FONT, "num_format": _format(field)})
        values = [row[at] for row in table.rows]
        sheet.set_column(at, at, width(field, values))
        for position, value in enumerate(values, start=3):
            _write(sheet, position, at, value, text, number)
    for position, note in enumerate(table.notes, start=len(table.rows) + 4):
        sheet.write_string(position, 0, note, quiet)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(0, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def workbook(document: Document, tables: list[Table]) -> bytes:
    """Return the XLSX file; every text is written as text, so that no cell can be run as a formula."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    moment = stamp.moment(document.head["date"])
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties(
            {
                "title": plain(document.head["title"]),
                "author": document.head["issuer"],
                "comments": document.head["mark"],
                "created": moment.replace(tzinfo=None),
            }
        )
        _cover(book, document, tables)
        for table in tables:
            _sheet(book, document, table)
    return archives.steady(made.getvalue(), moment)
