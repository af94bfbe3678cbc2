"""Grades and days of the week as people write them, and counts that only look like one (每周六天)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.text.numerals import CHINESE, chinese, exact, narrow, number, written

GRADE = "[1-9一二三四五六七八九]"
DAYS = "一二三四五六日"
DAY = f"[{DAYS}天]"
MASK = "\u25a1"
_TO = "-—–~～至到、和"
GRADES = re.compile(
    rf"(?<![\d.十])(?:(?<!周)(?<!星期)(?<!礼拜)|(?={GRADE}年级)){GRADE}(?:(?:\s*年级)?\s*[{_TO}]\s*{GRADE}|{GRADE}(?<=[一二三四五六七八九]{{2}}))*\s*年级"
)
"""Grades named in a text: 3年级, 三年级, 3～6年级, 一、二年级; 13年级 is none, and 周三三年级 names a day and a grade."""
_JUNIOR = {"初一": 7, "初二": 8, "初三": 9, "初四": 9}
_WEEK = re.compile(rf"(?P<each>[每全整{CHINESE[1:-1]}]个?)?(?:星期|礼拜|周)(?:(?P<count>{CHINESE}+)|[日天])")
# What is counted in a week, and words that only begin alike: 五所有, 三项目, 六日.
_DAYS = "天(?![气空津文台])|个(?!别|人|体|性)"
_COUNT = re.compile(
    rf"{_DAYS}|次(?!性)|节(?![约日假目])|分钟|小时|课时|学时|门(?![口卫])|人(?![大员民们数均事])|名(?![师单额校])|项(?!目)|"
    "家(?![长庭校访教里])|所(?![有在需以用])|班(?![主级会])|场|轮|批|种|类|份|件|条|套|组|位|期(?![间末中望待])|堂"
)
_PLAIN_COUNT = re.compile(_DAYS)


def named_grade(text: str) -> int | None:
    """Return the grade (1 to 9) that a text names and nothing else: 3, 三年级, 3年级, 小学三年级, 初一, 初中二年级, G3."""
    plain = re.sub(r"^小学|^[Gg]|\.0$", "", narrow(text))
    if plain in _JUNIOR:
        return _JUNIOR[plain]
    value = number(re.sub("^初中?", "", plain).removesuffix("级").removesuffix("年"))
    if value is None or value != int(value):
        return None
    grade = int(value) + 6 * (plain.startswith("初") and 1 <= value <= 3)
    return grade if 1 <= grade <= 9 else None


def named_weekday(text: str) -> int | None:
    """Return the day of the week (1 to 7) that a text names and nothing else: 周三, 每周3, 星期天, 三, 3."""
    match = re.fullmatch(r"(?:每?周|每?星期|每?礼拜)?(?:([1-7一二三四五六])|[日天])", narrow(text))
    return match and int(exact(match[1]) or 0 if match[1] else 7)


def grades_spoken(text: str) -> str:
    """Write the grades of a text in Chinese characters: 3年级 becomes 三年级, 3～6年级 三至六年级."""

    def said(match: re.Match[str]) -> str:
        words = re.sub(r"\s|年级", "", match[0]).translate(str.maketrans("-—–~～到和", "至至至至至至、")) + "年级"
        return re.sub(r"\d", lambda digit: written(int(digit[0])), words)

    return GRADES.sub(said, text)


def blotted(text: str) -> str:
    """Return a text in which grades and days of the week are blotted out; offsets stay the same."""
    text = GRADES.sub(lambda match: MASK * len(match[0]), text)
    for start, end, _ in weekdays(text):
        text = text[:start] + MASK * (end - start) + text[end:]
    return text


def weekdays(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where a day of the week stands in a text, and which (1 to 7).

    每周六 and 周六天气 name a day; 每周六天, 一周三次 and 每周二十分钟 count.
    """
    for match in _WEEK.finditer(text):
        run = match["count"] or ""
        start, day = match.end("each") if match["each"] else match.start(), chinese(run[:1]) if run else 7
        counting = _COUNT if match["each"] or len(run) > 1 else _PLAIN_COUNT
        if len(run) == 1 and text.startswith("年级", match.end()):
            continue
        # 每周三一次: 三一 is no number, so the day is 三.
        if day is None or not (1 <= day <= 7) or run[:1] == "两" or (run and day == 7):
            continue
        if run and chinese(run) is not None and counting.match(text, match.end()):
            continue
        yield start, match.end() - max(0, len(run) - 1), day
