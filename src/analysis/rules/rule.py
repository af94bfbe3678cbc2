"""Rules as data: which value of a rule holds on a day, in a district, under which conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.house import UserError, path
from analysis.reference.rules import CONDITIONS, RuleHeading, RuleValue, rules_file
from analysis.reference.vocabulary import GradeBand


@dataclass(frozen=True, slots=True)
class Rule:
    """One value of a rule, with the days and the conditions under which it holds.

    Parameters
    ----------
    id, label, text, document
        Id, short Chinese name, wording, source document.
    value
        The number; a clock value (unit ``时刻``) is minutes after midnight.
    unit
        Chinese unit of the value.
    start, end
        First and last day (included); `end` is None while it is in force.
    where
        Conditions as sorted pairs, such as ``(("grade_band", "middle"),)``.
    district
        The district whose own value this is, ``""`` for the national one.
    sure
        Whether it was checked against the document's own text.
    """

    id: str
    label: str
    text: str
    document: str
    value: float
    unit: str
    start: date
    end: date | None = None
    where: tuple[tuple[str, Any], ...] = ()
    district: str = ""
    sure: bool = True

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.start <= on and (self.end is None or on <= self.end)


def grade_band(grade: int) -> str:
    """Return ``lower`` (1–2), ``middle`` (3–6) or ``junior`` (7–9).

    Raises
    ------
    UserError
        If the grade is not 1–9.
    """
    for band in GradeBand:
        if grade in band.grades:
            return band.value
    raise UserError(f"年级“{grade}”不在一至九年级之内；请在原始文件中更正年级后重新读入。")


def stage_of(grade: int) -> str:
    """Return ``primary`` for grades 1–6, ``junior`` for 7–9."""
    return "junior" if grade_band(grade) == "junior" else "primary"


def rules(file: Path | None = None) -> tuple[Rule, ...]:
    """Return every value of every rule in ``data/reference/rules.toml``, in the file's order.

    Raises
    ------
    UserError
        If the file holds something that is not known, or of the wrong kind.
    """
    source = file or path("data", "reference", "rules.toml")
    return _read(source, source.stat().st_mtime_ns if source.is_file() else 0)


@lru_cache(maxsize=8)
def _read(source: Path, _changed: int) -> tuple[Rule, ...]:
    return tuple(_rule(name, heading, one) for name, heading in rules_file(source).items() for one in heading.values)


def _rule(name: str, heading: RuleHeading, one: RuleValue) -> Rule:
    where = tuple((key, value) for key in sorted(CONDITIONS) if (value := getattr(one, key)) is not None)
    return Rule(
        id=name,
        label=one.label or heading.label,
        text=one.text or heading.text,
        document=one.document or heading.document,
        value=one.value,
        unit=one.unit or heading.unit,
        start=one.start,
        end=one.end,
        where=where,
        district=one.district,
        sure=heading.sure if one.sure is None else one.sure,
    )


def rule(id: str, on: date, district: str = "", **where: Any) -> Rule | None:
    """Return the value of a rule that holds on a day, or None if none holds.

    A district's own value wins over the national one, then the one with more conditions, then the later one.
    A condition `grade=` answers for `grade_band` and `stage` too.

    Raises
    ------
    UserError
        If no rule of that id is declared.
    """
    own = [each for each in rules() if each.id == id]
    if not own:
        raise UserError(f"规则表 data/reference/rules.toml 中没有“{id}”；请检查编号，或在表中补上这条规则。")
    if "grade" in where:
        grade = int(where.pop("grade"))
        where = {"grade_band": grade_band(grade), "stage": stage_of(grade), **where}
    holding = [
        each
        for each in own
        if each.holds(on)
        and each.district in ("", district)
        and all(where.get(key) == value for key, value in each.where)
    ]
    return max(holding, key=lambda each: (each.district != "", len(each.where), each.start), default=None)


def rules_applied(ids: Iterable[str], start: date, end: date, district: str = "") -> tuple[Rule, ...]:
    """Return the values of the named rules that hold on at least one day from `start` to `end`, as a page lists them.

    A national value that a district's own value displaces on all of these days is left out.
    """
    wanted = list(dict.fromkeys(ids))
    inside = [
        each
        for each in rules()
        if each.id in wanted
        and each.district in ("", district)
        and each.start <= end
        and (each.end is None or each.end >= start)
    ]
    local = [each for each in inside if each.district]

    def displaced(each: Rule) -> bool:
        first = max(each.start, start)
        last = min(each.end or end, end)
        return each.district == "" and any(
            own.id == each.id and own.where == each.where and own.holds(first) and own.holds(last) for own in local
        )

    return tuple(sorted((r for r in inside if not displaced(r)), key=lambda each: wanted.index(each.id)))
