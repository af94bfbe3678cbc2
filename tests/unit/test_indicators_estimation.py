"""Counted rows become figures: values, bases and limits against formulas written out here."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from indicators_helpers import MONDAY, A, B, day, table
from scipy import stats

from analysis.indicators import estimation
from analysis.indicators.estimation import figures
from analysis.indicators.registry import Figure

COUNTED = table(
    "school grade class numerator denominator",
    (B, 3, "1", 2, 5),
    (A, 3, "2", 1, 4),
    (A, 3, "1", 3, 4),
    (A, 3, "1", 1, 2),
    (A, 4, "1", 0, 0),
    (A, 5, "1", 7, 7),
    (A, 5, "2", 0, 0),
)


def told(figure: Figure) -> tuple[Any, ...]:
    estimate = figure.estimate
    return (
        estimate.value,
        estimate.status,
        estimate.n,
        figure.numerator,
        figure.denominator,
        figure.base,
        figure.schools,
        figure.classes,
    )


# -- values, and what they rest on -----------------------------------------------------------------------------------


def test_ratios_of_groups_with_what_they_rest_on() -> None:
    found = figures(COUNTED, ("grade",), "ratio", interval="none", share=True)
    assert [each.group for each in found] == [{"grade": 3}, {"grade": 4}, {"grade": 5}]
    assert [told(each) for each in found] == [
        (7 / 15, "ok", 15, 7, 15, 15, 2, 3),
        (None, "no data", 0, 0, 0, 0, 0, 0),  # a class with nothing in the base counts for nothing
        (1.0, "ok", 7, 7, 7, 7, 1, 1),
    ]
    assert {each.estimate.method for each in found} == {"ratio"} and found[0].estimate.lower is None


def test_sums_of_groups() -> None:
    found = figures(COUNTED, ("school",), "sum", interval="none", share=False)
    assert [(each.group["school"], *told(each)) for each in found] == [
        (A, 12.0, "ok", 17, 12, 17, 17, 1, 3),
        (B, 2.0, "ok", 5, 2, 5, 5, 1, 1),
    ]
    assert {each.estimate.method for each in found} == {"count"}
    assert figures(COUNTED.iloc[4:5], (), "sum", interval="none", share=False)[0].estimate.value is None


def test_one_figure_of_all_and_of_two_dimensions() -> None:
    (whole,) = figures(COUNTED, (), "ratio", interval="none", share=True)
    assert (whole.group, whole.numerator, whole.denominator, whole.schools, whole.classes) == ({}, 14, 22, 2, 4)
    pairs = figures(COUNTED, ("grade", "class"), "ratio", interval="none", share=True)
    assert [(*each.group.values(), each.numerator, each.schools, each.classes) for each in pairs] == [
        (3, "1", 6, 2, 2), (3, "2", 1, 1, 1), (4, "1", 0, 0, 0), (5, "1", 7, 1, 1), (5, "2", 0, 0, 0)
    ]  # fmt: skip
    assert type(pairs[0].group["grade"]) is int


def test_rows_without_a_class_have_no_number_of_classes() -> None:
    rows = COUNTED.drop(columns=["grade", "class"])
    assert [told(each)[-2:] for each in figures(rows, (), "ratio", interval="none", share=True)] == [(2, None)]


def test_a_row_without_a_group_school_grade_or_class_is_left_out() -> None:
    rows = COUNTED.assign(subject="语文")
    for place, name in enumerate(["school", "grade", "class", "subject"]):
        rows.loc[place, name] = None
    rows = rows.assign(remark=None)  # what is no dimension may be missing
    (found,) = figures(rows, ("subject",), "ratio", interval="none", share=True)
    assert (found.numerator, found.denominator) == (7, 7)
    assert figures(rows.iloc[:4], ("subject",), "ratio", interval="none", share=True) == []
    assert figures(COUNTED.iloc[:0], (), "ratio", interval="none", share=True) == []


def test_parts_of_a_number_stay_parts_and_their_order_does_not_matter() -> None:
    numbers = [1e16, 1.0, 0.25, -1e16]
    found = set()
    for order in permutations(numbers):
        rows = table("school numerator denominator", *((A, each, 1) for each in order))
        found.add(figures(rows, (), "sum", interval="none", share=False)[0].numerator)
    assert len(found) == 1
    half = figures(table("school numerator denominator", (A, 0.5, 1)), (), "sum", interval="none", share=False)[0]
    whole = figures(table("school numerator denominator", (A, 2.0, 1)), (), "sum", interval="none", share=False)[0]
    assert (half.numerator, whole.numerator) == (0.5, 2) and type(whole.numerator) is int


def test_combinations_are_numbered_in_their_order() -> None:
    rows = table("x y z", (2, "b", 1), (1, "c", 1), (1, "a", 2), (2, "b", 1), (2, "a", 9), (1, "a", 2))
    number, first = estimation._runs(rows, ["x", "y", "z"])
    assert number.tolist() == [3, 1, 0, 3, 2, 0] and first.tolist() == [2, 1, 4, 0]
    number, first = estimation._runs(rows, [])
    assert number.tolist() == [0] * 6 and first.tolist() == [0]


# -- limits of a process ---------------------------------------------------------------------------------------------


def process_variance(sums: list[float]) -> tuple[float, int]:
    """Variance of a sum over weeks by equally weighted cosines, at most three, times 1.3; and how many cosines."""
    weeks, squares = len(sums), []
    for each in range(1, min(3, weeks - 1) + 1):
        wave = [np.sqrt(2) * np.cos(np.pi * each * (place + 0.5) / weeks) for place in range(weeks)]
        squares.append(float(np.dot(sums, wave)) ** 2)
    return 1.3 * sum(squares) / len(squares), len(squares)


MINUTES = [30.0, 36.0, 33.0, 45.0, 31.0]


def weekly(values: list[float], school: str = A, each: int = 1, **more: Any) -> pd.DataFrame:
    """One class, one day a week: the minutes of a day, and that it is one class-day (or so many)."""
    rows = [(school, 3, "1", MONDAY + pd.Timedelta(weeks=place), value, each) for place, value in enumerate(values)]
    return table("school grade class date numerator denominator", *rows).assign(**more)


def test_a_mean_has_the_limits_of_its_weeks() -> None:
    (found,) = figures(weekly(MINUTES), (), "ratio", interval="time", share=False)
    variance, df = process_variance([each - 35 for each in MINUTES])  # the mean of the five is 35
    se = np.sqrt(variance) / 5
    half = stats.t.ppf(0.975, df) * se
    own = found.estimate
    assert (own.value, own.df, own.n, own.method, own.level, own.status) == (35, 3, 5, "process", 0.95, "ok")
    assert (own.se, own.lower, own.upper) == pytest.approx((se, 35 - half, 35 + half))


def test_a_sum_is_its_mean_with_limits_times_its_base() -> None:
    mean, total = (figures(weekly(MINUTES), (), form, interval="time", share=False)[0] for form in ("ratio", "sum"))
    for name in ("value", "se", "lower", "upper"):
        assert getattr(total.estimate, name) == pytest.approx(5 * getattr(mean.estimate, name))
    assert (total.estimate.n, total.numerator) == (5, 175)


def test_a_share_of_class_days_has_one_more_for_it_and_one_against() -> None:
    days = [
        1,
        1,
        0,
        1,
        1,
        0,
        1,
        1,
    ]  # six of eight, a week each: cells of one class-day, so that one is added on each side
    (found,) = figures(weekly(days), (), "ratio", interval="time", share=True)
    variance, df = process_variance([each - 0.75 for each in days])
    half = stats.t.ppf(0.975, df) * np.sqrt(variance + 1)
    assert (found.estimate.lower, found.estimate.upper) == pytest.approx(((7 - half) / 10, min((7 + half) / 10, 1)))


def test_weeks_begin_on_monday_and_a_column_of_weeks_goes_before() -> None:
    rows = [(A, 3, "1", each, number, 1) for each, number in ((day(2), 1), (day(8), 0), (day(9), 1))]
    two_weeks = table(
        "school grade class date numerator denominator", *rows
    )  # the eighth is the Sunday of the first week
    (found,) = figures(two_weeks, (), "ratio", interval="time", share=True)
    assert (found.estimate.status, found.estimate.value, found.estimate.n, found.estimate.lower) == (
        "too few",
        2 / 3,
        3,
        None,
    )
    (made_up,) = figures(two_weeks.assign(week=[1, 2, 3]), (), "ratio", interval="time", share=True)
    assert made_up.estimate.status == "ok" and made_up.estimate.df == 2


def test_the_order_of_rows_and_the_neighbours_do_not_change_limits() -> None:
    rows = pd.concat([weekly(MINUTES), weekly([9.0, 8.0, 7.0, 1.0], B)])
    both = figures(rows.sample(frac=1, random_state=4), ("school",), "ratio", interval="time", share=False)
    assert both[0] == figures(weekly(MINUTES), ("school",), "ratio", interval="time", share=False)[0]
    assert both[1].estimate.value == 6.25


def test_weeks_are_in_order_of_time_whichever_a_class_has_first() -> None:
    early = [9.0, 8.0, 7.0, 1.0, 5.0]  # of mean 6; the other school lacks the first week: 36 33 45 31, of mean 36.25
    rows = pd.concat([weekly(MINUTES).iloc[1:], weekly(early, B)])
    (found,) = figures(rows, (), "ratio", interval="time", share=False)
    sums = [
        each - 6 + (later - 36.25 if place else 0)
        for place, (each, later) in enumerate(zip(early, MINUTES, strict=True))
    ]
    assert found.estimate.se == pytest.approx(np.sqrt(process_variance(sums)[0]) / 9)


def test_a_group_without_a_base_has_no_data_and_rows_without_days_no_limits() -> None:
    rows = pd.concat([weekly(MINUTES), weekly(MINUTES, B, each=0)])
    empty = figures(rows, ("school",), "ratio", interval="time", share=False)[1]
    assert (empty.estimate.value, empty.estimate.status, empty.base) == (None, "no data", 0)
    (plain,) = figures(COUNTED, (), "ratio", interval="time", share=True)
    assert (plain.estimate.method, plain.estimate.lower) == ("ratio", None)
    (other,) = figures(weekly(MINUTES), (), "ratio", interval="none", share=False)
    assert (other.estimate.method, other.estimate.lower) == ("ratio", None)


# -- limits of answers -----------------------------------------------------------------------------------------------

CLASSES = [(A, "1", 8, 10), (A, "2", 9, 12), (A, "3", 4, 8), (B, "1", 10, 10), (B, "2", 7, 10)]


def answers(classes: list[tuple] = CLASSES, grade: int = 3) -> pd.DataFrame:
    rows = [(school, grade, room, top, bottom) for school, room, top, bottom in classes]
    return table("school grade class numerator denominator", *rows)


def clustered(classes: list[tuple]) -> tuple[float, float, int]:
    """Ratio, its linearized standard error with schools as strata and classes as clusters, degrees of freedom."""
    frame = pd.DataFrame(classes, columns=["school", "class", "top", "bottom"])
    n = frame["bottom"].sum()
    ratio = frame["top"].sum() / n
    z = (frame["top"] - ratio * frame["bottom"]) / n
    own = z.groupby(frame["school"])
    variance = sum(len(part) / (len(part) - 1) * ((part - part.mean()) ** 2).sum() for _, part in own)
    return ratio, float(np.sqrt(variance)), len(frame) - own.ngroups


def test_answers_vary_from_class_to_class_within_schools() -> None:
    (found,) = figures(answers(), (), "ratio", interval="class", share=False)
    ratio, se, df = clustered(CLASSES)
    half = stats.t.ppf(0.975, df) * se
    own = found.estimate
    assert (own.df, own.n, own.method, own.level, own.status) == (3, 50, "t", 0.95, "ok") and df == 3
    assert (own.value, own.se, own.lower, own.upper) == pytest.approx((0.76, se, ratio - half, ratio + half))


def test_a_share_of_answers_has_a_class_more_on_each_side() -> None:
    (found,) = figures(answers(), (), "ratio", interval="class", share=True)
    _, se, df = clustered(CLASSES)
    cell = (100 + 144 + 64 + 100 + 100) / 50  # Σ n² / Σ n
    half = stats.t.ppf(0.975, df) * np.sqrt((se * 50) ** 2 + cell**2)
    lower, upper = (38 + cell - half) / (50 + 2 * cell), (38 + cell + half) / (50 + 2 * cell)
    assert (found.estimate.lower, found.estimate.upper) == pytest.approx((max(lower, 0), min(upper, 1)))


@pytest.mark.parametrize(("classes", "df"), [(CLASSES[:3], 2), (CLASSES[:2], None), (CLASSES[1:4], None)])
def test_limits_of_answers_need_two_degrees_of_freedom(classes: Any, df: float | None) -> None:
    (found,) = figures(answers(classes), (), "ratio", interval="class", share=False)
    n, top = sum(each[3] for each in classes), sum(each[2] for each in classes)
    assert (found.estimate.value, found.estimate.n, found.estimate.df) == (pytest.approx(top / n), n, df)
    assert found.estimate.status == ("ok" if df else "too few") and (found.estimate.lower is None) is (df is None)


def test_a_single_answer_is_a_value_without_limits() -> None:
    (found,) = figures(answers([(A, "1", 1, 1)]), (), "ratio", interval="class", share=True)
    assert (found.estimate.value, found.estimate.n, found.estimate.status) == (1.0, 1, "too few")


def test_grades_of_answers_are_matters_of_their_own_and_an_empty_one_has_no_data() -> None:
    rows = pd.concat([answers(grade=4), answers([(A, "1", 0, 0), (A, "2", 0, 0)], grade=5), answers()])
    found = figures(rows, ("grade",), "ratio", interval="class", share=True)
    (alone,) = figures(answers(), ("grade",), "ratio", interval="class", share=True)
    assert [each.group["grade"] for each in found] == [3, 4, 5]
    assert found[0] == alone and found[1].estimate == alone.estimate
    assert (found[2].estimate.value, found[2].estimate.status, found[2].estimate.n) == (None, "no data", 0)


def test_a_sum_over_classes_has_no_limits() -> None:
    (found,) = figures(answers(), (), "sum", interval="class", share=False)
    assert (found.estimate.value, found.estimate.method, found.estimate.lower) == (38, "count", None)


# -- quantiles -------------------------------------------------------------------------------------------------------

LOADS = [20, 35, 30, 50, 40, 60, 25, 45]


def loads(school: str = A) -> pd.DataFrame:
    frame = weekly(LOADS, school).rename(columns={"numerator": "value", "denominator": "weight"})
    return pd.concat([frame, frame.assign(weight=0, value=999)])


def test_a_median_has_the_limits_of_the_share_at_or_below_it() -> None:
    (found,) = figures(loads(), (), "quantile", interval="time", share=False, q=0.5)
    below = [1 if each <= 37.5 else 0 for each in LOADS]  # the median of the eight is 37.5: four of eight
    variance, df = process_variance([each - 0.5 for each in below])
    half = stats.t.ppf(0.975, df) * np.sqrt(variance) / 8
    ends = np.quantile(LOADS, np.clip([0.5 - half, 0.5 + half], 0, 1))
    own = found.estimate
    assert (own.value, own.lower, own.upper) == pytest.approx((37.5, *ends))
    assert (own.n, own.df, own.level, own.se, own.method) == (8, 3, 0.95, None, "process")
    assert (found.numerator, found.denominator, found.base, found.classes) == (None, None, 8, 1)


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_the_limits_of_a_quantile_lie_between_the_values_or_at_their_ends(q: float) -> None:
    """Thirteen weeks that go up and down by turns: what lies in their slow waves is little, and the limits are near."""
    values = [20, 60, 58, 22, 24, 56, 40, 54, 26, 28, 52, 50, 30]
    frame = weekly(values).rename(columns={"numerator": "value", "denominator": "weight"})
    (found,) = figures(frame, (), "quantile", interval="time", share=False, q=q)
    own = np.quantile(values, q)
    below = np.array(values) <= own
    variance, df = process_variance(list(below - below.mean()))
    half = stats.t.ppf(0.975, df) * np.sqrt(variance) / 13
    ends = np.quantile(values, np.clip([q - half, q + half], 0, 1))
    assert (found.estimate.value, found.estimate.lower, found.estimate.upper) == pytest.approx((own, *ends))
    assert q != 0.5 or 0.05 < half < 0.45


def test_quantiles_of_groups_and_of_weights() -> None:
    rows = pd.concat([loads(), loads(B).assign(value=lambda each: each["value"] + 1)])
    rows["weight"] = rows["weight"] * 3
    found = figures(rows, ("school",), "quantile", interval="none", share=False, q=0.9)
    expected = np.quantile(np.repeat(LOADS, 3), 0.9)
    assert [each.estimate.value for each in found] == pytest.approx([expected, expected + 1])
    assert [(e.estimate.n, e.estimate.status, e.estimate.lower) for e in found] == [(24, "ok", None)] * 2


def test_a_quantile_of_two_weeks_is_told_without_limits() -> None:
    rows = loads().query("date < '2026-03-16'")
    (found,) = figures(rows, (), "quantile", interval="time", share=False)  # a median unless told
    assert (found.estimate.value, found.estimate.status, found.estimate.lower) == (27.5, "too few", None)
    assert figures(rows.assign(weight=0), (), "quantile", interval="time", share=False) == []
