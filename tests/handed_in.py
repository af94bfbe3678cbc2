"""Small files in the forms that staff hold, written for one test and handed in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl

from analysis.intake.reception import Outcome, receive
from analysis.snapshots import Store

LEDGER = ("学校", "学期", "年级", "班级", "日期", "学科", "是否书面", "时长")
TERM = "2025-2026-2"
SCHOOL = "澄湖区第一小学"


def ledger_row(**other: str) -> list[str]:
    """Return a good row of a ledger, with some cells replaced."""
    row = dict(zip(LEDGER, (SCHOOL, TERM, "三年级", "1班", "2026-03-09", "语文", "是", "20"), strict=True))
    return [row[name] if name not in other else other[name] for name in LEDGER]


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Write rows as a text file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def write_xlsx(file: Path, sheets: dict[str, list[list[object]]], merged: dict[str, list[str]] | None = None) -> Path:
    """Write a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for area in (merged or {}).get(title, ()):
            sheet.merge_cells(area)
    book.save(file)
    return file


def hand_in(folder: Path, content: bytes | list[list[str]], name: str = "作业台账.csv", **options: object) -> Outcome:
    """Write one file and take it in."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else csv_bytes(content))
    return receive([file], Store(folder / "store"), **options)


def reasons(outcome: Outcome) -> dict[int, list[str]]:
    """Return the reasons for which rows were put aside, by row number."""
    found: dict[int, list[str]] = {}
    assert outcome.snapshot is not None
    for line in outcome.snapshot.quarantine().to_dict("records"):
        found.setdefault(int(line["row"]), []).append(line["reason"])
    return found


BAD = [
    list(LEDGER),
    ledger_row(),
    ledger_row(学科="数学", 时长="=1+1"),
    ledger_row(学科="英语", 日期="2026-04-11"),
    ledger_row(学科="科学", 时长="15"),
    ledger_row(学科="科学", 时长="25"),
]


def mend(outcome: Outcome, target: Path, changes: dict[tuple[str, str], object]) -> Path:
    """Change cells of the quarantine's sheet of ledgers, by subject and minutes, and save it."""
    assert outcome.snapshot is not None
    book = openpyxl.load_workbook(outcome.snapshot.folder / "quarantine.xlsx")
    sheet = book["作业台账"]
    place = {cell.value: cell.column for cell in sheet[1]}
    for row in list(sheet.iter_rows(min_row=2)):
        found = changes.get((row[place["学科"] - 1].value, row[place["时长"] - 1].value))
        if found == "delete":
            sheet.delete_rows(row[0].row)
        elif found:
            for header, value in found.items():
                row[place[header] - 1].value = value
    book.save(target)
    return target
