"""``data/reference/questionnaires/*.toml``: which questions a survey asked, in which order, and what an answer counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from analysis.reference.reading import Entry, Text, Texts, refused, twice, validated
from analysis.reference.vocabulary import Role

PLACES = ("school", "grade", "class")


class Wave(Entry):
    """The days in which a questionnaire was out, and the term that its answers speak of."""

    wave: Text
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    term: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise refused(f"to（{self.last}）早于 from（{self.first}）；请改正。", "to")
        return self


class MatrixRow(Entry):
    """One row of a matrix: what its answers are kept as, what it asks, and how it is called for short."""

    item: Text
    wording: Text
    short: str = ""


class Condition(Entry):
    """Whom a question is put to: those who chose an option of another one."""

    item: Text
    option: Text


class Confirmed(Entry):
    """Who held the points of a scale against the questionnaire that was printed, and when."""

    by: Text
    on: date


class Question(Entry):
    """One question: a scale counts only when a person has confirmed its points."""

    number: PositiveInt
    kind: Literal["single", "multiple", "matrix", "ranking", "text"]
    role: Literal["school", "grade", "class", "score", "minutes", "choice", "text"]
    wording: str = ""
    item: str = ""
    options: Texts = ()
    score: Annotated[tuple[float, ...], Field(strict=False)] = ()
    confirmed: Confirmed | None = None
    order: Literal["known", "unknown"] = "known"
    rows: Annotated[tuple[MatrixRow, ...], Field(strict=False)] = ()
    asked_if: Condition | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        number = f"第 {self.number} 题"
        if self.kind != "text" and not self.options and not (self.kind == "single" and self.role in PLACES):
            raise refused(f"{number}缺少 options；请按问卷中的顺序写全。")
        if again := twice(list(self.options)):
            raise refused(f"{number}的选项“{again[0]}”写了两次；请改正。", "options", again[1])
        if self.score and len(self.score) != len(self.options):
            raise refused(f"{number}的 score 应与 options 一一对应（{len(self.options)} 个）。", "score")
        if self.kind == "matrix" and not self.rows:
            raise refused(f"{number}是矩阵题，缺少 rows；请写明每一行的 item 与 wording。")
        if self.role == "score" and self.confirmed:
            if self.order != "known":
                raise refused(
                    f'{number}的选项次序还未确认（order = "unknown"），请先按问卷排好 options 并删去 order。', "order"
                )
            if not self.score:
                raise refused(f"{number}在 confirmed 之前应写明 score（与 options 一一对应）。", "confirmed")
        return self


class QuestionnaireFile(Entry):
    """The whole file, its questions in the order of the export."""

    id: Text = Field(alias="questionnaire")
    title: Text
    role: Annotated[Role, Field(strict=False)]
    simulated: bool = False
    waves: Annotated[tuple[Wave, ...], Field(strict=False)]
    question: Annotated[tuple[Question, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _numbers_once(self) -> Self:
        if again := twice([str(each.number) for each in self.question]):
            raise refused(f"第 {again[0]} 题写了两次；请改其中一个的题号。", "question", again[1], "number")
        return self


def questionnaire_file(file: Path) -> QuestionnaireFile:
    """Return a description as it is written.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    return validated(file, QuestionnaireFile)
