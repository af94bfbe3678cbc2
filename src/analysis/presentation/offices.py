"""Who follows up a subject, and by when: as the bureau's settings declare it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.reference.settings import settings


@dataclass(frozen=True, slots=True)
class Office:
    """Who follows up a subject, and within how many days of the report's date."""

    name: str
    days: int

    def due(self, day: date) -> date:
        """Return the last day; one on a weekend moves to the Monday after."""
        due = day + timedelta(days=self.days)
        return due + timedelta(days=max(0, 7 - due.weekday()) if due.weekday() >= 5 else 0)


def office(subject: str) -> Office:
    """Return who follows up a subject (``homework``, ``reporting`` …), as ``[follow_up]`` of the settings tells."""
    return Office(*settings().follow_up.of(subject))
