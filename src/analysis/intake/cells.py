"""One cell of text into one typed value, or the reason why not. Each distinct text of a column is read once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from analysis.intake import amounts, days
from analysis.intake.classes import class_name
from analysis.intake.dictionary import Column
from analysis.intake.readings import NOTHING, UNTOLD, Odd, Reading, known
from analysis.text.calendar import named_grade, named_weekday
from analysis.text.numerals import narrow

TRUE = frozenset({"是", "有", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "t", "对"})
FALSE = frozenset({"否", "无", "没有", "×", "✗", "✘", "x", "0", "n", "no", "false", "f", "错", "不是"})
_PLACE = "[\u4e00-\u9fff]{0,12}[省市区县旗州盟]"
_ENGLISH_DAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), start=1)}


@dataclass(frozen=True)
class Setting:
    """What a sheet says about all its cells: a unit in the header, its term, the schools by every name they go by."""

    scale: float = 1.0
    term_of: Callable[[Any], str | None] = lambda day: None
    years: tuple[int, ...] = ()
    schools: dict[str, str] = field(default_factory=dict)


def read(column: Column, text: str, setting: Setting) -> Reading:
    """Read one cell.

    Parameters
    ----------
    column
        What the dictionary says of its column.
    text
        The cell as it stands in the file.
    setting
        What the sheet says about it.

    Returns
    -------
    Reading
        The value (None for an empty cell or one of the marks for nothing) and, if it is odd but kept, a note.

    Raises
    ------
    Odd
        If it cannot be read as what the dictionary says; with reason and remedy in Chinese.
    """
    if "\ufffd" in text:
        raise Odd("有无法识别的字符（编码混杂或文件损坏）", "请在原文件中改正该字，另存为 UTF-8 后重报")
    if "\0" in text or "\u2400" in text:
        raise Odd("含空字符（NUL）", "请删去该字符后重报")
    kind = column.type
    stripped = text.strip()
    if (
        not stripped
        or stripped in NOTHING
        or stripped in column.nothing
        or (kind not in ("text", "boolean") and stripped in ("无", "没有"))
    ):
        return Reading(None)
    value = _READERS[kind](column, stripped, setting)
    reading = value if isinstance(value, Reading) else Reading(value)
    return _within(column, reading)


def _within(column: Column, reading: Reading) -> Reading:
    """Hold a number against the limits of the dictionary."""
    value = reading.value
    if isinstance(value, bool) or not isinstance(value, int | float) or column.type in ("grade", "weekday", "clock"):
        return reading
    unit = column.unit
    if column.min is not None and value < column.min:
        reason = "为负数" if value < 0 and column.min >= 0 else f"小于下限{column.min:g}{unit}"
        raise Odd(f"{column.label}{reason}", f"请核对，应不小于{column.min:g}{unit}")
    if column.max is not None and value > column.max:
        raise Odd(f"{column.label}超过上限{column.max:g}{unit}", f"请核对，应不超过{column.max:g}{unit}")
    if column.usual and not column.usual[0] <= value <= column.usual[1]:
        low, high = column.usual
        return Reading(value, reading.note or f"不在常见范围{low:g}–{high:g}{unit}内，已照录")
    return reading


def _text(column: Column, text: str, setting: Setting) -> str:
    _told(column, text)
    if column.one_of:
        for name in filter(None, re.split("[、,，;；]", narrow(text))):
            if not any(name == word or re.fullmatch(rf"{_PLACE}{re.escape(word)}", name) for word in column.one_of):
                near = difflib.get_close_matches(re.sub(rf"^{_PLACE}", "", name), column.one_of, n=1, cutoff=0.5)
                hint = f"是否“{near[0]}”？" if near else ""
                known = f"可填：{'、'.join(column.one_of)}（前面可写省、市、区、县名）"
                raise Odd(
                    f"没有这个{column.label}", f"{hint}{known}；确有其他的，请在 data/reference/tables.toml 中登记"
                )
    return text


def _told(column: Column, text: str) -> None:
    """Refuse a word that stands for a value which is not told; a time among texts has a check of its own."""
    if (column.required or column.type == "code") and not column.latest and narrow(text).lower() in UNTOLD:
        raise Odd(f"没有写明{column.label}", f"请补填{column.label}")


def _code(column: Column, text: str, setting: Setting) -> str:
    _told(column, text)
    code = narrow(text).upper()
    code = code[:-2] if re.fullmatch(r"\d+\.0", code) else code
    if column.pattern and not re.fullmatch(column.pattern, code):
        raise Odd(f"{column.label}的写法不对", f"应为{column.form}" if column.form else f"应符合 {column.pattern}")
    return code


def _number(column: Column, text: str, setting: Setting) -> float:
    plain = narrow(text)
    if column.unit and plain.endswith(column.unit):
        plain = plain[: -len(column.unit)]
    remedy = f"请只填阿拉伯数字{f'（{column.unit}）' if column.unit else ''}"
    value = known(plain.removesuffix("%"), "读不出数", remedy)
    return (value / 100 if plain.endswith("%") else value) * setting.scale


def _integer(column: Column, text: str, setting: Setting) -> int:
    plain = narrow(text)
    for unit in filter(None, (column.unit, "个", "名", "人")):
        plain = plain.removesuffix(unit)
    remedy = f"请只填整数{f'（{column.unit}）' if column.unit else ''}"
    value = known(plain, "读不出整数", remedy)
    if value != int(value):
        raise Odd("读不出整数", remedy)
    return int(value)


def _boolean(column: Column, text: str, setting: Setting) -> bool | None:
    plain = narrow(text).lower().removesuffix(".0")
    if plain in FALSE or plain in column.values.get("false", ()):
        return False
    if plain in TRUE or plain in column.values.get("true", ()):
        return True
    raise Odd("读不出是或否", "请填“是”或“否”")


def _choice(column: Column, text: str, setting: Setting) -> str:
    plain = narrow(text)
    for value, words in column.values.items():
        if plain == value or plain in map(narrow, words):
            return value
    shown = {words[0] if value.isascii() and words else value for value, words in column.values.items()}
    near = difflib.get_close_matches(plain, shown, n=1, cutoff=0.5)
    hint = f"是否“{near[0]}”？" if near else ""
    raise Odd(f"没有这个{column.label}", f"{hint}可填：{'、'.join(sorted(shown))}")


def _grade(column: Column, text: str, setting: Setting) -> int:
    grade = named_grade(text)
    if grade is None:
        raise Odd("年级应为一至九年级", "请填 1–9，七年级填 7")
    return grade


def _class(column: Column, text: str, setting: Setting) -> str:
    found = class_name(text)
    if found is None:
        raise Odd("读不出是哪一个班", "一行只能是一个班，请填班号，如 1 或 1班")
    return found.name


def _school(column: Column, text: str, setting: Setting) -> str:
    plain = narrow(text).removesuffix(".0")
    found = setting.schools.get(plain)
    if found is None:
        near = difflib.get_close_matches(plain, setting.schools, n=1, cutoff=0.6)
        hint = f"是否“{near[0]}”？" if near else ""
        raise Odd("学校名册中没有这所学校", f"{hint}请改用名册中的名称，或在 data/reference/schools.toml 登记")
    return found


def _weekday(column: Column, text: str, setting: Setting) -> int:
    plain = narrow(text).lower().removesuffix(".0")
    if (day := named_weekday(plain)) is not None:
        return day
    if plain[:3] in _ENGLISH_DAYS:
        return _ENGLISH_DAYS[plain[:3]]
    raise Odd("读不出星期", "请填周一至周日")


_READERS: dict[str, Callable[[Column, str, Setting], object]] = {
    "text": _text,
    "code": _code,
    "number": _number,
    "integer": _integer,
    "minutes": lambda column, text, setting: amounts.minutes(text, setting.scale),
    "money": lambda column, text, setting: amounts.money(text, setting.scale),
    "boolean": _boolean,
    "choice": _choice,
    "grade": _grade,
    "class": _class,
    "school": _school,
    "weekday": _weekday,
    "date": lambda column, text, setting: days.date_of(text, setting.years),
    "clock": lambda column, text, setting: days.clock_of(text),
    "term": lambda column, text, setting: days.term_of(text),
}
