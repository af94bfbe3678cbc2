"""No figure gains by rows of the enrolment that are left out: neither its worse end nor a share of what should be there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import small_district as small

from analysis.indicators import Statistic, Study, catalogue
from analysis.indicators.service import LARGEST
from analysis.intake.unenrolled import LARGEST_GRADE

UNTIL = date(2026, 4, 10)
BOUNDED = ("homework.within_cap", "homework.over_cap_days", "homework.mean_minutes", "homework.completeness",
           "service.participation", "service.reach", "service.five_day")  # fmt: skip
SHARES = ("homework.completeness", "satisfaction.response_rate", "satisfaction.if_silent_against")


def _tables() -> dict[str, pd.DataFrame]:
    """A district whose north school left out half of the class-days of grade 6, and whose grade 6 hardly answered."""
    homework = small.ledger(until=UNTIL)
    idle = (homework["school"] == small.NORTH) & (homework["grade"] == 6)
    late = homework["date"] > date(2026, 3, 20)
    answers = []
    for school, grades in ((small.NORTH, range(1, 7)), (small.NINE, range(1, 10))):
        for grade in grades:
            for room in "12":
                for place in range(6 if grade != 6 else 1):
                    name, score = f"{school[-1]}{grade}{room}{place}", 5.0 if place else 2.0
                    answers.append(("2026-06", name, "overall", "q", "parent", school, grade, room, date(2026, 4, 8), 90, "ok", score, None))  # fmt: skip
    columns = "wave respondent item questionnaire role school grade class submitted_on seconds state score option"
    survey = pd.DataFrame(answers, columns=columns.split())
    return {
        "enrolment": small.registers()["enrolment"].reset_index(drop=True),
        "homework": homework[~(idle & late)],
        "attendance": small.attendance(until=UNTIL),
        "survey": survey,
    }


def _worst(item: Statistic, direction: str) -> float:
    if item.bounds is None and (item.unknown or item.value is None):
        return -np.inf
    low, high = item.bounds or (item.value, item.value)
    return -high if direction == "lower" else low


def _measured(folder: Path, tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str], list[float]]:
    store, _ = small.store(folder, **{name: rows for name, rows in tables.items() if len(rows)})
    study = Study(district=small.DISTRICT, term=small.TERM, as_of="2026-07-20", store=store)
    found = {}
    for id in (*BOUNDED, *SHARES):
        items = (study.measure(id), *study.measure(id, by="school"))
        direction = catalogue.describe(id).direction
        found[id, "worst"] = [_worst(item, direction) for item in items]
        if id in SHARES:
            found[id, "share"] = [-np.inf if item.value is None else item.value for item in items]
    return found


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[float]]:
    return _measured(tmp_path_factory.mktemp("whole"), _tables())


LEFT_OUT: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "a grade that hardly reported": lambda rows: rows["grade"] == 6,
    "a grade of one school": lambda rows: (rows["school"] == small.NORTH) & (rows["grade"] == 6),
    "a class": lambda rows: (rows["school"] == small.NINE) & (rows["grade"] == 7) & (rows["class"] == "2"),
    "a grade of the silent school": lambda rows: (rows["school"] == small.SILENT) & (rows["grade"] == 4),
    "the silent school": lambda rows: rows["school"] == small.SILENT,
    "a school": lambda rows: rows["school"] == small.NORTH,
    "all": lambda rows: rows["school"] != "",
}


@pytest.mark.parametrize("which", LEFT_OUT)
@pytest.mark.parametrize("how", ["deleted", "of nobody"])
def test_rows_left_out_improve_nothing(
    tmp_path: Path, before: dict[tuple[str, str], list[float]], which: str, how: str
) -> None:
    tables = _tables()
    rows = tables["enrolment"]
    gone = LEFT_OUT[which](rows)
    if how == "deleted":
        tables["enrolment"] = rows[~gone]
    elif small.SILENT in set(rows.loc[gone, "school"]):
        return  # that a class is no more is what 0 says, where nothing else tells of it
    else:
        tables["enrolment"] = rows.assign(pupils=rows["pupils"].mask(gone, 0))
    after = _measured(tmp_path, tables)
    for place, old in before.items():
        assert all(new <= least + 1e-12 for new, least in zip(after[place], old, strict=True)), place


def test_a_grade_left_out_is_unknown_with_all_its_class_days_and_pupils(tmp_path: Path) -> None:
    """Silent school: six grades of two classes; without grade 4's rows, ten classes may be there for the two."""
    tables = _tables()
    rows = tables["enrolment"]
    tables["enrolment"] = rows[~LEFT_OUT["a grade of the silent school"](rows)]
    store, _ = small.store(tmp_path, **tables)
    study = Study(district=small.DISTRICT, term=small.TERM, as_of=UNTIL, store=store).at(small.SILENT)
    days = len(small.days())
    loads, response = study.measure("homework.mean_minutes"), study.measure("satisfaction.response_rate")
    assert loads.unknown == (10 + LARGEST_GRADE) * days
    assert response.unknown == LARGEST * LARGEST_GRADE
