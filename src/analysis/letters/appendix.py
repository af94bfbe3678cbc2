"""What goes with a letter: the point-by-point matrix and the evidence appendix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.indicators.statistic import Statistic, Statistics
from analysis.letters.claims import Annexed, Withheld
from analysis.letters.deadlines import chinese_date
from analysis.letters.documents import documents
from analysis.letters.evidence import Proof, single
from analysis.letters.questions import NOT_PUBLIC, asked
from analysis.letters.register import REFERENCE
from analysis.letters.wording import PAPERS, fitted
from analysis.presentation import column, put, say, table
from analysis.presentation.content import Run, literal_run, words
from analysis.presentation.edition import current
from analysis.presentation.references import literal, rule_value
from analysis.reference.suggestions import Evidence, Point, Question, Table
from analysis.rules import Rule

if TYPE_CHECKING:
    from analysis.letters.reply import Reply

ROLES = {"parent": "家长", "student": "学生", "teacher": "教师"}


def matrix(reply: Reply) -> None:
    """Put out one row a question: what was asked, what answers it, what proves it, the point's category."""
    put("page_break")
    rows = []
    for number, (point, found) in enumerate(zip(reply.suggestion.points, reply.proofs, strict=True), 1):
        questions = asked(point)
        for place, question in enumerate(questions, 1):
            mark = f"{number}.{place}" if len(questions) > 1 else str(number)
            proofs = "；".join(_proofs(question, point, found)) or "已办措施"
            cells = [mark, question.asks, _answer(question, point), proofs, point.category]
            rows.append({"role": "body", "cells": [literal_run(text, "name") for text in cells]})
    put(
        "table",
        name="matrix",
        title="逐问对照表：所问、答复、依据与办理结果",
        columns=[
            {"key": "number", "label": "序号", "align": "center"},
            {"key": "asked", "label": "所问", "align": "left"},
            {"key": "answered", "label": "答复", "align": "left"},
            {"key": "proof", "label": "依据", "align": "left"},
            {"key": "category", "label": "类别", "align": "center"},
        ],
        rows=rows,
    )


def _proofs(question: Question, point: Point, found: Proof) -> list[str]:
    """Return the indicators that a question's sentences quote; of a point that is one question, its documents as well."""
    quoted = set(REFERENCE.findall("".join(question.sentences())))
    figures = [figure for name, figure in found.figures.items() if name in quoted]
    labels = [item[0].label if isinstance(item, Statistics) else item.label for item in figures]
    papers = [item.number or f"《{item.title}》" for item in found.documents if not point.questions or not labels]
    return list(dict.fromkeys([*labels, *papers]))


def _answer(question: Question, point: Point) -> str:
    """Say where the answer stands; where it cannot be given in full, the reason."""
    if question.reason:
        return f"见“{point.heading}”；{question.reason.rstrip('。')}"
    return f"见“{point.heading}”" + ("及附表" if question.tables else "")


def appendix(reply: Reply) -> None:
    """Put out how to read the figures, all that are quoted, the tables asked for, the documents, and explained differences."""
    put("page_break")
    _head("附件：数据依据")
    _how_to_read(reply)
    for number, (point, found) in enumerate(zip(reply.suggestion.points, reply.proofs, strict=True), 1):
        quoted = _quoted(point, found, reply.annexed)
        if quoted:
            table(f"evidence_{number}", "{about}所引数字", quoted, first="指标", about=literal(point.heading, "name"))
    _tables(reply)
    _papers(reply)
    _differences(reply)


def _how_to_read(reply: Reply) -> None:
    """Explain class-day, bounds and interval where they occur, and whose the target is."""
    figures = [item for found in reply.proofs for item in found.statistics()]
    told = [
        "怎样读这些数：台账、登记与考勤是逐件计数，没有抽样误差；有缺报或待更正的，列出缺的算作合格、算作不合格时的上下界。"
    ]
    if any(item.base_unit == "个班级日" for item in figures):
        told.append("每个班每个上课日的作业记为“班级日”。")
    if any(item.nature == "survey" for item in figures):
        told.append(
            "问卷数字附有“95%区间”，是由答卷推到全体的误差范围：同样的调查反复做，按这种办法算出的范围绝大多数包含全体的真实情况。"
        )
    target = next((rule for found in reply.proofs for rule in found.references.values() if _is_target(rule)), None)
    if target:
        told.append("“{target}”的说法出自{source}。")
    template, declared = fitted("".join(told), "数据依据")
    refs: dict[str, Any] = {}
    if target:
        refs = {
            "target": literal(f"不低于{rule_value(target)}", "rule"),
            "source": literal(target.document, "document"),
        }
    say(template, role="note", **declared, **refs)


def _is_target(rule: object) -> bool:
    return isinstance(rule, Rule) and rule.id == "satisfaction.target"


def _quoted(point: Point, found: Proof, annexed: dict[int, list[Annexed | Withheld]]) -> list[Statistic]:
    """Return the figures that a point quotes, groups one by one; those that a table of the annex shows stand there only."""
    tables = [each.table for items in annexed.values() for each in items if isinstance(each, Annexed)]
    quoted: list[Statistic] = []
    for item in point.evidence:
        figures = found.figures[item.name]
        if any(_holds(one, item) for one in tables):
            continue
        if not isinstance(figures, Statistics):
            quoted.append(figures)
        elif not (current().public and item.by in NOT_PUBLIC):
            quoted += figures.known()
    return quoted


def _holds(asked_for: Table, item: Evidence) -> bool:
    """Tell whether a table shows a figure: its groups, or one row of it."""
    if asked_for.indicator != item.indicator:
        return False
    if item.by:
        return (asked_for.by, asked_for.where) == (item.by, item.where)
    return {name for name, _ in set(item.where) ^ set(asked_for.where)} == {asked_for.by}


def _head(title: str) -> None:
    put("paragraph", role="body", runs=[words(title) | {"strong": True}])


def _tables(reply: Reply) -> None:
    made: set[Table] = set()
    for number in reply.annexed:
        for each in reply.annexed[number]:
            if isinstance(each, Withheld) or each.table in made:
                continue
            made.add(each.table)
            asked_for, figures = each.table, each.figures
            whole = None
            if asked_for.by != "item":  # the items of a questionnaire have no total
                whole = single(reply.study, asked_for.indicator, dict(asked_for.where), f"第{number}条请求的附表")
            heads = {
                "数值": column(figures, total=whole),
                "区间或上下界": column(figures, "interval", whole),
                "基数": column(figures, "base", whole),
            }
            who = ROLES.get(str(dict(asked_for.where).get("role", "")), "")
            name = "_".join(
                [
                    asked_for.indicator.replace(".", "_"),
                    "by",
                    asked_for.by,
                    *(str(value) for _, value in asked_for.where),
                ]
            )
            table(
                name,
                "{label}：{by}（{term}）",
                heads,
                first=_first(asked_for.by),
                total="全区",
                label=literal(figures[0].label, "name"),
                by=literal(f"{who}按{_first(asked_for.by)}", "name"),
                term=literal(reply.study.calendar.label, "date"),
            )


def _first(by: str) -> str:
    return {
        "school": "学校",
        "grade": "年级",
        "item": "项目",
        "weekday": "星期",
        "grade_band": "学段",
        "subject": "学科",
        "batch": "批次",
        "measure": "措施",
        "training": "类别",
        "breach": "超限情形",
    }.get(by, "分组")


def _papers(reply: Reply) -> None:
    papers = reply.papers()
    if not papers:
        return
    rows = [
        [
            item.number or "（无文号）",
            (item.title or "未载") + (f"（已由“{newer.number or newer.title}”替代）" if newer else ""),
            "、".join(item.issuers) or "未载",
            chinese_date(item.date) if item.date else "未载",
        ]
        for item in papers
        for newer in [documents().successor(item.number)]
    ]
    frame = pd.DataFrame(
        [[literal(text, "document") for text in row[1:]] for row in rows],
        index=[row[0] for row in rows],
        columns=["题名", "发文机关", "成文日期"],
    )
    table(PAPERS, "答复所依据的文件", frame, first="文号")


def _differences(reply: Reply) -> None:
    if not reply.suggestion.explanations:
        return
    _head("与此前答复不一致的数字")
    items: list[list[Run]] = []
    for each in reply.suggestion.explanations:
        labels = [
            item.label for found in reply.proofs for item in found.statistics() if item.indicator == each.indicator
        ]
        items.append(
            [
                literal_run(
                    f"{labels[0] if labels else each.indicator}（与“{each.letter}”的答复）：{each.reason}", "name"
                ),
                words(""),
            ]
        )
    put("list", ordered=False, items=items)
