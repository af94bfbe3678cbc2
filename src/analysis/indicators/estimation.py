"""From counted rows to estimates: shares, means, sums and quantiles of groups, with intervals clustered by class.

A complete ledger is no sample. Its intervals speak of the process behind it (a superpopulation): classes are clusters,
schools are strata, so that what varies from class to class within a school is the uncertainty. A group (a grade, a
weekday) is a design of its own: the same figure has the same interval whether it was asked for alone or with its
neighbours. Everything is computed
once, by numpy, from whole numbers that are the same on every engine; the variances are those of
`analysis.statistics.SurveyDesign`, the limits of shares those of Korn & Graubard.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.indicators.load import quantile
from analysis.indicators.registry import Figure, Form
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import share_limits, t_factor

LEVEL = 0.95
LEAST_DF = 2  # with fewer degrees of freedom a value stands without an interval


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
    if rows.empty:
        return []
    units = _units(rows, interval)
    grouped = rows.assign(_unit=units, _all=0)
    keys = list(by) or ["_all"]
    if form == "quantile":
        return [
            _quantile_figure(dict(zip(by, _plain(name), strict=False)), part, q, interval)
            for name, part in grouped.groupby(keys, sort=True)
        ]
    sums = grouped.groupby([*keys, "school", "_unit"], sort=True, as_index=False)[["numerator", "denominator"]].sum()
    if form == "sum" or interval == "none":
        return _plain_figures(sums, by, keys, form)
    return _clustered(sums, by, keys, interval, share)


def _units(rows: pd.DataFrame, interval: str) -> pd.Series[Any]:
    """Return what a row's cluster is: its class within the school, or the school."""
    if interval == "class" and "class" in rows.columns:
        return rows["grade"].astype(str) + "/" + rows["class"].astype(str)
    return rows["school"]


def _plain(name: Any) -> tuple[Any, ...]:
    parts = name if isinstance(name, tuple) else (name,)
    return tuple(part.item() if hasattr(part, "item") else part for part in parts)


def _bases(sums: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return totals of each group, and how many schools and clusters with a base it rests on."""
    based = sums[sums["denominator"] > 0]
    totals = sums.groupby(keys, sort=True)[["numerator", "denominator"]].sum()
    schools = based.groupby(keys, sort=True)["school"].nunique()
    clusters = based.drop_duplicates([*keys, "school", "_unit"]).groupby(keys, sort=True).size()
    return totals.assign(
        schools=schools.reindex(totals.index, fill_value=0), clusters=clusters.reindex(totals.index, fill_value=0)
    )


def _figure(by: tuple[str, ...], name: Any, estimate: Estimate, row: Any, *, classes: bool) -> Figure:
    return Figure(
        group=dict(zip(by, _plain(name), strict=False)),
        estimate=estimate,
        numerator=_whole(row.numerator),
        denominator=_whole(row.denominator),
        base=int(row.denominator),
        schools=int(row.schools),
        classes=int(row.clusters) if classes else None,
    )


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else float(number)


def _plain_figures(sums: pd.DataFrame, by: tuple[str, ...], keys: list[str], form: Form) -> list[Figure]:
    found = []
    for row in _bases(sums, keys).itertuples():
        base: Any = row.denominator
        number: Any = row.numerator
        value = None if not base else (float(number) if form == "sum" else float(number / base))
        estimate = Estimate(value, n=int(base), method="count" if form == "sum" else "ratio")
        found.append(_figure(by, row.Index, estimate, row, classes=_has_classes(sums)))
    return found


def _has_classes(sums: pd.DataFrame) -> bool:
    return bool((sums["_unit"] != sums["school"]).any())


def _clustered(sums: pd.DataFrame, by: tuple[str, ...], keys: list[str], interval: str, share: bool) -> list[Figure]:
    by_class = interval == "class"
    place = sums.groupby(keys, sort=False).ngroup().astype(str)
    stratum = place + "/" + sums["school"] if by_class else place
    sums = sums.assign(_stratum=stratum, _cluster=stratum + "/" + sums["_unit"])
    design = SurveyDesign(sums, strata="_stratum", clusters="_cluster", single_psu="adjust")
    bases = _bases(sums, keys)
    table = design.ratio("numerator", "denominator", by=sums[keys[0]] if len(keys) == 1 else keys)
    table = table.reindex(bases.index)
    strata = bases["schools"] if by_class else np.minimum(bases["schools"], 1)
    df = (bases["clusters"] - strata).to_numpy(dtype=float)
    n = bases["denominator"].to_numpy(dtype=float)
    known = n > 0
    p = np.where(known, bases["numerator"] / np.where(known, n, 1.0), 0.5).astype(float)
    se = table["se"].to_numpy(dtype=float, na_value=np.nan)
    se = np.where(df >= LEAST_DF, se, np.nan)
    if share:
        squares = sums.assign(_square=sums["denominator"] ** 2).groupby(keys, sort=True)["_square"].sum().to_numpy()
        kish = n**2 / np.where(squares > 0, squares, 1.0)
        floor = p * (1 - p) / np.maximum(n, 1)  # few clusters can look more alike than chance allows
        variance = np.where(floor > 0, np.maximum(np.nan_to_num(se) ** 2, floor), 0.0)
        lower, upper, _ = share_limits(p, variance, np.maximum(n, 1), df, LEVEL, "beta", kish)
    else:
        half = t_factor(LEVEL, df) * np.nan_to_num(se)
        lower, upper = p - half, p + half
    limited = known & (df >= LEAST_DF) & ~np.isnan(se)
    found = []
    for number, row in enumerate(bases.itertuples()):
        sure = bool(limited[number])
        estimate = Estimate(
            value=float(p[number]) if known[number] else None,
            se=float(se[number]) if sure else None,
            lower=float(lower[number]) if sure else None,
            upper=float(upper[number]) if sure else None,
            level=LEVEL,
            n=int(n[number]),
            df=float(df[number]) if sure else None,
            method=("beta" if share else "t") if sure else "",
            status="ok" if sure else "too few",
        )
        found.append(_figure(by, row.Index, estimate, row, classes=by_class and _has_classes(sums)))
    return found


def _quantile_figure(group: dict[str, Any], part: pd.DataFrame, q: float, interval: str) -> Figure:
    """Return a quantile with the limits of Woodruff (1952): those of the share at or below it, turned back."""
    part = part[part["weight"] > 0]
    values, weights = part["value"].to_numpy(dtype=float), part["weight"].to_numpy(dtype=np.int64)
    value = quantile(values, weights, q)
    at_most = part.assign(numerator=np.where(values <= (value or 0.0), weights, 0), denominator=weights)
    sums = at_most.groupby(["school", "_unit"], as_index=False)[["numerator", "denominator"]].sum().assign(_all=0)
    if sums.empty:
        return Figure(group, Estimate(None))
    share = (_clustered if interval != "none" else _plain_figures)(sums, (), ["_all"], interval, True)[0]  # type: ignore[operator]
    se, df, n = share.estimate.se, share.estimate.df, int(weights.sum())
    lower = upper = None
    if se is not None and df is not None:
        half = float(t_factor(LEVEL, df)) * se
        lower, upper = (quantile(values, weights, float(np.clip(q + side * half, 0, 1))) for side in (-1, 1))
    estimate = Estimate(
        value,
        lower=lower,
        upper=upper,
        level=LEVEL,
        n=n,
        df=df,
        method="woodruff" if lower is not None else "",
        status="ok" if lower is not None else "too few",
    )
    return Figure(group, estimate, base=n, schools=share.schools, classes=share.classes)
