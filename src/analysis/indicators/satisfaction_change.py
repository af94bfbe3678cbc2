"""Satisfaction since the wave before, with the schools and classes of both waves counted as the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.house.arrays import Bools
from analysis.indicators import satisfaction_survey as source
from analysis.indicators.catalogue import describe
from analysis.indicators.memo import once
from analysis.indicators.registry import Figure, direct
from analysis.indicators.satisfaction import Question, _ordered, places, questions, settled, top2
from analysis.indicators.statistic import Group, Where
from analysis.statistics.change import Change, change
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.catalogue import Entry
    from analysis.indicators.study import Study


def both_waves(study: Study, role: str) -> tuple[str, str, SurveyDesign, source.Survey] | None:
    """Return both waves' ids and one design that holds them, schools and classes under the same names; None without two."""
    after = source.wave_of(study, role)
    before = source.wave_before(study, role, after) if after else ""
    if not before:
        return None
    return once(study._kept, ("both waves", role), lambda: _both_waves(study, role, before, after))


def _both_waves(study: Study, role: str, before: str, after: str) -> tuple[str, str, SurveyDesign, source.Survey]:
    pair = [source.survey(study, wave, role) for wave in (before, after)]
    frame = (
        pd.concat([one.answers for one in pair if len(one.answers)], ignore_index=True)
        if any(len(one.answers) for one in pair)
        else pair[0].answers
    )
    cells = {
        (one.wave, *cell): total
        for one in pair
        for cell, total in source.enrolled_cells(one.answers, one.invited).items()
    }
    complete = all(source.enrolled_cells(one.answers, one.invited) for one in pair if len(one.answers))
    weighted = source.weighted(frame, ("wave", "school", "_cell"), cells if complete else {})
    return before, after, weighted, pair[1]


def compared(study: Study, role: str, item: str, where: Bools | None = None) -> Change | None:
    """Return the change of an item's share since the wave before; None without two waves of answers."""
    both = both_waves(study, role)
    if both is None:
        return None
    before, after, joined, now = both
    inside = np.ones(len(joined), dtype=bool) if where is None else where
    there = set(joined.frame.loc[inside, "wave"])
    if not {before, after} <= there:
        return None
    yes = now.scale.top(joined.frame[item])
    return change(joined, yes, wave="wave", before=before, after=after, units="school", where=inside)


@direct("satisfaction.change", dimensions=("school", "role", "item"))
def since_before(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Difference of the share to the wave before, in percentage points, over the schools that took part in both."""
    figures = []
    for asked in questions(study, by, where):
        both = both_waves(study, asked.survey.role)
        for told in places(study, asked):
            inside = None if both is None else np.ones(len(both[2]), dtype=bool)
            if both is not None and inside is not None and "school" in told:
                inside &= (both[2].frame["school"] == told["school"]).to_numpy()
            one = compared(study, asked.survey.role, asked.item, inside)
            estimate = Estimate(None, status="no data") if one is None else settled(in_points(one.common))
            group = _ordered(by, asked, told)
            schools = 0 if one is None else len(one.both)
            figure = Figure(group, estimate, base=estimate.n, schools=schools, label=asked.label(group))
            figures.append(_between(study, asked, both, one, told, figure))
    return figures


def _between(
    study: Study, asked: Question, both: tuple[str, str, SurveyDesign, source.Survey] | None, one: Change | None,
    told: Group, figure: Figure,
) -> Figure:  # fmt: skip
    """Return a difference with its bounds: the unknown answers of one wave at one end, those of the other at the other.

    A share moves as far as that of all schools of its wave, or of the school that is asked for.
    """
    value = figure.estimate.value
    if both is None or one is None or value is None:
        return figure
    number, down, up = 0, 0.0, 0.0
    narrowing = {name: told[name] for name in ("school",) if name in told}
    for wave, sign in ((both[0], -1), (both[1], 1)):
        where = {"wave": wave, "role": asked.survey.role, "item": asked.item, **narrowing}
        (share,) = top2(study, describe("satisfaction.top2"), (), where)
        if share.bounds is None or share.estimate.value is None:
            continue
        low, high = (100 * (end - share.estimate.value) for end in share.bounds)
        down, up = (down + low, up + high) if sign > 0 else (down - high, up - low)
        number += share.unknown or 0
    return replace(figure, unknown=number, bounds=(value + down, value + up)) if number else figure


def in_points(estimate: Estimate) -> Estimate:
    """Return an estimate of a difference of shares in percentage points."""

    def hundredfold(number: float | None) -> float | None:
        return None if number is None else 100 * number

    return replace(
        estimate,
        value=hundredfold(estimate.value),
        se=hundredfold(estimate.se),
        lower=hundredfold(estimate.lower),
        upper=hundredfold(estimate.upper),
    )
