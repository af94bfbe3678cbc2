"""Charts over weeks, limits, scales and response at their edges: bases of none and of one, limits beyond the scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import SurveyDesign, ewma, p_prime
from analysis.statistics.intervals import share_limits
from analysis.statistics.likert import Scale, distribution
from analysis.statistics.response import representativeness

X = [5.0, 7.0, 6.0, 9.0, 4.0, 12.0, 14.0, 15.0]


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_a_chart_has_the_signals_of_its_series_whatever_the_unit(unit: float) -> None:
    plain, scaled = ewma(X, width=1.0), ewma([x * unit for x in X], width=1.0)
    assert plain["signal"].any() and scaled["signal"].tolist() == plain["signal"].tolist()
    for name in ("smoothed", "centre", "lower", "upper"):
        assert (scaled[name] / unit).tolist() == pytest.approx(plain[name].tolist())
    bases = [10.0, 20.0, 40.0, 10.0, 30.0, 20.0, 20.0, 50.0]
    one, other = ewma(X, base=bases), ewma(X, base=[base * unit for base in bases])
    assert other["upper"].tolist() == pytest.approx(one["upper"].tolist())


def test_the_usual_base_is_that_of_weeks_with_a_value_and_a_base() -> None:
    """Of 10, 30 and 20 it is 20: neither the 1000 of a week without a value nor a 0 counts; 20/10 = 2."""
    values, bases = [4.0, None, 8.0, 6.0, 5.0], [10.0, 1000.0, 30.0, 20.0, 0.0]
    table = ewma(values, base=bases, sigma=1.0, centre=6.0, smoothing=1.0, width=3.0)
    half = (table["upper"] - 6.0).tolist()
    assert half == pytest.approx([3 * 2**0.5, 3 * 2**0.5, 3, 3, 3])  # the missing week keeps the limits before it
    assert table["smoothed"].tolist() == [4, 4, 8, 6, 5]
    assert ewma(X, base=[0.0] * 8).equals(ewma(X)) and ewma(X, base=[None] * 8).equals(ewma(X))


def test_a_signal_is_beyond_the_limit_and_not_at_it() -> None:
    """σ = 1, λ = 1, L = 2: limits 8 and 12 around 10."""
    table = ewma([12.0, 12.0001, 8.0, 7.9999, 10.0, None], sigma=1.0, centre=10.0, smoothing=1.0, width=2.0)
    assert table["signal"].tolist() == [False, True, False, True, False, False]
    assert (table["lower"].tolist(), table["upper"].tolist()) == ([8.0] * 6, [12.0] * 6)
    still = ewma([3.0, 3.0, 9.0], baseline=2)  # nothing moved: no width, so no signal
    assert not still["signal"].any() and still["upper"].tolist() == [3, 3, 3]


@pytest.mark.parametrize("base", [8, 20, 100, 4000])
def test_limits_beyond_the_scale_stand_at_its_ends(base: int) -> None:
    few, many = (
        p_prime([1, 2, 0, 1], [base] * 4, width=9),
        p_prime([base - 1, base - 2, base, base - 1], [base] * 4, width=9),
    )
    assert few["lower"].tolist() == [0] * 4 and many["upper"].tolist() == [1] * 4
    assert (1 - many["lower"]).tolist() == pytest.approx(few["upper"].tolist())
    assert not few["signal"].any() and not many["signal"].any()


def test_rare_exceptions_have_at_least_the_spread_of_chance() -> None:
    """Just under two expected a week σ is at least 1; at two it may be less. The same of almost all."""
    for numerators, least in (([2, 2, 2, 1], True), ([2, 2, 2, 2], False), ([98, 98, 98, 99], True), ([98] * 4, False)):
        sigma = p_prime(numerators, [100] * 4).attrs["sigma_z"]
        assert sigma == 1 if least else sigma == 0
    assert p_prime([30], [100]).attrs["sigma_z"] == 1  # one week moves nowhere: chance alone
    assert p_prime([30, 30], [100, 100]).attrs["sigma_z"] == 0


def test_the_first_weeks_set_the_centre_and_what_is_unknown_is_left_out() -> None:
    index = pd.Index(["一", "二", "三", "四"])
    table = p_prime(pd.Series([10, None, 20, 90], index=index), [100, 100, 100, 100], baseline=3)
    assert table.index.tolist() == list("一二三四") and table["centre"].tolist() == pytest.approx([0.15] * 4)
    assert table["value"].isna().tolist() == [False, True, False, False]
    assert table["signal"].tolist() == [False, False, False, True]
    none = p_prime([None, 5], [10, 10], baseline=1)
    assert none["centre"].isna().all() and none["signal"].tolist() == [False, False] and none["value"].iloc[1] == 0.5
    blank = ewma([None, None])
    assert blank["signal"].tolist() == [False, False] and blank["centre"].isna().all()


def test_a_chart_of_unequal_bases_is_narrower_where_more_was_counted() -> None:
    table = p_prime([30, 60, 5, 300], [100, 200, 20, 1000])
    width = (table["upper"] - table["lower"]).to_numpy(dtype=float)
    assert (np.diff(width[[2, 0, 1, 3]]) < 0).all()


def test_weeks_of_a_single_case_count() -> None:
    table = p_prime([1, 0, 0, 1, None], [1, 1, 0, 1, 1])
    assert table["value"].isna().tolist() == [False, False, True, False, True]
    assert table["centre"].iloc[0] == pytest.approx(2 / 3) and table["signal"].tolist() == [False] * 5
    assert table["lower"].isna().tolist() == table["upper"].isna().tolist() == [False, False, True, False, True]


@pytest.mark.parametrize("method", ["beta", "jeffreys"])
def test_two_answers_and_two_degrees_of_freedom(method: str) -> None:
    """Both of two: the size is 2·(t₁/t₂)² = 2·(12.7062/4.3027)²."""
    size = 2 * (12.7062047 / 4.3026527) ** 2
    low, high, fell = share_limits(np.array([1.0]), np.zeros(1), np.array([2.0]), np.array([2.0]), 0.95, method)
    expected = 0.025 ** (1 / size) if method == "beta" else stats.beta.ppf(0.025, size + 0.5, 0.5)
    assert (low[0], high[0], fell[0]) == (pytest.approx(expected, rel=1e-7), 1, True)
    alone = share_limits(np.array([1.0]), np.zeros(1), np.array([1.0]), np.array([2.0]), 0.95, method)[0]
    assert alone[0] == pytest.approx(0.025 if method == "beta" else stats.beta.ppf(0.025, 1.5, 0.5))


def test_a_category_of_one_and_one_of_none_may_answer() -> None:
    one = representativeness({"甲": 1, "乙": 0, "丙": 3}, {"甲": 1, "丙": 1})
    assert one.table["rate"].tolist() == pytest.approx([1, 0, 1 / 3])
    assert one.table["invited_share"].tolist() == [0.25, 0, 0.75]
    assert one.table["difference"].tolist() == [0.25, 0, -0.25]
    assert one.table.index.tolist() == ["甲", "乙", "丙"]
    # rates of 1 and 1/3 around 1/2: S² = (1·1/4 + 3·1/36)/3 = 1/9
    assert one.indicator == pytest.approx(1 - 2 / 3)
    alone = representativeness({"甲": 1}, {"甲": 1})
    assert alone.indicator is None and alone.table["rate"].tolist() == [1]
    assert representativeness({"甲": 1, "乙": 1}, {"甲": 1, "乙": 1}).indicator == 1
    none = representativeness({"甲": 0}, {})
    assert none.indicator is None and none.table.iloc[0].tolist() == [0, 0, 0, 0, 0, 0]


def test_every_step_of_a_scale_has_a_row() -> None:
    frame = pd.DataFrame({"y": [1.0, 3, 3, None, 2, 3], "g": list("aabbbb")})
    scale = Scale(("低", "中", "高"), (3,))
    told = distribution(SurveyDesign(frame), "y", scale)
    assert told.columns.tolist() == [
        "step",
        "label",
        "value",
        "se",
        "lower",
        "upper",
        "df",
        "n",
        "deff",
        "status",
        "method",
    ]
    assert told.index.tolist() == [0, 1, 2] and told["step"].tolist() == [1, 2, 3]
    assert told["label"].tolist() == ["低", "中", "高"] and told["value"].tolist() == [0.2, 0.2, 0.6]
    assert told["n"].tolist() == [5, 5, 5] and told.attrs == {}
    parts = distribution(SurveyDesign(frame), "y", scale, by="g", level=0.8)
    assert parts.index.tolist() == ["a", "b"] * 3 and parts["step"].tolist() == [1, 1, 2, 2, 3, 3]
    assert parts["value"].tolist() == pytest.approx([0.5, 0, 0, 1 / 3, 0.5, 2 / 3])
