"""Charts that watch a figure from week to week: EWMA and the overdispersed p′ chart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats

MOVING_RANGE = 1.128
"""Expected moving range of two independent normal values, in standard deviations (Shewhart's d₂ for n = 2)."""
ANSCOMBE = 0.375
"""What is added to a count and to its complement before the arcsine, so that its variance is about 1/(4n + 2) (Anscombe 1948)."""
RARE = 2.0
"""Fewer exceptions expected in a usual period: their count is nearly Poisson's, whatever each one's own chance (Le Cam 1960)."""


def _numbers(values: Sequence[float | None] | Floats | pd.Series) -> Floats:
    return pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def moving_sigma(values: Floats) -> float:
    """Return the standard deviation that the mean moving range implies; 0 with fewer than two values."""
    known = values[~np.isnan(values)]
    return float(np.abs(np.diff(known)).mean() / MOVING_RANGE) if len(known) > 1 else 0.0


def _relative(base: Floats, known: Bools) -> Floats:
    """Return the standard deviation of each period in those of a usual one; that of a longer period is not smaller."""
    there = known & (base > 0)
    usual = float(np.median(base[there])) if there.any() else 1.0
    return np.sqrt(np.maximum(usual / np.where(there, base, usual), 1.0))


def _table(index: pd.Index, **columns: Floats | Bools) -> pd.DataFrame:
    shown: dict[str, object] = {}
    for name, numbers in columns.items():
        if numbers.dtype == bool:
            shown[name] = numbers
        else:
            missing = np.isnan(numbers)
            shown[name] = pd.arrays.FloatingArray(np.where(missing, 0.0, numbers), missing)
    return pd.DataFrame(shown, index=index)


def ewma(
    values: Sequence[float | None] | pd.Series,
    *,
    smoothing: float = 0.2,
    width: float = 2.8,
    baseline: int | None = None,
    base: Sequence[float | None] | Floats | pd.Series | None = None,
    centre: float | None = None,
    sigma: float | None = None,
) -> pd.DataFrame:
    """Smooth a series exponentially and tell when it has drifted.

    z_t = λ x_t + (1 − λ) z_{t−1}, starting at the centre (Roberts 1959), with the limits
    centre ± L σ √(λ/(2 − λ)·(1 − (1 − λ)^{2t})) (Lucas & Saccucci 1990, eq. 3).

    Parameters
    ----------
    values
        One value a period, in order; a missing period keeps the smoothed value and its limits.
    smoothing, width
        λ and L. With λ = 0.2 and L = 2.8, centre and σ taken from the same 18 weeks, fewer than 5 % of terms without any
        change or autocorrelation hold a signal (``benchmarks/ledger_coverage.md``, where those with it stand too).
    baseline
        How many first periods set centre and σ (default: all).
    base
        What each value rests on. A period of less than the usual (median) base has a standard deviation that is
        √(usual / own) times as large, so that a short week is no signal; default: all alike.
    centre, sigma
        Known values instead; σ is otherwise that of the moving range.

    Returns
    -------
    pandas.DataFrame
        ``value smoothed centre lower upper signal``, indexed as the input; what is missing is ``<NA>``.
    """
    if not 0 < smoothing <= 1:
        raise UserError(f"平滑系数 smoothing={smoothing} 应大于 0、不超过 1，通常取 0.2。")
    index = values.index if isinstance(values, pd.Series) else pd.RangeIndex(len(values))
    x = _numbers(values)
    first = x[:baseline]
    if np.isnan(first).all():
        blank = np.full(len(x), np.nan)
        return _table(index, value=x, smoothed=blank, centre=blank, lower=blank, upper=blank, signal=np.isinf(blank))
    middle = float(np.nanmean(first)) if centre is None else centre
    relative = np.ones(len(x)) if base is None else _relative(np.nan_to_num(_numbers(base)), ~np.isnan(x))
    spread = moving_sigma((x - middle)[:baseline] / relative[:baseline]) if sigma is None else sigma
    smoothed, scale = np.empty(len(x)), np.empty(len(x))
    z, variance = middle, 0.0
    for place, value in enumerate(x):
        if not np.isnan(value):
            z = smoothing * value + (1 - smoothing) * z
            variance = smoothing**2 * relative[place] ** 2 + (1 - smoothing) ** 2 * variance
        smoothed[place] = z
        scale[place] = np.sqrt(variance)
    half = width * spread * scale
    signal = (np.abs(smoothed - middle) > half) & (half > 0) & ~np.isnan(x)
    whole = np.full(len(x), middle)
    return _table(
        index, value=x, smoothed=smoothed, centre=whole, lower=middle - half, upper=middle + half, signal=signal
    )


def _angle(count: Floats, n: Floats) -> Floats:
    """Return counts on the scale on which their standard deviation depends on n only."""
    found: Floats = np.arcsin(np.sqrt((count + ANSCOMBE) / (n + 2 * ANSCOMBE)))
    return found


def _share(angle: Floats, n: Floats) -> Floats:
    """Return the shares, within 0 and 1, that stand at angles."""
    count = np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2 * (n + 2 * ANSCOMBE) - ANSCOMBE
    return np.clip(count / np.where(n > 0, n, 1.0), 0.0, 1.0)


def p_prime(
    numerator: Sequence[float | None] | pd.Series,
    denominator: Sequence[float | None] | pd.Series,
    *,
    width: float = 3.3,
    baseline: int | None = None,
) -> pd.DataFrame:
    """Watch a share over periods of large, unequal bases: Laney's p′ chart on Anscombe's scale.

    θ(y, n) = arcsin √((y + ⅜)/(n + ¾)) has a standard deviation of about 1/√(4n + 2) whatever the share (Anscombe 1948), so
    that rare exceptions, whose counts are skew, are no signals. Of z_t = (θ(y_t, n_t) − θ(p̄n_t, n_t))·√(4n_t + 2) the
    moving-range standard deviation σ_z is taken (Laney 2002, eqs. 3–6): what varies beyond chance from period to period
    is no signal. The limits are the shares at z = ±L σ_z. Where fewer than `RARE` exceptions are expected in a usual
    period, σ_z is at least 1: weeks without any do not say that nothing varies.

    Parameters
    ----------
    numerator, denominator
        Counts of each period, in order; a period without a base has no value.
    width
        L, in standard deviations. With 3.3, centre and σ_z taken from the same 18 weeks, fewer than 5 % of terms without
        any change or autocorrelation hold a signal, whatever the share (``benchmarks/ledger_coverage.md``).
    baseline
        How many first periods set p̄ and σ_z (default: all).

    Returns
    -------
    pandas.DataFrame
        ``value n centre lower upper signal`` (limits within 0 and 1), indexed as the input, with σ_z in
        ``attrs["sigma_z"]``.
    """
    index = numerator.index if isinstance(numerator, pd.Series) else pd.RangeIndex(len(numerator))
    yes, n = _numbers(numerator), np.nan_to_num(_numbers(denominator))
    if len(yes) != len(n):
        raise UserError(f"分子有 {len(yes)} 期，分母有 {len(n)} 期；请逐期对应。")
    if ((np.nan_to_num(yes) > n) | (np.nan_to_num(yes) < 0)).any():
        raise UserError("有的时期分子大于分母或为负；请检查计数。")
    known = (n > 0) & ~np.isnan(yes)
    p = np.where(known, np.nan_to_num(yes) / np.where(n > 0, n, 1.0), np.nan)
    first = known & (np.arange(len(n)) < (len(n) if baseline is None else baseline))
    if not first.any():
        blank = np.full(len(n), np.nan)
        return _table(index, value=p, n=n, centre=blank, lower=blank, upper=blank, signal=np.isinf(blank))
    centre = float(yes[first].sum() / n[first].sum())
    middle, scale = _angle(centre * n, n), np.sqrt(4 * n + 2)
    z = (_angle(np.nan_to_num(yes), n) - middle) * scale
    sigma_z = moving_sigma(z[first]) if first.sum() > 1 else 1.0
    if np.median(n[first]) * min(centre, 1 - centre) < RARE:
        sigma_z = max(sigma_z, 1.0)
    lower, upper = (np.where(known, _share(middle + side * width * sigma_z / scale, n), np.nan) for side in (-1.0, 1.0))
    signal = (p < lower) | (p > upper)  # of what is unknown neither
    table = _table(index, value=p, n=n, centre=np.full(len(n), centre), lower=lower, upper=upper, signal=signal)
    table.attrs["sigma_z"] = sigma_z
    return table
