"""A first description of a questionnaire that is not described yet, made from its export, for a person to complete."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from analysis.house import atomic_write
from analysis.intake import choices
from analysis.intake.dictionary import plain
from analysis.intake.grids import Grid
from analysis.intake.questionnaires import FIXED, header

SCALES = (
    ("非常满意", "满意", "一般", "不满意", "非常不满意"),
    ("很满意", "满意", "一般", "不满意", "很不满意"),
    ("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
    ("满意", "基本满意", "不满意"),
    ("非常同意", "同意", "一般", "不同意", "非常不同意"),
)
MOST_OPTIONS = 30
_SUB = re.compile(r"(\d+)[、.,][（(](\d+)[)）](.*)", re.DOTALL)
_INNER = re.compile(r"第(\d+)题[（(](.*)[)）]", re.DOTALL)
_WHOLE = re.compile(r"(?:第(\d+)题|(\d+)[、.,])(.*)", re.DOTALL)


def write(grid: Grid, folder: Path) -> Path:
    """Write a draft beside the store and return its path; the same export gives the same draft.

    What an export cannot tell stands in the draft as a comment or a guess: the wording of a matrix question, options
    that nobody chose, their order, the scores (guessed where the options are a known scale), and the waves.
    """
    name = "draft-" + hashlib.sha256(f"{grid.path}\x1f{grid.sheet}".encode()).hexdigest()[:8]
    file = folder / f"{name}.toml"
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    atomic_write(file, text(grid, name))
    os.chmod(file, 0o600)
    return file


def text(grid: Grid, name: str) -> str:
    """Return the draft as TOML."""
    place = header(grid) or 0
    titles = [cell.strip() for row in grid.head[:place] for cell in row if cell.strip()]
    days = _days(grid, place)
    lines = [
        f"# 由导出文件“{grid.path}”起草；请核对题干、选项次序、分值（score）、各题用途（role）与轮次（waves）后，",
        "# 改名放入 data/reference/questionnaires。写法见该目录中已有的说明。",
        f"questionnaire = {_quoted(name)}",
        f"title = {_quoted(titles[0] if titles else grid.path)}",
        f"role = {_quoted('student' if '学生' in grid.path + ''.join(titles) else 'parent')}",
        "waves = [",
        f"    {{ wave = {_quoted(days[0][:7])}, from = {days[0]}, to = {days[1]} }},",
        "]",
    ]
    for number, parts in _questions(grid, place).items():
        lines += ["", *_question(grid, place, number, parts)]
    return "\n".join(lines) + "\n"


def _days(grid: Grid, place: int) -> tuple[str, str]:
    from analysis.intake import days
    from analysis.intake.readings import Odd

    column = next(p for p, cell in enumerate(grid.head[place]) if plain(cell) == FIXED["time"])
    found = []
    for word in _words(grid, place, column):
        try:
            found.append(days.date_of(word).value.isoformat())
        except Odd:
            continue
    return (min(found), max(found)) if found else ("2000-01-01", "2000-01-01")


def _words(grid: Grid, place: int, column: int) -> list[str]:
    """Return the distinct cells of a column below the header, the most frequent first."""
    cells = [grid.columns[column][int(row)].as_py().strip() for row in (grid.rows > place + 1).nonzero()[0]]
    return sorted(dict.fromkeys(cells), key=lambda word: (-cells.count(word), cells.index(word)))


def _questions(grid: Grid, place: int) -> dict[int, list[tuple[str, int, str]]]:
    """Return for each question its columns as (``sub`` row, ``inner`` row or option, or ``whole``; position; words)."""
    found: dict[int, list[tuple[str, int, str]]] = {}
    for column, cell in enumerate(grid.head[place]):
        words = cell.strip()
        if match := _SUB.fullmatch(words):
            found.setdefault(int(match[1]), []).append(("sub", column, match[3]))
        elif match := _INNER.fullmatch(words):
            found.setdefault(int(match[1]), []).append(("inner", column, match[2]))
        elif match := _WHOLE.fullmatch(words):
            found.setdefault(int(match[1] or match[2]), []).append(("whole", column, match[3]))
    return found


def _question(grid: Grid, place: int, number: int, parts: list[tuple[str, int, str]]) -> list[str]:
    answers = [word for _, column, _ in parts for word in _words(grid, place, column)]
    given = [word for word in dict.fromkeys(answers) if word not in choices.SKIPPED | choices.EMPTY]
    form, _, words = parts[0]
    chosen = form == "inner" and set(given) <= {"0", "1"}
    lines = ["[[question]]", f"number = {number}"]
    if chosen:
        options = [words for _, _, words in parts]
        return [
            *lines,
            f'item = "q{number}"',
            'kind = "multiple"',
            'role = "choice"',
            'wording = ""',
            _options(options),
        ]
    if form in ("sub", "inner"):
        rows = [f"    {{ item = \"q{number}_{order}\", wording = {_quoted(words)} }},"
                for order, (_, _, words) in enumerate(parts, start=1)]  # fmt: skip
        return [*lines, 'kind = "matrix"', 'role = "score"', 'wording = ""', *_scale(given), "rows = [", *rows, "]"]
    lines += [f'item = "q{number}"']
    if any("┋" in word for word in given):
        options = list(dict.fromkeys(piece for word in given for piece in word.split("┋")))
        return [*lines, 'kind = "multiple"', 'role = "choice"', f"wording = {_quoted(words)}", _options(options)]
    if any("→" in word for word in given):
        options = list(dict.fromkeys(piece for word in given for piece in word.split("→")))
        return [*lines, 'kind = "ranking"', 'role = "choice"', f"wording = {_quoted(words)}", _options(options)]
    role = next((r for r, mark in (("school", "学校"), ("grade", "年级"), ("class", "班")) if mark in words), "")
    if len(given) > MOST_OPTIONS or (not role and len(given) > len(answers) / 2 and len(given) > 8):
        return [*lines, 'kind = "text"', 'role = "text"', f"wording = {_quoted(words)}"]
    scale = _scale(given)
    role = role or ("score" if scale[-1].startswith("score = [") else "choice")
    scored = scale if role == "score" else [_options(given)]
    return [*lines, 'kind = "single"', f"role = {_quoted(role)}", f"wording = {_quoted(words)}", *scored]


def _scale(given: list[str]) -> list[str]:
    """Return options and scores where the answers belong to a known scale, else the options and a remark."""
    for known in SCALES:
        if given and set(given) <= set(known):
            points = list(range(len(known), 0, -1))
            return [_options(list(known)), f"score = {points}"]
    if given and all(word.isdigit() and 1 <= int(word) <= 10 for word in given):
        top = max(int(word) for word in given)
        scale: tuple[str, ...] = SCALES[0] if top <= 5 else tuple(str(point) for point in range(1, top + 1))
        return [
            "# 按序号导出，看不到选项原文；请写明选项",
            _options(list(scale)),
            f"score = {list(range(len(scale), 0, -1))}",
        ]
    return [_options(given), f"score = {list(range(len(given), 0, -1))}"]


def _options(options: list[str]) -> str:
    clean = [re.sub(r"〖.*〗", "", option).strip() for option in options]
    return "options = [" + ", ".join(_quoted(option) for option in dict.fromkeys(clean)) + "]"


def _quoted(words: str) -> str:
    return json.dumps(re.sub(r"\s+", " ", words).strip(), ensure_ascii=False)
