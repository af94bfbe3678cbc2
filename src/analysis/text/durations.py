"""Durations as people write them, in minutes: 45分钟, 半小时, 一个半小时, 1小时20分, 两小时半, 三刻钟."""

from __future__ import annotations

import re
from decimal import Decimal

from analysis.text import numerals
from analysis.text.numerals import NUMERAL, exact, narrow

_HOUR = "(?:小时|钟头)"
_MORE = "[余多来几]?"
IN_TEXT = (
    rf"(?:{NUMERAL}{_MORE}个?半?{_MORE}{_HOUR}|(?<![大多小一几个])半个?多?{_HOUR})"
    rf"(?:半(?!天)|[零又]?{NUMERAL}(?:刻钟|分钟?(?!之)))?|{NUMERAL}{_MORE}(?:刻钟|分半?钟)|(?<![大多小一])半分钟"
)
"""How they look in prose, vague ones (一个多小时) among them; no group."""
_CELL = re.compile(
    rf"(?:(?:(?P<hours>{NUMERAL})个?(?P<half>半)?|(?P<alone>半)个?)(?:{_HOUR}|h|hr|hours?))?"
    rf"(?:(?P<more>半)|[零又]?(?:(?P<quarters>{NUMERAL})刻钟?|(?P<minutes>{NUMERAL}|半(?=分))(?:分(?P<and>半)?钟?|min(?:utes?|s)?|m|')?))?"
)
_WORDS = re.compile(r"个|小时|钟头|分钟?|刻钟?|h|min|m")
_HALF = Decimal("0.5")


def duration(text: str) -> Decimal | None:
    """Read a duration in minutes; a number without a unit counts as minutes. None where it is none or no exact one.

    >>> [str(duration(word)) for word in ("一个半小时", "1小时20分", "三刻钟", "一个多小时")]
    ['90.0', '80', '45', 'None']
    """
    match = _CELL.fullmatch(narrow(text).lower())
    if match is None or not match[0] or (match["more"] and not (match["hours"] or match["alone"])):
        return None
    told = [exact(match[name]) if match[name] else Decimal(0) for name in ("hours", "quarters", "minutes")]
    if any(value is None for value in told):
        return None
    hours, quarters, minutes = (value or Decimal(0) for value in told)
    if match["quarters"] and (quarters not in (1, 2, 3)):
        return None
    if (match["hours"] or match["alone"]) and minutes >= 60:
        return None
    for name in ("half", "alone", "more"):
        hours += _HALF if match[name] else 0
    return hours * 60 + quarters * 15 + minutes + (_HALF if match["and"] else 0)


def vague(text: str) -> bool:
    """Tell whether a text is a duration, but no exact one: 十几分钟, 一个多小时, 两三个小时, 约40分钟."""
    plain = narrow(text).lower()
    return duration(plain) is None and numerals.vague(_WORDS.sub("", plain))
