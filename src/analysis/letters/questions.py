"""What is asked within a point, question by question, and what answers each: a sentence, figures, a table, or a reason why not.

A point without question entries is one question, answered by the point's own sentences and tables. Nothing vanishes: a question
without an answer stops the letter, and so does a table that its readers may not see, unless a reason is declared that is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.letters.entries import Entry

if TYPE_CHECKING:
    from analysis.letters.suggestions import Point

NOT_PUBLIC = ("school", "class")
"""Dimensions that a public letter does not list group by group: schools are not named in it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the annex: indicator, dimension, narrowing of the scope; `reason` is printed where readers may not see it."""

    indicator: str
    by: str
    where: tuple[tuple[str, Any], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, and what answers it.

    Parameters
    ----------
    asks
        What is asked.
    answer
        Sentences; figures as ``{name}`` of the point's evidence.
    evidence
        Names of the point's evidence that answer by themselves (one sentence each: what it is, and its value).
    tables
        Tables of the annex.
    reason
        Why (a part of) it cannot be answered in this letter, and where the answer is to be had; printed as it stands.
    """

    asks: str
    answer: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether anything at all is said to it."""
        return bool(self.answer or self.evidence or self.tables or self.reason)

    def sentences(self) -> tuple[str, ...]:
        """Return the sentences that the letter says, templates as in the register."""
        quoted = tuple(f"{{{name}.label}}：{{{name}.full}}。" for name in self.evidence)
        reason = (self.reason.rstrip("。") + "。",) if self.reason else ()
        return (*self.answer, *quoted, *reason)


def asked(point: Point) -> tuple[Question, ...]:
    """Return the questions of a point; a point without entries is one question, answered by its own sentences and tables."""
    if point.questions:
        return point.questions
    return (Question(point.asks, point.answer, tables=point.tables),)


def requested(point: Point) -> Iterator[tuple[Table, str]]:
    """Yield the tables of a point and of its questions, each with the reason that would be printed in its place."""
    for item in point.tables:
        yield item, item.reason
    for question in point.questions:
        for item in question.tables:
            yield item, item.reason or question.reason


def sentences(point: Point) -> tuple[str, ...]:
    """Return all sentences of a point's answer in the order of the questions, what the point itself says first."""
    return (*point.answer, *(text for question in point.questions for text in question.sentences()))


def read_question(entry: Entry) -> Question:
    """Read one ``[[point.question]]``."""
    made = Question(
        asks=entry.need("asks", str),
        answer=entry.texts("answer"),
        evidence=entry.texts("evidence"),
        tables=tuple(read_table(item) for item in entry.tables("table", "张附表")),
        reason=entry.get("reason", str, ""),
    )
    entry.done()
    return made


def read_table(entry: Entry) -> Table:
    """Read one ``[[point.table]]``, of a point or of a question."""
    where = entry.get("where", dict, {})
    made = Table(
        indicator=entry.need("indicator", str),
        by=entry.need("by", str),
        where=tuple(sorted(where.items())),
        reason=entry.get("reason", str, ""),
    )
    entry.done()
    return made
