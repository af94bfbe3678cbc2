"""Ratios of a complete ledger as figures of a process: the classes are fixed, the weeks are random.

All classes of a school are in its ledger, so which classes there are is no chance, and neither is that a ninth grade has
more homework than a first. What could have come out otherwise is time: a week with tests, a week with a fair. A ratio
R = Σ num / Σ den therefore varies by what its classes deviate from their own ratios r_c, week by week::

    z_w = Σ_c (num_cw − r_c · den_cw),    V(R) = V(Σ_w z_w) / (Σ den)²

Weeks are alike with their neighbours. The variance of Σ z_w is the average of the squares of its first three weighted
cosines (EWC: Lazarus, Lewis, Stock & Watson 2018, eq. 10), which takes any autocorrelation that lasts for a few weeks into
account; with the t quantile of as many degrees of freedom it is exact for normal weeks without autocorrelation. What is
missing at an autocorrelation of .6 in 18 weeks is made up for by half (`INFLATION`, see ``benchmarks/ledger_coverage.md``).

**Degrees of freedom.** The cosines used: three, or one less than the weeks where these are fewer than four. Below
`LEAST_DF` (fewer than three weeks) a value stands without limits: one week is one observation of the process.

**Zeros and full counts.** A share's limits are those of Agresti & Coull (1998) with the variance of the process: one more
class-day for the numerator and one more against it, both in the centre and in the variance (less where the pupils of a
class-day do not act as one). They depend on the counts
without a jump, and no exception among n class-days still leaves room for four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.house.arrays import Floats, Ints, summed
from analysis.statistics.intervals import t_factor

COSINES = 3
INFLATION = 1.3
LEAST_DF = 2


@dataclass(frozen=True)
class Ratios:
    """Ratios of groups with the limits of their process; NaN where there are none.

    Parameters
    ----------
    value, lower, upper
        (groups,) ratios and limits; NaN without a base, limits also with fewer than three weeks.
    variance
        (groups,) of the ratio (0 where nothing varies).
    df
        (groups,) degrees of freedom of the limits: the cosines used.
    """

    value: Floats
    lower: Floats
    upper: Floats
    variance: Floats
    df: Floats


def ratios(
    group: Ints,
    unit: Ints,
    week: Ints,
    top: Floats,
    bottom: Floats,
    *,
    groups: int,
    share: bool,
    level: float = 0.95,
) -> Ratios:
    """Return the ratio of each group with the limits of its process.

    Parameters
    ----------
    group, unit, week
        (rows,) numbers from 0: of the group, of the class (unique over the groups), of the week in order of time. One
        row is one class-day of a group (or the smallest cell there is): what may turn out otherwise as one.
    top, bottom
        (rows,) numerator and denominator.
    groups
        How many groups.
    share
        Whether the ratio is a share, with limits within 0 and 1.
    level
        Confidence level.
    """
    there = bottom > 0
    group, unit, week = (each[there] for each in (group, unit, week))
    top, bottom = top[there], bottom[there]
    whole, yes = summed(group, bottom, groups), summed(group, top, groups)
    known = whole > 0
    base = np.where(known, whole, 1.0)
    value = np.where(known, yes / base, np.nan)
    residual = residuals(unit, top, bottom)
    variance, df = total_variance(group, week, residual, groups)
    factor, limited = t_factor(level, df), known & (df >= LEAST_DF)
    if share:
        cell = _cell(group, unit, residual, top, bottom, base)
        lower, upper = share_limits(yes, base, cell, variance, factor)
    else:
        half = factor * np.sqrt(variance) / base
        lower, upper = value - half, value + half
    blank = np.where(limited, 0.0, np.nan)
    return Ratios(value, lower + blank, upper + blank, variance / base**2, df)


def _cell(group: Ints, unit: Ints, residual: Floats, top: Floats, bottom: Floats, base: Floats) -> Floats:
    """Return how much of each group's numerator turns out otherwise as one, in the unit of the denominator.

    A whole class-day, (Σ den²) / Σ den, times how far class-days are all or nothing: their squared residuals over what these
    would be if each had all or nothing of its denominator. One class-day is added to both, so that the ratio is 1 without
    exceptions and goes down smoothly where pupils of a class-day differ; it is 1 for class-days that are counted as such.
    """
    groups = len(base)
    day = np.bincount(group, bottom**2, groups) / base
    own = (np.bincount(unit, top) / np.maximum(np.bincount(unit, bottom), 1e-300))[unit]
    seen = np.bincount(group, residual**2, groups) + day**2
    most = np.bincount(group, np.maximum(own * (1 - own), 0) * bottom**2, groups) + day**2
    return day * np.minimum(seen / np.maximum(most, 1e-300), 1.0)


def share_limits(yes: Floats, base: Floats, cell: Floats, variance: Floats, factor: Floats) -> tuple[Floats, Floats]:
    """Return limits of shares that hold the share and lie within 0 and 1, without a jump at either end.

    Parameters
    ----------
    yes, base
        (groups,) numerators and denominators (above 0).
    cell
        (groups,) what may turn out otherwise as one, in the unit of the denominator.
    variance
        (groups,) of the numerator.
    factor
        (groups,) t quantiles.
    """
    centre, half = yes + cell, factor * np.sqrt(variance + cell**2)
    lower = np.minimum(np.maximum((centre - half) / (base + 2 * cell), 0.0), yes / base)
    upper = np.maximum(np.minimum((centre + half) / (base + 2 * cell), 1.0), yes / base)
    return lower, upper


def residuals(unit: Ints, top: Floats, bottom: Floats) -> Floats:
    """Return by how much each row's numerator deviates from what its class's own ratio would make it."""
    own = np.bincount(unit, top) / np.maximum(np.bincount(unit, bottom), 1e-300)
    found: Floats = top - own[unit] * bottom
    return found


def total_variance(group: Ints, week: Ints, residual: Floats, groups: int) -> tuple[Floats, Floats]:
    """Return the variance of each group's sum over its weeks, and its degrees of freedom.

    Parameters
    ----------
    group, week
        (rows,) numbers of the group, and of the week in order of time. A group's weeks are those that it has rows for,
        one after the other; holidays between them do not count.
    residual
        (rows,) deviations, whose expected sum in a week is 0.
    groups
        How many groups.

    Returns
    -------
    tuple
        (groups,) variances, and (groups,) degrees of freedom (0 for a group without rows).
    """
    if not len(group):
        return np.zeros(groups), np.zeros(groups)
    span = int(week.max()) + 1
    cells, place = np.unique(group.astype(np.int64) * span + week, return_inverse=True)
    sums, owner = np.bincount(place, residual), cells // span
    weeks = np.bincount(owner, minlength=groups)
    rank = np.arange(len(cells)) - (np.cumsum(weeks) - weeks)[owner]
    df = np.minimum(np.maximum(weeks - 1, 0), COSINES).astype(float)
    squares = np.zeros(groups)
    for each in range(1, COSINES + 1):
        wave = np.sqrt(2) * np.cos(np.pi * each * (rank + 0.5) / weeks[owner])
        squares += np.where(each <= df, np.bincount(owner, sums * wave, groups) ** 2, 0.0)
    return INFLATION * squares / np.maximum(df, 1.0), df
