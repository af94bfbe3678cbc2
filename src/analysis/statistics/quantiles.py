"""Weighted quantiles with limits found through the distribution function (Woodruff 1952)."""

from __future__ import annotations

import numpy as np

from analysis.house import UserError
from analysis.house.arrays import Floats
from analysis.statistics.intervals import share_limits, t_factor
from analysis.statistics.points import Setting
from analysis.statistics.results import Results
from analysis.statistics.variance import Ratio

RULES = ("math", "hf7")


class Ladder:
    """The values of each group in order with their cumulated weights: quantiles of all groups at once.

    Parameters
    ----------
    setting
        Groups and weights.
    values
        (rows,) values; rows outside the groups are ignored.
    """

    def __init__(self, setting: Setting, values: Floats) -> None:
        inside = np.flatnonzero(setting.groups.codes >= 0)
        codes = setting.groups.codes[inside]
        order = np.lexsort((values[inside], codes))
        self.values = values[inside][order]
        self.weights = setting.weights[inside][order]
        size = len(setting.groups)
        self.count = np.bincount(codes, minlength=size)
        self.start = np.concatenate([[0], np.cumsum(self.count)[:-1]]).astype(np.int64)
        parts = np.split(self.weights.astype(np.longdouble), self.start[1:])
        self.cumulated = [np.cumsum(part).astype(float) for part in parts]

    def quantile(self, p: Floats, rule: str) -> Floats:
        """Return each group's quantile at its own p; NaN for empty groups and where p is NaN.

        Below 0 it is the least value, above 1 the greatest.
        """
        result = np.full(len(p), np.nan)
        for group, cumulated in enumerate(self.cumulated):
            if len(cumulated) and not np.isnan(p[group]):
                values = self.values[self.start[group] : self.start[group] + self.count[group]]
                result[group] = (
                    _math(values, cumulated, p[group]) if rule == "math" else _hf7(values, cumulated, p[group])
                )
        return result


def _math(values: Floats, cumulated: Floats, p: float) -> float:
    """The inverse of the weighted distribution function (Hyndman & Fan 1996, definition 1).

    Below the first step R's ``qrule="math"`` takes the second value; so does this, p = 0 excepted.
    """
    if p <= 0 or len(values) == 1:
        return float(values[0])
    total = cumulated[-1]
    place = max(int(np.searchsorted(cumulated, p * total, side="right")) - 1, 0)
    on_step = p - cumulated[place] / total == 0
    return float(values[place] if on_step else values[min(place + 1, len(values) - 1)])


def _hf7(values: Floats, cumulated: Floats, p: float) -> float:
    """Linear interpolation between order statistics (Hyndman & Fan 1996, definition 7), with weights."""
    if len(values) == 1:
        return float(values[0])
    return float(np.interp(p, np.concatenate([[0.0], cumulated[:-1]]) / cumulated[-2], values))


def quantile_results(setting: Setting, values: Floats, q: float, rule: str, interval: str) -> Results:
    """Return the quantile of each group with the limits of Woodruff (1952).

    The share of rows at or below the quantile gets an interval of its own; its limits are carried back through the
    distribution function. A limit outside 0 and 1 becomes the least or greatest value. The standard error is half the
    width of the interval over the t quantile.
    """
    if rule not in RULES:
        raise UserError(f"分位数规则“{rule}”不可用；可用：{'、'.join(RULES)}。")
    if not 0 < q < 1:
        raise UserError(f"分位数 q={q} 应在 0 与 1 之间，例如中位数 0.5。")
    size, weights = len(setting.groups), setting.weights
    ladder = Ladder(setting, values)
    value = ladder.quantile(np.full(size, q), rule)
    below = (values <= setting.groups.spread(np.nan_to_num(value))).astype(float)
    ratio = Ratio(setting.groups, weights * below, weights, weights)
    n = setting.groups.counts
    seen = ~np.isnan(value) & setting.estimable & (setting.df >= 1)
    share = np.where(np.isnan(value), 0.5, ratio.value)
    variance = np.where(seen, setting.spread.variances(ratio), 0.0)
    low, high = _woodruff(share, variance, n, setting.df, setting.level, interval)
    blank = np.full(size, np.nan)
    lower = ladder.quantile(np.where(seen, low, blank), rule)
    upper = ladder.quantile(np.where(seen, high, blank), rule)
    factor = np.where(setting.df >= 1, t_factor(setting.level, setting.df), 1.0)
    df = np.where(np.isnan(value), blank, setting.df)
    return Results(
        value, (upper - lower) / (2 * factor), lower, upper, df, n, blank, np.full(size, "woodruff"), setting.level
    )


def _woodruff(p: Floats, variance: Floats, n: Floats, df: Floats, level: float, interval: str) -> tuple[Floats, Floats]:
    if interval == "mean":
        half = t_factor(level, df) * np.sqrt(variance)
        return p - half, p + half
    low, high, _ = share_limits(p, variance, n, df, level, interval)
    return low, high
