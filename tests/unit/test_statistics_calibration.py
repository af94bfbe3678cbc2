"""Calibration, shrinkage, likeness of answers, funnels and limits of shares: small cases by hand, by scipy, at the edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from analysis.house import UserError
from analysis.statistics import calibration as module
from analysis.statistics.calibration import Calibration, _distance, checked_bounds, constraints, g_weights
from analysis.statistics.columns import Groups
from analysis.statistics.funnel import _places, binomial_band, funnel
from analysis.statistics.intervals import (
    beta_limits,
    effective_size,
    jeffreys_limits,
    share_limits,
    t_factor,
    t_limits,
)
from analysis.statistics.intraclass import Intraclass, intraclass, pooled
from analysis.statistics.results import Results
from analysis.statistics.shrinkage import _log_likelihood, _maximum, rank_intervals, shrink
from analysis.statistics.stages import Stage

INF = np.inf
FREE = (-INF, INF)


def whole(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


FRAME = pd.DataFrame({"g": list("abab"), "h": [1, 1, 2, 2], "x": [3.0, -1.0, 2.0, 5.0], "k": ["u", "v", None, "u"]})


def test_totals_become_constraints():
    x, goal = constraints(FRAME, {"g": {"a": 10, "b": 30}})
    assert x.tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]] and goal.tolist() == [10, 30]
    x, goal = constraints(FRAME, {"g": {"a": 10, "b": 30}, "x": 44, "h": pd.Series({2: 25, 1: 15})})
    assert x.tolist() == [[1, 0, 3, 1], [0, 1, -1, 1], [1, 0, 2, 0], [0, 1, 5, 0]]
    assert goal.tolist() == [10, 30, 44, 15]
    crossed = {("a", 1): 1, ("a", 2): 2, ("b", 2): 4, ("b", 1): 3, ("c", 9): 0}
    x, goal = constraints(FRAME, {("g", "h"): crossed})
    assert goal.tolist() == [1, 2, 4, 3]
    assert x.tolist() == [[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]]
    x, goal = constraints(FRAME, {("g",): {"b": 30, "a": 10, "z": 0}})
    assert x.tolist() == [[0, 1], [1, 0]] * 2 and goal.tolist() == [30, 10]
    near = {"g": {"a": 10, "b": 30}, "h": {1: 15, 2: 25 + 3e-8}}
    assert constraints(FRAME, near)[1].tolist() == [10, 30, 25 + 3e-8]


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({}, "至少需要一个已知总数"),
        ({"k": {"u": 1, "v": 2}}, "“k”列第 3 行：读到“.*”，校准用的类别不能缺"),
        ({"g": {"a": 1}}, "“g”列第 2 行（共 2 行）：读到“b”，总数表中没有这一类"),
        ({("g", "h"): {("a", 1): 1, ("b", 1): 1, ("a", 2): 1}}, "“g×h”列第 4 行"),
        ({"g": {"a": 1, "b": -0.5}}, "“g”的总数应为不小于 0 的数字"),
        ({"g": {"a": 1, "b": INF}}, "“g”的总数应为不小于 0 的数字"),
        ({"g": {"a": 1, "b": 2, "c": 0.5}}, "“g”的“c”有总数，却没有一份回答"),
        ({"g": {"a": 1, "b": 0}}, "“g”的“b”总数为 0，却有回答"),
        ({"g": {"a": 10, "b": 30}, "h": {1: 15, 2: 25.001}}, "“h”各类合计 40.001，与前面类别的合计 40 不一致"),
        ({"y": 1}, "没有“y”列"),
    ],
)
def test_totals_that_cannot_be_are_refused(totals, said):
    with pytest.raises(UserError, match=said.replace("(", "\\(")):
        constraints(FRAME, totals)


def test_gaps_in_a_numeric_column_are_refused():
    with pytest.raises(UserError, match="“x”列第 2 行：读到“nan”，校准用的数值不能缺"):
        constraints(FRAME.assign(x=[1, None, 2, 3]), {"x": 5})


def test_bounds_have_one_between_them():
    assert checked_bounds("linear", None) == checked_bounds("raking", None) == FREE
    assert checked_bounds("linear", (0, "2")) == (0.0, 2.0) and checked_bounds("raking", (-INF, INF)) == FREE
    assert checked_bounds("logit", (0.5, 2)) == (0.5, 2)
    for method, bounds in (
        ("linear", (1, 2)),
        ("linear", (0, 1)),
        ("logit", (0.5, INF)),
        ("logit", (-INF, 3)),
        ("raking", (2, 3)),
    ):
        with pytest.raises(UserError, match="应把 1 夹在中间"):
            checked_bounds(method, bounds)
    with pytest.raises(UserError, match=r"夹在中间且有限。"):
        checked_bounds("logit", (0.5, INF))
    with pytest.raises(UserError, match=r"夹在中间。"):
        checked_bounds("linear", (1, 2))
    with pytest.raises(UserError, match="logit 校准需要 bounds"):
        checked_bounds("logit", None)
    with pytest.raises(UserError, match="校准方法“ols”不可用"):
        checked_bounds("ols", None)


def test_cells_are_scaled_and_numbers_regressed():
    cells = np.array([[1.0, 0], [1, 0], [0, 1]])
    assert g_weights(cells, whole(1, 3, 2), whole(8, 1), "logit", (0.4, 3)).tolist() == [2, 2, 0.5]
    assert g_weights(cells, whole(1, 3, 2), whole(8, 1), "linear", (0.5, 2)).tolist() == [2, 2, 0.5]
    x, w = np.array([[1.0, 2], [1, 5], [1, 9], [1, 4]]), whole(2, 1, 1, 3)
    goal = whole(8, 40)
    slope = np.linalg.solve((x * w[:, None]).T @ x, goal - w @ x)
    assert g_weights(x, w, goal, "linear", FREE) == pytest.approx(1 + x @ slope)
    for method, bounds in (("raking", FREE), ("logit", (0.2, 4)), ("linear", (0.6, 2.2))):
        g = g_weights(x, w, goal, method, bounds)
        assert (w * g) @ x == pytest.approx(goal, rel=1e-9) and (g >= bounds[0]).all() and (g <= bounds[1]).all()
    fixed = np.log(g_weights(x, w, goal, "raking", FREE))
    assert fixed - x @ np.linalg.lstsq(x, fixed, rcond=None)[0] == pytest.approx(np.zeros(4), abs=1e-9)
    with pytest.raises(UserError, match=r"在权数倍数 0.9–1.1 之内达不到给定的总数（相对差"):
        g_weights(x, w, goal, "linear", (0.9, 1.1))
    with pytest.raises(UserError, match="达不到"):
        g_weights(cells, whole(1, 3, 2), whole(12, 1), "linear", (0.4, 2))
    with pytest.raises(UserError, match="达不到"):
        g_weights(cells, whole(1, 3, 0), whole(8, 1), "linear", FREE)
    twice = np.column_stack([x, x[:, 1]])  # a column said twice
    assert g_weights(twice, w, whole(8, 40, 40), "linear", FREE) == pytest.approx(1 + x @ slope)


def test_factors_clip_at_their_bounds():
    g, slope = _distance("raking", (0.5, 2.0), np.log([0.4, 0.5, 1.0, 2.0, 3.0]))
    assert g == pytest.approx([0.5, 0.5, 1, 2, 2]) and slope[[0, 2, 4]].tolist() == [0, 1, 0]
    far, flat = _distance("logit", (0.5, 2.0), whole(-1e4, 0, 1e4))
    assert far == pytest.approx([0.5, 1, 2]) and flat == pytest.approx([0, 1, 0], abs=1e-12)
    assert _distance("raking", FREE, whole(-600, 600))[0] == pytest.approx(np.exp([-500, 500]))


def test_values_and_slopes_of_each_method():
    u = whole(-0.4, 0.0, 0.3)
    assert [each.tolist() for each in _distance("linear", FREE, u)] == [[0.6, 1.0, 1.3], [1.0, 1.0, 1.0]]
    g, slope = _distance("raking", FREE, u)
    assert g == pytest.approx(np.exp(u)) and slope == pytest.approx(np.exp(u))
    low, high = 0.4, 3.0
    a = (high - low) / ((1 - low) * (high - 1))
    e = np.exp(a * u)
    g, slope = _distance("logit", (low, high), u)
    assert g == pytest.approx((low * (high - 1) + high * (1 - low) * e) / (high - 1 + (1 - low) * e))
    # G' = (g − low)(high − g) / ((1 − low)(high − 1)), of the logistic curve
    assert slope == pytest.approx((g - low) * (high - g) / ((1 - low) * (high - 1)))


def test_the_projection_of_a_calibration():
    x = np.array([[1.0, 2, 4], [1, 5, 10], [1, 9, 18], [1, 4, 8]])  # the last column is twice the second
    w = whole(2, 1, 1, 3)
    one = Calibration.solve(x, whole(8, 40, 80), w, "linear", FREE)
    assert one.basis().shape == (4, 2) and one.before is w
    assert one.dual().T @ one.basis() == pytest.approx(np.eye(2), abs=1e-12)
    y = whole(3, 1, 4, 1)
    z = w * one.g * y
    fitted = x[:, :2] @ np.linalg.lstsq(x[:, :2] * np.sqrt(w)[:, None], y * np.sqrt(w), rcond=None)[0]
    assert z - one.basis() @ (one.dual().T @ z) == pytest.approx(w * one.g * (y - fitted), abs=1e-10)
    assert one.repeated(w) == pytest.approx(w * one.g)
    none = Calibration(np.ones((3, 1)), whole(2), "linear", FREE, whole(1, 0, 1), np.ones(3))
    assert none.dual()[1].tolist() == [0.0] and np.isfinite(none.dual()).all()
    assert (module.STEPS, module.CLOSE, module.ENOUGH) == (200, 1e-13, 1e-9)


# -- likeness ----------------------------------------------------------------------------------------------------------


def plain_stage(unit: list[int], stratum: list[int]) -> Stage:
    size = np.bincount(stratum).astype(float)
    strata = len(size)
    return Stage(np.array(unit), np.array(stratum), np.zeros(strata, int), size, np.full(strata, INF), np.ones(strata))


def test_likeness_by_hand():
    """Units of 1, 3 | 2, 2 answers in two strata: MSB and MSW with n₀ = ((4 − 10/4) + (4 − 8/4))/2 = 1.75."""
    unit, y = [0, 1, 1, 1, 2, 2, 3, 3], whole(4, 1, 2, 3, 7, 9, 2, 2)
    stage = plain_stage(unit, [0, 0, 1, 1])
    one = intraclass(stage, y, np.ones(8, bool))
    between = (1 * 1.5**2 + 3 * 0.5**2 + 2 * 3**2 + 2 * 3**2) / 2
    within = (2 + 2) / 4
    assert one.value == pytest.approx((between - within) / (between + 0.75 * within)) and one.df == 2
    part = intraclass(stage, np.where(np.arange(8) < 4, y, 99), np.arange(8) < 4)
    assert part.value == pytest.approx((3 - 1) / (3 + 0.5 * 1)) and part.df == 1
    alike = intraclass(stage, whole(1, 0, 1, 2, 3, 5, 3, 5), np.ones(8, bool))
    assert alike == Intraclass(0.0, 2.0)
    assert intraclass(stage, whole(4, 1, 1, 1, 7, 7, 2, 2), np.ones(8, bool)).value == pytest.approx(1)
    assert intraclass(stage, np.ones(8), np.ones(8, bool)) == Intraclass(0.0, 2.0)
    single = intraclass(plain_stage([0, 1, 2, 3], [0, 0, 1, 1]), whole(1, 2, 3, 4), np.ones(4, bool))
    assert single == Intraclass(0.0, 0.0)  # one answer a unit
    assert intraclass(plain_stage([0, 0, 1, 1], [0, 1]), whole(1, 2, 3, 4), np.ones(4, bool)) == Intraclass(0.0, 0.0)
    two = intraclass(plain_stage([0, 0, 1], [0, 0]), whole(1, 3, 5), np.ones(3, bool))  # one left within
    between = 2 * (2 - 3) ** 2 + (5 - 3) ** 2
    assert two.value == pytest.approx((between - 2) / (between + (3 - 5 / 3 - 1) * 2)) and two.df == 1


def test_few_units_take_the_pooled_likeness():
    stage = plain_stage([0, 0, 1, 1, 2, 3], [0, 0, 0, 0])
    w = whole(1, 2, 1, 1, 3, 1)
    split = Groups(np.array([0, 0, 0, 0, 1, 2]), pd.Index(list("abc")))
    blank = np.full(3, np.nan)
    given = Results(
        value=whole(0.6, 1.0, 0.4),
        se=whole(0.01, 0.0, 0.1),
        lower=whole(0.5, 0.2, np.nan),
        upper=whole(0.7, 1.0, np.nan),
        df=whole(1, 29.9, 0),
        n=whole(4, 1, 1),
        deff=blank,
        method=np.array(["beta"] * 3),
        level=0.9,
    )
    rho = 0.3
    found = pooled(given, split, w, stage, Intraclass(rho, 12.0))
    d = max((rho * (9 + 4) + 0.7 * 7) / 25, 1 / 4)
    variance = 0.24 * d
    assert found.se[:2] == pytest.approx([variance**0.5, 0]) and found.df.tolist() == [12, 29.9, 0]
    size = 1 / d * (stats.t.ppf(0.95, 3) / stats.t.ppf(0.95, 12)) ** 2
    ends = stats.beta.ppf([0.05, 0.95], size * 0.6 + 0.5, size * 0.4 + 0.5)
    assert (found.lower[0], found.upper[0]) == pytest.approx(tuple(ends))
    assert found.lower[1] == pytest.approx(stats.beta.ppf(0.05, 1.5, 0.5)) and found.upper[1] == 1
    assert found.deff[:2] == pytest.approx([4 * d, 1.0]) and found.method.tolist() == ["jeffreys", "jeffreys", "beta"]
    assert np.isnan([found.lower[2], found.upper[2], found.deff[2]]).all() and found.se[2] == 0.1
    assert pooled(given, split, w, stage, Intraclass(rho, 0.9)) is given
    assert pooled(given, split, w, stage, Intraclass(rho, 1.0)) is not given
    many = Results(
        *(getattr(given, name) for name in ("value", "se", "lower", "upper")),
        whole(30, 31, 40),
        given.n,
        blank,
        given.method,
        0.9,
    )
    assert pooled(many, split, w, stage, Intraclass(rho, 12.0)) is many
    own = Results(
        whole(0.6, 1, 0.4), whole(0.4, 0, 0.1), given.lower, given.upper, given.df, given.n, blank, given.method, 0.9
    )
    kept = pooled(own, split, w, stage, Intraclass(rho, 12.0))
    assert kept.se[0] == 0.4 and kept.deff[0] == pytest.approx(4 * 0.16 / 0.24)


# -- limits of shares --------------------------------------------------------------------------------------------------


def test_quantiles_of_t():
    assert t_factor(0.9, whole(0.99, 1, 5, INF)) == pytest.approx([0, 6.313751515, 2.015048373, 1.644853627])
    assert float(t_factor(0.95, 3)) == pytest.approx(3.182446305)
    low, high = t_limits(whole(2), whole(3), whole(5), 0.9)
    assert (low[0], high[0]) == pytest.approx((2 - 3 * 2.015048373, 2 + 3 * 2.015048373))


def test_exact_limits_keep_nought_and_one():
    low, high = beta_limits(whole(0, 0.25, 1), whole(8, 8, 8), 0.9)
    assert low == pytest.approx([0, stats.beta.ppf(0.05, 2, 7), 0.05 ** (1 / 8)])
    assert high == pytest.approx([1 - 0.05 ** (1 / 8), stats.beta.ppf(0.95, 3, 6), 1])
    low, high = jeffreys_limits(whole(0, 0.25, 1), whole(8, 8, 8), 0.9)
    assert low == pytest.approx([0, stats.beta.ppf(0.05, 2.5, 6.5), stats.beta.ppf(0.05, 8.5, 0.5)])
    assert high == pytest.approx([stats.beta.ppf(0.95, 0.5, 8.5), stats.beta.ppf(0.95, 2.5, 6.5), 1])
    low, high = beta_limits(whole(0.05, 0.95), whole(10, 10), 0.9)  # half an answer is some
    assert low[0] == pytest.approx(stats.beta.ppf(0.05, 0.5, 10.5)) and low[0] > 0
    assert high[1] == pytest.approx(stats.beta.ppf(0.95, 10.5, 0.5)) and high[1] < 1
    low, high = jeffreys_limits(whole(0.05, 0.95), whole(10, 10), 0.9)
    assert low[0] == pytest.approx(stats.beta.ppf(0.05, 1, 10)) and high[1] == pytest.approx(
        stats.beta.ppf(0.95, 10, 1)
    )


def test_effective_sizes_and_fallbacks():
    size = effective_size(whole(0.2, 0.2, 0.2), whole(0.004, 0.004, 0), whole(50, 2, 50), whole(9, 0.5, 49), 0.95)
    ratio = stats.t.ppf(0.975, 49) / stats.t.ppf(0.975, 9)
    assert size == pytest.approx([40 * ratio**2, 40 * stats.t.ppf(0.975, 1) ** 2, 0.16])
    args = whole(0, 1, 0), whole(0, 0, 0), whole(30, 1, 30), whole(9, 9, 0.5), 0.95
    low, high, flat = share_limits(*args, "beta")
    own = 30 * (stats.t.ppf(0.975, 29) / stats.t.ppf(0.975, 9)) ** 2
    assert flat.all() and high[0] == pytest.approx(1 - 0.025 ** (1 / own)) and low[1] == pytest.approx(0.025)
    assert high[2] == pytest.approx(1 - 0.025 ** (1 / (30 * stats.t.ppf(0.975, 29) ** 2)))
    low, high, flat = share_limits(*args, "beta", whole(0, 5, 6))
    assert high[0] == pytest.approx(1) and low[1] == pytest.approx(0.025 ** (1 / 5))
    one = share_limits(whole(0.5), whole(0), whole(2), whole(1), 0.95, "jeffreys")
    assert one[0][0] == pytest.approx(stats.beta.ppf(0.025, 1.5, 1.5)) and one[2].all()
    steep = share_limits(whole(0.01, 0.99), whole(0.04, 0.04), whole(9, 9), whole(9, 9), 0.95, "asin")
    assert steep[0][0] == 0 and steep[1][1] == pytest.approx(1) and not steep[2].any()


def test_a_share_of_nought_or_one_falls_back_whatever_variance_is_told():
    for method in ("beta", "mean", "xlogit", "asin", "jeffreys"):
        args = whole(0, 1, 0.4), whole(0.01, 0.01, 0), whole(20, 20, 2), whole(19, 19, 1), 0.9, method
        low, high, flat = share_limits(*args)
        assert flat.all() and low[0] == 0 and high[1] == 1
        ends = (
            (stats.beta.ppf(0.95, 0.5, 20.5), stats.beta.ppf(0.05, 0.8 + 0.5, 1.2 + 0.5))
            if method == "jeffreys"
            else (1 - 0.05 ** (1 / 20), stats.beta.ppf(0.05, 0.8, 1.2 + 1))
        )
        assert (high[0], low[2]) == pytest.approx(ends) and 1 - low[1] == pytest.approx(high[0])
    t = 6.313751515  # one degree of freedom
    p, se = 0.3, 0.02
    low, high, flat = share_limits(whole(p), whole(se**2), whole(40), whole(1), 0.9, "mean")
    assert (low[0], high[0]) == pytest.approx((p - t * se, p + t * se)) and not flat[0]
    low, high, _ = share_limits(whole(p), whole(se**2), whole(40), whole(1), 0.9, "xlogit")
    turn = t * se / 0.21
    assert (low[0], high[0]) == pytest.approx(tuple(special.expit(special.logit(p) + side * turn) for side in (-1, 1)))
    low, high, _ = share_limits(whole(p), whole(se**2), whole(40), whole(1), 0.9, "asin")
    angle, turn = np.arcsin(p**0.5), t * se / (4 * 0.21) ** 0.5
    assert (low[0], high[0]) == pytest.approx((np.sin(angle - turn) ** 2, np.sin(angle + turn) ** 2))
    low, high, _ = share_limits(whole(p), whole(se**2), whole(40), whole(1), 0.9, "beta")
    size = 0.21 / se**2 * (stats.t.ppf(0.95, 39) / t) ** 2
    assert low[0] == pytest.approx(stats.beta.ppf(0.05, size * p, size * (1 - p) + 1))


def test_limits_of_a_funnel_by_their_names():
    one = funnel([0.4, 0.6, 0.9], [50, 60, 40], centre=0.6, levels=(0.8, 0.9))
    root = (0.24 / np.array([50, 60, 40])) ** 0.5
    z = (np.array([0.4, 0.6, 0.9]) - 0.6) / root
    assert one.table["chance_z"].to_numpy() == pytest.approx(z, abs=1e-12) and one.homogeneity.df == 3
    assert one.homogeneity.chi2 == pytest.approx((z**2).sum())
    assert one.table["z"].to_numpy() == pytest.approx(z / one.dispersion**0.5, abs=1e-12)
    inner, outer = (binomial_band(0.6, one.dispersion, whole(30), level) for level in (0.8, 0.9))
    row = one.limits(sizes=[30]).iloc[0]
    assert (row["lower"], row["inner_lower"], row["inner_upper"], row["upper"]) == (
        outer[0][0], inner[0][0], inner[1][0], outer[1][0],
    )  # fmt: skip
    chance = one.limits([30], chance=True).iloc[0]
    assert chance["upper"] == binomial_band(0.6, 1.0, whole(30), 0.9)[1][0] < row["upper"]
    both = funnel([0.5, 0.7], [40, 60])
    z = (np.array([0.5, 0.7]) - 0.62) / (0.62 * 0.38 / np.array([40, 60])) ** 0.5
    assert both.homogeneity.df == 1 and both.homogeneity.p == pytest.approx(stats.chi2.sf((z**2).sum(), 1))
    assert funnel([0.5], [40]).homogeneity is None
    assert funnel([0.5, 0.9], [1.0, 0.5]).table["n"].tolist() == [1.0, 0.5]


# -- funnels and shrinkage ---------------------------------------------------------------------------------------------


def test_a_funnel_says_where_units_lie():
    one = funnel(value=[0.5, 0.5, 0.9, 0.1, 0.63], n=[100, 100, 100, 100, 100])
    assert one.table["chance"].tolist() == ["within", "within", "above", "below", "high"]
    assert one.centre == pytest.approx(0.526) and one.dispersion > 1 and one.levels == (0.95, 0.998)
    assert one.beyond() == [2, 3] and set(one.beyond(chance=False)) <= {2, 3}
    plain = funnel([0.5, 0.9], [100, 100], overdispersion=False)
    assert plain.dispersion == 1.0 and plain.table["place"].equals(plain.table["chance"].rename("place"))
    sizes, share = whole(40, 40, 40, 40, 40), whole(0.5, 0.3, 0.7, 0.1, 0.9)
    assert _places(share, 0.5, 1.0, sizes, (0.95, 0.998)).tolist() == ["within", "low", "high", "below", "above"]
    assert _places(share, 0.5, 100.0, sizes, (0.95, 0.998)).tolist() == ["within"] * 5
    certain = funnel([1.0, 1.0, 1.0], [9, 8, 7])
    assert certain.centre == 1.0 and certain.homogeneity is None and certain.dispersion == 1.0
    assert certain.table["z"].tolist() == [0, 0, 0] and certain.table["p"].tolist() == [1, 1, 1]
    assert certain.table["place"].tolist() == ["within"] * 3
    assert funnel([0.0, 0.0], [9, 8]).table["chance_p"].tolist() == [1, 1]
    with pytest.raises(UserError, match="没有可比较的单位"):
        funnel([None, 0.5], [3, 0])
    low, high = binomial_band(0.5, 2.0, whole(40, 400), 0.9)
    assert low + high == pytest.approx([1, 1]) and (low[0] < low[1]) and np.isfinite(low).all()


def test_the_likelihood_is_the_beta_binomial_one():
    yes, n = whole(3, 7), whole(10, 9)
    for mean, strength in ((0.4, 5.0), (0.9, 0.7)):
        expected = sum(
            special.betaln(mean * strength + y, (1 - mean) * strength + m - y)
            - special.betaln(mean * strength, (1 - mean) * strength)
            for y, m in zip(yes, n, strict=True)
        )
        found = _log_likelihood(yes, n, np.array([mean, 0.5]), np.array([strength, 2.0]))
        assert found.shape == (2,) and found[0] == pytest.approx(expected)


def test_units_that_are_alike_have_no_bound_to_their_likeness():
    alike = shrink(value=[0.7] * 5, n=[50] * 5, draws=200)
    assert alike.strength == INF and alike.table["value"].tolist() == pytest.approx([0.7] * 5, rel=1e-4)
    assert _maximum(np.full(4, 35.0), np.full(4, 50.0)) == pytest.approx((0.7, 1e6))
    apart = shrink([0.1, 0.9, 0.5], [40, 40, 40], level=0.8, draws=400, seed=3)
    assert 0.1 < apart.strength < 50 and apart.level == 0.8
    assert apart.table["rank"].tolist() == [3, 1, 2]
    assert " ".join(apart.table.columns) == "observed n value lower upper rank rank_lower rank_upper"
    assert _maximum(whole(0, 0), whole(9, 9))[0] < 0.01 and _maximum(whole(9, 9), whole(9, 9))[0] > 0.99


def test_units_without_a_share_are_left_out_of_a_shrinkage():
    some = shrink(pd.Series([0.5, None, 0.6, 0.8], index=list("abcd")), [20, 30, 40, 0], draws=100)
    assert some.table.index.tolist() == ["a", "c"] and some.table["n"].tolist() == [20, 40]
    with pytest.raises(UserError, match="少于两个单位"):
        shrink([0.5, None], [20, 30])
    with pytest.raises(UserError, match="有 3 个占比、2 个样本数"):
        shrink([0.5, 0.6, 0.7], [20, 30])


def test_ranks_are_counted_from_the_highest():
    draws = np.array([[0.9, 0.5, 0.1]] * 8 + [[0.5, 0.9, 0.1], [0.1, 0.5, 0.9]])
    one = rank_intervals(draws=draws)
    assert one["rank"].tolist() == [1, 2, 3] and one["rank_lower"].tolist() == [1, 1, 1]
    assert one["rank_upper"].tolist() == [3, 2, 3]
    tight = rank_intervals(draws, 0.7)
    assert tight["rank_lower"].tolist() == [1, 2, 3] and tight["rank_upper"].tolist() == [2, 2, 3]
