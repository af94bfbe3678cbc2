"""Registers as the functions of the indicators see them: frames by name, a day, rules told in the test."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from analysis.indicators.refused import Refused

TERM = "2025-2026-2"
A, B, C = "S1", "S2", "S3"
START, DAY = date(2026, 3, 2), date(2026, 4, 10)
BEFORE, AFTER = date(2026, 4, 9), date(2026, 4, 11)  # the days beside the one that is looked at


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    """Return a frame of rows, days as timestamps."""
    frame = pd.DataFrame(list(rows), columns=columns.split())
    for name in frame.columns:
        of_days = name.endswith("_on") or name in ("date", "from", "to", "deadline")
        if of_days or frame[name].map(lambda value: isinstance(value, date)).any():
            frame[name] = pd.to_datetime(frame[name])
    return frame


class Registers(dict[str, pd.DataFrame]):
    """The registers of a study of three schools, looked at on a day."""

    def __init__(self, day: date = DAY, rules: dict[str, Any] | None = None, study: Any = None, **tables: Any) -> None:
        super().__init__(tables)
        self.on, self.day, self.start = day, pd.Timestamp(day), START
        self.schools = pd.DataFrame({"school": [A, B, C]})
        self.study = study or SimpleNamespace(scope=SimpleNamespace(district="990101", term=TERM))
        self._rules = rules or {}

    def has(self, name: str) -> bool:
        return name in self

    def rule(self, id: str, on: date, **where: Any) -> float | None:
        """Return what was told for the rule: a value, or a function of the day and the conditions."""
        told = self._rules.get(id)
        return told(on, **where) if callable(told) else told


def counted(rows: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of rows, the numerator and the denominator."""
    return [tuple(row) for row in rows[[*names, "numerator", "denominator"]].to_numpy().tolist()]


def shares(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the sums of numerator and denominator."""
    return float(rows["numerator"].sum()), float(rows["denominator"].sum())


EMPTY = ["school", "grade", "class", "date", "subject", "pupil", "rows"]


def aside(*rows: tuple[str | None, int]) -> Refused:
    """Return refused rows: school and how many."""
    frame = pd.DataFrame([(school, pd.NA, None, pd.NaT, None, None, n) for school, n in rows], columns=EMPTY)
    frame = frame.astype({"grade": "Int64", "date": "datetime64[s]", "rows": "int64"})
    return Refused(frame, frame.iloc[:0], frame)


class Study:
    """As much of a study as registers look at: schools A and B, of which B is the one looked at where asked."""

    def __init__(self, school: str = "", refused: dict[str, Refused] | None = None, **tables: pd.DataFrame) -> None:
        frames = {"schools": pd.DataFrame(), **tables}
        self.snapshot = SimpleNamespace(tables=tuple(frames), frame=lambda name, school: self._frame(name, school))
        self.scope = SimpleNamespace(school=school, term=TERM, district="990101")
        self.as_of, self.calendar = DAY, SimpleNamespace(start=START)
        register = table("school stage first_grade last_grade", (A, "primary", 1, 6), (B, "junior", 7, 9))
        self.schools = register
        self.expected = register[register["school"] == school] if school else register
        self.days = pd.DataFrame({"date": pd.to_datetime([DAY]), "week": 6, "weekday": 5})
        self.source = SimpleNamespace(refused=lambda name: (refused or {}).get(name, aside()))
        self._frames = frames

    def _frame(self, name: str, school: str) -> pd.DataFrame:
        rows = self._frames[name]
        return rows[rows["school"] == school] if school and "school" in rows.columns else rows

    def judge(self, rule: str, period: str) -> Any:
        return SimpleNamespace(rule=rule, period=period)
