"""The ledger's average that an answer is compared with, and what is not known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.indicators.catalogue import describe
from analysis.indicators.refused import compatible
from analysis.indicators.registry import Figure
from analysis.indicators.statistic import Where

if TYPE_CHECKING:
    from analysis.indicators.study import Study

CLASS = ["school", "grade", "class"]
_SUMS = ["minutes", "class_days", "low", "high", "days"]


@dataclass(frozen=True)
class Averages:
    """The ledger by class.

    Parameters
    ----------
    classes
        `CLASS`, ``minutes`` and ``class_days`` that are known, and of these with all that was put aside ``low`` and
        ``high`` (minutes) and ``days``.
    """

    classes: pd.DataFrame

    @classmethod
    def of(cls, study: Study, loads: pd.DataFrame) -> Averages:
        """Add up class-days (`loads`: `CLASS`, ``minutes``, ``class_days``); one that was put aside has 0 to the ceiling."""
        most, aside = describe("homework.mean_minutes").ceiling, study.source.refused("homework")
        known = loads.groupby(CLASS)[["minutes", "class_days"]].sum().reset_index()
        spoilt = aside.located.groupby(CLASS).size().rename("spoilt").reset_index()
        rows = known.merge(spoilt, on=CLASS, how="outer").fillna({"minutes": 0, "class_days": 0, "spoilt": 0})
        floating = pd.Series(0, index=rows.index)
        for school, grade, room, number in aside.floating[[*CLASS, "rows"]].itertuples(index=False, name=None):
            own = pd.Series(True, index=rows.index)
            for name, told in zip(CLASS, (school, grade, room), strict=True):
                own &= True if pd.isna(told) else rows[name] == told
            floating += own * number
        days = rows["class_days"] + rows["spoilt"]
        high = rows["minutes"] + most * (rows["spoilt"] + np.minimum(floating, rows["class_days"]))
        return cls(rows.assign(low=rows["minutes"], high=high, days=days))

    def beside(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Return the answers that can be compared with their class, else their grade in the school.

        Adds ``ledger``, the average, and ``low`` and ``high``, between which it lies.
        """
        found = answers
        for place, keys in (("class", CLASS), ("grade", CLASS[:2])):
            sums = self.classes.groupby(keys)[_SUMS].sum()
            told = {
                f"ledger_{place}": sums["minutes"] / sums["class_days"].where(sums["class_days"] > 0),
                f"low_{place}": sums["low"] / sums["days"],
                f"high_{place}": sums["high"] / sums["days"],
            }
            own = pd.DataFrame(told).reset_index()
            found = found.merge(own.astype({"grade": "Int64"}), on=keys, how="left") if found["grade"].dtype == "Int64" else found.merge(own, on=keys, how="left")  # fmt: skip
        for name in ("ledger", "low", "high"):
            found[name] = found[f"{name}_class"].fillna(found[f"{name}_grade"])
        return found[found["ledger"].notna()]

    def span(self, school: object, grade: object, room: object) -> tuple[float, float] | None:
        """Return between what the average lies that an answer is compared with; None if there is none for it."""
        rows = self.classes
        for name, told in zip(CLASS[:2], (school, grade), strict=True):
            rows = rows if pd.isna(told) else rows[rows[name] == told]  # type: ignore[call-overload]
        own = rows[rows["class"] == room] if isinstance(room, str) and isinstance(school, str) and not pd.isna(grade) else rows  # type: ignore[call-overload]  # fmt: skip
        rows = own if len(own) else rows
        return ((rows["low"] / rows["days"]).min(), (rows["high"] / rows["days"]).max()) if len(rows) else None


def bounded(
    study: Study, figure: Figure, rows: pd.DataFrame, unknown: pd.DataFrame, averages: Averages, where: Where
) -> Figure:
    """Return a figure with the mean gap if all that is unknown were at one end.

    Parameters
    ----------
    study, figure
        The study; the figure of a group.
    rows
        The known answers with what they are compared with (`Averages.beside`), and the columns of the group.
    unknown
        Answers whose gap is not known: `CLASS`, ``role, wave, number``, the ``least`` and the ``most`` minutes.
    averages
        The ledger.
    where
        The narrowing.
    """
    own = rows
    for name, told in figure.group.items():
        own = own[own[name] == told]
    low = float(((own["minutes"] - own["high"]) * own["answers"]).sum())
    high = float(((own["minutes"] - own["low"]) * own["answers"]).sum())
    base, more = float(own["answers"].sum()), 0
    lacking = unknown[compatible(unknown, {**where, **figure.group}, study.days)]
    for school, grade, room, number, least, most in lacking[[*CLASS, "number", "least", "most"]].itertuples(index=False, name=None):  # fmt: skip
        span = averages.span(school, grade, room)
        if span is not None:
            low, high = low + number * (least - float(span[1])), high + number * (most - float(span[0]))
            more += int(number)
    value = figure.estimate.value
    if value is None or not base or (not more and np.isclose(low, high)):
        return replace(figure, unknown=more or None)
    ends = round(low / (base + more), 12), round(high / (base + more), 12)  # the last bits depend on the order of sums
    return replace(figure, unknown=more, bounds=(min(ends[0], value), max(ends[1], value)))
