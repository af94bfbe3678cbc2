"""After-school service, pupil by pupil: who comes, how many days of the week, how long, until when.

A school that hands in classes' totals instead of pupils' attendance (table ``service_daily``) counts by these.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.indicators.judge import Judge
from analysis.indicators.load import CLASS_DAY
from analysis.indicators.registry import counting, indicator


def participation(attendance: Lazy, keys: tuple[str, ...] = ("school", "grade", "date")) -> Lazy:
    """Return how many pupil-days are on the list and how many of them came.

    Parameters
    ----------
    attendance
        `keys` and ``present`` (bool; missing: not known, not counted).
    keys
        Some of ``school, grade, class, date, group, pupil``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``listed``, ``came`` (whole numbers).
    """
    present = nw.col("present")
    plain = attendance.select(*keys, present.alias("listed"), present.cast(nw.Int64).alias("came"))
    counts = plain.group_by(*keys).agg(nw.col("listed").count(), nw.col("came").sum())
    return counts.with_columns(nw.col("listed", "came").cast(nw.Int64))


def participation_with_daily(attendance: Lazy, daily: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return the same, with classes' daily totals where a class has no pupil's attendance on that day.

    Parameters
    ----------
    attendance
        As of `participation`, with ``school, grade, class, date``.
    daily
        ``school, grade, class, date, eligible, joined``; not counted where either number is missing.
    keys
        Some of ``school, grade, class, date``.
    """
    called = attendance.select(*CLASS_DAY).unique()
    alone = daily.join(called, on=list(CLASS_DAY), how="anti")
    return _summed(nw.concat([participation(attendance, keys), _daily_totals(alone, keys)]), keys)


def _daily_totals(daily: Lazy, keys: tuple[str, ...]) -> Lazy:
    known = daily.filter(~nw.col("eligible").is_null(), ~nw.col("joined").is_null())
    return known.select(
        *keys, nw.col("eligible").cast(nw.Int64).alias("listed"), nw.col("joined").cast(nw.Int64).alias("came")
    )


def _summed(rows: Lazy, keys: tuple[str, ...]) -> Lazy:
    return rows.group_by(*keys).agg(nw.col("listed").sum(), nw.col("came").sum())


@counting(
    tables=("attendance", "service_daily"),
    dimensions=("school", "grade", "class", "date", "group"),
    always=("school", "grade", "class"),
    optional=("attendance", "service_daily"),
)
def came(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupil-days listed and attended; by group only where pupils are called one by one."""
    if "service_daily" not in tables or "group" in keys:
        return participation(tables["attendance"], keys)
    if "attendance" not in tables:
        return _summed(_daily_totals(tables["service_daily"], keys), keys)
    return participation_with_daily(tables["attendance"], tables["service_daily"], keys)


@indicator("service.participation", came)
def participation_rate(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-days attended over pupil-days listed."""
    return counted.assign(numerator=counted["came"], denominator=counted["listed"])
