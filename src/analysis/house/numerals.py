"""Whole numbers in Chinese characters, by their grammar: what is vague (两三, 三四十, 二十三十) is no number."""

from __future__ import annotations

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
CHARACTERS = "".join((*DIGITS, *UNITS))
_TWO = "两兩"


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


def _one_by_one(text: str) -> int | None:
    """Read digits one by one; the value of ``二〇二六`` is 2026."""
    value = int("".join(str(DIGITS[char]) for char in text))
    exact = any(DIGITS[char] == 0 for char in text) or (len(text) == 4 and 1900 <= value <= 2099)
    return value if exact and not any(char in _TWO for char in text) else None


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
