"""How well several items measure one thing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.house.arrays import Floats
from analysis.statistics.points import Setting, ratio_results
from analysis.statistics.results import Results
from analysis.statistics.variance import Ratio


def variance_results(setting: Setting, values: Floats) -> Results:
    """Return the population variance of each group, Σw(y − ȳ)²/Σw · n/(n − 1), with t limits.

    The mean is taken as known in the linearisation (its influence on the variance is of second order).
    """
    inside, weights = setting.groups, setting.weights
    n = inside.counts
    mass = inside.sums(weights)
    mean = inside.sums(weights * values) / np.where(mass > 0, mass, 1.0)
    square = (values - inside.spread(mean)) ** 2 * inside.spread(n / np.maximum(n - 1, 1))
    results = ratio_results(setting, Ratio(inside, weights * square, weights, weights), square, total=False)
    return replace(results, value=np.where(n > 1, results.value, np.nan))


def alpha_results(setting: Setting, items: Floats) -> Results:
    """Return Cronbach's alpha of each group, K/(K − 1)·(1 − Σ var(item)/var(sum)) with weighted variances.

    Cronbach (1951, eq. 2); the standard error linearises the ratio of the two variances, with the means as known.

    Parameters
    ----------
    setting
        Groups must hold complete rows only.
    items
        (rows, K) answers.
    """
    inside, weights = setting.groups, setting.weights
    mass = inside.sums(weights)
    safe = np.where(mass > 0, mass, 1.0)

    def squares(values: Floats) -> Floats:
        return (values - inside.spread(inside.sums(weights * values) / safe)) ** 2

    count = items.shape[1]
    single = np.sum([squares(items[:, k]) for k in range(count)], axis=0)
    whole = squares(items.sum(axis=1))
    flat = inside.sums(weights * whole) <= 1e-12 * safe
    ratio = Ratio(
        inside, weights * single, np.where(inside.spread(flat.astype(float)) > 0, 0.0, weights * whole), weights
    )
    results = ratio_results(setting, ratio, single, total=False)
    factor = count / (count - 1)
    blank = np.full(len(flat), np.nan)
    return replace(
        results,
        value=factor * (1 - results.value),
        se=factor * results.se,
        lower=factor * (1 - results.upper),
        upper=np.minimum(factor * (1 - results.lower), 1.0),
        deff=blank,
    )
