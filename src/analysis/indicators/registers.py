"""What stands in registers: control components, plans, funds, teachers, relief. No sample, hence no interval."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.indicators.dimensions import ORDERS
from analysis.indicators.engine import Lazy
from analysis.indicators.judge import Judge
from analysis.indicators.registry import counting, indicator
from analysis.indicators.unknown import Lacking, Unknown, of_registers, rows_of

if TYPE_CHECKING:
    from analysis.indicators.study import Study

FUND = ("school", "batch")
AMOUNTS = Unknown(rows_of("funds"), open=True, silent=False)
_MONEY = ("applied", "granted", "paid")


def _fen(name: str) -> nw.Expr:
    """Return a sum of yuan as whole fen, 0 where it is missing: whole numbers add up alike on every engine."""
    return nw.when(nw.col(name).is_null()).then(0).otherwise((nw.col(name) * 100).round(0)).cast(nw.Int64).alias(name)


@counting(tables=("homework_control",), dimensions=("school", "component"), always=("school", "component"))
def control(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count entries of each component: `keys`, ``entries``."""
    return tables["homework_control"].group_by(*keys).agg(nw.len().alias("entries"))


@counting(tables=("schools", "plans"), dimensions=("school", "plan"), always=("school",))
def plans_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count, for every school of the register, which kinds of plan it has: `keys`, ``has`` (kinds), ``due`` (kinds)."""
    handed = tables["plans"].select("school", nw.col("kind").alias("plan")).unique()
    one, nothing = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    kinds = [
        tables["schools"].select("school", nw.lit(kind).alias("plan"), nothing.alias("has"), one.alias("due"))
        for kind in ORDERS["plan"]
    ]
    rows = nw.concat([handed.select("school", "plan", one.alias("has"), nothing.alias("due")), *kinds])
    return rows.group_by(*keys).agg(nw.col("has").sum(), nw.col("due").sum())


@counting(tables=("funds",), dimensions=FUND, always=FUND)
def batches(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Return each batch: `keys`, ``applied, granted, paid`` (fen), ``due``, ``granted_on``, ``paid_on``."""
    return tables["funds"].select(*keys, *(_fen(name) for name in _MONEY), "due", "granted_on", "paid_on")


@counting(tables=("teachers",), dimensions=("school",), always=("school",))
def staff(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count teachers and those who take part in the service: `keys`, ``teachers``, ``in_service``."""
    plain = tables["teachers"].filter(~nw.col("teachers").is_null(), ~nw.col("in_service").is_null())
    numbers = plain.select(*keys, nw.col("teachers").cast(nw.Int64), nw.col("in_service").cast(nw.Int64))
    return numbers.group_by(*keys).agg(nw.col("teachers").sum(), nw.col("in_service").sum())


@counting(tables=("schools", "relief"), dimensions=("school", "measure"), always=("school",))
def relief_of(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count measures of every school of the register: ``school, measure, has, due``; the whole has the measure ``""``."""
    one, nothing = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    taken = tables["relief"].select("school", "measure").unique()
    every = tables["schools"].select("school", nw.lit("").alias("measure"), nothing.alias("has"), one.alias("due"))
    return nw.concat([taken.select("school", "measure", one.alias("has"), nothing.alias("due")), every])


def components_of_silent(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the components of the schools that told of none, and the refused rows of the others."""
    parts = 1 if "component" in names else len(ORDERS["component"])
    return of_silent(study, "homework_control", parts)


def of_silent(study: Study, table: str, parts: int) -> Lacking:
    """Return so many unknown parts for each school that has no row in a register, and its refused rows."""
    rows = study.source.refused(table).rows
    silent = [each.school for each in study.reporting(table).missing]
    units = pd.DataFrame({"school": silent, "grade": pd.NA, "class": pd.NA, "date": pd.NaT, "number": parts})
    return Lacking(units, rows.iloc[:0], rows.rename(columns={"rows": "number"}))


@indicator("homework.components", control, unknown=Unknown(components_of_silent))
def components(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Components in place over seven components for each school that has reported any."""
    known = counted[counted["component"].isin(ORDERS["component"])].assign(numerator=1)
    every = known[["school"]].drop_duplicates().merge(pd.DataFrame({"component": ORDERS["component"]}), how="cross")
    found = every.merge(known[["school", "component", "numerator"]], on=["school", "component"], how="left")
    return found.fillna({"numerator": 0}).assign(denominator=1)


@indicator("service.plans", plans_of, unknown=Unknown(partial(of_registers, tables=("schools", "plans")), silent=False))
def plans(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Schools with both plans (or with the plan asked for) over all schools of the register."""
    return counted.assign(numerator=(counted["has"] >= counted["due"]).astype("int64"), denominator=1)


@indicator("service.funds_granted", batches, form="sum", unknown=AMOUNTS)
def funds_granted(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Money granted by the last day that counts, in 万元; the base is the batches."""
    counted = _granted(counted, judge)
    return counted.assign(numerator=counted["granted"] / 1_000_000, denominator=1)


def _granted(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Return the batches without those granted later than the last day that counts."""
    return counted[~(counted["granted_on"] > pd.Timestamp(judge.end))]


def payments_of_no_day(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the refused batches, and those paid on a day that is not told: none is known to be paid by the last day."""
    return _beside(study, judge, names, lambda rows: rows["paid_on"].isna() & (rows["paid"] > 0))


def _beside(
    study: Study, judge: Judge, names: Collection[str], unclear: Callable[[pd.DataFrame], pd.Series[bool]]
) -> Lacking:
    """Return the refused batches, and those that are unclear."""
    lacking = rows_of("funds")(study, judge, names)
    if not study.source.has("funds"):
        return lacking
    rows = study.source.counted(batches, batches.dimensions)
    own = rows.loc[unclear(rows), ["school"]].assign(number=1)
    return replace(lacking, units=pd.concat([lacking.units, own]) if len(own) else lacking.units)


@indicator("service.funds_paid", batches, unknown=Unknown(payments_of_no_day, open=True, silent=False))
def funds_paid(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Yuan paid over yuan granted, both by the last day that counts."""
    counted = _granted(counted, judge)
    late = counted["paid_on"] > pd.Timestamp(judge.end)
    return counted.assign(numerator=counted["paid"].where(~late, 0) / 100, denominator=counted["granted"] / 100)


def batches_of_no_day(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the refused batches, and those without a due date: none of these is known to be in time."""
    return _beside(study, judge, names, lambda rows: rows["due"].isna())


@indicator("service.funds_on_time", batches, unknown=Unknown(batches_of_no_day, free=True, silent=False))
def funds_on_time(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Batches paid in full by their due date over batches that were due by the last day that counts."""
    due = counted[counted["due"] <= pd.Timestamp(judge.end)]
    good = (due["paid"] >= due["granted"]) & (due["paid_on"] <= due["due"])
    return due.assign(numerator=good.astype("int64"), denominator=1)


@indicator("service.teachers", staff, unknown=Unknown(rows_of("teachers"), open=True, silent=False))
def teachers(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Teachers who take part in the service over all teachers."""
    return counted.assign(numerator=counted["in_service"], denominator=counted["teachers"])


@indicator(
    "service.relief",
    relief_of,
    keeps=("measure",),
    unknown=Unknown(partial(of_registers, tables=("schools", "relief")), silent=False),
)
def relief(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Schools with a measure (any, or the one asked for) over all schools of the register."""
    some = counted["school"].isin(counted.loc[counted["has"] > 0, "school"]).astype("int64")
    return counted.assign(numerator=counted["has"].where(counted["measure"] != "", some), denominator=counted["due"])
