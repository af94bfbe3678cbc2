"""Registers as the functions of the indicators see them: frames by name, a day, rules told in the test."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

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
