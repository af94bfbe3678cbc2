"""A study of a survey in plain frames: two short questionnaires, three schools, answers written down in the test."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from analysis.indicators import satisfaction_survey as source
from analysis.intake.questionnaires import Question, Questionnaire

TERM = "2025-2026-2"
A, B, C = "S1", "S2", "S3"
ITEMS = {"work": "作业", "care": "服务", "overall": "总体"}
WAVES = (("2025-12", date(2025, 12, 8), date(2025, 12, 21)), ("2026-06", date(2026, 6, 8), date(2026, 6, 21)))
BEFORE, NOW = (wave for wave, _, _ in WAVES)

REFUSED = ["table", "term", "school", "grade", "class", "date", "subject", "wave", "role", "pupil", "rows"]

_FIVE = ("非常满意", "满意", "一般", "不满意", "非常不满意")
_ROWS = tuple((item, f"{short}怎么样", short) for item, short in ITEMS.items())
GRADE = Question(1, "single", "grade", "几年级", "grade", ("一年级", "二年级", "七年级", "其他"))
SCORE = Question(3, "matrix", "score", "是否满意", options=_FIVE, score=(5, 4, 3, 2, 1), rows=_ROWS)
MINUTES = Question(2, "single", "minutes", "多少分钟", "minutes")


def questionnaire(role: str = "parent", **changed: Any) -> Questionnaire:
    """Return a questionnaire that asks for the grade, for minutes, and for three scores."""
    plain = {"questions": (GRADE, MINUTES, SCORE), "waves": WAVES, "simulated": True, "sha256": ""}
    return Questionnaire(id=role, title=f"{role}问卷", role=role, **{**plain, **changed})


def answer(school: str, grade: int | None, room: str | None, who: str, *scores: float | None, **changed: Any) -> list:
    """Return the rows of one respondent: the scores of `ITEMS`, ``None`` where one was left out."""
    beside = {
        "wave": NOW, "respondent": who, "role": "parent", "school": school, "grade": grade, "class": room,
        "submitted_on": pd.Timestamp("2026-06-10"), "seconds": 100,
    } | changed  # fmt: skip
    return [
        beside | {"item": item, "state": "empty" if score is None else "ok", "score": score}
        for item, score in zip(ITEMS, scores, strict=True)
    ]


def enrolment(*told: tuple[str, int, int]) -> pd.DataFrame:
    """Return the enrolment of class 1: school, grade, pupils."""
    rows = [(TERM, school, grade, "1", pupils) for school, grade, pupils in told]
    return pd.DataFrame(rows, columns=["term", "school", "grade", "class", "pupils"])


class Snapshot:
    """Frames by the name of their table; a school reads its own rows only."""

    def __init__(self, **tables: pd.DataFrame) -> None:
        self.tables, self._frames = tuple(tables), tables

    def frame(self, name: str, columns: list[str] | None = None, school: str = "") -> pd.DataFrame:
        rows = self._frames[name] if columns is None else self._frames[name][columns]
        return rows[rows["school"] == school] if school else rows

    def refused(self) -> pd.DataFrame:
        """Return the rows that were put aside: those of the frame `refused`."""
        return self._frames.get("refused", pd.DataFrame(columns=REFUSED))


def put_aside(*told: tuple[str | None, int | None, str | None, str | None, int]) -> pd.DataFrame:
    """Return refused questionnaires: school, grade, class, wave, how many."""
    plain = dict.fromkeys(REFUSED) | {"table": "survey", "role": "parent"}
    names = ("school", "grade", "class", "wave", "rows")
    rows = [plain | dict(zip(names, each, strict=True)) for each in told]
    return pd.DataFrame(rows, columns=REFUSED).astype({"grade": "Int64"})


class Study:
    """As much of a study as the survey looks at."""

    def __init__(self, school: str = "", until: date = date(2026, 7, 3), **tables: pd.DataFrame) -> None:
        self.snapshot = Snapshot(**tables)
        self.scope = SimpleNamespace(school=school, term=TERM, district="990101")
        self.schools = pd.DataFrame({"school": [A, B, C]})
        self.calendar = SimpleNamespace(start=date(2026, 3, 2))
        self.days = pd.DataFrame({"date": pd.to_datetime(["2026-06-10"]), "week": 15, "weekday": 3})
        unsized = pd.DataFrame({name: [] for name in ("school", "grade", "class", "date", "rows")})
        self.source = SimpleNamespace(answered_until=until, unsized=unsized)
        self.district = Study("", until, **tables) if school else self
        self._kept: dict[Any, Any] = {}

    def judge(self, rule: str) -> Any:
        """Return a target of 94 %."""
        return SimpleNamespace(value=lambda: 0.94)


def study(answers: list[list], enrolled: pd.DataFrame | None = None, school: str = "", **more: Any) -> Study:
    """Return the study of some answers and an enrolment."""
    rows = pd.DataFrame([row for one in answers for row in one], columns=source.COLUMNS)
    tables = {"survey": rows.astype({"grade": "Int64", "score": "float64", "seconds": "Int64"})}
    return Study(school, **tables, **({} if enrolled is None else {"enrolment": enrolled}), **more)
