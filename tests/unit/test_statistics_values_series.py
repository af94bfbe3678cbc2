"""Charts over weeks, adjusted p values, response and scales: every figure by a loop or by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.house import UserError
from analysis.statistics import Estimate, benjamini_hochberg, ewma, holm, needed, p_prime
from analysis.statistics.intervals import share_limits
from analysis.statistics.likert import Scale, speeding, straight_lining
from analysis.statistics.response import Dispositions, Silence, representativeness

X = [61.0, 64.0, 58.5, None, 63.0, 70.0, 57.0, 75.0, 78.0]
BASE = [40.0, 55.0, 21.0, 0.0, 48.0, 60.0, 13.0, 50.0, 44.0]


def test_a_smoothed_series_by_a_loop():
    table = ewma(X, smoothing=0.3, width=2.2, baseline=6, base=BASE)
    first = [61.0, 64.0, 58.5, 63.0, 70.0]
    centre = np.mean(first)
    usual = np.median([40, 55, 21, 48, 60, 13, 50, 44])
    root = [max(usual / base, 1) ** 0.5 if base else 1.0 for base in BASE]
    scaled = [(x - centre) / r for x, r in zip(X[:6], root, strict=False) if x is not None]
    sigma = np.abs(np.diff(scaled)).mean() / 1.128
    z, variance = centre, 0.0
    for place, (x, r) in enumerate(zip(X, root, strict=True)):
        if x is not None:
            z, variance = 0.3 * x + 0.7 * z, 0.09 * r**2 + 0.49 * variance
        half = 2.2 * sigma * variance**0.5
        row = table.iloc[place]
        found = (row["smoothed"], row["centre"], row["lower"], row["upper"])
        assert found == pytest.approx((z, centre, centre - half, centre + half), rel=1e-11)
        assert row["signal"] == (x is not None and abs(z - centre) > half)
    assert pd.isna(table.loc[3, "value"]) and table["signal"].sum() > 0 and not table["signal"].all()


def test_a_smoothed_series_with_known_centre_and_sigma_and_the_usual_constants():
    table = ewma([1.0, 4.0, 9.0], centre=2.0, sigma=1.5)
    assert table["smoothed"].tolist() == pytest.approx([1.8, 2.24, 3.592], rel=1e-12)
    half = [2.8 * 1.5 * (0.2 / 1.8 * (1 - 0.8 ** (2 * t))) ** 0.5 for t in (1, 2, 3)]
    assert (table["upper"] - 2).tolist() == pytest.approx(half, rel=1e-12)
    assert (2 - table["lower"]).tolist() == pytest.approx(half, rel=1e-12)
    plain = ewma([3.0, 5.0, 4.0], smoothing=1)
    assert plain["smoothed"].tolist() == [3.0, 5.0, 4.0]
    assert plain["upper"].tolist() == pytest.approx([4 + 2.8 * 1.5 / 1.128] * 3, rel=1e-12)
    for wrong in (0, -0.2, 1.01, 2):
        with pytest.raises(UserError, match=f"smoothing={wrong} 应大于 0、不超过 1"):
            ewma([1.0, 2.0], smoothing=wrong)
    assert not ewma([5.0])["signal"].any() and not ewma([5.0, 5.0])["signal"].any()
    assert ewma([None, 5.0], baseline=1)["centre"].isna().all()


def _angle(y: float, n: float) -> float:
    return math.asin(math.sqrt((y + 3 / 8) / (n + 3 / 4)))


def _count(angle: float, n: float) -> float:
    return math.sin(min(max(angle, 0.0), math.pi / 2)) ** 2 * (n + 3 / 4) - 3 / 8


def test_a_p_prime_chart_by_a_loop():
    yes, n = [30.0, 41.0, 52.0, 10.0, None, 70.0, 99.0], [50.0, 60.0, 90.0, 0.0, 40.0, 95.0, 100.0]
    yes[3] = 0.0
    table = p_prime(yes, n, width=1.1, baseline=4)
    centre = (30 + 41 + 52) / 200
    z = [(_angle(y, m) - _angle(centre * m, m)) * math.sqrt(4 * m + 2) for y, m in zip(yes[:3], n[:3], strict=True)]
    sigma = np.mean(np.abs(np.diff(z))) / 1.128
    assert table.attrs["sigma_z"] == pytest.approx(sigma, rel=1e-12)
    for place, (y, m) in enumerate(zip(yes, n, strict=True)):
        row = table.iloc[place]
        assert row["centre"] == pytest.approx(centre, rel=1e-12)
        if not m or y is None:
            assert pd.isna(row["value"]) and pd.isna(row["lower"]) and not row["signal"]
            continue
        middle, half = _angle(centre * m, m), 1.1 * sigma / math.sqrt(4 * m + 2)
        limits = _count(middle - half, m) / m, _count(middle + half, m) / m
        assert (row["lower"], row["upper"]) == pytest.approx(limits, rel=1e-12)
        assert row["value"] == pytest.approx(y / m) and row["signal"] == (abs(_angle(y, m) - middle) > half)
    assert table["signal"].tolist()[5:] == [True, True]
    one = p_prime([3.0, 9.0], [20.0, 10.0], baseline=1)
    assert one.attrs["sigma_z"] == 1.0
    upper = [_count(_angle(0.15 * m, m) + 3.3 / math.sqrt(4 * m + 2), m) / m for m in (20, 10)]
    assert one["upper"].tolist() == pytest.approx(upper, rel=1e-12)
    assert one["lower"].tolist() == [0.0, 0.0] and one["signal"].tolist() == [False, True]


def test_rare_exceptions_are_poisson_s_and_no_signals():
    """Of 17 weeks without an exception and one with two of 300: e⁻ᵏ(1 + k) with k = 2/18 leaves 0.6 % a week, 10 % a term."""
    quiet = [300.0] * 17
    assert not p_prime([*quiet, 298.0], [300.0] * 18)["signal"].any()
    rare = p_prime([*quiet, 280.0], [300.0] * 18)
    assert rare.attrs["sigma_z"] >= 1.0 and rare["signal"].tolist() == [False] * 17 + [True]
    assert p_prime([19.0, 19.0, 19.0], [20.0] * 3).attrs["sigma_z"] == 1.0  # one exception expected a week
    assert p_prime([1.0, 1.0, 1.0], [20.0] * 3).attrs["sigma_z"] == 1.0
    assert p_prime([2.0, 2.0, 2.0], [4.0] * 3).attrs["sigma_z"] == 0.0  # two are enough to tell


def test_what_no_p_prime_chart_can_be_made_of_is_refused():
    for wrong, said in (
        (([1.0], [2.0, 3.0]), "分子有 1 期，分母有 2 期"),
        (([3.0], [2.0]), "大于分母"),
        (([-1.0], [2.0]), "为负"),
    ):
        with pytest.raises(UserError, match=said):
            p_prime(*wrong)


def test_adjusted_p_values_are_those_of_statsmodels():
    p = [0.004, 0.03, 0.011, 0.6, 0.011, 0.2, 1.0, 0.0]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], rel=1e-14)
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], rel=1e-14)
    assert len(holm([])) == len(benjamini_hochberg([])) == 0
    for wrong in (-0.01, 1.01, float("nan")):
        with pytest.raises(UserError, match="p 值应在 0 与 1 之间"):
            holm([0.5, wrong])


@pytest.mark.parametrize("level", [0.8, 0.99])
@pytest.mark.parametrize("p,n,df", [(0.13, 70, 9), (0.86, 45, 22)])
def test_limits_of_shares_by_every_method(p, n, df, level):
    variance, tail = 0.0031, (1 - level) / 2
    t = stats.t.ppf(1 - tail, df)
    size = p * (1 - p) / variance * (stats.t.ppf(1 - tail, n - 1) / t) ** 2
    yes, no, se = size * p, size * (1 - p), variance**0.5
    logit, angle = np.log(p / (1 - p)), np.arcsin(p**0.5)
    wide = t * se / (p * (1 - p))
    turn = t * se / (2 * (p * (1 - p)) ** 0.5)
    expected = {
        "beta": (stats.beta.ppf(tail, yes, no + 1), stats.beta.isf(tail, yes + 1, no)),
        "jeffreys": (stats.beta.ppf(tail, yes + 0.5, no + 0.5), stats.beta.isf(tail, yes + 0.5, no + 0.5)),
        "mean": (p - t * se, p + t * se),
        "xlogit": tuple(1 / (1 + np.exp(-(logit + sign * wide))) for sign in (-1, 1)),
        "asin": (np.sin(max(angle - turn, 0)) ** 2, np.sin(min(angle + turn, np.pi / 2)) ** 2),
    }
    for method, limits in expected.items():
        low, high, flat = share_limits(*(np.array([float(each)]) for each in (p, variance, n, df)), level, method)
        assert (low[0], high[0]) == pytest.approx(limits, rel=1e-9) and not flat[0]
    ratio = (stats.t.ppf(1 - tail, n - 1) / t) ** 2
    ends = np.array([0.0, 1.0, p])
    low, high, flat = share_limits(
        ends, np.zeros(3), np.full(3, float(n)), np.full(3, float(df)), level, "asin", np.full(3, 31.5)
    )
    own = 31.5 * ratio
    assert flat.all() and (low[0], high[1]) == (0.0, 1.0)
    assert (high[0], low[1]) == pytest.approx((1 - tail ** (1 / own), tail ** (1 / own)), rel=1e-9)
    assert low[2] == pytest.approx(stats.beta.ppf(tail, own * p, own * (1 - p) + 1), rel=1e-9)


def test_answers_needed_by_fleiss():
    one = Estimate(0.95, 0.012, 0.92, 0.97, n=700, df=40, method="beta")
    deff = 700 / (0.0475 / 0.000144)
    for power in (0.8, 0.9):
        both = 1.6448536269514722 * (0.93 * 0.07) ** 0.5 + stats.norm.ppf(power) * 0.0475**0.5
        assert needed(one, 0.93, power=power) == int(np.ceil(deff * (both / 0.02) ** 2))
    both = 1.6448536269514722 * (0.97 * 0.03) ** 0.5 + stats.norm.ppf(0.8) * 0.0475**0.5
    assert needed(one, 0.97, at_most=True) == int(np.ceil(deff * (both / 0.02) ** 2))
    assert needed(one, 0.5) == 701
    assert needed(one, 0.95) is None and needed(one, 0.97) is None and needed(one, 1.0) is None
    assert needed(one, 0.0) is None


def test_response_rates_and_what_silence_may_hide():
    of = Dispositions(50, 7, 11, 13, 3, 17)
    rates = {"RR1": 50 / 101, "RR2": 57 / 101, "RR5": 50 / 84, "RR6": 57 / 84}
    for name, rate in rates.items():
        assert of.rate(name) == pytest.approx(rate, rel=1e-14)
    assert Dispositions.of_all_invited(90, 50, 7).not_reached == 33
    assert Dispositions(0).rate() is None
    with pytest.raises(UserError, match="“not_reached”的份数为负"):
        Dispositions.of_all_invited(50, 50, 1)
    some = Silence(30, 41, 60)
    assert (some.silent, some.most, some.bounds()) == (19, 49, (0.5, 49 / 60))
    assert (some.needed(0.7), some.needed(0.71), some.needed(0.4), Silence(0, 0, 0).bounds()) == (12, 13, 0, None)
    for wrong in ((-1, 3, 5), (4, 3, 5), (2, 6, 5)):
        with pytest.raises(UserError, match="应依次不减"):
            Silence(*wrong)
    found = representativeness({"东": 40, "南": 70, "西": 25, "北": 0}, {"东": 30, "西": 9, "南": 41})
    mean = 80 / 135
    spread = (40 * (0.75 - mean) ** 2 + 70 * (41 / 70 - mean) ** 2 + 25 * (0.36 - mean) ** 2) / 134
    assert found.indicator == pytest.approx(1 - 2 * spread**0.5, rel=1e-12)
    assert found.table["rate"].tolist() == pytest.approx([0.75, 41 / 70, 0.36, 0.0])
    assert found.table["difference"].tolist() == pytest.approx(
        [30 / 80 - 40 / 135, 41 / 80 - 70 / 135, 9 / 80 - 25 / 135, 0]
    )
    with pytest.raises(UserError, match="“东”收到 5 份答卷，应邀只有 4 人"):
        representativeness({"东": 4}, {"东": 5})
    with pytest.raises(UserError, match="“中”有答卷"):
        representativeness({"东": 4}, {"中": 1})


def test_scales_straight_lines_and_speed():
    scale = Scale()
    assert scale.top(np.array([1.0, 3.0, 4.0, 5.0, np.nan])).tolist()[:4] == [0, 0, 1, 1]
    with pytest.raises(UserError, match="“分值”列第 3 行：读到“6”，不在 1–5 的量表上"):
        scale.top(np.array([1.0, 5.0, 6.0, 0.0]))
    for wrong in ((), (1, 2, 3, 4, 5), (0, 5), (6,)):
        with pytest.raises(UserError, match="“满意”应是 1 至 5 中的一部分分值"):
            Scale(satisfied=wrong)
    rows = [[4, 4, 4, 4, 4, None], [4, 4, 4, 4, None, None], [3, 3, 3, 3, 3, 4], [2, 2, 2, 2, 2, 2]]
    assert straight_lining(pd.DataFrame(rows)).tolist() == [True, False, False, True]
    assert straight_lining(pd.DataFrame(rows), least=4).tolist() == [True, True, False, True]
    assert speeding([19, 20, 21, 60, None], 10).tolist() == [True, False, False, False, False]
    assert speeding([29, 30, 31, 100, 101, 102, 103], 10).tolist() == [True, False, False] + [False] * 4
    assert speeding([None], 10).tolist() == [False]
