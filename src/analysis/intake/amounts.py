"""Durations and amounts of money as people write them."""

from __future__ import annotations

import re

from analysis.intake.readings import Odd, Reading
from analysis.text.numerals import CHARACTERS, narrow, number, vague

_VAGUE = re.compile(r"[约左右多余几至少不到超过以内以上以下]")
_AMOUNT = rf"(?:\d+(?:\.\d+)?|[{CHARACTERS}]+(?:点[{CHARACTERS}]+)?)"
_RANGE = re.compile(rf"({_AMOUNT})(?:分钟|分|小时)?[-–—~～至到]({_AMOUNT})(.*)")
_HOURS = re.compile(
    rf"(?:({_AMOUNT})个?(半)?(?:小时|钟头|h|hr|hours?)|(半)个?(?:小时|钟头))(?:(半)|({_AMOUNT})(?:分钟?|min|m)?)?"
)
_PLAIN_MINUTES = re.compile(rf"({_AMOUNT})(?:分钟?|min(?:utes?|s)?|m|')?")
_MONEY = re.compile(r"[¥￥]?(-?[\d,]*\.?\d+)(亿|千万|百万|万|千)?(元|圆|块)?整?")
_SPOKEN_MONEY = re.compile(rf"([{CHARACTERS}]+)(元|圆|块)?整?")
_SCALES = {"亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3, None: 1.0}


def _amount(text: str) -> float:
    value = number(text)
    if value is None and vague(text):
        raise Odd("是约数，不是确切的数", "请只填确切的阿拉伯数字，如 45")
    if value is None:
        raise Odd("读不出确切的数", "请只填阿拉伯数字，如 45")
    return value


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
    if plain.startswith("-") and number(plain.removesuffix("分钟").removesuffix("分")) is not None:
        return Reading(float(plain.removesuffix("分钟").removesuffix("分")))
    if (clock := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::00(?:\.0+)?)?", plain)) is not None:
        return Reading(int(clock[1]) * 60.0 + int(clock[2]))
    if _VAGUE.search(plain.replace("至", "").replace("到", "", 1) if "不到" not in plain else plain):
        raise odd
    if plain in ("一刻钟", "1刻钟", "三刻钟", "3刻钟"):
        return Reading(45.0 if plain[0] in "三3" else 15.0)
    if (span := _RANGE.fullmatch(plain)) is not None:
        low, high = _amount(span[1]), _amount(span[2])
        factor = {"小时": 60.0, "h": 60.0, "": scale, "分钟": 1.0, "分": 1.0, "min": 1.0}.get(span[3])
        if factor is None or low > high:
            raise odd
        value = (low + high) / 2 * factor
        return Reading(value, f"是一个范围，按中点{value:g}分钟计")
    if (hours := _HOURS.fullmatch(plain)) is not None:
        whole = 0.5 if hours[3] else _amount(hours[1])
        extra = 30.0 if hours[2] or hours[4] else (_amount(hours[5]) if hours[5] else 0.0)
        return Reading(whole * 60 + extra)
    if (match := _PLAIN_MINUTES.fullmatch(plain)) is not None:
        return Reading(_amount(match[1]))
    raise odd


def money(text: str, scale: float = 1.0) -> float:
    """Read an amount in yuan; a number without a unit is multiplied by `scale` (10,000 under a header in 万元)."""
    plain = narrow(text).removeprefix("人民币").removeprefix("RMB")
    negative = plain.startswith("-")
    if (spoken := _SPOKEN_MONEY.fullmatch(plain.lstrip("-"))) is not None:
        own = bool(spoken[2]) or any(unit in spoken[1] for unit in "万亿")
        return _amount(spoken[1]) * (1.0 if own else scale) * (-1 if negative else 1)
    match = _MONEY.fullmatch(plain.lstrip("-"))
    if match is None:
        raise Odd("读不出金额", "请填数字，单位写在列名里，如 32000 或 3.2万元")
    value = number(match[1])
    if value is None:
        raise Odd("读不出金额", "请填数字，如 32000 或 3.2万元")
    factor = _SCALES[match[2]] if match[2] or match[3] else scale
    return round(value * factor, 2) * (-1 if negative else 1)
