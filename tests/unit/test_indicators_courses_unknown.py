"""Between which bounds the courses of a pupil lie where a class has no size, or a course was put aside."""

from __future__ import annotations

from typing import Any

import pytest
from indicators_helpers import A, B, C, FakeSource, aside, fake_study, table

from analysis.indicators.courses import courses_ends
from analysis.indicators.registry import Figure
from analysis.indicators.study import Reporting, School
from analysis.statistics.estimate import Estimate

CLASSES = table("school grade class pupils", (A, 1, "1", 30), (A, 2, "1", 20), (B, 1, "1", 150))
FIGURE = Figure({}, Estimate(0.75), numerator=150, denominator=200)


def ends(
    *refused: tuple, unsized: tuple[tuple, ...] = (), silent: str = "", figure: Figure = FIGURE, **told: Any
) -> Any:
    source = FakeSource(
        aside={"courses": aside(*refused)}, classes=CLASSES, unsized=table("school grade class date rows", *unsized)
    )
    missing = tuple(School(each, each, each, "primary", 1, 6) for each in silent.split())
    study = fake_study(source, reporting=lambda name: Reporting(name, (), (), missing, 5))
    return courses_ends(study, figure, told, 1)


def test_a_class_of_unknown_size_has_from_none_to_120_pupils_whose_courses_are_counted_already() -> None:
    assert ends(unsized=((A, 1, "2", None, 1),)) == pytest.approx((150 / 320, 150 / 200))
    assert ends(unsized=((None, None, None, None, 2),), school=A) == pytest.approx((150 / 440, 150 / 200))
    assert ends(unsized=((B, 1, "2", None, 1),), school=A, field="体") == (0.75, 0.75)  # nothing of its own is unknown


def test_a_course_put_aside_is_chosen_by_all_of_its_school_at_most() -> None:
    assert ends((A, None, None, None, 2)) == pytest.approx((150 / 200, 250 / 200))
    assert ends((None, None, None, None, 1)) == pytest.approx((150 / 200, 300 / 200))  # of the largest school
    assert ends((A, None, None, None, 1), unsized=((A, 1, "2", None, 1),)) == pytest.approx((150 / 320, 320 / 200))


def test_a_school_all_of_whose_menu_was_put_aside_is_within_the_bounds_and_a_silent_one_is_not() -> None:
    only_b = Figure({}, Estimate(0.8), numerator=120, denominator=150)
    assert ends((A, None, None, None, 1), silent=A, figure=only_b) == pytest.approx((120 / 200, 170 / 150))
    assert ends((B, None, None, None, 1), silent=A, figure=only_b) == pytest.approx((120 / 150, 270 / 150))
    assert ends(silent=A, figure=only_b) == (0.8, 0.8)  # the silent one is not in the bounds
    assert ends((B, None, None, None, 1), silent=C) == pytest.approx((150 / 200, 300 / 200))
    assert ends((B, None, None, None, 1), silent=A, school=B, figure=only_b) == pytest.approx((120 / 150, 270 / 150))
