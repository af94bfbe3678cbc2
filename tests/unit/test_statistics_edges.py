"""Comparisons, claims, funnels and calibrations at their edges: unequal bases, limits that touch, shares of none and all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.house import UserError
from analysis.statistics import Estimate, SurveyDesign, directions, every, funnel, needed, together, verdict
from analysis.statistics.calibration import _distance, checked_bounds
from analysis.statistics.contrast import contrast
from analysis.statistics.funnel import binomial_band
from analysis.statistics.simultaneous import p_value


def ledger(seed: int = 4) -> pd.DataFrame:
    """Three schools, grades 3 and 5 (school 2 has 6 too), classes of unequal size, four weeks."""
    draw = np.random.default_rng(seed)
    places = [(0, 3, 1), (0, 3, 2), (0, 5, 3), (1, 3, 4), (1, 5, 5), (1, 5, 6), (2, 3, 7), (2, 5, 8), (2, 6, 9)]
    rows = [(*place, week) for place in places for week in range(4)]
    table = pd.DataFrame(rows, columns=["school", "grade", "unit", "week"])
    table["bottom"] = draw.integers(1, 6, len(table)).astype(float)
    table["top"] = np.round(table["bottom"] * draw.uniform(0.1, 1, len(table)), 1)
    table.loc[5, ["bottom", "top"]] = 0.0
    return table


def by_hand(table: pd.DataFrame, of: int) -> tuple[float, float, float, float]:
    """Difference, both parts of its variance and the degrees of freedom, class by class."""
    there = table[(table["bottom"] > 0) & table["grade"].isin([3, 5])]
    classes = there.groupby("unit").agg({"school": "first", "grade": "first", "top": "sum", "bottom": "sum"})
    classes["ratio"] = classes["top"] / classes["bottom"]
    own = classes[classes["school"] == of]
    a = pd.Series(0.0, classes.index)
    for grade, part in classes.groupby("grade"):
        mine = part["school"] == of
        share = own.loc[own["grade"] == grade, "bottom"].sum() / own["bottom"].sum()
        a[part.index] = np.where(
            mine, part["bottom"] / part.loc[mine, "bottom"].sum(), -part["bottom"] / part.loc[~mine, "bottom"].sum()
        )
        a[part.index] *= share
    model = pd.get_dummies(classes[["school", "grade"]].astype(str), drop_first=True).astype(float)
    fit = sm.OLS(classes["ratio"], sm.add_constant(model)).fit()
    first = fit.mse_resid * (a**2).sum()
    sums = np.zeros(4)
    for row in there.itertuples():
        one = classes.loc[row.unit]
        sums[row.week] += a[row.unit] / one["bottom"] * (row.top - one["ratio"] * row.bottom)
    waves = [2**0.5 * np.cos(np.pi * j * (np.arange(4) + 0.5) / 4) for j in (1, 2, 3)]
    second = 1.3 * sum((sums @ wave) ** 2 for wave in waves) / 3
    df = (first + second) ** 2 / (first**2 / fit.df_resid + second**2 / 3)
    return float((a * classes["ratio"]).sum()), first, second, df


@pytest.mark.parametrize("of", [0, 1, 2])
@pytest.mark.parametrize("share", [False, True])
def test_a_school_among_three_is_compared_grade_by_grade(of: int, share: bool) -> None:
    table = ledger()
    columns = [table[name].to_numpy() for name in ("school", "grade", "unit", "week", "top", "bottom")]
    one = contrast(*columns, of=of, share=share)
    difference, first, second, df = by_hand(table, of)
    inside = table[(table["bottom"] > 0) & (table["grade"] < 6)]
    mine = inside["school"] == of
    cell = (inside["bottom"] ** 2).sum() / inside["bottom"].sum()
    p = (inside["top"].sum() + cell) / (inside["bottom"].sum() + 2 * cell)
    least = p * (1 - p) * cell * (1 / inside.loc[mine, "bottom"].sum() + 1 / inside.loc[~mine, "bottom"].sum())
    variance = max(first + second, least) if share else first + second
    assert one.difference == pytest.approx(difference, rel=1e-10)
    assert (one.se, one.df) == pytest.approx((variance**0.5, df), rel=1e-10)
    assert one.p == pytest.approx(2 * stats.t.sf(abs(difference) / variance**0.5, df), rel=1e-9)
    assert one.base == inside.loc[mine, "bottom"].sum()
    assert (one.classes, one.others) == (inside.loc[mine, "unit"].nunique(), 2)


def test_both_variances_of_a_share_occur() -> None:
    """The ledger above has schools whose variance is above, and schools whose variance is below that of two counts."""
    table = ledger()
    columns = [table[name].to_numpy() for name in ("school", "grade", "unit", "week", "top", "bottom")]
    se = [[contrast(*columns, of=of, share=share).se for share in (False, True)] for of in (0, 1, 2)]
    assert all(plain <= least for plain, least in se) and any(plain < least for plain, least in se)
    wild = table.assign(top=np.where(table["unit"] % 2 == 0, table["bottom"], 0.0))
    columns[4] = wild["top"].to_numpy()
    plain, least = (contrast(*columns, of=1, share=share).se for share in (False, True))
    assert plain == least > 0


# -- claims ------------------------------------------------------------------------------------------------------------


def clopper(yes: int, n: int) -> Estimate:
    """A share of none or all of a simple sample with its Clopper–Pearson limits."""
    low, high = stats.binomtest(yes, n).proportion_ci(0.95, method="exact")
    return Estimate(yes / n, 0.0, float(low), float(high), 0.95, n=n, df=n - 1, method="beta")


def test_p_values_of_none_and_all_are_powers() -> None:
    """None of 20 against 30 %: 0.7²⁰; all of 20 against 80 %: 0.8²⁰. Only where the claim is no end of the scale."""
    none, whole = clopper(0, 20), clopper(20, 20)
    for bound in (0.3, 0.05):
        assert p_value(none, bound) == pytest.approx((1 - bound) ** 20, rel=1e-6)
        assert p_value(none, at_most=bound) == pytest.approx((1 - bound) ** 20, rel=1e-6)
    for bound in (0.8, 0.97):
        expected = min(bound**20, 0.5)
        assert p_value(whole, bound) == pytest.approx(expected, rel=1e-6)
        assert p_value(whole, at_most=bound) == pytest.approx(expected, rel=1e-6)
    assert p_value(whole, 1.0) == p_value(none, at_most=0.0) == 0.5  # no limit lies beyond the end of the scale
    assert p_value(none, 0.0) == pytest.approx(0, abs=1e-11) == p_value(whole, at_most=1.0)


def test_a_value_without_any_spread_is_beyond_doubt_on_the_claimed_side_if_it_touches() -> None:
    sure = Estimate(60.0, 0.0, 60.0, 60.0, n=9, df=8, method="t")
    for bound, at_least, at_most in ((60, "supported", "supported"), (59, "supported", "contradicted")):
        assert verdict(sure, bound).judgement == at_least and verdict(sure, at_most=bound).judgement == at_most
        assert together({"一": sure}, bound) == {"一": at_least}
        assert together({"一": sure}, at_most=bound) == {"一": at_most}
        assert p_value(sure, bound) == pytest.approx(0, abs=1e-11) == p_value(sure, at_most=bound)
    assert verdict(sure, 61).judgement == "contradicted" and verdict(sure, at_most=61).judgement == "supported"


def test_small_changes_go_up_and_down() -> None:
    def one(value: float) -> Estimate:
        return Estimate(value, 0.01, value - 0.02, value + 0.02, n=99, df=60, method="t")

    assert directions({"上": one(0.3), "下": one(-0.3), "平": one(0.0)}) == {
        "上": "up",
        "下": "down",
        "平": "not shown",
    }
    none = Estimate(0.3, None, None, None, n=2, df=0.0)
    assert directions({"无": none, "上": one(0.3)}) == {"无": "not shown", "上": "up"} and directions({}) == {}


def test_how_many_answers_are_needed() -> None:
    """z₀.₉₅ = 1.644854, z₀.₈ = 0.841621; 90 % against 85 %: ((1.644854·0.357071 + 0.841621·0.3)/0.05)² = 282.1."""
    one = Estimate(0.9, 0.03, 0.83, 0.95, n=100, df=99, method="beta")  # as many independent answers: 0.09/0.0009
    assert needed(one, 0.85) == 283
    both = 1.6448536 * (0.95 * 0.05) ** 0.5 + 0.8416212 * 0.3
    assert needed(one, 0.95, at_most=True) == int(np.ceil((both / 0.05) ** 2))
    twice = Estimate(0.9, 0.03 * 2**0.5, 0.8, 0.95, n=100, df=99, method="beta")
    assert needed(twice, 0.85) == 565  # 564.2 of them
    assert needed(Estimate(0.9, 0.015, 0.83, 0.95, n=100, df=99, method="beta"), 0.85) == 283  # none for less than one
    assert needed(one, 0.2) == 101  # always more than there were
    harder = 1.6448536 * (0.85 * 0.15) ** 0.5 + 1.2815516 * 0.3
    assert needed(one, 0.85, power=0.9) == int(np.ceil((harder / 0.05) ** 2))
    for bound, at_most in ((0.0, False), (1.0, True), (-0.5, False), (1.5, True), (0.9, False), (0.9, True)):
        assert needed(one, bound, at_most=at_most) is None
    assert needed(one, 0.95) is None and needed(one, 0.85, at_most=True) is None
    assert needed(Estimate(None), 0.85) is None and needed(Estimate(0.9, n=5, status="too few"), 0.85) is None


def test_every_item_shares_the_error_with_the_others() -> None:
    """Of k items one contradicts the whole below its limit of the level 1 − 0.1/k."""
    t = stats.t.ppf([0.95, 0.975], 30)
    assert t == pytest.approx([1.697261, 2.042272], abs=1e-6)

    def one(distance: float) -> Estimate:
        half = stats.t.ppf(0.975, 30) * 2
        value = 90 + 2 * distance
        return Estimate(value, 2.0, value - half, value + half, n=50, df=30, method="t")

    assert every({"甲": one(-1.7)}, 90).judgement == "contradicted"
    two = every({"甲": one(-2.0), "乙": one(3)}, 90)
    assert (two.judgement, two.below, two.open) == ("not shown", (), ("甲",))
    assert every({"甲": one(-2.05), "乙": one(3)}, 90).below == ("甲",)
    assert every({"甲": one(1.7), "乙": one(3)}, 90).judgement == "supported"
    third = every({"甲": one(1.69), "乙": one(3)}, 90)
    assert (third.judgement, third.open, third.items["乙"].judgement) == ("not shown", ("甲",), "supported")
    none = every({"甲": Estimate(0.9, n=3, status="too few"), "乙": one(3)}, 90)
    assert (none.judgement, none.below, none.open) == ("not shown", (), ("甲",))
    sure = Estimate(90.0, 0.0, 90.0, 90.0, n=9, df=8, method="t")
    assert every({"甲": sure}, 90).judgement == "supported"
    with pytest.raises(UserError, match="没有可判断的项目"):
        every({}, 90)


# -- funnels and calibration -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flat", [0.0, 1.0])
def test_units_that_all_have_none_or_all_do_not_differ(flat: float) -> None:
    one = funnel([flat] * 3, [10, 20, 30])
    assert one.centre == flat and one.dispersion == 1.0 and one.homogeneity is None
    assert one.table["place"].tolist() == one.table["chance"].tolist() == ["within"] * 3
    for column in ("z", "chance_z"):
        assert one.table[column].tolist() == [0, 0, 0]
    for column in ("p", "holm", "chance_p", "chance_holm"):
        assert one.table[column].tolist() == [1, 1, 1]
    assert one.limits([5]).iloc[0].tolist() == [5, flat, flat, flat, flat]


def test_a_pair_of_units_is_tested_and_a_single_one_is_not() -> None:
    two = funnel([0.5, 0.7], [40, 60], overdispersion=False)  # centre 0.62; Σ n d² = 40·0.12² + 60·0.08² = 0.96
    assert two.homogeneity.chi2 == pytest.approx(0.96 / (0.62 * 0.38)) and two.homogeneity.df == 1
    assert two.homogeneity.p == pytest.approx(stats.chi2.sf(0.96 / (0.62 * 0.38), 1))
    assert funnel([0.5], [40], centre=0.6).homogeneity is None
    low, high = binomial_band(0.5, 1.0, np.array([1.0]), 0.5)  # symmetrical around a half
    assert low[0] + high[0] == pytest.approx(1) and 0 < low[0] < 0.5


@pytest.mark.parametrize("method", ["linear", "raking"])
def test_a_factor_at_its_bound_moves_no_more(method: str) -> None:
    low, high = 0.5, 2.0
    edge = (-0.5, 1.0) if method == "linear" else (np.log(0.5), np.log(2.0))
    u = np.array([edge[0] - 1, edge[0], edge[0] + 0.1, 0.0, edge[1] - 0.1, edge[1], edge[1] + 1])
    g, slope = _distance(method, (low, high), u)
    inner = 1 + u[2:5] if method == "linear" else np.exp(u[2:5])
    assert g == pytest.approx([low, low, *inner, high, high])
    assert slope[[0, 6]].tolist() == [0, 0] and slope[2:5] == pytest.approx([1, 1, 1] if method == "linear" else inner)
    if method == "linear":
        assert slope[[1, 5]].tolist() == [0, 0]  # −0.5 and 1 are exact
    free, slope = _distance(method, (-np.inf, np.inf), u)
    assert free == pytest.approx(1 + u if method == "linear" else np.exp(u)) and (slope != 0).all()


def test_the_slopes_of_all_methods_are_those_of_their_factors() -> None:
    u, step = np.array([-0.7, 0.0, 0.4]), 1e-6
    for method, bounds in (("linear", (0.1, 3.0)), ("raking", (0.1, 3.0)), ("logit", (0.4, 2.5))):
        g, slope = _distance(method, bounds, u)
        more, less = (_distance(method, bounds, u + side * step)[0] for side in (1, -1))
        assert slope == pytest.approx((more - less) / (2 * step), rel=1e-7)
        assert g[1] == pytest.approx(1) and slope[1] == pytest.approx(1)
        assert ((g > bounds[0]) & (g < bounds[1])).all()
    far = _distance("logit", (0.4, 2.5), np.array([-1e4, 1e4]))[0]
    assert far == pytest.approx([0.4, 2.5])


def test_bounds_have_one_between_them() -> None:
    for bounds in ((1, 2), (0.5, 1), (1, 1), (1.5, 2), (0.2, 0.9), (2, 0.5)):
        for method in ("linear", "raking", "logit"):
            with pytest.raises(UserError, match="应把 1 夹在中间"):
                checked_bounds(method, bounds)
    assert checked_bounds("linear", (0.5, np.inf)) == (0.5, np.inf)
    assert checked_bounds("raking", (-np.inf, 2)) == (-np.inf, 2) and checked_bounds("logit", (0.99, 1.01)) == (
        0.99,
        1.01,
    )
    assert checked_bounds("raking", None) == (-np.inf, np.inf)
    for bounds in ((0.5, np.inf), (-np.inf, 2)):
        with pytest.raises(UserError, match="夹在中间且有限"):
            checked_bounds("logit", bounds)
    with pytest.raises(UserError, match="需要 bounds"):
        checked_bounds("logit", None)
    with pytest.raises(UserError, match="校准方法“x”不可用；可用：linear、raking、logit"):
        checked_bounds("x", None)


def test_a_negative_number_calibrates_too() -> None:
    """One numeric total: g = 1 + λx with λ = (T − Σ w x)/Σ w x²."""
    frame = pd.DataFrame({"x": [-3.0, -1.0, 2.0, 5.0], "w": [1.0, 2.0, 1.5, 2.0]})
    w, x = frame["w"].to_numpy(), frame["x"].to_numpy()
    made = SurveyDesign(frame, weights="w").calibrate({"x": 6.0})
    factor = 1 + (6 - w @ x) / (w @ x**2) * x
    assert made.weights == pytest.approx(w * factor, rel=1e-12) and made.weights @ x == pytest.approx(6)
    raked = SurveyDesign(frame, weights="w").calibrate({"x": 6.0}, "raking")
    ratio = np.log(raked.weights / w) / x  # the same multiplier for all
    assert ratio == pytest.approx(np.full(4, ratio[0]), rel=1e-9) and raked.weights @ x == pytest.approx(6)
