"""The stages of a sample: which units were drawn in which stratum, how many there were to draw from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats, Ints
from analysis.statistics.columns import column, refuse

CELLS = 4_000_000
"""How many unit × group cells are held at a time (32 MB)."""
SINGLE = ("error", "adjust", "average", "certainty")


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, coded.

    Parameters
    ----------
    unit
        (rows,) code of each row's unit; units are numbered stratum by stratum.
    stratum
        (units,) code of each unit's stratum.
    parent
        (strata,) code of the unit of the stage before that each stratum lies in (0 at the first stage).
    size, population
        (strata,) units sampled and units there were (infinite without finite population correction).
    multiplier
        (strata,) product of the sampling fractions of the stages before.
    """

    unit: Ints
    stratum: Ints
    parent: Ints
    size: Floats
    population: Floats
    multiplier: Floats

    @property
    def fraction(self) -> Floats:
        """(strata,) sampled share of the units."""
        return self.size / self.population

    @property
    def remainder(self) -> Floats:
        """(strata,) finite population correction 1 − n/N; 0 where all units were drawn."""
        rest = 1.0 - self.fraction
        return np.where(rest < 1e-7, 0.0, rest)

    @property
    def lonely(self) -> Bools:
        """(strata,) whether a stratum has a single unit though not all were drawn."""
        found: Bools = (self.size == 1) & (self.remainder > 0)
        return found

    @property
    def starts(self) -> Ints:
        """(strata,) the first unit of each stratum."""
        return np.concatenate([[0], np.cumsum(self.size[:-1])]).astype(np.int64)

    def row_stratum(self) -> Ints:
        """(rows,) code of each row's stratum."""
        return self.stratum[self.unit] if len(self.unit) else np.zeros(0, dtype=np.int64)


def _codes(frame: pd.DataFrame, name: str, role: str) -> Ints:
    series = column(frame, name)
    refuse(series.isna().to_numpy(), name, series, f"{role}不能缺", "请补填，或先去掉这些行")
    return pd.factorize(series)[0].astype(np.int64)


def _paired(first: Ints, second: Ints) -> Ints:
    """Code pairs of codes, ordered by the first, then the second."""
    if not len(first):
        return first
    found: Ints = np.unique(first * (int(second.max()) + 1) + second, return_inverse=True)[1].astype(np.int64)
    return found


def _populations(frame: pd.DataFrame, name: str, row_stratum: Ints, size: Floats) -> Floats:
    series = column(frame, name)
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    refuse(np.isnan(values), name, series, "总体单位数应为数字", "请补填该层的单位总数")
    first = np.zeros(len(size), dtype=np.int64)
    first[row_stratum[::-1]] = np.arange(len(values))[::-1]
    population = values[first]
    refuse(values != population[row_stratum], name, series, "与同层其他行不同", "同一层的单位总数应当一致，请改正")
    short = (population < size)[row_stratum]
    if short.any():
        drawn = int(size[row_stratum[np.flatnonzero(short)[0]]])
        remedy = "请填该层全部单位的个数（不是抽样比例），或检查是否有单位重复"
        refuse(short, name, series, f"少于该层已抽到的 {drawn} 个单位", remedy)
    return population


def stages(
    frame: pd.DataFrame,
    strata: Sequence[str],
    clusters: Sequence[str],
    fpc: Sequence[str],
    single_psu: str,
) -> tuple[Stage, ...]:
    """Code the stages of a sample.

    Clusters of a later stage are counted within those before; without clusters each row is a unit. Stages after the
    first contribute to a variance only where `fpc` is given; a stage without its own `fpc` column counts as drawn
    from infinitely many units.

    Raises
    ------
    UserError
        If a column is missing or has gaps, a cluster lies in two strata, a population is smaller than its sample or
        varies in a stratum, or (with ``single_psu="error"``) a declared stratum has one unit.
    """
    rows = len(frame)
    if len(fpc) > max(1, len(clusters)):
        raise UserError(f"fpc 给了 {len(fpc)} 级，抽样只有 {max(1, len(clusters))} 级；请逐级对应。")
    names = list(clusters) or [""]
    coded: list[Stage] = []
    for level, name in enumerate(names):
        if coded and not fpc:
            break
        own = _codes(frame, name, "抽样单位") if name else np.arange(rows, dtype=np.int64)
        above = coded[-1].unit if coded else np.zeros(rows, dtype=np.int64)
        split = strata[level] if level < len(strata) else None
        part = _codes(frame, split, "层") if split else np.zeros(rows, dtype=np.int64)
        row_stratum = _paired(above, part)
        identity = _paired(above, own)
        unit = _paired(row_stratum, identity)
        if split and name and len(np.unique(unit)) > len(np.unique(identity)):
            home = np.full(int(identity.max()) + 1, -1)
            home[identity[::-1]] = row_stratum[::-1]
            remedy = f"同一抽样单位只能属于“{split}”的一层；请改正，或把层名并入单位名使其不重复"
            refuse(home[identity] != row_stratum, name, column(frame, name), f"出现在“{split}”的不同层中", remedy)
        heads = np.unique(unit, return_index=True)[1]
        stratum = row_stratum[heads]
        homes = np.unique(row_stratum, return_index=True)[1]
        size = np.bincount(stratum).astype(float)
        population = np.full(len(size), np.inf)
        if level < len(fpc):
            population = _populations(frame, fpc[level], row_stratum, size)
        parent, multiplier = above[homes], np.ones(len(size))
        if coded:
            before = coded[-1]
            multiplier = (before.multiplier * before.fraction)[before.stratum[parent]]
        stage = Stage(unit, stratum, parent, size, population, multiplier)
        if single_psu == "error" and (split or level) and stage.lonely.any():
            _lonely(frame, stage, split or names[level - 1], row_stratum)
        coded.append(stage)
    return tuple(coded)


def _lonely(frame: pd.DataFrame, stage: Stage, name: str, row_stratum: Ints) -> None:
    remedy = "请与相近的层合并，或写明 single_psu='adjust'、'average'、'certainty' 之一"
    refuse(stage.lonely[row_stratum], name, column(frame, name), "该层只有一个抽样单位，无法估计方差", remedy)


def sampling_weights(coded: Sequence[Stage], rows: int) -> Floats:
    """Return inverse sampling fractions over all stages with a known population; 1 where none is known."""
    weights = np.ones(rows)
    for stage in coded:
        fraction = np.where(np.isfinite(stage.population), stage.fraction, 1.0)
        weights /= fraction[stage.row_stratum()]
    return weights


def degrees_of_freedom(stage: Stage, codes: Ints, groups: int) -> Floats:
    """Count first-stage units less strata with rows in each group (Korn & Graubard 1999, section 5.2)."""
    units, width = len(stage.stratum), groups + 1
    if not units:
        return np.zeros(groups)
    pairs = stage.unit * np.int64(width) + codes + 1
    if units * width <= CELLS:
        there = (np.bincount(pairs, minlength=units * width).reshape(units, width) > 0)[:, 1:]
        strata = np.add.reduceat(there, stage.starts, axis=0) > 0
        made: Floats = there.sum(axis=0) - strata.sum(axis=0).astype(float)
        return made
    found = np.unique(pairs)
    strata_found = np.unique(stage.stratum[found // width] * np.int64(width) + found % width)
    counts = [np.bincount(some % width, minlength=width)[1:] for some in (found, strata_found)]
    return (counts[0] - counts[1]).astype(float)
