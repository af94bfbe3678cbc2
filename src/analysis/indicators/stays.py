"""How long pupils stay, until when, and whether they come on all days of the week."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.indicators.judge import Judge
from analysis.indicators.registry import counting, indicator

CLASS = ("school", "grade", "class")


def stays(attendance: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return how many pupil-days ended when, after how many minutes.

    Parameters
    ----------
    attendance
        Columns `keys`, ``present`` (bool), ``start``, ``end`` (minutes after midnight; missing where not known).
    keys
        Some of ``school, grade, class, date, group``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``stayed`` (minutes; missing without both clocks), ``end``, ``pupil_days`` (those present only).
    """
    plain = attendance.filter(nw.col("present")).select(
        *keys, (nw.col("end") - nw.col("start")).cast(nw.Int64).alias("stayed"), nw.col("end").cast(nw.Int64)
    )
    return plain.group_by(*keys, "stayed", "end").agg(nw.len().alias("pupil_days"))


def weeks(attendance: Lazy, days: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return on how many days of a week pupils were on the list, and on how many they came.

    Parameters
    ----------
    attendance
        Columns ``school, grade, class, date, pupil, present`` and those of `keys`.
    days
        ``date``, ``week``.
    keys
        Some of ``school, grade, class, group, week``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``listed``, ``came`` (days of a week), ``pupil_weeks`` (how many).
    """
    known = attendance.filter(~nw.col("present").is_null()).join(days.select("date", "week"), on="date", how="inner")
    inner = tuple(dict.fromkeys((*CLASS, *keys, "week", "pupil")))
    plain = known.select(*inner, nw.when(nw.col("present")).then(1).otherwise(0).cast(nw.Int64).alias("came"))
    by_pupil = plain.group_by(*inner).agg(nw.len().alias("listed"), nw.col("came").sum())
    return by_pupil.group_by(*keys, "listed", "came").agg(nw.len().alias("pupil_weeks"))


def pupils(attendance: Lazy, keys: tuple[str, ...], months: tuple[int, ...] = ()) -> Lazy:
    """Return how many different pupils were on the list, and how many of them came at least once.

    Parameters
    ----------
    attendance
        Columns ``school``, ``pupil``, ``present`` and those of `keys`; with `months` also ``date``.
    keys
        Some of ``school, grade, class, group``.
    months
        Numbers of months (1–12) to tell apart.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``pupils``, ``came``; for each month ``came_3`` … Each pupil is one group of the one pass, whatever the
        number of days and months.
    """
    present = nw.col("present")
    inner = tuple(dict.fromkeys(("school", *keys, "pupil")))
    month = nw.col("date").dt.month()
    flags = {"came": present} | {f"came_{each}": (month == each) & present for each in months}
    plain = attendance.select(*inner, *(flag.alias(name) for name, flag in flags.items()))
    once = plain.group_by(*inner).agg(*(nw.col(name).any() for name in flags))
    counts = once.select(*inner, *(nw.col(name).cast(nw.Int64) for name in flags))
    return counts.group_by(*keys).agg(nw.len().alias("pupils"), *(nw.col(name).sum() for name in flags))


@counting(tables=("attendance",), dimensions=(*CLASS, "group"), always=CLASS)
def pupils_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupils listed and those who came at least once (`pupils`)."""
    return pupils(tables["attendance"].filter(~nw.col("present").is_null()), keys)


@counting(tables=("attendance",), dimensions=(*CLASS, "date", "group"), always=CLASS)
def stays_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupil-days by length and end (`stays`)."""
    return stays(tables["attendance"], keys)


@counting(tables=("attendance", "days"), dimensions=(*CLASS, "week", "group"), always=CLASS)
def weeks_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupil-weeks by days listed and days attended (`weeks`)."""
    return weeks(tables["attendance"], tables["days"], keys)


@indicator("service.reach", pupils_of)
def reach(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupils who came at least once over pupils on the list."""
    return counted.assign(numerator=counted["came"], denominator=counted["pupils"])


@indicator("service.two_hours", stays_of)
def two_hours(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-days of at least the length of the rule, over pupil-days attended with both clocks known."""
    known = counted[counted["stayed"].notna()]
    return _reaching(known, known["stayed"], judge.limit(known), known["pupil_days"])


@indicator("service.late_enough", stays_of)
def late_enough(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-days that ended no earlier than the rule says, over pupil-days attended with a known end."""
    known = counted[counted["end"].notna()]
    return _reaching(known, known["end"], judge.limit(known), known["pupil_days"])


@indicator("service.five_day", weeks_of)
def five_day(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-weeks attended on as many days as the rule says, over pupil-weeks listed on at least as many."""
    limit = judge.limit(counted)
    full = counted[(counted["listed"] >= limit).fillna(False)]
    return _reaching(full, full["came"], judge.limit(full), full["pupil_weeks"])


def _reaching(rows: pd.DataFrame, reached: pd.Series, limit: pd.Series, counts: pd.Series) -> pd.DataFrame:
    """Return rows judged: the counts that reach the limit over all, rows without a limit left out."""
    judged = rows.assign(numerator=counts.where(reached.astype("float64") >= limit, 0), denominator=counts)
    return judged[limit.notna()]
