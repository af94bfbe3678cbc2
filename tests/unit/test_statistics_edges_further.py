"""Sentences with both limits, adjusted p values at their level, tables crossed for a calibration: further edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.house import UserError
from analysis.statistics import Estimate, SurveyDesign, effective_n, funnel, together, verdict
from analysis.statistics.calibration import g_weights
from analysis.statistics.funnel import Funnel
from analysis.statistics.intraclass import Intraclass


def mean(value: float, df: float = 20) -> Estimate:
    """A mean of standard error 2 with its limits of 95 %."""
    half = stats.t.ppf(0.975, df) * 2
    return Estimate(value, 2.0, value - half, value + half, n=1200, df=df, method="t")


def test_a_sentence_has_both_intervals_to_a_tenth() -> None:
    """The t of 20 degrees of freedom: 2.085963 and 1.724718, so 60 ± 4.17 and 60 ± 3.45."""
    told = verdict(mean(60), at_most=62, unit="分钟").sentence
    assert told == (
        "估计值60.0分钟（95%区间55.8分钟–64.2分钟，90%区间56.6分钟–63.4分钟，1,200份有效回答），"
        "数据还不足以说明“不超过62分钟”。"
    )
    low = verdict(mean(0.0), at_most=5, unit="分").sentence
    assert "90%区间-3.4分–3.4分" in low.replace("−", "-") and low.endswith("数据支持“不超过5分”的说法。")


def test_a_sentence_of_a_share_at_the_end_of_the_scale() -> None:
    """All of 50: 0.05^(1/50) = 94.2 % and 0.025^(1/50) = 92.9 %; none: the same from below."""
    whole = Estimate(1.0, 0.0, 0.025 ** (1 / 50), 1.0, n=50, df=49, method="beta")
    assert "95%区间92.9%–100.0%，90%区间94.2%–100.0%，50份" in verdict(whole, 0.9).sentence
    none = Estimate(0.0, 0.0, 0.0, 1 - 0.025 ** (1 / 50), n=50, df=49, method="beta")
    assert "95%区间0.0%–7.1%，90%区间0.0%–5.8%，50份" in verdict(none, 0.9).sentence
    flat = Estimate(0.0, 0.0, 0.0, 0.0, n=50, df=49, method="t")
    assert "95%区间0.0%–0.0%" in verdict(flat, at_most=0.1).sentence


def test_what_would_be_needed_is_told_against_those_invited() -> None:
    """90 % against 85 % takes 282.1 independent answers (`test_how_many_answers_are_needed`), 310.3 of a deff of 1.1."""
    one = Estimate(0.9, 0.03 * 1.1**0.5, 0.84, 0.96, n=100, df=99, method="mean")
    tail = "；若真实水平就是这个估计值，"
    assert verdict(one, 0.85, invited=311).sentence.endswith(f"“不低于85%”{tail}约需311份回答才能说明。")
    less = verdict(one, 0.85, invited=310).sentence
    assert less.endswith(f"{tail}即使应邀的310人全部作答，也不足以说明。")
    assert tail not in verdict(one, 0.85).sentence and tail not in verdict(one, 0.95, invited=999).sentence
    assert tail not in verdict(one, 0.8, invited=999).sentence  # shown already


def test_a_finding_is_below_its_level_and_no_finding_at_it() -> None:
    table = pd.DataFrame({"chance_holm": [0.01, 0.05, 0.2], "holm": [0.05, 0.049, 0.3]}, index=list("甲乙丙"))
    one = Funnel(0.5, 1.0, table)
    assert one.beyond() == ["甲"] and one.beyond(chance=False) == ["乙"]
    assert one.beyond(alpha=0.051) == ["甲", "乙"] and one.beyond(alpha=0.01) == []


def test_units_of_a_given_centre_of_none_or_all_have_no_deviation() -> None:
    for centre in (0.0, 1.0):
        one = funnel([0.4, 0.6, 0.5], [10, 20, 30], centre=centre)
        assert one.table["z"].tolist() == [0, 0, 0] and one.table["p"].tolist() == [1, 1, 1]
        assert one.dispersion == 1.0 and one.homogeneity is None
        assert one.table["place"].tolist() == [("above" if centre == 0 else "below")] * 3


def test_claims_together_at_the_very_size_of_the_test() -> None:
    """Two means of one-sided p values just under and just over half of 5 %."""
    t = stats.t.ppf(0.975, 20)
    for shift, said in ((0.001, "supported"), (-0.001, "not shown")):
        items = {"甲": mean(60 - 2 * (t + shift)), "乙": mean(59.9)}
        assert together(items, at_most=60) == {"甲": said, "乙": "not shown"}
    one = stats.t.ppf(0.95, 20)
    last = {"甲": mean(60 - 2 * 5), "乙": mean(60 - 2 * (one + 0.001)), "丙": Estimate(None)}
    assert together(last, at_most=60) == {"甲": "supported", "乙": "supported", "丙": "not shown"}


FRAME = pd.DataFrame(
    {
        "sex": list("男男女女女男"),
        "grade": [1, 2, 1, 2, 2, 1],
        "w": [2.0, 3.0, 1.0, 4.0, 2.0, 2.0],
        "x": [1.0, 3.0, 2.0, 5.0, 1.0, 4.0],
    }
)


def test_crossed_and_single_categories_give_each_cell_its_total() -> None:
    design = SurveyDesign(FRAME, weights="w")
    crossed = design.calibrate({("sex", "grade"): {("男", 1): 10, ("男", 2): 5, ("女", 1): 7, ("女", 2): 9}})
    assert crossed.weights == pytest.approx([5, 5, 7, 6, 3, 5])  # 10 over 2 and 2; 9 over 4 and 2
    single = design.calibrate({"sex": {"男": 14, "女": 21}})
    assert single.weights == pytest.approx([4, 6, 3, 12, 6, 4])
    assert design.poststratify(["sex"], {"男": 14, "女": 21}).weights == pytest.approx(single.weights)
    both = design.calibrate({"sex": {"男": 15, "女": 16}, "grade": {1: 17, 2: 14}}, "raking")
    margins = [both.weights[FRAME[name] == level].sum() for name, level in (("sex", "男"), ("sex", "女"), ("grade", 1))]
    assert margins == pytest.approx([15, 16, 17]) and both.weights.sum() == pytest.approx(31)
    odds = [both.weights[k] / FRAME["w"][k] for k in (0, 1, 2, 3)]  # raking keeps the odds ratio of the factors at 1
    assert odds[0] * odds[3] == pytest.approx(odds[1] * odds[2])


def test_totals_out_of_reach_are_refused_and_those_at_the_edge_reached() -> None:
    """Weights 1 of values 1 and 3, each at most doubled: no more than 8, no less than half of 4."""
    x, w = np.array([[1.0], [3.0]]), np.ones(2)
    for goal in (7.9, 2.1):
        for method in ("linear", "raking", "logit"):
            g = g_weights(x, w, np.array([goal]), method, (0.5, 2.0))
            assert g @ x[:, 0] == pytest.approx(goal) and (g >= 0.5).all() and (g <= 2).all()
    for goal in (8.1, 1.9, -3.0):
        with pytest.raises(UserError, match=r"校准没有成功：在权数倍数 0\.5–2 之内达不到给定的总数"):
            g_weights(x, w, np.array([goal]), "linear", (0.5, 2.0))


def test_cells_outside_the_bounds_are_no_plain_ratio() -> None:
    """One category whose ratio is just at, and beyond, a bound."""
    x, w = np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones(2)
    assert g_weights(x, w, np.array([2.0, 0.5]), "linear", (0.5, 2.0)).tolist() == [2.0, 0.5]
    for goal in ([2.2, 1.0], [1.0, 0.4]):
        with pytest.raises(UserError, match="校准没有成功"):
            g_weights(x, w, np.array(goal), "raking", (0.5, 2.0))


def test_large_numbers_are_calibrated_as_small_ones_are() -> None:
    """Fees of thousands: the relative misfit decides, not the absolute one."""
    for unit in (1e-6, 1.0, 1e6):
        frame = FRAME.assign(x=FRAME["x"] * unit)
        goal = 45.0 * unit
        made = SurveyDesign(frame, weights="w").calibrate({"sex": {"男": 15, "女": 16}, "x": goal}, "raking")
        assert (made.weights * frame["x"]).sum() == pytest.approx(goal, rel=1e-9)
        assert made.weights[FRAME["sex"] == "男"].sum() == pytest.approx(15)


def test_a_total_of_nought_is_reached() -> None:
    """Σ w x = 8 of x = −3, −1, 2, 5: g = 1 + λx with λ = −8/Σ w x² = −8/67."""
    frame = pd.DataFrame({"x": [-3.0, -1.0, 2.0, 5.0], "w": [1.0, 2.0, 1.5, 2.0]})
    w, x = frame["w"].to_numpy(), frame["x"].to_numpy()
    assert (w @ x, w @ x**2) == (8.0, 67.0)
    made = SurveyDesign(frame, weights="w").calibrate({"x": 0.0})
    assert made.weights == pytest.approx(w * (1 - 8 / 67 * x), rel=1e-12)
    raked = SurveyDesign(frame, weights="w").calibrate({"x": 0.0}, "raking").weights
    assert raked @ x == pytest.approx(0, abs=1e-9) and (raked > 0).all()


@pytest.mark.parametrize("weight", [0.1, 1.0, 30.0])
def test_equal_weights_of_any_size_are_worth_their_answers(weight: float) -> None:
    """All, or none, of five: 0.025^(1/5) = 47.8 %."""
    frame = pd.DataFrame({"y": [1.0] * 5, "n": [0.0] * 5, "m": [1.0, 0, 1, 1, 0], "w": [weight] * 5})
    design = SurveyDesign(frame, weights="w")
    whole, none, some = (design.proportion(name) for name in "ynm")
    assert (whole.value, none.value, whole.upper, none.lower) == (1, 0, 1, 0)
    assert whole.lower == pytest.approx(0.025**0.2) == 1 - none.upper
    assert (whole.deff, none.deff, whole.se) == (None, None, 0)
    assert some.se == pytest.approx((0.24 / 4) ** 0.5)  # n − 1 in the place of n
    factor = 1 - 1 / weight if weight > 1 else 1  # against a simple sample without replacement from n·w
    assert some.deff == pytest.approx(1 / factor)


def test_the_effective_size_of_what_is_no_inner_share() -> None:
    """With a standard error too, none and all take the size that their limit implies; what is no share has its answers."""
    size = np.log(0.025) / np.log(0.93)
    for p, low, high in ((0.0, 0.0, 0.07), (1.0, 0.93, 1.0)):
        assert effective_n(Estimate(p, 0.02, low, high, n=80, df=79, method="beta")) == pytest.approx(size)
    for p in (1.5, -0.5, 2.0):
        assert effective_n(Estimate(p, 0.1, p - 0.2, p + 0.2, n=40, df=39, method="t")) == 40


def test_a_stratum_without_any_yes_counts_for_the_likeness() -> None:
    """Units of 0 0 1 and 1 1 1, and two of 0 0: between (2/3)/2, within (2/3)/6, n₀ = (3 + 2)/2, so (2/9)/(1/2)."""
    rows = [("东", "a", y) for y in (0, 0, 1)] + [("东", "b", 1)] * 3 + [("西", "c", 0)] * 2 + [("西", "d", 0)] * 2
    frame = pd.DataFrame(rows, columns=["stratum", "unit", "y"])
    one = SurveyDesign(frame, strata="stratum", clusters="unit").intraclass("y")
    assert (one.value, one.df) == (pytest.approx(4 / 9), 2)


def test_sums_that_differ_by_rounding_only_have_no_alpha() -> None:
    frame = pd.DataFrame({"a": [0.1, 0.3, 0.2, 0.1], "b": [0.2, 0.0, 0.1, 0.2]})  # 0.1 + 0.2 is not quite 0.3
    assert frame.sum(axis=1).nunique() > 1
    assert SurveyDesign(frame).cronbach_alpha(["a", "b"]).status == "no data"
    assert SurveyDesign(frame.assign(b=[0.2, 0.0, 0.1, 0.21])).cronbach_alpha(["a", "b"]).status == "ok"


SCHOOLS = pd.DataFrame({"unit": list("aaabbbccdd"), "y": [1.0, 1, 0, 1, 1, 1, 0, 1, 1, 1], "N": 4.0})


@pytest.mark.parametrize("weight", [0.01, 1.0, 50.0])
def test_the_scale_of_the_weights_changes_no_pooled_share(weight: float) -> None:
    """ρ = 0.2: D = (0.2·(9 + 9 + 4 + 4) + 0.8·10)/100 = 0.132, so that p(1 − p)·D = 0.16·0.132 decides."""
    alike = Intraclass(0.2, 60.0)
    one = SurveyDesign(SCHOOLS.assign(w=weight), clusters="unit", weights="w").proportion("y", alike=alike)
    own = SurveyDesign(SCHOOLS, clusters="unit").proportion("y").se
    assert own == pytest.approx((4 / 3 * (0.4**2 + 0.6**2 + 0.6**2 + 0.4**2) / 100) ** 0.5) and own < 0.16**0.5
    variance = max(own**2, 0.16 * 0.132)
    assert (one.se, one.df, one.method) == (pytest.approx(variance**0.5), 60, "jeffreys")
    assert one.deff == pytest.approx(variance / 0.16 * 10)
    size = 0.16 / variance * (stats.t.ppf(0.975, 9) / stats.t.ppf(0.975, 60)) ** 2
    ends = stats.beta.ppf([0.025, 0.975], 0.8 * size + 0.5, 0.2 * size + 0.5)
    assert (one.lower, one.upper) == pytest.approx(ends)


def test_samples_of_all_units_or_of_one_have_no_replicates() -> None:
    whole = SurveyDesign(SCHOOLS, clusters="unit", fpc="N")
    single = SurveyDesign(SCHOOLS[:3], clusters="unit", single_psu="adjust")
    for design in (whole, single):
        for kind in ("jackknife", "bootstrap"):
            with pytest.raises(UserError, match="各层的单位已全部抽到（或只有一个单位）"):
                design.replicates(kind)
    two = SurveyDesign(SCHOOLS[:6], clusters="unit").replicates("jackknife").mean("y")
    assert (two.df, two.se) == (1, pytest.approx(1 / 6))  # 5/6 of all; 1 and 2/3 of one unit: ½·((1/6)² + (1/6)²)


def test_replicates_grow_with_the_weights_and_calibrated_ones_keep_their_totals() -> None:
    """Leaving out a, b or c of three units leaves 17, 14 or 11 of 21, raised by 3/2."""
    frame = pd.DataFrame({"unit": list("aabbcc"), "part": list("xxxyyy"), "y": [1.0, 3, 2, 5, 4, 6]})
    for weight in (0.2, 7.0):
        design = SurveyDesign(frame.assign(w=weight), clusters="unit", weights="w")
        made = design.calibrate({"part": {"x": 30.0, "y": 60.0}}).replicates("jackknife")
        plain = design.replicates("jackknife")
        assert plain.total("y").value == pytest.approx(21 * weight)
        left = [17 * 1.5, 14 * 1.5, 11 * 1.5]  # without a, b, c
        assert plain.total("y").se == pytest.approx(
            weight * (2 / 3 * sum((x - np.mean(left)) ** 2 for x in left)) ** 0.5
        )
        means = plain.mean("y", by="part")
        assert means["value"].tolist() == pytest.approx([2.0, 5.0])
        assert made.total("y").value == pytest.approx(30 * 2 + 60 * 5)
