"""Funnel plots: do many units differ at all, and which lie beyond chance or beyond what units vary anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analysis.house import UserError
from analysis.house.arrays import Floats
from analysis.statistics.multiplicity import holm

LEVELS = (0.95, 0.998)
WINSOR = 0.1
STEPS = 60
"""Halvings until a limit is found."""


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """The test that all units have one share: Σ n(p − p₀)²/(p₀(1 − p₀)) against χ².

    With effective sizes it is Rao & Scott's (1981, section 3) first-order correction of Pearson's test.

    Parameters
    ----------
    chi2, df, p
        Statistic, degrees of freedom (units less one, or all units where the centre was given), p value.
    """

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class Funnel:
    """Limits of a funnel for shares, and where each unit lies.

    Two questions are kept apart. Against chance alone: do the units differ (`homogeneity`), and which (`chance` in the
    table)? Limits widened by φ take what the units vary anyway as usual: who lies outside them differs from the *others'*
    differences; who lies inside them may still differ by more than chance.

    Parameters
    ----------
    centre
        The share of all units together.
    dispersion
        φ ≥ 1: by how much the units vary beyond chance (variance ratio); the limits are widened by its root.
    table
        One row a unit: ``value n z p holm place`` and ``chance_z chance_p chance_holm chance``. `n` is the effective
        size; `z` the deviation in overdispersed standard deviations, `p` its two-sided p value, `holm` that adjusted
        for the number of units, `place` one of ``within``, ``above``, ``below`` (beyond the outer limits) and
        ``high``, ``low`` (between inner and outer); the columns of `chance` are the same with φ = 1.
    homogeneity
        Whether the units differ at all; None with fewer than two units or a share of 0 or 1.
    levels
        Inner and outer level.
    """

    centre: float
    dispersion: float
    table: pd.DataFrame
    homogeneity: Homogeneity | None = None
    levels: tuple[float, float] = LEVELS

    def beyond(self, *, chance: bool = True, alpha: float = 0.05) -> list[object]:
        """Return the labels of the units whose deviation holds against `alpha` over all units (Holm 1979).

        Parameters
        ----------
        chance
            Against chance alone; False: against what the units vary anyway.
        alpha
            Chance of any false finding.
        """
        adjusted = self.table["chance_holm" if chance else "holm"]
        return list(adjusted.index[adjusted < alpha])

    def limits(self, sizes: Sequence[float] | Floats, *, chance: bool = False) -> pd.DataFrame:
        """Return ``n lower inner_lower inner_upper upper`` for units of given sizes; with `chance` not widened by φ."""
        n, phi = np.asarray(sizes, dtype=float), 1.0 if chance else self.dispersion
        inner, outer = (binomial_band(self.centre, phi, n, level) for level in self.levels)
        columns = {"n": n, "lower": outer[0], "inner_lower": inner[0], "inner_upper": inner[1], "upper": outer[1]}
        return pd.DataFrame(columns)


def binomial_tail(centre: float, n: Floats, yes: Floats) -> Floats:
    """Return P(X ≤ yes) of a binomial of n trials, for sizes and counts that need not be whole (half of a step counts).

    The incomplete beta function continues the binomial distribution; at whole numbers it lies between P(X < yes) and
    P(X ≤ yes), near their mean (mid-P).
    """
    found: Floats = special.betainc(n - yes + 0.5, yes + 0.5, 1 - centre)
    return found


def binomial_band(centre: float, dispersion: float, n: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the central band of shares of n/φ trials (Spiegelhalter 2005a, appendix: exact limits, interpolated).

    It has the variance φ p₀(1 − p₀)/n of multiplicative overdispersion (Spiegelhalter 2005b, eq. 5) and stays within 0
    and 1.
    """
    size = np.asarray(n, dtype=float) / dispersion
    if not 0 < centre < 1:
        return np.full_like(size, centre), np.full_like(size, centre)
    ends = []
    for goal in ((1 - level) / 2, (1 + level) / 2):
        low, high = np.zeros_like(size), size.copy()
        for _ in range(STEPS):
            middle = (low + high) / 2
            under = binomial_tail(centre, size, middle) < goal
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        ends.append(high / size)
    return ends[0], ends[1]


def funnel(
    value: Sequence[float] | pd.Series,
    n: Sequence[float] | pd.Series,
    *,
    centre: float | None = None,
    overdispersion: bool = True,
    levels: tuple[float, float] = LEVELS,
) -> Funnel:
    """Compare the shares of many units with the share of all (Spiegelhalter 2005a, 2005b), homogeneity first.

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
    varies = 0 < middle < 1
    plain = (p - middle) / np.sqrt(middle * (1 - middle) / size) if varies else np.zeros(len(p))
    phi = 1.0
    if overdispersion and len(p) > 1:
        low, high = np.quantile(plain, [WINSOR, 1 - WINSOR])
        phi = max(1.0, float((np.clip(plain, low, high) ** 2).mean()))
    columns: dict[str, Floats] = {"value": p, "n": size}
    for before, factor in (("", phi), ("chance_", 1.0)):
        below = binomial_tail(middle, size / factor, p * size / factor) if varies else np.full(len(p), 0.5)
        tail = 2 * np.minimum(below, 1 - below)
        columns |= {f"{before}z": plain / np.sqrt(factor), f"{before}p": tail, f"{before}holm": holm(tail)}
    columns |= {"place": _places(p, middle, phi, size, levels), "chance": _places(p, middle, 1.0, size, levels)}
    alike = None
    if len(p) > 1 and varies:
        df = len(p) - int(centre is None)
        chi2 = float((plain**2).sum())
        alike = Homogeneity(chi2, df, float(special.chdtrc(df, chi2)))
    return Funnel(middle, phi, pd.DataFrame(columns, index=index), alike, levels)


def _places(p: Floats, centre: float, dispersion: float, size: Floats, levels: tuple[float, float]) -> Floats:
    inner, outer = (binomial_band(centre, dispersion, size, level) for level in levels)
    place = np.full(len(p), "within", dtype=object)
    for word, beyond in (
        ("low", p < inner[0]),
        ("high", p > inner[1]),
        ("below", p < outer[0]),
        ("above", p > outer[1]),
    ):
        place[beyond] = word
    return place
