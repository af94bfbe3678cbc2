"""How the figures of a document are to be read: the days that they speak of, and two lines on the terms that it uses.

`close` puts these out at the end, when it is known what the document uses; the page has them after its first findings
(`analysis.publishing.content`). A letter calls `how_to_read` where they are to stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from analysis.indicators.statistic import Statistic
from analysis.presentation.content import Content, Run, joined, literal_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import day_words

LEDGERS, REGISTERS, ANSWERS = "台账与考勤", "登记册、经费与督查", "问卷"
_TERMS: tuple[tuple[tuple[str, ...], tuple[str | tuple[str, str], ...]], ...] = (
    (("班级日",), ("班级日是", ("一个班的一个上课日", "name"))),
    (("学生周",), ("学生周是", ("一名学生的一个上课周", "name"))),
    (("@met", "@not met"), ("“达到”“未达到”是逐一清点的结果",)),
    (("@open",), ("缺报、待更正的补齐后可能改变的“不能定论”",)),
    (("计入缺报与待更正", "计入待更正", "上下界"), ("上下界按缺报、待更正的全好、全坏计",)),
    (("不含缺报",), ("注明不含缺报的只计待更正",)),
    (("95%区间",), (("95%区间", "rule"), "是推断的误差范围")),
    (
        ("@supported", "@not shown", "@contradicted"),
        ("计入误差也不改变的为“数据支持”“数据不支持”，其余为“数据还不足以说明”",),
    ),
)
"""What calls for an explanation (words, or with @ a verdict), and the explanation (a pair is declared to be no statistic)."""


def how_to_read() -> None:
    """Put out two lines on the terms that the document has used so far; nothing where it has used none of them."""
    edition = current()
    if not edition.ended:
        _explain(edition)


def put_reading(edition: Edition) -> None:
    """Put out the days that the document's figures speak of, and how its terms are to be read."""
    days = _days(edition)
    if days:
        edition.put("paragraph", role="reading", runs=days)
    _explain(edition)


def _explain(edition: Edition) -> None:
    text = "\n".join(_texts(edition.objects))
    said = [
        [literal_run(*part) if isinstance(part, tuple) else words(part) for part in explained]
        for calling, explained in _TERMS
        if any(f"{word}\n" in text if word.startswith("@") else word in text for word in calling)
    ]
    if said:
        edition.put("paragraph", role="reading", runs=[words("怎样读这些数："), *joined(said, "；"), words("。")])


def _texts(objects: list[Content]) -> Iterator[str]:
    for made in objects:
        for name in ("runs", "title", "subtitle"):
            yield _plain(made.get(name))
        for column in made.get("columns", ()):
            yield _plain(column["label"]) + column.get("unit", "")
        for row in made.get("rows", ()):
            yield _plain(row["cells"])
        for item in (*made.get("items", ()), *made.get("notes", ())):
            yield _plain(item)


def _plain(text: Any) -> str:
    """Return the words of runs, each verdict among them as ``@met`` and the like."""
    if not isinstance(text, list):
        return text or ""
    return "".join(run["text"] + (f"@{run['judgement']['said']}\n" if "judgement" in run else "") for run in text)


def _days(edition: Edition) -> list[Run]:
    """Return which days the ledgers' figures and those of the registers speak of, and when the questionnaires went out."""
    found: dict[str, Statistic] = {}
    for item in edition.used.values():
        if item.scope.end and (kind := _kind(item)):
            found.setdefault(kind, item)
    said = []
    if LEDGERS in found:
        start, end = (date.fromisoformat(day) for day in (found[LEDGERS].scope.start, found[LEDGERS].scope.end))
        last = day_words(end) if end.year != start.year else day_words(end).partition("年")[2]
        said.append([words(f"{LEDGERS}为"), literal_run(f"{day_words(start)}至{last}", "date")])
    if REGISTERS in found:
        day = day_words(date.fromisoformat(found[REGISTERS].scope.end))
        said.append([words(f"{REGISTERS}截至"), literal_run(day, "date")])
    if ANSWERS in found and (when := _asked(edition)):
        said.append([words(f"{ANSWERS}为"), literal_run(when, "date")])
    return [words("数据时段："), *joined(said, "，"), words("。")] if said else []


def _kind(item: Statistic) -> str:
    """Return what a figure is of; ``""`` for what the page counts of itself (rows to correct, points left out)."""
    from analysis.indicators.catalogue import entries

    id = item.indicator
    entry = entries().get(id) or entries().get(id.rpartition(".")[0])
    if entry is None:
        return ""
    if id.startswith("satisfaction."):
        return ANSWERS
    if item.nature != "count":
        return ""
    return LEDGERS if entry.period == "term" else REGISTERS


def _asked(edition: Edition) -> str:
    """Return the month of the survey that the document's study speaks of."""
    from analysis.indicators.satisfaction_survey import questionnaire, wave_of

    study = edition.study
    described = questionnaire("parent")
    if study is None or described is None:
        return ""
    asked = wave_of(study, "parent")
    began = next((first for wave, first, _ in described.waves if wave == asked), None)
    return f"{began.year}年{began.month}月" if began else ""
