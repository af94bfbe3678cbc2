"""Where the exceptions to a rule are: which groups are looked at, when they are told, and the figures made of them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from indicators_helpers import A, B, statistic

from analysis.indicators import concentration as module
from analysis.indicators.concentration import concentration, exceptions
from analysis.indicators.statistic import Scope, Statistic
from analysis.statistics.estimate import Estimate


def counted(top: float | None, bottom: float | None, label: str = "", **group: Any) -> Statistic:
    """Return a share by its counts."""
    value = top / bottom if bottom and top is not None else None
    return statistic(None, bottom, estimate=Estimate(value), numerator=top, group_label=label, group=group)


class Told:
    """A study that measures what is written down here, by dimension."""

    def __init__(self, **groups: list[Statistic]) -> None:
        self.groups, self.asked = groups, []

    def measure(self, id: str, by: str) -> list[Statistic]:
        self.asked.append((id, by))
        return self.groups[by]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Statistic]:
    """The figures that are remembered as computed; an indicator can be grouped by grade, weekday and school."""
    remembered: list[Statistic] = []
    monkeypatch.setattr(module.provenance, "keep", remembered.extend)
    monkeypatch.setattr(module, "bindings", lambda: {"homework.within_cap": "its binding"})
    monkeypatch.setattr(module, "groupable", lambda binding: ["weekday", "grade", "school", "week"])
    return remembered


def grades(*lacking: int, bottom: int = 100) -> list[Statistic]:
    """Return a grade each, with so many class-days that are not within the rule."""
    return [counted(bottom - each, bottom, f"{place}年级", grade=place) for place, each in enumerate(lacking, start=1)]


def spread(name: str) -> list[Statistic]:
    return [counted(80, 100, f"{name}{place}", **{name: place}) for place in range(1, 4)]


WHOLE = statistic(240 / 300, 300, schools=7, classes=12, unknown=3, bounds=(0.7, 0.9), rule="homework.cap")


def test_exceptions_are_what_the_numerator_counts_or_what_it_leaves() -> None:
    item = counted(70, 100)
    assert (exceptions(item, True), exceptions(item, False)) == (70, 30)
    assert exceptions(counted(None, 100), False) == exceptions(counted(7, None), True) == 0


def test_the_group_that_holds_most_is_told_with_the_rest_without_it(kept: list[Statistic]) -> None:
    study: Any = Told(school=spread("school"), grade=grades(5, 50, 5), weekday=spread("weekday"))
    found = concentration(study, WHOLE)
    assert found is not None and [each for _, each in study.asked] == ["school", "grade", "weekday"]
    assert (found.dimension, [each.group_label for each in found.groups]) == ("grade", ["2年级"])
    held, rest = found.held, found.rest
    assert rest is not None and kept == [held, rest] and found.whole is WHOLE
    assert (held.numerator, held.denominator, held.base, held.value, held.estimate.n) == (50, 60, 60, 50 / 60, 60)
    assert (held.indicator, held.group_label, held.rule, held.unknown, held.bounds) == (
        "homework.within_cap.held",
        "2年级",
        "",
        None,
        None,
    )
    assert (held.label, held.definition) == ("达标率：例外中2年级所占比例", "“达标率”的例外中，2年级所占的比例")
    assert dict(held.scope.group) == {"held_grade": "2"} and dict(rest.scope.group) == {"without_grade": "2"}
    # without the grade 190 of 200 are within; it is the same schools
    assert (rest.numerator, rest.denominator, rest.base, rest.value, rest.estimate.n) == (190, 200, 200, 0.95, 200)
    assert (rest.indicator, rest.group_label, rest.schools, rest.classes) == (
        "homework.within_cap.rest",
        "不含2年级",
        7,
        None,
    )
    assert (rest.unknown, rest.bounds, rest.rule, rest.definition) == (
        3,  # what belongs to no grade may belong to the rest
        (190 / 203, 193 / 203),
        "homework.cap",
        "同“达标率”，不含2年级。",
    )
    assert held.estimate.method == rest.estimate.method == "ratio"


def test_what_is_missing_in_the_group_that_holds_most_is_not_missing_in_the_rest(kept: list[Statistic]) -> None:
    told = [replace(each, unknown=unknown) for each, unknown in zip(grades(5, 50, 5), (0, 2, 1), strict=True)]
    found = concentration(Told(school=spread("school"), grade=told, weekday=spread("weekday")), WHOLE)  # type: ignore[arg-type]
    assert found is not None and found.rest is not None
    assert (found.rest.unknown, found.rest.bounds) == (1, (190 / 201, 191 / 201))
    told = [replace(each, unknown=9) for each in told]
    found = concentration(Told(school=spread("school"), grade=told, weekday=spread("weekday")), WHOLE)  # type: ignore[arg-type]
    assert found is not None and found.rest is not None and found.rest.unknown == 0
    bare = replace(WHOLE, unknown=None, bounds=None)
    found = concentration(Told(school=spread("school"), grade=told, weekday=spread("weekday")), bare)  # type: ignore[arg-type]
    assert found is not None and found.rest is not None and (found.rest.unknown, found.rest.bounds) == (None, None)


def test_of_several_dimensions_the_one_that_holds_most_beyond_its_part(kept: list[Statistic]) -> None:
    days = [counted(100 - each, 100, f"周{each}", weekday=place) for place, each in enumerate((52, 4, 4), start=1)]
    study: Any = Told(school=spread("school"), grade=grades(5, 50, 5), weekday=days)
    found = concentration(study, WHOLE)
    assert found is not None and found.dimension == "weekday" and found.held.value == pytest.approx(52 / 60)
    study = Told(school=spread("school"), grade=grades(2, 56, 2), weekday=days)
    found = concentration(study, WHOLE)
    assert found is not None and found.dimension == "grade" and found.held.value == pytest.approx(56 / 60)


def test_of_two_groups_each_is_named_and_schools_leave_with_them(kept: list[Statistic]) -> None:
    schools = [
        counted(100 - each, 100, f"校{place}", school=f"{place}") for place, each in enumerate((4, 100, 4, 80, 4), 1)
    ]
    whole = statistic(308 / 500, 500, schools=5)
    found = concentration(Told(school=schools, grade=spread("grade"), weekday=spread("weekday")), whole)  # type: ignore[arg-type]
    assert found is not None and found.rest is not None
    # 100 of 192 alone is more than half, and 100/192 is beyond 1.25 × 100/500
    assert ([each.group_label for each in found.groups], found.rest.schools) == (["校2"], 4)
    assert dict(found.held.scope.group) == {"held_school": "2"}
    four = [counted(100 - each, 100, f"校{place}", school=f"{place}") for place, each in enumerate((8, 84, 8, 84), 1)]
    whole = statistic(216 / 400, 400, schools=4)
    found = concentration(Told(school=four, grade=spread("grade"), weekday=spread("weekday")), whole)  # type: ignore[arg-type]
    # 84 of 184 are less than half and less than twice a quarter; the two hold 168 of them
    assert found is not None and found.rest is not None
    assert found.held.scope.group == (("held_school", "2、4"),) and found.rest.group_label == "不含校2、校4"
    assert (found.held.numerator, found.rest.denominator, found.rest.schools) == (168, 200, 2)


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ({"numerator": 290}, True),  # ten exceptions of 300
        ({"numerator": 291}, False),  # nine are listed where they are
        ({"numerator": 290, "nature": "survey"}, False),
        ({"numerator": 290, "scope": Scope("990101").narrowed(grade=3)}, False),
    ],
)
def test_few_exceptions_answers_and_parts_are_not_spread(
    whole: dict[str, Any], told: bool, kept: list[Statistic]
) -> None:
    groups = grades(9, 1, 0)
    found = concentration(Told(school=[], grade=groups, weekday=[]), statistic(1.0, 300, **whole))  # type: ignore[arg-type]
    assert (found is not None) is told


def test_a_schools_figure_is_not_spread_over_schools(kept: list[Statistic]) -> None:
    study: Any = Told(grade=grades(20, 20, 20), weekday=spread("weekday"))
    assert concentration(study, statistic(0.8, 300, scope=Scope("990101", A))) is None
    assert [each for _, each in study.asked] == ["grade", "weekday"] and kept == []


def test_a_group_without_a_value_or_a_base_is_none(kept: list[Statistic]) -> None:
    groups = [
        *grades(60, bottom=100),
        counted(None, 50, grade=2),
        counted(0, 0, grade=3),
        statistic(0.5, None, group={"grade": 4}),
    ]
    study: Any = Told(school=[], grade=groups, weekday=[])
    assert concentration(study, WHOLE) is None  # one group is no part
    study = Told(school=[], grade=[*groups, counted(200, 200, grade=5)], weekday=[])
    found = concentration(study, WHOLE)
    assert found is not None and found.held.value == 1.0


def test_where_nothing_is_left_there_is_no_rest(kept: list[Statistic]) -> None:
    groups = (counted(240, 300, "1年级", grade=1),)
    assert module._rest(WHOLE, "grade", groups) is None
    one_left = module._rest(WHOLE, "grade", (counted(240, 299, "1年级", grade=1),))
    assert one_left is not None and (one_left.numerator, one_left.denominator) == (0, 1)
    none_within = module._rest(statistic(0.0, 300), "grade", (counted(0, 100, grade=1),))
    assert none_within is not None and (none_within.numerator, none_within.denominator, none_within.value) == (
        0,
        200,
        0,
    )
    nothing_known = module._rest(WHOLE, "school", (counted(None, None, "乙", school=B),))
    assert nothing_known is not None and (
        nothing_known.numerator,
        nothing_known.denominator,
        nothing_known.schools,
    ) == (240, 300, 6)


def test_exceptions_that_are_counted_themselves(kept: list[Statistic]) -> None:
    groups = [counted(each, 100, f"{each}", grade=place) for place, each in enumerate((5, 50, 5), start=1)]
    found = concentration(Told(school=[], grade=groups, weekday=[]), statistic(0.2, 300), breaches=True)  # type: ignore[arg-type]
    assert found is not None and (found.held.numerator, found.held.denominator) == (50, 60)
    assert found.rest is not None and (found.rest.numerator, found.rest.denominator) == (10, 200)


@pytest.mark.parametrize(
    ("tops", "bottoms", "beyond"),
    [
        ((180, 90, 90), (1, 1, 1), 1 / 6),  # just half, and more than 1.25 × a third
        ((179, 91, 90), (1, 1, 1), 0),
        ((500, 500), (4, 6), 0.1),  # just half, just 1.25 times four tenths
        ((501, 499), (41, 59), 0),  # not 1.25 times
        ((100, 50, 50, 50, 50), (1, 2, 2, 2, 2), 1 / 3 - 1 / 9),  # just a third, three times its part
        ((99, 51, 50, 50, 50), (1, 2, 2, 2, 2), 0),
        ((120, 60, 60, 60), (2, 3, 3, 3), 0.4 - 2 / 11),  # 0.4 is more than twice 2/11
        ((120, 60, 60, 60), (9, 12, 12, 12), 0.4 - 0.2),  # just twice its part
        ((120, 60, 60, 60), (91, 120, 120, 120), 0),
        ((300,), (1,), 0),  # one group is no part
        ((150, 110, 20, 20), (1, 1, 1, 1), 0.25),  # the first alone goes before the two
        ((9, 9, 1, 1), (1, 1, 1, 1), 0.4),  # 0.2 of one is within 3 × √(0.25 × 0.75 / 20), 0.4 of two beyond 3 × √(0.25 / 20)
        ((140, 140, 10), (1, 1, 1), 0),  # two of three are no part
        ((140, 140, 10, 10), (1, 1, 1, 1), 280 / 300 - 0.5),
        ((200, 80, 10, 10), (240, 1, 80, 80), 0),  # the first holds no more than its part; with the second not clearly
    ],
)  # fmt: skip
def test_the_limits_of_half_a_third_and_twice(tops: Any, bottoms: Any, beyond: float) -> None:
    groups: Any = [SimpleNamespace(numerator=top, denominator=each) for top, each in zip(tops, bottoms, strict=True)]
    whole: Any = SimpleNamespace(numerator=sum(tops), denominator=sum(bottoms))
    found, most = module._most(groups, whole, True)
    assert found == pytest.approx(beyond) and bool(most) is bool(beyond)
