"""What changed between two waves of a survey, with the schools that took part in both taken into account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats
from analysis.statistics.columns import Values, aligned, numbers
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import t_factor
from analysis.statistics.levels import with_df
from analysis.statistics.results import estimates


@dataclass(frozen=True)
class Change:
    """The difference of a share (or mean) between two waves.

    Parameters
    ----------
    before, after
        The two estimates.
    difference
        After less before, over all units that took part in either.
    common
        The same over the units that took part in both: free of who came and who went.
    p
        Two-sided p value of `common` (None where there is none).
    both, only_before, only_after
        Names of the units in both waves, and in one of them only.
    correlation
        Correlation of the two estimates that the shared units bring about (None: not known).
    """

    before: Estimate
    after: Estimate
    difference: Estimate
    common: Estimate
    p: float | None
    both: tuple[Any, ...]
    only_before: tuple[Any, ...]
    only_after: tuple[Any, ...]
    correlation: float | None

    @property
    def direction(self) -> str:
        """``up``, ``down`` or ``not shown``: whether the interval of `common` leaves 0 out."""
        low, high = self.common.lower, self.common.upper
        if low is None or high is None or low <= 0 <= high:
            return "not shown"
        return "up" if low > 0 else "down"


def _contrast(
    design: SurveyDesign, y: Values, waves: Floats, where: Bools, pair: tuple[Any, Any], level: float
) -> tuple[list[Estimate], Estimate, float | None]:
    """Return both estimates, their difference and their correlation."""
    codes = np.where(waves == pair[0], 0.0, np.where(waves == pair[1], 1.0, np.nan))
    inside = where & ~np.isnan(codes) & ~np.isnan(numbers(design.frame, y)[0])
    table = design.mean(y, by=codes, where=inside, level=level)
    empty = Estimate(None, level=level, status="no data")
    found = dict(zip(table.index, estimates(table, level), strict=True))
    both = [
        with_df(found.get(code, empty), float(design.degrees_of_freedom(inside & (codes == code))))
        for code in (0.0, 1.0)
    ]
    if any(one.value is None for one in both):
        return both, empty, None
    before, after = both
    assert before.value is not None and after.value is not None
    value, n = after.value - before.value, before.n + after.n
    if before.se is None or after.se is None:
        return both, Estimate(value, level=level, n=n, status="too few"), None
    df = float(design.degrees_of_freedom(inside))
    if df < 1:
        return both, Estimate(value, level=level, n=n, status="too few"), None
    matrix = np.asarray(table.attrs["covariance"].frame)
    variance = max(float(matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1]), 0.0)
    half = float(t_factor(level, df)) * variance**0.5
    product = (matrix[0, 0] * matrix[1, 1]) ** 0.5
    correlation = float(matrix[0, 1] / product) if product > 0 else None
    return both, Estimate(value, variance**0.5, value - half, value + half, level, n, df, None, "t"), correlation


def change(
    design: SurveyDesign,
    y: Values,
    *,
    wave: Values,
    before: object,
    after: object,
    units: Values,
    where: Values | None = None,
    level: float = 0.95,
) -> Change:
    """Estimate the change of a share or mean between two waves.

    Both waves stand in one design, so that units in both waves are counted as the same units:
    V(after − before) = V₁ + V₂ − 2 Cov (Kish 1965, section 12.4A), the covariance by linearisation over the shared
    sampling units. The change is also given for the common units alone.

    Parameters
    ----------
    design
        Holds both waves, with the same labels for the same strata and clusters.
    y
        A column or an aligned array of 0/1 or numbers.
    wave
        The column of waves.
    before, after
        The two waves, as in that column.
    units
        The column of units whose overlap matters (schools).
    where
        A domain.
    level
        Of the t limits, with the degrees of freedom of the units compared.
    """
    waves, name = aligned(design.frame, wave, "wave")
    places, _ = aligned(design.frame, units, "units")
    moment, place = waves.to_numpy(dtype=object), places.to_numpy(dtype=object)
    for one in (before, after):
        if one not in set(moment):
            raise UserError(f"“{name}”列中没有“{one}”这一期；现有：{'、'.join(sorted(map(str, set(moment))))}。")
    inside = design.domain(where)
    first = set(place[inside & (moment == before)])
    second = set(place[inside & (moment == after)])
    both = first & second
    shared = inside & np.isin(place.astype(str), [str(one) for one in both])
    pair, all_of_them, correlation = _contrast(design, y, moment, inside, (before, after), level)
    common = all_of_them
    if not np.array_equal(shared, inside):
        _, common, _ = _contrast(design, y, moment, shared, (before, after), level)
    p = None
    if common.value is not None and common.se and common.df and common.df >= 1:
        p = float(2 * special.stdtr(common.df, -abs(common.value / common.se)))
    names = [
        tuple(sorted(some, key=lambda name: (str(type(name)), name))) for some in (both, first - second, second - first)
    ]
    return Change(pair[0], pair[1], all_of_them, common, p, names[0], names[1], names[2], correlation)
