"""Numbers as people write them: full width, grouped, in Chinese characters by their grammar, or in both mixed.

What is vague (两三, 三四十, 十几, 上百) is no number: it is refused, and `vague` tells it from what is malformed (十十, 二十百).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
CHARACTERS = "".join((*DIGITS, *UNITS))
# How amounts are written against forgery, and older forms: 贰仟伍佰, 萬, 廿五.
_FORMAL = dict(zip("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟", "一二二三三四五六六七八九十百千", strict=True))
_OLDER = {"萬": "万", "億": "亿", "兩": "两", "幾": "几", "餘": "余", "廿": "二十", "卅": "三十"}
_USUAL = str.maketrans(_FORMAL | _OLDER)

# Pieces of patterns; none has a group.
CHINESE = f"[{CHARACTERS}]"
ORDINAL = "[一二三四五六七八九十]"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CAPITAL = f"[{''.join(_FORMAL)}][{''.join(_FORMAL)}零万亿萬億]+"  # one alone is a surname or a place: 陆家庄
SPOKEN = rf"(?:{CHINESE}+(?:点{CHINESE}+)?|{_CAPITAL}|[廿卅]{CHINESE}*)"
NUMERAL = rf"(?:\d+[十百千万亿](?=[\d零一二三四五六七八九])[\d{CHARACTERS}]*|{ARABIC}|{SPOKEN})"
LEAST = ("超过", "逾", "超", "多达", "不少于", "不低于", "至少", "≥", ">=", ">", "大于等于")
ABOUT = ("约", "近", "大约", "大概", "将近", "接近", "不到", "不足", *LEAST)
"""Words before a number that make it no exact one, and those of them that say it is the least."""
AROUND = ("以上", "左右", "上下", "以内", "以下", "余", "多")
"""Words behind one."""

_LONGEST = 40  # nobody writes a longer one; the grammar calls itself for each unit
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_SCALED = re.compile(rf"({ARABIC}|{CHINESE}+点{CHINESE}+?)([百千]?万亿?|[百千]?亿|千|百)")
_RUN = re.compile(r"(?:^|(?<=[十百千万亿零〇]))[1-9]\d*(?=[十百千万亿]|$)")
_SHORT = re.compile(r"(?<=([十百千万亿]))\d{2,}$")
_UNSURE = re.compile(rf"好几|[几数来]|[上成](?=[百千万])|^(?:{'|'.join(ABOUT)})|{'|'.join(AROUND)}")
# Two unequal digits from one to nine side by side, at the front, behind a unit or before one; 二〇二六 has a zero or four.
_NEIGHBOURS = re.compile(r"(?:^|(?<=[十百千万亿]))[一二两三四五六七八九]{2,3}(?=[十百千万亿]|$)")


def narrow(text: str) -> str:
    """Write full-width characters narrow and drop blanks: ``"１ ２．５"`` becomes ``"12.5"``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u2212", "-").replace("﹣", "-")


def written(value: int) -> str:
    """Write a whole number in Chinese characters: 十二, 一百零五, 三万零二十."""
    return re.sub("^一十", "十", _written(value))


def _written(value: int) -> str:
    for sign, size in UNITS.items():
        if value >= size:
            head, rest = divmod(value, size)
            tail = "" if not rest else ("零" if rest < size // 10 else "") + _written(rest)
            return f"{_written(head)}{sign}{tail}"
    return CHARACTERS[value]


def chinese(text: str) -> int | None:
    """Read a whole number in Chinese characters.

    Read are full forms (``一百零五``, ``贰仟伍佰``), the spoken ones that leave out the last unit (``一百二`` is 120,
    ``三万五`` is 35,000), and digits one by one where they can mean nothing else: with a zero (``二〇``, ``一二〇``) or as a
    year (``一九九八``). Two digits side by side are a guess (``五六``, ``二三十``, ``十五六``) and not read.

    Returns
    -------
    int or None
        None where the text is no number or no exact one.

    Examples
    --------
    >>> [chinese(word) for word in ("一百二", "两千五", "三四十", "二〇二六", "贰仟伍佰")]
    [120, 2500, None, 2026, 2500]
    """
    usual = text.translate(_USUAL)
    if not usual or len(usual) > _LONGEST or any(char not in CHARACTERS for char in usual):
        return None
    if len(usual) > 1 and not any(char in UNITS for char in usual):
        return _one_by_one(usual)
    # Nobody leaves out a unit in 贰仟伍: something is missing.
    return _read(usual, spoken=not any(char in _FORMAL for char in text))


def exact(text: str) -> Decimal | None:
    """Read a number, Arabic, Chinese or mixed, with or without a fraction; None where it is none or no exact one.

    Examples
    --------
    >>> [str(exact(word)) for word in ("1,234.5", "一点五", "3万5", "1.2万", "半", "百分之九十八点五", "九成")]
    ['1234.5', '1.5', '35000', '12000.0', '0.5', '0.985', '0.90']
    """
    plain = narrow(text)
    if _NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if plain.startswith("百分之"):
        share = exact(plain.removeprefix("百分之"))
        return None if share is None else share.scaleb(-2)
    if "成" in plain:
        # 七成五 is 75 %: the digit behind 成 counts hundredths; 三成半 is 35 %.
        head, _, tail = plain.partition("成")
        tenths, rest = exact(head), 5 if tail == "半" else DIGITS.get(tail or "零")
        return None if tenths is None or rest is None or tail == "两" else (tenths * 10 + rest).scaleb(-2)
    if plain == "半":
        return Decimal("0.5")
    if (scaled := _SCALED.fullmatch(plain)) is not None:
        value = exact(scaled[1])
        for sign in scaled[2]:
            value = value and value * UNITS[sign]
        return value
    whole, point, fraction = plain.partition("点")
    value = _mixed(whole)
    if value is None or not point:
        return value
    if not fraction or any(sign not in DIGITS or sign == "两" for sign in fraction):
        return None
    return value + Decimal(f"0.{''.join(str(DIGITS[sign]) for sign in fraction)}")


def number(text: str) -> float | None:
    """Read a number of a cell: Arabic, grouped by commas or not, or in Chinese characters; None if it is none."""
    plain = narrow(text)
    value = None if "之" in plain or "成" in plain or plain == "半" else exact(plain)
    # A share or a half is no count: what it is of stands beside it, and the cell does not say it.
    return float(value) if value is not None and abs(value) < Decimal("1e300") else None


def vague(text: str) -> bool:
    """Tell whether a text is a number, but no exact one: 两三, 五六, 三四十, 十几, 数十, 二十多, 上百, 约30, 一半以上.

    >>> [vague(word) for word in ("三四十", "数十", "上百", "三十四", "十十")]
    [True, True, True, False, False]
    """
    plain = narrow(text).translate(_USUAL)
    if not plain or exact(plain) is not None:
        return False
    rest, unsure = _UNSURE.subn("", plain)
    if unsure:
        return bool(re.fullmatch(rf"[\d.,{CHARACTERS}半]+", rest)) or plain in ("几", "好几")
    return all(char in CHARACTERS for char in plain) and _NEIGHBOURS.search(plain) is not None


def _mixed(text: str) -> Decimal | None:
    """Read whole numbers whose digits may be Arabic ones: 3万5, 1万2000, 2千3百; 3万50 may be two numbers and is not read."""
    if len(text) > _LONGEST:
        return None
    short = _SHORT.search(text)
    if short and len(short[0]) + 1 != len(str(UNITS[short[1]])):
        return None
    value = chinese(_RUN.sub(lambda run: written(int(run[0])), text))
    return None if value is None else Decimal(value)


def _one_by_one(text: str) -> int | None:
    """Read digits one by one; the value of ``二〇二六`` is 2026."""
    value = int("".join(str(DIGITS[char]) for char in text))
    sure = any(DIGITS[char] == 0 for char in text) or (len(text) == 4 and 1900 <= value <= 2099)
    return value if sure and "两" not in text else None


def _read(text: str, *, spoken: bool) -> int | None:
    """Read head, unit and tail: the head counts the unit, the tail is less than one of it."""
    unit = next((unit for unit in UNITS if unit in text), None)
    if unit is None:
        return DIGITS[text] if len(text) == 1 else None
    size = UNITS[unit]
    head, _, tail = text.partition(unit)
    times = _head(head, unit, spoken=spoken)
    rest = _tail(tail, size, spoken=spoken)
    return None if times is None or rest is None else times * size + rest


def _head(head: str, unit: str, *, spoken: bool) -> int | None:
    if unit == "十" and not head:
        return 1
    if unit == "十" and head == "两":
        return None
    times = _read(head, spoken=spoken) if head else None
    most = {"亿": 10**8, "万": 10**4}.get(unit, 10)
    return times if times is not None and 0 < times < most else None


def _tail(tail: str, size: int, *, spoken: bool) -> int | None:
    """Read what follows a unit: after a zero less than a tenth of it, a lone digit as tenths of it (ones after 十)."""
    if not tail:
        return 0
    if DIGITS.get(tail[0]) == 0:
        rest = _read(tail[1:], spoken=spoken) if len(tail) > 1 else None
        return rest if rest is not None and 0 < rest < size // 10 else None
    if tail in DIGITS:
        return None if tail == "两" or not (spoken or size == 10) else DIGITS[tail] * (size // 10)
    rest = _read(tail, spoken=spoken)
    return rest if rest is not None and 0 < rest < size else None
