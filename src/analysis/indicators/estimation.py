"""From counted rows to estimates: shares, means, sums and quantiles of groups, with intervals clustered by class.

A complete ledger is no sample. Its intervals speak of the process behind it (a superpopulation): classes are clusters,
schools are strata, so that what varies from class to class within a school is the uncertainty. A group (a grade, a
weekday) is a design of its own: the same figure has the same interval whether it was asked for alone or with its
neighbours. Everything is computed once, by numpy, from whole numbers that are the same on every engine; the variances
are those of `analysis.statistics.SurveyDesign`, the limits of shares those of Korn & Graubard (1998), whose effective
sample is not let exceed the actual one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.indicators.load import quantiles
from analysis.indicators.registry import Figure, Form
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import share_limits, t_factor

LEVEL = 0.95
LEAST_DF = 2  # with fewer degrees of freedom a value stands without an interval


@dataclass(frozen=True)
class Cells:
    """Sums of numerator and denominator by group and cluster, in order of group, school and cluster.

    Parameters
    ----------
    labels
        The groups, in order; each a tuple of the dimensions' values.
    group, stratum, cluster
        (cells,) numbers from 0 of the group, of the school within it, of the cluster within that.
    top, bottom
        (cells,) sums of numerator and denominator.
    by_class
        Whether a cluster is a class (else a school).
    """

    labels: list[tuple[Any, ...]]
    group: np.ndarray
    stratum: np.ndarray
    cluster: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    by_class: bool

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of `values` in each group."""
        return np.bincount(self.group, weights=values, minlength=len(self.labels))

    def counts(self, codes: np.ndarray) -> np.ndarray:
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
        `by`, ``school`` and, where classes count, ``grade`` and ``class``; ``numerator`` and ``denominator`` (forms
        ``ratio`` and ``sum``) or ``value`` and ``weight`` (``quantile``).
    by
        Dimensions of the groups; empty for one figure of all.
    form
        ``ratio`` Σ numerator / Σ denominator; ``sum`` Σ numerator; ``quantile`` of counted values.
    interval
        ``class``, ``school`` or ``none``: what is a cluster.
    share
        Whether the ratio is a share, whose limits stay within 0 and 1.
    q
        Which quantile.
    """
    rows = rows.dropna(subset=[name for name in (*by, "school", "grade", "class") if name in rows.columns])
    if rows.empty:
        return []
    if form == "quantile":
        return _quantiles(rows, by, interval, q)
    cells = _cells(rows, by, interval)
    estimates = _plain(cells, form) if form == "sum" or interval == "none" else _clustered(cells, share)
    return _figures(cells, by, estimates)


def _cells(rows: pd.DataFrame, by: tuple[str, ...], interval: str) -> Cells:
    inner = [name for name in ("grade", "class") if name in rows.columns] if interval != "school" else []
    order = [*by, *(name for name in ("school", *inner) if name not in by)]
    if rows["numerator"].dtype.kind == "f":  # sums of floats in one order, whatever order an engine gave
        rows = rows.sort_values([*order, "numerator", "denominator"])
    cell, first = _runs(rows, order)
    top, bottom = (np.bincount(cell, rows[name].to_numpy(dtype=float)) for name in ("numerator", "denominator"))
    firsts = rows.iloc[first]  # one row a cell, in order
    group, starts = _runs(firsts, list(by))
    stratum, _ = _runs(firsts, list(dict.fromkeys((*by, "school"))))
    named = firsts[list(by)].iloc[starts]
    labels = [tuple(map(_scalar, row)) for row in named.itertuples(index=False, name=None)] if by else [()]
    return Cells(labels, group, stratum, np.arange(len(first)), top, bottom, "class" in inner)


def _runs(rows: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
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


def _scalar(value: Any) -> Any:
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


def _clustered(cells: Cells, share: bool) -> list[Estimate]:
    """Return ratios with intervals: shares within 0 and 1, other means by t limits."""
    n = cells.sums(cells.bottom)
    known = n > 0
    p = np.where(known, cells.sums(cells.top) / np.where(known, n, 1.0), 0.5)
    strata = cells.counts(cells.stratum) if cells.by_class else np.minimum(cells.counts(cells.stratum), 1)
    df = (cells.counts(cells.cluster) - strata).astype(float)
    se = _standard_errors(cells)
    if share:
        kish = n**2 / np.maximum(cells.sums(cells.bottom**2), 1)
        floor = p * (1 - p) / np.maximum(n, 1)  # few clusters can look more alike than chance allows
        variance = np.where(floor > 0, np.maximum(se**2, floor), 0.0)
        lower, upper, _ = share_limits(p, variance, np.maximum(n, 1), df, LEVEL, "beta", kish)
    else:
        half = t_factor(LEVEL, df) * se
        lower, upper = p - half, p + half
    limited = known & (df >= LEAST_DF)
    return [
        Estimate(p[i], se[i], lower[i], upper[i], LEVEL, round(n[i]), df[i], method="beta" if share else "t")
        if limited[i]
        else Estimate(p[i] if known[i] else None, n=round(n[i]), status="too few" if known[i] else "no data")
        for i in range(len(n))
    ]


def _standard_errors(cells: Cells) -> np.ndarray:
    """Return the standard error of each group's ratio (0 where none can be seen)."""
    frame = pd.DataFrame(
        {
            "stratum": cells.stratum if cells.by_class else cells.group,
            "cluster": cells.cluster,
            "top": cells.top,
            "bottom": cells.bottom,
        }
    )
    table = SurveyDesign(frame, strata="stratum", clusters="cluster", single_psu="adjust").ratio(
        "top", "bottom", by=cells.group
    )
    found = table["se"].reindex(range(len(cells.labels)))
    return np.nan_to_num(found.to_numpy(dtype=float, na_value=np.nan))


def _quantiles(rows: pd.DataFrame, by: tuple[str, ...], interval: str, q: float) -> list[Figure]:
    """Return quantiles with the limits of Woodruff (1952): those of the share at or below it, turned back."""
    rows = rows[rows["weight"] > 0]
    if rows.empty:
        return []
    group, _ = _runs(rows, list(by))
    values, weights = rows["value"].to_numpy(dtype=float), rows["weight"].to_numpy(dtype=np.int64)
    found = quantiles(group, values, weights, q)
    at_most = rows.assign(numerator=np.where(values <= found[group], weights, 0), denominator=weights)
    cells = _cells(at_most, by, interval)
    shares = _clustered(cells, share=False) if interval != "none" else _plain(cells, "ratio")
    half = np.array([float(t_factor(LEVEL, s.df)) * s.se if s.se is not None and s.df else np.nan for s in shares])
    sides = np.array([[-1.0], [1.0]]) * np.nan_to_num(half)
    ends = quantiles(group, values, weights, np.clip(q + sides, 0, 1))
    estimates = [
        Estimate(found[i], n=share.n, status="too few")
        if np.isnan(half[i])
        else Estimate(found[i], None, ends[0][i], ends[1][i], LEVEL, share.n, share.df, method="woodruff")
        for i, share in enumerate(shares)
    ]
    return [replace(figure, numerator=None, denominator=None) for figure in _figures(cells, by, estimates)]
