"""What a model refused, as one Chinese line: where it stands, what was read, what is meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.house import UserError, home

_KINDS = {
    "string_type": "文字（加引号）",
    "int_type": "整数（不加引号）",
    "int_from_float": "整数",
    "float_type": "数（不加引号）",
    "bool_type": "true 或 false",
    "date_type": "日期（如 2026-04-10，不加引号）",
    "is_instance_of": "日期（如 2026-04-10，不加引号）",
    "tuple_type": "列表（写在方括号中）",
    "list_type": "列表（写在方括号中）",
    "dict_type": "表（如 [名称] 一节，或写在花括号中）",
    "model_type": "表（如 [名称] 一节，或写在花括号中）",
}
_PATTERNS = {r"^(\d{6})?$": "区代码应为六位数字", r"^\d{10}$": "学校代码应为十位数字"}
_LIMITS = {
    "greater_than": ("gt", "应大于{}"),
    "greater_than_equal": ("ge", "应不小于{}"),
    "less_than": ("lt", "应小于{}"),
    "less_than_equal": ("le", "应不大于{}"),
    "too_short": ("min_length", "应至少有{}项"),
    "too_long": ("max_length", "应至多有{}项"),
}


def message(error: Mapping[str, Any]) -> str:
    """Return what is wrong and what to write instead.

    Parameters
    ----------
    error
        One of pydantic's error details (``type``, ``loc``, ``input``, ``ctx``).
    """
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "missing":
        return "缺少这一项；请补上。"
    if kind == "unknown_key":
        return unknown_key(context["key"], context["known"])
    if kind == "refused":
        return str(context["told"])
    if kind in ("literal_error", "enum"):
        known = [word for word in re.findall(r"'([^']*)'", context["expected"]) if word] or [context["expected"]]
        return f"不能是“{given}”；{_meant(str(given), known)}可用的有：{'、'.join(known)}。"
    if kind in ("model_type", "dict_type") and isinstance(given, list):
        return "应为一节，用一对方括号写名称（[名称]），不是两对（[[名称]]）；请改正。"
    if kind == "tuple_type" and isinstance(given, Mapping):
        return "每一条应各写成一节，用两对方括号，如 [[名称]]；请改正。"
    if kind in _KINDS:
        return f"应为{_KINDS[kind]}，读到 {_short(given)}；请改正。"
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return f"{words.format(context[key])}，读到 {_short(given)}；请改正。"
    if kind == "string_too_short":
        return "不能为空；请补上。"
    if kind == "string_pattern_mismatch":
        return f"“{given}”的写法不对；{_PATTERNS.get(context['pattern'], '应符合 ' + context['pattern'])}，请改正。"
    if kind == "value_error":
        return str(context["error"])
    return f"{error['msg']}，读到 {_short(given)}；请改正。"


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return that a key is not known, and the nearest known one or else all of them."""
    return f"不认识“{key}”；{nearest(key, known)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest known word was meant, or else all the known words."""
    words = sorted(known)
    return _meant(word, words) or f"可用的有：{'、'.join(words)}。"


def _meant(word: str, known: Sequence[str]) -> str:
    """Return the question whether the nearest known word was meant, ``""`` where none is near."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"是否应为“{near[0]}”？" if near else ""


def shown(file: Path) -> str:
    """Return a file's path as messages show it: inside the project, relative to it."""
    try:
        return file.resolve().relative_to(home()).as_posix()
    except (ValueError, UserError):
        return str(file)


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def place_of(parts: Sequence[str | int]) -> str:
    """Return where in a file something stands: ``rules.homework.cap.values 第2条 grade_band``."""
    words = ""
    for part in parts:
        if isinstance(part, int):
            words += f" 第{part + 1}条"
        else:
            words += (" " if words.endswith("条") else "." if words else "") + part
    return words
