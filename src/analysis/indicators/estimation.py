"""From counted rows to estimates: shares, means, sums and quantiles of groups.

A complete ledger is no sample: its figure is a count. Its limits speak of the process behind it, of what these classes do
as a rule, week by week (`analysis.statistics.process`). Answers of a survey vary from class to class within a school: classes
are clusters, schools strata (`analysis.statistics.SurveyDesign`). A group (a grade, a weekday) is a matter of its own: the
same figure has the same interval whether it was asked for alone or with its neighbours. Everything is computed once, by
numpy, from whole numbers that are the same on every engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.house.arrays import Floats, Ints, summed
from analysis.indicators.load import quantiles
from analysis.indicators.registry import Figure, Form
from analysis.indicators.statistic import GroupKey
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import t_factor
from analysis.statistics.process import LEAST_DF, ratios, share_limits

LEVEL = 0.95


@dataclass(frozen=True)
class Cells:
    """Sums of numerator and denominator by group, class and day, in order of group, school, class, week and day.

    Parameters
    ----------
    labels
        The groups, in order; each a tuple of the dimensions' values.
    group, stratum, cluster
        (cells,) numbers from 0 of the group, of the school within it, of the class within that.
    week
        (cells,) numbers from 0 of the weeks in order of time; None where rows tell no week.
    top, bottom
        (cells,) sums of numerator and denominator.
    by_class
        Whether the rows tell classes (else schools only).
    """

    labels: list[GroupKey]
    group: Ints
    stratum: Ints
    cluster: Ints
    week: Ints | None
    top: Floats
    bottom: Floats
    by_class: bool

    def sums(self, values: Floats) -> Floats:
        """Return the sum of `values` in each group."""
        return summed(self.group, values, len(self.labels))

    def counts(self, codes: Ints) -> Ints:
        """Return how many different codes with a base each group has."""
        _, first = np.unique(codes[self.bottom > 0], return_index=True)
        return np.bincount(self.group[self.bottom > 0][first], minlength=len(self.labels))


def figures(
    rows: pd.DataFrame, by: tuple[str, ...], form: Form, *, interval: str, share: bool, q: float = 0.5
) -> list[Figure]:
    """Return one figure for each group that has rows.

    Parameters
    ----------
    rows
        `by`, ``school`` and, where classes count, ``grade`` and ``class``; for the interval of time ``week`` or ``date``
        (both where the table is kept by day: make-up days count for the calendar's week); ``numerator`` and ``denominator`` (forms ``ratio`` and ``sum``) or ``value``
        and ``weight`` (``quantile``).
    by
        Dimensions of the groups; empty for one figure of all.
    form
        ``ratio`` Σ numerator / Σ denominator; ``sum`` Σ numerator; ``quantile`` of counted values.
    interval
        ``time``: of the process, week by week; ``class``: classes are clusters; else none. Without weeks, or of a sum
        over classes, there is none either.
    share
        Whether the ratio is a share, whose limits stay within 0 and 1.
    q
        Which quantile.
    """
    if "week" not in rows.columns and "date" in rows.columns:
        date = pd.to_datetime(rows["date"])
        rows = rows.assign(week=date - pd.to_timedelta(date.dt.day_of_week, unit="D"))
    rows = rows.dropna(subset=[name for name in (*by, "school", "grade", "class") if name in rows.columns])
    if rows.empty:
        return []
    if form == "quantile":
        return _quantiles(rows, by, interval, q)
    cells = _cells(rows, by)
    return _figures(cells, by, _estimates(cells, form, interval, share))


def _estimates(cells: Cells, form: Form, interval: str, share: bool) -> list[Estimate]:
    if interval == "time" and cells.week is not None:
        return _processed(cells, form, share)
    return _clustered(cells, share) if interval == "class" and form == "ratio" else _plain(cells, form)


def _cells(rows: pd.DataFrame, by: tuple[str, ...]) -> Cells:
    inner = [name for name in ("school", "grade", "class") if name in rows.columns]
    order = list(dict.fromkeys((*by, *inner, *(name for name in ("week", "date") if name in rows.columns))))
    if rows["numerator"].dtype.kind == "f":  # sums of floats in one order, whatever order an engine gave
        rows = rows.sort_values([*order, "numerator", "denominator"])
    cell, first = _runs(rows, order)
    top, bottom = (summed(cell, rows[name].to_numpy(dtype=float)) for name in ("numerator", "denominator"))
    firsts = rows.iloc[first]  # one row a cell, in order
    group, starts = _runs(firsts, list(by))
    stratum, _ = _runs(firsts, list(dict.fromkeys((*by, "school"))))
    cluster, _ = _runs(firsts, list(dict.fromkeys((*by, *inner))))
    week = pd.factorize(firsts["week"], sort=True)[0] if "week" in firsts.columns else None
    named = firsts[list(by)].iloc[starts]
    labels = [tuple(map(scalar, row)) for row in named.itertuples(index=False, name=None)] if by else [()]
    return Cells(labels, group, stratum, cluster, week, top, bottom, "class" in inner)


def _runs(rows: pd.DataFrame, names: list[str]) -> tuple[Ints, Ints]:
    """Number the different combinations of some columns in their order.

    Returns
    -------
    tuple
        (rows,) the number of each row's combination, and (combinations,) where each stands first.
    """
    if not names:
        return np.zeros(len(rows), dtype=np.intp), np.zeros(1, dtype=np.intp)
    whole = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        codes, values = pd.factorize(rows[name], sort=True)
        whole = np.unique(whole * len(values) + codes, return_inverse=True)[1]
    _, first, number = np.unique(whole, return_index=True, return_inverse=True)
    return number, first


def scalar(value: object) -> Any:
    """Return a number of numpy as Python's own; anything else as it is."""
    return value.item() if hasattr(value, "item") else value


def _figures(cells: Cells, by: tuple[str, ...], estimates: list[Estimate]) -> list[Figure]:
    schools, classes = cells.counts(cells.stratum), cells.counts(cells.cluster)
    top, bottom = cells.sums(cells.top), cells.sums(cells.bottom)
    return [
        Figure(
            group=dict(zip(by, label, strict=True)),
            estimate=estimate,
            numerator=_whole(top[number]),
            denominator=_whole(bottom[number]),
            base=round(bottom[number]),
            schools=int(schools[number]),
            classes=int(classes[number]) if cells.by_class else None,
        )
        for number, (label, estimate) in enumerate(zip(cells.labels, estimates, strict=True))
    ]


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else float(number)


def _plain(cells: Cells, form: Form) -> list[Estimate]:
    """Return values without intervals: counted sums and ratios."""
    method = "count" if form == "sum" else "ratio"
    return [
        Estimate(
            (float(top) if form == "sum" else float(top / bottom)) if bottom else None, n=round(bottom), method=method
        )
        for top, bottom in zip(cells.sums(cells.top), cells.sums(cells.bottom), strict=True)
    ]


def _processed(cells: Cells, form: Form, share: bool) -> list[Estimate]:
    """Return ratios, or sums, with the limits of their process over time."""
    assert cells.week is not None
    whole = cells.sums(cells.bottom)
    found = ratios(
        cells.group, cells.cluster, cells.week, cells.top, cells.bottom, groups=len(whole), share=share, level=LEVEL
    )
    scale = whole if form == "sum" else np.ones(len(whole))
    value, se, lower, upper = (
        scale * each for each in (found.value, np.sqrt(found.variance), found.lower, found.upper)
    )
    return [
        Estimate(value[i], se[i], lower[i], upper[i], LEVEL, round(whole[i]), found.df[i], method="process")
        if not np.isnan(lower[i])
        else Estimate(value[i], n=round(whole[i]), status="too few" if whole[i] else "no data")
        for i in range(len(whole))
    ]


def _clustered(cells: Cells, share: bool) -> list[Estimate]:
    """Return ratios of a survey: classes are clusters, schools strata; t limits, of shares within 0 and 1."""
    n = cells.sums(cells.bottom)
    known = n > 0
    mean = np.where(known, cells.sums(cells.top) / np.where(known, n, 1.0), np.nan)
    df = (cells.counts(cells.cluster) - cells.counts(cells.stratum)).astype(float)
    se = _standard_errors(cells)
    factor = t_factor(LEVEL, df)
    lower, upper = mean - factor * se, mean + factor * se
    if share:
        base = np.where(known, n, 1.0)
        lower, upper = share_limits(
            cells.sums(cells.top), base, cells.sums(cells.bottom**2) / base, (se * n) ** 2, factor
        )
    return [
        Estimate(mean[i], se[i], lower[i], upper[i], LEVEL, round(n[i]), df[i], method="t")
        if known[i] and df[i] >= LEAST_DF
        else Estimate(mean[i], n=round(n[i]), status="too few" if known[i] else "no data")
        for i in range(len(n))
    ]


def _standard_errors(cells: Cells) -> Floats:
    """Return the standard error of each group's ratio (0 where none can be seen)."""
    frame = pd.DataFrame(
        {
            "stratum": cells.stratum,
            "cluster": cells.cluster,
            "top": cells.top,
            "bottom": cells.bottom,
        }
    )
    table = SurveyDesign(frame, strata="stratum", clusters="cluster", single_psu="adjust").ratio(
        "top", "bottom", by=cells.group
    )
    found = table["se"].reindex(range(len(cells.labels)))
    made: Floats = np.nan_to_num(found.to_numpy(dtype=float, na_value=np.nan))
    return made


def _quantiles(rows: pd.DataFrame, by: tuple[str, ...], interval: str, q: float) -> list[Figure]:
    """Return quantiles with the limits of Woodruff (1952): those of the share at or below it, turned back."""
    rows = rows[rows["weight"] > 0]
    if rows.empty:
        return []
    group, _ = _runs(rows, list(by))
    values, weights = rows["value"].to_numpy(dtype=float), rows["weight"].to_numpy(dtype=np.int64)
    found = quantiles(group, values, weights, q)
    at_most = rows.assign(numerator=np.where(values <= found[group], weights, 0), denominator=weights)
    cells = _cells(at_most, by)
    shares = _estimates(cells, "ratio", interval, share=False)
    half = np.array([float(t_factor(LEVEL, s.df)) * s.se if s.se is not None and s.df else np.nan for s in shares])
    sides = np.array([[-1.0], [1.0]]) * np.nan_to_num(half)
    ends = quantiles(group, values, weights, np.clip(q + sides, 0, 1))
    estimates = [
        Estimate(found[i], n=share.n, status="ok" if interval == "none" else "too few")
        if np.isnan(half[i])
        else Estimate(found[i], None, ends[0][i], ends[1][i], LEVEL, share.n, share.df, method=share.method)
        for i, share in enumerate(shares)
    ]
    return [replace(figure, numerator=None, denominator=None) for figure in _figures(cells, by, estimates)]
