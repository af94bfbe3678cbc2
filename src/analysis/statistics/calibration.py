"""Calibration: weights that reproduce known totals, and what that takes out of the variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import linalg

from analysis.house import UserError
from analysis.house.arrays import Floats
from analysis.statistics.columns import column, numbers, refuse

Totals = Mapping[Any, float | Mapping[Any, float]]
METHODS = ("linear", "raking", "logit")
STEPS, CLOSE, ENOUGH = 200, 1e-13, 1e-9
"""Newton steps at most; the relative misfit at which they end; the one that still counts as reached."""


def _category(frame: pd.DataFrame, key: object, levels: Mapping[Any, float]) -> tuple[Floats, Floats]:
    """Return the dummies of a category (or of several columns crossed) and the totals of its levels."""
    names = list(key) if isinstance(key, tuple) else [key]
    for name in names:
        series = column(frame, name)
        refuse(series.isna().to_numpy(), str(name), series, "校准用的类别不能缺", "请补填，或先去掉这些行")
    label = "×".join(map(str, names))
    own = pd.MultiIndex.from_frame(frame[names]) if len(names) > 1 else pd.Index(frame[names[0]])
    known = pd.Index(list(levels))  # of tuples: a MultiIndex
    codes = known.get_indexer(own)
    shown = pd.Series(list(own))
    refuse(codes < 0, label, shown, "总数表中没有这一类", "请在总数中补上这一类，或改正数据")
    totals = np.array([float(value) for value in levels.values()])
    if not np.isfinite(totals).all() or (totals < 0).any():
        raise UserError(f"“{label}”的总数应为不小于 0 的数字；请检查总数表。")
    seen = np.bincount(codes, minlength=len(totals)) > 0
    for position in np.flatnonzero(~seen & (totals > 0)).tolist():
        raise UserError(f"“{label}”的“{known[position]}”有总数，却没有一份回答；请与相近的类合并后再校准。")
    for position in np.flatnonzero(seen & (totals == 0)).tolist():
        raise UserError(f"“{label}”的“{known[position]}”总数为 0，却有回答；请改正总数表或数据。")
    dummies = (codes[:, None] == np.arange(len(totals))[None, :]).astype(float)
    return dummies[:, seen], totals[seen]


def constraints(frame: pd.DataFrame, totals: Totals) -> tuple[Floats, Floats]:
    """Return the calibration variables (rows, constraints) and their totals.

    Parameters
    ----------
    frame
        The design's data.
    totals
        Column → total of a numeric column; column → {level: total} for a category; a tuple of columns →
        {(level, …): total} for crossed categories. Categories must agree on the size of the population.

    Raises
    ------
    UserError
        If a column has gaps or levels without a total (or the reverse), or categories disagree.
    """
    if not totals:
        raise UserError("校准至少需要一个已知总数。")
    parts, wanted, size = [], [], None
    for key, given in totals.items():
        given = given.to_dict() if isinstance(given, pd.Series) else given
        if isinstance(given, Mapping):
            dummies, goal = _category(frame, key, given)
            if size is None:
                size = float(goal.sum())
            elif not np.isclose(goal.sum(), size, rtol=1e-9, atol=0):
                raise UserError(f"“{key}”各类合计 {goal.sum():g}，与前面类别的合计 {size:g} 不一致；请统一总体口径。")
            else:
                dummies, goal = dummies[:, 1:], goal[1:]
        else:
            values, name = numbers(frame, key)
            refuse(np.isnan(values), name, pd.Series(values), "校准用的数值不能缺", "请补填，或先去掉这些行")
            dummies, goal = values[:, None], np.array([float(given)])
        parts.append(dummies)
        wanted.append(goal)
    return np.hstack(parts), np.concatenate(wanted)


def _distance(method: str, bounds: tuple[float, float], u: Floats) -> tuple[Floats, Floats]:
    """Return g = F(u) and F'(u) of a method (Deville & Särndal 1992, table 1: cases 1, 2, 6 and 7)."""
    low, high = bounds
    if method == "logit":
        a = (high - low) / ((high - 1) * (1 - low))
        e = np.exp(np.clip(a * u, -300, 300))  # its square is a number too
        below = high - 1 + (1 - low) * e
        return (low * (high - 1) + high * (1 - low) * e) / below, a * e * (1 - low) * (high - 1) * (
            high - low
        ) / below**2
    g = 1 + u if method == "linear" else np.exp(np.clip(u, -500, 500))
    slope = np.ones_like(u) if method == "linear" else g
    free = (g > low) & (g < high)
    return np.clip(g, low, high), np.where(free, slope, 0.0)


def g_weights(x: Floats, weights: Floats, totals: Floats, method: str, bounds: tuple[float, float]) -> Floats:
    """Solve Σ w g x = totals for g = F(x'λ) by Newton's method (Deville & Särndal 1992, section 2).

    Raises
    ------
    UserError
        If no g within the bounds reaches the totals.
    """
    if ((x == 0) | (x == 1)).all() and (x.sum(axis=1) == 1).all() and (weights @ x > 0).all():
        g: Floats = x @ (totals / (weights @ x))  # the cells of one category: every method gives their ratio
        if ((g >= bounds[0]) & (g <= bounds[1])).all():
            return g
    scale = np.sqrt(np.maximum((weights[:, None] * x**2).sum(axis=0), 1e-300))
    z, goal = x / scale, totals / scale
    multiplier = np.zeros(z.shape[1])
    g, slope = _distance(method, bounds, z @ multiplier)
    misfit = goal - (weights * g) @ z
    tolerance = (1 + np.abs(totals)) / scale
    for _ in range(STEPS):
        if (np.abs(misfit) <= CLOSE * tolerance).all():
            break
        step = linalg.lstsq((z * (weights * slope)[:, None]).T @ z, misfit)[0]
        size = np.abs(misfit / tolerance).max()
        for _ in range(30):
            g, slope = _distance(method, bounds, z @ (multiplier + step))
            trial = goal - (weights * g) @ z
            if np.abs(trial / tolerance).max() < 2 * size:
                break
            step = step / 2
        improved = np.abs(trial / tolerance).max() < size
        multiplier, misfit = multiplier + step, trial
        if size < ENOUGH and not improved:
            break
    worst = float((np.abs(misfit) / tolerance).max())
    if worst > ENOUGH:
        raise UserError(
            f"校准没有成功：在权数倍数 {bounds[0]:g}–{bounds[1]:g} 之内达不到给定的总数（相对差 {worst:.1g}）；"
            "请放宽 bounds，合并稀少的类别，或检查总数。"
        )
    return g


def checked_bounds(method: str, bounds: Sequence[float] | None) -> tuple[float, float]:
    """Return the bounds of g, or no bounds; refuse what a method cannot use."""
    if method not in METHODS:
        raise UserError(f"校准方法“{method}”不可用；可用：{'、'.join(METHODS)}。")
    if bounds is None:
        if method == "logit":
            raise UserError("logit 校准需要 bounds，例如 bounds=(0.5, 2)。")
        return -np.inf, np.inf
    low, high = map(float, bounds)
    if not low < 1 < high or (method == "logit" and not np.isfinite([low, high]).all()):
        raise UserError(f"bounds=({low:g}, {high:g}) 应把 1 夹在中间{'且有限' if method == 'logit' else ''}。")
    return low, high


@dataclass(frozen=True)
class Calibration:
    """One calibration of a design: enough to repeat it on other weights, and its projection.

    Parameters
    ----------
    x, totals
        Calibration variables (rows, constraints) and their totals.
    method, bounds
        As given to `SurveyDesign.calibrate`.
    before, g
        (rows,) weights before, and the factors found.
    """

    x: Floats
    totals: Floats
    method: str
    bounds: tuple[float, float]
    before: Floats
    g: Floats

    @classmethod
    def solve(cls, x: Floats, totals: Floats, weights: Floats, method: str, bounds: tuple[float, float]) -> Calibration:
        """Find the factors for given weights."""
        return cls(x, totals, method, bounds, weights, g_weights(x, weights, totals, method, bounds))

    def repeated(self, weights: Floats) -> Floats:
        """Return other weights (of a replicate), calibrated the same way."""
        return weights * g_weights(self.x, weights, self.totals, self.method, self.bounds)

    @cached_property
    def _orthonormal(self) -> Floats:
        """An orthonormal basis of the columns of √w·x."""
        q, r, _ = linalg.qr(self.x * np.sqrt(self.before)[:, None], mode="economic", pivoting=True)
        size = np.abs(np.diag(r))
        found: Floats = q[:, size > size.max(initial=0.0) * 1e-10]
        return found

    @cached_property
    def _scale(self) -> Floats:
        return self.g * np.sqrt(self.before)

    def basis(self) -> Floats:
        """What residuals lose: z − basis·(dualᵀz) are the residuals of the regression of z/(g w) on x with weights w.

        They are those of Deville & Särndal (1992, eq. 3.4), weighted with the calibrated weights.
        """
        return self._orthonormal * self._scale[:, None]

    def dual(self) -> Floats:
        """The linear map from influence values to regression coefficients in the orthonormal basis."""
        scale = self._scale
        return np.where(scale[:, None] == 0, 0.0, self._orthonormal / np.where(scale == 0, 1.0, scale)[:, None])
