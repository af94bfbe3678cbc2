"""Indicators of registers: a few rows each, kept by schools or by the bureau, looked at on one day.

A register is a full count: its figures have no interval, and a claim is held against the count itself. The function of
such an indicator gets the `Registers` and returns rows; narrowing, grouping and dividing are done here, once for all:

1. rows have the dimensions, ``numerator`` and ``denominator`` (and ``school``, where schools keep the register);
2. what happened after the day that the study looks at (`Registers.on`) had not happened: the function leaves it out;
3. where an indicator can be told for the whole and for parts that do not add up to it (a school with any channel, a
   school with this channel), the rows of the whole have ``""`` in that dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from analysis.indicators import dimensions
from analysis.indicators.catalogue import Entry
from analysis.indicators.judge import Judge
from analysis.indicators.measuring import narrowed
from analysis.indicators.registry import Binding, Figure, Form, bindings, direct
from analysis.indicators.statistic import Group, Where
from analysis.indicators.unknown import Lacking, Unknown, bounded, of_registers
from analysis.rules import rule
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

_AMOUNTS: set[str] = set()
"""Ids of indicators that add up amounts."""


class Registers:
    """The registers of a study: each as a frame of the study's term and school.

    Parameters
    ----------
    study
        The study.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.on = study.as_of
        self.start = study.calendar.start

    @property
    def day(self) -> pd.Timestamp:
        """The day that the study looks at, as frames hold it."""
        return pd.Timestamp(self.on)

    def has(self, name: str) -> bool:
        """Whether the snapshot holds a register."""
        return name in self.study.snapshot.tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a register's rows of the study's term and school; those after the day are still among them."""
        frame = self.study.snapshot.frame(name, school=self.study.scope.school)
        if "term" in frame.columns:
            frame = frame[frame["term"] == self.study.scope.term]
        if "school" in frame.columns:
            frame = frame[frame["school"].isin(self.study.expected["school"])]
        return frame.reset_index(drop=True)

    @property
    def schools(self) -> pd.DataFrame:
        """The schools that are expected to report: one column ``school``."""
        return self.study.expected[["school"]].reset_index(drop=True)

    def rule(self, id: str, on: date, **where: object) -> float | None:
        """Return the value of a rule on a day in the study's district, None if none holds."""
        found = rule(id, on, self.study.scope.district, **where)
        return None if found is None else found.value


Rows = Callable[[Registers], pd.DataFrame]
Ends = Callable[[Registers, Figure, Where, int], tuple[float, float] | None]


def registered(
    id: str,
    *,
    by: tuple[str, ...] = (),
    form: Form = "ratio",
    whole: str = "",
    some: bool = False,
    amounts: bool = False,
    fixed: bool = False,
    tables: tuple[str, ...] = (),
    unclear: Rows | None = None,
    mutual: bool = False,
    ends: Ends | None = None,
) -> Callable[[Rows], Rows]:
    """Bind a function ``(registers) -> rows`` to an id.

    Parameters
    ----------
    id
        Id in the catalogue.
    by
        Columns that it can be grouped by.
    form
        ``ratio`` or ``sum`` (of the numerators).
    whole
        The dimension in which ``""`` stands for the whole.
    amounts
        Whether amounts are added up, so that what a refused row holds may be anything.
    fixed
        Whether the denominator is fixed, so that a refused row can only add to the numerator.
    some
        Whether one of the tables is enough (the function then looks which are there).
    tables
        Its tables, that of the things which are counted first; default: as in the catalogue.
    unclear
        Returns the rows in which a cell that decides (a deadline, an account) is empty: each is an unknown unit.
    mutual
        Whether what is unknown may also speak against a known thing (two on one account).
    ends
        Tells the bounds of a sum of amounts: it gets the registers, the figure, what is narrowed to (its group included)
        and how many rows are unknown.
    """

    def find(study: Study, judge: Judge, names: Collection[str], *, tables: tuple[str, ...]) -> Lacking:
        lacking = of_registers(study, judge, names, tables=tables)
        if unclear is not None:
            own = unclear(Registers(study))
            if whole:
                own = own[(own[whole] != "") if whole in names else (own[whole] == "")]
            own = own[[name for name in by if name in own.columns]].assign(number=1)
            lacking = replace(lacking, units=pd.concat([lacking.units, own]) if len(own) else lacking.units)
        if mutual and len(lacking.units):
            lacking = replace(lacking, floating=pd.concat([lacking.floating, lacking.units.assign(rows=lacking.units["number"])]))  # fmt: skip
        return lacking

    if amounts:
        _AMOUNTS.add(id)

    def bind(function: Rows) -> Rows:
        def measure(study: Study, entry: Entry, names: tuple[str, ...], where: Where) -> list[Figure]:
            registers = Registers(study)
            there = [registers.has(table) for table in entry.tables]
            if not (any(there) if some else all(there)):
                return []
            if entry.kept_by == "district" and study.scope.school:
                return []
            rows = function(registers)
            if whole:
                rows = rows[(rows[whole] != "") if whole in (*names, *where) else (rows[whole] == "")]
            found = grouped(
                study, narrowed(rows, where), names, form, nothing=0.0 if entry.kept_by == "district" else None
            )
            if not entry.tables:
                return found
            made_of = tables or entry.tables
            told_ends = None if ends is None else lambda _, *told: ends(registers, *told)
            unknown = Unknown(
                partial(find, tables=("schools", *made_of) if fixed else made_of),
                open=amounts,
                silent=False,
                ends=told_ends,
            )
            groups = [tuple(figure.group[name] for name in names) for figure in found]
            return bounded(
                study, entry, Binding(id, measure, form=form, unknown=unknown), rows, found, groups, names, where
            )

        direct(id, dimensions=by)(measure)
        return function

    return bind


def adds_amounts(id: str) -> bool:
    """Tell whether an indicator adds up amounts, so that a refused row behind it is no single thing of its base."""
    bindings()
    return id in _AMOUNTS


def grouped(
    study: Study, rows: pd.DataFrame, by: tuple[str, ...], form: Form, nothing: float | None = None
) -> list[Figure]:
    """Return one figure for each group that should have one; `nothing` is the sum of a group without rows."""
    own = list(by)
    parts = {key if isinstance(key, tuple) else (key,): part for key, part in rows.groupby(own)} if own else {(): rows}
    return [
        _figure(dict(zip(by, group, strict=True)), parts.get(group, rows.iloc[:0]), form, nothing)
        for group in dimensions.levels(by, study.expected, study.days, rows, ())
    ]


def _figure(group: Group, rows: pd.DataFrame, form: Form, nothing: float | None) -> Figure:
    top, bottom = (float(rows[name].sum()) for name in ("numerator", "denominator"))
    share = top / bottom if bottom else None
    value = share if form == "ratio" else top if len(rows) else nothing
    schools = rows.loc[rows["denominator"] > 0, "school"].nunique() if "school" in rows.columns else None
    return Figure(
        group=group,
        estimate=Estimate(value, n=round(bottom), method="count"),
        numerator=_plain(top),
        denominator=_plain(bottom),
        base=round(bottom),
        schools=schools,
    )


def _plain(number: float) -> float:
    return int(number) if number.is_integer() else number


def counts(rows: pd.DataFrame, good: pd.Series[bool]) -> pd.DataFrame:
    """Return rows with a numerator of 1 where `good` holds, and a denominator of 1."""
    return rows.assign(numerator=good.astype("int64"), denominator=1)
