"""Numbers as people type them: full width, grouped, or in Chinese characters."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "零〇一二两三四五六七八九十百千"
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)


def narrow(text: str) -> str:
    """Write full-width characters narrow and drop blanks: ``"１ ２．５"`` becomes ``"12.5"``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u2212", "-").replace("﹣", "-")


def chinese(text: str) -> int | None:
    """Read a whole number below 10,000 in Chinese characters (``"四十五"`` is 45, ``"二〇二六"`` is 2026), else None."""
    if not text or any(char not in CHINESE for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _UNITS:
            total += (1 if digit is None else digit or 1) * _UNITS[char]
            digit = None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def number(text: str) -> float | None:
    """Read a number, grouped by commas or not, or in Chinese characters; None if it is none."""
    plain = narrow(text)
    if plain and any(char.isdigit() for char in plain) and _NUMBER.fullmatch(plain):
        value = float(plain.replace(",", ""))
        return value if abs(value) < 1e300 else None
    found = chinese(plain)
    return None if found is None else float(found)
