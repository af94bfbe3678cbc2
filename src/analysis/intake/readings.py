"""What reading a cell gives: a value with perhaps a note, or a reason why it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.text.numerals import number, vague

NOTHING = frozenset({"-", "--", "---", "—", "——", "–", "－", "−", "/", "／", "\\", "N/A", "n/a", "#N/A", "null", "NULL", "None", "空", "(空)", "（空）", "…"})  # fmt: skip
"""Marks that people put into a cell to say that there is nothing."""

UNTOLD = frozenset({"不详", "不明", "未知", "待定", "待核", "待核定", "待核实", "待查", "待补", "待填", "待报", "暂缺", "暂无", "略", "同上", "同前", "见附件", "见附表", "?", "??", "???", "xx", "xxx", "某", "某某"})  # fmt: skip
"""Words that say that what should stand in a cell is not told (in the form of `narrow`, small letters)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value; `note` says in Chinese why it is odd though it is kept."""

    value: Any
    note: str = ""


class Odd(ValueError):  # noqa: N818 (a cell may be odd without anything having gone wrong)
    """A cell that cannot be read as what the dictionary says."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def guess() -> Odd:
    """Return what is said of a number that is no exact one."""
    return Odd("是约数，不是确切的数", "请只填确切的阿拉伯数字，如 45")


def known(text: str, reason: str, remedy: str) -> float:
    """Read a number; where it is a guess or none, raise `Odd`."""
    value = number(text)
    if value is None:
        raise guess() if vague(text) else Odd(reason, remedy)
    return value
