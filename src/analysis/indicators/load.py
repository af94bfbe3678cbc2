"""The homework load of class-days, as an exact histogram: everything about minutes is read from it.

A class-day is one class on one day for which the ledger has a row; its load is the sum of the minutes of its written
homework, 0 where none is written. A class-day with written homework without minutes has a gap: its load is not known.
Nor is that of a class-day with a row that was put aside: such class-days are left out here, and count as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.house.arrays import Floats, Ints
from analysis.indicators.engine import Lazy
from analysis.indicators.registry import counting

# A class-day's rows are summed once, packed: minutes, plus 2^20 for each written row that tells them, 2^40 for each that
# does not. Minutes of a day stay far below 2^20 and sums below 2^53, where doubles are whole numbers on every engine (and
# DuckDB adds them in half the space that it takes for integers).
_KNOWN, _UNKNOWN = 1 << 20, 1 << 40
CLASS_DAY = ("school", "grade", "class", "date")


def class_days(ledger: Lazy, keys: tuple[str, ...] = CLASS_DAY) -> Lazy:
    """Return one row a class-day with its load.

    Parameters
    ----------
    ledger
        Columns `keys`, ``written`` (bool), ``minutes`` (whole, missing where unknown).
    keys
        What makes a class-day, and whatever is constant in it.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``total`` (minutes, whole), ``written`` (0 or 1: any written homework), ``gap`` (0: all its minutes are
        known, 1: some, 2: none).
    """
    return _packed(ledger, keys).select(*keys, *_unpacked())


def _packed(ledger: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return `keys` and the packed sum of each class-day."""
    minutes = nw.col("minutes").cast(nw.Int64)
    row = nw.when(~nw.col("written")).then(0).when(minutes.is_null()).then(_UNKNOWN).otherwise(minutes + _KNOWN)
    sums = ledger.select(*keys, row.cast(nw.Float64).alias("packed")).group_by(*keys).agg(nw.col("packed").sum())
    return sums.with_columns(nw.col("packed").cast(nw.Int64))


def _unpacked() -> list[nw.Expr]:
    """Return what a packed sum says: ``total``, ``written``, ``gap``."""
    both = nw.col("packed")
    partly = nw.when(both % _UNKNOWN >= _KNOWN).then(1).otherwise(2)
    return [
        (both % _KNOWN).alias("total"),
        nw.when(both >= _KNOWN).then(1).otherwise(0).alias("written"),
        nw.when(both < _UNKNOWN).then(0).otherwise(partly).alias("gap"),
    ]


def histogram(ledger: Lazy, keys: tuple[str, ...] = ("school", "grade")) -> Lazy:
    """Return how many class-days have which load: the one pass that serves shares, means and quantiles.

    Parameters
    ----------
    ledger
        Columns ``school, grade, class, date, written, minutes``.
    keys
        Some of ``school, grade, class, date``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``total``, ``written``, ``gap`` as in `class_days`, ``class_days`` (how many).
    """
    same = _packed(ledger, CLASS_DAY).group_by(*keys, "packed").agg(nw.len().alias("class_days"))
    plain = same.select(*keys, *_unpacked(), nw.col("class_days").cast(nw.Int64))
    return plain.group_by(*keys, "total", "written", "gap").agg(nw.col("class_days").sum())


def merged(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Add up histograms of several districts (or files) into one."""
    together = pd.concat(parts, ignore_index=True)
    keys = [name for name in together.columns if name != "class_days"]
    return together.groupby(keys, sort=True)[["class_days"]].sum().reset_index()


def quantiles(group: Ints, values: Floats, weights: Floats, q: float | Floats) -> Floats:
    """Return a quantile of the counted values of each group, as if each value stood there `weights` times.

    Linear interpolation between order statistics at position ``q (n - 1)`` (definition 7 of Hyndman & Fan, 1996; what
    DuckDB calls ``quantile_cont``), in one pass over all groups.

    Parameters
    ----------
    group
        (rows,) numbers of the groups, 0 to the number of groups less one; each group has a row.
    values, weights
        (rows,) values, and how many times each stands there (whole, above 0).
    q
        One share, one for each group, or several as a column (shares, 1): then one row of the answer for each.
    """
    order = np.lexsort((values, group))
    values, ends = values[order], np.cumsum(weights[order])
    counts = np.bincount(group, weights).astype(np.int64)
    starts = np.cumsum(counts) - counts
    position = np.asarray(q) * (counts - 1)
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, counts - 1)
    low, high = (values[np.searchsorted(ends, starts + place, side="right")] for place in (below, above))
    return low + (high - low) * (position - below)


def clear(tables: Mapping[str, Lazy], name: str = "homework") -> Lazy:
    """Return a table kept by class-day without the class-days that have a refused row."""
    unclear = tables.get(f"unclear.{name}")
    return tables[name] if unclear is None else tables[name].join(unclear, on=list(CLASS_DAY), how="anti")


@counting(tables=("homework",), dimensions=CLASS_DAY, always=("school", "grade", "class"))
def load(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count class-days by load (`histogram`)."""
    return histogram(clear(tables), keys)
