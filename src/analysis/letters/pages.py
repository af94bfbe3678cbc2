"""Pages beside the letters: the board of what is due, and what became of figures already published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.indicators import provenance
from analysis.indicators.statistic import Scope, Statistic
from analysis.letters.judgement import LABELS, Judgement, judge
from analysis.letters.owed import STATES, Owed, owed
from analysis.letters.published_command import choose, study_of
from analysis.presentation import begin, heading, put, say
from analysis.presentation.beginning import MARK
from analysis.presentation.content import Run, figure_run, literal_run, words
from analysis.presentation.edition import Edition, start
from analysis.presentation.references import literal
from analysis.reference.published import Letter
from analysis.reference.settings import settings
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

_KINDS = {"ordinary": "一般", "broad": "较难"}


def due_board(*, snapshot: str, district: str, school: str, term: str, audience: str, as_of: str) -> None:
    """Put out the board: what is owed to deputies on a day, the most urgent first, and what stands in the way."""
    del snapshot, school, term
    day = date.fromisoformat(as_of)
    rows = owed(day)
    _begin("代表建议办理期限一览", as_of, audience, district, simulated=any(row.simulated for row in rows))
    scope = Scope(district, end=as_of)
    counts = due_counts(rows, scope)
    say(
        "截至{day}，登记在册的建议共{all}：待答复{owed}，其中临近期限{soon}；已逾期{overdue}，登记有误{blocked}，已办结{done}。",
        role="finding",
        day=literal(day, "date"),
        **counts,  # type: ignore[arg-type]
    )
    put(
        "table",
        name="due",
        title="办理期限（最急的在前）",
        columns=[
            {"key": "number", "label": "建议", "align": "left"},
            {"key": "title", "label": "题名", "align": "left"},
            {"key": "kind", "label": "类型", "align": "left"},
            {"key": "due", "label": "期限", "align": "left"},
            {"key": "left", "label": "剩余", "unit": "天", "align": "right"},
            {"key": "state", "label": "状态", "align": "left"},
        ],
        rows=[
            {"role": "body", "cells": _row(row, left)} for row, left in zip(rows, due_days(rows, scope), strict=True)
        ],
        notes=[[words("剩余为负的已超过期限，已办结的不再计；“较难”指涉及面广、办理难度大的建议，期限较长。")]],
    )
    noted = [row for row in rows if row.note]
    if noted:
        heading("需要处理的事项", level=1)
        put("list", ordered=False, items=[[literal_run(f"{row.suggestion}：{row.note}", "name")] for row in noted])


def due_counts(rows: Sequence[Owed], scope: Scope) -> dict[str, Statistic]:
    """Return how many suggestions stand in the register, in all and by their state."""
    states = Counter(row.state for row in rows)
    told = {
        "all": (len(rows), "登记在册的建议"),
        "soon": (sum(row.reminder for row in rows), "临近期限的建议"),
        "owed": (states["owed"], "待答复的建议"),
        "overdue": (states["overdue"], "已逾期的建议"),
        "blocked": (states["blocked"], "登记有误的建议"),
        "done": (states["done"], "已办结的建议"),
    }
    return {name: _counted(number, label, scope) for name, (number, label) in told.items()}


def due_days(rows: Sequence[Owed], scope: Scope) -> list[Statistic | None]:
    """Return how many days are left to answer each suggestion, None where it is answered or has no term."""
    return [
        None
        if row.days_left is None or row.state == "done"
        else _counted(row.days_left, "距期限的天数", scope.narrowed(suggestion=row.suggestion), "天")
        for row in rows
    ]


def _row(row: Owed, left: Statistic | None) -> list[Run]:
    due = row.due.isoformat() if row.due else "—"
    days = words("—") if left is None else figure_run(left.text.removesuffix(left.unit), left)
    told = [literal_run(cell, "name") for cell in (row.suggestion, row.title, _KINDS.get(row.kind, "—"))]
    return [*told, literal_run(due, "date"), days, literal_run(STATES[row.state], "name")]


def _counted(number: int, label: str, scope: Scope, unit: str = "件") -> Statistic:
    """Return a count of the register as a figure that a sentence may refer to."""
    made = Statistic(
        indicator="register.count",
        label=label,
        definition=f"{label}，按登记册逐件计数",
        estimate=Estimate(float(number), n=max(number, 0), method="count"),
        scope=scope.narrowed(counted=label),
        unit=unit,
        decimals=0,
        base=number,
        base_unit=unit,
    )
    provenance.keep([made])
    return made


def published_page(
    letter: str, *, snapshot: str, district: str, school: str, term: str, audience: str, as_of: str
) -> None:
    """Put out a page for one letter already sent: every claim, its verdict, the reason."""
    del school, term
    sent = choose([letter])[0]
    study = study_of(sent, snapshot, as_of)
    if study is None:
        _begin(f"{sent.title}：数字核对", as_of, audience, sent.district, simulated=sent.simulated, label=sent.office)
    else:
        _from_data(sent, snapshot, audience, as_of)
    judged = judge(sent, study)
    _summary(sent, judged, Scope(sent.district, end=as_of))
    heading("逐项核对", level=1)
    _claims(judged)
    heading("怎样判断", level=1)
    for rule in _RULES:
        say(rule, role="method")
    if sent.source:
        say(
            "来源：{source}。" + ("" if sent.simulated else "文字为本项目的转述，不是原文。"),
            role="method",
            source=literal(sent.source, "name"),
        )
    if study is None:
        say("本项目没有该区的数据，只能从答复本身判断；无法判断的，不等于不属实。", role="caveat")


_RULES = (
    "“重现”：按声明的舍入方式，实测值与原文一致；有界限的说法，得到数据支持。",
    "“在舍入区间内”：原文没有声明舍入方式，或声明的方式得不到，而其他常用的舍入方式可以得到。",
    "“按另一口径重现”：原口径得不到，写明名称的其他口径可以得到。",
    "“未能重现”：数据不支持，或写明的份数不可能得到这个比例。",
    "“无法判断”：没有数据、没有写明口径，或数据还不足以说明，缺报、待更正的补齐后可能改变。",
    "“文内相符”“文内不符”：只看答复本身的加总、计数与所列名目。",
)


def _from_data(sent: Letter, snapshot: str, audience: str, as_of: str) -> Study:
    return begin(
        f"{sent.title}：数字核对",
        snapshot=snapshot,
        district=sent.district,
        school="",
        term=sent.term,
        audience=audience,
        as_of=as_of,
        document="page",
    )


def _begin(title: str, as_of: str, audience: str, district: str, *, simulated: bool, label: str = "") -> None:
    """Begin a page that needs no data: the register and what is in it suffice."""
    local = settings().bureau
    edition = start(Edition(audience, district, "", label or local.name))
    edition.put(
        "document",
        **{"class": "page"},
        title=[literal_run(title, "name")],
        language="zh-CN",
        issuer=local.name,
        date=as_of,
        district=district,
        school="",
        scope_label=label or local.name,
        audience=audience,
        simulated=simulated,
        mark=MARK if simulated else "",
    )


def _summary(sent: Letter, judged: Sequence[Judgement], scope: Scope) -> None:
    counts = claim_counts(sent, judged, scope)
    told = "，".join(f"{LABELS[name]}{{{name.replace(' ', '_')}}}" for name in LABELS if name in counts)
    refs = {name.replace(" ", "_"): count for name, count in counts.items()}
    say(
        "{title}（{day}）共登记{all}说法：" + told + "。",
        role="finding",
        title=literal(sent.title, "name"),
        day=literal(sent.date, "date"),
        **refs,  # type: ignore[arg-type]
    )


def claim_counts(sent: Letter, judged: Sequence[Judgement], scope: Scope) -> dict[str, Statistic]:
    """Return how many claims of a letter were judged, in all and by verdict (those that occur)."""
    scope = scope.narrowed(letter=sent.id)
    counts = Counter(item.verdict for item in judged)
    made = {"all": _counted(len(judged), "登记的说法", scope, "项")}
    shown = [name for name in LABELS if counts[name]]
    return made | {name: _counted(counts[name], f"判断为{LABELS[name]}的说法", scope, "项") for name in shown}


def _claims(judged: Sequence[Judgement]) -> None:
    rows = [{"role": "body", "cells": _cells(item)} for item in judged]
    put(
        "table",
        name="claims",
        title="逐项说法、判断与理由",
        columns=[
            {"key": "claim", "label": "说法", "align": "left"},
            {"key": "measured", "label": "实测", "align": "right"},
            {"key": "verdict", "label": "判断", "align": "left"},
            {"key": "reason", "label": "理由", "align": "left"},
        ],
        rows=rows,
        notes=[[words("“—”表示没有实测值。")]],
    )


def _cells(item: Judgement) -> list[Run]:
    figure = item.figure
    measured = (
        figure_run(figure.text, figure) | {"value": figure.value} if figure is not None and figure.known else words("—")
    )
    return [
        literal_run(item.claim.text, "name"),
        measured,
        words(LABELS[item.verdict]) | {"strong": True},
        literal_run(item.reason, "name"),
    ]
