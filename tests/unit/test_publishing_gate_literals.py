"""A declared number is no proof: it is a date, a document's, a rule's, or stands in a source; a typed figure is refused."""

from __future__ import annotations

from typing import Any

import pytest
from rendering import publishing_examples as examples

from analysis.house import UserError
from analysis.presentation.sources import Sourcebook, clauses
from analysis.publishing import gate
from analysis.publishing.content import read
from analysis.publishing.gate_content import marked
from analysis.publishing.gate_literals import counts_on, unproved


def sources(kind: str = "report", *own: str) -> Sourcebook:
    return Sourcebook(examples.head(**{"class": kind}), own)


@pytest.mark.parametrize("kind", ["name", "rule", "document", "date"])
@pytest.mark.parametrize(
    "text", ["99.0%", "99", "99.0％", "九十九个", "三分之二", "百分之九十九", "达标率99.0%", "17所"]
)
def test_a_typed_figure_is_no_literal_of_any_kind(text: str, kind: str) -> None:
    assert unproved(text, kind, sources())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026年7月20日", "date"),
        ("2025—2026学年第二学期", "date"),
        ("2026-07-20", "date"),
        ("第3、5周", "date"),
        ("第3、5、7等周", "date"),
        ("澄教函〔2026〕5号", "document"),
        ("第017号", "document"),
        ("3f5a3f5a3f5a", "document"),  # the head's snapshot
        ("60分钟", "rule"),
        ("不低于94%", "rule"),
        ("规定90分钟", "rule"),
        ("95%区间", "rule"),
        ("每一项", "name"),
        ("一个班的一个上课日", "name"),
        ("作业时长第90百分位数", "name"),  # of the catalogue
    ],
)
def test_what_is_no_figure_by_nature_or_of_a_source_passes(text: str, kind: str) -> None:
    assert unproved(text, kind, sources()) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("61分钟", "rule"),
        ("160分钟", "rule"),
        ("60分钟", "name"),
        ("60分钟", "date"),
        ("97%区间", "rule"),
        ("p=0.001", "rule"),
        ("94%的家长，99%的学生", "rule"),
        ("4f5a3f5a3f5a", "document"),
        ("2026年7月20日达99.0%", "date"),
    ],
)
def test_what_only_looks_like_it_does_not(text: str, kind: str) -> None:
    assert unproved(text, kind, sources())


def test_a_chart_may_tell_the_p_value_of_its_test() -> None:
    assert unproved("p=0.262", "rule", sources(), chart=True) == []
    assert unproved("p=99", "rule", sources(), chart=True) == ["99"]


def test_letters_are_quoted_by_letters_and_pages_only() -> None:
    asked = "课后服务能否做到每周五天、每天两小时，学生愿不愿意参加，内容够不够丰富。"
    assert unproved(asked, "name", sources("letter")) == []
    assert unproved(asked, "name", sources("report")) == ["五天", "两小时"]
    assert unproved("课后服务能否做到每天三小时", "name", sources("letter")) == ["三小时"]


def test_the_programs_own_words_are_believed_clause_by_clause() -> None:
    own = sources("page", "从在册的12家机构中抽取，共3家")
    assert unproved("共3家", "name", own) == [] and unproved("共4家", "name", own) == ["4"]
    assert list(clauses("甲：1，乙（2）。")) == ["甲", "1", "乙", "2"]


def test_the_name_of_a_figure_may_hold_digits() -> None:
    assert unproved("三年级7班", "name", sources(), ["三年级7班"]) == []
    assert unproved("三年级8班", "name", sources(), ["三年级7班"])


def refused(*cells: Any, **head: Any) -> str:
    with pytest.raises(UserError) as told:
        gate.content(read(examples.notebook(examples.head(**head), *cells)))
    return told.value.message


def test_a_typed_figure_is_refused_wherever_it_is_declared_with_its_place_and_number() -> None:
    fake = examples.literal("99.0%", "name")
    table, figure = examples.grades_table(), examples.report().cells[7].outputs[0]["data"][examples.MIME]
    declared = [{"text": "99.0%", "literal": "name"}]
    places = {
        "sentence": examples.paragraph("body", "达标率为", fake),
        "heading": examples.block("heading", level=1, runs=[fake]),
        "item": examples.block("list", ordered=False, items=[[fake]]),
        "note": {**table, "notes": [[fake]]},
        "title": {**table, "title": [fake]},
        "header": {**table, "columns": [{"key": "a", "label": [fake]}, *table["columns"][1:]]},
        "row": {**table, "rows": [{"cells": [fake, *table["rows"][0]["cells"][1:]]}]},
        "cell": {**table, "rows": [{"cells": [*table["rows"][0]["cells"][:-1], fake]}]},
        "field": examples.block("form", title="表", options=["甲"], fields=[{"label": "乙", "value": [fake]}]),
        "chart": {**figure, "title": "共99.0%", "literals": declared},
        "alt": {**figure, "alt": "最高为99.0%", "literals": declared},
    }
    for name, wrong in places.items():
        told = refused("## 作业负担", wrong)
        assert (
            "“99.0%”中的数字“99.0%”不是研究算出的数" in told and "第3个单元格（“作业负担”一节）" in told
        ) or name == "heading", name
    assert "标题：“99.0%”" in refused(title=[fake])
    assert "文件头：“99.0%”" in refused(title="达标率99.0%", scope_label="99.0%")
    assert "文件头：“99.0%”" in refused(title="达标率99.0%", letter={"session": "99.0%"})


@pytest.mark.parametrize(
    ("text", "part", "changes"),
    [
        ("99所", "schools", {}),
        ("99个班级日", "exceptions", {}),
        ("99.0%", "lower", {}),
        ("99", "unknown", {}),
        ("99%", "level", {}),
        ("满意率", "label", {}),
        ("九年级", "group", {"group_label": "三年级"}),
        ("别的口径", "definition", {}),
    ],
)
def test_every_part_prints_what_its_statistic_says(text: str, part: str, changes: dict[str, Any]) -> None:
    run = examples.number(text, part, examples.statistic(**changes))
    assert f"“{text}”与它所引的统计量不符" in refused(examples.paragraph("body", run))


def test_an_own_figure_without_its_mark_is_refused() -> None:
    own = examples.statistic(indicator="own.mine", label="我的（自定指标）")
    assert "“91.3%”旁没有“（自定指标）”" in refused(examples.paragraph("body", examples.number("91.3%", source=own)))
    gate.content(
        read(
            examples.notebook(
                examples.head(), examples.paragraph("body", examples.number("91.3%（自定指标）", source=own))
            )
        )
    )
    assert marked(examples.number("我的（自定指标）", "label", own)) and marked({"text": "7"})


def test_the_places_of_a_list_count_on() -> None:
    def rows(*places: str) -> dict[str, Any]:
        return {"rows": [{"cells": [{"text": place}]} for place in places]}

    assert counts_on(rows("1", "2", "3")) and counts_on(rows("1.1", "1.2", "2", "3.1", "3.2"))
    for wrong in (("2",), ("1", "3"), ("1.2",), ("1", "1.1"), ("1.1", "1.3"), ("99.0",), ("1", "甲"), ()):
        assert not counts_on(rows(*wrong)), wrong
