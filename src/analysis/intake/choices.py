"""Answers to questions with options: what a cell of a text or a number export of 问卷星 means."""

from __future__ import annotations

import re

from analysis.intake.dictionary import plain
from analysis.intake.questionnaires import Question
from analysis.intake.readings import Odd
from analysis.text.numerals import narrow, number

SKIPPED = frozenset({"(跳过)", "-2", "跳过"})
EMPTY = frozenset({"(空)", "-3", "", "空"})
_FREE = re.compile(r"(.*?)〖(.*)〗", re.DOTALL)

Answer = tuple[str, str, float | None, str | None]
"""Item, state (``ok``, ``skipped``, ``empty``), score, option."""


def state_of(text: str, asked: bool) -> str:
    """Return ``ok``, ``skipped`` or ``empty``: what the cell of a question says about it."""
    short = narrow(text).removesuffix(".0")
    if short in SKIPPED or (short in EMPTY and not asked):
        return "skipped"
    return "empty" if short in EMPTY else "ok"


def chosen(question: Question, part: int, text: str, asked: bool) -> list[tuple[Answer, str]]:
    """Read the cell of a question with options."""
    state = state_of(text, asked)
    if question.kind in ("single", "matrix"):
        item = question.rows[part][0] if question.kind == "matrix" else question.item
        if state != "ok":
            return [((item, state, None, None), "")]
        if not question.options:  # a school, grade or class as it is written
            return [((item, "ok", None, text.strip()), "")]
        place, free = _option(question, text)
        score = float(question.score[place]) if question.score else None
        return [((item, "ok", score, question.options[place]), free)]
    if part >= 0:
        return _numbered(question, part, text, state)
    return _listed(question, text, state)


def unreadable(question: Question, part: int) -> list[Answer]:
    """Return the answers of a cell that cannot be read: to an item on the scale one was given (state ``ok``) and has no score."""
    if question.kind in ("single", "matrix"):
        item = question.rows[part][0] if question.kind == "matrix" else question.item
        return [(item, "ok" if question.role == "score" else "empty", None, None)]
    places = [part] if part >= 0 else range(len(question.options))
    return [(f"{question.item}.{place + 1}", "empty", None, question.options[place]) for place in places]


def _numbered(question: Question, part: int, text: str, state: str) -> list[tuple[Answer, str]]:
    """Read one option's column of a number export: 0 or 1 in a multiple choice, the place in a ranking."""
    item, option = f"{question.item}.{part + 1}", question.options[part]
    if state != "ok":
        return [((item, state, None, option), "")]
    match = _FREE.fullmatch(text.strip())
    bare, free = (match[1], match[2]) if match else (text, "")
    value = number(bare)
    top = 1 if question.kind == "multiple" else len(question.options)
    if value is None or value != int(value) or not 0 <= value <= top:
        raise Odd(f"不是 0–{top} 的数", f"按序号导出的本列应为 0–{top}，−2 为跳过，−3 为空")
    score = value if question.kind == "multiple" or value else None
    return [((item, "ok", score, option), free)]


def _listed(question: Question, text: str, state: str) -> list[tuple[Answer, str]]:
    """Read the one cell of a text export that holds all chosen options: joined by ┋, in a ranking by →."""
    answers: list[tuple[Answer, str]] = []
    if state != "ok":
        return [((f"{question.item}.{p + 1}", state, None, option), "") for p, option in enumerate(question.options)]
    mark = "→" if question.kind == "ranking" else "┋"
    chosen: dict[int, tuple[int, str]] = {}
    for order, word in enumerate(_split(text, mark), start=1):
        place, free = _option(question, word)
        chosen[place] = (order, free)
    for place, option in enumerate(question.options):
        order, free = chosen.get(place, (0, ""))
        ranked = float(order) if order else None
        score = (1.0 if order else 0.0) if question.kind == "multiple" else ranked
        answers.append(((f"{question.item}.{place + 1}", "ok", score, option), free))
    return answers


def _split(text: str, mark: str) -> list[str]:
    """Cut at the mark, but not inside 〖…〗."""
    return [piece.strip() for piece in re.split(rf"{mark}(?![^〖]*〗)", text.strip()) if piece.strip()]


def _option(question: Question, text: str) -> tuple[int, str]:
    """Return the place of the option that a text or a number means, and the free text beside it."""
    match = _FREE.fullmatch(text.strip())
    bare, free = (match[1], match[2]) if match else (text, "")
    words = plain(bare)
    for place, option in enumerate(question.options):
        if words == plain(option):
            return place, free
    value = number(bare)
    if value is not None and not question.ordered:
        raise Odd(
            "是选项的序号，而这道题的选项次序还没有确认", "请在问卷说明中按原问卷排好 options，并删去该题的 order"
        )
    if value is not None and value == int(value) and 1 <= value <= len(question.options):
        return int(value) - 1, free
    for place, option in enumerate(question.options):
        if option in ("其他", "其它") and words in (plain("其他"), plain("其它")):
            return place, free
    raise Odd("不是这道题的选项", f"应为：{'、'.join(question.options)}")
