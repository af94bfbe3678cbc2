"""Funnels, shrinkage, ranks, many tests, and change between waves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_helpers import changed, two_waves
from statsmodels.stats.multitest import multipletests

from analysis.house import UserError
from analysis.statistics import SurveyDesign, benjamini_hochberg, change, funnel, holm, rank_intervals, shrink

DRAW = np.random.default_rng(11)


def _schools(strength: float | None, count: int = 200, mean: float = 0.9):
    n = DRAW.integers(30, 300, count)
    true = np.full(count, mean) if strength is None else DRAW.beta(mean * strength, (1 - mean) * strength, count)
    return DRAW.binomial(n, true) / n, n, true


def test_overdispersion_widens_a_funnel():
    p, n, _ = _schools(40)
    wide, narrow = funnel(p, n), funnel(p, n, overdispersion=False)
    assert wide.dispersion > 1.5 and narrow.dispersion == 1.0
    assert (wide.limits([100])["lower"] < narrow.limits([100])["lower"]).all()
    assert wide.table["place"].isin(["above", "below"]).sum() < narrow.table["place"].isin(["above", "below"]).sum()


def test_funnel_limits_have_the_binomials_moments_and_stay_inside():
    limits = funnel([0.9, 0.9], [50, 50]).limits([5, 20, 400]).to_numpy()[:, 1:]
    assert ((limits >= 0) & (limits <= 1)).all()
    assert (np.diff(limits, axis=1) >= 0).all()
    exact = stats.binom.ppf([0.001, 0.999], 400, 0.9) / 400
    assert limits[2, [0, 3]] == pytest.approx(exact, abs=0.5 / 400)


def test_schools_that_differ_are_told_from_schools_that_vary_anyway():
    """Seven schools; χ² and limits by scipy: four lie outside 95 % of chance, none outside limits widened by φ."""
    p, n = np.array([0.86, 0.89, 0.92, 0.95, 0.97, 0.98, 0.99]), np.array([300, 281, 239, 230, 181, 81, 76])
    one = funnel(pd.Series(p, index=list("甲乙丙丁戊己庚")), n)
    yes = np.array([p * n, (1 - p) * n])
    expected = stats.chi2_contingency(yes, correction=False)
    assert (one.homogeneity.chi2, one.homogeneity.df) == (pytest.approx(expected.statistic), 6)
    assert one.homogeneity.chi2 == pytest.approx(36.0, abs=0.05) and one.homogeneity.p == pytest.approx(
        2.8e-6, rel=0.02
    )
    assert one.dispersion == pytest.approx(3.96, abs=0.005)
    assert (one.table["place"] == "within").all()
    assert one.table["chance"].tolist() == ["below", "within", "within", "within", "high", "high", "high"]
    assert one.beyond() == ["甲", "戊", "庚"] and one.beyond(chance=False) == []
    adjusted = multipletests(one.table["chance_p"], method="holm")[1]
    assert one.table["chance_holm"].to_numpy() == pytest.approx(adjusted)
    less, at_most = stats.binom.cdf([257, 258], 300, one.centre)  # 258 of 300
    assert 2 * less < one.table.loc["甲", "chance_p"] < 2 * at_most
    assert one.limits([200])["lower"].item() < one.limits([200], chance=True)["lower"].item()


def test_a_funnel_of_all_ones_has_no_width_and_no_signal():
    one = funnel([1.0, 1.0, 1.0], [10, 20, 30])
    assert (one.table["place"] == "within").all()
    assert one.limits([10])[["lower", "upper"]].to_numpy().tolist() == [[1.0, 1.0]]
    assert one.homogeneity is None and one.beyond() == []
    with pytest.raises(UserError, match="没有可比较的单位"):
        funnel([None], [0])


def test_small_units_are_drawn_in_more():
    table = shrink(pd.Series([0.8, 0.8, 0.95, 0.9], index=list("甲乙丙丁")), [20, 400, 300, 200]).table
    assert table.loc["甲", "value"] > table.loc["乙", "value"]
    with pytest.raises(UserError, match="少于两个单位"):
        shrink([0.9], [30])


def test_ranks_of_alike_units_are_unknown_and_of_unlike_ones_known():
    alike = shrink([0.95] * 40, [60] * 40).table
    assert ((alike["rank_upper"] - alike["rank_lower"]) > 30).all()
    draws = np.array([3.0, 2.0, 1.0]) + DRAW.normal(0, 0.01, (500, 3))
    assert rank_intervals(draws)[["rank_lower", "rank_upper"]].to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]


@pytest.mark.parametrize("size", [0, 1, 7])
def test_adjusted_p_values_are_those_of_statsmodels(size):
    p = DRAW.random(size) ** 3
    if size:
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
        assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    else:
        assert len(holm(p)) == len(benjamini_hochberg(p)) == 0
    with pytest.raises(UserError, match="p 值"):
        holm([0.1, np.nan])


def test_change_counts_the_same_classes_as_the_same():
    one = changed(two_waves(0.05))
    apart = (one.before.se**2 + one.after.se**2) ** 0.5
    assert one.correlation > 0.2
    assert one.difference.se < apart
    assert one.difference.value == pytest.approx(one.after.value - one.before.value)
    assert one.direction == "up" and one.p < 0.05


def test_change_is_also_given_for_the_schools_in_both_waves():
    one = changed(two_waves(0.0, keep=9))
    assert (len(one.both), one.only_before, one.only_after) == (9, (9, 10, 11), ())
    assert one.common.n < one.difference.n
    assert one.direction == "not shown"


def test_a_wave_that_is_not_there_is_told():
    frame = two_waves(0.0)
    design = SurveyDesign(frame, strata="school", clusters="class")
    with pytest.raises(UserError, match="“wave”列中没有“3”这一期；现有：1、2"):
        change(design, "y", wave="wave", before=1, after=3, units="school")
    none = change(design, "y", wave="wave", before=1, after=2, units="school", where=frame["wave"] == 1)
    assert (none.difference.status, none.p, none.direction) == ("no data", None, "not shown")
