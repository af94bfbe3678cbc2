"""A small district as a snapshot, made of a few generated tables: three schools, one of which reports nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules import calendar
from analysis.snapshots import Snapshot, Store

DISTRICT, TERM = "990101", "2025-2026-2"
NORTH, NINE, SILENT = "2199000901", "2199000902", "2199000903"
UNTIL = date(2026, 4, 10)

SCHOOLS = pd.DataFrame(
    [
        (NORTH, "模拟北小学", "北小", "primary", 1, 6, DISTRICT),
        (NINE, "模拟九年学校", "九年", "nine_year", 1, 9, DISTRICT),
        (SILENT, "模拟未报小学", "未报", "primary", 1, 6, DISTRICT),
    ],
    columns=["school", "name", "short_name", "stage", "first_grade", "last_grade", "district"],
)


def store(folder: Path, **tables: pd.DataFrame) -> tuple[Store, Snapshot]:
    """Return a store with one snapshot of the tables (and the register of schools)."""
    made = Store(folder)
    return made, made.add({"schools": SCHOOLS, **tables}, simulated=True)


def days(until: date = UNTIL) -> list[date]:
    """Return the school days of the term up to a day."""
    return [stamp.date() for stamp in calendar(TERM, DISTRICT).school_days(until)["date"]]


def ledger(seed: int = 1, until: date = UNTIL) -> pd.DataFrame:
    """Return a homework ledger of two schools: a few minutes a subject, some unwritten, some without minutes."""
    draw = np.random.default_rng(seed)
    rows = []
    for school, grades in ((NORTH, range(1, 7)), (NINE, range(1, 10))):
        for grade in grades:
            for number in ("1", "2"):
                for day in days(until):
                    if draw.random() < 0.05:
                        continue
                    for subject in ("语文", "数学", "英语"):
                        written = bool(draw.random() < (0.1 if grade < 3 else 0.85))
                        minutes = None if draw.random() < 0.01 else int(draw.integers(5, 12 + 4 * grade))
                        published = day if draw.random() < 0.9 else None
                        returned = np.datetime64(day) + int(draw.integers(1, 4))
                        rows.append(
                            (
                                TERM,
                                school,
                                grade,
                                number,
                                day,
                                subject,
                                written,
                                minutes,
                                "巩固",
                                "中",
                                True,
                                published,
                                returned.astype(object),
                            )
                        )
    columns = "term school grade class date subject written minutes kind difficulty layered published_on returned_on"
    frame = pd.DataFrame(rows, columns=columns.split())
    return frame.astype({"minutes": "Int64"})


def attendance(seed: int = 2, until: date = UNTIL, pupils: int = 12) -> pd.DataFrame:
    """Return pupils' attendance of two schools: most come, most stay two hours, a few clocks are missing."""
    draw = np.random.default_rng(seed)
    rows = []
    for school, grades in ((NORTH, range(1, 7)), (NINE, range(1, 10))):
        for grade in grades:
            for place in range(pupils):
                keen, group = draw.random(), "随迁" if place % 4 == 0 else "其他"
                for day in days(until):
                    present = bool(draw.random() < 0.6 + 0.39 * keen)
                    start = 16 * 60 if present else None
                    end = start + int(draw.integers(90, 150)) if start and draw.random() < 0.97 else None
                    name = f"{school[-1]}{grade}{place:02d}"
                    rows.append((TERM, school, grade, "1", day, name, group, present, start, end))
    columns = ["term", "school", "grade", "class", "date", "pupil", "group", "present", "start", "end"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "Int64", "end": "Int64"})


def registers() -> dict[str, pd.DataFrame]:
    """Return every other table, a few rows each, with the untidiness that occurs: open ends, gaps, unknown providers."""
    week = days()[:5]
    later = date(2026, 7, 1)

    def table(columns: str, rows: list[tuple]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=columns.split())

    classes = [(s, g, c) for s, last in ((NORTH, 6), (NINE, 9), (SILENT, 6)) for g in range(1, last + 1) for c in "12"]
    answers = [
        (
            "2026-06",
            f"{school[-1]}{grade}{place}",
            "homework_minutes",
            "q",
            role,
            school,
            grade,
            "1",
            date(2026, 4, 8),
            90,
            "ok" if place else "skipped",
            float(20 + 5 * grade + place) if place else None,
            None,
        )
        for school, grade in ((NORTH, 3), (NORTH, 5), (NINE, 4), (NINE, 8))
        for role in ("parent", "student")
        for place in range(4)
    ]
    return {
        "enrolment": table("term school grade class pupils", [(TERM, *each, 12) for each in classes]),
        "teachers": table("term school teachers in_service", [(TERM, NORTH, 40, 33), (TERM, NINE, 61, 58)]),
        "homework_control": table(
            "term school component date evidence",
            [(TERM, NORTH, name, week[0], "台账") for name in ("planning", "total", "structure", "publication")]
            + [(TERM, NINE, name, week[1], "台账") for name in ("planning", "feedback")],
        ),
        "service_daily": table(
            "term school grade class date eligible joined",
            [(TERM, NINE, grade, "2", day, 30, 20 + grade) for grade in range(1, 10) for day in week],
        ),
        "courses": table(
            "term school course weekday field capacity enrolled provider",
            [
                (TERM, NORTH, "合唱", 1, "美", 40, 30, None),
                (TERM, NORTH, "合唱", 3, "美", 40, 35, None),
                (TERM, NORTH, "编程", 2, "智", 20, 20, "P1"),
                (TERM, NINE, "篮球", 4, "体", 25, 12, "P2"),
                (TERM, NINE, "茶艺", 5, "劳", 25, 9, "不明机构"),
            ],
        ),
        "providers": table(
            "provider name qualified_from qualified_to",
            [("P1", "甲机构", date(2025, 9, 1), date(2026, 3, 20)), ("P2", "乙机构", date(2026, 3, 12), None)],
        ),
        "service_models": table(
            "term school model segment position minutes",
            [(TERM, NORTH, "三段", name, place, m) for place, (name, m) in enumerate((("作业", 30), ("社团", 60)), 1)]
            + [(TERM, NINE, "一段", "社团", 1, 125)],
        ),
        "plans": table(
            "term school kind version submitted_on",
            [(TERM, NORTH, kind, "1", week[0]) for kind in ("service", "fund")]
            + [(TERM, NINE, "service", "1", week[0]), (TERM, NINE, "fund", "1", later)],
        ),
        "funds": table(
            "term school batch applied granted paid due granted_on paid_on",
            [
                (TERM, NORTH, "1", 30000.1, 25000.07, 25000.07, date(2026, 3, 31), week[0], date(2026, 3, 30)),
                (TERM, NORTH, "2", 30000.0, 25000.0, 12500.5, date(2026, 4, 8), week[0], date(2026, 4, 9)),
                (TERM, NINE, "1", 9000.0, 9000.0, None, date(2026, 4, 1), week[2], None),
            ],
        ),
        "relief": table(
            "term school measure date teachers",
            [
                (TERM, NORTH, "弹性上下班", week[0], 30),
                (TERM, NINE, "云教研", week[1], 50),
                (TERM, NINE, "少报表", later, 9),
            ],
        ),
        "survey": table(
            "wave respondent item questionnaire role school grade class submitted_on seconds state score option",
            answers,
        ),
    }


def whole(folder: Path) -> tuple[Store, Snapshot]:
    """Return a store with one snapshot that has every table."""
    return store(folder, homework=ledger(), attendance=attendance(), **registers())
