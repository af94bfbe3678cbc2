"""Dates that cannot be: 30 February, month 13, a weekday that does not match, a span that runs backwards, an answer before its receipt,
something done after the letter's own date.
"""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from analysis.letters.drafts import Draft, Paragraph, Sentence
from analysis.letters.findings import Finding, excerpt, preceding
from analysis.text.calendar import DAY, DAYS, MASK
from analysis.text.numerals import CHARACTERS, CHINESE, exact

KIND = ("date", "日期")

_C = CHINESE
_FULL = re.compile(
    rf"(?<!\d)(?P<y>\d{{4}}|{_C}{{4}})\s*年\s*(?P<m>\d{{1,2}}|{_C}{{1,3}})\s*月(?:\s*(?P<d>\d{{1,2}}|{_C}{{1,3}})\s*[日号])?(?:\s*[（(]?(?:星期|周|礼拜)(?P<w>{DAY})[）)]?)?"
)
_ISO = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d{2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d/-])")
_BARE = re.compile(rf"(?<![\d年{CHARACTERS}.])(?P<m>\d{{1,2}}|{_C}{{1,3}})\s*月\s*(?P<d>\d{{1,2}}|{_C}{{1,3}})\s*日")
_CLOCK = re.compile(r"(?<![\d:：])(?P<h>\d{1,2})[:：](?P<min>\d{2})(?![\d:：])")
_SPAN = re.compile(r"^\s*(?:[-—–~～至到]{1,2})\s*$")
_RECEIVED = re.compile(r"收悉|收到|收文|交办|转办|转来|提出|提交|交由")
_DONE = re.compile(r"已(?!经?于本)|完成了|印发了|召开了|开展了|出台了")
_RATIO = re.compile(r"比[^，。；\d]{0,6}$")

Meant = tuple[date, date]
Dated = tuple[re.Match[str], Meant | None, str]


def check(draft: Draft) -> Iterator[Finding]:
    """Yield dates that cannot be, in themselves and against each other."""
    signed = _signed(draft)
    for paragraph in draft.paragraphs:
        days = list(_days(paragraph.text))
        for match, meant, fault in days:
            line, words = paragraph.line_at(match.start()), excerpt(paragraph.raw, match.start(), match.end(), 10)
            if fault:
                yield Finding(line, words, "date", "error", fault)
            elif meant and match["d"] and match.groupdict().get("w"):
                yield from _weekday(line, words, meant, match["w"])
        yield from _spans(paragraph, days)
        for match in _CLOCK.finditer(paragraph.text):
            ratio = _RATIO.search(preceding(paragraph.text, match.start())) or match[0].startswith("1：")
            if (int(match["h"]) > 24 or int(match["min"]) > 59) and not ratio:
                yield Finding(
                    paragraph.line_at(match.start()),
                    excerpt(paragraph.raw, match.start(), match.end()),
                    "date",
                    "error",
                    f"没有“{match[0]}”这个时刻；请核对。",
                )
    if signed:
        for sentence in draft.prose:
            yield from _against(sentence, *signed)


def _weekday(line: int, words: str, meant: Meant, written: str) -> Iterator[Finding]:
    day, _ = meant
    if DAYS[day.weekday()] != written.replace("天", "日"):
        told = f"{day.year}年{day.month}月{day.day}日是星期{DAYS[day.weekday()]}，文中写星期{written}；请核对。"
        yield Finding(line, words, "date", "error", told)


def _number(word: str | None) -> int | None:
    value = exact(word) if word else None
    return None if value is None else int(value)


def _days(text: str) -> Iterator[Dated]:
    """Yield each date: where it stands, the days that it may mean (None: no year given or none possible), what is wrong with it."""
    for pattern in (_FULL, _ISO, _BARE):
        for match in pattern.finditer(text):
            given = match.groupdict()
            numbers = (_number(given.get(part)) for part in "ymd")
            yield match, *_possible(match[0], *numbers)
        text = pattern.sub(lambda match: MASK * len(match[0]), text)


def _possible(words: str, year: int | None, month: int | None, day: int | None) -> tuple[Meant | None, str]:
    """Return the first and the last day that a date may mean, and what is wrong with it."""
    if month is None or not 1 <= month <= 12:
        return None, f"“{words}”：没有这个月份；请核对日期。"
    if year is not None and not 1900 <= year <= 2100:
        return None, f"“{words}”：年份{year}不合常理；请核对日期。"
    longest = monthrange(year or 2024, month)[1]
    if day is not None and not 1 <= day <= longest:
        whose = f"{year}年{month}月" if year else f"{month}月"
        return None, f"“{words}”：{whose}只有{longest}天，没有{day}日；请核对日期。"
    return (date(year, month, day or 1), date(year, month, day or longest)) if year else None, ""


def _spans(paragraph: Paragraph, days: list[Dated]) -> Iterator[Finding]:
    in_order = sorted(days, key=lambda item: item[0].start())
    for (first, meant, _), (second, until, _) in itertools.pairwise(in_order):
        between = paragraph.text[first.end() : second.start()]
        if meant and until and _SPAN.match(between) and meant[0] > until[1]:
            line, words = paragraph.line_at(first.start()), excerpt(paragraph.raw, first.start(), second.end(), 6)
            yield Finding(line, words, "date", "error", "起止日期前后颠倒；请核对。")


def _signed(draft: Draft) -> tuple[date, int] | None:
    """Return the letter's own date and its line: the last full date that stands alone, or ends a short line."""
    found = None
    for paragraph in draft.paragraphs:
        if paragraph.cell:
            continue
        text = paragraph.text.strip()
        for match, meant, _ in _days(paragraph.text):
            if (
                meant
                and match["d"]
                and match.end() >= len(text.rstrip("。 "))
                and len(text) - len(match[0]) <= 24
                and not _RECEIVED.search(text)
                and not re.search(r"[，。：；]", text)
            ):
                day, _ = meant
                found = (day, paragraph.line_at(match.start()))
    return found


def _against(sentence: Sentence, signed: date, line: int) -> Iterator[Finding]:
    told = f"{signed.year}年{signed.month}月{signed.day}日"
    for match, meant, _ in _days(sentence.text):
        if not meant or meant[0] <= signed or sentence.line(match.start()) == line:
            continue
        # The clause of the date, and the next one where a mark stands right behind the date.
        before, after = sentence.text[: match.start()], sentence.text[match.end() :]
        clause = re.split(r"[。；，]", before)[-1] + re.split(r"(?<!^)[；。，]", after)[0]
        at, words = sentence.line(match.start()), sentence.quote(match.start(), match.end())
        if _RECEIVED.search(clause) and re.search(r"您|建议|代表|收悉|收文|交办|收到(?:日期|时间)|转", sentence.text):
            yield Finding(
                at, words, "date", "error", f"收到（交办）建议的日期晚于落款日期{told}，答复早于收到；请核对。"
            )
        elif _DONE.search(clause) or re.search(r"截至|截止", preceding(sentence.text, match.start(), 4)):
            yield Finding(at, words, "date", "error", f"写作已经完成的事，日期却晚于落款日期{told}；请核对。")
