"""After-school service: the roll call of each school (pupil level, even weeks) and the daily count of each class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from analysis.simulation import truth
from analysis.simulation.district import District, School, band, grade_name
from analysis.simulation.forms import Fault, Sheet, dated, write_csv, write_workbook

HEADER = ["日期", "年级", "班级", "学生编号", "群体", "到", "开始", "结束"]
DAILY_HEADER = ["年级", "班级", "日期", "应参加人数", "实际参加人数"]
GROUPS = list(truth.GROUP_SHARE)


@dataclass(frozen=True)
class Presence:
    """Who came on which day in one class: `present` is pupils × days, `home_early` likewise."""

    grade: int
    name: str
    groups: list[str]
    present: np.ndarray
    home_early: np.ndarray


def presences(district: District, school: School) -> list[Presence]:
    """Return the true presence of every class of a school on every school day."""
    weekdays = np.array([day.weekday for day in district.days])
    found = []
    for grade, name in school.classes:
        random = district.stream("attendance", school.code, grade, name)
        size = district.pupils(school, grade, name)
        groups = random.choice(GROUPS, size=size, p=list(truth.GROUP_SHARE.values()))
        shift = school.profile.joins + 0.03 * district.effect("joins", school.code, grade, name)
        shift -= 0.06 * (grade == 9) - 0.02 * (grade <= 2)
        joined = random.random(size) < np.array([truth.JOINS[group] for group in groups]) + shift
        days = np.array([truth.PRESENT[weekday] for weekday in weekdays])
        present = joined[:, None] & (random.random((size, len(weekdays))) < days)
        partial = random.random(size) < truth.PARTIAL
        absent = np.array([random.choice(5, 2, replace=False) + 1 for _ in range(size)])
        away = (weekdays[None, :, None] == absent[:, None, :]).any(axis=2)
        present &= ~(partial[:, None] & away)
        home_early = random.random((size, len(weekdays))) < truth.EARLY_LEAVER
        found.append(Presence(grade, name, groups.tolist(), present, home_early))
    return found


def hours(school: School, grade: int) -> tuple[str, str]:
    """Return the start and the end of the service of a grade of a school."""
    stage = band(grade)
    end = truth.ENDS_EARLY_AT if school.code == truth.ENDS_EARLY else truth.SERVICE_END[stage]
    return truth.SERVICE_START[stage], end


def write(district: District, folder: Path, every_week: bool = False) -> list[Fault]:
    """Write roll calls (GB18030) and daily counts; return the faults planted in them.

    The roll is called pupil by pupil in even school weeks only, unless `every_week` is set.
    """
    faults: list[Fault] = []
    sheets = []
    for school in district.reporting:
        found = presences(district, school)
        file = f"课后服务考勤_{school.short_name}.csv"
        rows = _roll(district, school, found, every_week)
        faults += _plant_roll(school, file, rows)
        write_csv(folder / file, f"{school.name}{district.label}课后服务考勤", HEADER, rows, "gb18030")
        sheet = Sheet(school.short_name, f"{school.name}{district.label}课后服务日报", DAILY_HEADER)
        for own in found:
            came = own.present.sum(axis=0)
            sheet.rows += [
                [
                    grade_name(own.grade),
                    f"{own.name}班",
                    dated(day.date, school.profile.dates),
                    len(own.groups),
                    int(came[index]),
                ]
                for index, day in enumerate(district.days)
            ]
        faults += _plant_daily(school, sheet)
        sheets.append(sheet)
    write_workbook(folder / DAILY_FILE, sheets)
    return faults


DAILY_FILE = "课后服务日报.xlsx"


def _roll(district: District, school: School, found: list[Presence], every_week: bool) -> list[list[Any]]:
    rows = []
    for own in found:
        start, end = hours(school, own.grade)
        early = f"{int(end[:2]) - 1}:{end[3:]}"
        first = 1 + 100 * (own.grade * 10 + int(own.name))
        for index, day in enumerate(district.days):
            if day.week % 2 and not every_week:
                continue
            stamp = f"{day.date:%Y%m%d}"
            for pupil, group in enumerate(own.groups):
                if own.present[pupil, index]:
                    left = early if own.home_early[pupil, index] else end
                    rows.append([stamp, own.grade, own.name, first + pupil, group, 1, start, left])
                else:
                    rows.append([stamp, own.grade, own.name, first + pupil, group, 0, "", ""])
    return rows


def _plant_roll(school: School, file: str, rows: list[list[Any]]) -> list[Fault]:
    first_row = 3

    def present_after(position: int) -> int:
        return next(index for index in range(position, len(rows)) if rows[index][5] == 1)

    if school.code == "2199000001":
        place = present_after(500)
        rows[place][6], rows[place][7] = "18:10", "16:10"
        return [
            Fault(file, "", first_row + place, "结束", "16:10", "ends before it starts", "quarantined", "结束早于开始")
        ]
    if school.code == "2199000005":
        rows[800][0] = f"{date(2026, 4, 6):%Y%m%d}"
        rows[1500][5] = "看情况"
        return [
            Fault(
                file,
                "",
                first_row + 800,
                "日期",
                "20260406",
                "no school day",
                "quarantined",
                "不是上学日（清明节假期）",
            ),
            Fault(file, "", first_row + 1500, "到", "看情况", "unreadable value", "quarantined", "读不出到或未到"),
        ]
    if school.code == "2199000007":
        place = present_after(900)
        rows.insert(place + 1, list(rows[place]))
        return [
            Fault(
                file, "", first_row + place + 1, "", "", "identical duplicate", "dropped", "与上一行完全相同，只计一次"
            )
        ]
    return []


def _plant_daily(school: School, sheet: Sheet) -> list[Fault]:
    if school.code not in ("2199000002", "2199000004"):
        return []
    position = 130
    sheet.rows[position][4] = sheet.rows[position][3] + 4
    value = str(sheet.rows[position][4])
    row = sheet.first_row + position
    return [
        Fault(
            DAILY_FILE,
            sheet.name,
            row,
            "实际参加人数",
            value,
            "joined > eligible",
            "quarantined",
            "实际参加人数多于应参加人数",
        )
    ]
