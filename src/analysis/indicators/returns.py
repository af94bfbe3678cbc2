"""Returns to the monitoring platform: made in time, and the same as the ledgers at home."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.registered import Registers, counts, registered

CLASS_DAYS, JOINED = "台账班级日数", "参加课后服务人次"
RETURN = ["school", "period", "return"]


def returns(registers: Registers) -> pd.DataFrame:
    """Return what each school reported by the day: `RETURN`, ``due``, ``first`` and ``last`` day, last ``value``."""
    rows = registers["platform"].rename(columns={"item": "return"})
    stamps = pd.to_datetime(rows["reported_at"], format="ISO8601", errors="coerce")
    rows = rows.assign(stamp=stamps)[stamps.dt.normalize() <= registers.day].sort_values("stamp")
    found = rows.groupby(RETURN, as_index=False).agg(
        due=("due", "first"), first=("stamp", "first"), last=("stamp", "last"), value=("value", "last")
    )
    return found.assign(first=found["first"].dt.normalize(), last=found["last"].dt.normalize())


def _owed(registers: Registers) -> pd.DataFrame:
    """Return every return that was due by the day, of every school of the register, reported or not."""
    due = registers.study.district.snapshot.frame("platform").rename(columns={"item": "return"})
    due = due[(due["term"] == registers.study.scope.term) & (due["due"] <= registers.day)]
    once = due.groupby(["period", "return"], as_index=False, sort=False)[
        ["due"]
    ].min()  # two deadlines are one return, and the first holds
    owed = registers.schools.merge(once, how="cross")
    return owed.merge(returns(registers).drop(columns="due"), on=RETURN, how="left")


@registered("supervision.returns_made", by=("school", "period", "return"))
def returns_made(registers: Registers) -> pd.DataFrame:
    """Returns made, late ones included, over returns due by the day."""
    owed = _owed(registers)
    return counts(owed, owed["first"].notna())


@registered("supervision.returns_on_time", by=("school", "period", "return"))
def returns_on_time(registers: Registers) -> pd.DataFrame:
    """Returns first made by their due date over returns due by the day; a missing one is not on time."""
    owed = _owed(registers)
    return counts(owed, owed["first"].notna() & (owed["first"] <= owed["due"]))


def compared(registers: Registers) -> pd.DataFrame:
    """Return the returns that a ledger at home can confirm: `RETURN`, ``value`` (platform), ``ledger``.

    Class-days are those with a row in the homework ledger, joins those of the daily lists, by month; a month is compared
    where the school keeps that ledger at all.
    """
    told = returns(registers)
    months = told["period"].str.replace("年", "-").str[:7]
    own = {CLASS_DAYS: _class_days(registers), JOINED: _joined(registers)}
    parts = []
    for name, ledger in own.items():
        mine = told.assign(month=months)[told["return"] == name]
        mine = mine[mine["school"].isin(ledger["school"])]
        parts.append(mine.merge(ledger, on=["school", "month"], how="left").fillna({"ledger": 0}))
    return pd.concat(parts, ignore_index=True)


def _class_days(registers: Registers) -> pd.DataFrame:
    rows = registers.study.source.presence(("homework",), ("class",))
    return _by_month(rows.assign(ledger=1)) if "date" in rows.columns else _by_month(None)


def _joined(registers: Registers) -> pd.DataFrame:
    if not registers.has("service_daily"):
        return _by_month(None)
    return _by_month(registers.study.rows("service_daily").rename(columns={"joined": "ledger"}))


def _by_month(rows: pd.DataFrame | None) -> pd.DataFrame:
    if rows is None or rows.empty:
        return pd.DataFrame({"school": pd.Series(dtype="str"), "month": pd.Series(dtype="str"), "ledger": []})
    months = rows.assign(month=pd.to_datetime(rows["date"]).dt.strftime("%Y-%m"))
    found: pd.DataFrame = months.groupby(["school", "month"])[["ledger"]].sum().reset_index()
    return found


@registered("supervision.returns_equal", by=("school", "period", "return"))
def returns_equal(registers: Registers) -> pd.DataFrame:
    """Returns that tell the same as the ledger over returns that a ledger can confirm."""
    rows = compared(registers)
    return counts(rows, rows["value"] == rows["ledger"])


@registered("supervision.class_days_gap", by=("school", "period"), form="sum", amounts=True)
def class_days_gap(registers: Registers) -> pd.DataFrame:
    """Class-days of the ledger minus those returned; the base is the class-days returned."""
    rows = compared(registers).query("`return` == @CLASS_DAYS")
    return rows.assign(numerator=rows["ledger"] - rows["value"], denominator=rows["value"])


@registered("supervision.joined_gap", by=("school", "period"), form="sum", amounts=True)
def joined_gap(registers: Registers) -> pd.DataFrame:
    """Joins of the daily lists minus those returned; the base is the joins returned."""
    rows = compared(registers).query("`return` == @JOINED")
    return rows.assign(numerator=rows["ledger"] - rows["value"], denominator=rows["value"])
