"""Limits of intervals, for arrays of estimates at once."""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.house.arrays import Bools, Floats

METHODS = ("beta", "xlogit", "asin", "mean", "jeffreys")


def t_factor(level: float, df: Floats | float) -> Floats:
    """Return the two-sided t quantile of a level (the normal one for infinite degrees of freedom; 0 below 1)."""
    df = np.asarray(df, dtype=float)
    return np.where(df >= 1, special.stdtrit(np.maximum(df, 1), (1 + level) / 2), 0.0)


def t_limits(value: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Return value ± t·se."""
    half = t_factor(level, df) * se
    return value - half, value + half


def beta_limits(p: Floats, size: Floats, level: float) -> tuple[Floats, Floats]:
    """Return Clopper–Pearson limits for a share in an effective sample (Clopper & Pearson 1934; 0 and 1 are kept)."""
    tail = (1 - level) / 2
    yes, no = size * p, size * (1 - p)
    lower = np.where(yes > 0, special.betaincinv(np.maximum(yes, 1e-300), no + 1, tail), 0.0)
    upper = np.where(no > 0, special.betainccinv(yes + 1, np.maximum(no, 1e-300), tail), 1.0)
    return lower, upper


def jeffreys_limits(p: Floats, size: Floats, level: float) -> tuple[Floats, Floats]:
    """Return Jeffreys' limits for a share in an effective sample (Brown, Cai & DasGupta 2001, section 3; 0 and 1 are kept)."""
    tail = (1 - level) / 2
    yes, no = size * p, size * (1 - p)
    lower = np.where(yes > 0, special.betaincinv(yes + 0.5, no + 0.5, tail), 0.0)
    upper = np.where(no > 0, special.betainccinv(yes + 0.5, no + 0.5, tail), 1.0)
    return lower, upper


def effective_size(p: Floats, variance: Floats, n: Floats, df: Floats, level: float) -> Floats:
    """Return p(1 − p)/v, scaled for its degrees of freedom (Korn & Graubard 1998, eq. 2 and section 3.2)."""
    ratio = t_factor(level, n - 1) / np.where(df >= 1, t_factor(level, df), 1.0)
    return p * (1 - p) / np.where(variance > 0, variance, 1.0) * ratio**2


def share_limits(
    p: Floats,
    variance: Floats,
    n: Floats,
    df: Floats,
    level: float,
    method: str,
    fallback: Floats | None = None,
) -> tuple[Floats, Floats, Bools]:
    """Return limits of shares and which of them had to fall back.

    Parameters
    ----------
    p, variance, n, df
        Shares, their variances, numbers of answers, degrees of freedom.
    level
        Confidence level.
    method
        ``beta`` Korn & Graubard (1998); ``xlogit`` t limits on the logit; ``asin`` t limits on arcsin √p (kept within
        0 and 1); ``mean`` plain t limits; ``jeffreys`` as ``beta`` with Jeffreys' limits, which are narrower.
    fallback
        Effective sizes to use with the ``beta`` (or ``jeffreys``) limits where no variance was seen (p = 0, p = 1, or
        every unit has the same share); `n` by default.

    Returns
    -------
    lower, upper, fell_back
        Three arrays; no NaN for df ≥ 1.
    """
    flat = (variance <= 0) | (p <= 0) | (p >= 1)
    inside = np.where(flat, 0.5, p)
    seen = np.where(flat, 1.0, variance)
    factor = t_factor(level, df)
    exact = jeffreys_limits if method == "jeffreys" else beta_limits
    if method == "mean":
        half = factor * np.sqrt(seen)
        lower, upper = inside - half, inside + half
    elif method == "xlogit":
        half = factor * np.sqrt(seen) / (inside * (1 - inside))
        lower, upper = special.expit(special.logit(inside) - half), special.expit(special.logit(inside) + half)
    elif method == "asin":
        angle, half = np.arcsin(np.sqrt(inside)), factor * np.sqrt(seen / (4 * inside * (1 - inside)))
        lower = np.sin(np.maximum(angle - half, 0.0)) ** 2
        upper = np.sin(np.minimum(angle + half, np.pi / 2)) ** 2
    else:
        lower, upper = exact(inside, effective_size(inside, seen, n, df, level), level)
    if flat.any():
        ratio = t_factor(level, n - 1) / np.where(df >= 1, factor, 1.0)
        size = (n if fallback is None else fallback) * np.where(n > 1, ratio, 1.0) ** 2
        low, high = exact(p, np.maximum(size, 1e-9), level)
        lower, upper = np.where(flat, low, lower), np.where(flat, high, upper)
    return lower, upper, flat
