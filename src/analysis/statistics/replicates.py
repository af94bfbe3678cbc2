"""Variances from replicates of a sample: the jackknife and the rescaled bootstrap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.house import UserError
from analysis.house.arrays import Floats, Ints
from analysis.statistics.calibration import Calibration
from analysis.statistics.columns import Groups
from analysis.statistics.stages import Stage
from analysis.statistics.variance import Ratio, cell_totals

KINDS = ("jackknife", "bootstrap")


@dataclass(frozen=True)
class Replicated:
    """Variances from the scatter of an estimate over replicates.

    Parameters
    ----------
    unit
        (rows,) code of each row's first-stage unit.
    factors
        (units, replicates) what each replicate multiplies a unit's weights by.
    scales
        (replicates,) weight of each squared deviation from the replicates' mean.
    base
        (rows,) weights before calibration.
    calibrations
        Repeated in each replicate, in order.
    """

    unit: Ints
    factors: Floats
    scales: Floats
    base: Floats
    calibrations: tuple[Calibration, ...] = ()

    def calibrated(self, calibration: Calibration) -> Replicated:
        """Return the same replicates with one more calibration in each."""
        return replace(self, calibrations=(*self.calibrations, calibration))

    def weights(self) -> Iterator[Floats]:
        """Yield the (rows,) weights of each replicate."""
        for column in self.factors.T:
            weights = self.base * column[self.unit]
            for calibration in self.calibrations:
                weights = calibration.repeated(weights)
            yield weights

    def totals(self, groups: Groups, values: Floats, full: Floats) -> Floats:
        """Return (groups, replicates) totals of `values`, which are already times the full-sample weights `full`."""
        if not self.calibrations:
            sums = cell_totals(self.unit, len(self.factors), groups.codes, values, slice(0, len(groups)))
            return sums.T @ self.factors
        plain = values / np.where(full > 0, full, 1.0)
        return np.stack([groups.sums(weights * plain) for weights in self.weights()], axis=1)

    def estimates(self, ratio: Ratio) -> Floats:
        """Return (groups, replicates) estimates; NaN where a replicate has nothing of a group."""
        top = self.totals(ratio.groups, ratio.top, ratio.weights)
        if ratio.bottom is None:
            return top
        bottom = self.totals(ratio.groups, ratio.bottom, ratio.weights)
        return np.where(bottom == 0, np.nan, top / np.where(bottom == 0, 1.0, bottom))

    def share_covariance(self, ratio: Ratio) -> Floats:
        """Return the covariance matrix of the groups' shares of the total of all groups, computed in each replicate."""
        totals = self.totals(ratio.groups, ratio.top, ratio.weights)
        mass = totals.sum(axis=0)
        deviations = self._deviations(np.where(mass == 0, np.nan, totals / np.where(mass == 0, 1.0, mass)))
        return deviations @ deviations.T

    def _deviations(self, values: Floats) -> Floats:
        there = ~np.isnan(values)
        mean = np.where(there, values, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        return np.where(there, values - mean[:, None], 0.0) * np.sqrt(self.scales)

    def variances(self, ratio: Ratio) -> Floats:
        """Return the variance of each group's estimate."""
        found: Floats = (self._deviations(self.estimates(ratio)) ** 2).sum(axis=1)
        return found

    def covariance(self, ratio: Ratio) -> Floats:
        """Return the covariance matrix of the groups' estimates."""
        deviations = self._deviations(self.estimates(ratio))
        return deviations @ deviations.T

    def degrees_of_freedom(self, codes: Ints, groups: int) -> Floats:
        """Return the rank of the replicate weights of each group's units, less one (Rust & Rao 1996, section 3)."""
        result = np.zeros(groups)
        inside = codes >= 0
        pairs = np.unique(codes[inside] * np.int64(len(self.factors)) + self.unit[inside])
        for group, units in enumerate(
            np.split(pairs, np.searchsorted(pairs, np.arange(1, groups) * len(self.factors)))
        ):
            if len(units):
                result[group] = np.linalg.matrix_rank(self.factors[units % len(self.factors)], tol=1e-5) - 1
        return result


def _check(stage: Stage, single_psu: str) -> None:
    if single_psu == "error" and stage.lonely.any():
        raise UserError("有的层只有一个抽样单位，无法重复抽样；请合并层，或写明 single_psu 的处理方式。")
    if not (stage.remainder > 0).any() or len(stage.stratum) < 2:
        raise UserError("各层的单位已全部抽到（或只有一个单位），没有可供重复抽样的单位；请改用线性化方差。")


def jackknife(stage: Stage, single_psu: str) -> tuple[Floats, Floats]:
    """Return factors and scales of the delete-one-unit jackknife (Wolter 2007, eqs. 4.5.1–4.5.3).

    Each replicate leaves out one unit and raises the others of its stratum by n/(n − 1); its squared deviation counts
    (1 − n/N)(n − 1)/n. Strata drawn whole have no replicate. A stratum of one unit has none either (``certainty``;
    with ``average`` the others are scaled up), or, with ``adjust``, one that leaves it out and raises all other strata.
    """
    _check(stage, single_psu)
    units, size, strata = len(stage.stratum), stage.size[stage.stratum], len(stage.size)
    columns, scales, skipped = [], [], 0
    for unit in range(units):
        own = stage.stratum == stage.stratum[unit]
        rest = stage.remainder[stage.stratum[unit]]
        if rest == 0:
            continue
        if size[unit] == 1:
            if single_psu != "adjust" or strata < 2:
                skipped += 1
                continue
            columns.append(np.where(own, 0.0, strata / (strata - 1)))
            scales.append((strata - 1) / strata)
            continue
        column = np.where(own, size[unit] / (size[unit] - 1), 1.0)
        column[unit] = 0.0
        columns.append(column)
        scales.append(rest * (size[unit] - 1) / size[unit])
    if not columns:
        raise UserError("各层都只有一个抽样单位，没有可供重复抽样的单位；请合并层。")
    lifted = (len(columns) + skipped) / len(columns) if single_psu == "average" else 1.0
    return np.stack(columns, axis=1), np.array(scales) * lifted


def bootstrap(stage: Stage, single_psu: str, count: int, seed: int) -> tuple[Floats, Floats]:
    """Return factors and scales of the rescaled bootstrap (Rao & Wu 1988, section 2; Rao, Wu & Yue 1992).

    In each stratum n − 1 of the n units are drawn with replacement; a unit drawn r times gets the factor
    1 − λ + λ r n/(n − 1) with λ = √(1 − n/N).
    """
    _check(stage, single_psu)
    generator = np.random.default_rng(seed)
    factors = np.ones((len(stage.stratum), count))
    start = 0
    for n, rest in zip(stage.size.astype(int), stage.remainder, strict=True):
        if n > 1 and rest > 0:
            drawn = generator.multinomial(n - 1, np.full(n, 1 / n), size=count).T
            root = np.sqrt(rest)
            factors[start : start + n] = 1 - root + root * drawn * n / (n - 1)
        start += n
    lonely, all_strata = int(stage.lonely.sum()), len(stage.size)
    lifted = all_strata / max(all_strata - lonely, 1) if single_psu == "average" else 1.0
    return factors, np.full(count, lifted / (count - 1))
