"""Class names as schools write them: the class's number and, where the name carries it, the grade."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.text.calendar import GRADE
from analysis.text.numerals import CHINESE, ORDINAL, exact, narrow

_N = rf"(?P<n>\d{{1,2}}|{ORDINAL}{{1,3}})"
_G = rf"(?P<g>{GRADE})"
_IN_BRACKETS = r"[(\[〔【]" + _N + r"[)\]〕】]班?"
_END = rf"(?:{_IN_BRACKETS}|第?{_N.replace('<n>', '<m>')}班?)"
_ALONE = re.compile(rf"(?:第?{_N}班?|{_IN_BRACKETS.replace('<n>', '<m>')})")
_JUNIOR = re.compile(rf"(?:初中?|初级中学){_G}年?级?{_END}")
_FULL = re.compile(rf"(?:小学|初中)?{_G}年级?{_END}")
_SHORT = re.compile(rf"{_G}{_IN_BRACKETS}|(?P<h>(?!\d){GRADE})(?P<m>\d{{1,2}})班?")
_DIGITS = re.compile(r"(?P<g>[1-9])(?P<n>\d{2})班?")
_ENTERED = re.compile(rf"(?P<y>(?:20)?\d{{2}})[级届]{_END}")
_NAME = re.compile(r"(?:[A-Za-z]|[\u4e00-\u9fff]){1,10}(?:\d{1,2}班?)?")
_NO_NAME = re.compile(rf"[全各所每年级届校初高小部合共总混等和及与至到、,]|(?![千万亿]){CHINESE}|班.*班|多个|几个|若干")


@dataclass(frozen=True, slots=True)
class ClassName:
    """What a class name says.

    Parameters
    ----------
    name
        The class's number without leading zeros, or its name (``实验班``).
    grade
        The grade that stands in it, 1 to 9; None where none does.
    may_be_junior
        Whether the grade may also be one of a junior school (``三（1）班`` of a junior school is grade 9).
    entered
        The year of entry that stands in it (``2023级4班``); None where none does.
    """

    name: str
    grade: int | None = None
    may_be_junior: bool = False
    entered: int | None = None

    def agrees(self, grade: int) -> bool:
        """Whether the grade in the name, if there is one, is this grade."""
        return self.grade is None or grade == self.grade or (self.may_be_junior and grade == self.grade + 6)


def class_name(text: str) -> ClassName | None:
    """Read a class name; None where it names no class (``全年级``), several (``1、2班``) or one that is not told apart.

    ``3.1`` is none: a spreadsheet shows class 10 of grade 3 like that too. ``三一班``, ``一二班`` and ``1-2`` are none:
    they may be one class or two.
    """
    plain = narrow(text).removesuffix(".0")
    if (alone := _ALONE.fullmatch(plain)) is not None:
        return _class(alone, None)
    if (junior := _JUNIOR.fullmatch(plain)) is not None:
        grade = _value(junior["g"])
        return _class(junior, grade + 6) if 1 <= grade <= 3 else None
    if (full := _FULL.fullmatch(plain)) is not None:
        grade = _value(full["g"])
        junior_school = plain.startswith("初中") and grade <= 3
        return _class(full, grade + 6 if junior_school else grade, short="年级" not in plain)
    if (entered := _ENTERED.fullmatch(plain)) is not None:
        found = _class(entered, None)
        year = int(entered["y"])
        return found and ClassName(found.name, entered=year if year > 99 else 2000 + year)
    if (short := _SHORT.fullmatch(plain)) is not None:
        return _class(short, _value(short["g"] or short["h"]), short=True)
    if (digits := _DIGITS.fullmatch(plain)) is not None:
        return _class(digits, int(digits["g"]), short=True)
    if _NAME.fullmatch(plain) and not _NO_NAME.search(plain):
        return ClassName(plain)
    return None


def _value(text: str) -> int:
    return int(exact(text) or 0)


def _class(match: re.Match[str], grade: int | None, *, short: bool = False) -> ClassName | None:
    parts = match.groupdict()
    number = _value(parts.get("n") or parts.get("m") or "0")
    if number < 1:
        return None
    return ClassName(str(number), grade, may_be_junior=short and grade is not None and grade <= 3)
