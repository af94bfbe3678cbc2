"""Designs: what no answer, one answer or one class gives; groups against domains; what bad input says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statistics_helpers import numbers_of, sound

from analysis.house import UserError
from analysis.statistics import SurveyDesign, estimates
from analysis.statistics.intervals import METHODS


def _frame(**columns) -> pd.DataFrame:
    base = {
        "school": ["甲"] * 6 + ["乙"] * 6,
        "class": ["甲1"] * 3 + ["甲2"] * 3 + ["乙1"] * 3 + ["乙2"] * 3,
        "w": [1.0, 2, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1],
        "y": [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0],
        "minutes": [30.0, 40, 35, 50, 45, 20, 60, 55, 40, 35, 30, 70],
    }
    return pd.DataFrame(base | columns)


def _design(frame: pd.DataFrame, **options) -> SurveyDesign:
    return SurveyDesign(frame, strata="school", clusters="class", weights="w", **options)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0, 1])
def test_a_share_of_none_or_all_has_limits_inside(value, method):
    one = _design(_frame(y=[value] * 12)).proportion("y", method=method)
    sound(one)
    assert (one.value, one.se, one.status, one.method) == (
        float(value),
        0.0,
        "ok",
        "jeffreys" if method == "jeffreys" else "beta",
    )
    assert 0 < one.upper - one.lower < 1
    assert one.deff is None


def test_the_fallback_at_all_is_the_exact_limit_of_the_weights_effective_size():
    frame = pd.DataFrame({"c": range(30), "y": [1] * 30})
    one = SurveyDesign(frame, clusters="c").proportion("y")
    assert one.lower == pytest.approx(0.025 ** (1 / 30), rel=1e-12)


def test_one_class_gives_a_value_without_limits():
    frame = _frame()
    one = SurveyDesign(frame[frame["class"] == "甲1"], clusters="class").proportion("y")
    assert (one.status, one.lower, one.se, one.df) == ("too few", None, None, 0.0)
    assert one.value == pytest.approx(2 / 3)
    inside = _design(frame).proportion("y", where=frame["class"] == "甲1")
    assert (inside.status, inside.lower) == ("too few", None)


def test_one_answer_gives_a_value_without_limits():
    one = SurveyDesign(pd.DataFrame({"y": [1]})).proportion("y")
    assert (one.status, one.value, one.n) == ("too few", 1.0, 1)
    mean = SurveyDesign(pd.DataFrame({"y": [4.0]})).mean("y")
    assert (mean.status, mean.value, mean.se) == ("too few", 4.0, None)


def test_no_answers_are_no_data():
    frame = _frame(y=[np.nan] * 12, minutes=[np.nan] * 12)
    design = _design(frame)
    for one in (
        design.proportion("y"),
        design.mean("minutes"),
        design.total("minutes"),
        design.ratio("minutes", "y"),
        design.quantile("minutes", 0.5),
        design.variance("minutes"),
        design.cronbach_alpha(["y", "minutes"]),
    ):
        assert (one.status, one.value, one.n) == ("no data", None, 0)
    assert design.chisq("y", "school").status == "no data"


def test_an_empty_frame_is_no_data():
    empty = _frame().iloc[:0]
    design = _design(empty)
    assert design.mean("minutes").status == "no data"
    assert len(design.proportion("y", by="school")) == 0


def test_a_group_without_answers_is_listed_as_no_data():
    frame = _frame()
    frame["y"] = frame["y"].astype(float).where(frame["school"] == "甲")
    table = _design(frame).proportion("y", by="school")
    assert table["status"].to_dict() == {"乙": "no data", "甲": "ok"}
    assert table.loc["乙", "value"] is pd.NA and table.loc["乙", "n"] == 0
    assert [one.status for one in estimates(table)] == ["no data", "ok"]


def test_groups_are_domains_computed_at_once():
    frame = _frame()
    design = _design(frame)
    for method in (design.mean, design.total, design.variance, lambda y, **k: design.quantile(y, 0.5, **k)):
        table = method("minutes", by="school")
        for school in ("甲", "乙"):
            alone = method("minutes", where=frame["school"] == school)
            got = estimates(table)[list(table.index).index(school)]
            assert numbers_of(got) == pytest.approx(numbers_of(alone), nan_ok=False)
    crossed = design.mean("minutes", by=["school", "class"])
    assert list(crossed.index.names) == ["school", "class"] and len(crossed) == 4


def test_covariance_of_groups_gives_the_variance_of_their_difference():
    frame = _frame(half=[0, 1] * 6)
    table = _design(frame).mean("minutes", by="half")
    matrix = table.attrs["covariance"].frame
    assert np.diag(matrix) == pytest.approx(table["se"].to_numpy() ** 2)
    assert matrix.loc[0, 1] == matrix.loc[1, 0] != 0
    pd.concat([table, table])  # attrs must not stand in the way


def test_answers_may_be_a_column_an_array_or_booleans():
    frame = _frame()
    design = _design(frame)
    same = [design.proportion(y).value for y in ("y", frame["y"], frame["y"].to_numpy(), frame["y"] == 1)]
    nullable = frame["y"].astype("boolean")
    assert len({round(value, 15) for value in [*same, design.proportion(nullable).value]}) == 1
    shuffled = frame["y"].sample(frac=1, random_state=1)
    assert design.proportion(shuffled).value == pytest.approx(same[0])


def test_weights_come_from_fpc_when_none_are_given():
    frame = pd.DataFrame({"c": [1, 1, 2, 2, 2], "k": range(5), "N": 10, "M": [4, 4, 6, 6, 6]})
    assert SurveyDesign(frame, clusters="c", fpc="N").weights.tolist() == [5.0] * 5
    assert SurveyDesign(frame, clusters=("c", "k"), fpc=("N", "M")).weights.tolist() == [10.0] * 5
    assert SurveyDesign(frame, clusters="c").weights.tolist() == [1.0] * 5


@pytest.mark.parametrize("option", ["adjust", "average", "certainty"])
def test_a_stratum_of_one_unit_is_handled_as_declared(option):
    frame = _frame()
    frame.loc[9:, "school"], frame.loc[9:, "class"] = "丙", "丙1"
    with pytest.raises(UserError, match=r"“school”列第 7 行.*只有一个抽样单位.*single_psu"):
        _design(frame)
    sound(_design(frame, single_psu=option).mean("minutes"))


def test_more_answers_make_replicates_and_linearisation_agree():
    draw = np.random.default_rng(3)
    frame = pd.DataFrame({"c": np.repeat(np.arange(60), 10)})
    frame["y"] = (draw.random(600) < 0.7 + 0.2 * np.sin(frame["c"])).astype(float)
    design = SurveyDesign(frame, clusters="c")
    plain = design.mean("y").se
    assert design.replicates().mean("y").se == pytest.approx(plain, rel=1e-9)
    assert design.replicates("bootstrap", count=2000, seed=1).mean("y").se == pytest.approx(plain, rel=0.06)


def test_calibrated_replicates_repeat_the_calibration():
    draw = np.random.default_rng(4)
    frame = pd.DataFrame({"c": np.repeat(np.arange(40), 8), "sex": draw.choice(["女", "男"], 320, p=[0.65, 0.35])})
    frame["y"] = 10 * (frame["sex"] == "女") + draw.normal(0, 1, 320)
    raked = SurveyDesign(frame, clusters="c").calibrate({"sex": {"女": 160, "男": 160}}, "raking")
    linear, jackknife = raked.mean("y").se, raked.replicates().mean("y").se
    assert jackknife == pytest.approx(linear, rel=0.05)
    assert linear < SurveyDesign(frame, clusters="c").mean("y").se / 3


# -- bad input: what is wrong, in which column and row, and what to do ----------------------------------------------------


@pytest.mark.parametrize(
    "change,options,told",
    [
        ({"w": [1, -2] + [1] * 10}, {}, r"“w”列第 2 行：.*权重不能为负"),
        ({"w": [1, 1, np.nan] + [1] * 9}, {}, r"“w”列第 3 行.*权重不能缺.*补填"),
        ({"N": [1] * 6 + [5] * 6}, {"fpc": "N"}, r"“N”列第 1 行.*少于该层已抽到的 2 个单位"),
        ({"N": [5] * 5 + [6] * 7}, {"fpc": "N"}, r"“N”列第 6 行.*与同层其他行不同"),
        ({"N": [5] * 11 + [np.nan]}, {"fpc": "N"}, r"“N”列第 12 行.*应为数字"),
        ({"class": ["A"] * 3 + ["B"] * 3 + ["A"] * 3 + ["C"] * 3}, {}, r"“class”列第 7 行.*出现在“school”的不同层中"),
        ({"school": ["甲"] * 6 + [None] + ["乙"] * 5}, {}, r"“school”列第 7 行.*不能缺"),
        ({}, {"fpc": ("N", "M")}, r"fpc 给了 2 级，抽样只有 1 级"),
        ({}, {"single_psu": "skip"}, r"single_psu 不能是“skip”"),
    ],
)
def test_a_wrong_declaration_names_column_row_and_remedy(change, options, told):
    with pytest.raises(UserError, match=told):
        _design(_frame(**change), **options)


def test_wrong_answers_name_column_row_and_remedy():
    design = _design(_frame(y=[1, 1, "不清楚"] + [0] * 9, score=[1, 0, 3] + [1] * 9))
    with pytest.raises(UserError, match=r"“y”列第 3 行：读到“不清楚”，应为数字或空"):
        design.mean("y")
    with pytest.raises(UserError, match=r"“score”列第 3 行.*占比只能由 0、1"):
        design.proportion("score")
    with pytest.raises(UserError, match=r"没有“没有的列”列；现有的列"):
        design.mean("没有的列")
    with pytest.raises(UserError, match=r"有 3 行，数据有 12 行"):
        design.mean(np.array([1.0, 2, 3]))
    with pytest.raises(UserError, match="无穷大"):
        design.mean(np.array([np.inf] * 12))
    with pytest.raises(UserError, match=r"q=1\.5"):
        design.quantile("minutes", 1.5)
    with pytest.raises(UserError, match="level=95"):
        design.mean("minutes", level=95)
    with pytest.raises(UserError, match="至少需要两个题目"):
        design.cronbach_alpha(["minutes"])


def test_wrong_totals_name_level_and_remedy():
    design = _design(_frame(sex=["女", "男"] * 6))
    with pytest.raises(UserError, match=r"“sex”列第 2 行.*总数表中没有这一类"):
        design.calibrate({"sex": {"女": 10}})
    with pytest.raises(UserError, match=r"“sex”的“其他”有总数，却没有一份回答"):
        design.calibrate({"sex": {"女": 10, "男": 10, "其他": 3}})
    with pytest.raises(UserError, match=r"合计 30，与前面类别的合计 20 不一致"):
        design.calibrate({"sex": {"女": 10, "男": 10}, "school": {"甲": 15, "乙": 15}})
    with pytest.raises(UserError, match=r"校准没有成功.*放宽 bounds"):
        design.calibrate({"sex": {"女": 1, "男": 300}}, "raking", (0.9, 1.1))
    with pytest.raises(UserError, match="logit 校准需要 bounds"):
        design.calibrate({"sex": {"女": 10, "男": 10}}, "logit")


def test_negative_weights_are_counted_and_shares_of_them_refused():
    """Rows 1 to 40 raised to a mean of 30: g = 1 + b(x − 20.5), b = 380/5330, is below 0 up to x = 6."""
    frame = pd.DataFrame({"x": np.arange(1.0, 41), "all": "a", "y": [0.0, 1.0] * 20, "z": [0.0] * 7 + [1.0] * 33})
    totals = {"all": {"a": 40}, "x": 1200}
    one = SurveyDesign(frame).calibrate(totals)
    assert one.negative_weights == int((1 + 380 / 5330 * (frame["x"] - 20.5) < 0).sum()) == 6
    assert one.mean("x").value == pytest.approx(30)
    asked = (lambda d: d.proportion("y"), lambda d: d.quantile("x", 0.5), lambda d: d.chisq("y", "z"))
    for ask in asked:
        with pytest.raises(UserError, match=r"40 份回答中有 6 份的权数为负.*bounds"):
            ask(one)
    assert one.proportion("y", where="z").n == 33
    bounded = SurveyDesign(frame).calibrate(totals, bounds=(0.2, 3))
    assert bounded.negative_weights == 0 and bounded.weights.min() == pytest.approx(0.2)
    for ask in asked[:2]:
        ask(bounded)


def test_calibrated_weights_reach_the_totals():
    frame = _frame(sex=["女", "男"] * 6)
    design = _design(frame)
    totals = {"sex": {"女": 11.0, "男": 13.0}, "school": {"甲": 12.0, "乙": 12.0}}
    for method, bounds in (("linear", None), ("linear", (0.2, 3)), ("raking", None), ("logit", (0.2, 3))):
        weights = design.calibrate(totals, method, bounds).weights
        for column, levels in totals.items():
            for level, total in levels.items():
                assert weights[frame[column] == level].sum() == pytest.approx(total, rel=1e-9)
        if bounds:
            assert (weights / design.weights >= bounds[0] - 1e-12).all()
            assert (weights / design.weights <= bounds[1] + 1e-12).all()


def test_many_groups_are_computed_in_parts_with_the_same_result(monkeypatch):
    draw = np.random.default_rng(9)
    frame = pd.DataFrame({"s": draw.integers(0, 3, 300), "y": draw.random(300) < 0.8, "g": draw.integers(0, 30, 300)})
    frame["c"] = frame["s"] * 10 + draw.integers(0, 6, 300)
    design = SurveyDesign(frame, strata="s", clusters="c").calibrate({"s": {0: 90, 1: 100, 2: 110}})
    whole = design.proportion("y", by="g")
    monkeypatch.setattr("analysis.statistics.stages.CELLS", 50)
    monkeypatch.setattr("analysis.statistics.variance.CELLS", 50)
    parts = design.proportion("y", by="g")
    for name in ("value", "se", "lower", "upper", "df"):
        got, wanted = (table[name].to_numpy(dtype=float, na_value=-1) for table in (parts, whole))
        assert got == pytest.approx(wanted, rel=1e-9)
