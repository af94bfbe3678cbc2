"""Where the exceptions behind a share are, why, and what is to be done."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from presentation_figures import SCHOOLS, edition, share

from analysis.indicators.concentration import concentration
from analysis.indicators.statistic import Statistic, Statistics
from analysis.presentation.causes import Cause, cause
from analysis.presentation.content import plain
from analysis.presentation.offices import Office
from analysis.presentation.references import Unknown

HOURS = "service.two_hours"


def counts(met: int, of: int, name: str = "", school: str = "", **group: object) -> Statistic:
    made = share(met / of, base=of, unit="人次", name=name, school=school, **group)
    estimate = replace(made.estimate, lower=None, upper=None)
    return replace(made, indicator=HOURS, label="满时长率", numerator=met, denominator=of, estimate=estimate)


def study(*by_school: tuple[int, int], weekdays: tuple[tuple[int, int], ...] = (), minutes: float = 80):
    """Return a study that knows one share by school and by weekday, and the minutes of each school's model."""
    schools = tuple(
        counts(met, of, name, f"2199{place:06d}")
        for place, (name, (met, of)) in enumerate(zip(SCHOOLS, by_school, strict=False), start=1)
    )
    days = tuple(counts(met, of, f"周{'一二三四五'[at]}", weekday=at + 1) for at, (met, of) in enumerate(weekdays))
    whole = counts(sum(met for met, _ in by_school), sum(of for _, of in by_school))
    whole = replace(whole, schools=len(schools))

    def measure(id: str, by: str | None = None, school: str = "") -> object:
        if school:
            return replace(counts(1, 1, school=school), indicator=id, label="模式时长", unit="分钟", decimals=0,
                           estimate=replace(whole.estimate, value=minutes))  # fmt: skip
        return whole if by is None else Statistics({"school": schools, "weekday": days}.get(by, ()), (by,))

    scope = replace(whole.scope, end="2026-07-03")
    return SimpleNamespace(measure=measure, scope=scope)


ONE = ((900, 1000), (0, 600), (950, 1000), (940, 1000))  # 810 beyond, 600 of them in the second school


def said(found: Cause, audience: str = "internal") -> str:
    return plain(found.runs(edition(audience)))


def test_one_school_that_holds_most_exceptions_is_told_with_the_rest_and_the_reason():
    # 600 of 810 = 74.1 %; the rest: 2790 of 3000 = 93.0 %
    assert said(cause(study(*ONE), HOURS, outside="未满")) == (
        "未满的810人次中，600人次（74.1%）在湖滨小学，该校服务方案只安排80分钟（规定120分钟）；其余3所学校的满时长率为93.0%"
    )


def test_the_rest_is_defined_by_the_whole_and_what_it_leaves_out():
    rest = concentration(study(*ONE), study(*ONE).measure(HOURS), breaches=False).rest
    assert rest is not None and rest.definition == "同“满时长率”，不含湖滨小学。"


def test_a_model_that_reaches_the_rule_is_no_reason():
    assert "方案" not in said(cause(study(*ONE, minutes=120), HOURS))


def test_the_public_reads_of_no_school_and_no_count():
    told = said(cause(study(*ONE), HOURS, outside="未满"), "public")
    assert told == "未满的多数在同一学校；其余学校的满时长率为93.0%"
    written = edition("public")
    written.put("paragraph", role="body", runs=cause(study(*ONE), HOURS).runs(written))
    assert "2199" not in str(written.objects) and "湖滨" not in str(written.objects)
    assert not any(number in str(written.objects) for number in ("2790", "3000"))


def test_of_several_dimensions_that_is_told_that_holds_most_beyond_its_part():
    # Friday holds 70 % of the exceptions with 20 % of the base, the second school 50 % with 25 %
    schools = ((950, 1000), (900, 1000), (970, 1000), (980, 1000))
    days = ((785, 800), (785, 800), (785, 800), (785, 800), (660, 800))
    assert "在周五" in said(cause(study(*schools, weekdays=days), HOURS))


def test_exceptions_that_are_spread_as_the_base_have_no_cause():
    with pytest.raises(Unknown):
        said(cause(study((900, 1000), (910, 1000), (905, 1000)), HOURS))


@pytest.mark.parametrize(("beyond", "told"), [(9, False), (10, True)])
def test_few_exceptions_have_no_cause(beyond, told):
    found = study((1000, 1000), (1000 - beyond, 1000), (1000, 1000))
    assert (concentration(found, found.measure(HOURS)) is not None) is told


@pytest.mark.parametrize(("first", "told"), [(34, True), (33, False)])
def test_a_third_counts_only_with_twice_the_part_of_the_base(first, told):
    # of 100 exceptions; the first school has 10 % of the base, the others share the rest evenly
    others = [(1000 - rest, 1000) for rest in (22, 22, 100 - first - 44)]
    found = study((333 - first, 333), *others)
    held = concentration(found, found.measure(HOURS))
    assert (held is not None) is told


def test_two_groups_are_told_together_where_one_alone_is_not_enough():
    found = concentration(
        *(lambda s: (s, s.measure(HOURS)))(study((970, 1000), (970, 1000), (1000, 1000), (999, 1000)))
    )
    assert found is not None and [item.group_label for item in found.groups] == ["第一小学", "湖滨小学"]
    assert (found.held.numerator, found.held.denominator) == (60, 61)
    assert found.rest is not None and (found.rest.numerator, found.rest.denominator) == (1999, 2000)


def test_breaches_are_counted_by_the_numerator():
    found = study((10, 1000), (90, 1000), (5, 1000))
    held = concentration(found, found.measure(HOURS), breaches=True)
    assert held is not None and (held.held.numerator, held.held.denominator) == (90, 105)


def test_a_survey_has_no_exceptions_to_place():
    found = study(*ONE)
    assert concentration(found, replace(found.measure(HOURS), nature="survey")) is None


def test_a_deadline_on_a_weekend_moves_to_monday():
    from datetime import date

    assert Office("办公室", 7).due(date(2026, 7, 20)) == date(2026, 7, 27)
    assert Office("办公室", 5).due(date(2026, 7, 20)) == date(2026, 7, 27)  # a Saturday
    assert Office("办公室", 6).due(date(2026, 7, 20)) == date(2026, 7, 27)  # a Sunday


def test_exceptions_that_are_all_in_one_group_are_said_to_be_there():
    told = said(cause(study((1000, 1000), (400, 1000), (1000, 1000), (1000, 1000)), HOURS, outside="未满"))
    assert (
        told.startswith("未满的600人次都在湖滨小学，该校服务方案只安排80分钟")
        and "；其余3所学校的满时长率为100.0%" in told
    )
