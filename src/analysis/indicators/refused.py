"""The rows that were put aside, as a study sees them: which class-days they are of, and which cannot be placed.

A row in quarantine was handed in and is not known. Where its class and day are known, that class-day is unclear: what is
left of it would be lighter than it was. Where they are not, it may be a part of any class-day that what is known of its
key allows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis.indicators import dimensions
from analysis.indicators.statistic import Where
from analysis.snapshots import Snapshot

CLASS_DAY = ["school", "grade", "class", "date"]
_KEPT = [*CLASS_DAY, "subject", "pupil", "weight", "rows"]


@dataclass(frozen=True)
class Refused:
    """The refused rows of one table.

    Parameters
    ----------
    rows
        All of them: ``school, grade, class, date, subject, pupil`` (missing where not known), ``weight`` (of each, where
        the table has one), ``rows`` (how many).
    located
        The class-days that some of them are of: ``school, grade, class, date, rows``.
    floating
        Those of which class or day is not known, or is none that there is; columns as in `rows`.
    """

    rows: pd.DataFrame
    located: pd.DataFrame
    floating: pd.DataFrame


def refused(
    snapshot: Snapshot,
    table: str,
    *,
    term: str,
    schools: Collection[str],
    days: Collection[pd.Timestamp],
    until: date | None,
    end: date,
    classes: pd.DataFrame,
) -> Refused:
    """Return the refused rows of a table that may concern some schools in a term.

    Parameters
    ----------
    snapshot
        Where the table ``refused`` is; without it nothing was refused.
    table
        Name of the table that the rows were meant for.
    term
        Rows of another term are left out; a row without a term may be of this one.
    schools
        Rows of other schools are left out; a row without a school may be of one of these.
    days
        The school days that are counted; a row of another day cannot be placed.
    until
        Last day that counts: a row of a later day of the term is left out, one dated after the term cannot be placed (its
        date is wrong). None for a register, of whose rows it is not known which day decides.
    end
        Last day of the term.
    classes
        ``school, grade, class``: the classes that there are; a row of another class cannot be placed.
    """
    rows = snapshot.refused()
    rows = rows[
        (rows["table"] == table)
        & (rows["term"].isna() | (rows["term"] == term))
        & (rows["school"].isna() | rows["school"].isin(list(schools)))
    ]
    names = dict.fromkeys(("school", "class", "subject", "pupil"), "object")
    rows = rows.reindex(columns=_KEPT).astype(
        {**names, "grade": "Int64", "date": "datetime64[s]", "weight": "float64", "rows": "int64"}
    )
    if until is not None:
        rows = rows[~((rows["date"] > pd.Timestamp(until)) & (rows["date"] <= pd.Timestamp(end)))]
    rows["date"] = rows["date"].where(rows["date"].isin(list(days)))
    known = set(classes[["school", "grade", "class"]].itertuples(index=False, name=None))
    placed = pd.Series([key in known for key in zip(rows["school"], rows["grade"], rows["class"], strict=True)], rows.index, dtype=bool)  # fmt: skip
    rows["class"] = rows["class"].where(placed)
    found = rows["class"].notna() & rows["date"].notna()
    located = rows[found].groupby(CLASS_DAY)[["rows"]].sum().reset_index().astype({"grade": "int64"})
    return Refused(rows, located, rows[~found].reset_index(drop=True))


def compatible(rows: pd.DataFrame, where: Where, days: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows may be of a group, as far as their keys are known.

    Parameters
    ----------
    rows
        As of `Refused`.
    where
        Dimensions and the value (or list of values) of each; one that the rows know nothing of passes every row.
    days
        The calendar's rows (``date, week, weekday``).
    """
    passes = pd.Series(True, index=rows.index)
    for name, told in where.items():
        own = _known(rows, name, days)
        if own is not None:
            wanted = list(told) if isinstance(told, list | tuple | set) else [told]
            passes &= own.isna() | own.isin(wanted)
    return passes


def _known(rows: pd.DataFrame, name: str, days: pd.DataFrame) -> pd.Series[Any] | None:
    if name in rows.columns:
        return rows[name]
    if name in ("week", "weekday"):
        return rows["date"].map(dict(zip(days["date"].astype("datetime64[s]"), days[name], strict=True)))
    if name in dimensions.OF_GRADE:
        return rows["grade"].map({grade: dimensions.OF_GRADE[name](grade) for grade in dimensions.GRADES})
    return None
