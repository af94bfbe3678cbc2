"""Variances of linearised estimates under multi-stage sampling, for all groups at once.

Notation: every row has a weighted influence value z; a group's estimate has the variance of the sample total of z over
the rows of the group, all other rows counting as 0 (the full design is kept: a domain is no sample of its own).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from analysis.house.arrays import Bools, Floats, Ints, summed
from analysis.statistics.columns import Groups
from analysis.statistics.stages import CELLS, Stage


class Projection(Protocol):
    """What a calibration takes out of the influence values: z − A B, with B linear in z."""

    def basis(self) -> Floats:
        """Return A, (rows, constraints)."""

    def dual(self) -> Floats:
        """Return D with B = Dᵀ z, (rows, constraints)."""


@dataclass(frozen=True)
class Ratio:
    """Ratios of two weighted totals, one a group; without `denominator` plain totals.

    `top` and `bottom` are row values already times their `weights`; rows outside every group count for nothing. With
    `parts` the groups are parts of one domain (the cells of a table), not domains of their own.
    """

    groups: Groups
    top: Floats
    bottom: Floats | None
    weights: Floats
    parts: bool = False

    @cached_property
    def divisor(self) -> Floats:
        """The denominator of each group (1 where it is 0 or where there is none)."""
        if self.bottom is None:
            return np.ones(len(self.groups))
        total = self.groups.sums(self.bottom)
        return np.where(total == 0, 1.0, total)

    @cached_property
    def value(self) -> Floats:
        """The estimate of each group."""
        return self.groups.sums(self.top) / self.divisor

    @cached_property
    def influence(self) -> Floats:
        """Taylor-linearised row values z = (top − R·bottom)/denominator (Särndal, Swensson & Wretman 1992, eq. 5.6.9)."""
        inside = self.groups.codes >= 0
        if self.bottom is None:
            return np.where(inside, self.top, 0.0)
        scaled = self.groups.spread(1 / self.divisor)
        return scaled * (self.top - self.groups.spread(self.value) * self.bottom)


def _chunks(groups: int, units: int) -> Iterator[slice]:
    step = max(1, CELLS // max(1, units))
    for start in range(0, groups, step):
        yield slice(start, min(groups, start + step))


def cell_totals(unit: Ints, units: int, codes: Ints, values: Floats, part: slice) -> Floats:
    """(units, groups of the part) sums of row values."""
    width = part.stop - part.start
    places = np.clip(codes - part.start + 1, 0, width + 1)
    keys = unit * (width + 2) + places
    return summed(keys, values, units * (width + 2)).reshape(units, width + 2)[:, 1:-1]


@dataclass(frozen=True)
class Linearised:
    """Variances from the stages of a sample, after what calibrations take out.

    The stage formula is that of Särndal, Swensson & Wretman (1992, result 4.3.1) with the between-unit variance of
    each stage estimated from unit totals, later stages times the sampling fractions of those before, as in
    Bellhouse (1985).
    """

    stages: tuple[Stage, ...]
    single_psu: str
    projections: tuple[Projection, ...] = ()

    def variances(self, ratio: Ratio) -> Floats:
        """Return the variance of each group's estimate."""
        result = np.zeros(len(ratio.groups))
        for part, residuals, present in self._parts(ratio):
            for stage, centred, scale in self._contributions(residuals, present):
                result[part] += np.einsum("ug,ug,ug->g", scale[stage.stratum], centred, centred)
        return result

    def covariance(self, ratio: Ratio) -> Floats:
        """Return the covariance matrix of the groups' estimates."""
        size = len(ratio.groups)
        result = np.zeros((size, size))
        whole = slice(0, size)
        values, codes = ratio.influence, ratio.groups.codes
        for stage, centred, scale in self._contributions(
            self._residuals(values, codes, whole), self._present(ratio, whole)
        ):
            root = centred * np.sqrt(scale[stage.stratum])
            result += root.T @ root
        return result

    def share_covariance(self, ratio: Ratio) -> Floats:
        """Return the covariance matrix of the groups' shares of the total of all groups, linearised."""
        totals = ratio.value
        mass = totals.sum()
        turn = (np.eye(len(totals)) - (totals / mass)[:, None]) / mass
        found: Floats = turn @ self.covariance(ratio) @ turn.T
        return found

    def _parts(self, ratio: Ratio) -> Iterator[tuple[slice, list[Floats], list[Bools]]]:
        values, codes = ratio.influence, ratio.groups.codes
        widest = max((len(stage.stratum) for stage in self.stages), default=1)
        for part in _chunks(len(ratio.groups), widest):
            yield part, self._residuals(values, codes, part), self._present(ratio, part)

    def _residuals(self, values: Floats, codes: Ints, part: slice) -> list[Floats]:
        """(units, groups) totals of the calibration residuals, one array a stage."""
        totals = [cell_totals(stage.unit, len(stage.stratum), codes, values, part) for stage in self.stages]
        slopes: list[Floats] = []
        for projection in self.projections:
            dual = projection.dual()
            rows = np.zeros(len(values), dtype=np.int64)
            slope = np.vstack([cell_totals(rows, 1, codes, values * dual[:, k], part) for k in range(dual.shape[1])])
            for earlier, taken in zip(self.projections, slopes, strict=False):
                slope = slope - (dual.T @ earlier.basis()) @ taken
            slopes.append(slope)
            basis = projection.basis()
            for stage, total in zip(self.stages, totals, strict=True):
                shape = (len(stage.stratum), basis.shape[1])
                sums = np.zeros(shape)
                for k in range(basis.shape[1]):
                    sums[:, k] = np.bincount(stage.unit, basis[:, k], minlength=shape[0])
                total -= sums @ slope
        return totals

    def _present(self, ratio: Ratio, part: slice) -> list[Bools]:
        """(strata, groups) whether a stratum takes part in a group: it has rows there, or the design is calibrated."""
        codes, width = ratio.groups.codes, part.stop - part.start
        ones = np.ones(len(codes))
        present: list[Bools] = []
        for stage in self.stages:
            strata = len(stage.size)
            if self.single_psu != "average" or self.projections:
                present.append(np.ones((strata, width), dtype=bool))
            elif ratio.parts:
                anywhere = np.bincount(stage.row_stratum()[codes >= 0], minlength=strata) > 0
                present.append(np.repeat(anywhere[:, None], width, axis=1))
            else:
                present.append(cell_totals(stage.row_stratum(), strata, codes, ones, part) > 0)
        return present

    def _contributions(
        self, totals: Sequence[Floats], present: Sequence[Bools]
    ) -> Iterator[tuple[Stage, Floats, Floats]]:
        """Yield for each stage the centred unit totals and the (strata, groups) factors of their squares."""
        for level, (stage, total, there) in enumerate(zip(self.stages, totals, present, strict=True)):
            if not len(stage.size):
                continue
            mean = np.add.reduceat(total, stage.starts, axis=0) / stage.size[:, None]
            if self.single_psu == "adjust":
                mean[stage.size == 1] = 0.0
            many = np.where(stage.size > 1, stage.size / np.maximum(stage.size - 1, 1), 1.0)
            factor = (stage.remainder * many * stage.multiplier)[:, None]
            if self.single_psu == "average":
                factor = factor * _average(stage, there, level)
            yield stage, total - mean[stage.stratum], np.broadcast_to(factor, mean.shape)


def _average(stage: Stage, there: Bools, level: int) -> Floats:
    """(strata, groups) factors by which the other strata stand in for those with a single unit.

    At later stages they stand in within their first-stage unit; a unit of which no stratum can be judged adds nothing.
    """
    home = stage.parent if level else np.zeros(len(stage.size), dtype=np.int64)
    homes = int(home.max()) + 1
    every, judged = np.zeros((homes, there.shape[1])), np.zeros((homes, there.shape[1]))
    np.add.at(every, home, there)
    np.add.at(judged, home, there & ~stage.lonely[:, None])
    factor = np.where(judged > 0, every / np.maximum(judged, 1), 0.0)[home]
    return np.where(stage.lonely[:, None], 0.0, factor)
