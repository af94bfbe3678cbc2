"""Verdicts, levels and p values of claims step by step: every threshold from both sides, limits by scipy."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from scipy import stats

from analysis.house import UserError
from analysis.statistics import Estimate, at_level, directions, effective_n, needed, together, verdict
from analysis.statistics.levels import _scale, capped, with_df
from analysis.statistics.simultaneous import p_value
from analysis.statistics.verdict import around, counted, every, statement


def mean(value: float, se: float, df: float = 12, n: int = 90, level: float = 0.95) -> Estimate:
    half = float(stats.t.ppf((1 + level) / 2, df)) * se
    return Estimate(value, se, value - half, value + half, level, n, df, None, "t")


def share(p: float, se: float, n: int = 400, df: float = 25) -> Estimate:
    return at_level(Estimate(p, se, 0.0, 1.0, 0.5, n, df, None, "beta"), 0.95)


NONE = Estimate(None, n=0, status="no data")
FEW = Estimate(0.97, n=5, status="too few")


def test_words_of_each_judgement():
    told = {
        "supported": "数据支持“甲”的说法",
        "not shown": "数据还不足以说明“甲”",
        "contradicted": "数据不支持“甲”的说法",
        "met": "达到“甲”的要求",
        "not met": "未达到“甲”的要求",
        "open": "是否达到“甲”，补齐前不能定论",
    }
    assert {each: statement(each, "甲") for each in told} == told
    assert around("not shown") == ("数据还不足以说明", "")


def test_what_was_counted_is_met_or_not_or_open():
    assert [counted(x, at_least=0.94) for x in (0.93, 0.94, 0.95)] == ["not met", "met", "met"]
    assert [counted(x, at_most=60) for x in (59, 60, 61)] == ["met", "met", "not met"]
    assert [counted(x, at_most=0.0) for x in (0, 0.1, -1)] == ["met", "not met", "met"]
    assert counted(0.94, at_least=0.94, bounds=(0.93, 0.96)) == "open"
    assert counted(0.99, at_least=0.94, bounds=(0.94, 0.96)) == "met"  # the bounds decide
    assert counted(0.5, at_most=60, bounds=(60.5, 70)) == "not met"
    assert counted(0.5, at_most=60, bounds=(60, 60.5)) == "open"
    for given in ({}, {"at_least": 1, "at_most": 2}):
        with pytest.raises(UserError, match="须给且只给一个"):
            counted(1.0, **given)
        with pytest.raises(UserError, match="须给且只给一个"):
            verdict(mean(1, 1), **given)


def test_touching_limits_count_for_a_claim():
    one = mean(60, 2)
    half = stats.t.ppf(0.95, 12) * 2
    narrow = verdict(one, 0).narrow
    assert (narrow.level, narrow.lower, narrow.upper) == (0.9, pytest.approx(60 - half), pytest.approx(60 + half))
    low, high = narrow.lower, narrow.upper
    step = 1e-9
    for bound, least, most in (
        (low - step, "supported", "contradicted"),
        (low, "supported", "not shown"),
        (low + step, "not shown", "not shown"),
        (high - step, "not shown", "not shown"),
        (high, "not shown", "supported"),
        (high + step, "contradicted", "supported"),
    ):
        assert verdict(one, bound).judgement == least
        assert verdict(one, at_most=bound).judgement == most
    assert verdict(FEW, 0.5).judgement == verdict(NONE, 0.5).judgement == "not shown"
    assert (verdict(one, 5).side, verdict(one, at_most=5).side) == ("at least", "at most")
    told = verdict(one, 5, unit="分钟", invited=7)
    assert (told.wide, told.bound, told.needed, told.unit, told.invited) == (one, 5, None, "分钟", 7)


def test_sentences_of_verdicts():
    one = share(0.955, 0.02, 200, 30)
    told = verdict(one, 0.94, invited=9000)
    assert told.judgement == "not shown" and told.needed == needed(one, 0.94) > 200
    assert told.sentence.startswith("估计值95.5%（95%区间") and "，90%区间" in told.sentence
    assert f"；若真实水平就是这个估计值，约需{told.needed:,}份回答才能说明。" in told.sentence
    assert "200份有效回答），数据还不足以说明“不低于94%”" in told.sentence
    assert "约需" in replace(told, invited=told.needed).sentence
    short = replace(told, invited=told.needed - 1).sentence
    assert f"即使应邀的{told.needed - 1:,}人全部作答，也不足以说明。" in short
    for silent in (replace(told, invited=None), replace(told, needed=None), replace(told, judgement="supported")):
        assert "真实水平" not in silent.sentence
    assert verdict(NONE, 0.94).sentence == "没有可用的数据，数据还不足以说明“不低于94%”。"
    assert verdict(FEW, at_most=0.935).sentence == "估计值97.0%，数据太少，给不出区间，数据还不足以说明“不超过93.5%”。"
    minutes = verdict(mean(61.2, 1), at_most=60.5, unit="分钟")
    assert minutes.sentence.startswith("估计值61.2分钟（95%区间")
    assert "“不超过60.5分钟”" in minutes.sentence and minutes.words == "数据还不足以说明" and minutes.needed is None


def test_answers_needed_stop_at_the_bound_and_at_no_size():
    one = share(0.95, 0.012, 700, 40)
    for bound in (0.0, 1.0, 0.95, 0.96):
        assert needed(one, bound) is None
    assert needed(one, 0.95, at_most=True) is None and needed(one, 0.9, at_most=True) is None
    assert needed(NONE, 0.9) is None and needed(FEW, 0.9) is None
    tight = share(0.95, 0.006, 700, 40)  # worth more than its answers: no design effect below 1
    both = stats.norm.ppf(0.95) * 0.0651**0.5 + stats.norm.ppf(0.8) * 0.0475**0.5
    assert needed(tight, 0.93) == math.ceil((both / 0.02) ** 2)
    assert needed(tight, 0.6) == 701


def test_every_item_is_judged_alone_and_all_together():
    items = {"甲": share(0.97, 0.005), "乙": share(0.94, 0.01), "丙": share(0.90, 0.012)}
    one = every(items, 0.94)
    assert (one.judgement, one.below, one.open) == ("contradicted", ("丙",), ("乙", "丙"))
    assert one.items["甲"].judgement == "supported" and one.words == "数据不支持"
    assert one.sentence == "共3项，单独看有1项数据支持；数据不支持“各项均达到”的说法：丙明显低于该水平。"
    two = every({name: items[name] for name in "甲乙"}, 0.94)
    assert (two.judgement, two.below, two.open) == ("not shown", (), ("乙",))
    assert two.sentence == "共2项，单独看有1项数据支持；数据还不足以说明“各项均达到”。"
    assert every({"甲": items["甲"]}, 0.94).judgement == "supported"
    assert every({"甲": FEW, "乙": NONE}, 0.94).judgement == "not shown"
    with pytest.raises(UserError, match="没有可判断的项目"):
        every({}, 0.94)
    # the level of two items is 1 − 2·0.05/2, of one 0.90; a limit on the claim is not below it
    low = mean(55, 2)
    ends = {count: 55 + float(stats.t.ppf(1 - 0.05 / count, 12)) * 2 for count in (1, 2, 3)}
    for count, end in ends.items():
        named = {str(place): low for place in range(count)}
        assert every(named, end + 1e-6).judgement == "contradicted"
        assert every(named, end - 1e-6).judgement == "not shown"
    assert every({"一": low}, at_level(low, 0.9).upper).judgement == "not shown"


# -- levels ------------------------------------------------------------------------------------------------------------


def test_the_effective_size_of_a_share():
    assert effective_n(share(0.8, 0.04)) == pytest.approx(0.16 / 0.0016)
    assert effective_n(Estimate(0.8, 0.04, 0.7, 0.9, n=300, df=9, deff=3.0, method="jeffreys")) == 100
    assert effective_n(Estimate(0.8, 0.04, 0.7, 0.9, n=300, df=9, deff=None, method="jeffreys")) == pytest.approx(100)
    assert effective_n(Estimate(0.8, 0.04, 0.7, 0.9, n=300, df=9, deff=3.0, method="beta")) == pytest.approx(100)
    for blank in (NONE, FEW, Estimate(0.5, 0.1, None, 0.9, n=4), Estimate(0.5, 0.1, 0.2, None, n=4)):
        assert effective_n(blank) is None
    assert effective_n(Estimate(0.5, 0.0, 0.4, 0.6, n=37, df=3)) == 37.0
    scale = (stats.t.ppf(0.95, 49) / stats.t.ppf(0.95, 7)) ** 2
    for ends in ((0.0, 0.0, 0.1), (1.0, 0.9, 1.0)):
        one = Estimate(ends[0], 0.0, ends[1], ends[2], 0.9, 50, 7, None, "beta")
        assert effective_n(one) == pytest.approx(math.log(0.05) / math.log(0.9) / scale, rel=1e-9)
    for ends in ((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 1.0)):
        assert effective_n(Estimate(ends[0], 0.0, ends[1], ends[2], 0.9, 50, 7, None, "beta")) == 50.0


def test_the_scale_of_degrees_of_freedom():
    expected = (stats.t.ppf(0.975, 1) / stats.t.ppf(0.975, 1)) ** 2
    assert _scale(Estimate(0.5, n=2, df=1.0), 0.95) == pytest.approx(expected)
    assert _scale(Estimate(0.5, n=2, df=3.0), 0.95) == pytest.approx((12.7062047 / 3.18244631) ** 2)
    assert _scale(Estimate(0.5, n=9, df=1.0), 0.9) == pytest.approx((1.859548038 / 6.313751515) ** 2)
    for n, df in ((1, 3.0), (9, None), (9, 0.9)):
        assert _scale(Estimate(0.5, n=n, df=df), 0.95) == 1.0


def test_another_level_and_other_degrees_of_freedom():
    one = mean(10, 2)
    assert at_level(one, 0.95) is one
    wide = at_level(one, 0.99)
    half = stats.t.ppf(0.995, 12) * 2
    assert (wide.level, wide.lower, wide.upper) == (0.99, pytest.approx(10 - half), pytest.approx(10 + half))
    assert with_df(one, 12) is one and with_df(NONE, 3) is NONE
    fewer = with_df(one, 1)
    assert (fewer.df, fewer.status, fewer.upper) == (1, "ok", pytest.approx(10 + 12.7062047 * 2))
    none = with_df(one, 0.5)
    assert (none.value, none.se, none.lower, none.upper, none.df, none.status) == (10, None, None, None, 0.5, "too few")
    assert at_level(FEW, 0.9) == replace(FEW, level=0.9)
    for ends in ((None, 12.0), (8.0, None)):
        odd = replace(one, lower=ends[0], upper=ends[1])
        assert at_level(odd, 0.9) == replace(odd, level=0.9)
    assert at_level(replace(one, df=None), 0.9) == replace(one, df=None, level=0.9)
    flat = at_level(Estimate(10.0, None, 10.0, 10.0, n=4, df=3, method="t"), 0.9)
    assert (flat.lower, flat.upper) == (10, 10)
    p = at_level(share(0.8, 0.04, 100, 25), 0.9)
    size = 100 * (stats.t.ppf(0.95, 99) / stats.t.ppf(0.95, 25)) ** 2
    assert p.lower == pytest.approx(stats.beta.ppf(0.05, size * 0.8, size * 0.2 + 1), rel=1e-9)
    assert p.upper == pytest.approx(stats.beta.isf(0.05, size * 0.8 + 1, size * 0.2), rel=1e-9)
    nought = at_level(Estimate(0.0, None, 0.0, 0.0, n=60, df=59, method="beta"), 0.9)
    assert nought.upper == pytest.approx(1 - 0.05 ** (1 / 60))


def test_a_share_is_worth_no_more_than_its_answers():
    tight = share(0.8, 0.01, 100, 25)
    one = capped(tight)
    assert one.se == pytest.approx(0.04, rel=1e-9) and one.deff is None
    size = 0.16 / 0.0001
    assert one.lower < tight.lower and one.upper > tight.upper and size > 100
    expected = 100 * (stats.t.ppf(0.975, 99) / stats.t.ppf(0.975, 25)) ** 2
    assert one.lower == pytest.approx(stats.beta.ppf(0.025, expected * 0.8, expected * 0.2 + 1), rel=1e-6)
    even = replace(share(0.8, 0.04, 100, 25), deff=1.0)
    for kept in (even, share(0.8, 0.05, 100, 25), mean(0.8, 0.001), NONE, FEW):
        assert capped(kept) is kept
    for odd in (
        replace(tight, se=None),
        replace(tight, se=0.0),
        replace(tight, value=0.0),
        replace(tight, value=1.0),
        replace(tight, lower=None),
    ):
        assert capped(odd) is odd


# -- many claims -------------------------------------------------------------------------------------------------------


def test_p_values_both_ways():
    for value in (3.0, -2.0):
        expected = float(stats.t.sf(abs(value) / 1.5, 12))
        assert p_value(mean(value, 1.5), 0) == pytest.approx(expected, rel=1e-6)
        assert p_value(mean(value, 1.5), at_most=0) == pytest.approx(expected, rel=1e-6)
    assert p_value(mean(0.0, 1.5), 1e-15) == pytest.approx(0.5, abs=1e-6)
    assert p_value(mean(0.0, 1.5)) == p_value(NONE, 0.5) == p_value(FEW, 0.5) == 0.5
    assert p_value(replace(mean(9, 1), value=None), 0.5) == p_value(replace(mean(9, 1), lower=None), 0.5) == 0.5
    assert p_value(Estimate(0.0, 0.0, 0.0, 0.0, n=5, df=4, method="t"), 0.5) == pytest.approx(0, abs=1e-11)
    assert p_value(Estimate(0.0, 0.0, 0.0, 0.0, n=5, df=4, method="t"), 0.0) == pytest.approx(0, abs=1e-11)
    assert p_value(Estimate(0.0, 0.0, 0.0, 0.0, n=5, df=4, method="t"), at_most=0.0) == pytest.approx(0, abs=1e-11)
    assert p_value(mean(2.0, 1.0), 1.0, at_most=None) == pytest.approx(float(stats.t.sf(1, 12)), rel=1e-6)


def test_verdicts_together_leave_out_what_has_no_limits():
    t = float(stats.t.ppf(0.97, 12))
    items = {"甲": mean(t, 1.0), "空": NONE, "少": FEW, "半": replace(mean(9, 1), lower=None)}
    assert together(items, 0.0) == {"甲": "supported", "空": "not shown", "少": "not shown", "半": "not shown"}
    assert set(together({"甲": mean(t, 1.0), "乙": mean(t, 1.0)}, 0.0).values()) == {"not shown"}
    assert together({"甲": mean(-t, 1.0)}, 0.0) == {"甲": "contradicted"}
    assert together({"甲": mean(-t, 1.0)}, at_most=0.0) == {"甲": "supported"}
    edge = mean(60, 2)
    assert together({"甲": edge}, at_level(edge, 0.9).lower) == {"甲": "supported"}


def test_directions_need_a_test_of_one_degree_of_freedom():
    one = mean(20.0, 1.0, df=1)
    assert directions({"甲": one}) == {"甲": "up"} and directions({"甲": replace(one, value=-20.0)}) == {"甲": "down"}
    assert directions({"甲": mean(12.0, 1.0, df=1)}) == {"甲": "not shown"}
    for blank in (replace(one, df=0.9), replace(one, df=None), replace(one, se=None), replace(one, se=0.0), NONE):
        assert directions({"甲": blank}) == {"甲": "not shown"}
        assert directions({"甲": one, "乙": blank})["甲"] == "up"
    assert directions({"甲": mean(6.0, 1.5), "乙": mean(0.0, 1.0)}) == {"甲": "up", "乙": "not shown"}
    assert directions({}) == {}


def test_p_values_of_shares_whose_limit_is_nought_or_one():
    none = Estimate(0.0, 0.0, 0.0, 0.05, 0.95, 60, 40, None, "beta")
    scale = (stats.t.ppf(0.975, 59) / stats.t.ppf(0.975, 40)) ** 2
    size = math.log(0.025) / math.log(0.95) / scale
    for bound in (0.08, 0.1):
        p = p_value(none, at_most=bound)
        own = size * (stats.t.ppf(1 - p, 59) / stats.t.ppf(1 - p, 40)) ** 2
        assert 1 - p ** (1 / own) == pytest.approx(bound, rel=1e-6)
        assert p_value(none, bound) == pytest.approx(p, rel=1e-6)
    told = verdict(replace(none, lower=0.0), 0.5)
    assert "90%区间0.0%" in told.sentence and "100" not in told.sentence
    assert verdict(Estimate(0.0, 0.0, 0.0, 0.0, 0.95, 60, 40, None, "t"), 0.5).sentence.count("0.0%") >= 3


def test_directions_are_of_the_difference_over_its_error():
    assert directions({"甲": mean(0.5, 0.1)}) == {"甲": "up"} and directions({"甲": mean(-0.5, 0.1)}) == {"甲": "down"}
    assert directions({"甲": mean(4.0, 3.0)}) == {"甲": "not shown"}  # 4·3 would be far out
    assert together(items={"甲": mean(9, 1)}, at_least=0.0) == {"甲": "supported"}
    assert p_value(estimate=mean(0.0, 1.0), at_least=0.1) == pytest.approx(float(stats.t.sf(0.1, 12)), rel=1e-6)
    assert counted(value=1, at_most=2) == "met" and needed(estimate=share(0.95, 0.012), bound=0.96) is None
    assert (
        p_value(mean(0.0, 1.0), 3.0)
        == p_value(mean(0.0, 1.0), -3.0)
        == pytest.approx(float(stats.t.sf(3, 12)), rel=1e-6)
    )
    one = replace(share(0.95, 0.02), upper=None)
    assert "数据太少" in verdict(one, 0.94).sentence and "数据太少" in verdict(replace(one, lower=None), 0.94).sentence
    assert verdict(mean(0.94, 0.01), 0.93, unit="分").needed is None
    assert verdict(share(0.97, 0.005), 0.94).needed is None and verdict(share(0.955, 0.02), 0.94).needed is not None
