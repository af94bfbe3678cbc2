"""Section numbers: none missing, none twice, none out of order, at each level and within a paragraph.

Levels are 一、 （一） 1. （1） at the beginning of a paragraph; a level begins again at its first number under each higher
heading. Within a paragraph 一是…二是…, 第一，第二， and （1）（2） are followed too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letters.drafts import Draft, Paragraph
from analysis.letters.findings import Finding, excerpt
from analysis.text.numerals import ORDINAL, exact, written

KIND = ("section", "序号")

_N = f"{ORDINAL}{{1,3}}"
LEVELS = (
    re.compile(rf"\s*({_N})\s*[、．.，,](?!\d)"),
    re.compile(rf"\s*（({_N})）[、.]?"),
    re.compile(r"\s*(\d{1,2})\s*[.、．](?![\d.])"),
    re.compile(r"\s*（(\d{1,2})）"),
)
_SHOWN = ("{}、", "（{}）", "{}.", "（{}）")
_CHAPTER = re.compile(rf"\s*第({_N})(?:部分|章|节)")
_INLINE = (
    (re.compile(rf"(?:^|[，。；：:、])\s*({_N})是(?!否|以)"), "{}是"),
    (re.compile(rf"(?:^|[，。；：:])\s*第({_N})[，,、]"), "第{}"),
    (re.compile(r"（(\d{1,2})）"), "（{}）"),
)
_ATTACHED = re.compile(rf"\s*(?:附件|附表|附录|附)\s*(?:[：:\d]|{ORDINAL})*")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield missing, repeated and misplaced numbers."""
    last: dict[int, int] = {}
    chapter = 0
    for paragraph in draft.paragraphs:
        if paragraph.cell:
            continue
        if _ATTACHED.match(paragraph.text) and len(paragraph.text) < 60:
            last, chapter = {}, 0
        found = _CHAPTER.match(paragraph.text)
        if found and len(paragraph.text) < 40 and (number := _value(found[1])):
            yield from _step(paragraph, chapter, number, "第{}部分", chinese=True)
            chapter, last = number, {}
            continue
        numbered = _numbered(paragraph.text)
        if numbered:
            level, number = numbered
            before = last.get(level, 0)
            if number == 1 and level >= 2 and before > 1:
                before = 0
            if before or level != 2 or number <= 12:  # 13. and more at first is no section
                yield from _step(paragraph, before, number, _SHOWN[level], chinese=level < 2)
                last = {higher: last[higher] for higher in last if higher < level} | {level: number}
        yield from _inline(paragraph)


def _numbered(text: str) -> tuple[int, int] | None:
    """Return the level and the number at the beginning of a paragraph; what is no number, as 一二、, is none."""
    for level, pattern in enumerate(LEVELS):
        match = pattern.match(text)
        if match and (number := _value(match[1])):
            return level, number
    return None


def _value(word: str) -> int:
    """Return a number as written; 0 if it is none."""
    return int(exact(word) or 0)


def _step(
    paragraph: Paragraph, before: int, number: int, form: str, chinese: bool, offset: int = 0
) -> Iterator[Finding]:
    if number == before + 1:
        return
    line, words = paragraph.line_at(offset), excerpt(paragraph.raw, offset, offset + 16, 0)
    written = form.format(_written(number, chinese))
    if number > before:
        missing = "、".join(
            f"“{form.format(_written(value, chinese))}”" for value in range(before + 1, min(number, before + 6))
        )
        told = f"序号不连续：“{written}”之前缺少{missing}；请补上该部分或改正序号。"
    elif number == before:
        told = f"序号“{written}”重复；请改为“{form.format(_written(before + 1, chinese))}”并顺改以下各号。"
    else:
        told = f"序号“{written}”排在“{form.format(_written(before, chinese))}”之后，次序颠倒或重复；请理顺。"
    yield Finding(line, words, "section", "error", told)


def _written(number: int, chinese: bool) -> str:
    return written(number) if chinese else str(number)


def _inline(paragraph: Paragraph) -> Iterator[Finding]:
    for pattern, form in _INLINE:
        marks = [(match.start(1), _value(match[1])) for match in pattern.finditer(paragraph.text)]
        if not marks or marks[0][1] != 1:
            continue
        before = 0
        for offset, number in marks:
            if number == 1 and before > 1:
                before = 0
            if number:
                yield from _step(paragraph, before, number, form, chinese="（" not in form, offset=offset)
                before = number
