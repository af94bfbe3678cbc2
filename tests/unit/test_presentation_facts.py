"""A title that is a fact of the count: which groups have exceptions, where figures of a register have no error."""

from __future__ import annotations

from dataclasses import replace

from presentation_figures import share

from analysis.presentation.content import plain
from analysis.presentation.facts import counted_fact
from analysis.publishing.traces import window


def group(value: float | None, name: str, base: int = 8, lower: float | None = None):
    item = share(value, lower, None if lower is None else 1.0, base=base, unit="家", name=name, training=name)
    return replace(item, indicator="institutions.deposit_coverage", label="保证金足额率")


def told(*items) -> str:
    found = counted_fact(items)
    return "" if found is None else plain(found)


def test_the_groups_with_exceptions_are_told_and_the_others_together():
    assert told(group(1.0, "复读"), group(0.875, "非学科类")) == "保证金足额率：非学科类8家中的7家，其余没有例外"
    assert told(group(0.5, "复读", 4), group(0.875, "非学科类")) == "保证金足额率：复读4家中的2家、非学科类8家中的7家"


def test_nothing_is_told_of_one_group_of_none_with_exceptions_of_many_or_of_what_has_an_error():
    assert told(group(0.5, "复读")) == ""
    assert told(group(1.0, "复读"), group(1.0, "非学科类")) == ""
    assert told(*(group(0.5, str(number)) for number in range(5))) == ""
    assert told(*(group(0.5, str(number)) for number in range(4))) != ""
    assert told(group(0.5, "复读", lower=0.4), group(0.875, "非学科类")) == ""
    assert told(group(None, "复读"), group(0.875, "非学科类")) == ""


def test_the_days_of_a_figure_are_written_as_a_span_or_as_one_day():
    made = {"scope": {"start": "2026-03-02", "end": "2026-07-03"}}
    assert window(made) == "2026-03-02至2026-07-03"
    assert window({"scope": {"start": "", "end": "2026-07-20"}}) == "2026-07-20当天"
    assert window({"scope": {"start": "", "end": ""}}) == ""
