"""A first description of a questionnaire that is not described yet, made from its export, for a person to complete.

A draft says only what the exports say. Options are those that were chosen, in the order that a number export gives them;
no label, no score and no direction is made up, and nothing that may be about a person is listed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.house import atomic_write
from analysis.intake import choices, days, drafted
from analysis.intake.dictionary import plain
from analysis.intake.grids import Grid
from analysis.intake.questionnaires import FIXED, header
from analysis.intake.readings import Odd
from analysis.rules import terms

PLATFORM = ("来源", "来源详情", "来自IP", "来自ip")
_SUB = re.compile(r"(\d+)[、.,][（(](\d+)[)）](.*)", re.DOTALL)
_INNER = re.compile(r"第(\d+)题[（(](.*)[)）]", re.DOTALL)
_WHOLE = re.compile(r"(?:第(\d+)题|(\d+)[、.,])(.*)", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column of an export: how its header is written (``sub``, ``inner``, ``whole``), its words, its cells."""

    form: str
    words: str
    cells: tuple[str, ...]

    def given(self) -> Counter[str]:
        """Return the answers with their counts, without skipped and empty ones and without text beside an option."""
        bare = (re.sub(r"〖.*〗", "", cell, flags=re.DOTALL).strip() for cell in self.cells)
        return Counter(cell for cell in bare if cell not in choices.SKIPPED | choices.EMPTY)


class Export:
    """An export taken apart: who answered, the columns of each question, and the columns that belong to none."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.start = header(grid) or 0
        rows = (grid.rows > self.start + 1).nonzero()[0].tolist()
        self.questions: dict[int, list[Column]] = {}
        self.others: list[str] = []
        fixed: dict[str, tuple[str, ...]] = {}
        for place, cell in enumerate(grid.head[self.start]):
            words = cell.strip()
            texts = grid.columns[place].take(rows).to_pylist() if words else []
            cells = tuple(str(text).strip() for text in texts)
            if match := _SUB.fullmatch(words):
                self.questions.setdefault(int(match[1]), []).append(Column("sub", match[3], cells))
            elif match := _INNER.fullmatch(words):
                self.questions.setdefault(int(match[1]), []).append(Column("inner", match[2], cells))
            elif match := _WHOLE.fullmatch(words):
                self.questions.setdefault(int(match[1] or match[2]), []).append(Column("whole", match[3], cells))
            elif plain(words) in map(plain, FIXED.values()):
                fixed[plain(words)] = cells
            elif words and words not in PLATFORM:
                self.others.append(words)
        self.times = fixed[plain(FIXED["time"])]
        self.people = tuple(zip(fixed[plain(FIXED["number"])], self.times, strict=True))

    @property
    def titles(self) -> list[str]:
        """What stands above the header."""
        return [cell.strip() for row in self.grid.head[: self.start] for cell in row if cell.strip()]

    def days(self) -> tuple[date, date] | None:
        """Return the first and the last day of the answers, None if no time can be read."""
        found = []
        for text in set(self.times):
            try:
                found.append(days.date_of(text).value)
            except Odd:
                continue
        return (min(found), max(found)) if found else None

    def coded(self) -> int:
        """Return how many whole questions have nothing but codes: more in a number export than in a text export."""
        return sum(
            columns[0].form == "whole" and drafted.are_codes(columns[0].given()) for columns in self.questions.values()
        )


def write(grids: Sequence[Grid], folder: Path) -> list[tuple[Grid, Path, Export]]:
    """Write a draft for each survey and return for each export its draft; the same exports give the same drafts.

    The text and the number export of one survey (the same people at the same times) share a draft: the number export
    gives the order of the options whose words the text export gives.
    """
    exports = [Export(grid) for grid in grids]
    made: list[tuple[Grid, Path, Export]] = []
    while exports:
        one = exports.pop(0)
        other = next(
            (each for each in exports if set(each.people) == set(one.people) and each.coded() != one.coded()), None
        )
        if other is not None:
            exports.remove(other)
        words, codes = (one, other) if other is None or one.coded() < other.coded() else (other, one)
        file = _write(words, codes, folder)
        made += [(each.grid, file, each) for each in (one, other) if each is not None]
    return made


def _write(words: Export, codes: Export | None, folder: Path) -> Path:
    name = "draft-" + hashlib.sha256(f"{words.grid.path}\x1f{words.grid.sheet}".encode()).hexdigest()[:8]
    file = folder / f"{name}.toml"
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    atomic_write(file, text(words, codes, name))
    os.chmod(file, 0o600)
    return file


def text(words: Export, codes: Export | None, name: str) -> str:
    """Return the draft of one survey as TOML, from its text export and, if there is one, its number export."""
    source = f"“{words.grid.path}”" + (f"与“{codes.grid.path}”" if codes else "")
    title = words.titles[0] if words.titles else words.grid.path
    lines = [
        f"# 由导出文件{source}起草。请对照原问卷逐题核对，补上没有人选的选项，再改名放入 data/reference/questionnaires。",
        '# 评分题：把 role 改为 "score"，按选项写 score（如 5 为最满意），并写 confirmed = { by = "确认人", on = 日期 }。',
        '# 问总体满意度的题，item 写作 "overall"。分值没有确认的，只存选项，不计算满意度。',
        *(f"# 没有列入的列：{other}" for other in words.others),
        f"questionnaire = {quoted(name)}",
        f"title = {quoted(title)}",
        f"role = {quoted('student' if '学生' in words.grid.path + ''.join(words.titles) else 'parent')}",
        "waves = [",
        *_waves(words.days()),
        "]",
    ]
    for number, columns in words.questions.items():
        lines += ["", "[[question]]", f"number = {number}"]
        lines += drafted.question(number, columns, codes.questions.get(number, []) if codes else [], words, codes)
    return "\n".join(lines) + "\n"


def _waves(span: tuple[date, date] | None) -> list[str]:
    if span is None:
        return [
            '    # 提交时间读不出，请写明各轮：{ wave = "2026-06", from = 2026-06-08, to = 2026-06-21, term = "2025-2026-2" },'
        ]
    first, last = span
    held = [term for term, start, end in terms() if start <= first and last <= end]
    term = f", term = {quoted(held[0])}" if held else ""
    lines = [f"    {{ wave = {quoted(first.isoformat()[:7])}, from = {first}, to = {last}{term} }},"]
    return lines if held else ['    # 请写明学期，如 term = "2025-2026-2"', *lines]


def quoted(words: str) -> str:
    """Write a text as TOML does, on one line."""
    return json.dumps(re.sub(r"\s+", " ", words).strip(), ensure_ascii=False)
