"""Numbers as people write them: full width, grouped, or in Chinese characters by their grammar.

What is vague (两三, 三四十, 十几, 数十) is no number: it is refused, and `vague` tells it from what is malformed (十十, 二十百).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
CHARACTERS = "".join((*DIGITS, *UNITS))
_TWO = "两兩"
_ARABIC = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_UNSURE = re.compile(r"[几幾数余餘多来]")
# Two unequal digits from one to nine side by side, at the front, behind a unit or before one; 二〇二六 has a zero or four.
_NEIGHBOURS = re.compile(r"(?:^|(?<=[十百千万亿]))[一二两三四五六七八九]{2,3}(?=[十百千万亿]|$)")


def narrow(text: str) -> str:
    """Write full-width characters narrow and drop blanks: ``"１ ２．５"`` becomes ``"12.5"``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u2212", "-").replace("﹣", "-")


def chinese(text: str) -> int | None:
    """Read a whole number in Chinese characters.

    Read are full forms (``一百零五``), the spoken ones that leave out the last unit (``一百二`` is 120, ``三万五`` is
    35,000), and digits one by one where they can mean nothing else: with a zero (``二〇``, ``一二〇``) or as a year
    (``一九九八``). Two digits side by side are a guess (``五六``, ``二三十``, ``十五六``) and not read.

    Returns
    -------
    int or None
        None where the text is no number or no exact one.

    Examples
    --------
    >>> [chinese(word) for word in ("一百二", "两千五", "三四十", "二〇二六")]
    [120, 2500, None, 2026]
    """
    if not text or any(char not in CHARACTERS for char in text):
        return None
    if len(text) > 1 and not any(char in UNITS for char in text):
        return _one_by_one(text)
    return _read(text)


def exact(text: str) -> Decimal | None:
    """Read a number, Arabic or Chinese, with or without a fraction; None where it is none or no exact one.

    Examples
    --------
    >>> [str(exact(word)) for word in ("1,234.5", "一点五", "两万三千", "半", "百分之九十八点五", "九成")]
    ['1234.5', '1.5', '23000', '0.5', '0.985', '0.90']
    """
    plain = narrow(text)
    if _ARABIC.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if plain.startswith("百分之"):
        share = exact(plain.removeprefix("百分之"))
        return None if share is None else share.scaleb(-2)
    if "成" in plain:
        # 七成五 is 75 %: the digit behind 成 counts hundredths; 三成半 is 35 %.
        head, _, tail = plain.partition("成")
        tenths, rest = exact(head), 5 if tail == "半" else DIGITS.get(tail or "零")
        return None if tenths is None or rest is None or tail in tuple(_TWO) else (tenths * 10 + rest).scaleb(-2)
    if plain == "半":
        return Decimal("0.5")
    whole, point, fraction = plain.partition("点")
    value = chinese(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    if not fraction or any(sign not in DIGITS or sign in _TWO for sign in fraction):
        return None
    return value + Decimal(f"0.{''.join(str(DIGITS[sign]) for sign in fraction)}")


def number(text: str) -> float | None:
    """Read a number of a cell: Arabic, grouped by commas or not, or in Chinese characters; None if it is none."""
    plain = narrow(text)
    value = None if "之" in plain or "成" in plain or plain == "半" else exact(plain)
    # A share or a half is no count: what it is of stands beside it, and the cell does not say it.
    return float(value) if value is not None and abs(value) < Decimal("1e300") else None


def vague(text: str) -> bool:
    """Tell whether a text is a number, but no exact one: 两三, 五六, 三四十, 十几, 数十, 二十多.

    >>> [vague(word) for word in ("三四十", "数十", "三十四", "十十")]
    [True, True, False, False]
    """
    plain = narrow(text)
    if not plain or chinese(plain) is not None:
        return False
    if _UNSURE.search(plain):
        rest = _UNSURE.sub("", plain)
        return (bool(rest) or plain in ("几", "幾")) and all(char in CHARACTERS or char.isdigit() for char in rest)
    return all(char in CHARACTERS for char in plain) and _NEIGHBOURS.search(plain) is not None


def _one_by_one(text: str) -> int | None:
    """Read digits one by one; the value of ``二〇二六`` is 2026."""
    value = int("".join(str(DIGITS[char]) for char in text))
    sure = any(DIGITS[char] == 0 for char in text) or (len(text) == 4 and 1900 <= value <= 2099)
    return value if sure and not any(char in _TWO for char in text) else None


def _read(text: str) -> int | None:
    """Read head, unit and tail: the head counts the unit, the tail is less than one of it."""
    unit = next((unit for unit in UNITS if unit in text), None)
    if unit is None:
        return DIGITS[text] if len(text) == 1 else None
    size = UNITS[unit]
    head, _, tail = text.partition(unit)
    times = _head(head, unit)
    rest = _tail(tail, size)
    return None if times is None or rest is None else times * size + rest


def _head(head: str, unit: str) -> int | None:
    if unit == "十" and not head:
        return 1
    if unit == "十" and head in _TWO:
        return None
    times = _read(head) if head else None
    most = {"亿": 10**8, "万": 10**4}.get(unit, 10)
    return times if times is not None and 0 < times < most else None


def _tail(tail: str, size: int) -> int | None:
    """Read what follows a unit: after a zero less than a tenth of it, a lone digit as tenths of it (ones after 十)."""
    if not tail:
        return 0
    if DIGITS.get(tail[0]) == 0:
        rest = _read(tail[1:]) if len(tail) > 1 else None
        return rest if rest is not None and 0 < rest < size // 10 else None
    if tail in DIGITS:
        return None if tail in _TWO else DIGITS[tail] * (size // 10)
    rest = _read(tail)
    return rest if rest is not None and 0 < rest < size else None
