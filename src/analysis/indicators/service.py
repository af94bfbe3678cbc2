"""After-school service: of all who could come, who does; by roll calls, else by classes' daily reports.

A roll call lists pupils, and says who came. Where the enrolment of a class is known, all its pupils could come, listed or
not; where it is not known, a list on which nobody is ever absent may be a list of those who came, and tells no share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.indicators.judge import Judge
from analysis.indicators.load import CLASS_DAY
from analysis.indicators.registry import counting, indicator
from analysis.indicators.unknown import Lacking, Unknown, without

if TYPE_CHECKING:
    from analysis.indicators.study import Study

CLASS = ("school", "grade", "class")
LARGEST = 120
"""Pupils that a class of unknown size is taken to have in bounds: the greatest that the register of enrolment takes."""


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


def full_lists(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Return the classes (or class-days) whose lists hold more than those who came.

    Parameters
    ----------
    tables
        ``attendance``; ``enrolment`` where it is known.
    keys
        `CLASS`: over the term; `CLASS_DAY`: day by day.

    Returns
    -------
    narwhals.LazyFrame
        `keys` of those with somebody absent, or with as many pupils on the list as are enrolled.
    """
    rows = tables["attendance"].filter(~nw.col("present").is_null())
    counts = participation(rows, keys)
    if "date" not in keys:
        counts = counts.join(pupils_listed(rows, keys), on=list(keys), how="inner")
    else:
        counts = counts.with_columns(nw.col("listed").alias("pupils_listed"))
    some = counts.filter(nw.col("came") < nw.col("listed")).select(*keys)
    if "enrolment" not in tables:
        return some
    sizes = tables["enrolment"].select(*CLASS, nw.col("pupils").cast(nw.Int64))
    every = counts.join(sizes, on=list(CLASS), how="inner").filter(nw.col("pupils_listed") >= nw.col("pupils"))
    return nw.concat([some, every.select(*keys)]).unique()


def pupils_listed(attendance: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return how many different pupils are on the lists: `keys`, ``pupils_listed``."""
    inner = tuple(dict.fromkeys((*CLASS, *keys, "pupil")))
    return attendance.select(*inner).unique().group_by(*keys).agg(nw.len().alias("pupils_listed"))


def called(tables: Mapping[str, Lazy]) -> Lazy:
    """Return the class-days on which the roll was called, with all who could have come.

    Returns
    -------
    narwhals.LazyFrame
        `CLASS_DAY`, ``listed`` (those on the list, or all pupils of the class less those whose row was put aside,
        whichever are more), ``came``. A class whose enrolment is not known and of which nobody is ever absent is left
        out.
    """
    counts = participation(tables["attendance"], CLASS_DAY).filter(nw.col("listed") > 0)
    counts = counts.join(_aside(tables), on=list(CLASS_DAY), how="left") if "unclear.attendance" in tables else counts.with_columns(nw.lit(0).cast(nw.Int64).alias("aside"))  # fmt: skip
    listed, aside = nw.col("listed"), nw.when(nw.col("aside").is_null()).then(0).otherwise(nw.col("aside"))
    telling = full_lists(tables, CLASS)
    if "enrolment" not in tables:
        return counts.join(telling, on=list(CLASS), how="semi").select(*CLASS_DAY, "listed", "came")
    sizes = tables["enrolment"].select(*CLASS, nw.col("pupils").cast(nw.Int64))
    some = counts.join(sizes, on=list(CLASS), how="inner")
    due = nw.col("pupils") - aside
    known = some.with_columns(nw.when(due > listed).then(due).otherwise(listed).cast(nw.Int64).alias("listed"))
    others = counts.join(sizes, on=list(CLASS), how="anti").join(telling, on=list(CLASS), how="semi")
    return nw.concat([rows.select(*CLASS_DAY, "listed", "came") for rows in (known, others)])


def _aside(tables: Mapping[str, Lazy]) -> Lazy:
    return tables["unclear.attendance"].select(*CLASS_DAY, nw.col("rows").cast(nw.Int64).alias("aside"))


def reported(tables: Mapping[str, Lazy]) -> Lazy:
    """Return the class-days that only a daily report tells: `CLASS_DAY`, ``listed``, ``came``.

    Where the enrolment of a class is known, all its pupils could have come, however few the report says could.
    One whose roll call was put aside is not told by the daily report instead, nor is one with two daily reports.
    """
    daily = tables["service_daily"].filter(~nw.col("eligible").is_null(), ~nw.col("joined").is_null())
    others = [tables[f"unclear.{name}"] for name in ("attendance", "service_daily") if f"unclear.{name}" in tables]
    if "attendance" in tables:
        others.append(tables["attendance"])
    for other in others:
        daily = daily.join(other.select(*CLASS_DAY).unique(), on=list(CLASS_DAY), how="anti")
    numbers = nw.col("eligible").cast(nw.Int64).alias("listed"), nw.col("joined").cast(nw.Int64).alias("came")
    told = daily.select(*CLASS_DAY, *numbers)
    if "enrolment" not in tables:
        return told
    sizes = (
        tables["enrolment"].select(*CLASS, nw.col("pupils").cast(nw.Int64)).group_by(*CLASS).agg(nw.col("pupils").max())
    )
    some, listed = told.join(sizes, on=list(CLASS), how="left"), nw.col("listed")
    return some.with_columns(nw.when(nw.col("pupils") > listed).then(nw.col("pupils")).otherwise(listed).cast(nw.Int64).alias("listed")).select(*CLASS_DAY, "listed", "came")  # fmt: skip


@counting(
    tables=("attendance", "service_daily"),
    dimensions=(*CLASS_DAY, "group"),
    always=CLASS,
    optional=("attendance", "service_daily"),
    beside=("enrolment",),
)
def came(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count pupil-days of those who could come and of those who came: `keys`, ``listed``, ``came``.

    By group only where pupils are called one by one, on class-days whose lists hold more than those who came: who is not
    on a list has no known group.
    """
    if "group" in keys:
        if "attendance" not in tables:
            return reported(tables).filter(nw.col("listed") < 0).with_columns(nw.lit("").alias("group")).select(*keys, "listed", "came")  # fmt: skip
        telling = full_lists(tables, CLASS_DAY)
        return participation(tables["attendance"].join(telling, on=list(CLASS_DAY), how="semi"), keys)
    parts = [made(tables) for name, made in (("attendance", called), ("service_daily", reported)) if name in tables]
    return nw.concat(parts).group_by(*keys).agg(nw.col("listed").sum(), nw.col("came").sum())


def pupil_days(study: Study, judge: Judge, names: Collection[str] = ()) -> Lacking:
    """Return the pupil-days of which it is not known whether the pupil came.

    1. A refused row of a roll that was called otherwise is one pupil-day.
    2. A class-day with neither roll nor daily report, or of which all was put aside, has as many as the class has pupils.
    3. By group, only rolls count, so only their refused rows are unknown.
    """
    source = study.source
    roll, daily = source.refused("attendance"), source.refused("service_daily")
    if "group" in names:
        return Lacking(roll.rows.rename(columns={"rows": "number"}), roll.rows.iloc[:0])
    keys = list(CLASS_DAY)
    entered = source.counted(came, CLASS_DAY) if source.can(came) else roll.located
    if not source.can(came):
        entered = entered.iloc[:0]
    located = pd.concat([roll.located, daily.located])[keys].drop_duplicates()
    sizes = source.classes
    some = without(pd.concat([source.due()[keys], located]).drop_duplicates(), entered)
    some = some.merge(sizes, on=list(CLASS), how="left").merge(roll.located, on=keys, how="left")
    size = some["pupils"].where(some["pupils"].notna(), some["rows"].where(some["rows"].notna(), LARGEST))
    some = some.assign(number=size.astype("int64"))[[*keys, "number"]]
    there = without(roll.located, some).rename(columns={"rows": "number"})[[*keys, "number"]]
    whole = daily.floating.merge(sizes, on=list(CLASS), how="left") if len(daily.floating) else daily.floating.assign(pupils=0)  # fmt: skip
    unsized = source.unsized.dropna(subset=list(CLASS))[list(CLASS)].astype({"grade": "int64"})
    hidden = entered[keys].merge(unsized, on=list(CLASS)).assign(number=LARGEST)  # who is on no list
    nameless = source.nameless(LARGEST * len(source.days))
    largest = sizes["pupils"].max() if len(sizes) else LARGEST
    whole = whole.assign(rows=whole["rows"] * whole["pupils"].fillna(largest).astype("int64")).drop(columns="pupils")
    units = [part for part in (some, there, hidden, nameless) if len(part)] or [some]
    return Lacking(pd.concat(units, ignore_index=True), pd.concat([roll.floating, whole], ignore_index=True))


@indicator("service.participation", came, unknown=Unknown(pupil_days))
def participation_rate(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Pupil-days attended over pupil-days on which one could attend."""
    return counted.assign(numerator=counted["came"], denominator=counted["listed"])
