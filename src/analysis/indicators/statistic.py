"""A statistic: an estimate of one indicator, in one scope, from one snapshot, with all that proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analysis.house import text
from analysis.house.content import Json
from analysis.reference.indicators import Nature
from analysis.statistics.estimate import Estimate
from analysis.statistics.levels import moved

Group = dict[str, Any]
"""A group: dimension → value."""
GroupKey = tuple[Any, ...]
"""The values of a group's dimensions, in their order."""
Where = Mapping[str, Any]
"""A narrowing: dimension → value, or several."""

OWN = "own."
"""Prefix of a researcher's own indicators (`analysis.indicators.own`)."""
MARK = "自定指标"
"""What stands beside every printed number of one."""

FEW = 20
"""A share of fewer things than this is printed as counts: a percentage of eight schools tells less than 「8所中的5所」."""

_MEASURES = ("个批次", "项次", "家次", "人次")
_QUANTITIES = ("元", "万元", "分钟", "")


def measure_word(unit: str) -> str:
    """Return the measure word of a base unit: 所 of 所学校, 份 of 份有效回答, 批次 of 个批次."""
    return unit.removeprefix("个") if unit in _MEASURES else unit[:1]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which data a number speaks of.

    Parameters
    ----------
    district
        District code, such as ``990101``.
    school
        School code (ten digits), or ``""`` for the whole district.
    term
        Term id, such as ``2025-2026-1``.
    start, end
        First and last day (ISO dates, both included) that are counted.
    group
        Further narrowing as pairs (dimension, value), such as ``(("grade", 3),)``; sorted by dimension.
    """

    district: str
    school: str = ""
    term: str = ""
    start: str = ""
    end: str = ""
    group: tuple[tuple[str, Any], ...] = ()

    def narrowed(self, **group: object) -> Scope:
        """Return the scope with further dimensions; ``school=`` moves into its own field."""
        school = group.pop("school", None)
        merged = tuple(sorted({**dict(self.group), **group}.items()))
        return replace(self, school=self.school if school is None else str(school), group=merged)


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure with its base, interval and trace. A number never travels without it.

    Parameters
    ----------
    indicator, label, definition
        Id in the catalogue, its short Chinese name, its definition in Chinese.
    estimate
        Value and uncertainty; a share is 0–1.
    scope
        District, school, term, days and group.
    unit
        ``%`` for shares (0–1, printed in percent), else the Chinese unit (``分钟``, ``万元``, ``天`` …).
    decimals, rounding
        How it is printed (`analysis.house.text`).
    numerator, denominator
        Counts behind the value, where it is a ratio; None otherwise.
    base, base_unit
        What it rests on and in which unit: 11214 and ``班级日``. Usually the denominator.
    schools, classes, days
        How many of each it rests on (None: does not apply).
    missing
        Names of the schools that were expected and did not report, in order of their code.
    snapshot, slice
        Id of the snapshot; digest of the slice of it that the figure was computed from.
    rule
        Id of the rule that the figure is judged by (``""``: none) .
    group_label
        Chinese name of the group that it speaks of (``三年级``, ``周三``, a school's short name), ``""`` for all.
    nature
        What the figure is: ``count`` (of a register or ledger, all that was handed in: no sampling error; what its
        estimate has limits for is the process over time, not the figure), ``survey`` (inference from answers), or
        ``model`` (a parameter).
    unknown
        How many of `base_unit` should be there and are not known: not handed in, awaiting correction, or of schools
        that did not report. None: cannot be told, or does not apply.
    bounds
        The value if all that is unknown were at one end, and at the other: (least, greatest), in the unit of the
        value. None where nothing is unknown, or no bound can be told.
    formula
        Of a researcher's own figure: what it is computed from (`analysis.indicators.own.Formula`), as pairs.
    """

    indicator: str
    label: str
    definition: str
    estimate: Estimate
    scope: Scope
    unit: str = "%"
    decimals: int = 1
    rounding: str = "half_up"
    numerator: float | None = None
    denominator: float | None = None
    base: int | None = None
    base_unit: str = ""
    schools: int | None = None
    classes: int | None = None
    days: int | None = None
    missing: tuple[str, ...] = ()
    snapshot: str = ""
    slice: str = ""
    rule: str = ""
    group_label: str = ""
    nature: Nature = "count"
    unknown: int | None = None
    bounds: tuple[float, float] | None = None
    formula: tuple[tuple[str, str], ...] = ()

    @property
    def own(self) -> bool:
        """Whether it is a researcher's own figure, not of an indicator of the catalogue."""
        return self.indicator.startswith(OWN)

    @property
    def value(self) -> float | None:
        """The point estimate (a share is 0–1), or None."""
        return self.estimate.value

    @property
    def ends(self) -> tuple[Estimate, Estimate]:
        """The estimate at both ends of its bounds; as it is where nothing is unknown. What is inferred must hold at both."""
        low, high = self.bounds or (self.value, self.value)
        first, last = (self.estimate if end is None else moved(self.estimate, end) for end in (low, high))
        return first, last

    @property
    def known(self) -> bool:
        """Whether there is a value that may be printed."""
        return self.estimate.known

    def format(self, number: float | None) -> str:
        """Write a number of this indicator's unit as pages do, with its unit; ``…`` if suppressed, ``—`` if none."""
        if number is None:
            return "…" if self.estimate.status == "suppressed" else "—"
        if self.unit == "%":
            return text.percent(number, self.decimals, self.rounding)
        return text.number(number, self.decimals, self.rounding) + self.unit

    @property
    def few(self) -> tuple[int, int] | None:
        """Numerator and denominator of a share of fewer than `FEW` things; None of any other figure."""
        part, whole = self.numerator, self.denominator
        if self.unit != "%" or part is None or not whole or not 0 <= part <= whole < FEW or not self.known:
            return None
        things = self.base_unit not in _QUANTITIES and float(part).is_integer() and float(whole).is_integer()
        return (int(part), int(whole)) if things else None

    @property
    def text(self) -> str:
        """The value as it is printed: ``91.3%``, ``58分钟``; a share of a few things as ``8所中的5所``, of one 有 or 无."""
        return self._counts("中的") or self.format(self.estimate.value)

    @property
    def compact_text(self) -> str:
        """The value as a cell of a table has it: as `text`, a share of a few things as ``8所中5所``."""
        return self._counts("中") or self.text

    def _counts(self, between: str) -> str:
        if self.few is None:
            return ""
        (part, whole), word = self.few, measure_word(self.base_unit)
        return ("有" if part else "无") if whole == 1 else f"{whole}{word}{between}{part}{word}"

    @property
    def interval_text(self) -> str:
        """The interval as it is printed, ``89.9%–92.6%`` or ``46–50分钟``; ``—`` if there is none.

        A limit is rounded like any number: one of 99.99 % may be printed as 100.0 %, which a value may not.
        """
        low, high = self.estimate.lower, self.estimate.upper
        if low is None or high is None:
            return "—"
        scale, unit = (100, "%") if self.unit == "%" else (1, "")
        limits = [text.number(limit * scale, self.decimals, self.rounding) + unit for limit in (low, high)]
        return text.interval(*limits) + ("" if unit else self.unit)

    @property
    def bounds_text(self) -> str:
        """The bounds as they are printed, ``81.2%–88.6%``; ``—`` if there are none.

        Bounds of a few things are counts like their value, ``14批次中10–11批次``; bounds that do not differ as they are
        printed are one number.
        """
        if self.bounds is None:
            return "—"
        if self.few is not None and (counts := self._few_bounds(*self.bounds)):
            return counts
        scale, unit = (100, "%") if self.unit == "%" else (1, "")
        ends = [text.number(end * scale, self.decimals, self.rounding) + unit for end in self.bounds]
        return (ends[0] if ends[0] == ends[1] else text.interval(*ends)) + ("" if unit else self.unit)

    def _few_bounds(self, low: float, high: float) -> str:
        """Return bounds of a few things as counts out of the fewest things that both are shares of; "" if too many."""
        whole, word = int(self.denominator or 0), measure_word(self.base_unit)
        for of in range(whole, FEW):
            ends = [round(end * of) for end in (low, high)]
            if all(abs(end * of - count) < 1e-6 for end, count in zip((low, high), ends, strict=True)):
                return f"{of}{word}中{ends[0]}–{ends[1]}{word}" if ends[0] < ends[1] else f"{of}{word}中{ends[0]}{word}"
        return ""

    @property
    def base_text(self) -> str:
        """What it rests on, ``11,214个班级日``; ``—`` if not known."""
        return "—" if self.base is None else f"{text.number(self.base)}{self.base_unit}"

    def as_dict(self) -> Json:
        """Return everything in full precision, as JSON can hold it (the form that manifests and pages carry)."""
        apart = ("estimate", "scope", "formula")
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in apart}
        scope = {name: getattr(self.scope, name) for name in self.scope.__dataclass_fields__ if name != "group"}
        scope["group"] = {key: _plain(value) for key, value in self.scope.group}
        return {
            **plain,
            "missing": list(self.missing),
            "bounds": None if self.bounds is None else list(self.bounds),
            "estimate": self.estimate.as_dict(),
            "scope": scope,
            "text": self.text,
            "interval_text": self.interval_text,
            "bounds_text": self.bounds_text,
            "base_text": self.base_text,
            **({"formula": dict(self.formula)} if self.formula else {}),
        }


def _plain(value: object) -> object:
    """Turn a numpy scalar into the Python value that JSON holds."""
    return value.item() if hasattr(value, "item") else value


@dataclass(frozen=True)
class Statistics(Sequence[Statistic]):
    """The statistics of one indicator over the groups of one or two dimensions, in the dimensions' natural order.

    Parameters
    ----------
    items
        One Statistic for each group.
    by
        Names of the dimensions, such as ``("school",)`` or ``("grade", "weekday")``.
    """

    items: tuple[Statistic, ...] = field(default_factory=tuple)
    by: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Statistic]:
        return iter(self.items)

    def __getitem__(self, key: Any) -> Any:
        return Statistics(self.items[key], self.by) if isinstance(key, slice) else self.items[key]

    def only(self, **group: object) -> Statistic:
        """Return the one statistic of a group: ``only(grade=3)``; ``only(school="9900000001")``.

        Raises
        ------
        KeyError
            If no group, or more than one, answers.
        """
        found = [item for item in self if _matches(item, group)]
        if len(found) != 1:
            raise KeyError(f"{group}: {len(found)} groups of {self.by}")
        return found[0]

    def where(self, test: Callable[[Statistic], bool]) -> Statistics:
        """Return those that pass a test."""
        return Statistics(tuple(item for item in self if test(item)), self.by)

    def known(self) -> Statistics:
        """Return those with a value."""
        return self.where(lambda item: item.known)

    def ordered(self, *, descending: bool = False) -> Statistics:
        """Return them in order of value; those without a value last, equal values in their natural order."""
        known = sorted(self.known(), key=lambda item: item.value or 0.0, reverse=descending)
        return Statistics((*known, *(item for item in self if not item.known)), self.by)

    def highest(self) -> Statistic | None:
        """Return the one with the highest value, the first of equals; None if no value is known."""
        return max(self.known(), key=lambda item: item.value or 0.0, default=None)

    def lowest(self) -> Statistic | None:
        """Return the one with the lowest value, the first of equals; None if no value is known."""
        return min(self.known(), key=lambda item: item.value or 0.0, default=None)

    def frame(self) -> pd.DataFrame:
        """Return a tidy frame, one row a group: the dimensions, ``label, value, se, lower, upper, n, numerator,
        denominator, base, status, text, interval``. Missing numbers are NaN there (and only there).
        """
        rows = []
        for item in self:
            group = {**dict(item.scope.group), "school": item.scope.school}
            rows.append(
                {name: group.get(name) for name in self.by}
                | {"label": item.group_label}
                | {name: getattr(item.estimate, name) for name in ("value", "se", "lower", "upper", "n")}
                | {name: getattr(item, name) for name in ("numerator", "denominator", "base")}
                | {"status": item.estimate.status, "text": item.text, "interval": item.interval_text}
            )
        return pd.DataFrame(rows)


def _matches(item: Statistic, group: Group) -> bool:
    own = {**dict(item.scope.group), "school": item.scope.school}
    return all(own.get(name) == value for name, value in group.items())
