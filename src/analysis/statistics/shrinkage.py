"""Shares of many units, drawn towards what they have in common, with honest ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analysis.house import UserError
from analysis.house.arrays import Floats

MEANS, SPREADS = 80, 40
SEED = 20230728


@dataclass(frozen=True)
class Shrunken:
    """Units' shares after shrinkage.

    Parameters
    ----------
    mean, strength
        The distribution of true shares between units: its mean μ, and M = a + b of the beta distribution (a unit with
        M answers is drawn half way; infinite: the units do not differ beyond chance).
    table
        One row a unit: ``observed n value lower upper rank rank_lower rank_upper`` (rank 1: highest share).
    level
        Of the intervals.
    """

    mean: float
    strength: float
    table: pd.DataFrame
    level: float


def _log_likelihood(yes: Floats, n: Floats, mean: Floats, strength: Floats) -> Floats:
    """Beta–binomial log-likelihood up to a constant, for arrays of hyperparameters (broadcast over units)."""
    a, b = mean[..., None] * strength[..., None], (1 - mean[..., None]) * strength[..., None]
    found: Floats = (special.betaln(a + yes, b + n - yes) - special.betaln(a, b)).sum(axis=-1)
    return found


def _maximum(yes: Floats, n: Floats) -> tuple[float, float]:
    """Return (μ, M) of greatest marginal likelihood (Skellam 1948); M is kept within 0.1 and 10⁶."""
    from scipy import optimize  # slow to import, and only needed here

    start = np.clip(yes.sum() / n.sum(), 1e-4, 1 - 1e-4)

    def loss(parameters: Floats) -> float:
        mean, strength = special.expit(parameters[0]), np.exp(parameters[1])
        return -float(_log_likelihood(yes, n, np.array(mean), np.array(strength)))

    bounds = [(-12.0, 12.0), (np.log(0.1), np.log(1e6))]
    tries = [
        optimize.minimize(loss, [special.logit(start), np.log(m)], bounds=bounds, method="L-BFGS-B")
        for m in (5, 100, 5000)
    ]
    best = min(tries, key=lambda one: float(one.fun))
    alike = np.array([special.logit(start), np.log(1e6)])  # the search stops short of it where the likelihood is flat
    at = alike if loss(alike) <= float(best.fun) else best.x
    return float(special.expit(at[0])), float(np.exp(at[1]))


def _draws(yes: Floats, n: Floats, mean: float, strength: float, count: int, seed: int) -> Floats:
    """Return (draws, units) of true shares: hyperparameters from a grid, flat in μ and in 1/(1 + M/n̄), then betas.

    The grid in μ lies at the quantiles of a beta distribution twice as wide as μ is known, its density taken out again.
    """
    generator = np.random.default_rng(seed)
    centre = (yes.sum() + 0.5) / (n.sum() + 1)
    known = 1 / (1 / n.sum() + 1 / ((min(strength, n.mean()) + 1) * len(n))) / 4 + 1
    a, b = centre * known, (1 - centre) * known
    cells = (np.arange(MEANS) + 0.5) / MEANS
    spread = (np.arange(SPREADS) + 0.5) / SPREADS
    means = np.clip(special.betaincinv(a, b, cells), 1e-9, 1 - 1e-9)
    grid_mean, grid_spread = (axis.ravel() for axis in np.meshgrid(means, spread, indexing="ij"))
    grid_strength = n.mean() * (1 - grid_spread) / grid_spread
    log = _log_likelihood(yes, n, grid_mean, grid_strength)
    log -= special.xlogy(a - 1, grid_mean) + special.xlog1py(b - 1, -grid_mean)
    weight = np.exp(log - log.max())
    picked = generator.choice(len(weight), size=count, p=weight / weight.sum())
    shift = generator.uniform(-0.5, 0.5, count) / MEANS
    mu = np.clip(special.betaincinv(a, b, cells[picked // SPREADS] + shift), 1e-9, 1 - 1e-9)
    m = grid_strength[picked]
    found: Floats = generator.beta(
        np.maximum((mu * m)[:, None] + yes, 1e-9), np.maximum(((1 - mu) * m)[:, None] + n - yes, 1e-9)
    )
    return found


def rank_intervals(draws: Floats, level: float = 0.95) -> pd.DataFrame:
    """Return the median rank and its interval for each unit (rank 1: highest; Goldstein & Spiegelhalter 1996, sect. 4).

    Parameters
    ----------
    draws
        (draws, units) simulated true values.
    level
        Of the interval.
    """
    ranks = (-draws).argsort(axis=1).argsort(axis=1) + 1
    low, middle, high = np.quantile(ranks, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0, method="inverted_cdf")
    return pd.DataFrame({"rank": middle, "rank_lower": low, "rank_upper": high}).astype(int)


def shrink(
    value: Sequence[float] | pd.Series,
    n: Sequence[float] | pd.Series,
    *,
    level: float = 0.95,
    draws: int = 20_000,
    seed: int = SEED,
) -> Shrunken:
    """Shrink shares by a beta–binomial model whose distribution is estimated from the units themselves.

    The value is the empirical-Bayes posterior mean (μM + y)/(M + n) at the μ and M of greatest marginal likelihood
    (Efron & Morris 1975; for shares Griffin & Krutchkoff 1971). Intervals and ranks come from draws that vary μ and M
    too (Deely & Lindley 1981), so that few units do not look surer than they are.

    Parameters
    ----------
    value, n
        Share and effective size (answers over design effect) of each unit; units without a value are left out.
    level
        Of the intervals.
    draws, seed
        Number and seed of the simulated values.
    """
    index = value.index if isinstance(value, pd.Series) else pd.RangeIndex(len(value))
    p = pd.to_numeric(pd.Series(value), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    size = np.nan_to_num(pd.to_numeric(pd.Series(n), errors="coerce").to_numpy(dtype=float, na_value=np.nan))
    if len(p) != len(size):
        raise UserError(f"有 {len(p)} 个占比、{len(size)} 个样本数；请逐个对应。")
    kept = ~np.isnan(p) & (size > 0)
    p, size, index = p[kept], size[kept], index[kept]
    if len(p) < 2:
        raise UserError("少于两个单位，无法估计单位之间的差别；请直接使用各自的估计值。")
    yes = p * size
    mean, strength = _maximum(yes, size)
    simulated = _draws(yes, size, mean, strength, draws, seed)
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2], axis=0)
    shrunk = (mean * strength + yes) / (strength + size)
    table = pd.DataFrame({"observed": p, "n": size, "value": shrunk, "lower": low, "upper": high}, index=index)
    ranks = rank_intervals(simulated, level).set_index(index)
    return Shrunken(mean, np.inf if strength > 9e5 else strength, pd.concat([table, ranks], axis=1), level)
