"""Which printed figures are possible: small tables that can be checked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.house import UserError
from analysis.house.text import rounded
from analysis.statistics.consistency import (
    grim_mean,
    grim_share,
    nearest_shares,
    parts_add_up,
    possible_counts,
    possible_sums,
    rounding_interval,
)


@pytest.mark.parametrize(
    "figure,n,counts",
    [
        ("94%", 17, [16]),  # 16/17 = 94.1 %
        ("94%", 16, [15]),  # 15/16 = 93.75 %
        ("94%", 10, []),  # 9/10 or 10/10
        ("94.0%", 17, []),  # 94.1 when printed with a decimal
        ("94.0%", 50, [47]),
        ("100%", 300, [299, 300]),  # 299/300 = 99.67 % is printed as 100 %
        ("100.0%", 300, [300]),
        ("0%", 250, [0, 1]),
        ("12.5%", 8, [1]),
    ],
)
def test_how_many_of_n_can_stand_behind_a_percentage(figure, n, counts):
    assert list(possible_counts(figure, n)) == counts
    assert grim_share(figure, n) == bool(counts)


@pytest.mark.parametrize(
    "figure,n,items,possible",
    [("4.35", 20, 1, True), ("4.36", 20, 1, False), ("4.36", 20, 5, True), ("4.3", 7, 1, True)],
)
def test_whether_a_mean_score_is_possible(figure, n, items, possible):
    assert grim_mean(figure, n, items=items) is possible
    assert bool(possible_sums(figure, n, items=items)) is possible


@pytest.mark.parametrize(
    "figure,rounding,inside,outside",
    [
        ("94", "half_up", ["93.5", "94.49"], ["93.49", "94.5"]),
        ("94", "half_even", ["93.5", "94.5"], ["93.49", "94.51"]),
        ("93", "half_even", ["92.51", "93.49"], ["92.5", "93.5"]),
        ("94", "down", ["94", "94.99"], ["93.99", "95"]),
        ("-2", "half_up", ["-1.5", "-2.49"], ["-2.5", "-1.49"]),
        ("0", "half_up", ["0.49", "-0.49"], ["0.5", "-0.5"]),
        ("94.0", "half_up", ["93.95"], ["93.5"]),
    ],
)
def test_which_values_are_printed_as_a_figure(figure, rounding, inside, outside):
    interval = rounding_interval(figure, rounding=rounding)
    assert all(Decimal(value) in interval for value in inside)
    assert not any(Decimal(value) in interval for value in outside)


@pytest.mark.parametrize(
    "parts,total,possible",
    [
        (["33.3", "33.3", "33.3"], "100.0", True),
        (["33.3", "33.3", "33.2"], "100.0", False),
        (["5", "9"], "14", True),
        (["5", "9"], "15", True),  # 5.4 + 9.4 = 14.8
        (["5", "9"], "16", False),
        (["60.1", "39.9"], "100.0", True),
    ],
)
def test_whether_rounded_parts_can_belong_to_a_rounded_total(parts, total, possible):
    assert parts_add_up(parts, total) is possible


@pytest.mark.parametrize(
    "figure,n,below,above",
    [
        ("93.3", 40, Fraction(37, 40), Fraction(38, 40)),  # 92.5 % and 95.0 %
        ("99.9", 7, Fraction(6, 7), Fraction(1)),
        ("0.4", 30, Fraction(0), Fraction(1, 30)),
        ("50", 4, Fraction(1, 4), Fraction(3, 4)),  # possible itself: its neighbours
        ("100", 4, Fraction(3, 4), None),
        ("0", 4, None, Fraction(1, 4)),
    ],
)
def test_the_nearest_shares_that_so_many_answers_can_give(figure, n, below, above):
    assert nearest_shares(figure, n) == (below, above)


def test_a_figure_that_is_no_number_is_told():
    with pytest.raises(UserError, match="“九成以上”不是一个数字"):
        rounding_interval("九成以上")
    with pytest.raises(UserError, match="n=0"):
        grim_share("94%", 0)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 400), st.data(), st.integers(0, 2), st.sampled_from(["half_up", "half_even"]))
def test_whatever_was_counted_and_rounded_is_found_again(n, data, places, rounding):
    k = data.draw(st.integers(0, n))
    exact = Fraction(100 * k, n)
    scaled = exact * 10**places
    if (scaled * 2).denominator == 1:  # a tie or whole: exact in decimals, as the house rounds it
        printed = rounded(float(exact), places, rounding)
    else:
        printed = Decimal(round(scaled)).scaleb(-places)
    assert k in possible_counts(printed, n, rounding=rounding, places=places)
