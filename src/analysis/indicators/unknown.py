"""What should be there behind a figure and is not known, and between which bounds the figure lies because of that.

Nothing is assumed of what is unknown: a bound is the value that the figure would have if all of it were at one end
(Manski 2003, "Partial Identification of Probability Distributions", chapter 1, for shares and means). Rows that were put
aside count as unknown, so that no figure looks better at its worse bound because rows cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.indicators import dimensions
from analysis.indicators.catalogue import Entry
from analysis.indicators.judge import Judge
from analysis.indicators.load import CLASS_DAY, load, quantiles
from analysis.indicators.memo import once
from analysis.indicators.refused import compatible
from analysis.indicators.registry import Binding, Figure, Form
from analysis.indicators.statistic import GroupKey, Where
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study


@dataclass(frozen=True)
class Lacking:
    """What a figure lacks.

    Parameters
    ----------
    units
        ``school, grade, class, date`` as far as they are told, and ``number``: how many units (class-days, rows,
        pupil-days …) are unknown there. A missing part of the key may be any.
    floating
        Refused rows that cannot be placed (`analysis.indicators.refused.Refused`): each may spoil one known unit.
    within
        As `units`, of such as the denominator holds already (a school whose plan was put aside): each may be one more in
        the numerator. Where one of them may add more than one, there is a column ``rows`` beside: how many they are.
    """

    units: pd.DataFrame
    floating: pd.DataFrame
    within: pd.DataFrame | None = None


@dataclass(frozen=True)
class Unknown:
    """How an indicator's bounds follow from what it lacks.

    Parameters
    ----------
    find
        Returns what is lacking in the study's scope.
    weighs
        Whether a unit adds as much to the denominator as it can add to the numerator (minutes over minutes).
    free
        Whether an unknown unit need not belong to the base (a class-day that may not be above the cap).
    open
        Whether a unit may add any amount (of money, say): a sum then has no bounds, a share those of the weights that are
        told (column ``weight`` of the units), else 0 and 1.
    silent
        Whether what schools that did not report should have is within the bounds; else only refused rows, and what the
        schools that did report left out.
    ends
        Tells the bounds of a figure that is `open`, where more is known of what it lacks than the units tell: it gets the
        figure, what is narrowed to (its group included) and how many units are unknown; None if nothing bounds it.
    """

    find: Callable[[Study, Judge, Collection[str]], Lacking]
    weighs: bool = False
    free: bool = False
    open: bool = False
    silent: bool = True
    ends: Callable[[Study, Figure, Where, int], tuple[float, float] | None] | None = None


def class_days(
    study: Study, judge: Judge, names: Collection[str] = (), *, judged: bool = False, gaps: bool = False
) -> Lacking:
    """Return the class-days whose load is not known.

    Due are the classes of the enrolment of every expected school on every school day; of a school without enrolment,
    the class-days that it entered. Unknown is a due one without a row, with written homework without minutes, or with a
    refused row.

    Parameters
    ----------
    study
        Whose class-days.
    judge
        The limits of the indicator's rule.
    names
        Dimensions asked for.
    judged
        Only those on which the rule has a limit.
    gaps
        Whether a class-day without minutes counts as known.
    """
    return once(study._kept, ("class-days", judged, gaps), lambda: _lacking(study, judge, judged=judged, gaps=gaps))


def _lacking(study: Study, judge: Judge, *, judged: bool, gaps: bool) -> Lacking:
    source = study.source
    aside = source.refused("homework")
    due, entered = [source.due(), aside.located], aside.located.iloc[:0]
    if source.has("homework"):
        known = source.counted(load, CLASS_DAY)
        gap = known["gap"] > 0
        due, entered = [*due, known[gap]], known if gaps else known[~gap]
    every = pd.concat([rows[list(CLASS_DAY)] for rows in due]).drop_duplicates()
    units = without(every, entered).assign(number=1)
    if judged:
        units = units[judge.limit(units).notna()]
    nameless = source.nameless(len(source.days))
    units = pd.concat([units, nameless], ignore_index=True) if len(nameless) else units
    return Lacking(units, aside.floating)


def rows_of(table: str) -> Callable[[Study, Judge, Collection[str]], Lacking]:
    """Return what finds the refused rows of a table, each an unknown unit."""

    def find(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
        rows = study.source.refused(table).rows
        return Lacking(rows.rename(columns={"rows": "number"}), rows.iloc[:0])

    return find


def of_registers(study: Study, judge: Judge, names: Collection[str], *, tables: tuple[str, ...]) -> Lacking:
    """Return the refused rows of the registers that a figure is made of.

    A row of the first is a thing that was not counted; one of another (or of the first, where the register of schools
    says what is counted) may be what a thing that was counted lacks, or what speaks against it.
    """
    first, others = tables[0], tables[1:]
    counted = [study.source.refused(first).rows] if first != "schools" else []
    beside = [study.source.refused(table).rows for table in others]
    empty = study.source.refused(first).rows.iloc[:0]
    units = pd.concat(counted or [empty]).rename(columns={"rows": "number"})
    floating = pd.concat(beside or [empty])
    return Lacking(units, empty if first == "schools" else floating, floating.rename(columns={"rows": "number"}))


def without(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the class-days that are not among others."""
    keys = list(CLASS_DAY)
    marked = rows.merge(others[keys].drop_duplicates().assign(_there=True), on=keys, how="left")
    return marked[marked["_there"].isna()].drop(columns="_there").reset_index(drop=True)


def bounded(
    study: Study,
    entry: Entry,
    binding: Binding,
    rows: pd.DataFrame,
    found: list[Figure],
    groups: list[GroupKey],
    by: tuple[str, ...],
    where: Where,
) -> list[Figure]:
    """Add to figures how many units each lacks, and its bounds; a group without a figure gets one without a value.

    Parameters
    ----------
    study, entry
        What is measured.
    binding
        Its binding; one that is bound to no `Unknown` has no bounds.
    rows
        As of `analysis.indicators.estimation.figures`, where it is a quantile.
    found, groups
        The figures, and every group that should have one.
    by, where
        The dimensions of the groups; the narrowing.
    """
    unknown, form = binding.unknown, binding.form
    if unknown is None or (unknown.weighs and not {*by, *where} & set(binding.keeps)):
        return found
    lacking = unknown.find(study, study.judge(entry.rule, entry.period), {*by, *where})
    parts = [lacking.units, lacking.floating, lacking.units.iloc[:0] if lacking.within is None else lacking.within]
    if entry.grades:
        parts = [part[part["grade"].isna() | part["grade"].isin(entry.grades)] for part in parts]
    units, floating, within = (part[compatible(part, where, study.days)] for part in parts)
    if not len(units) and not len(floating) and not len(within):
        return [replace(figure, unknown=None if unknown.weighs else 0) for figure in found]
    numbers, inside = (_by_group(part, by, groups, study, "number") for part in (units, within))
    of_those = _by_group(within, by, groups, study, "rows") if "rows" in within.columns else inside
    spoilt = _by_group(floating, by, groups, study, "rows")
    weights = _weights(units, by, groups, study) if unknown.open else {}
    known = {tuple(figure.group[name] for name in by): figure for figure in found}
    told = _parts(rows, by) if form == "quantile" and len(rows) else {}
    items = []
    for group in groups:
        u, w, f = numbers[group], inside[group], spoilt[group]
        figure = known.get(group) or Figure(
            dict(zip(by, group, strict=True)), Estimate(None, status="no data"), base=0, schools=0
        )
        ends = None
        if figure.estimate.value is not None and (u or w or f):
            if unknown.ends:
                ends = unknown.ends(study, figure, {**where, **figure.group}, u + of_those[group])
            elif unknown.open:
                ends = _any_amount(figure, weights[group], w or f) if form == "ratio" and entry.unit == "%" else None
            elif form == "quantile":
                ends = _quantile(told[group], binding.q, u, f, entry.ceiling)
            else:
                ends = _ends(figure, form, (u, w, f), entry, unknown)
        items.append(replace(figure, unknown=None if unknown.weighs else u + of_those[group], bounds=ends))
    return items


def _by_group(
    rows: pd.DataFrame, by: tuple[str, ...], groups: list[GroupKey], study: Study, count: str
) -> dict[GroupKey, int]:
    """Return how many units or rows may be of each group."""
    if not len(rows):
        return dict.fromkeys(groups, 0)
    named = [name for name in by if name in (*CLASS_DAY, "week", "weekday", *dimensions.OF_GRADE)]
    whole = rows[list(CLASS_DAY)].notna().all(axis=1) if set(CLASS_DAY) <= set(rows.columns) else None
    sums: dict[object, int] = {}
    if whole is not None and len(named) == len(by) and by:  # those whose place is known are added up at once
        placed = dimensions.derive(rows[whole].astype({"grade": "int64"}), by, study.days, study.schools)
        sums = {
            key if isinstance(key, tuple) else (key,): int(n)
            for key, n in placed.groupby(list(by))[count].sum().items()
        }
        rows = rows[~whole]
    if not len(rows) or not groups:
        return {group: sums.get(group, 0) for group in groups}
    values = zip(by, zip(*groups, strict=True), strict=True) if by else ()
    may = {
        (name, value): compatible(rows, {name: value}, study.days).to_numpy()
        for name, own in values
        for value in set(own)
    }
    numbers, every = rows[count].to_numpy(), np.ones(len(rows), dtype=bool)
    return {
        group: sums.get(group, 0)
        + int(numbers[np.logical_and.reduce([every, *(may[pair] for pair in zip(by, group, strict=True))])].sum())
        for group in groups
    }


def _ends(
    figure: Figure, form: Form, lacking: tuple[int, int, int], entry: Entry, unknown: Unknown
) -> tuple[float, float] | None:
    """Return the least and the greatest value of a ratio or a sum.

    With N over D, u unknown units that add between 0 and m to N and v to D, w units that D holds already, and f refused
    rows that may lie in any known unit: (N - f m) / (D + u v) and (N + (u + w + f) m) / (D + u v), where f counts only
    towards the worse end (towards both where neither is better).
    """
    units, within, floating = lacking
    if unknown.free:
        units, floating = units + floating, 0
    most = entry.ceiling or 1.0
    down = floating if entry.direction != "lower" else 0
    up = within + (floating if entry.direction != "higher" else 0)
    top, bottom = figure.numerator or 0.0, figure.denominator or 0.0
    if form == "sum":
        return max(top - down * most, 0.0), top + (units + up) * most
    whole = bottom + units * (most if unknown.weighs else 1.0)
    if not whole:
        return None
    limit = max(1.0 if unknown.weighs else most, top / bottom if bottom else 0.0)
    return max((top - down * most) / whole, 0.0), min((top + (units + up) * most) / whole, limit)


def _weights(units: pd.DataFrame, by: tuple[str, ...], groups: list[GroupKey], study: Study) -> dict[GroupKey, float]:
    """Return what the unknown units of each group weigh together, NaN where that is not told of one of them."""
    told = units["weight"] if "weight" in units.columns else pd.Series(np.nan, index=units.index)
    weights = told.astype("float64") * units["number"]
    return {
        group: float(weights[compatible(units, dict(zip(by, group, strict=True)), study.days)].sum(skipna=False))
        for group in groups
    }


def _any_amount(figure: Figure, weight: float, beside: int) -> tuple[float, float]:
    """Return the least and the greatest value of a share of amounts: with nothing and with all of the weight that is unknown."""
    top, bottom = figure.numerator or 0.0, figure.denominator or 0.0
    if beside or np.isnan(weight) or not bottom + weight:
        return 0.0, max(1.0, figure.estimate.value or 0.0)
    return top / (bottom + weight), (top + weight) / (bottom + weight)


def _parts(rows: pd.DataFrame, by: tuple[str, ...]) -> dict[GroupKey, pd.DataFrame]:
    if not by:
        return {(): rows}
    return {key if isinstance(key, tuple) else (key,): part for key, part in rows.groupby(list(by))}


def _quantile(rows: pd.DataFrame, q: float, units: int, floating: int, ceiling: float) -> tuple[float, float]:
    """Return the quantile with the unknown units at 0, and with them at the ceiling.

    At the upper end as many of the least known values as there are refused rows that cannot be placed stand there too.
    """
    part = rows[rows["weight"] > 0].sort_values("value")
    values, weights = part["value"].to_numpy(dtype=float), part["weight"].to_numpy(dtype=np.int64)
    left = weights - np.clip(floating - (np.cumsum(weights) - weights), 0, weights)
    raised = int(weights.sum() - left.sum())
    ends = []
    for own, at, more in ((weights, 0.0, units), (left, max(ceiling, values.max()), units + raised)):
        all_values, counts = np.append(values, at), np.append(own, more)
        there = counts > 0
        group = np.zeros(int(there.sum()), dtype=np.int64)
        ends.append(float(quantiles(group, all_values[there], counts[there], q)[0]))
    return ends[0], ends[1]
