"""Which limit of a rule holds for a counted row: by its grade, on its day, in its district."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from analysis.rules import Rule, rule, rules


class Judge:
    """The limits of one rule over the days of a study.

    Parameters
    ----------
    id
        Id of the rule; ``""`` for none, then nothing has a limit.
    district
        Whose own values win.
    start, end
        First and last day, both included.
    """

    def __init__(self, id: str, district: str, start: date, end: date) -> None:
        self.id, self.district, self.start, self.end = id, district, start, end

    @cached_property
    def applied(self) -> bool:
        """Whether some value of the rule holds on one of the days."""
        return any(_overlaps(each, self.start, self.end) for each in self._own())

    @cached_property
    def changes(self) -> bool:
        """Whether a value begins or ends within the days, so that each day must be judged by itself."""
        inside = [each.start for each in self._own()]
        inside += [each.end + timedelta(days=1) for each in self._own() if each.end]
        return any(self.start < day <= self.end for day in inside)

    def value(self, on: date | None = None, **where: object) -> float | None:
        """Return the limit on a day (default: the first), None if no rule holds."""
        found = rule(self.id, on or self.start, self.district, **where) if self.id else None
        return None if found is None else found.value

    def limit(self, counted: pd.DataFrame) -> pd.Series[float]:
        """Return the limit of each row (by ``grade``, and by ``date`` where the frame has it), missing if none holds."""
        if not self.id:
            return pd.Series(float("nan"), index=counted.index, dtype="float64")
        grades = counted["grade"] if "grade" in counted.columns else None
        if not (self.changes and "date" in counted.columns):
            return self._on(self.start, grades, counted.index)
        parts = [
            self._on(on.date(), None if grades is None else grades[own], counted.index[own])
            for on in counted["date"].unique()
            for own in [(counted["date"] == on).to_numpy()]
        ]
        return pd.concat(parts).reindex(counted.index) if parts else pd.Series(dtype="float64")

    def _on(self, on: date, grades: pd.Series[int] | None, index: pd.Index) -> pd.Series[float]:
        """Return the limits of rows on one day."""
        if grades is None:
            return pd.Series(self.value(on), index=index, dtype="float64")
        limits = {grade: self.value(on, grade=int(grade)) for grade in grades.unique()}
        return grades.map(limits).astype("float64")

    def _own(self) -> list[Rule]:
        return [each for each in rules() if each.id == self.id and each.district in ("", self.district)]


def _overlaps(each: Rule, start: date, end: date) -> bool:
    return each.start <= end and (each.end is None or each.end >= start)
