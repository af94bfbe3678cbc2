"""From an indicator's id to the figures of its groups: count, narrow, divide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.house import UserError
from analysis.indicators import dimensions
from analysis.indicators.catalogue import Entry
from analysis.indicators.estimation import figures
from analysis.indicators.registry import Binding, Counting, Figure
from analysis.indicators.statistic import GroupKey, Where
from analysis.indicators.unknown import bounded

if TYPE_CHECKING:
    from analysis.indicators.study import Study


def groupable(binding: Binding) -> list[str]:
    """Return the dimensions that an indicator can be grouped by, those that follow from others included."""
    own = [name for name in binding.dimensions if name != "date"]
    derived = [name for name, origin in dimensions.COUNTED_FROM.items() if origin in binding.dimensions]
    stage = ["stage"] if "school" in own and binding.counting is not None else []
    return list(dict.fromkeys([*own, *derived, *stage]))


def check(entry: Entry, binding: Binding, names: Iterable[str]) -> None:
    """Refuse a dimension that an indicator cannot be grouped by."""
    able = groupable(binding)
    for name in names:
        if name not in able:
            said = "、".join(f"{dimensions.name_of(each)}（{each}）" for each in able)
            raise UserError(f"指标“{entry.label}”（{entry.id}）不能按“{name}”分组；可用：{said or '无'}。")


def values(told: object) -> list[Any]:
    """Return the values that a dimension is narrowed to."""
    return list(told) if isinstance(told, list | tuple | set) else [told]


def narrowed(rows: pd.DataFrame, where: Where) -> pd.DataFrame:
    """Return the rows in which the dimensions have the values told (dimensions that the rows lack are passed over)."""
    for name, told in where.items():
        if name in rows.columns:
            rows = rows[rows[name].isin(values(told))]
    return rows


def counted(study: Study, counting: Counting, wanted: Iterable[str], *, dated: bool = False) -> pd.DataFrame:
    """Return a counting's rows with the dimensions wanted.

    Parameters
    ----------
    study
        Whose tables are counted.
    counting
        What is counted.
    wanted
        Dimensions, derived ones included.
    dated
        Whether each day must be told apart.
    """
    wanted = list(wanted)
    own = counting.dimensions
    origins = {name if name in own else dimensions.COUNTED_FROM.get(name, name) for name in wanted}
    origins |= set(counting.always)
    if dated:
        origins.add("date")
    keys = tuple(name for name in own if name in origins)
    if not study.source.can(counting):
        return pd.DataFrame({name: pd.Series(dtype="object") for name in dict.fromkeys((*keys, *wanted))})
    rows = study.source.counted(counting, keys)
    _check_grades(rows)
    return dimensions.derive(rows, wanted, study.days, study.schools)


def judged(
    study: Study, entry: Entry, binding: Binding, by: tuple[str, ...], where: Where
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of an indicator with what it makes of them, and the counted rows that they were made of.

    Where the interval is that of time, the rows tell the day (or the week) apart, and have the column ``week``.
    """
    counting = binding.counting
    assert counting is not None
    judge = study.judge(entry.rule, entry.period)
    timed = entry.interval == "time" and bool({"date", "week"} & set(counting.dimensions))
    wanted = tuple(dict.fromkeys((*by, *where, *(("week",) if timed else ()))))
    rows = counted(study, counting, wanted, dated=judge.changes)
    if entry.grades and "grade" in rows.columns:
        rows = rows[rows["grade"].isin(entry.grades)]
    whole = narrowed(rows, {name: told for name, told in where.items() if name not in binding.keeps})
    rows = binding.function(whole, judge) if len(whole) else whole
    rows = dimensions.derive(rows, wanted, study.days, study.schools)
    if binding.keeps and len(rows):
        kept = [name for name in dict.fromkeys((*by, *where)) if name in binding.keeps]
        rows = _shares_of_whole(rows, by, binding.keeps, kept)
        rows = narrowed(rows, where)
    return rows, whole


def measured(
    study: Study, entry: Entry, binding: Binding, by: tuple[str, ...], where: Where
) -> tuple[list[Figure], list[GroupKey]]:
    """Return the figures of an indicator, and the groups that should have one, in natural order."""
    counting = binding.counting
    assert counting is not None
    rows, whole = judged(study, entry, binding, by, where)
    found = figures(rows, by, binding.form, interval=entry.interval, share=entry.unit == "%", q=binding.q)
    seen = whole if set(by) <= set(whole.columns) else rows
    groups = dimensions.levels(by, study.expected, study.days, seen, entry.grades)
    told = {name: set(values(value)) for name, value in where.items()}
    groups = [g for g in groups if all(v in told.get(name, {v}) for name, v in zip(by, g, strict=True))]
    if {"date", "week"} & set(counting.dimensions):
        found = _with_days(study, entry, found, by, where)
    return bounded(study, entry, binding, rows, found, groups, by, where), groups


def _shares_of_whole(rows: pd.DataFrame, by: tuple[str, ...], keeps: tuple[str, ...], kept: list[str]) -> pd.DataFrame:
    """Give every value of the kept dimensions the denominator of all of them together.

    A row whose value is ``""`` speaks of the whole: it has the denominator and, for a figure that asks for no value,
    the numerator. Without such rows the whole is the sum. A cluster without a value has a numerator of 0 there.
    """
    whole = rows[(rows[[name for name in keeps if name in rows.columns]] == "").all(axis=1)]
    if not kept:
        return whole if len(whole) else rows
    units = [name for name in ("school", "grade", "class", "date", "week") if name in rows.columns]
    outer = list(dict.fromkeys((*units, *(name for name in by if name not in kept))))
    denominators = (whole if len(whole) else rows).groupby(outer)[["denominator"]].sum().reset_index()
    parts = rows.groupby([*outer, *kept])[["numerator"]].sum().reset_index()
    parts = parts[(parts[kept] != "").all(axis=1)]
    every = denominators.merge(parts[kept].drop_duplicates(), how="cross")
    return every.merge(parts, on=[*outer, *kept], how="left").fillna({"numerator": 0})


def _with_days(study: Study, entry: Entry, found: list[Figure], by: tuple[str, ...], where: Where) -> list[Figure]:
    """Add how many school days each figure rests on, where the table is kept by day."""
    grades = {"grade": list(entry.grades)} if entry.grades else {}
    counted_in = tuple(table for table in entry.reported_in if table in entry.tables)
    keys, counts = study.day_counts(counted_in, by, {**grades, **where})
    if counts is None:
        return found
    return [replace(figure, days=counts.get(tuple(figure.group[name] for name in keys), 0)) for figure in found]


def _check_grades(rows: pd.DataFrame) -> None:
    if "grade" not in rows.columns:
        return
    wrong = rows[rows["grade"].notna() & ~rows["grade"].isin(list(dimensions.GRADES))]
    if len(wrong):
        row = wrong.iloc[0]
        raise UserError(
            f"学校 {row['school']} 的数据里有年级“{row['grade']}”，不在一至九年级之内；"
            "请更正原始文件后重新执行 shuangjian intake。"
        )
