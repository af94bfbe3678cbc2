"""Homework load against the rule: the share within the cap, the average that the rule is about, and the tail."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.indicators.judge import Judge
from analysis.indicators.load import load
from analysis.indicators.registry import indicator
from analysis.indicators.unknown import Unknown, class_days

LOADS = Unknown(class_days)
JUDGED = Unknown(partial(class_days, judged=True))
ABOVE = Unknown(partial(class_days, judged=True), free=True)


@indicator("homework.within_cap", load, unknown=JUDGED)
def within_cap(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Class-days whose load is not above the cap, over class-days with a known load and a cap in force."""
    judged = _judged(counted, judge)
    within = judged["total"] <= judged["cap"]
    return judged.assign(numerator=judged["class_days"].where(within, 0), denominator=judged["class_days"])


@indicator("homework.over_cap_days", load, form="sum", unknown=JUDGED)
def over_cap_days(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Number of class-days above the cap; its base is the class-days judged."""
    judged = _judged(counted, judge)
    over = judged["total"] > judged["cap"]
    return judged.assign(numerator=judged["class_days"].where(over, 0), denominator=judged["class_days"])


@indicator("homework.excess_minutes", load, unknown=ABOVE)
def excess_minutes(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Minutes above the cap, on average over the class-days that are above it."""
    judged = _judged(counted, judge)
    over = judged[judged["total"] > judged["cap"]]
    return over.assign(numerator=(over["total"] - over["cap"]) * over["class_days"], denominator=over["class_days"])


@indicator("homework.mean_minutes", load, unknown=LOADS)
def mean_minutes(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Minutes over class-days with a known load."""
    known = counted[counted["gap"] == 0]
    return known.assign(numerator=known["total"] * known["class_days"], denominator=known["class_days"])


@indicator("homework.median_minutes", load, form="quantile", q=0.5, unknown=LOADS)
@indicator("homework.p90_minutes", load, form="quantile", q=0.9, unknown=LOADS)
def minutes(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """The load of class-days (value) and how many have it (weight)."""
    known = counted[counted["gap"] == 0]
    return known.assign(value=known["total"], weight=known["class_days"])


@indicator("homework.written_low_grades", load, unknown=Unknown(partial(class_days, gaps=True)))
def written_low_grades(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Class-days with any written homework over class-days (grades 1–2)."""
    return counted.assign(numerator=counted["written"] * counted["class_days"], denominator=counted["class_days"])


def _judged(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Return the rows with a known load and a cap in force, with the cap."""
    known = counted[counted["gap"] == 0]
    with_cap = known.assign(cap=judge.limit(known))
    return with_cap[with_cap["cap"].notna()]
