"""Numbers as people type them: full width, grouped, or in Chinese characters."""

from __future__ import annotations

import re
import unicodedata

from analysis.house.numerals import chinese

__all__ = ["chinese", "narrow", "number"]

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)


def narrow(text: str) -> str:
    """Write full-width characters narrow and drop blanks: ``"１ ２．５"`` becomes ``"12.5"``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u2212", "-").replace("﹣", "-")


def number(text: str) -> float | None:
    """Read a number, grouped by commas or not, or in Chinese characters; None if it is none."""
    plain = narrow(text)
    if _NUMBER.fullmatch(plain):
        value = float(plain.replace(",", ""))
        return value if abs(value) < 1e300 else None
    found = chinese(plain)
    return None if found is None else float(found)
