"""The homework ledger row by row: which subject, published when, returned when, and how complete it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.indicators.engine import Lazy
from analysis.indicators.homework import ABOVE
from analysis.indicators.judge import Judge
from analysis.indicators.load import CLASS_DAY, class_days, clear
from analysis.indicators.registry import counting, indicator
from analysis.indicators.unknown import Lacking, Unknown
from analysis.indicators.unknown import class_days as unknown_loads
from analysis.indicators.unknown import rows_of as refused_rows

if TYPE_CHECKING:
    from analysis.indicators.study import Study

CLASS = ("school", "grade", "class")
ROW = (*CLASS, "date", "subject")


def rows_of(ledger: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return how many rows there are, and how many were published in time.

    Parameters
    ----------
    ledger
        Columns `keys`, ``date``, ``published_on``.
    keys
        Some of ``school, grade, class, date, subject``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``rows``, ``published`` (published on the day or before; a row without a date of publication is not).
    """
    in_time = nw.when(nw.col("published_on") <= nw.col("date")).then(1).otherwise(0)
    plain = ledger.select(*keys, in_time.alias("published"))
    return plain.group_by(*keys).agg(nw.len().alias("rows"), nw.col("published").sum())


def parts(ledger: Lazy) -> Lazy:
    """Return the load of every class-day without a gap, and each subject's part of it.

    Returns
    -------
    narwhals.LazyFrame
        ``school, grade, class, date, subject, own`` (that subject's written minutes, above 0), ``total`` (all
        subjects'); and one row a class-day with the subject ``""`` (the whole), whose ``own`` is the largest part.
    """
    own = class_days(ledger, ROW).filter(nw.col("gap") == 0).select(*ROW, nw.col("total").alias("own"))
    largest = own.group_by(*CLASS_DAY).agg(nw.col("own").max())
    known = class_days(ledger).filter(nw.col("gap") == 0).select(*CLASS_DAY, "total")
    whole = known.join(largest, on=list(CLASS_DAY), how="inner").with_columns(nw.lit("").alias("subject"))
    some = own.filter(nw.col("own") > 0).join(known, on=list(CLASS_DAY), how="inner")
    return nw.concat([frame.select(*ROW, "own", "total") for frame in (some, whole)])


def lags(ledger: Lazy, days: Lazy, keys: tuple[str, ...]) -> Lazy:
    """Return how many rows there are, how many of them were returned, and after how many school days in all.

    Parameters
    ----------
    ledger
        Columns `keys`, ``date``, ``returned_on``.
    days
        ``date`` and ``place`` (how many school days there were up to and with it), up to the last day on which a
        return counts; holidays after the term included, whose place is that of its last day.
    keys
        Some of ``school, grade, class, date, subject``.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``rows``, ``returned`` (those with a day of return that is known, counts and is not before the day of the
        homework), ``lag`` (school days, summed over the rows returned).
    """
    set_on = days.select("date", nw.col("place").alias("set_place"))
    back_on = days.select(nw.col("date").alias("returned_on"), nw.col("place").alias("back_place"))
    both = ledger.join(set_on, on="date", how="left").join(back_on, on="returned_on", how="left")
    plain = both.select(*keys, (nw.col("back_place") - nw.col("set_place")).alias("lag"))
    back = nw.col("lag") >= 0
    flagged = plain.with_columns(
        nw.when(back).then(1).otherwise(0).alias("returned"),
        nw.when(back).then(nw.col("lag")).otherwise(0).alias("lag"),
    )
    return flagged.group_by(*keys).agg(nw.len().alias("rows"), nw.col("returned").sum(), nw.col("lag").sum())


@counting(tables=("homework",), dimensions=ROW, always=CLASS)
def ledger_rows(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count ledger rows (`rows_of`)."""
    return rows_of(tables["homework"], keys)


@counting(tables=("homework",), dimensions=ROW, always=CLASS)
def tipping(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count class-days by load and subject's part (`parts`)."""
    inner = tuple(dict.fromkeys((*keys, "subject")))
    return parts(clear(tables)).group_by(*inner, "own", "total").agg(nw.len().alias("class_days"))


@counting(tables=("homework", "days"), dimensions=ROW, always=CLASS)
def returned(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count rows, those returned and their lag (`lags`)."""
    return lags(tables["homework"], tables["days"], keys)


@indicator("homework.subject_share", tipping, keeps=("subject",), unknown=Unknown(unknown_loads, weighs=True))
def subject_share(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """A subject's written minutes over those of all subjects, on class-days with a known load."""
    whole = counted["subject"] == ""
    minutes, total = (counted[name] * counted["class_days"] for name in ("own", "total"))
    return counted.assign(numerator=minutes.where(~whole, total), denominator=total.where(whole, 0))


@indicator("homework.published_before", ledger_rows, unknown=Unknown(refused_rows("homework"), silent=False))
def published_before(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Rows published on the day or before, over all rows."""
    return counted.assign(numerator=counted["published"], denominator=counted["rows"])


@indicator("homework.feedback_lag", returned, unknown=Unknown(refused_rows("homework"), free=True, silent=False))
def feedback_lag(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """School days from setting to return, on average over the rows returned."""
    return counted.assign(numerator=counted["lag"], denominator=counted["returned"])


@indicator("homework.feedback_recorded", returned, unknown=Unknown(refused_rows("homework"), silent=False))
def feedback_recorded(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Rows with a day of return over all rows: what the lag speaks of."""
    return counted.assign(numerator=counted["returned"], denominator=counted["rows"])


@indicator("homework.tipping_subject", tipping, keeps=("subject",), unknown=ABOVE)
def tipping_subject(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Class-days above the cap that would be within it without this (or without some) subject, over those above it."""
    with_cap = counted.assign(cap=judge.limit(counted))
    over = with_cap[with_cap["total"] > with_cap["cap"]]
    tips = over["total"] - over["own"] <= over["cap"]
    whole = over["subject"] == ""
    return over.assign(numerator=over["class_days"].where(tips, 0), denominator=over["class_days"].where(whole, 0))


@counting(tables=("homework", "enrolment", "days"), dimensions=(*CLASS, "date"), always=CLASS)
def completeness_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count the class-days that the ledgers of reporting schools should hold, and those entered without a gap.

    Returns `keys`, ``expected`` (classes on school days: those of the enrolment, and those that there are without a row
    of it), ``entered``.
    """
    ledger = tables["homework"]
    reporting = ledger.select("school").unique()
    classes = tables["enrolment"].filter(nw.col("pupils") > 0).select(*CLASS).unique()
    if "unenrolled" in tables:
        classes = nw.concat([classes, tables["unenrolled"].select(*CLASS)])
    classes = classes.join(reporting, on="school", how="semi")
    days = tables["days"].filter(nw.col("school_day") == 1).select("date")
    nothing, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    due = classes.join(days, how="cross").select(*CLASS_DAY, one.alias("expected"), nothing.alias("entered"))
    loads = class_days(clear(tables)).filter(nw.col("gap") == 0).join(classes, on=list(CLASS), how="semi")
    done = loads.select(*CLASS_DAY, nothing.alias("expected"), one.alias("entered"))
    return nw.concat([due, done]).group_by(*keys).agg(nw.col("expected").sum(), nw.col("entered").sum())


def silent(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the class-days due of schools that have no row in the ledger, and the rows that cannot be placed.

    Those of other schools' classes without a row of the enrolment count as due and not entered (`completeness_of`).
    """
    source = study.source
    reporting = source.presence(("homework",))["school"]
    due = source.due()
    units = due[~due["school"].isin(reporting)][list(CLASS_DAY)].assign(number=1)
    nameless = source.nameless(len(source.days))
    nameless = nameless[~nameless["school"].isin(reporting) | nameless["grade"].isna()]
    units = pd.concat([units, nameless], ignore_index=True) if len(nameless) else units
    return Lacking(units, source.refused("homework").floating)


@indicator("homework.completeness", completeness_of, unknown=Unknown(silent))
def completeness(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Class-days entered without a gap over class-days that should have been entered."""
    return counted.assign(numerator=counted["entered"], denominator=counted["expected"])
