"""A figure since the survey before: 「比上次（2025年12月）上升2.5个百分点」, and only where the direction is told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.house.text import interval, number
from analysis.indicators.statistic import Statistic
from analysis.presentation.content import Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Unknown, inferred, statistic_part

if TYPE_CHECKING:
    from analysis.indicators.study import Study


@dataclass(frozen=True, slots=True)
class SinceBefore:
    """A difference to the wave before, in percentage points, and when that wave was."""

    difference: Statistic
    before: str

    def runs(self, edition: Edition) -> list[Run]:
        """Return the words of the change; ``Unknown`` without an earlier wave."""
        shown = edition.shown([self.difference])[0]
        if not shown.known or shown.value is None or not self.before:
            raise Unknown(shown)
        when = literal_run(self.before, "date")
        low, high = shown.estimate.lower, shown.estimate.upper
        if low is not None and high is not None:  # a direction holds wherever the unknown answers lie
            least, most = shown.ends
            settled = min(least.lower or 0.0, low) > 0 or max(most.upper or 0.0, high) < 0
            unsure = shown.bounds is not None and not settled
        else:
            unsure = False
        size = number(abs(shown.value), shown.decimals, shown.rounding) + shown.unit
        if not inferred(shown) or low is None or high is None or low <= 0 <= high or unsure:
            higher = words("）相比高" if shown.value > 0 else "）相比低")
            gap = [higher, figure_run(size, shown, "change")] if shown.value else [words("）相比持平")]
            span = [
                words("（"),
                *_level(shown, edition),
                figure_run(shown.interval_text, shown, "interval"),
                words("）"),
            ]
            span = statistic_part(shown, "range", edition) if unsure else span
            told = [words("与上次（"), when, *gap, words("，没有分清升降")]
            return [*told, *(span if inferred(shown) else [])]
        rose = shown.value > 0
        ends = [number(abs(end), shown.decimals, shown.rounding) for end in ((low, high) if rose else (high, low))]
        return [
            words("比上次（"),
            when,
            words("）上升" if rose else "）下降"),
            figure_run(size, shown, "change"),
            words("（"),
            *_level(shown, edition),
            figure_run(interval(*ends) + shown.unit, shown, "range"),
            words("）"),
        ]


def _level(shown: Statistic, edition: Edition) -> list[Run]:
    return [*statistic_part(shown, "level", edition), words("区间")]


def since_before(study: Study, difference: Statistic, role: str = "parent") -> SinceBefore:
    """Return what is said of a difference to the wave before, with the month of that wave.

    Parameters
    ----------
    study
        The study of the document.
    difference
        ``satisfaction.change`` of the same role.
    role
        ``parent`` or ``student``.
    """
    from analysis.indicators.satisfaction_survey import questionnaire, wave_before, wave_of

    before = wave_before(study, role, wave_of(study, role))
    asked = questionnaire(role)
    began = next((first for wave, first, _ in (asked.waves if asked else ()) if wave == before), None)
    return SinceBefore(difference, f"{began.year}年{began.month}月" if began else "")
