"""Which figure is the highest or lowest of those shown: only where the data separate it from all others."""

from dataclasses import replace

import pytest
from presentation_figures import by_grade, by_school, share
from scipy import stats

from analysis.indicators.extremes import _df, _error, _few, _p_of_difference, extreme
from analysis.indicators.statistic import Statistic
from analysis.statistics.estimate import Estimate


def minutes(value: float, se: float | None = None, df: float | None = None, n: int = 100) -> Statistic:
    estimate = Estimate(value, se=se, n=n, df=df, method="t" if se else "mean")
    return replace(share(0.5), estimate=estimate, unit="分钟", decimals=0, base=n, denominator=n, numerator=None)


def values(found: tuple[Statistic, ...]) -> list[str]:
    return [item.text for item in found]


def test_a_difference_within_the_errors_is_no_extreme():
    assert values(extreme([minutes(98, 2), minutes(96, 2), minutes(60, 2)], "highest")) == []
    assert values(extreme([minutes(98, 2), minutes(96, 2), minutes(60, 2)], "lowest")) == ["60分钟"]


@pytest.mark.parametrize(("gap", "told"), [(9, False), (10, True)])
def test_the_test_is_that_of_two_independent_means(gap, told):
    # R: 2*pt(-9/sqrt(18), 12) = 0.05529, 2*pt(-10/sqrt(18), 12) = 0.03614 (df: the smaller of the two)
    found = extreme([minutes(100 + gap, 3, 30), minutes(100, 3, 12)], "highest")
    assert bool(found) is told


def test_each_of_the_others_counts_in_the_adjustment():
    # R: p = 2*pnorm(-3.2/sqrt(2)) = 0.02365 against one; Holm over two equal ones 0.0473, over three 0.0710
    top, other = minutes(13.2, 1), [minutes(10 + place * 1e-9, 1) for place in range(3)]
    top, other = replace(top, decimals=1), [replace(item, decimals=1) for item in other]
    assert extreme([top, *other[:2]], "highest") == (top,)
    assert extreme([top, *other], "highest") == ()


def test_parts_of_a_whole_have_the_greatest_possible_error():
    # independent: 4/sqrt(2) = 2.83 standard errors; parts of one whole: 4/2 = 2.0 (p = .0455); 3.8/2 = 1.9 (p = .0574)
    assert extreme([minutes(14, 1), minutes(10, 1)], "highest", independent=False)
    near = [replace(minutes(13.8, 1), decimals=1), replace(minutes(10, 1), decimals=1)]
    assert extreme(near, "highest") and not extreme(near, "highest", independent=False)


def test_a_full_count_keeps_the_uncertainty_of_its_limits():
    full = share(1.0, 0.9, 1.0)
    assert extreme([full, share(0.93, 0.91, 0.95)], "highest") == ()
    assert extreme([full, share(0.8, 0.78, 0.82)], "highest") == (full,)


def test_of_a_register_one_case_makes_no_extreme():
    assert extreme(by_grade(1.0, 0.998), "highest") == ()  # 500 and 499 of 500
    assert values(extreme(by_grade(1.0, 0.99), "highest")) == ["100.0%"]  # 5 cases


def test_equal_as_printed_is_tied_and_many_ties_are_no_extreme():
    assert values(extreme(by_grade(1.0, 1.0, 0.9), "highest")) == ["100.0%", "100.0%"]
    assert extreme(by_grade(*[1.0] * 5, 0.9), "highest") == ()
    assert values(extreme(by_grade(*[1.0] * 5, 0.9), "lowest")) == ["90.0%"]
    assert extreme(by_grade(0.9, 0.9), "highest") == ()


def test_fewer_than_twenty_things_have_no_superlative():
    assert extreme(by_grade(2 / 3, 0.5, base=19), "highest") == ()
    assert extreme(by_grade(2 / 3, 0.2, base=20), "highest")


def test_answers_without_an_interval_are_not_separated():
    few = [replace(item, nature="survey") for item in by_grade(0.99, 0.5)]
    assert extreme(few, "highest") == ()


def test_figures_without_a_value_are_not_compared():
    assert values(extreme(by_school(0.98, None, 0.8), "lowest")) == ["80.0%"]
    assert extreme(by_school(0.98, None), "lowest") == ()


def amount(value: float, **changed: object) -> Statistic:
    """A number of things of which no base is told, such as institutions."""
    own = {"unit": "家", "decimals": 0, "base": None, "denominator": None, "numerator": None}
    return replace(share(0.5), estimate=Estimate(value, n=1, method="count"), **own | changed)


@pytest.mark.parametrize(
    ("values_", "changed", "few"),
    [
        ((12, 8), {}, False),  # counts of things are taken together: twenty
        ((11, 8), {}, True),
        ((19, 0), {}, True),  # nothing is no thing
        ((15, -5), {}, False),  # whatever their sign
        ((12, 8), {"base": 19}, True),
        ((1, 2), {"base": 20}, False),
        ((12, 8), {"nature": "survey"}, True),  # then the one thing of its estimate counts
        ((12, 8), {"unit": "%"}, True),
    ],
)
def test_counts_are_few_together_and_figures_by_their_base(values_, changed, few):
    items = [amount(value, **changed) for value in values_]
    assert _few(items[0], items) is few


def test_a_sum_that_is_no_count_of_things_is_few_by_what_it_rests_on():
    items = [replace(amount(value), estimate=Estimate(value, n=19, method="ratio")) for value in (500, 400)]
    assert _few(items[0], items)
    items = [replace(item, estimate=replace(item.estimate, n=20)) for item in items]
    assert not _few(items[0], items)


def test_four_may_be_tied():
    assert len(extreme(by_grade(*[1.0] * 4, 0.9), "highest")) == 4


@pytest.mark.parametrize(
    ("low", "high", "decimals", "apart"),
    [(10, 12, 0, False), (10, 13, 0, True), (10, 10.21, 1, True), (10, 10.19, 1, False), (-3, -5, 0, False)],
)
def test_one_case_of_an_amount_is_one_step_as_printed(low, high, decimals, apart):
    one, other = (amount(value, decimals=decimals) for value in (low, high))
    assert _p_of_difference(one, other, True) == _p_of_difference(other, one, True) == (0 if apart else 1)


def test_a_share_without_a_denominator_moves_by_a_step_as_printed():
    half, more = (share(value, base=100) for value in (0.5, 0.53))
    told = [replace(item, denominator=None, decimals=2) for item in (half, more)]
    assert _p_of_difference(*told, True) == 0  # 0.03 is more than twice 0.01
    assert _p_of_difference(*(replace(item, decimals=1) for item in told), True) == 1


def test_figures_are_no_facts_where_one_is_inferred_or_has_too_few_weeks():
    half, far = share(0.5), share(0.9)
    assert _p_of_difference(half, far, True) == 0
    assert _p_of_difference(half, replace(far, nature="survey"), True) == 1
    assert _p_of_difference(half, replace(far, estimate=replace(far.estimate, status="too few")), True) == 1


def test_the_error_of_each_is_taken_on_the_side_of_the_other():
    """Limits 0.4–0.8 of 0.5 and 0.6–1.0 of 0.9: upwards of the lower 0.3, downwards of the higher 0.3; R: 2*pt(-0.4/0.4243*qt(.975,20), 20)."""
    low, high = share(0.5, 0.4, 0.8), share(0.9, 0.6, 1.0)
    factor = stats.t.ppf(0.975, 20)
    expected = 2 * stats.t.sf(0.4 / (0.3 * 2**0.5) * factor, 20)
    assert _p_of_difference(low, high, True) == pytest.approx(expected)
    assert _p_of_difference(high, low, True) == pytest.approx(expected)
    apart = 2 * stats.t.sf(0.4 / 0.6 * factor, 20)
    assert _p_of_difference(low, high, False) == pytest.approx(apart)


@pytest.mark.parametrize(("df", "used"), [(None, float("inf")), (0.5, float("inf")), (1, 1), (2, 2)])
def test_less_than_one_degree_of_freedom_is_none_told(df, used):
    assert _df(minutes(9, 1, df)) == used


def test_limits_go_before_a_standard_error():
    item = replace(share(0.5, 0.4, 0.8), estimate=replace(share(0.5, 0.4, 0.8).estimate, se=9))
    factor = stats.t.ppf(0.975, 20)
    assert _error(item, upward=True) == pytest.approx(0.3 / factor)
    assert _error(item, upward=False) == pytest.approx(0.1 / factor)
    assert _error(minutes(9, 2), upward=True) == 2 and _error(amount(9), upward=True) is None


def test_a_single_figure_or_none_is_no_extreme():
    assert extreme([], "highest") == extreme([share(0.5)], "highest") == ()


def test_a_few_beside_many_make_no_extreme():
    assert extreme([share(0.5, base=500), share(0.9, base=19), share(0.7, base=500)], "lowest") == ()


def test_nought_is_higher_than_less_and_lower_than_more():
    def told(*each: float) -> list[Statistic]:
        return [replace(minutes(value, 0.01), decimals=1) for value in each]

    assert values(extreme(told(0, 0.5, 0.9), "lowest")) == ["0.0分钟"]
    assert values(extreme(told(0, -0.5, -0.9), "highest")) == ["0.0分钟"]
    nought, half, less = share(0.0, -0.3, 0.1), share(0.5, 0.3, 0.9), share(-0.5, -0.6, -0.1)
    factor = stats.t.ppf(0.975, 20)
    for one, other, wide in ((nought, half, (0.1, 0.2)), (less, nought, (0.4, 0.3))):
        expected = 2 * stats.t.sf(0.5 / (wide[0] ** 2 + wide[1] ** 2) ** 0.5 * factor, 20)
        assert _p_of_difference(one, other, True) == _p_of_difference(other, one, True) == pytest.approx(expected)


def test_a_figure_without_an_error_is_no_fact_beside_answers():
    assert _p_of_difference(share(0.5, 0.4, 0.6), share(0.9), True) == 0
    assert _p_of_difference(share(0.5, 0.4, 0.6, nature="survey"), share(0.9), True) == 1
    assert _p_of_difference(share(0.5), share(0.9, 0.8, 1.0, nature="survey"), True) == 1


def test_two_figures_that_vary_by_nothing_differ_by_anything():
    exact = [replace(share(0.5), estimate=Estimate(value, se=0, n=99)) for value in (0.5, 0.75)]
    assert _p_of_difference(*exact, True) == 0 and _p_of_difference(*exact, False) == 0


def test_what_is_missing_must_not_turn_the_order():
    low, high = share(0.72, 0.70, 0.74), share(0.85, 0.83, 0.87)
    assert extreme([low, high], "lowest") == (low,) and extreme([low, high], "highest") == (high,)
    wide = replace(low, bounds=(0.60, 0.851))  # all that is missing within: 85.1 %, above the other's 85.0 %
    assert extreme([wide, high], "lowest") == () == extreme([wide, high], "highest")
    near = replace(low, bounds=(0.60, 0.849))
    assert extreme([near, high], "lowest") == (near,)
    assert extreme([near, replace(high, bounds=(0.849, 0.9))], "lowest") == ()
    assert extreme([near, replace(high, bounds=(0.8491, 0.9))], "lowest") == (near,)


def test_two_that_are_tied_stay_so_only_if_nothing_is_missing():
    tied, other = share(1.0), share(0.9)
    assert extreme([tied, tied, other], "highest") == (tied, tied)
    assert extreme([tied, replace(tied, bounds=(0.95, 1.0), schools=6), other], "highest") == ()
