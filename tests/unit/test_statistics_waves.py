"""Two waves, a table of answers, and the results of both: schools and answers few enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.house import UserError
from analysis.statistics import Estimate, SurveyDesign, change, estimates
from analysis.statistics.results import Results

WAVES = pd.DataFrame(
    {
        "wave": ["旧"] * 6 + ["新"] * 7 + ["别"],
        "school": ["a", "a", "b", "b", "c", "c", "a", "a", "b", "b", "d", "d", "d", "a"],
        "y": [1.0, 3, 2, 4, 6, 8, 5, 7, 4, 6, 9, 5, np.nan, 99],
    }
)


def compared(frame: pd.DataFrame = WAVES, **more: object):
    design = SurveyDesign(frame, clusters="school")
    return change(design, "y", **{"wave": "wave", "before": "旧", "after": "新", "units": "school"} | more)


def test_a_change_over_all_and_over_those_in_both():
    one = compared()
    assert (one.both, one.only_before, one.only_after) == (("a", "b"), ("c",), ("d",))
    assert one.before.value == 4 and one.after.value == 6 and one.difference.value == 2
    assert (one.before.n, one.after.n, one.difference.n) == (6, 6, 12)
    before = np.array([4 - 8, 6 - 8, 14 - 8, 0]) / 6
    after = np.array([12 - 12, 10 - 12, 0, 14 - 12]) / 6
    v = [
        4 / 3 * float((left - left.mean()) @ (right - right.mean()))
        for left, right in ((before, before), (after, after), (before, after))
    ]
    se = (v[0] + v[1] - 2 * v[2]) ** 0.5
    assert one.difference.se == pytest.approx(se) and one.difference.df == 3
    half = stats.t.ppf(0.975, 3) * se
    assert (one.difference.lower, one.difference.upper) == pytest.approx((2 - half, 2 + half))
    assert one.correlation == pytest.approx(v[2] / (v[0] * v[1]) ** 0.5)
    assert one.before.df == one.after.df == 2
    # in both: a 2 → 6, b 3 → 5
    assert (one.common.value, one.common.n, one.common.df) == (3, 8, 1)
    d = np.array([(12 - 11) - (4 - 5), (10 - 11) - (6 - 5), 0, 0]) / 4
    se = (4 / 3 * float((d - d.mean()) @ (d - d.mean()))) ** 0.5
    assert one.common.se == pytest.approx(se) and one.p == pytest.approx(2 * stats.t.sf(3 / se, 1))
    assert one.direction == "not shown"
    narrow = compared(level=0.5)
    assert narrow.common.level == 0.5 and narrow.direction == "up"
    assert narrow.common.upper == pytest.approx(3 + stats.t.ppf(0.75, 1) * se)
    back = compared(before="新", after="旧", level=0.5)
    assert back.common.value == -3 and back.direction == "down" and back.p == pytest.approx(one.p)


def test_a_change_that_cannot_be_told():
    part = compared(where=WAVES["school"] == "a")
    assert (part.difference.value, part.difference.status, part.p, part.correlation) == (4, "too few", None, None)
    assert part.direction == "not shown" and part.difference.n == 4 and part.both == ("a",)
    assert part.common == part.difference
    apart = compared(where=WAVES["school"].isin(["c", "d"]))
    assert (apart.common.value, apart.common.status, apart.both) == (None, "no data", ())
    assert apart.difference.value == 0 and apart.p is None
    gone = compared(where=WAVES["wave"] == "旧")
    assert gone.after.status == "no data" and gone.difference.value is None and gone.before.value == 4
    with pytest.raises(UserError, match="“wave”列中没有“冬”这一期；现有：别、新、旧。"):
        compared(after="冬")
    flat = compared(WAVES.assign(y=2.0))
    assert flat.difference.se == 0 and flat.correlation is None and flat.p is None and flat.direction == "not shown"


def test_the_direction_is_where_the_interval_leaves_nought_out():
    one = compared()
    for limits, told in (
        ((0.1, 2), "up"),
        ((0.0, 2), "not shown"),
        ((-2, 0.0), "not shown"),
        ((-2, -0.1), "down"),
        ((-1, 1), "not shown"),
        ((None, 1), "not shown"),
        ((1, None), "not shown"),
    ):
        common = Estimate(1.0, 1.0, *limits, df=3, method="t")
        fields = {name: getattr(one, name) for name in ("before", "after", "difference", "p", "both", "correlation")}
        changed = type(one)(**fields, common=common, only_before=(), only_after=())
        assert changed.direction == told


ANSWERS = pd.DataFrame(
    {
        "class": list("aabbccddee"),
        "s": [1, 1, 1, 1, 2, 2, 2, 2, 2, 2],
        "r": ["x", "x", "x", "y", "y", "y", "x", None, "y", "y"],
        "c": ["u", "v", "u", "v", "v", "v", "u", "u", "v", "u"],
        "w": [1.0, 2, 1, 1, 3, 1, 2, 5, 1, 0],
        "y": [1, 0, 1, 1, 0, 1, 1, 1, np.nan, 1],
    }
)


def test_a_table_of_answers_is_that_of_those_who_gave_both():
    one = SurveyDesign(ANSWERS, clusters="class", weights="w").chisq("r", "c")
    assert one.n == 8 and one.shares.index.tolist() == ["x", "y"] and one.shares.columns.tolist() == ["u", "v"]
    assert one.shares.to_numpy() * 12 == pytest.approx(np.array([[4, 2], [0, 6]]))
    p = np.array([[4, 2], [0, 6]]) / 12
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    assert one.pearson == pytest.approx(8 * ((p - expected) ** 2 / expected).sum())
    assert one.ndf == pytest.approx(1) and one.ddf == pytest.approx(4) and one.status == "ok"
    part = SurveyDesign(ANSWERS, clusters="class", weights="w").chisq("r", "c", where=ANSWERS["s"] == 1)
    assert part.n == 4 and part.shares.to_numpy() * 5 == pytest.approx(np.array([[2, 2], [0, 1]]))
    none = SurveyDesign(ANSWERS, clusters="class", weights="w").chisq("r", "c", where=[False] * 10)
    assert (none.n, none.status, none.p) == (0, "no data", None)
    one_row = SurveyDesign(ANSWERS, clusters="class").chisq("r", "c", where=ANSWERS["r"] == "x")
    assert (one_row.status, one_row.n) == ("too few", 4)


def test_answers_and_weights_outside_a_domain_do_not_count():
    design = SurveyDesign(ANSWERS, clusters="class", weights="w")
    assert design.domain().tolist() == [True] * 9 + [False] and len(design) == 10
    assert design.degrees_of_freedom() == 4 and design.degrees_of_freedom(ANSWERS["s"] == 1) == 1
    assert design.negative_weights == 0
    share = design.proportion("y")
    assert (share.value, share.n, share.df) == (pytest.approx(11 / 16), 8, 3)  # class e has no answer with a weight
    assert design.mean("y").df == 4 and design.mean("y").value == pytest.approx(11 / 16)
    table = design.mean("y", by="s")
    assert table["n"].tolist() == [4, 4] and table["value"].tolist() == pytest.approx([3 / 5, 8 / 11])
    assert np.asarray(table.attrs["covariance"]).shape == (2, 2)
    assert "covariance" not in design.variance("y", by="s").attrs
    assert table.attrs["covariance"].loc[1, 1] == pytest.approx(float(table["se"].iloc[0]) ** 2)
    assert design.intraclass("y").df == 3
    for asked, said in (
        (lambda: design.proportion("y", method="wald"), "占比区间方法“wald”不可用"),
        (lambda: design.quantile("y", 0.5, interval="wald"), "分位数区间方法“wald”不可用"),
        (lambda: design.cronbach_alpha(["y"]), "至少需要两个题目"),
        (lambda: design.replicates("brr"), "重复抽样方式“brr”不可用"),
        (lambda: design.replicates("bootstrap", count=1), "count=1 太少"),
        (lambda: SurveyDesign(ANSWERS, single_psu="drop"), "single_psu 不能是“drop”"),
        (lambda: SurveyDesign(ANSWERS, weights="y"), "“y”列第 9 行：读到“nan”，权重不能缺"),
        (lambda: SurveyDesign(ANSWERS, weights=[1.0] * 9 + [-1.0]), "“weights”列第 10 行：读到“-1.0”，权重不能为负"),
    ):
        with pytest.raises(UserError, match=said):
            asked()
    assert design.replicates("bootstrap", count=2, seed=1).mean("y").value == pytest.approx(11 / 16)
    assert design.cronbach_alpha(["y", "s"]).n == 8
    wide = design.mean("y", level=0.5)
    assert wide.level == 0.5 and wide.upper == pytest.approx(wide.value + stats.t.ppf(0.75, 4) * wide.se)


def test_negative_weights_refuse_shares():
    design = SurveyDesign(ANSWERS, clusters="class", weights="w").calibrate({"w": 90.0, "s": {1: 5, 2: 12}})
    assert design.negative_weights == int((design.weights < 0).sum()) > 0
    inside = ANSWERS["y"].notna() & (design.weights != 0)
    count = int((design.weights[inside] < 0).sum())
    with pytest.raises(UserError, match=f"校准后 {int(inside.sum())} 份回答中有 {count} 份的权数为负"):
        design.proportion("y")
    assert design.total("w").value == pytest.approx(90)


def test_poststrata_of_one_or_two_columns():
    design = SurveyDesign(ANSWERS, clusters="class")
    for key in ("s", ["s"], ("s",)):
        one = design.poststratify(key, {1: 8, 2: 3})
        assert one.weights.tolist() == pytest.approx([2.0] * 4 + [0.5] * 6)
    crossed = design.poststratify(["s", "c"], {(1, "u"): 4, (1, "v"): 6, (2, "u"): 3, (2, "v"): 9})
    assert crossed.weights.tolist() == pytest.approx([2, 3, 2, 3, 3, 3, 1, 1, 3, 1])
    assert design.weights.tolist() == [1.0] * 10 and len(crossed.calibrations) == 1


def test_a_stratum_of_one_unit_is_estimable_only_by_its_deviation():
    frame = ANSWERS.assign(s=[1] * 8 + [2] * 2, y=[1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
    for option, status in (("adjust", "too few"), ("certainty", "too few"), ("average", "too few")):
        design = SurveyDesign(frame, strata="s", clusters="class", single_psu=option)
        assert design.proportion("y", where=frame["s"] == 2).status == status
        se = design.mean("y", where=frame["s"] == 2).se
        assert (se is not None) == (option == "adjust")


def test_results_without_a_value_have_nothing_else():
    nan = np.nan
    given = [np.array(each) for each in ([0.5, nan, 2.0], [0.1, 0.1, nan], [0.3, 0.2, nan], [0.7, 0.3, nan])]
    one = Results(
        *given, np.array([3.0, 4, 5]), np.array([9.0, 0, 2]), np.array([1.5, 1, nan]), np.array(["t"] * 3), 0.9
    )
    assert one.status().tolist() == ["ok", "no data", "too few"]
    assert one.one() == Estimate(0.5, 0.1, 0.3, 0.7, 0.9, 9, 3.0, 1.5, "t")
    table = one.table(pd.Index(list("abc"), name="g"))
    assert table.loc["b", ["value", "se", "lower", "upper", "df", "deff"]].isna().all() and table.loc["b", "n"] == 0
    assert table["n"].dtype == np.int64 and "covariance" not in table.attrs
    assert estimates(table, 0.9)[2] == Estimate(2.0, None, None, None, 0.9, 2, 5.0, None, "t", "too few")
    assert estimates(table)[0].level == 0.95


def test_an_estimate_knows_whether_it_may_be_printed():
    assert (
        Estimate(0.5).known and Estimate(0.5, status="too few").known and not Estimate(0.5, status="suppressed").known
    )
    assert Estimate(float("nan")).status == Estimate(None, status="too few").status == "no data"
    assert not Estimate(None).known and Estimate(None, status="suppressed").status == "suppressed"
    hidden = Estimate(0.5, 0.1, 0.3, 0.7, 0.9, 9, 3.0, 1.5, "t").suppressed()
    assert hidden == Estimate(None, level=0.9, n=0, method="t", status="suppressed")
    assert hidden.as_dict()["n"] == 0 and Estimate(1, n=3.0).n == 3
