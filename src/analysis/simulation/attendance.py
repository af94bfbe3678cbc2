"""After-school service: the roll call of each school (pupil level, even weeks) and the daily count of each class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from analysis.simulation import truth
from analysis.simulation.district import District, School, band, grade_name
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_csv, write_workbook

HEADER = ["日期", "年级", "班级", "学生编号", "群体", "到", "开始", "结束"]
DAILY_HEADER = ["年级", "班级", "日期", "应参加人数", "实际参加人数"]
DAILY_FILE = "课后服务日报.xlsx"
GROUPS = list(truth.GROUP_SHARE)


@dataclass(frozen=True)
class Presence:
    """Who came on which day in one class: `present` is pupils × days, `home_early` likewise."""

    grade: int
    name: str
    groups: list[str]
    present: np.ndarray
    home_early: np.ndarray


@lru_cache(maxsize=16)
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
        days = np.array(
            [truth.PRESENT[day.weekday] * truth.PRESENT_BY_MONTH.get(day.date.month, 1.0) for day in district.days]
        )
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
        roll = Sheet("", f"{school.name}{district.label}课后服务考勤", HEADER, csv=True)
        roll.rows = _roll(district, school, found, every_week)
        faults += _plant_roll(school, roll, file) if district.shipped else []
        write_csv(folder / file, roll, "gb18030")
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
        faults += _plant_daily(school, sheet) if district.shipped else []
        sheets.append(sheet)
    write_workbook(folder / DAILY_FILE, sheets)
    return faults


def _roll(district: District, school: School, found: list[Presence], every_week: bool) -> list[list[object]]:
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


def _plant_roll(school: School, sheet: Sheet, file: str) -> list[Fault]:
    came, begins, ends = (HEADER.index(name) for name in ("到", "开始", "结束"))
    rows = sheet.rows
    place = next(index for index in range(500, len(rows)) if rows[index][came] == 1)
    if school.code == "2199000001":
        rows[place][begins], rows[place][ends] = rows[place][ends], rows[place][begins]
        return [sheet.fault(file, "ends before it starts", "结束", place)]
    if school.code == "2199000005":
        rows[800][0] = f"{date(2026, 4, 6):%Y%m%d}"
        rows[1500][came] = "看情况"
        return [sheet.fault(file, "no school day", "日期", 800), sheet.fault(file, "unreadable value", "到", 1500)]
    if school.code == "2199000007":
        rows.insert(place + 1, list(rows[place]))
        return [sheet.fault(file, "identical duplicate", place=place + 1)]
    return []


def _plant_daily(school: School, sheet: Sheet) -> list[Fault]:
    if school.code not in ("2199000002", "2199000004"):
        return []
    place = 130
    sheet.rows[place][4] = sheet.rows[place][3] + 4
    return [sheet.fault(DAILY_FILE, "joined > eligible", "实际参加人数", place)]
