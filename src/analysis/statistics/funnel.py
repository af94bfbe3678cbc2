"""Funnel plots: which of many units differ from the whole by more than they vary anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analysis.house import UserError

LEVELS = (0.95, 0.998)
WINSOR = 0.1


@dataclass(frozen=True)
class Funnel:
    """Limits of a funnel for shares, and where each unit lies.

    Parameters
    ----------
    centre
        The share of all units together.
    dispersion
        φ ≥ 1: by how much the units vary beyond chance (variance ratio).
    table
        One row a unit: ``value n z p place``; `n` is the effective size, `z` the deviation in overdispersed standard
        deviations, `p` its two-sided p value, `place` one of ``within``, ``above``, ``below`` (beyond the outer
        limits) and ``high``, ``low`` (between inner and outer).
    levels
        Inner and outer level.
    """

    centre: float
    dispersion: float
    table: pd.DataFrame
    levels: tuple[float, float] = LEVELS

    def limits(self, sizes: Sequence[float] | np.ndarray) -> pd.DataFrame:
        """Return ``n lower inner_lower inner_upper upper`` for units of given sizes (to draw the funnel)."""
        n = np.asarray(sizes, dtype=float)
        inner, outer = (beta_band(self.centre, self.dispersion, n, level) for level in self.levels)
        columns = {"n": n, "lower": outer[0], "inner_lower": inner[0], "inner_upper": inner[1], "upper": outer[1]}
        return pd.DataFrame(columns)


def beta_band(centre: float, dispersion: float, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the central band of a beta distribution with mean p₀ and variance φ p₀(1 − p₀)/n.

    It has the moments of Spiegelhalter's (2005b, eq. 5) multiplicative limits and stays within 0 and 1; where n/φ ≤ 1
    nothing is excluded.
    """
    size = np.asarray(n, dtype=float) / dispersion - 1.0
    usable = (size > 0) & (0 < centre < 1)
    a, b = np.where(usable, size * centre, 1.0), np.where(usable, size * (1 - centre), 1.0)
    tail = (1 - level) / 2
    flat_low, flat_high = (0.0, 1.0) if 0 < centre < 1 else (centre, centre)
    return (
        np.where(usable, special.betaincinv(a, b, tail), flat_low),
        np.where(usable, special.betainccinv(a, b, tail), flat_high),
    )


def funnel(
    value: Sequence[float] | pd.Series,
    n: Sequence[float] | pd.Series,
    *,
    centre: float | None = None,
    overdispersion: bool = True,
    levels: tuple[float, float] = LEVELS,
) -> Funnel:
    """Compare the shares of many units with the share of all (Spiegelhalter 2005a, 2005b).

    φ is the mean squared z value, the most extreme tenth on each side drawn in (winsorised), at least 1
    (Spiegelhalter 2005b, eqs. 3 and 4).

    Parameters
    ----------
    value
        Share of each unit; units with a missing share or n = 0 are left out.
    n
        Size of each unit: answers divided by their design effect.
    centre
        The share to compare with (default: Σ n·value / Σ n).
    overdispersion
        False takes φ = 1.
    levels
        Inner and outer level of the limits.
    """
    index = value.index if isinstance(value, pd.Series) else pd.RangeIndex(len(value))
    p = pd.to_numeric(pd.Series(value), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    size = np.nan_to_num(pd.to_numeric(pd.Series(n), errors="coerce").to_numpy(dtype=float, na_value=np.nan))
    if len(p) != len(size):
        raise UserError(f"有 {len(p)} 个占比、{len(size)} 个样本数；请逐个对应。")
    kept = ~np.isnan(p) & (size > 0)
    p, size, index = p[kept], size[kept], index[kept]
    if not len(p):
        raise UserError("没有可比较的单位；请检查数据。")
    middle = float((p * size).sum() / size.sum()) if centre is None else float(centre)
    chance = np.sqrt(middle * (1 - middle) / size)
    plain = np.where(chance > 0, (p - middle) / np.where(chance > 0, chance, 1.0), 0.0)
    phi = 1.0
    if overdispersion and len(p) > 1:
        low, high = np.quantile(plain, [WINSOR, 1 - WINSOR])
        phi = max(1.0, float((np.clip(plain, low, high) ** 2).mean()))
    z = plain / np.sqrt(phi)
    inner, outer = (beta_band(middle, phi, size, level) for level in levels)
    place = np.full(len(p), "within", dtype=object)
    for word, beyond in (
        ("low", p < inner[0]),
        ("high", p > inner[1]),
        ("below", p < outer[0]),
        ("above", p > outer[1]),
    ):
        place[beyond] = word
    table = pd.DataFrame(
        {"value": p, "n": size, "z": z, "p": 2 * special.ndtr(-np.abs(z)), "place": place}, index=index
    )
    return Funnel(middle, phi, table, levels)
