"""How a document closes: method, rules with their dates, source, who is missing, what was hidden, the simulated mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.house.content import Json
from analysis.indicators.statistic import Statistic
from analysis.presentation.absence import put_source
from analysis.presentation.content import figure_run, joined, literal_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.reading import put_reading
from analysis.presentation.references import day_words, rule_value
from analysis.rules import Rule, grade_band, rules_applied

if TYPE_CHECKING:
    from analysis.indicators.study import Study

CONDITIONS = {
    "lower": "一、二年级",
    "middle": "三至六年级",
    "junior": "初中",
    "primary": "小学",
    "parent": "家长",
    "student": "学生",
    "small": "一档",
    "medium": "二档",
    "large": "三档",
    "non_subject": "非学科类",
}
LEDGER = (
    "台账、考勤和登记册是全面登记，不是抽样：数字是清点的结果，没有抽样误差，是否达到规定由清点决定，说的是已报送的学校。"
    "没有报送和待更正的记录不作猜测，另给出它们全部合乎规定与全部不合规定时的上下界。"
    "只有超出本学期的说法（学校之间的差别、学期中的变化）才需要区间，取自各周的起伏，学校、年级和班级视为固定。"
)
SURVEY = (
    "满意率为“非常满意”与“满意”两档合计的比例，由作答者推断应邀者；以学校为层、班级为群估计区间，未答视为缺失。"
    "各班均受邀作答，未答按无应答处理，不作有限总体修正。"
    "区间只说参加了调查的这些学校，不推及没有参加的学校，也不推及别的年份。"
)


LEDGER_BRIEF = "台账与登记册为全面登记，数字是清点的结果；缺报与待更正的记录可能改变多少，见上下界。"
SURVEY_BRIEF = "满意率为最满意的两档合计，由作答者推断应邀者。"


def close(
    study: Study,
    *,
    survey: bool = False,
    ledger: bool = True,
    notes: Sequence[str] = (),
    brief: bool = False,
    ends: str = "",
) -> None:
    """Put out the end of a document: how the figures were made and what they rest on.

    Parameters
    ----------
    study
        The study of the document.
    survey
        Whether it speaks of the survey: then the survey's method is told as well.
    ledger
        Whether it speaks of ledgers and attendance: then it is told what their intervals mean.
    notes
        Further sentences on method, without numbers.
    brief
        Whether method, rules and source are told in a paragraph each, without tables (for a page of its own).
    ends
        ``school``: only a school's page closes here, and ends; what follows in the notebook is for the district.
        ``""``: closes in every edition.
    """
    edition = current()
    if edition.ended or (ends == "school" and not edition.school):
        return
    put_reading(edition)
    if brief:
        _brief(edition, study, survey, ledger)
    else:
        _method(edition, survey, ledger, notes)
        _rules(edition, study)
        edition.put("heading", level=1, runs=[words("数据来源")])
        put_source(edition, study)
    for item in filter(lambda each: each.own, edition.used.values()):
        runs = [figure_run(item.label, item, "label"), words("："), figure_run(item.definition, item, "definition")]
        runs.append(words("。"))
        edition.put("paragraph", role="caveat", runs=runs)
    if edition.public:
        _hidden(edition)
    if ends:
        edition.end("学校版到此为止")


def _method(edition: Edition, survey: bool, ledger: bool, notes: Sequence[str]) -> None:
    edition.put("heading", level=1, runs=[words("方法与口径")])
    if ledger:
        edition.put("paragraph", role="method", runs=[words(LEDGER)])
    if survey:
        edition.put("paragraph", role="method", runs=[words(SURVEY)])
    for note in notes:
        edition.put("paragraph", role="method", runs=[words(note)])
    told: dict[str, Statistic] = {}  # a definition is told once
    for item in edition.used.values():
        if item.definition and not item.indicator.startswith("reporting."):
            told.setdefault(item.definition, item)
    rows = [
        {"cells": [figure_run(_variant(item), item, "label"), figure_run(item.definition, item, "definition")]}
        for item in told.values()
    ]
    if rows:
        heads = [
            {"key": "figure", "label": "指标", "align": "left"},
            {"key": "meaning", "label": "口径", "align": "left"},
        ]
        edition.put("table", name="definitions", title="本文指标的口径", columns=heads, rows=rows)


def _variant(item: Statistic) -> str:
    """Return a figure's name, that of a part of the whole with what it leaves out: 班级日达标率（不含九年级）."""
    part = item.indicator.endswith(".rest") and item.group_label
    return f"{item.label}（{item.group_label}）" if part else item.label


def _brief(edition: Edition, study: Study, survey: bool, ledger: bool) -> None:
    edition.put("heading", level=1, runs=[words("方法、规则与来源")])
    method = (LEDGER_BRIEF if ledger else "") + (SURVEY_BRIEF if survey else "")
    source = [words("数据来自各校报送材料，快照"), literal_run(study.snapshot.id[:12], "document"), words("。")]
    edition.put("paragraph", role="note", runs=[words(f"{method}各指标口径见区级评估报告。"), *source])
    days: dict[date, list[str]] = {}
    for each in _applied(edition, study):
        days.setdefault(each.start, []).append(f"{_about(each)}为{rule_value(each)}")
    said = [
        [literal_run(f"{day_words(day)}起", "date"), words("："), literal_run("、".join(names), "rule")]
        for day, names in sorted(days.items())
    ]
    if said:
        edition.put("paragraph", role="note", runs=[words("适用规则，"), *joined(said, "；"), words("。")])


def _applied(edition: Edition, study: Study) -> tuple[Rule, ...]:
    """Return the rules that the document's figures were held against; a school is told those of its own grades."""
    scope = study.scope
    start, end = date.fromisoformat(scope.start), date.fromisoformat(scope.end)
    applied = rules_applied(edition.rules, start, end, scope.district)
    if not scope.school:
        return applied
    register = study.schools.set_index("school")
    first, last = (int(str(register.at[scope.school, name])) for name in ("first_grade", "last_grade"))
    own = {"", *(grade_band(grade) for grade in range(first, last + 1))}
    return tuple(each for each in applied if dict(each.where).get("grade_band", "") in own)


def _rules(edition: Edition, study: Study) -> None:
    applied = _applied(edition, study)
    if not applied:
        return
    edition.put("heading", level=1, runs=[words("适用规则")])
    edition.put(
        "table",
        name="rules",
        title="本文引用的规则及其生效日期",
        columns=[
            {"key": "rule", "label": "规则", "align": "left"},
            {"key": "value", "label": "取值", "align": "left"},
            {"key": "dates", "label": "生效日期", "align": "left"},
            {"key": "document", "label": "依据", "align": "left"},
        ],
        rows=[{"role": "body", "cells": _rule_cells(each, applied)} for each in applied],
        notes=[[words("带星号的取值尚未对照文件原文核对，引用前请核对。")]] if any(not r.sure for r in applied) else [],
    )


def _rule_cells(each: Rule, applied: Sequence[Rule]) -> list[Json]:
    days = f"{day_words(each.start)}起" if each.end is None else f"{day_words(each.start)}至{day_words(each.end)}"
    first = next(other for other in applied if other.id == each.id)
    document = each.document if each is first else "同上"
    return [
        literal_run(_about(each), "rule"),
        literal_run(rule_value(each), "rule"),
        literal_run(days, "date"),
        literal_run(document, "document"),
    ]


def _about(each: Rule) -> str:
    conditions = "、".join(CONDITIONS.get(str(value), str(value)) for _, value in each.where)
    return each.label + (f"（{conditions}）" if conditions else "") + ("" if each.sure else "＊")


def _hidden(edition: Edition) -> None:
    said = "公开版不点名未报学校和各校数值。"
    reasons = edition.hidden_words()
    if reasons:
        said += f"另有部分数值为保护个人信息不显示（原因：{reasons}），表中以“…”标出；内部版列有全部数值。"
    edition.put("paragraph", role="note", runs=[words(said)])
