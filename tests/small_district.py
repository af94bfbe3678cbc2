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
