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

LEDGERS, REGISTERS = "台账与考勤", "登记册、经费与督查"
_TERMS: tuple[tuple[tuple[str, ...], tuple[str | tuple[str, str], ...]], ...] = (
    (("班级日",), ("班级日是", ("一个班的一个上课日", "name"))),
    (("学生周",), ("学生周是", ("一名学生的一个上课周", "name"))),
    (("第90百分位数",), (("第90百分位数", "name"), "是", ("九成", "name"), "的班级日不超过的分钟数")),
    (("@met", "@not met"), ("“达到”“未达到”是对已登记记录逐一清点的结果，不是推断",)),
    (("@open",), ("“不能定论”指缺报和待更正的记录补齐后可能改变结论",)),
    (("计入缺报与待更正",), ("“计入缺报与待更正”的上下界，是这些记录全部合乎规定与全部不合规定时的结果",)),
    (("95%区间",), (("95%区间", "rule"), "是推断的误差范围")),
    (
        ("@supported", "@not shown", "@contradicted"),
        ("“数据支持”“数据不支持”指计入误差后仍在所说的一边或另一边，其余为“数据还不足以说明”",),
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
    """Return which days the ledgers' figures and those of the registers speak of."""
    found: dict[str, Statistic] = {}
    for item in edition.used.values():
        if item.nature == "count" and item.scope.end and "." in item.indicator:
            found.setdefault(_kind(item), item)
    said = []
    if LEDGERS in found:
        start, end = (date.fromisoformat(day) for day in (found[LEDGERS].scope.start, found[LEDGERS].scope.end))
        last = day_words(end) if end.year != start.year else day_words(end).partition("年")[2]
        said.append([words(f"{LEDGERS}为"), literal_run(f"{day_words(start)}至{last}", "date")])
    if REGISTERS in found:
        day = day_words(date.fromisoformat(found[REGISTERS].scope.end))
        said.append([words(f"{REGISTERS}截至"), literal_run(day, "date")])
    return [words("数据时段："), *joined(said, "，"), words("。")] if said else []


def _kind(item: Statistic) -> str:
    from analysis.indicators.catalogue import entries

    entry = entries().get(item.indicator)
    return LEDGERS if entry is None or entry.period == "term" else REGISTERS
