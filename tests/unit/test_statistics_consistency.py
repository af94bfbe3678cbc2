"""Printed figures: every count tried against the rounding rule itself (`round` and `floor` of fractions)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest

from analysis.house import UserError
from analysis.statistics.consistency import (
    RoundingInterval,
    decimals,
    grim_mean,
    grim_share,
    nearest_shares,
    parts_add_up,
    possible_counts,
    possible_sums,
    rounding_interval,
)


def printed(value: Fraction, places: int, rounding: str) -> Fraction:
    """A value of at least 0 as it is printed."""
    scaled = value * 10**places
    whole = {"half_up": floor(scaled + Fraction(1, 2)), "half_even": round(scaled), "down": floor(scaled)}[rounding]
    return Fraction(whole, 10**places)


@pytest.mark.parametrize(
    ("figure", "rounding", "places", "expected"),
    [
        ("94", "half_up", None, ("93.5", "94.5", True, False)),
        ("-94", "half_up", None, ("-94.5", "-93.5", False, True)),
        ("0", "half_up", None, ("-0.5", "0.5", False, False)),
        ("0.0", "half_up", None, ("-0.05", "0.05", False, False)),
        ("94", "half_up", 2, ("93.995", "94.005", True, False)),
        ("94.25", "half_up", 0, ("93.75", "94.75", True, False)),
        ("94", "half_even", None, ("93.5", "94.5", True, True)),
        ("93", "half_even", None, ("92.5", "93.5", False, False)),
        ("93.4", "half_even", None, ("93.35", "93.45", True, True)),
        ("93.5", "half_even", None, ("93.45", "93.55", False, False)),
        ("94", "down", None, ("94", "95", True, False)),
        ("-94", "down", None, ("-95", "-94", False, True)),
        ("0", "down", None, ("-1", "1", False, False)),
        ("0.0", "down", None, ("-0.1", "0.1", False, False)),
        ("0.3", "down", None, ("0.3", "0.4", True, False)),
        ("-0.3", "down", None, ("-0.4", "-0.3", False, True)),
        ("0.3", "half_up", None, ("0.25", "0.35", True, False)),
        ("-0.3", "half_up", None, ("-0.35", "-0.25", False, True)),
    ],
)
def test_the_values_that_are_printed_as_one_figure(figure, rounding, places, expected):
    lower, upper, *ends = expected
    assert rounding_interval(figure, places, rounding) == RoundingInterval(Fraction(lower), Fraction(upper), *ends)


def test_half_up_is_the_rule_unless_another_is_given():
    assert rounding_interval("93") == rounding_interval("93", None, "half_up")
    with pytest.raises(UserError, match="舍入方式“up”不可用；可用：half_up、half_even、down"):
        rounding_interval("93", rounding="up")


@pytest.mark.parametrize("inside", [(True, False), (False, True), (True, True), (False, False)])
def test_the_ends_belong_to_an_interval_or_do_not(inside):
    one = RoundingInterval(Fraction(3, 2), Fraction(5, 2), *inside)
    assert (1.5 in one, Fraction(5, 2) in one) == inside
    assert 2 in one and Decimal("1.6") in one and 2.4 in one
    assert 1 not in one and 3 not in one and "2" not in one and None not in one


def test_how_many_decimals_a_figure_is_printed_with():
    told = {"94": 0, "94.0": 1, " 1,234.50% ": 2, "−3.125％": 3, 0.25: 2, 7: 0, "9E2": 0, Decimal("1.00"): 2}
    assert {figure: decimals(figure) for figure in told} == told
    for wrong in ("多", "", "inf", "nan"):
        with pytest.raises(UserError, match=f"“{wrong}”不是一个数字"):
            decimals(wrong)


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "down"])
@pytest.mark.parametrize("n", [1, 2, 7, 8])
@pytest.mark.parametrize("per,places", [(100, 0), (1000, 0), (1, 2), (100, 1)])
def test_the_counts_that_give_a_figure_are_those_that_round_to_it(rounding, n, per, places):
    shown = [printed(Fraction(k * per, n), places, rounding) for k in range(n + 1)]
    step = Fraction(1, 10**places)
    figures = {figure + turn for figure in shown for turn in (-step, 0, step)} | {Fraction(per) + 5}
    for figure in figures:
        text = f"{float(figure):.{places}f}"
        found = possible_counts(text, n, rounding=rounding, per=per)
        assert list(found) == ([k for k in range(n + 1) if shown[k] == figure] if figure >= 0 else []), text
        if per == 100 and figure >= 0:
            assert grim_share(text, n, rounding=rounding) == (figure in shown)
            below, above = nearest_shares(text, n, rounding=rounding)
            assert below == max((Fraction(k, n) for k in range(n + 1) if shown[k] < figure), default=None)
            assert above == min((Fraction(k, n) for k in range(n + 1) if shown[k] > figure), default=None)


def test_shares_of_the_wrong_side_and_usual_arguments():
    assert list(possible_counts("33", 3)) == [1] and list(possible_counts("33.3", 3, places=0)) == [1]
    assert list(possible_counts("12", 8)) == [] and list(possible_counts("13", 8)) == [1]  # 12.5
    assert nearest_shares("-5", 4) == (None, 0) and nearest_shares("120", 4) == (1, None)
    assert nearest_shares("50", 1) == (0, 1)
    for n in (0, -3):
        for asked in (possible_counts, possible_sums, nearest_shares):
            with pytest.raises(UserError, match=f"n={n} 应为正整数"):
                asked("50", n)


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "down"])
@pytest.mark.parametrize("n,items", [(1, 1), (8, 1), (4, 3), (7, 2)])
def test_the_sums_that_give_a_mean_are_those_that_round_to_it(rounding, n, items):
    for hundredths in range(0, 230, 7):
        text = f"{hundredths / 100:.2f}"
        sums = [k for k in range(60) if printed(Fraction(k, n * items), 2, rounding) == Fraction(hundredths, 100)]
        assert list(possible_sums(text, n, items=items, rounding=rounding)) == sums
        assert grim_mean(text, n, items=items, rounding=rounding) == bool(sums)


def test_counts_at_whole_ends_and_arguments_by_name():
    assert list(possible_counts("93", 200, rounding="half_even")) == [186]  # 185 and 187 lie on the open ends
    assert list(possible_counts("0", 300)) == [0, 1]
    assert not grim_mean("0.06", 8) and grim_mean("0.06", 8, items=2)
    assert list(possible_counts(figure="50", n=2)) == [1] and list(possible_sums(figure="0.5", n=2)) == [1]
    assert grim_share(figure="50", n=2) and grim_mean(figure="0.5", n=2)
    assert nearest_shares(figure="50", n=2) == (0, 1) and parts_add_up(parts=["1", "1"], total="2")


def test_a_mean_is_of_one_item_with_the_decimals_printed():
    assert list(possible_sums("3.13", 8)) == [25] and list(possible_sums("3.13", 8, places=1)) == [25]
    assert list(possible_sums("3.1", 8, places=0)) == list(range(21, 29))
    assert grim_mean("3.13", 8) and not grim_mean("3.12", 8) and grim_mean("3.12", 8, items=2, rounding="half_even")
    assert list(possible_sums("0", 1)) == [0]


@pytest.mark.parametrize(
    ("parts", "total", "rounding", "possible"),
    [
        (["33", "33", "33"], "100", "half_up", True),
        (["33", "33", "32"], "100", "half_up", False),  # 96.5 to 99.5, not reached
        (["34", "34", "33"], "100", "half_up", True),
        (["34", "34", "34"], "100", "half_up", False),  # from 100.5
        (["1"], "2", "half_up", False),
        (["1"], "0", "half_up", False),
        (["-1"], "-2", "half_up", False),
        (["2"], "3", "half_even", False),
        (["2", "0.0"], "2.6", "half_even", True),  # both end at 2.55
        (["2", "0.0"], "1.4", "half_even", True),  # both at 1.45
        (["2", "0.05"], "2.56", "half_even", False),  # the parts stay below 2.555
        (["2", "0.05"], "1.54", "half_even", False),
        (["2", "0.04"], "2.55", "half_even", False),  # the total is above 2.545
        (["2", "0.04"], "1.53", "half_even", False),
        (["2", "0.04"], "2.54", "half_even", True),
        (["1", "1"], "3", "down", True),
        (["1", "1"], "4", "down", False),
        (["1", "1"], "1", "down", False),
        ([], "0", "half_up", True),
        ([], "1", "half_up", False),
    ],
)
def test_rounded_parts_can_belong_to_a_rounded_total_or_cannot(parts, total, rounding, possible):
    assert parts_add_up(parts, total, rounding=rounding) is possible


def test_parts_are_rounded_half_up_unless_told():
    assert not parts_add_up(["2", "0.0"], "2.6")
