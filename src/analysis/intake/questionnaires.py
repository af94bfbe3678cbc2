"""Questionnaires as they are described in ``data/reference/questionnaires/*.toml``, and which columns of an export are theirs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.house import UserError, path
from analysis.intake.dictionary import plain
from analysis.intake.grids import Grid
from analysis.reference import questionnaires as reference
from analysis.reference.questionnaires import questionnaire_file

FIRST = ("序号", "提交答卷时间")
FIXED = {
    "number": "序号",
    "time": "提交答卷时间",
    "seconds": "所用时间",
}
_SUB = re.compile(r"(\d+)[、.,]\((\d+)\)(.*)")
_WHOLE = re.compile(r"(\d+)[、.,](.*)")
_INNER = re.compile(r"第(\d+)题\((.*)\)")
_ALONE = re.compile(r"第(\d+)题(.*)")


@dataclass(frozen=True)
class Question:
    """One question; a matrix has `rows` of (item, wording, short wording), any other one `item`.

    The `score` is empty until a person has confirmed it; `ordered` says whether the order of the options is known.
    """

    number: int
    kind: str
    role: str
    wording: str
    item: str = ""
    options: tuple[str, ...] = ()
    score: tuple[float, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    asked_if: tuple[str, str] | None = None
    ordered: bool = True


@dataclass(frozen=True)
class Questionnaire:
    """One questionnaire with its questions in the export's order, and its waves as (id, first day, last day)."""

    id: str
    title: str
    role: str
    questions: tuple[Question, ...]
    waves: tuple[tuple[str, date, date], ...]
    simulated: bool
    sha256: str
    file: str = ""

    @property
    def unconfirmed(self) -> str:
        """Why no satisfaction figure can be given, with the remedy, as one Chinese line; ``""`` if one can."""
        scales = [question for question in self.questions if question.role == "score"]
        if scales and all(question.score for question in scales):
            return ""
        open_ones = "、".join(str(question.number) for question in scales if not question.score)
        what = f"第 {open_ones} 题的分值还没有人确认" if scales else '没有一道评分题（role = "score"）'
        return (
            f"问卷“{self.title}”{what}，不计算满意度；请对照原问卷核对选项次序与分值，在 {self.file} 的该题中写明 score "
            '与 confirmed = { by = "确认人", on = 日期 }，再重新读入答卷'
        )

    def wave(self, day: date) -> str | None:
        """Return the wave that a day falls into, or None."""
        return next((wave for wave, first, last in self.waves if first <= day <= last), None)


@dataclass(frozen=True)
class Found:
    """Where in an export each answer stands: positions of the fixed columns and, for each (question, part), a column.

    The part is the row of a matrix or the option of a multiple or ranking question in a number export (counted from 0);
    -1 stands for the whole question.
    """

    questionnaire: Questionnaire
    start: int
    fixed: dict[str, int]
    answers: dict[tuple[int, int], int]
    others: tuple[str, ...]


def read(folder: Path | None = None) -> tuple[Questionnaire, ...]:
    """Read the descriptions that can be understood, in order of their files' names."""
    return load(folder)[0]


def load(folder: Path | None = None) -> tuple[tuple[Questionnaire, ...], tuple[str, ...]]:
    """Read all descriptions, in order of their files' names.

    Returns
    -------
    tuple
        Those that can be understood, and for each other one a Chinese line with file, question and remedy: one slip in
        one description does not stop the rest.
    """
    place = folder or path("data", "reference", "questionnaires")
    found: dict[str, Questionnaire] = {}
    slips: list[str] = []
    for file in sorted(place.glob("*.toml")) if place.is_dir() else ():
        try:
            one = _questionnaire(file)
        except UserError as slip:
            slips.append(slip.message)
        else:
            if one.id in found:
                slips.append(
                    f"问卷说明“{file}”的 questionnaire“{one.id}”与“{found[one.id].file}”相同；请改用别的名称。"
                )
            else:
                found[one.id] = one
    return tuple(found.values()), tuple(slips)


def _questionnaire(file: Path) -> Questionnaire:
    told = questionnaire_file(file)
    return Questionnaire(
        id=told.id,
        title=told.title,
        role=told.role,
        questions=tuple(map(_question, told.question)),
        waves=tuple((each.wave, each.first, each.last) for each in told.waves),
        simulated=told.simulated,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        file=str(file),
    )


def _question(told: reference.Question) -> Question:
    """Take over a question as it is written; points that nobody confirmed stay out."""
    return Question(
        number=told.number,
        kind=told.kind,
        role=told.role,
        wording=told.wording,
        item=told.item,
        options=told.options,
        score=told.score if told.confirmed or told.role != "score" else (),
        rows=tuple((row.item, row.wording, row.short or row.wording) for row in told.rows),
        asked_if=(told.asked_if.item, told.asked_if.option) if told.asked_if else None,
        ordered=told.order == "known",
    )


def header(grid: Grid) -> int | None:
    """Return the place (from 0) of the header row of a 问卷星 export, or None if the sheet is none."""
    for place, row in enumerate(grid.head):
        words = {plain(cell) for cell in row}
        if all(plain(word) in words for word in FIRST):
            return place
    return None


def find(grid: Grid, known: Sequence[Questionnaire]) -> Found | None:
    """Find the questionnaire that an export belongs to and where its answers stand; None if none fits.

    The questionnaire with most of its columns found wins, of equal ones that whose title stands above the header or in
    the file's name; at least four fifths of its columns must be there.
    """
    place = header(grid)
    if place is None:
        return None
    row = grid.head[place]
    around = plain(grid.path + grid.sheet + "".join(cell for line in grid.head[:place] for cell in line))
    best: tuple[float, int, Found] | None = None
    for one in known:
        answers = _answers(one, row)
        wanted = sum(len(question.rows) or 1 for question in one.questions)
        have = len({(number, part if _question_of(one, number).kind == "matrix" else -1) for number, part in answers})
        share = have / wanted
        if share < 0.8:
            continue
        fixed = {name: _place(row, word) for name, word in FIXED.items() if _place(row, word) >= 0}
        taken = {*answers.values(), *fixed.values()}
        others = tuple(cell.strip() for number, cell in enumerate(row) if cell.strip() and number not in taken)
        found = Found(one, place + 1, fixed, answers, others)
        rank = (share, int(plain(one.title) in around))
        if best is None or rank > best[:2]:
            best = (*rank, found)
    return best[2] if best else None


def _question_of(one: Questionnaire, number: int) -> Question:
    return next(question for question in one.questions if question.number == number)


def _place(row: Sequence[str], word: str) -> int:
    return next((place for place, cell in enumerate(row) if plain(cell) == plain(word)), -1)


def _answers(one: Questionnaire, row: Sequence[str]) -> dict[tuple[int, int], int]:
    """Return the column of each question, or of each of its rows or options."""
    by_number = {question.number: question for question in one.questions}
    found: dict[tuple[int, int], int] = {}
    for place, cell in enumerate(row):
        text = plain(cell)
        if (match := _SUB.fullmatch(text)) and int(match[1]) in by_number:
            question, inner, order = by_number[int(match[1])], match[3], int(match[2]) - 1
        elif ((match := _INNER.fullmatch(text)) and int(match[1]) in by_number) or (
            (match := _WHOLE.fullmatch(text) or _ALONE.fullmatch(text)) and int(match[1]) in by_number
        ):
            question, inner, order = by_number[int(match[1])], match[2], -1
        else:
            continue
        part = _part(question, inner, order)
        if part is not None:
            found.setdefault((question.number, part), place)
    return found


def _part(question: Question, inner: str, order: int) -> int | None:
    """Return which row or option the words of a header mean, -1 for the whole question, None if it is another one."""
    wording = plain(question.wording)
    rest = inner.removeprefix(wording).lstrip("-—:(").rstrip(")") if inner.startswith(wording) else inner
    if question.kind == "matrix":
        for place, (_, long, short) in enumerate(question.rows):
            if rest in (plain(long), plain(short)):
                return place
        return order if 0 <= order < len(question.rows) and not rest else None
    if question.kind in ("multiple", "ranking"):
        for place, option in enumerate(question.options):
            if rest == plain(option):
                return place
    return -1 if not inner or inner == wording or wording.startswith(inner) or inner.startswith(wording) else None
