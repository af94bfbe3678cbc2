"""Figures of a design by hand: calibration, design effects, change, variances and reliability, what is refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from analysis.house import UserError
from analysis.statistics import SurveyDesign, change
from analysis.statistics.calibration import _distance

UNITS = {
    "a": ("东", 3),
    "b": ("东", 2),
    "c": ("东", 4),
    "d": ("南", 5),
    "e": ("南", 2),
    "f": ("西", 3),
    "g": ("西", 1),
    "h": ("西", 4),
}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    draw = np.random.default_rng(5)
    rows = [(stratum, unit) for unit, (stratum, n) in UNITS.items() for _ in range(n)]
    table = pd.DataFrame(rows, columns=["stratum", "unit"])
    table["N"] = table["stratum"].map({"东": 11.0, "南": 7.0, "西": 5.0})
    table["w"] = np.round(draw.uniform(2, 9, len(table)), 2)
    table["y"] = np.round(draw.normal(4, 3, len(table)), 2)
    table["x"] = np.round(draw.normal(-2, 1.5, len(table)), 2)
    table["v"] = np.round(table["y"] + draw.normal(0, 2, len(table)), 2)
    table["u"] = np.round(0.5 * table["y"] + draw.normal(0, 1, len(table)), 2)
    table["s"] = (draw.random(len(table)) < 0.6).astype(float)
    table["part"] = np.where(np.arange(len(table)) % 5 < 3, "甲", "乙")
    table["here"] = np.arange(len(table)) % 7 != 2
    return table


@pytest.fixture(scope="module")
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign(frame, strata="stratum", clusters="unit", weights="w", fpc="N")


def _variance(frame: pd.DataFrame, influence: np.ndarray) -> float:
    """Σ_h (1 − n/N) n/(n − 1) Σ (z_hi − z̄_h)² over all units of the design, those outside the domain with 0."""
    total = 0.0
    unit = pd.Series(influence).groupby([frame["stratum"], frame["unit"]]).sum()
    for stratum, z in unit.groupby(level=0):
        n, every = len(z), frame.loc[frame["stratum"] == stratum, "N"].iloc[0]
        total += (1 - n / every) * n / (n - 1) * ((z - z.mean()) ** 2).sum()
    return total


@pytest.mark.parametrize("level", [0.8, 0.99])
@pytest.mark.parametrize("replace", [False, True])
def test_means_and_totals_of_a_domain_by_hand(frame, design, level, replace):
    inside = frame["here"].to_numpy()
    w, y = frame["w"].to_numpy() * inside, frame["y"].to_numpy()
    n, mass = inside.sum(), w.sum()
    mean = (w * y).sum() / mass
    spread = (w * (y - mean) ** 2).sum() / mass * n / (n - 1)
    simple = spread / n * (1 if replace else 1 - n / mass)
    for name, value, z, plain in (
        ("mean", mean, w * (y - mean) / mass, simple),
        ("total", (w * y).sum(), w * y, simple * mass**2),
    ):
        one = getattr(design, name)("y", where="here", level=level, replace=replace)
        variance = _variance(frame, z)
        half = stats.t.ppf((1 + level) / 2, 5) * variance**0.5
        expected = (value, variance**0.5, value - half, value + half, 5, variance / plain)
        assert (one.value, one.se, one.lower, one.upper, one.df, one.deff) == pytest.approx(expected, rel=1e-10)
        assert (one.n, one.level, one.method, one.status) == (n, level, "t", "ok")


def test_ratios_and_their_design_effect_by_hand(frame, design):
    w, y, v = (frame[name].to_numpy() for name in "wyv")
    one = design.ratio("v", "y", level=0.9)
    ratio = (w * v).sum() / (w * y).sum()
    residual = (v - ratio * y) / (w * y).sum()
    variance = _variance(frame, w * residual)
    n, mass = len(w), w.sum()
    centred = residual - (w * residual).sum() / mass
    plain = (w * centred**2).sum() / mass * n / (n - 1) / n * (1 - n / mass) * mass**2
    half = stats.t.ppf(0.95, 5) * variance**0.5
    assert (one.value, one.se, one.upper, one.deff) == pytest.approx(
        (ratio, variance**0.5, ratio + half, variance / plain), rel=1e-10
    )


def test_design_effects_of_very_few_and_of_nothing_that_varies(frame):
    pair = pd.DataFrame({"y": [3.0, 8.0], "w": [2.5, 4.0]})
    one = SurveyDesign(pair, weights="w").mean("y")
    mean = (7.5 + 32) / 6.5
    z = pair["w"] * (pair["y"] - mean) / 6.5
    variance = 2 * ((z - z.mean()) ** 2).sum()
    spread = (pair["w"] * (pair["y"] - mean) ** 2).sum() / 6.5 * 2
    assert one.deff == pytest.approx(variance / (spread / 2 * (1 - 2 / 6.5)), rel=1e-12)
    assert one.df == 1 and one.status == "ok"
    assert SurveyDesign(pair.assign(y=0.1), weights="w").mean("y").deff is None
    assert SurveyDesign(pair.iloc[:1], weights="w").mean("y").status == "too few"
    small = pair.assign(y=pair["y"] * 1e-6)
    assert SurveyDesign(small, weights="w").mean("y").deff == pytest.approx(one.deff, rel=1e-9)
    even = pd.DataFrame({"y": [1.0, 4.0, 9.0]})  # weights that add up to the sample: nothing to correct
    assert SurveyDesign(even).mean("y").deff == pytest.approx(1.0, rel=1e-12)


def test_variance_and_alpha_by_hand(frame, design):
    w = frame["w"].to_numpy()
    mass, n = w.sum(), len(w)

    def squares(values: np.ndarray) -> np.ndarray:
        return (values - (w * values).sum() / mass) ** 2

    one = design.variance("y", level=0.9)
    d = squares(frame["y"].to_numpy()) * n / (n - 1)
    value = (w * d).sum() / mass
    se = _variance(frame, w * (d - value) / mass) ** 0.5
    half = stats.t.ppf(0.95, 5) * se
    assert (one.value, one.se, one.lower, one.upper) == pytest.approx(
        (value, se, value - half, value + half), rel=1e-10
    )
    items = frame[["y", "v", "u"]].to_numpy()
    single = sum(squares(items[:, k]) for k in range(3))
    whole = squares(items.sum(axis=1))
    ratio = (w * single).sum() / (w * whole).sum()
    se = _variance(frame, w * (single - ratio * whole) / (w * whole).sum()) ** 0.5
    half = 1.5 * stats.t.ppf(0.95, 5) * se
    alpha = 1.5 * (1 - ratio)
    one = design.cronbach_alpha(["y", "v", "u"], level=0.9)
    assert (one.value, one.se, one.lower) == pytest.approx((alpha, 1.5 * se, alpha - half), rel=1e-10)
    assert one.upper == pytest.approx(min(alpha + half, 1.0), rel=1e-10)
    assert one.deff is None


def test_variances_of_two_answers_have_a_value_and_of_one_have_none(frame):
    rows = pd.DataFrame({"g": list("aabccc"), "y": [2.0, 9.0, 5.0, 1.0, 4.0, 4.0], "w": [3.0, 1.5, 2.0, 1.0, 2.5, 4.0]})
    table = SurveyDesign(rows, weights="w").variance("y", by="g")
    mean = (6 + 13.5) / 4.5
    expected = (3 * (2 - mean) ** 2 + 1.5 * (9 - mean) ** 2) / 4.5 * 2
    assert table.loc["a", "value"] == pytest.approx(expected, rel=1e-12)
    assert table.loc["b", "status"] == "no data" and pd.isna(table.loc["b", "value"])
    mean = 27 / 7.5
    expected = ((1 - mean) ** 2 + 6.5 * (4 - mean) ** 2) / 7.5 * 1.5
    assert table.loc["c", "value"] == pytest.approx(expected, rel=1e-12)
    light = SurveyDesign(rows.assign(w=rows["w"] / 20), weights="w").variance("y", by="g")
    assert light["value"].dropna().to_numpy() == pytest.approx(table["value"].dropna().to_numpy(), rel=1e-12)


@pytest.mark.parametrize(
    "method,bounds", [("linear", (-np.inf, np.inf)), ("raking", (-np.inf, np.inf)), ("logit", (0.4, 2.7))]
)
def test_the_factor_of_a_calibration_and_its_slope(method, bounds):
    u = np.array([-0.9, -0.2, 0.0, 0.35, 1.1])
    g, slope = _distance(method, bounds, u)
    if method == "logit":  # Deville & Särndal, case 6: G'(g) = u
        low, high = bounds
        a = (high - low) / ((1 - low) * (high - 1))
        assert (np.log((g - low) / (1 - low)) - np.log((high - g) / (high - 1))) / a == pytest.approx(u, abs=1e-12)
    else:
        assert g == pytest.approx(1 + u if method == "linear" else np.exp(u), rel=1e-14)
    near = (_distance(method, bounds, u + 1e-6)[0] - _distance(method, bounds, u - 1e-6)[0]) / 2e-6
    assert slope == pytest.approx(near, rel=1e-7)
    clipped, flat = _distance("linear", (0.5, 1.8), np.array([-0.7, -0.5, 0.3, 0.8, 0.9]))
    assert clipped.tolist() == [0.5, 0.5, 1.3, 1.8, 1.8] and flat.tolist() == [0, 0, 1, 0, 0]
    steep = _distance("raking", bounds if method != "logit" else (-np.inf, np.inf), np.array([-400.0, 400.0, 600.0]))[0]
    assert steep == pytest.approx(np.exp([-400.0, 400.0, 500.0]), rel=1e-12)


@pytest.mark.parametrize(
    "method,bounds", [("linear", None), ("raking", None), ("logit", (0.3, 2.5)), ("linear", (0.6, 1.7))]
)
def test_weights_calibrated_to_a_negative_numeric_total(frame, design, method, bounds):
    """Against a root finder on the two multipliers."""
    w, x = frame["w"].to_numpy(), frame["x"].to_numpy()
    part = (frame["part"] == "甲").to_numpy()
    totals = {"甲": 1.15 * w[part].sum(), "乙": 0.9 * w[~part].sum()}
    goal = np.array([totals["甲"], totals["乙"], 0.93 * (w * x).sum()])
    one = design.calibrate({"part": totals, "x": goal[2]}, method, bounds)
    matrix = np.column_stack([part, ~part, x]).astype(float)

    def g(at: np.ndarray) -> np.ndarray:
        return _distance(method, bounds or (-np.inf, np.inf), matrix @ at)[0]

    root = optimize.fsolve(lambda at: ((w * g(at)) @ matrix - goal) / 50, np.zeros(3), xtol=1e-12)
    assert one.weights == pytest.approx(w * g(root), rel=1e-8)
    assert one.weights @ matrix == pytest.approx(goal, rel=1e-10)
    y = frame["y"].to_numpy()
    slope = np.linalg.lstsq(matrix * np.sqrt(w)[:, None], y * np.sqrt(w), rcond=None)[0]
    found = one.total("y", level=0.9)
    se = _variance(frame, one.weights * (y - matrix @ slope)) ** 0.5
    assert (found.value, found.se) == pytest.approx(((one.weights * y).sum(), se), rel=1e-8)


def test_change_between_waves_with_one_degree_of_freedom():
    draw = np.random.default_rng(8)
    rows = pd.DataFrame({"wave": ["旧"] * 9 + ["新"] * 11, "unit": list("aaaabbbbb") + list("aaaaaabbbbb")})
    rows["y"], rows["w"] = draw.normal(5, 2, 20), draw.uniform(1, 4, 20)
    one = change(
        SurveyDesign(rows, clusters="unit", weights="w"),
        "y",
        wave="wave",
        before="旧",
        after="新",
        units="unit",
        level=0.9,
    )
    w, y, new = rows["w"].to_numpy(), rows["y"].to_numpy(), (rows["wave"] == "新").to_numpy()
    means = [(w * y)[each].sum() / w[each].sum() for each in (~new, new)]
    parts = [np.where(each, w * (y - m) / w[each].sum(), 0) for each, m in zip((~new, new), means, strict=True)]
    sums = np.array([[part[rows["unit"] == unit].sum() for unit in "ab"] for part in parts])
    centred = sums - sums.mean(axis=1, keepdims=True)
    v = 2 * centred @ centred.T
    se = (v[0, 0] + v[1, 1] - 2 * v[0, 1]) ** 0.5
    half = stats.t.ppf(0.95, 1) * se
    value = means[1] - means[0]
    found = one.difference
    assert (found.value, found.se, found.lower, found.upper, found.df) == pytest.approx(
        (value, se, value - half, value + half, 1), rel=1e-10
    )
    assert (found.n, found.status, one.before.n, one.after.n) == (20, "ok", 9, 11)
    assert one.correlation == pytest.approx(v[0, 1] / (v[0, 0] * v[1, 1]) ** 0.5, rel=1e-9)
    assert one.p == pytest.approx(2 * stats.t.sf(abs(value) / se, 1), rel=1e-10)
    with pytest.raises(UserError, match=r"“wave”列中没有“冬”这一期；现有：新、旧。"):
        change(SurveyDesign(rows, clusters="unit"), "y", wave="wave", before="冬", after="新", units="unit")


@pytest.mark.parametrize("level", [0, 1, -0.5, 1.5, 2])
def test_levels_outside_0_and_1_are_refused(design, level):
    with pytest.raises(UserError, match=re.escape(f"level={level} 应在 0 与 1 之间")):
        design.mean("y", level=level)


def test_refusals_name_row_column_and_value(frame):
    def refused(changed: pd.DataFrame, **given: object) -> str:
        with pytest.raises(UserError) as error:
            SurveyDesign(changed, **{"strata": "stratum", "clusters": "unit", "weights": "w", "fpc": "N"} | given)
        return str(error.value)

    odd = frame.copy()
    odd.loc[[4, 9], "w"] = [-2.5, -1.0]
    assert "“w”列第 5 行（共 2 行）：读到“-2.5”，权重不能为负" in refused(odd)
    odd = frame.copy()
    odd.loc[6, "N"] = 12.0
    assert "“N”列第 7 行：读到“12.0”，与同层其他行不同" in refused(odd)
    odd = frame.copy()
    odd.loc[odd["stratum"] == "西", "N"] = 2.0
    assert "“N”列第 17 行（共 8 行）：读到“2.0”，少于该层已抽到的 3 个单位" in refused(odd)
    odd = frame.copy()
    odd.loc[3, "stratum"] = "南"
    assert "“unit”列第 5 行：读到“b”，出现在“stratum”的不同层中" in refused(odd, fpc=())
    assert "“stratum”列第 1 行（共 9 行）：读到“东”" not in refused(frame[frame["unit"] != "d"], fpc=())
    assert "该层只有一个抽样单位" in refused(frame[frame["unit"] != "d"].reset_index(drop=True), fpc=())
    assert "fpc 给了 2 级，抽样只有 1 级" in refused(frame, fpc=("N", "N"))
    assert len(SurveyDesign(frame.assign(w=0.0), clusters="unit", weights="w")) == 24


def test_calibrations_that_cannot_be_are_refused(frame, design):
    def refused(totals: dict, *given: object) -> str:
        with pytest.raises(UserError) as error:
            design.calibrate(totals, *given)
        return str(error.value)

    assert "“part”的“丙”有总数，却没有一份回答" in refused({"part": {"甲": 50, "乙": 60, "丙": 4}})
    assert "“part”的“乙”总数为 0，却有回答" in refused({"part": {"甲": 50, "乙": 0}})
    assert "“part”列第 4 行（共 9 行）：读到“乙”，总数表中没有这一类" in refused({"part": {"甲": 50}})
    assert "应为不小于 0 的数字" in refused({"part": {"甲": 50, "乙": -1}})
    uneven = {"part": {"甲": 50, "乙": 60}, "stratum": {"东": 40, "南": 40, "西": 31}}
    assert "“stratum”各类合计 111，与前面类别的合计 110 不一致" in refused(uneven)
    assert "bounds=(0.5, 1) 应把 1 夹在中间。" in refused({"x": -50}, "linear", (0.5, 1))
    assert "bounds=(1, 2) 应把 1 夹在中间且有限。" in refused({"x": -50}, "logit", (1, 2))
    assert "达不到给定的总数" in refused({"part": {"甲": 900, "乙": 60}}, "linear", (0.5, 2))
    empty = design.poststratify("part", {"甲": 50, "乙": 60, "丙": 0})
    assert empty.weights[(frame["part"] == "甲").to_numpy()].sum() == pytest.approx(50, rel=1e-12)
