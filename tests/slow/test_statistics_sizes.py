"""What tests, intervals and shrinkage do over many simulated surveys: how often they err, and that nothing is ever NaN."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_helpers import changed, sound, two_waves

from analysis.statistics import Estimate, SurveyDesign, at_level, estimates, funnel, shrink, together, verdict
from analysis.statistics.intervals import METHODS

DRAW = np.random.default_rng(11)


def _share(p: float, se: float, n: int = 2000, df: float = 60) -> Estimate:
    return at_level(Estimate(p, se, 0.0, 1.0, level=0.5, n=n, df=df, method="beta"), 0.95)


def _schools(strength: float | None, count: int = 200, mean: float = 0.9):
    n = DRAW.integers(30, 300, count)
    true = np.full(count, mean) if strength is None else DRAW.beta(mean * strength, (1 - mean) * strength, count)
    return DRAW.binomial(n, true) / n, n, true


def test_sixteen_items_at_the_boundary_are_wrongly_judged_in_one_survey_of_twenty():
    draw = np.random.default_rng(6)
    wrong, alone = [], []
    for _ in range(200):
        items = {place: _share(float(p), 0.006) for place, p in enumerate(draw.normal(0.94, 0.006, 16))}
        wrong.append(any(each != "not shown" for each in together(items, 0.94).values()))
        alone.append(any(verdict(one, 0.94).judgement != "not shown" for one in items.values()))
    assert np.mean(wrong) < 0.16 < 0.6 < np.mean(alone)  # both ways: twice 5 %


def test_without_true_differences_a_funnel_flags_as_many_as_chance():
    p, n, _ = _schools(None, 4000)
    one = funnel(p, n)
    assert one.dispersion == pytest.approx(1.0, abs=0.1)
    assert 0.025 < (one.table["place"] != "within").mean() < 0.07
    assert one.table["place"].isin(["above", "below"]).mean() < 0.006


def test_alike_schools_are_called_different_in_one_survey_of_twenty():
    n = np.array([300, 281, 239, 230, 181, 81, 76])
    draws = np.random.default_rng(3).binomial(n, 0.93, (2000, 7)) / n
    assert 0.035 < np.mean([funnel(row, n).homogeneity.p < 0.05 for row in draws]) < 0.065


def test_shrunken_shares_are_nearer_the_truth():
    p, n, true = _schools(60)
    table = shrink(p, n).table
    assert ((table["value"] - true) ** 2).mean() < 0.75 * ((p - true) ** 2).mean()
    assert 0.92 < ((table["lower"] <= true) & (true <= table["upper"])).mean() < 0.98


def test_shrinkage_recovers_the_distribution_between_units():
    p, n, _ = _schools(60, 900)
    one = shrink(p, n, draws=200)
    assert one.mean == pytest.approx(0.9, abs=0.01)
    assert one.strength == pytest.approx(60, rel=0.25)
    alike, size, _ = _schools(None, 200)
    assert shrink(alike, size, draws=200).strength > 500


def test_change_intervals_cover_what_is_true():
    held = [(one := changed(two_waves(0.0, seed)).common).lower <= 0 <= one.upper for seed in range(60)]
    assert 0.85 <= np.mean(held) <= 1.0


@st.composite
def _any_survey(draw):
    rows = draw(st.integers(0, 14))
    pick = lambda values: draw(st.lists(st.sampled_from(values), min_size=rows, max_size=rows))  # noqa: E731
    frame = pd.DataFrame({"s": pick([1, 2]), "c": pick([1, 2, 3]), "g": pick(["a", "b", None])})
    frame["c"] = frame["s"] * 10 + frame["c"]
    frame["y"] = np.array(pick([0.0, 1.0, 1.0, np.nan]), dtype=float)
    frame["x"] = np.array(pick([0.0, 2.0, 5.5, np.nan]), dtype=float)
    frame["w"] = np.array(pick([0.0, 1.0, 2.5]), dtype=float)
    frame["N"] = 5
    fpc = draw(st.sampled_from([(), ("N",)]))
    return frame, fpc, draw(st.sampled_from(["adjust", "average", "certainty"]))


@settings(max_examples=40, deadline=None)
@given(_any_survey())
def test_whatever_the_answers_nothing_is_nan(survey):
    frame, fpc, single = survey
    design = SurveyDesign(frame, strata="s", clusters="c", weights="w", fpc=fpc, single_psu=single)
    ones = [design.proportion("y", method=method) for method in METHODS]
    ones += [design.mean("x"), design.total("x"), design.ratio("x", "y"), design.quantile("x", 0.5)]
    ones += [design.variance("x"), design.cronbach_alpha(["x", "y"]), design.mean("x", where="y")]
    for table in (design.proportion("y", by="g"), design.mean("x", by="s"), design.quantile("x", 0.9, by=["s", "c"])):
        ones += estimates(table)
        assert not any(isinstance(v, float) and math.isnan(v) for v in table.astype(object).to_numpy().ravel())
    for one in ones:
        if one.method != "mean":  # plain limits may leave 0–1, and a value near 1 its rounding
            sound(one)
    test = design.chisq("g", "s")
    assert test.p is None or 0 <= test.p <= 1
