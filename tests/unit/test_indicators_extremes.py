"""Which figure is the highest or lowest of those shown: only where the data separate it from all others."""

from dataclasses import replace

import pytest
from presentation_figures import by_grade, by_school, share

from analysis.indicators.extremes import extreme
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
