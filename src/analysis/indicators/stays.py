"""How long pupils stay, until when, and whether they come on all days of the week."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.indicators.judge import Judge
from analysis.indicators.registry import counting, indicator
from analysis.indicators.service import CLASS, LARGEST, full_lists, pupils_listed
from analysis.indicators.unknown import Lacking, Unknown

if TYPE_CHECKING:
    from analysis.indicators.study import Study


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


def weeks(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Return on how many days of a week the roll of a class was called, and on how many of them its pupils came.

    A pupil of the class is listed on every day on which its roll is called: a day without him is one on which he did not
    come. Pupils of the class who are on no list of the term came on none. Which classes count: see `_telling`.

    Parameters
    ----------
    tables
        ``attendance`` (``school, grade, class, date, pupil, present`` and those of `keys`), ``days`` (``date``,
        ``week``), ``enrolment`` where it is known.
    keys
        Some of ``school, grade, class, group, week``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``listed``, ``came`` (days of a week), ``pupil_weeks`` (how many).
    """
    known = _telling(tables, keys)
    known = known.join(tables["days"].select("date", "week"), on="date", how="inner")
    pupil = tuple(dict.fromkeys((*CLASS, *(name for name in keys if name != "week"), "pupil")))
    rolls = known.select(*CLASS, "date").unique()
    if "unclear.attendance" in tables:  # a roll that was called and cannot be read
        own = known.select(*CLASS).unique()
        rolls = nw.concat([rolls, tables["unclear.attendance"].select(*CLASS, "date").join(own, on=list(CLASS), how="semi")]).unique()  # fmt: skip
    dated = rolls.join(tables["days"].select("date", "week"), on="date", how="inner")
    called = dated.group_by(*CLASS, "week").agg(nw.len().alias("listed"))
    every = known.select(*pupil).unique().join(called, on=list(CLASS), how="inner")
    days = known.filter(nw.col("present")).group_by(*pupil, "week").agg(nw.len().alias("came"))
    both = every.join(days, on=[*pupil, "week"], how="left")
    filled = both.with_columns(nw.when(nw.col("came").is_null()).then(0).otherwise(nw.col("came")).cast(nw.Int64).alias("came"))  # fmt: skip
    counts = filled.group_by(*keys, "listed", "came").agg(nw.len().alias("pupil_weeks"))
    if "group" in keys or "enrolment" not in tables:
        return counts
    absent = called.join(_never_listed(tables), on=list(CLASS), how="inner")
    nobody = absent.with_columns(nw.lit(0).cast(nw.Int64).alias("came")).select(*keys, "listed", "came", nw.col("never").alias("pupil_weeks"))  # fmt: skip
    both = nw.concat([counts.select(*keys, "listed", "came", "pupil_weeks"), nobody])
    return both.group_by(*keys, "listed", "came").agg(nw.col("pupil_weeks").sum())


def _telling(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Return the roll calls of the classes that tell who did not come.

    By group, those whose lists hold more than those who came; else also those whose enrolment is known.
    """
    rows = tables["attendance"].filter(~nw.col("present").is_null())
    classes = full_lists(tables, CLASS)
    if "group" not in keys and "enrolment" in tables:
        classes = nw.concat([classes, tables["enrolment"].select(*CLASS)]).unique()
    return rows.join(classes, on=list(CLASS), how="semi")


def _never_listed(tables: Mapping[str, Lazy]) -> Lazy:
    """Return how many pupils of each class that calls the roll are on no list: `CLASS`, ``never`` (above 0)."""
    rows = tables["attendance"].filter(~nw.col("present").is_null())
    sizes = tables["enrolment"].select(*CLASS, nw.col("pupils").cast(nw.Int64))
    both = pupils_listed(rows, CLASS).join(sizes, on=list(CLASS), how="inner")
    return both.select(*CLASS, (nw.col("pupils") - nw.col("pupils_listed")).alias("never")).filter(nw.col("never") > 0)


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


@counting(tables=("attendance",), dimensions=(*CLASS, "group"), always=CLASS, beside=("enrolment",))
def pupils_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupils and those who came at least once (`pupils`); of a known class also those who are on no list."""
    counts = pupils(_telling(tables, keys), keys).select(*keys, nw.col("pupils", "came").cast(nw.Int64))
    if "group" in keys or "enrolment" not in tables:
        return counts
    nobody = _never_listed(tables).select(*keys, nw.col("never").alias("pupils"), nw.lit(0).cast(nw.Int64).alias("came"))  # fmt: skip
    return nw.concat([counts, nobody]).group_by(*keys).agg(nw.col("pupils", "came").sum())


@counting(tables=("attendance",), dimensions=(*CLASS, "date", "group"), always=CLASS)
def stays_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupil-days by length and end (`stays`)."""
    return stays(tables["attendance"], keys)


@counting(tables=("attendance", "days"), dimensions=(*CLASS, "week", "group"), always=CLASS, beside=("enrolment",))
def weeks_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupil-weeks by days called and days attended (`weeks`)."""
    return weeks(tables, keys)


def refused_rows(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the refused rows of roll calls, each an unknown pupil-day."""
    rows = study.source.refused("attendance").rows
    return Lacking(rows.rename(columns={"rows": "number"}), rows.iloc[:0])


def uncalled(study: Study, judge: Judge, names: Collection[str], *, weekly: bool) -> Lacking:
    """Return the refused rows of roll calls as what they may hide of pupils, or (`weekly`) of pupils' weeks.

    Of a class whose enrolment is known a row hides one pupil who may have come; where its day is not known, that the roll
    of the class was called on it, so that a week of all its pupils may be missing. Of another class, a row may be the
    only one that says that somebody was absent, and hide the class with all its pupils. A class whose row of the enrolment
    was put aside has as many pupils on no list as a class may have.
    """
    aside = study.source.refused("attendance")
    sizes = study.source.classes
    known = aside.rows["school"].isin(sizes["school"])
    units = aside.rows[known].rename(columns={"rows": "number"})
    unsized = study.source.unsized.assign(number=lambda rows: rows["rows"] * LARGEST).drop(columns="rows")
    if not weekly:
        hidden = aside.rows[~known]
        return Lacking(unsized, hidden.assign(rows=hidden["rows"] * LARGEST), units)
    weeks = max(study.days["week"].nunique(), 1)
    unplaced = aside.floating.merge(sizes, on=list(CLASS), how="left")
    size = unplaced["pupils"].fillna(sizes["pupils"].max() if len(sizes) else LARGEST).astype("int64")
    unplaced = unplaced.assign(rows=unplaced["rows"] * size).drop(columns="pupils")
    hidden = aside.rows[~known]
    spoilt = pd.concat([unplaced, hidden.assign(rows=hidden["rows"] * LARGEST * weeks)])
    return Lacking(unsized.assign(number=unsized["number"] * weeks), spoilt, units)


def unclocked(study: Study, judge: Judge, names: Collection[str], *, needs: str) -> Lacking:
    """Return the pupil-days attended of which `needs` (``stayed`` or ``end``) is not known, and the refused rows."""
    aside = refused_rows(study, judge, names)
    keys = (*CLASS, "date", *(["group"] if "group" in names else []))
    if not study.source.can(stays_of):
        return aside
    counted = study.source.counted(stays_of, keys)
    open_ended = counted[counted[needs].isna()].rename(columns={"pupil_days": "number"})[[*keys, "number"]]
    return Lacking(pd.concat([open_ended, aside.units], ignore_index=True), aside.floating)


@indicator("service.reach", pupils_of, unknown=Unknown(partial(uncalled, weekly=False), silent=False))
def reach(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupils who came at least once over pupils of the classes that call the roll."""
    return counted.assign(numerator=counted["came"], denominator=counted["pupils"])


@indicator("service.two_hours", stays_of, unknown=Unknown(partial(unclocked, needs="stayed"), free=True, silent=False))
def two_hours(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-days of at least the length of the rule, over pupil-days attended with both clocks known."""
    known = counted[counted["stayed"].notna()]
    return _reaching(known, known["stayed"], judge.limit(known), known["pupil_days"])


@indicator("service.late_enough", stays_of, unknown=Unknown(partial(unclocked, needs="end"), free=True, silent=False))
def late_enough(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-days that ended no earlier than the rule says, over pupil-days attended with a known end."""
    known = counted[counted["end"].notna()]
    return _reaching(known, known["end"], judge.limit(known), known["pupil_days"])


@indicator("service.five_day", weeks_of, unknown=Unknown(partial(uncalled, weekly=True), silent=False))
def five_day(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-weeks attended on as many days as the rule says, over pupil-weeks of classes whose roll was called on at least as many."""
    limit = judge.limit(counted)
    full = counted[(counted["listed"] >= limit).fillna(False)]
    return _reaching(full, full["came"], judge.limit(full), full["pupil_weeks"])


def _reaching(rows: pd.DataFrame, reached: pd.Series, limit: pd.Series, counts: pd.Series) -> pd.DataFrame:
    """Return rows judged: the counts that reach the limit over all, rows without a limit left out."""
    judged = rows.assign(numerator=counts.where(reached.astype("float64") >= limit, 0), denominator=counts)
    return judged[limit.notna()]
