"""The catalogue of indicators: what each is called, what it means, how it is printed, what it is judged by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.house import UserError, path
from analysis.house.paths import read_toml
from analysis.indicators.statistic import Nature

DIRECTIONS = {"higher": "越高越好", "lower": "越低越好", "none": "不论高低"}
PERIODS = {"term": "学期内", "to_date": "学期初至截止日", "date": "截止日当天"}
KEPT_BY = {"school": "学校", "district": "区级部门"}
INTERVALS = {"time": "按周", "class": "按班级聚类的答卷", "model": "按模型", "survey": "按调查设计", "none": "不给区间"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator as ``data/reference/indicators.toml`` declares it.

    Parameters
    ----------
    id, label, definition
        Id such as ``homework.within_cap``, short Chinese name, definition in Chinese.
    numerator, denominator
        What is counted over what, in Chinese (`denominator` is ``""`` where the value is no ratio).
    unit, decimals, rounding
        ``%`` for a share, else the Chinese unit; how it is printed.
    direction
        ``higher``, ``lower`` or ``none``: which way is better.
    base_unit
        Chinese unit of what it rests on, such as ``个班级日``.
    base_unit_by
        Dimension and unit where a single group rests on other things than the whole: seven elements of each school are
        项, but the schools with one of them are 所学校.
    whole_by
        Dimension and name of the whole where the groups overlap, so that they do not add up to it: 任一情形 (any of them).
    interval
        Key of `INTERVALS`: where its uncertainty comes from.
    tables
        Tables of a snapshot that it is computed from.
    reported_in
        The tables of which a school must have handed in at least one to count as having reported; default: the first.
    rule
        Id of the rule that it is judged by, or ``""``.
    grades
        The grades that it concerns (empty: all, and tables without grades).
    note
        What a reader should know besides, in Chinese.
    period
        Key of `PERIODS`: which days it speaks of, where the day looked at lies beyond the term's last.
    ceiling
        The greatest value that something unknown is taken for in bounds (0: a share or a count, where it is 1).
    kept_by
        Key of `KEPT_BY`: a register of the bureau has no schools that did not report.
    """

    id: str
    label: str
    definition: str
    numerator: str
    unit: str
    decimals: int
    base_unit: str
    tables: tuple[str, ...]
    denominator: str = ""
    rounding: str = "half_up"
    direction: str = "none"
    interval: str = "time"
    rule: str = ""
    grades: tuple[int, ...] = ()
    note: str = ""
    reported_in: tuple[str, ...] = ()
    period: str = "term"
    ceiling: float = 0
    kept_by: str = "school"
    base_unit_by: tuple[tuple[str, str], ...] = ()
    whole_by: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.reported_in:
            object.__setattr__(self, "reported_in", self.tables[:1])

    @property
    def nature(self) -> Nature:
        """What its figures are (`analysis.indicators.statistic.Statistic`)."""
        return "survey" if self.interval in ("survey", "class") else "model" if self.interval == "model" else "count"

    def base_unit_of(self, group: Collection[str]) -> str:
        """Return the unit of what a group rests on, from the names of its dimensions."""
        return next((unit for name, unit in self.base_unit_by if name in group), self.base_unit)

    def as_dict(self) -> dict[str, Any]:
        """Return its fields as JSON can hold them."""
        return {
            **asdict(self),
            "tables": list(self.tables),
            "reported_in": list(self.reported_in),
            "grades": list(self.grades),
            "base_unit_by": dict(self.base_unit_by),
            "whole_by": dict(self.whole_by),
        }


def entries(file: Path | None = None) -> dict[str, Entry]:
    """Return the catalogue by id, in the file's order.

    Raises
    ------
    UserError
        If an entry lacks a field, has one too many, or holds a word that is not among those allowed.
    """
    source = file or path("data", "reference", "indicators.toml")
    return _read(source, source.stat().st_mtime_ns if source.is_file() else 0)


@lru_cache(maxsize=8)
def _read(source: Path, _changed: int) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for name, fields in read_toml(source).get("indicators", {}).items():
        try:
            lists = {key: tuple(fields[key]) for key in ("tables", "grades", "reported_in") if key in fields}
            pairs = {key: tuple(dict(fields[key]).items()) for key in ("base_unit_by", "whole_by") if key in fields}
            entry = Entry(id=name, **{**fields, **lists, **pairs})
        except (TypeError, ValueError) as slip:
            raise UserError(f"“{source}”中指标“{name}”的栏目有误（{slip}）；请对照其他指标补齐或删去。") from None
        allowed: dict[str, Collection[str]] = {
            "direction": DIRECTIONS,
            "interval": INTERVALS,
            "rounding": ("half_up", "half_even"),
            "period": PERIODS,
            "kept_by": KEPT_BY,
        }
        for key, words in allowed.items():
            if getattr(entry, key) not in words:
                raise UserError(
                    f"“{source}”中指标“{name}”的 {key} 写作“{getattr(entry, key)}”；只能是{'、'.join(words)}。"
                )
        found[name] = entry
    return found


def describe(id: str) -> Entry:
    """Return the catalogue's entry of an indicator.

    Raises
    ------
    UserError
        If no indicator of that id is declared.
    """
    catalogue = entries()
    if id not in catalogue:
        raise UserError(
            f"指标目录 data/reference/indicators.toml 中没有“{id}”；请用 shuangjian indicators 查看全部指标。"
        )
    return catalogue[id]
