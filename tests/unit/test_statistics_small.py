"""Small ledgers, tables and scales worked out by hand: process, contrast, association, quantiles, points, reliability."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.house import UserError
from analysis.statistics.association import _contrasts, independence
from analysis.statistics.columns import Groups
from analysis.statistics.contrast import _between_classes, _of_two_counts, _weights, contrast
from analysis.statistics.points import Setting, ratio_results, share_results
from analysis.statistics.process import _cell, ratios, residuals, share_limits, total_variance
from analysis.statistics.quantiles import Ladder, _hf7, _math, _woodruff, quantile_results
from analysis.statistics.reliability import alpha_results, variance_results
from analysis.statistics.variance import Ratio

T = {2: 4.302652729749, 3: 3.182446305284}


def whole(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


# -- process -----------------------------------------------------------------------------------------------------------


def test_residuals_are_from_each_class_s_own_ratio():
    found = residuals(np.array([0, 0, 2]), whole(1, 3, 5), whole(2, 2, 10))
    assert found.tolist() == [-1, 1, 0]
    assert residuals(np.array([0]), whole(0), whole(0)).tolist() == [0]


def test_the_variance_of_a_sum_is_that_of_its_cosines():
    """Two weeks: √2 cos(π/4) = 1, √2 cos(3π/4) = −1. Three: √1.5, 0, −√1.5 and √½, −√2, √½."""
    variance, df = total_variance(np.zeros(3, int), np.array([4, 7, 7]), whole(5, 2, -4), 1)
    assert variance == pytest.approx([1.3 * 49]) and df.tolist() == [1]
    variance, df = total_variance(np.zeros(3, int), np.arange(3), whole(2, 3, 7), 1)
    assert variance == pytest.approx([1.3 * (1.5 * 25 + 0.5 * (2 - 6 + 7) ** 2) / 2]) and df.tolist() == [2]
    group, week = np.array([2, 0, 2, 0]), np.array([5, 1, 3, 9])
    variance, df = total_variance(group, week, whole(1, 2, 4, 8), 4)
    assert variance == pytest.approx([1.3 * 36, 0, 1.3 * 9, 0]) and df.tolist() == [1, 0, 1, 0]
    variance, df = total_variance(np.zeros(1, int), np.zeros(1, int), whole(6), 1)
    assert variance.tolist() == [0] and df.tolist() == [0]
    weeks = np.arange(6)
    waves = [2**0.5 * np.cos(np.pi * j * (weeks + 0.5) / 6) for j in (1, 2, 3)]
    z = whole(1, -4, 2, 0, 3, 9)
    variance, df = total_variance(np.zeros(6, int), weeks, z, 1)
    assert variance == pytest.approx([1.3 * sum((z @ wave) ** 2 for wave in waves) / 3]) and df.tolist() == [3]
    empty = total_variance(np.zeros(0, int), np.zeros(0, int), whole(), 2)
    assert [each.tolist() for each in empty] == [[0, 0], [0, 0]]


def test_limits_of_shares_hold_the_share():
    yes, base, cell = whole(0, 5, 10, 3, 9.9), whole(10, 10, 10, 10, 10), whole(1, 2, 1, 0, 0)
    low, high = share_limits(yes, base, cell, whole(0, 12, 0, 0, 4), whole(2, 2, 2, 2, 2))
    assert low.tolist() == pytest.approx([0, 0, 9 / 12, 0.3, 0.59])
    assert high.tolist() == pytest.approx([3 / 12, 1, 1, 0.3, 1])


def test_a_cell_is_a_class_day_less_where_pupils_differ():
    group, unit = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])
    top, bottom = whole(4, 0, 3, 2), whole(4, 4, 5, 3)
    residual = residuals(unit, top, bottom)
    found = _cell(group, unit, residual, top, bottom, whole(8, 8))
    day = 34 / 8
    most = 5 / 8 * 3 / 8 * 34 + day**2
    seen = 2 * (3 - 25 / 8) ** 2 + day**2
    assert found == pytest.approx([4, day * seen / most])
    one = _cell(np.zeros(2, int), np.zeros(2, int), whole(9, -9), whole(1, 0), whole(1, 1), whole(2))
    assert one.tolist() == [1]  # never more than a class-day


def test_ratios_without_a_base_or_with_few_weeks():
    group, week = np.array([0, 0, 0, 1, 1, 2, 3]), np.array([0, 1, 2, 0, 1, 0, 0])
    top, bottom = whole(2, 3, 7, 1, 5, 4, 0), whole(1, 1, 1, 1, 1, 1, 0)
    one = ratios(group, group, week, top, bottom, groups=5, share=False)
    assert one.value[:3].tolist() == [4, 3, 4] and np.isnan(one.value[3:]).all()
    assert one.df.tolist() == [2, 1, 0, 0, 0]
    v = 1.3 * (1.5 * 25 + 0.5 * 9) / 2
    assert one.variance == pytest.approx([v / 9, 1.3 * 16 / 4, 0, 0, 0])
    assert (one.lower[0], one.upper[0]) == pytest.approx((4 - T[2] * v**0.5 / 3, 4 + T[2] * v**0.5 / 3))
    assert np.isnan(one.lower[1:]).all() and np.isnan(one.upper[1:]).all()
    at = ratios(group, group, week, top, bottom, groups=5, share=False, level=0.8)
    assert at.upper[0] == pytest.approx(4 + stats.t.ppf(0.9, 2) * v**0.5 / 3)


# -- contrast ----------------------------------------------------------------------------------------------------------


def test_weights_of_classes_are_those_of_the_school_s_grades():
    mine, grade = np.array([True, True, False, False, False]), np.array([0, 1, 0, 0, 1])
    found = _weights(mine, grade, whole(1, 3, 2, 6, 5))
    assert found.tolist() == pytest.approx([1 / 4, 3 / 4, -2 / 8 / 4, -6 / 8 / 4, -3 / 4])


def test_classes_vary_around_school_and_grade():
    school, grade = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    square, df = _between_classes(school, grade, whole(1, 2, 3, 8))
    assert (square, df) == (pytest.approx(4), 1)  # interaction ±1 in each of four cells
    square, df = _between_classes(school[:3], grade[:3], whole(1, 2, 3))
    assert (square, df) == (pytest.approx(0, abs=1e-20), 0)
    square, df = _between_classes(np.zeros(4, int), np.zeros(4, int), whole(1, 2, 3, 6))
    assert (square, df) == (pytest.approx(14 / 3), 3)


def test_two_shares_have_at_least_the_variance_of_counts():
    mine = np.array([True, True, False, False])
    cell, p = (1 + 4 + 1 + 16) / 8, (5 + 22 / 8) / (8 + 44 / 8)
    assert _of_two_counts(mine, whole(1, 1, 0, 3), whole(1, 2, 1, 4)) == pytest.approx(
        p * (1 - p) * cell * (1 / 3 + 1 / 5)
    )


def test_a_contrast_by_hand():
    """Two classes of the school (5 and 3), three others (1, 2 and 6), one grade; a grade and a row that do not count."""
    school = np.array([7, 7, 8, 8, 9, 7, 8, 8])
    grade = np.array([1, 1, 1, 1, 1, 2, 3, 1])
    unit = np.array([4, 5, 6, 7, 8, 9, 10, 6])
    top, bottom = whole(5, 3, 1, 2, 6, 99, 99, 50), whole(1, 1, 1, 1, 1, 1, 1, 0)
    one = contrast(school, grade, unit, None, top, bottom, of=7, share=False)
    assert one.difference == pytest.approx(4 - 3) and (one.base, one.classes, one.others) == (2, 2, 2)
    square = (2 + 0.5) / 2  # 5 and 3 around 4, 1 and 2 around 1.5; two degrees of freedom left
    se = (square * (1 / 4 + 1 / 4 + 3 / 9)) ** 0.5
    assert (one.se, one.df) == (pytest.approx(se), pytest.approx(2))
    assert one.p == pytest.approx(2 * stats.t.sf(1 / se, 2))
    few = contrast(school[1:], grade[1:], unit[1:], None, top[1:], bottom[1:], of=7, share=False)
    assert (few.difference, few.se, few.df, few.p) == (pytest.approx(0), None, None, None) and few.classes == 1
    assert contrast(school, grade, unit, None, top, bottom * 0, of=7, share=False) is None
    assert contrast(school[5:], grade[5:], unit[5:], None, top[5:], bottom[5:], of=7, share=False) is None


def test_classes_that_do_not_vary():
    school, grade, unit = np.array([0, 0, 1, 1]), np.zeros(4, int), np.arange(4)
    one = contrast(school, grade, unit, None, whole(2, 2, 1, 1), np.ones(4), of=0, share=False)
    assert (one.difference, one.se, one.df, one.p) == (1, 0, 2, 0)
    same = contrast(school, grade, unit, None, whole(2, 2, 2, 2), np.ones(4), of=0, share=False)
    assert (same.difference, same.se, same.p) == (0, 0, 1)
    least = contrast(school, grade, unit, None, whole(1, 1, 1, 1), np.ones(4), of=0, share=True)
    variance = 5 / 6 * 1 / 6 * (1 / 2 + 1 / 2)
    assert least.se == pytest.approx(variance**0.5) and least.p == 1


# -- association -------------------------------------------------------------------------------------------------------


def test_contrasts_are_orthonormal_to_the_mean():
    for size in (2, 3, 4):
        c = _contrasts(size)
        assert c.T @ c == pytest.approx(np.eye(size - 1)) and c.sum(axis=0) == pytest.approx(
            np.zeros(size - 1), abs=1e-12
        )


def test_independence_of_a_simple_sample_is_pearson_s_test():
    """With the multinomial covariance of a table of independence Δ is the identity."""
    table = np.array([[10.0, 20, 5], [20, 25, 20]])
    n = table.sum()
    p = table / n
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    flat = p.ravel()
    multinomial = (np.diag(flat) - np.outer(flat, flat)) / n
    chi2, _, df, _ = stats.chi2_contingency(table, correction=False)
    one = independence(pd.DataFrame(p), multinomial, int(n), 40)
    assert one.pearson == pytest.approx(chi2) and one.pearson == pytest.approx(
        n * ((p - expected) ** 2 / expected).sum()
    )
    assert (one.n, one.status) == (100, "ok") and one.ndf == pytest.approx(2) and one.ddf == pytest.approx(80)
    assert one.statistic == pytest.approx(chi2 / 2) and one.p == pytest.approx(stats.f.sf(chi2 / 2, 2, 80))
    assert one.p_first_order == pytest.approx(stats.chi2.sf(chi2, df))
    twice = independence(pd.DataFrame(p), 3 * multinomial, int(n), 1)
    assert twice.statistic == pytest.approx(chi2 / 6) and twice.ddf == pytest.approx(2)
    assert twice.p_first_order == pytest.approx(stats.chi2.sf(chi2 / 3, 2))


def test_unequal_design_effects_cost_degrees_of_freedom():
    """Two effects of 2.5 and 0.5 in the contrasts of a 2 × 3 table of equal shares: 9/6.5 degrees of freedom."""
    p = np.full(6, 1 / 6)
    c = np.kron(_contrasts(2), _contrasts(3))
    covariance = c @ np.diag([2.5, 0.5]) @ c.T / (6 * 60)
    table = pd.DataFrame((p + c @ np.array([0.05, -0.02])).reshape(2, 3))
    even = independence(pd.DataFrame(p.reshape(2, 3)), covariance, 60, 7)
    assert (even.statistic, even.ndf) == (pytest.approx(0, abs=1e-12), pytest.approx(9 / 6.5))
    assert even.ddf == pytest.approx(63 / 6.5) and even.p == pytest.approx(1)
    assert independence(table, covariance, 60, 7).status == "ok"


def test_tables_that_allow_no_test():
    two = pd.DataFrame([[0.3, 0.2], [0.1, 0.4]])
    zero = np.zeros((4, 4))
    assert independence(two, zero, 0, 9).status == "no data"
    for table, covariance, df in ((two.iloc[:1], np.eye(2), 9), (two.iloc[:, :1], np.eye(2), 9), (two, np.eye(4), 0.9)):
        one = independence(table, covariance, 8, df)
        assert (one.status, one.pearson, one.statistic, one.n) == ("too few", None, None, 8)
    flat = independence(two, zero, 50, 9)
    assert (flat.status, flat.statistic, flat.p, flat.ndf) == ("too few", None, None, None)
    assert flat.pearson == pytest.approx(50 * (0.01 / 0.2 * 2 + 0.01 / 0.3 * 2))
    assert independence(two, np.eye(4), 50, 1).status == "ok"
    hole = pd.DataFrame([[0.5, 0.0], [0.2, 0.3]])
    p = hole.to_numpy().ravel()
    c = np.array([0.5, -0.5, -0.5, 0.5])
    w = np.where(p > 0, c / np.where(p > 0, p, 1), 0)
    covariance = (np.diag(p) - np.outer(p, p)) / 40 + np.diag([0.001, 0, 0.002, 0.0005])
    delta = (w @ covariance @ w) / (c @ w / 40)
    one = independence(hole, covariance, 40, 5)
    pearson = 40 * 0.15**2 / (0.5 * 0.5 * 0.7 * 0.3)
    assert one.pearson == pytest.approx(pearson) and one.statistic == pytest.approx(pearson / delta)
    assert one.ndf == pytest.approx(1) and one.ddf == pytest.approx(5)


# -- quantiles, points, reliability ------------------------------------------------------------------------------------


class Fixed:
    """Variances given beforehand."""

    def __init__(self, *values: float) -> None:
        self.values = whole(*values)

    def variances(self, ratio: Ratio) -> np.ndarray:
        return self.values


def setting(weights: np.ndarray, codes: list[int], spread: Fixed, **more: object) -> Setting:
    size = max(codes) + 1 if max(codes) >= 0 else 1
    split = Groups(np.array(codes), pd.Index(list("abcdef")[:size]))
    given = {"df": np.full(size, 9.0), "estimable": np.ones(size, bool), "level": 0.9, "replace": False}
    return Setting(weights, split, spread, **given | more)


def test_quantiles_of_one_group():
    values, cumulated = whole(2, 4, 7, 9), whole(1, 2, 3, 4)
    told = [_math(values, cumulated, p) for p in (-0.1, 0.0, 0.1, 0.25, 0.26, 0.5, 0.6, 0.75, 0.9, 1.0)]
    assert told == [2, 2, 4, 2, 4, 4, 7, 7, 9, 9]
    assert _math(whole(5), whole(2), 0.9) == _hf7(whole(5), whole(2), 0.9) == 5
    assert [_math(whole(3, 6), whole(2, 4), p) for p in (0.2, 0.5, 0.51)] == [6, 3, 6]
    assert [_hf7(values, cumulated, p) for p in (0, 0.1, 0.5, 1)] == pytest.approx(
        np.quantile(values, [0, 0.1, 0.5, 1])
    )
    assert _hf7(whole(1, 3, 8), whole(2, 5, 6), 0.5) == pytest.approx(3 + 5 * (0.1 / 0.6))


def test_a_ladder_has_the_values_of_each_group_in_order():
    one = setting(whole(1, 2, 3, 4, 5, 6), [1, 0, -1, 1, 0, 3], Fixed())
    ladder = Ladder(one, whole(9, 5, 1, 7, 2, 8))
    assert ladder.values.tolist() == [2, 5, 7, 9, 8] and ladder.weights.tolist() == [5, 2, 4, 1, 6]
    assert ladder.count.tolist() == [2, 2, 0, 1] and ladder.start.tolist() == [0, 2, 4, 4]
    assert [each.tolist() for each in ladder.cumulated] == [[5, 7], [4, 5], [], [6]]
    found = ladder.quantile(whole(0.5, np.nan, 0.5, 0.2), "math")
    assert found[0] == 5 and found[3] == 8 and np.isnan(found[1:3]).all()
    assert ladder.quantile(whole(0.5, 0.5, 0.5, 0.2), "hf7")[1] == 8


def test_quantiles_have_the_limits_of_the_share_below():
    y = np.arange(1.0, 21.0)
    one = setting(np.ones(22), [0] * 20 + [1, -1], Fixed(0.01, 0.01), df=whole(9, 9))
    found = quantile_results(one, np.append(y, [50, 99]), 0.5, "math", "mean")
    half = stats.t.ppf(0.95, 9) * 0.1
    ends = [np.ceil(20 * (0.5 + side * half)) for side in (-1, 1)]
    t = stats.t.ppf(0.95, 9)
    assert (found.value[0], found.lower[0], found.upper[0]) == (10, *ends)
    assert found.se[0] == pytest.approx((ends[1] - ends[0]) / (2 * t))
    assert found.n.tolist() == [20, 1] and found.df.tolist() == [9, 9] and found.method.tolist() == ["woodruff"] * 2
    assert (found.value[1], found.lower[1], found.upper[1], found.se[1]) == (50, 50, 50, 0)
    blank = quantile_results(setting(np.ones(20), [0] * 20, Fixed(0.01), df=whole(0.9)), y, 0.25, "hf7", "mean")
    assert blank.value[0] == 5.75 and np.isnan([blank.lower[0], blank.upper[0], blank.se[0]]).all()
    lost = quantile_results(
        setting(np.ones(20), [0] * 20, Fixed(0.01), estimable=np.array([False])), y, 0.25, "math", "mean"
    )
    assert lost.value[0] == 5 and np.isnan(lost.lower[0])
    none = quantile_results(setting(np.ones(2), [1, 1], Fixed(0, 0)), whole(3, 4), 0.5, "math", "mean")
    assert np.isnan([none.value[0], none.lower[0], none.df[0]]).all() and none.n.tolist() == [0, 2]
    wide = quantile_results(setting(np.ones(20), [0] * 20, Fixed(4.0), df=whole(1)), y, 0.5, "math", "mean")
    assert (wide.lower[0], wide.upper[0]) == (1, 20)
    low, high = _woodruff(whole(0.3), whole(0.002), whole(80), whole(20), 0.9, "xlogit")
    turn = stats.t.ppf(0.95, 20) * 0.002**0.5 / 0.21
    assert [low[0], high[0]] == pytest.approx([1 / (1 + np.exp(-(np.log(3 / 7) + s * turn))) for s in (-1, 1)])
    for q in (0, 1, -0.5, 1.5):
        with pytest.raises(UserError, match=f"q={q} 应在 0 与 1 之间"):
            quantile_results(one, y, q, "math", "mean")
    with pytest.raises(UserError, match="分位数规则“hf8”不可用"):
        quantile_results(one, y, 0.5, "hf8", "mean")


def test_a_simple_sample_would_have_this_variance():
    one = setting(whole(1, 3, 2, 4, 7), [0, 0, 1, -1, 1], Fixed())
    spread, n, mass = one.srs_variance(whole(2, 6, 1, 100, 1))
    assert spread == pytest.approx([(9 + 3) / 4 * 2, 0]) and n.tolist() == [2, 2] and mass.tolist() == [4, 9]
    assert one.deff(whole(1.5, 1), whole(2, 6, 1, 100, 1), total=False)[0] == pytest.approx(1.5 / (6 / 2 * (4 - 2) / 4))
    assert one.deff(whole(1.5, 1), whole(2, 6, 1, 100, 1), total=True)[0] == pytest.approx(1.5 / (1.5 * 16))
    assert np.isnan(one.deff(whole(1.5, 1), whole(2, 6, 1, 100, 1), total=False)[1])
    again = setting(whole(1, 3, 2, 4, 7), [0, 0, 1, -1, 1], Fixed(), replace=True)
    assert again.deff(whole(1.5, 1), whole(2, 6, 1, 100, 1), total=False)[0] == pytest.approx(0.5)
    light = setting(whole(0.5, 0.5, 3), [0, 0, 1], Fixed())  # weights of less than the sample: with replacement
    assert light.deff(whole(1.5, 1), whole(2, 6, 1), total=False)[0] == pytest.approx(1.5 / (8 / 2))
    assert np.isnan(light.deff(whole(1.5, 1), whole(2, 6, 1), total=False)[1])  # one row


def test_ratios_have_t_limits_where_a_variance_was_seen():
    w, y = whole(1, 1, 2, 2, 1, 1), whole(1, 3, 5, 6, 2, 4)
    one = setting(w, [0, 0, 1, 1, 2, 3], Fixed(0.25, 4, 1, 1), df=whole(5, 1, 0.5, 4), estimable=whole(1, 1, 1, 0) > 0)
    found = ratio_results(one, Ratio(one.groups, w * y, w, w), y, total=False)
    assert found.value.tolist() == [2, 5.5, 2, 4] and found.n.tolist() == [2, 2, 1, 1]
    assert found.se[:2].tolist() == [0.5, 2] and np.isnan(found.se[2:]).all() and found.df.tolist() == [5, 1, 0.5, 4]
    half = stats.t.ppf(0.95, 5) * 0.5, stats.t.ppf(0.95, 1) * 2
    assert found.lower[:2] == pytest.approx([2 - half[0], 5.5 - half[1]]) and np.isnan(found.lower[2:]).all()
    assert found.deff[0] == pytest.approx(0.25 / (2 / 2)) and np.isnan(found.deff[2:]).all()
    assert found.method.tolist() == ["t"] * 4 and found.level == 0.9
    nothing = ratio_results(one, Ratio(one.groups, w * y, whole(1, -1, 1, 1, 0, 1), w), y, total=False)
    assert np.isnan(nothing.value).tolist() == [True, False, True, False] and np.isnan(nothing.df[0])
    empty = setting(whole(0, 0, 1), [0, 0, 2], Fixed(1, 1, 1))
    told = ratio_results(
        empty, Ratio(empty.groups, whole(0, 0, 3), whole(0, 0, 1), whole(0, 0, 1)), whole(1, 2, 3), total=False
    )
    assert np.isnan(told.value).tolist() == [True, True, False]


def test_shares_of_none_and_all_take_kish_s_size():
    w = whole(1, 1, 2, 1, 1, 2, 1, 1)
    codes, y = [0, 0, 0, 1, 1, 1, 2, 2], whole(1, 1, 1, 0, 0, 0, 1, 0)
    one = setting(w, codes, Fixed(9, 9, 0.02), df=whole(4, 4, 4))
    found = share_results(one, Ratio(one.groups, w * y, w, w), y, "beta")
    assert found.value.tolist() == [1, 0, 0.5] and found.se == pytest.approx([0, 0, 0.02**0.5])
    size = 16 / 6 * (stats.t.ppf(0.95, 2) / stats.t.ppf(0.95, 4)) ** 2
    assert found.lower[0] == pytest.approx(0.05 ** (1 / size)) and found.upper[0] == 1
    assert found.upper[1] == pytest.approx(1 - 0.05 ** (1 / size)) and found.lower[1] == 0
    assert found.method.tolist() == ["beta"] * 3 and found.n.tolist() == [3, 3, 2]
    asin = share_results(one, Ratio(one.groups, w * y, w, w), y, "asin")
    assert asin.method.tolist() == ["beta", "beta", "asin"]
    assert share_results(one, Ratio(one.groups, w * y, w, w), y, "jeffreys").method.tolist() == ["jeffreys"] * 3
    blank = setting(w, codes, Fixed(9, 9, 0.02), df=whole(4, 0.5, 4), estimable=np.array([False, True, True]))
    told = share_results(blank, Ratio(one.groups, w * y, w, w), y, "beta")
    assert told.value.tolist() == [1, 0, 0.5] and np.isnan(told.lower).tolist() == [True, True, False]
    assert np.isnan(told.se).tolist() == np.isnan(told.upper).tolist() == [True, True, False]
    none = setting(w, [1, 1, 1, 1, 1, 1, 2, 2], Fixed(1, 0.01, 0.02))
    told = share_results(none, Ratio(none.groups, w * y, w, w), y, "beta")
    assert np.isnan([told.value[0], told.df[0], told.lower[0]]).all() and told.n[0] == 0


def test_variances_and_alpha_of_small_groups():
    w, y = whole(1, 3, 2, 2), whole(2, 6, 5, 7)
    one = setting(w, [0, 0, 1, -1], Fixed(0.04, 0.04))
    found = variance_results(one, y)
    assert found.value[0] == pytest.approx((9 + 3) / 4 * 2) and np.isnan(found.value[1])
    assert found.se[0] == pytest.approx(0.2)
    items = np.array([[1.0, 2, 1], [3, 3, 4], [5, 4, 3], [2, 5, 2], [2, 2, 2], [4, 4, 4]])
    many = setting(np.ones(6), [0, 0, 0, 0, 1, 1], Fixed(0.01, 0.01))
    told = alpha_results(many, items)
    first = items[:4]
    share = first.var(axis=0, ddof=1).sum() / first.sum(axis=1).var(ddof=1)
    half = stats.t.ppf(0.95, 9) * 0.1 * 1.5
    alpha = 1.5 * (1 - share)
    assert told.value == pytest.approx([alpha, 1.0])
    assert (told.se[0], told.lower[0]) == (pytest.approx(0.15), pytest.approx(alpha - half))
    assert told.upper == pytest.approx([min(alpha + half, 1), 1.0]) and np.isnan(told.deff).all()
    flat = alpha_results(setting(np.ones(3), [0, 0, 1], Fixed(0, 0)), np.array([[1.0, 2], [2, 1], [4, 4]]))
    assert np.isnan(flat.value).all()  # sums that do not vary
    pair = alpha_results(setting(np.ones(4), [0] * 4, Fixed(0.01)), first[:, :2])
    share = first[:, :2].var(axis=0).sum() / first[:, :2].sum(axis=1).var()
    assert pair.value[0] == pytest.approx(2 * (1 - share)) and pair.se[0] == pytest.approx(0.2)


def test_groups_of_three_and_groups_without_weight():
    w, y = whole(2, 3, 1, 0, 0), whole(1, 0, 1, 1, 0)
    one = setting(w, [0, 0, 0, 1, 1], Fixed(0.03, 0.5), df=whole(1, 4))
    found = share_results(one, Ratio(one.groups, w * y, w, w), y, "mean")
    spread = 0.25 * 3 / 2
    assert found.deff[0] == pytest.approx(0.03 / (spread / 3 * (6 - 3) / 6)) and found.value[0] == 0.5
    half = stats.t.ppf(0.95, 1) * 0.03**0.5
    assert (found.lower[0], found.upper[0]) == pytest.approx((0.5 - half, 0.5 + half)) and found.method[0] == "mean"
    assert np.isnan([found.value[1], found.df[1], found.se[1], found.deff[1]]).all() and found.n.tolist() == [3, 2]
    total = ratio_results(one, Ratio(one.groups, w * y, None, w), y, total=True)
    assert total.value[0] == 3 and np.isnan(total.value[1]) and np.isnan(total.df[1])
    assert total.deff[0] == pytest.approx(0.03 / (spread / 3 * 0.5 * 36))
    assert one.srs_variance(y)[0] == pytest.approx([spread, 0])
    by_name = ratio_results(setting=one, ratio=Ratio(one.groups, w * y, w, w), values=y, total=False)
    assert by_name.value[0] == 0.5 and one.deff(variance=whole(0.03, 1), values=y, total=False)[0] == found.deff[0]
    tiny = share_results(
        setting(w[:3], [0, 0, 0], Fixed(1e-27)),
        Ratio(one.groups, w * y, w, w).__class__(
            Groups(np.zeros(3, dtype=int), pd.Index(["a"])), (w * y)[:3], w[:3], w[:3]
        ),
        y[:3],
        "xlogit",
    )
    assert tiny.se.tolist() == [0] and tiny.method.tolist() == ["beta"]


@pytest.mark.parametrize("share", [True, False])
def test_a_contrast_over_three_weeks_by_hand(share):
    """Two classes of the school and two of another, in one grade; denominators of 2, so that ratios are halves."""
    unit, week = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
    school, grade = np.repeat([1, 1, 0, 0], 3), np.full(12, 5)
    top = whole(2, 0, 1, 1, 1, 2, 0, 1, 0, 2, 1, 0)
    bottom = np.full(12, 2.0)
    one = contrast(school=school, grade=grade, unit=unit, week=week, top=top, bottom=bottom, of=1, share=share)
    ratio = top.reshape(4, 3).sum(axis=1) / 6
    a = whole(0.5, 0.5, -0.5, -0.5)
    first = ((ratio[0] - ratio[1]) ** 2 + (ratio[2] - ratio[3]) ** 2) / 2 / 2 * 1.0
    z = ((top.reshape(4, 3) - 2 * ratio[:, None]) * (a / 6)[:, None]).sum(axis=0)
    second = 1.3 * (1.5 * (z[0] - z[2]) ** 2 + 0.5 * (z[0] - 2 * z[1] + z[2]) ** 2) / 2
    variance = first + second
    df = variance**2 / (first**2 / 2 + second**2 / 2)
    p = (11 + 2) / (24 + 4)
    variance = max(variance, p * (1 - p) * 2 * (2 / 12)) if share else variance
    assert one.difference == pytest.approx(a @ ratio) and one.se == pytest.approx(variance**0.5)
    assert one.df == pytest.approx(df) and one.base == 12
    assert one.p == pytest.approx(2 * stats.t.sf(abs(a @ ratio) / variance**0.5, df))
    few = contrast(school, grade, unit, np.minimum(week, 1), top, bottom, of=1, share=share)
    assert few.se is None and few.difference == pytest.approx(a @ ratio)


def test_a_single_design_effect_of_less_than_one_is_enough_for_a_test():
    p = np.array([[0.3, 0.2], [0.1, 0.4]])
    c = np.array([0.5, -0.5, -0.5, 0.5])
    w = c / p.ravel()
    multinomial = (np.diag(p.ravel()) - np.outer(p.ravel(), p.ravel())) / 80
    one = independence(pd.DataFrame(p), 0.01 * multinomial, 80, 6)
    delta = 0.01 * (w @ multinomial @ w) * 80 / float(c @ w)
    assert delta < 0.1 and one.status == "ok" and one.ndf == pytest.approx(1)
    assert one.statistic == pytest.approx(80 * 0.01 * (2 / 0.2 + 2 / 0.3) / delta)


def test_the_weeks_of_every_group_are_counted_from_its_first():
    week, z = np.array([0, 1, 4, 2, 3, 9, 11]), whole(2, 3, 7, 4, -1, 6, 8)
    group = np.array([0, 0, 0, 1, 1, 1, 1])
    variance, df = total_variance(group=group, week=week, residual=z, groups=2)
    waves = [2**0.5 * np.cos(np.pi * j * (np.arange(4) + 0.5) / 4) for j in (1, 2, 3)]
    first = 1.3 * (1.5 * 25 + 0.5 * 9) / 2
    assert variance == pytest.approx([first, 1.3 * sum((z[3:] @ wave) ** 2 for wave in waves) / 3])
    assert df.tolist() == [2, 3]


def test_parts_of_a_class_day_and_shares_inside():
    low, high = share_limits(whole(40), whole(100), whole(3), whole(16), whole(2))
    assert (low[0], high[0]) == pytest.approx((33 / 106, 53 / 106))
    by_name = share_limits(yes=whole(0.1), base=whole(0.4), cell=whole(0), variance=whole(0), factor=whole(2))
    assert [each[0] for each in by_name] == [0.25, 0.25]
    group = unit = np.zeros(3, int)
    top, bottom = whole(0.1, 0.05, 0.0), whole(0.2, 0.1, 0.1)
    residual = residuals(unit, top, bottom)
    assert residual == pytest.approx(top - 0.375 * bottom)
    day = 0.06 / 0.4
    expected = day * ((residual**2).sum() + day**2) / (0.375 * 0.625 * 0.06 + day**2)
    assert _cell(group, unit, residual, top, bottom, whole(0.4)) == pytest.approx([expected])
    one = ratios(group=group, unit=unit, week=np.arange(3), top=top, bottom=bottom, groups=1, share=True)
    v = 1.3 * (1.5 * (residual[0] - residual[2]) ** 2 + 0.5 * (residual[0] - 2 * residual[1] + residual[2]) ** 2) / 2
    half = T[2] * (v + expected**2) ** 0.5
    ends = (
        max((0.15 + expected - half) / (0.4 + 2 * expected), 0),
        min((0.15 + expected + half) / (0.4 + 2 * expected), 1),
    )
    assert (one.lower[0], one.upper[0]) == pytest.approx(ends)


def test_variances_of_light_weights_and_of_three_answers():
    w, y = whole(0.1, 0.3, 0.2, 0, 0), whole(2, 6, 5, 4, 4)
    one = setting(w, [0, 0, 0, 1, 1], Fixed(0.04, 0.04))
    found = variance_results(one, y)
    mean = 3.0 / 0.6
    square = (y[:3] - mean) ** 2 * 1.5
    value = float((w[:3] * square).sum() / 0.6)
    assert found.value[0] == pytest.approx(value) and np.isnan(found.value[1]) and found.n.tolist() == [3, 2]
    spread = float((w[:3] * (square - value) ** 2).sum() / 0.6) * 1.5 / 3
    assert found.deff[0] == pytest.approx(0.04 / spread)
    items = np.array([[1.0, 2], [3, 3], [5, 4], [1, 1], [1, 2]])
    told = alpha_results(one, items)

    def squares(values: np.ndarray) -> float:
        return float((w[:3] * (values[:3] - w[:3] @ values[:3] / 0.6) ** 2).sum())

    ratio = (squares(items[:, 0]) + squares(items[:, 1])) / squares(items.sum(axis=1))
    assert told.value[0] == pytest.approx(2 * (1 - ratio)) and np.isnan(told.value[1])
    near = np.array([[1.0, 1], [1 + 1e-5, 1], [1, 1 + 1e-5], [0, 0], [0, 0]])  # little, but it varies
    assert np.isfinite(alpha_results(one, near).value[0])


def test_quantiles_of_one_degree_of_freedom():
    y = np.arange(1.0, 21.0)
    one = quantile_results(setting(np.ones(20), [0] * 20, Fixed(1e-4), df=whole(1)), y, 0.5, "hf7", "mean")
    half = 6.313751515 * 0.01
    assert (one.lower[0], one.upper[0]) == pytest.approx((1 + 19 * (0.5 - half), 1 + 19 * (0.5 + half)))
    assert one.se[0] == pytest.approx(19 * 0.01)
    end = quantile_results(setting(np.ones(20), [0] * 20, Fixed(0.01)), y, 0.99, "math", "mean")
    assert (end.value[0], end.upper[0]) == (20, 20)
