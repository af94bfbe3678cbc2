"""The same estimate at another confidence level."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import METHODS, share_limits, t_factor, t_limits


def effective_n(estimate: Estimate) -> float | None:
    """Return the number of independent answers that a share is worth, before scaling for degrees of freedom.

    p(1 − p)/se²; at p = 0 or 1, where no variance was seen, what the design effect or else the printed limit implies.
    """
    p, limit = estimate.value, None
    if p is None or estimate.lower is None or estimate.upper is None:
        return None
    if estimate.method == "jeffreys" and estimate.deff:
        return estimate.n / estimate.deff
    if estimate.se and 0 < p < 1:
        return p * (1 - p) / estimate.se**2
    if p in (0.0, 1.0):
        limit = estimate.lower if p == 1 else 1 - estimate.upper
        tail = (1 - estimate.level) / 2
        if 0 < limit < 1:
            return math.log(tail) / math.log(limit) / _scale(estimate, estimate.level)
    return float(estimate.n)


def _scale(estimate: Estimate, level: float) -> float:
    """The factor (t_{n−1}/t_{df})² of Korn & Graubard (1998)."""
    if estimate.n < 2 or estimate.df is None or estimate.df < 1:
        return 1.0
    return float((t_factor(level, estimate.n - 1) / t_factor(level, estimate.df)) ** 2)


def at_level(estimate: Estimate, level: float) -> Estimate:
    """Return an estimate with its limits at another level, by its own method.

    Parameters
    ----------
    estimate
        From `SurveyDesign`; one without limits is returned with the new level only.
    level
        Two-sided confidence level, such as 0.90.
    """
    return estimate if estimate.level == level else _limited(estimate, replace(estimate, level=level))


def with_df(estimate: Estimate, df: float) -> Estimate:
    """Return an estimate with the limits of other degrees of freedom; below 1 a value without limits (``too few``)."""
    if estimate.value is None or estimate.df == df:
        return estimate
    if df < 1:
        return replace(estimate, se=None, lower=None, upper=None, df=df, status="too few")
    return _limited(estimate, replace(estimate, df=df))


UNSEEN_DEFF = 2.0
"""Design effect at an end that a share of nothing or of all is moved to: its answers tell of none, being all alike."""


def moved(estimate: Estimate, value: float) -> Estimate:
    """Return what an estimate would be had it another value, of the same answers: a share with the error of that share.

    Parameters
    ----------
    estimate
        From `SurveyDesign`; one without limits stays without.
    value
        The other value, such as the end of its bounds.
    """
    if estimate.value is None or estimate.lower is None or estimate.upper is None or value == estimate.value:
        return estimate
    if estimate.method not in METHODS:
        # What is unknown is unlike the rest, so that the error of the rest is too small: it grows with the way it is moved.
        by, half = value - estimate.value, (estimate.upper - estimate.lower) / 2
        wide = math.hypot(half, by / 2)
        se = estimate.se * wide / half if estimate.se and half else estimate.se
        return replace(estimate, value=value, se=se, lower=value - wide, upper=value + wide)
    size = min(effective_n(estimate) or estimate.n, estimate.n)
    if estimate.value in (0.0, 1.0):
        size = min(size, estimate.n / UNSEEN_DEFF)
    se = math.sqrt(value * (1 - value) / size) if size else 0.0
    beta = replace(estimate, value=value, se=se, deff=estimate.n / size if size else None)
    shares = np.array([value]), np.array([se**2]), np.array([float(estimate.n)]), np.array([float(estimate.df or 1.0)])
    lower, upper, _ = share_limits(*shares, estimate.level, estimate.method, np.array([size]))
    return replace(beta, lower=float(lower[0]), upper=float(upper[0]))


def capped(estimate: Estimate) -> Estimate:
    """Return a share whose effective size is no more than its answers (Korn & Graubard 1998, section 3.2).

    With few first-stage units the variance may come out below that of independent answers by chance alone.
    """
    p, se = estimate.value, estimate.se
    if estimate.method not in METHODS or p is None or not se or not 0 < p < 1 or estimate.lower is None:
        return estimate
    least = math.sqrt(p * (1 - p) / estimate.n) * (1 - 1e-12)
    return estimate if se >= least else _limited(estimate, replace(estimate, se=least, deff=None))


def _limited(old: Estimate, new: Estimate) -> Estimate:
    """Return `new` with limits computed by its own method from its own standard error, degrees of freedom and level."""
    if new.value is None or new.df is None or old.lower is None or old.upper is None:
        return new
    value, se = np.array([new.value]), np.array([new.se or 0.0])
    df, n = np.array([new.df]), np.array([float(new.n)])
    if new.method in METHODS:
        size = np.array([effective_n(old) or new.n])
        lower, upper, _ = share_limits(value, se**2, n, df, new.level, new.method, size)
    else:
        lower, upper = t_limits(value, se, df, new.level)
    return replace(new, lower=float(lower[0]), upper=float(upper[0]))
