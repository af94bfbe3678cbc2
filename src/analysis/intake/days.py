"""Dates, times of day and terms as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from analysis.intake.readings import Odd, Reading
from analysis.text.calendar import DAY
from analysis.text.numerals import CHINESE, ORDINAL, chinese, narrow, number

EPOCH = date(1899, 12, 30)
FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
_TAIL = rf"(?:\(?(?:星期|周){DAY}\)?)?"
_TIME = re.compile(rf"(?<=[\d)]|{DAY})[\sT]+(?:[上下]午)?\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?$")
_WRITTEN = re.compile(rf"(\d{{4}})[-./年](\d{{1,2}})[-./月](\d{{1,2}})[日号]?{_TAIL}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CHINESE = re.compile(rf"({CHINESE}{{4}})年({ORDINAL}{{1,2}})月({ORDINAL}{{1,3}})[日号]")
_NO_YEAR = re.compile(rf"(\d{{1,2}})月(\d{{1,2}})[日号]?{_TAIL}")
_TERM = re.compile(r"(\d{4})[-—–－~至/]+(\d{4})(?:学年)?度?(?:第?([一二12])学?期?|([上下秋春])学?期|[-—–]([12]))")
_SEASON = re.compile(r"(\d{4})年?([春秋])季?学?期?")


def date_of(text: str, years: tuple[int, ...] = ()) -> Reading:
    """Read a date: ``2026年3月9日``, ``2026.3.9``, ``20260309``, a serial number; ``3月9日`` where the term tells the year."""
    plain = narrow(_TIME.sub("", unicodedata.normalize("NFKC", text).strip()))
    if (match := _WRITTEN.fullmatch(plain)) or (match := _COMPACT.fullmatch(plain)):
        return Reading(_day(int(match[1]), int(match[2]), int(match[3])))
    if (match := _CHINESE.fullmatch(plain)) is not None:
        return Reading(_day(chinese(match[1]) or 0, chinese(match[2]) or 0, chinese(match[3]) or 0))
    if (match := _NO_YEAR.fullmatch(plain)) is not None and len(years) == 1:
        day = _day(years[0], int(match[1]), int(match[2]))
        return Reading(day, f"没有年份，按本学期计为 {day.isoformat()}")
    serial = number(plain) if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) else None
    if serial is not None and FIRST <= (day := EPOCH + timedelta(days=int(serial))) <= LAST:
        return Reading(day)
    raise Odd("读不出日期", "请写作 2026-03-09 或 2026年3月9日")


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise Odd("没有这一天", "请核对年月日") from None
    if not FIRST <= found <= LAST:
        raise Odd("年份不合理", "请核对年份")
    return found


def clock_of(text: str) -> int:
    """Read a time of day as minutes after midnight: ``16:30``, ``16时30分``, ``下午4:30``, or a fraction of a day."""
    plain = narrow(text).lower()
    afternoon = plain.startswith(("下午", "晚上", "晚")) or plain.endswith("pm")
    morning = plain.startswith(("上午", "早上")) or plain.endswith("am")
    plain = re.sub(r"^(下午|晚上|晚|上午|早上|中午)|[ap]m$", "", plain)
    plain = (
        plain.split("t")[-1]
        if re.match(r"\d{4}-\d\d-\d\dt", plain)
        else re.sub(r"^\d{4}-\d\d-\d\d(?=\d\d:)", "", plain)
    )
    match = re.fullmatch(r"(\d{1,2})[:.时点](?:([0-5]?\d)分?|(半)|(整))?(?::[0-5]\d(?:\.\d+)?)?", plain)
    if match is not None:
        hour, minute = int(match[1]), 30 if match[3] else int(match[2] or 0)
        if afternoon and hour < 12:
            hour += 12
        elif hour < 6 and not morning:
            raise Odd("分不清上午还是下午", "请写作 16:30（24 小时制）")
        if hour < 24 and not (morning and hour > 12):
            return hour * 60 + minute
    fraction = number(plain) if plain.isascii() else None  # 零点五 is no fraction of a day
    if fraction is not None and 0 < fraction < 1:
        return round(fraction * 1440)
    raise Odd("读不出时刻", "请写作 16:30（24 小时制）")


def term_of(text: str) -> str:
    """Read a term: ``2025-2026-2``, ``2025—2026学年第二学期``, ``2025-2026学年下学期``, ``2026年春季学期``."""
    found = find_term(text)
    if found is None:
        raise Odd("读不出学期", "请写作 2025-2026-2 或 2025—2026学年第二学期")
    return found


def find_term(text: str) -> str | None:
    """Return the term that a text names, or None."""
    plain = narrow(text)
    if (match := _TERM.search(plain)) is not None and int(match[2]) == int(match[1]) + 1:
        half = match[3] or match[4] or match[5]
        return f"{match[1]}-{match[2]}-{1 if half in ('一', '1', '上', '秋') else 2}"
    if (match := _SEASON.search(plain)) is not None:
        year = int(match[1])
        return f"{year}-{year + 1}-1" if match[2] == "秋" else f"{year - 1}-{year}-2"
    return None
