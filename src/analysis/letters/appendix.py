"""What goes with a letter: the point-by-point matrix and the evidence appendix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.indicators.statistic import Statistics
from analysis.letters.deadlines import chinese_date
from analysis.letters.documents import documents
from analysis.letters.evidence import grouped, single
from analysis.letters.suggestions import Point
from analysis.letters.wording import PAPERS
from analysis.presentation import column, literal, put, say, table
from analysis.presentation.content import Run, literal_run, words
from analysis.presentation.edition import current

if TYPE_CHECKING:
    from analysis.letters.reply import Reply


def matrix(reply: Reply) -> None:
    """Put out one row a point: what was asked, where it is answered, what proves it, its category."""
    put("page_break")
    rows = []
    for number, (point, found) in enumerate(zip(reply.suggestion.points, reply.proofs, strict=True), 1):
        figures = list(dict.fromkeys(item.label for item in found.statistics()))
        papers = [item.number or f"《{item.title}》" for item in found.documents]
        proofs = "；".join([*figures, *papers]) or "已办措施"
        cells = [str(number), point.asks, _answer(point), proofs, point.category]
        rows.append({"role": "body", "cells": [literal_run(text, "name") for text in cells]})
    put(
        "table",
        name="matrix",
        title="逐条对照表：所提内容、答复、依据与办理结果",
        columns=[
            {"key": "number", "label": "序号", "align": "center"},
            {"key": "asked", "label": "所提内容", "align": "left"},
            {"key": "answered", "label": "答复", "align": "left"},
            {"key": "proof", "label": "依据", "align": "left"},
            {"key": "category", "label": "类别", "align": "center"},
        ],
        rows=rows,
    )


def _answer(point: Point) -> str:
    done = [f"已办{len(point.measures)}项"] if point.measures else []
    last = max(point.steps, key=lambda item: item.by, default=None)
    ahead = [f"下一步{len(point.steps)}项，{chinese_date(last.by)}前完成"] if last else []
    return f"见“{point.heading}”" + "".join(f"；{text}" for text in (*done, *ahead))


def appendix(reply: Reply) -> None:
    """Put out all figures with interval and base, the tables asked for, the documents, and explained differences."""
    put("page_break")
    _head("附件：数据依据")
    say("以下数字都出自本答复所用的数据快照；有区间的列出区间，并列出基数。", role="note")
    for number, (point, found) in enumerate(zip(reply.suggestion.points, reply.proofs, strict=True), 1):
        single = [item for item in found.figures.values() if not isinstance(item, Statistics)]
        if single:
            table(f"evidence_{number}", "{about}所引数字", single, first="指标", about=literal(point.heading, "name"))
    _tables(reply)
    _papers(reply)
    _differences(reply)


def _head(title: str) -> None:
    put("paragraph", role="body", runs=[words(title) | {"strong": True}])


def _tables(reply: Reply) -> None:
    made = set()
    for number, point in enumerate(reply.suggestion.points, 1):
        for indicator, by in point.tables:
            if (indicator, by) in made:
                continue
            made.add((indicator, by))
            if by == "school" and current().public:
                continue
            where = next((dict(item.where) for item in point.evidence if item.indicator == indicator), {})
            groups = grouped(reply.study, indicator, where, by, f"第{number}条请求的附表")
            whole = single(reply.study, indicator, where, f"第{number}条请求的附表")
            heads = {
                "数值": column(groups, total=whole),
                "区间": column(groups, "interval", whole),
                "基数": column(groups, "base", whole),
            }
            name = f"{indicator.replace('.', '_')}_by_{by}"
            table(
                name,
                "{label}：{by}",
                heads,
                first=_first(by),
                total="全区",
                label=literal(whole.label, "name"),
                by=literal(f"按{_first(by)}", "name"),
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
