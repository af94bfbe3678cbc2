"""Point estimates with linearised variances: means, totals, ratios, variances; and shares with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.house.arrays import Bools, Floats
from analysis.statistics.columns import Groups
from analysis.statistics.intervals import share_limits, t_limits
from analysis.statistics.results import Results
from analysis.statistics.variance import Ratio


class Spread(Protocol):
    """How variances are found: from the stages of the sample, or from replicates."""

    def variances(self, ratio: Ratio) -> Floats:
        """Return the variance of each group's ratio."""

    def covariance(self, ratio: Ratio) -> Floats:
        """Return the covariance matrix of the groups' ratios."""

    def share_covariance(self, ratio: Ratio) -> Floats:
        """Return the covariance matrix of the groups' shares of the total of all groups."""


@dataclass(frozen=True)
class Setting:
    """What an estimator needs of a design.

    Parameters
    ----------
    weights
        (rows,) weights.
    groups
        The domain's rows by group; rows outside the domain are in none.
    spread
        How variances are found.
    df
        Degrees of freedom for each group's limits.
    estimable
        Whether each group touches a stratum from which a variance can be estimated.
    level
        Confidence level.
    replace
        Design effects against sampling with replacement.
    """

    weights: Floats
    groups: Groups
    spread: Spread
    df: Floats
    estimable: Bools
    level: float
    replace: bool

    def srs_variance(self, values: Floats) -> tuple[Floats, Floats, Floats]:
        """Return, for each group, the population variance, the number of rows and the sum of weights."""
        inside, weights = self.groups, self.weights
        n, mass = inside.counts, inside.sums(weights)
        safe = np.where(mass > 0, mass, 1.0)
        mean = inside.sums(weights * values) / safe
        square = inside.sums(weights * (values - inside.spread(mean)) ** 2) / safe
        return square * n / np.maximum(n - 1, 1), n, mass

    def deff(self, variance: Floats, values: Floats, *, total: bool) -> Floats:
        """Return design effects (Kish 1965, section 8.2): against a simple random sample of the same size.

        Without replacement, where the weights add up to more than the sample; else, and with `replace`, with
        replacement. NaN where nothing varies.
        """
        spread, n, mass = self.srs_variance(values)
        safe = np.maximum(n, 1)
        plain = self.replace | (mass - n <= 1e-9 * safe)
        simple = spread / safe * np.where(plain, 1.0, (mass - n) / np.maximum(mass, 1.0))
        simple = simple * mass**2 if total else simple
        tiny = simple <= 1e-24 * np.maximum(1.0, np.abs(variance))
        return np.where(tiny | (n < 2), np.nan, variance / np.where(tiny, 1.0, simple))


def ratio_results(setting: Setting, ratio: Ratio, values: Floats, *, total: bool) -> Results:
    """Return t intervals for ratios of totals; `values` are the row values whose variance a simple sample would have."""
    n = setting.groups.counts
    known = setting.groups.sums(setting.weights) > 0
    if ratio.bottom is not None:
        known &= setting.groups.sums(ratio.bottom) != 0
    value = np.where(known, ratio.value, np.nan)
    variance = setting.spread.variances(ratio)
    seen = known & setting.estimable & (setting.df >= 1)
    se = np.where(seen, np.sqrt(variance), np.nan)
    lower, upper = t_limits(value, se, setting.df, setting.level)
    deff = np.where(seen, setting.deff(variance, values, total=total), np.nan)
    df = np.where(known, setting.df, np.nan)
    return Results(value, se, lower, upper, df, n, deff, np.full(len(n), "t"), setting.level)


def share_results(setting: Setting, ratio: Ratio, values: Floats, method: str) -> Results:
    """Return intervals for shares; at 0 % and 100 % the ``beta`` limits of Kish's effective size stand in.

    Where no variance was seen the effective size is (Σw)²/Σw² (Kish 1965, section 11.7), scaled for the degrees of
    freedom as Korn & Graubard (1998) do; it knows nothing of clustering, which the methods page says.
    """
    n = setting.groups.counts
    mass, square = setting.groups.sums(setting.weights), setting.groups.sums(setting.weights**2)
    known = mass > 0
    yes = setting.groups.sums(values)
    value = np.where(known, np.where(yes == n, 1.0, ratio.value), np.nan)
    variance = np.where((yes == n) | (yes == 0), 0.0, setting.spread.variances(ratio))
    seen = known & setting.estimable & (setting.df >= 1)
    kish = mass**2 / np.where(square > 0, square, 1.0)
    filled = np.where(known, value, 0.5)
    tiny = np.where(variance <= 1e-26, 0.0, variance)
    lower, upper, flat = share_limits(filled, tiny, n, setting.df, setting.level, method, np.minimum(n, kish))
    blank = np.full(len(n), np.nan)
    return Results(
        value,
        np.where(seen, np.sqrt(tiny), blank),
        np.where(seen, lower, blank),
        np.where(seen, upper, blank),
        np.where(known, setting.df, blank),
        n,
        np.where(seen, setting.deff(tiny, values, total=False), blank),
        np.where(flat & (method != "jeffreys"), "beta", method),
        setting.level,
    )
