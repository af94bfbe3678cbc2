"""Scales, screens, response, bounds, and monitoring charts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.house import UserError
from analysis.statistics import SurveyDesign, ewma, p_prime
from analysis.statistics.likert import Scale, distribution, speeding, straight_lining
from analysis.statistics.response import Dispositions, Silence, representativeness

SCORES = pd.DataFrame({"c": [1, 1, 1, 2, 2, 2, 3, 3, 3, 3], "q": [5, 4, 3, 5, 5, None, 2, 4, 5, 1]})


def test_the_whole_distribution_adds_up_and_counts_the_answered_only():
    design = SurveyDesign(SCORES, clusters="c")
    table = distribution(design, "q", Scale())
    assert table["value"].sum() == pytest.approx(1.0)
    assert table["step"].tolist() == [1, 2, 3, 4, 5] and table["label"].iloc[-1] == "非常满意"
    assert set(table["n"]) == {9}
    by = distribution(design, "q", Scale(), by="c")
    assert by.groupby(level=0)["value"].sum().astype(float).tolist() == pytest.approx([1, 1, 1])


def test_what_counts_as_satisfied_is_declared():
    design = SurveyDesign(SCORES, clusters="c")
    assert design.proportion(Scale().top(SCORES["q"])).value == pytest.approx(6 / 9)
    wide = Scale(("不满意", "基本满意", "满意"), satisfied=(2, 3))
    assert wide.top(pd.Series([1, 2, 3, None])).tolist()[:3] == [0.0, 1.0, 1.0]
    with pytest.raises(UserError, match="“满意”应是 1 至 5 中的一部分"):
        Scale(satisfied=(6,))
    with pytest.raises(UserError, match=r"第 2 行：读到“9”，不在 1–5 的量表上"):
        Scale().top(pd.Series([5, 9]))


def test_straight_lines_and_speeders_are_told_from_others():
    answers = pd.DataFrame(
        [[5, 5, 5, 5, 5, 5], [5, 4, 5, 5, 5, 5], [3, 3, None, None, None, None], [2, 2, 2, 2, 2, None]]
    )
    assert straight_lining(answers).tolist() == [True, False, False, True]
    assert speeding([100, 120, 15, None, 95, 40], items=8).tolist() == [False, False, True, False, False, False]
    assert speeding([100, 120, 25, 110], items=8).tolist() == [False, False, True, False]
    assert speeding([None, None], items=8).tolist() == [False, False]


@pytest.mark.parametrize(
    "definition,rate", [("RR1", 60 / 120), ("RR2", 70 / 120), ("RR5", 60 / 100), ("RR6", 70 / 100)]
)
def test_a_response_rate_has_a_named_definition(definition, rate):
    assert Dispositions(60, 10, 10, 15, 5, 20).rate(definition) == pytest.approx(rate)


def test_a_response_rate_of_all_invited():
    one = Dispositions.of_all_invited(200, 120, 20)
    assert (one.not_reached, one.rate("RR1"), one.rate("RR2")) == (60, 0.6, 0.7)
    assert Dispositions.of_all_invited(0, 0).rate() is None
    with pytest.raises(UserError, match="答卷不能多于应邀"):
        Dispositions.of_all_invited(10, 12)
    with pytest.raises(UserError, match="RR9"):
        one.rate("RR9")


def test_bounds_are_counts_of_all_invited():
    """The shipped survey: 1,320 satisfied of 1,388 answers to the item, 2,015 invited."""
    one = Silence(1320, 1388, 2015)
    assert (one.silent, one.most) == (627, 1947)
    assert one.bounds() == pytest.approx((0.65509, 0.96625), abs=5e-6)
    assert one.needed(0.94) == 575  # 1,320 + 574 are 93.995 %, one more 94.04 %
    assert Silence(94, 95, 100).needed(0.94) == 0  # 0.94 · 100 is 94 exactly
    assert Silence(10, 90, 100).needed(0.94) == 84 > Silence(10, 90, 100).silent
    assert Silence(0, 0, 0).bounds() is None
    with pytest.raises(UserError, match="应依次不减"):
        Silence(5, 4, 10)


def test_representativeness_compares_shares_and_rates():
    one = representativeness({"一": 100, "二": 100}, {"一": 90, "二": 30})
    assert one.table["difference"].tolist() == pytest.approx([0.25, -0.25])
    assert one.indicator == pytest.approx(1 - 2 * 0.3, abs=0.01)
    assert representativeness({"一": 50, "二": 70}, {"一": 25, "二": 35}).indicator == pytest.approx(1.0)
    with pytest.raises(UserError, match="收到 60 份答卷，应邀只有 50 人"):
        representativeness({"一": 50}, {"一": 60})
    with pytest.raises(UserError, match="不在应邀名单中"):
        representativeness({"一": 50}, {"二": 6})


def test_ewma_smooths_and_signals_a_drift():
    draw = np.random.default_rng(2)
    steady = draw.normal(50, 2, 400)
    table = ewma(steady, centre=50, sigma=2)
    assert table["signal"].mean() < 0.03
    first = table["smoothed"].iloc[0]
    assert first == pytest.approx(0.2 * steady[0] + 0.8 * 50)
    limit = (table["upper"] - 50).astype(float)
    assert limit.iloc[-1] == pytest.approx(2.8 * 2 * (0.2 / 1.8) ** 0.5)
    assert ewma(np.r_[steady[:10], steady[:10] + 3], centre=50, sigma=2)["signal"].iloc[-1]


def test_ewma_keeps_a_missing_week_without_a_signal():
    table = ewma(pd.Series([50.0, None, 52.0], index=[1, 2, 3]))
    assert table.loc[2, "value"] is pd.NA and not table.loc[2, "signal"]
    assert table.loc[2, "smoothed"] == table.loc[1, "smoothed"]
    for short in ([], [None], [5.0]):
        assert not ewma(short)["signal"].any()


def test_p_prime_takes_what_varies_from_week_to_week_as_usual():
    draw = np.random.default_rng(8)
    n = draw.integers(4000, 6000, 300)
    weekly = np.clip(draw.normal(0.9, 0.02, 300), 0, 1)
    yes = draw.binomial(n, weekly)
    table = p_prime(yes, n)
    assert table.attrs["sigma_z"] == pytest.approx((0.02**2 + 0.09 / 5000) ** 0.5 / (0.09 / 5000) ** 0.5, rel=0.12)
    assert table["signal"].mean() < 0.02
    plain = np.abs(yes / n - yes.sum() / n.sum()) > 3 * np.sqrt(0.09 / n)
    assert plain.mean() > 0.3
    yes[-1] = round(0.75 * n[-1])
    assert p_prime(yes, n)["signal"].iloc[-1]


def test_p_prime_of_weeks_without_a_base_or_without_breaches():
    table = p_prime([5, None, 0], [5, 0, 0])
    assert table["value"].isna().tolist() == [False, True, True]
    assert not p_prime([7, 7], [7, 7])["signal"].any()
    with pytest.raises(UserError, match="分子大于分母"):
        p_prime([8], [7])


def test_a_short_week_widens_the_limits_of_the_ewma_chart():
    """Bases 45, 45, 18, 45, usual 45: the third week's sd is √(45/18); limits by hand from λ = .2, L = 2.8, σ = 2."""
    table = ewma([50, 52, 47, 51], centre=50, sigma=2, base=[45, 45, 18, 45])
    variance, limits = 0.0, []
    for relative in (1, 1, 45 / 18, 1):
        variance = 0.04 * relative + 0.64 * variance
        limits.append(50 + 2.8 * 2 * variance**0.5)
    assert table["upper"].astype(float).tolist() == pytest.approx(limits)
    free = ewma([50, 52, 47, 51], base=[45, 45, 18, 45])
    scaled = np.array([0, 2, -3 / (45 / 18) ** 0.5, 1])
    sigma = np.abs(np.diff(scaled)).mean() / 1.128
    assert float(free["upper"].iloc[0]) == pytest.approx(50 + 2.8 * 0.2 * sigma)


def test_the_p_prime_chart_has_its_width_in_standard_deviations():
    """Weeks of 50 on Anscombe's scale: the lower limit is 3.3 σ_z/√202 below the centre's arcsine."""
    table = p_prime([40, 44, 38, 41], [50, 50, 50, 50])
    angle = np.arcsin(np.sqrt((np.array([40, 44, 38, 41]) + 0.375) / 50.75))
    sigma = np.abs(np.diff(angle)).mean() / 1.128
    lower = (50.75 * np.sin(np.arcsin(np.sqrt((40.75 + 0.375) / 50.75)) - 3.3 * sigma) ** 2 - 0.375) / 50
    assert float(table["lower"].iloc[0]) == pytest.approx(lower)
