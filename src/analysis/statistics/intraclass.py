"""How alike the answers of one sampling unit are, and intervals of shares from few units that borrow it from many."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.house.arrays import Bools, Floats
from analysis.statistics.columns import Groups
from analysis.statistics.intervals import share_limits
from analysis.statistics.results import Results
from analysis.statistics.stages import Stage
from analysis.statistics.variance import cell_totals

FEW = 30
"""Degrees of freedom below which a domain's own variance is known too roughly (at 30 its root is within ±13 %)."""


@dataclass(frozen=True, slots=True)
class Intraclass:
    """Intraclass correlation of first-stage units within strata.

    Parameters
    ----------
    value
        Between 0 and 1 (a negative estimate is taken as 0).
    df
        Units less strata that it rests on; 0: not known.
    """

    value: float
    df: float


def intraclass(stage: Stage, values: Floats, inside: Bools) -> Intraclass:
    """Estimate the intraclass correlation by analysis of variance, pooled over strata (Donner & Koval 1980, eq. 2.2).

    (MSB − MSW)/(MSB + (n₀ − 1) MSW) with units within strata, n₀ the average size of a unit that its expectation calls
    for. Every answer counts once: the likeness of classmates is a property of classes, not of weights.

    Parameters
    ----------
    stage
        The first stage of the sample.
    values
        (rows,) answers.
    inside
        (rows,) which rows count.
    """
    unit, y = stage.unit[inside], values[inside]
    units, strata = len(stage.stratum), len(stage.size)
    n = np.bincount(unit, minlength=units).astype(float)
    sums = np.bincount(unit, y, minlength=units)
    mean = sums / np.maximum(n, 1)
    of = [np.bincount(stage.stratum, each, minlength=strata) for each in (n, sums, n**2, (n > 0).astype(float))]
    df = float((of[3] - (of[0] > 0)).sum())
    left = float(len(y)) - float((n > 0).sum())
    if df < 1 or left < 1:
        return Intraclass(0.0, 0.0)
    whole = of[1] / np.maximum(of[0], 1)
    between = float((n * (mean - whole[stage.stratum]) ** 2).sum()) / df
    within = float(((y - mean[unit]) ** 2).sum()) / left
    size = float((of[0] - of[2] / np.maximum(of[0], 1)).sum()) / df
    bottom = between + (size - 1) * within
    return Intraclass(min(max((between - within) / bottom, 0.0), 1.0) if bottom > 0 else 0.0, df)


def pooled(results: Results, split: Groups, weights: Floats, stage: Stage, alike: Intraclass) -> Results:
    """Return shares in which those of few units take their uncertainty from the likeness of many units' answers.

    With fewer than `FEW` degrees of freedom a share's variance is at least p(1 − p)·D, where
    D = (ρ ΣW² + (1 − ρ) Σw²)/(Σw)² for the units' weights W, the rows' weights w and the pooled correlation ρ, never less
    than that of independent answers (Σw²/(Σw)² ≥ 1/n); the degrees of freedom are those of ρ. Limits are Jeffreys' at the effective
    size (Brown, Cai & DasGupta 2001; as Korn & Graubard 1998 do with Clopper & Pearson's). A share of 0 or 1 has the
    effective size 1/D, like its neighbours. Groups without limits, with more units, or without a known ρ stay as they are.
    """
    few = ~np.isnan(results.lower) & (results.df < FEW)
    if alike.df < 1 or not few.any():
        return results
    mass, square = split.sums(weights), split.sums(weights**2)
    cells = cell_totals(stage.unit, len(stage.stratum), split.codes, weights, slice(0, len(split)))
    safe = np.where(mass > 0, mass, 1.0)
    spread = (alike.value * (cells**2).sum(axis=0) + (1 - alike.value) * square) / safe**2
    n = np.maximum(results.n, 1)
    p = np.where(few, results.value, 0.5)
    variance = np.maximum(np.where(few, results.se, 0.0) ** 2, p * (1 - p) * spread)
    df = np.where(few, np.maximum(results.df, alike.df), 1.0)
    lower, upper, _ = share_limits(p, variance, n, df, results.level, "jeffreys", 1 / spread)
    inner = (p > 0) & (p < 1)
    deff = n * np.where(inner, variance / np.where(inner, p * (1 - p), 1.0), spread)
    return replace(
        results,
        se=np.where(few, np.sqrt(variance), results.se),
        lower=np.where(few, lower, results.lower),
        upper=np.where(few, upper, results.upper),
        df=np.where(few, df, results.df),
        deff=np.where(few, deff, results.deff),
        method=np.where(few, "jeffreys", results.method),
    )
