"""Durations and amounts of money as people write them."""

from __future__ import annotations

import re

from analysis.intake.readings import Odd, Reading, guess, known
from analysis.text import durations
from analysis.text.durations import duration
from analysis.text.numerals import narrow, number

_RANGE = re.compile(r"(.+?)[-–—~～至到](.+)")
_UNIT = re.compile(r"(?:小时|钟头|h|刻钟|分钟?|min)$")
_MONEY = re.compile(r"(?:人民币|RMB|CNY|[¥￥])?(-?)[¥￥]?(.+?)(元|圆|块钱?)?[整正]?", re.IGNORECASE)
_OWN = re.compile(r"[万亿萬億]|\d[百千]")
"""A number with its scale does not take that of the header."""


def minutes(text: str, scale: float = 1.0) -> Reading:
    """Read a duration in minutes; a bare number is multiplied by `scale` (60 under a header in hours)."""
    odd = Odd("读不出分钟数", "请填分钟数，如 45")
    plain = narrow(text).lower()
    bare = number(plain)
    if bare is not None:
        if 0 < bare < (0.05 if scale > 1 else 1):
            raise Odd(
                "像是小时、百分数或表格软件的时间，不是分钟数", "请填分钟数，如 30；以小时填的，请在列名中写明单位"
            )
        return Reading(bare * scale)
    if (clock := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::00(?:\.0+)?)?", plain)) is not None:
        return Reading(int(clock[1]) * 60.0 + int(clock[2]))
    if (value := duration(plain.removeprefix("-"))) is not None:
        return Reading(float(value) * (-1 if plain.startswith("-") else 1))
    if durations.vague(plain):
        raise guess()
    if (span := _RANGE.fullmatch(plain)) is not None:
        unit = _UNIT.search(span[2])
        low, high = (duration(side if _UNIT.search(side) or not unit else side + unit[0]) for side in span.groups())
        if low is not None and high is not None and low <= high:
            middle = float(low + high) / 2 * (1.0 if any(map(_UNIT.search, span.groups())) else scale)
            return Reading(middle, f"是一个范围，按中点{middle:g}分钟计")
    raise odd


def money(text: str, scale: float = 1.0) -> float:
    """Read an amount in yuan; a number without a unit is multiplied by `scale` (10,000 under a header in 万元)."""
    remedy = "请填数字，单位写在列名里，如 32000 或 3.2万元"
    match = _MONEY.fullmatch(narrow(text))
    if match is None:
        raise Odd("读不出金额", remedy)
    value = known(match[2], "读不出金额", remedy)
    return round(value * (1.0 if match[3] or _OWN.search(match[2]) else scale), 2) * (-1 if match[1] else 1)
