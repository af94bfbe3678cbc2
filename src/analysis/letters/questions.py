"""What is asked within a point, question by question, and what answers each: a sentence, figures, a table, or a reason why not.

A point without question entries is one question, answered by the point's own sentences and tables. Nothing vanishes: a question
without an answer stops the letter, and so does a table that its readers may not see, unless a reason is declared that is printed.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.reference.suggestions import Point, Question, Table

NOT_PUBLIC = ("school", "class")
"""Dimensions that a public letter does not list group by group: schools are not named in it."""


def asked(point: Point) -> tuple[Question, ...]:
    """Return the questions of a point; a point without entries is one question, answered by its own sentences and tables."""
    if point.questions:
        return point.questions
    return (Question.model_construct(asks=point.asks, answer=point.answer, tables=point.tables),)


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
