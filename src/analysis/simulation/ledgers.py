"""The homework ledgers as the schools hand them in: three forms, four ways to write a date, and a few bad rows."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from analysis.house.content import Json
from analysis.simulation.district import District, School, grade_name
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_csv, write_workbook
from analysis.simulation.homework import entries

ONE_LINE = [
    "班级",
    "日期",
    "学科",
    "是否书面",
    "作业类型",
    "预计时长（分钟）",
    "难度",
    "是否分层",
    "公示日期",
    "批改反馈日期",
]
TWO_LINES = ["学校", "年级", "班级", "日期", "学科", "书面", "类型", "时长", "难度", "分层", "公示日期", "反馈日期"]
CSV_HEADER = [
    "学校",
    "年级",
    "班级",
    "日期",
    "学科",
    "是否书面",
    "作业类型",
    "时长",
    "难度",
    "是否分层",
    "公示日期",
    "反馈日期",
]
UPPER_LINE = [("", 1), ("", 1), ("", 1), ("", 1), ("作业内容", 6), ("过程", 2)]
SPOKEN = {30: "半小时", 45: "40-50分钟", 60: "一小时", 90: "1.5小时"}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
YES = {True: "是", False: "否"}
MINUTES, DATE, SUBJECT, PUBLISHED, RETURNED = 5, 1, 2, 8, 9  # places in the cells of an entry

Planted = tuple[str, int, int, Any]
PLANTED: dict[tuple[str, str], list[Planted]] = {
    ("2199000001", "三年级"): [("negative minutes", 40, MINUTES, -20), ("unreadable minutes", 120, MINUTES, "见黑板")],
    ("2199000001", "五年级"): [
        ("outside term", 60, DATE, date(2026, 2, 24)),
        ("spoken minutes", 75, MINUTES, "40-50分钟"),
    ],
    ("2199000002", "四年级"): [
        ("no school day", 75, DATE, date(2026, 4, 11)),
        ("unknown subject", 90, SUBJECT, "奥数"),
    ],
    ("2199000002", "六年级"): [("identical duplicate", 130, DATE, None)],
    ("2199000003", "三年级"): [("conflicting duplicate", 33, MINUTES, 25)],
    ("2199000004", ""): [
        ("unreadable minutes", 700, MINUTES, "一节课左右"),
        ("unknown school", 900, -2, "望山小学"),
        ("identical duplicate", 1200, DATE, None),
    ],
    ("2199000005", "八年级"): [
        ("returned before set", 210, RETURNED, date(2026, 3, 3)),
        ("published after set", 260, PUBLISHED, date(2026, 6, 30)),
    ],
    ("2199000005", "九年级"): [("spoken minutes", 90, MINUTES, "1.5小时")],
    ("2199000006", "九年级"): [
        ("no school day", 150, DATE, date(2026, 5, 4)),
        ("outside term", 160, DATE, date(2026, 7, 20)),
    ],
    ("2199000007", "七年级"): [("negative minutes", 55, MINUTES, -5)],
}
# By school and sheet, in order of position: kind, position among the rows, place of the cell, its new value.


def write(district: District, folder: Path) -> list[Fault]:
    """Write the ledger of each reporting school in its own form; return the faults planted in them."""
    faults: list[Fault] = []
    for school in district.reporting:
        form = _csv if school.profile.ledger == "csv" else _workbook
        faults += form(district, school, folder)
    return faults


def _cells(entry: Json, way: str, random: np.random.Generator) -> list[object]:
    """Return the cells of an entry from 班级 on, written as a school writes them."""
    subject, minutes = entry["subject"], entry["minutes"]
    if subject == "道德与法治" and random.random() < 0.7:
        subject = "道法"
    if random.random() < 0.15 and minutes in SPOKEN:
        minutes = SPOKEN[minutes]
    elif random.random() < 0.004:
        minutes = f"{minutes}分钟" if random.random() < 0.5 else str(minutes).translate(FULL_WIDTH)
    set_on, published, returned = (
        dated(entry[name], way) if entry[name] else "—" for name in ("date", "published_on", "returned_on")
    )
    written, layered = YES[entry["written"]], YES[entry["layered"]]
    kind, difficulty = entry["kind"], entry["difficulty"]
    return [f"{entry['class']}班", set_on, subject, written, kind, minutes, difficulty, layered, published, returned]


def _csv(district: District, school: School, folder: Path) -> list[Fault]:
    file = f"作业台账_{school.short_name}.csv"
    random = district.stream("ledger form", school.code)
    name = school.aliases[0] if school.aliases else school.name
    rows = [
        [name, grade_name(entry["grade"]), *_cells(entry, school.profile.dates, random)]
        for entry in entries(district, school)
    ]
    sheet = Sheet("", f"{school.name}{district.label}作业台账", CSV_HEADER, rows, csv=True)
    faults = plant(district, school, sheet, file)
    write_csv(folder / file, sheet, "utf-8-sig")
    return faults


def _workbook(district: District, school: School, folder: Path) -> list[Fault]:
    file = f"作业台账_{school.short_name}.xlsx"
    random = district.stream("ledger form", school.code)
    two = school.profile.ledger == "two lines"
    sheets, faults = [], []
    for grade, own in groupby(entries(district, school), key=lambda entry: entry["grade"]):
        name = grade_name(grade)
        sheet = Sheet(name, f"{school.name}{district.label}作业台账（{name}）", TWO_LINES if two else ONE_LINE)
        if two:
            sheet.groups, sheet.merged = UPPER_LINE, TWO_LINES.index("班级")
        for _, month in groupby(own, key=lambda entry: (entry["class"], entry["date"].month)):
            work = list(month)
            before = [school.name, name] if two else []
            sheet.rows += [[*before, *_cells(entry, school.profile.dates, random)] for entry in work]
            if two:
                total = sum(entry["minutes"] for entry in work)
                sheet.rows.append(["小计", "", "", "", "", "", "", total, "", "", "", ""])
        faults += plant(district, school, sheet, file)
        sheets.append(sheet)
    write_workbook(folder / file, sheets)
    return faults


def plant(district: District, school: School, sheet: Sheet, file: str) -> list[Fault]:
    """Plant the faults of one sheet of the shipped example in its rows; return them with the row in which they stand.

    A duplicate is inserted below its row, so a later fault of the same sheet must stand below it. A position that
    holds a subtotal moves on to the next row.
    """
    offset = sheet.header.index("班级")
    planted = []
    for kind, position, place, value in PLANTED.get((school.code, sheet.name), []) if district.shipped else []:
        while sheet.rows[position][0] == "小计":
            position += 1
        row, column = list(sheet.rows[position]), sheet.header[offset + place]
        if value is not None:
            row[offset + place] = dated(value, school.profile.dates) if isinstance(value, date) else value
        if kind.endswith("duplicate"):
            if kind == "conflicting duplicate":
                planted.append(sheet.fault(file, kind, column, position))
            position += 1
            sheet.rows.insert(position, row)
        else:
            sheet.rows[position] = row
        planted.append(sheet.fault(file, kind, column, position))
    return planted
