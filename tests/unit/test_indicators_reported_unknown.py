"""What answers about minutes that cannot be read or placed, and rows of the ledger that were put aside, leave open."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import small_district as small

from analysis.indicators import Study

WEEK = [date(2026, 3, 2), date(2026, 3, 3)]
ANSWER = "wave respondent item questionnaire role school grade class submitted_on seconds state score option"
LEDGER = "term school grade class date subject written minutes published_on returned_on"
KEYS = ["table", "term", "school", "grade", "class", "date", "subject", "wave", "role", "pupil", "rows"]


def answer(who: str, grade: int | None, room: str | None, minutes: float | None, role: str = "parent") -> tuple:
    return ("2026-06", who, "homework_minutes", "q", role, small.NORTH, grade, room, date(2026, 6, 9), 90, "ok", minutes, None)  # fmt: skip


def aside(table: str, rows: int = 1, **known: Any) -> dict:
    return dict.fromkeys(KEYS) | {"table": table, "school": small.NORTH, "rows": rows} | known


def study(folder: Path, *answers: tuple, refused: tuple[dict, ...] = ()) -> Study:
    """Class 1 of grade 3 has 30 minutes a day on two days."""
    ledger = [(small.TERM, small.NORTH, 3, "1", day, "语文", True, 30, None, None) for day in WEEK]
    tables = {
        "survey": pd.DataFrame(answers, columns=ANSWER.split()).astype({"grade": "Int64", "score": "float64"}),
        "homework": pd.DataFrame(ledger, columns=LEDGER.split()),
    }
    if refused:
        tables["refused"] = pd.DataFrame(list(refused), columns=KEYS).astype(
            {"grade": "Int64", "date": "datetime64[s]"}
        )
    store, _ = small.store(folder, **tables)
    return Study(district=small.DISTRICT, term=small.TERM, as_of="2026-07-20", store=store)


def told(own: Study, id: str, **where: Any) -> tuple:
    found = own.measure(f"homework.reported_{id}", **where)
    bounds = found.bounds and tuple(pytest.approx(end) for end in found.bounds)
    return found.value, found.base, found.unknown or 0, bounds


def test_all_known_has_no_bounds(tmp_path: Path) -> None:
    own = study(tmp_path, answer("a", 3, "1", 40), answer("b", 3, "1", 60))
    assert told(own, "minutes") == (50, 2, 0, None) and told(own, "gap") == (20, 2, 0, None)


def test_an_answer_that_cannot_be_read_names_from_nought_to_600_minutes(tmp_path: Path) -> None:
    """40 and one unknown: 40/2 to 640/2; less the ledger's 30 of both."""
    own = study(tmp_path, answer("a", 3, "1", 40), answer("b", 3, "1", None))
    assert told(own, "minutes") == (40, 1, 1, (20, 320)) and told(own, "gap") == (10, 1, 1, (-10, 290))
    assert told(own, "minutes", role="parent") == (40, 1, 1, (20, 320))
    assert told(own, "minutes", grade=3) == (40, 1, 1, (20, 320))


def test_a_questionnaire_put_aside_is_unknown_as_far_as_its_wave_and_role_are_asked(tmp_path: Path) -> None:
    refused = (aside("survey", 1, grade=3, wave="2026-06", role="parent"), aside("survey", 9, wave="2025-12"))
    own = study(tmp_path, answer("a", 3, "1", 40), refused=refused)
    assert told(own, "minutes") == (40, 1, 1, (20, 320)) and told(own, "gap") == (10, 1, 1, (-10, 290))
    assert told(own, "minutes", role="student") == (None, 0, 0, None)


def test_an_answer_of_no_known_grade_counts_in_the_whole_and_may_be_of_any_grade(tmp_path: Path) -> None:
    """60 of no grade: less the ledger of any class of the school, 30; in grade 3 it may be there or not, or say anything."""
    own = study(tmp_path, answer("a", 3, "1", 40), answer("b", None, None, 60), answer("c", 3, None, 50))
    assert told(own, "minutes") == (50, 3, 0, None)
    assert told(own, "gap") == (15, 2, 1, (15, (10 + 20 + 30) / 3))
    assert told(own, "minutes", grade=3) == (45, 2, 1, (90 / 3, 690 / 3))
    assert told(own, "minutes", **{"class": "1"}) == (40, 1, 2, (40 / 3, 1240 / 3))


def test_a_class_day_put_aside_has_from_none_to_300_minutes_in_the_ledger_that_an_answer_is_compared_with(
    tmp_path: Path,
) -> None:
    """Known are 60 minutes on two days, and of a third from 0 to 300: on average 20 to 120, and the gap 40 less these."""
    third = aside("homework", term=small.TERM, grade=3, date=pd.Timestamp("2026-03-04"), **{"class": "1"})
    own = study(tmp_path, answer("a", 3, "1", 40), refused=(third,))
    assert told(own, "gap") == (10, 1, 0, (-80, 20))
    floating = aside("homework", 1, term=small.TERM, grade=3)
    own = study(tmp_path / "f", answer("a", 3, "1", 40), refused=(floating,))
    assert told(own, "gap") == (10, 1, 0, (-140, 10))  # 60 to 360 minutes on the two days
