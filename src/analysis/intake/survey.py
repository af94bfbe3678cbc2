"""问卷星 exports: text and number form alike become one row a respondent, and then the long table of answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.intake import cells, days, personal, units
from analysis.intake.cells import Setting
from analysis.intake.choices import Answer, chosen, state_of, unreadable
from analysis.intake.dictionary import Column, Table, plain
from analysis.intake.faults import Fault, Warnings
from analysis.intake.grids import Grid
from analysis.intake.layouts import Layout
from analysis.intake.questionnaires import Found, Question
from analysis.intake.readings import Odd
from analysis.intake.rows import Part
from analysis.snapshots.keys import keyed
from analysis.text.numerals import narrow, number

_SECONDS = re.compile(r"(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?(?:(\d+)秒?)?")
_MINUTES = Column("score", "时长", "minutes", unit="分钟", min=0, max=600)
_PLACES = {
    "school": Column("school", "学校", "school"),
    "grade": Column("grade", "年级", "grade"),
    "class": Column("class", "班级", "class"),
}
RESPONDENT = pa.schema(
    [
        ("wave", pa.string()), ("respondent", pa.string()), ("questionnaire", pa.string()), ("role", pa.string()),
        ("school", pa.string()), ("grade", pa.int64()), ("class", pa.string()), ("submitted_on", pa.date32()),
        ("seconds", pa.int64()), ("answers", pa.string()), ("texts", pa.string()),
    ]
)  # fmt: skip
GROUPS = ("grade", "class")
"""What a questionnaire is grouped by beside its school."""
SURVEY_KEY = ("wave", "respondent")
TEXT_SCHEMA = pa.schema([(name, pa.string()) for name in ("wave", "respondent", "item", "text")])


def take(grid: Grid, found: Found, table: Table, setting: Setting, secret: bytes, warnings: Warnings) -> Part:
    """Read the respondents of an export.

    Returns
    -------
    Part
        One row a respondent in `data` (see `RESPONDENT`); answers and free texts as JSON lists. A row without a school or
        a time, or outside all waves, has a fault. A grade or class that cannot be read is missing, and an answer that
        is none of the options is `unreadable`; both are noted, and the rest of the row is kept.
    """
    body = np.flatnonzero((grid.rows > found.start) & _filled(grid))
    columns = [[column[int(position)].as_py() for position in body] for column in grid.columns]
    lines = list(zip(*columns, strict=True)) if columns else []
    layout = Layout(table, found.start, {}, headers=grid.head[found.start - 1], ignored=list(found.others))
    part = Part(table, grid, layout, RESPONDENT.empty_table(), body)
    reader = _Reader(found, setting, part, secret, warnings)
    part.data = pa.Table.from_pylist([reader.respondent(place, line) for place, line in enumerate(lines)], RESPONDENT)
    for header in found.others:
        if kind := personal.header_kind(header):
            warnings.add(grid.path, grid.sheet, f"本列含个人信息（{kind}），没有读入", column=header)
    _remarks(part, found, warnings)
    return part


def unusable(grid: Grid, found: Found) -> str:
    """Return why no answer of an export can be used, for one reason that holds for all of them; ``""`` if some can.

    So it is told once, and not of every row.
    """
    body = np.flatnonzero((grid.rows > found.start) & _filled(grid))
    times = {str(grid.columns[found.fixed["time"]][int(row)].as_py()).strip() for row in body}
    if not times:
        return ""
    if times == {""}:
        return "“提交答卷时间”列全部为空，分不出是哪一轮"
    read = []
    for text in times:
        try:
            read.append(days.date_of(text).value)
        except Odd:
            continue
    if read and not any(found.questionnaire.wave(day) for day in read):
        known = "、".join(f"{first}至{last}" for _, first, last in found.questionnaire.waves)
        return (
            f"提交日期（{min(read)}至{max(read)}）都不在问卷“{found.questionnaire.title}”已登记的轮次内"
            f"（{known or '还没有登记'}），轮次见 {found.questionnaire.file} 的 waves"
        )
    return ""


def _filled(grid: Grid) -> np.ndarray:
    filled = np.zeros(len(grid.rows), dtype=bool)
    for column in grid.columns:
        words = np.array([bool(word.strip()) for word in column.dictionary.to_pylist()], dtype=bool)
        filled |= words[column.indices.to_numpy(zero_copy_only=False)]
    return filled


class _Reader:
    """Reads one export's rows; each distinct text of a question is read once."""

    def __init__(self, found: Found, setting: Setting, part: Part, secret: bytes, warnings: Warnings) -> None:
        self.found, self.setting, self.part, self.secret, self.warnings = found, setting, part, secret, warnings
        self._known: dict[tuple[int, int, str, bool], Any] = {}

    def respondent(self, place: int, line: Sequence[str]) -> dict[str, Any]:
        one = self.found.questionnaire
        fixed = {name: line[position] for name, position in self.found.fixed.items()}
        row: dict[str, Any] = {"questionnaire": one.id, "role": one.role, "seconds": _seconds(fixed.get("seconds", ""))}
        day = self._day(place, fixed)
        row["submitted_on"], row["wave"] = day, one.wave(day) if day else None
        if day is not None and row["wave"] is None:
            self._fault(
                place,
                "提交答卷时间",
                fixed["time"],
                "提交日期不在这份问卷的任何一轮内",
                "请核对，或在问卷说明的 waves 中补上这一轮",
            )
        stamp = re.sub(r"\D+", "-", narrow(fixed.get("time", "").replace(" ", "-")))
        identity = f"{one.id}\x1f{narrow(fixed.get('number', '')).removesuffix('.0')}\x1f{stamp}"
        row["respondent"] = "p" + keyed(identity, self.secret, "respondent")
        answers: list[Answer] = []
        texts: list[tuple[str, str]] = []
        for question in one.questions:
            self._question(place, question, line, row, answers, texts)
        row["answers"] = json.dumps(answers, ensure_ascii=False)
        row["texts"] = json.dumps(texts, ensure_ascii=False)
        return row

    def _day(self, place: int, fixed: dict[str, str]) -> date | None:
        text = fixed.get("time", "")
        try:
            found: date = days.date_of(text).value
            return found
        except Odd as slip:
            self._fault(place, "提交答卷时间", text, slip.reason, slip.remedy)
            return None

    def _fault(self, place: int, column: str, value: str, reason: str, remedy: str) -> None:
        self.part.faults.append(Fault(place, column, personal.masked(value), reason, remedy))

    def _question(
        self, place: int, question: Question, line: Sequence[str], row: dict[str, Any], answers: list[Answer],
        texts: list[tuple[str, str]],
    ) -> None:  # fmt: skip
        columns = {part: where for (number, part), where in self.found.answers.items() if number == question.number}
        header = self.part.layout.headers
        asked = _asked(question, answers)
        for part, where in sorted(columns.items()):
            try:
                read = self._cell(question, part, line[where], asked)
            except Odd as slip:
                if question.role in GROUPS:
                    self._ungrouped(place, question.role, line[where], header[where].strip(), slip, row)
                elif question.role == "school" or (not question.ordered and number(line[where]) is not None):
                    self._fault(place, header[where].strip(), line[where], slip.reason, slip.remedy)
                else:
                    self._unread(place, header[where].strip(), line[where], slip)
                    answers += unreadable(question, part)
                continue
            for answer, text in read:
                if question.role in _PLACES:
                    self._place(place, question, answer, header[where].strip(), row)
                else:
                    answers.append(answer)
                if text:
                    texts.append((answer[0], personal.masked(text)))

    def _place(self, place: int, question: Question, answer: Answer, header: str, row: dict[str, Any]) -> None:
        text = answer[3]
        if text is None:
            if question.role == "school":
                self._fault(place, header, "", "没有填学校", "请核对答卷")
            row.setdefault(question.role, None)
            return
        try:
            row[question.role] = cells.read(_PLACES[question.role], text, self.setting).value
        except Odd as slip:
            if question.role == "school":
                self._fault(place, header, text, slip.reason, slip.remedy)
            else:
                self._ungrouped(place, question.role, text, header, slip, row)

    def _ungrouped(self, place: int, role: str, text: str, header: str, slip: Odd, row: dict[str, Any]) -> None:
        """Keep a questionnaire whose grade or class cannot be read: it counts where nothing is told apart by that."""
        row[role] = None
        name = _PLACES[role].label
        self._odd(place, header, text, f"{slip.reason}，{name}按不明计，答卷照录，不计入分{name}的数", slip.remedy)

    def _unread(self, place: int, header: str, text: str, slip: Odd) -> None:
        """Keep a questionnaire one of whose answers cannot be read: that answer alone is unknown."""
        self._odd(place, header, text, f"{slip.reason}，此题按不明计，其余各题照录", slip.remedy)

    def _odd(self, place: int, header: str, text: str, reason: str, remedy: str) -> None:
        grid, value = self.part.grid, personal.masked(text.strip())
        numbers = [int(self.part.rows[place])]
        self.warnings.add(grid.path, grid.sheet, reason, column=header, rows=numbers, value=value, remedy=remedy)

    def _cell(self, question: Question, part: int, text: str, asked: bool) -> list[tuple[Answer, str]]:
        """Read one cell into its answers, each with the free text beside it (``""``: none)."""
        if question.kind == "text":
            return self._free(question, text, asked)
        known = (question.number, part, text, asked)
        if known not in self._known:
            self._known[known] = chosen(question, part, text, asked)
        answers: list[tuple[Answer, str]] = self._known[known]
        return answers

    def _free(self, question: Question, text: str, asked: bool) -> list[tuple[Answer, str]]:
        state = state_of(text, asked)
        if state != "ok" or question.role != "minutes":
            return [((question.item, state, None, None), text.strip() if state == "ok" else "")]
        try:
            reading = cells.read(_MINUTES, text, Setting(scale=units.of_question(question.wording) or 1.0))
        except Odd as slip:
            self._note(question, text, f"{slip.reason}，此题不计入，原文另存")
            return [((question.item, "ok", None, None), text.strip())]
        if reading.note:
            self._note(question, text, reading.note)
        return [((question.item, "ok", reading.value, None), "")]

    def _note(self, question: Question, text: str, note: str) -> None:
        grid = self.part.grid
        self.warnings.add(grid.path, grid.sheet, note, column=f"{question.number}、{question.wording}")


def _asked(question: Question, answers: Iterable[Answer]) -> bool:
    """Whether the question was put, by the answer that it depends on."""
    if question.asked_if is None:
        return True
    item, option = question.asked_if
    return any(answer[0] == item and plain(answer[3] or "") == plain(option) for answer in answers)


def _seconds(text: str) -> int | None:
    match = _SECONDS.fullmatch(narrow(text).removesuffix(".0"))
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _remarks(part: Part, found: Found, warnings: Warnings) -> None:
    """Note answers given in haste (one score throughout, under two seconds a question) and those broken off."""
    scored = {item for question in found.questionnaire.questions if question.role == "score"
              for item in ([row[0] for row in question.rows] or [question.item])}  # fmt: skip
    hasty, broken = [], []
    for place, (answers, seconds) in enumerate(
        zip(part.data["answers"].to_pylist(), part.data["seconds"].to_pylist(), strict=True)
    ):
        given = [(state, score) for item, state, score, _ in json.loads(answers) if item in scored]
        scores = [score for _, score in given if score is not None]
        if seconds is not None and len(scores) >= 5 and len(set(scores)) == 1 and seconds < 2 * len(scores):
            hasty.append(int(part.rows[place]))
        if any(state != "ok" for state, _ in given):
            broken.append(int(part.rows[place]))
    for rows, reason in (
        (hasty, "各题同一选项且作答过快（每题不足 2 秒），已照录"),
        (broken, "没有答完（有评分题为空或跳过），已照录"),
    ):
        if rows:
            warnings.add(part.grid.path, part.grid.sheet, reason, rows=rows)


def long(respondents: pa.Table, schema: pa.Schema) -> tuple[pa.Table, pa.Table]:
    """Return the long table of answers and the table of free texts."""
    answers: dict[str, list[Any]] = {name: [] for name in ("at", "item", "state", "score", "option")}
    texts: dict[str, list[Any]] = {name: [] for name in TEXT_SCHEMA.names}
    waves, people = respondents["wave"].to_pylist(), respondents["respondent"].to_pylist()
    for at, (given, free) in enumerate(
        zip(respondents["answers"].to_pylist(), respondents["texts"].to_pylist(), strict=True)
    ):
        for item, state, score, option in json.loads(given):
            for name, value in zip(answers, (at, item, state, score, option), strict=True):
                answers[name].append(value)
        for item, text in json.loads(free):
            for name, value in zip(texts, (waves[at], people[at], item, text), strict=True):
                texts[name].append(value)
    at = pa.array(answers["at"], pa.int64())
    columns = {
        name: pa.array(answers[name], schema.field(name).type)
        if name in answers
        else respondents[name].take(at).cast(schema.field(name).type)
        for name in schema.names
    }
    return pa.table(columns, schema=schema), pa.table(texts, schema=TEXT_SCHEMA)
