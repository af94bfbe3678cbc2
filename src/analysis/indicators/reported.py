"""What parents and pupils say homework takes, beside what the ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from analysis.house import path
from analysis.house.paths import read_toml
from analysis.indicators import dimensions, measuring
from analysis.indicators.catalogue import Entry
from analysis.indicators.engine import Lazy
from analysis.indicators.estimation import figures
from analysis.indicators.judge import Judge
from analysis.indicators.load import load
from analysis.indicators.registry import Figure, counting, direct, indicator
from analysis.indicators.statistic import Where

if TYPE_CHECKING:
    from analysis.indicators.study import Study

CLASS = ("school", "grade", "class")
DIMENSIONS = (*CLASS, "role", "wave")


@lru_cache(maxsize=4)
def _minute_items(folder: str, _version: tuple[int, ...]) -> tuple[str, ...]:
    found = set()
    for file in sorted(path(folder, "reference", "questionnaires").glob("*.toml")):
        found |= {each["item"] for each in read_toml(file).get("question", []) if each.get("role") == "minutes"}
    return tuple(sorted(found))


def minute_items() -> tuple[str, ...]:
    """Return the survey items that ask for a duration (``role = "minutes"`` in the questionnaires)."""
    files = path("data", "reference", "questionnaires").glob("*.toml")
    return _minute_items("data", tuple(sorted(file.stat().st_mtime_ns for file in files)))


def answers_of(survey: Lazy, keys: tuple[str, ...], items: tuple[str, ...]) -> Lazy:
    """Return how many answers name how many minutes.

    Parameters
    ----------
    survey
        Columns ``item, state, score`` and those of `keys`.
    keys
        Some of ``school, grade, class, role, wave``.
    items
        The items that ask for minutes.

    Returns
    -------
    narwhals.LazyFrame
        `keys`, ``minutes`` (rounded to whole ones), ``answers`` (how many).
    """
    answered = survey.filter(nw.col("item").is_in(list(items)), nw.col("state") == "ok", ~nw.col("score").is_null())
    plain = answered.select(*keys, nw.col("score").round(0).cast(nw.Int64).alias("minutes"))
    return plain.group_by(*keys, "minutes").agg(nw.len().alias("answers"))


@counting(tables=("survey",), dimensions=DIMENSIONS, always=CLASS)
def reported(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count answers by the minutes that they name (`answers_of`)."""
    return answers_of(tables["survey"], keys, minute_items())


@indicator("homework.reported_minutes", reported)
def reported_minutes(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Minutes named, on average over the answers."""
    return counted.assign(numerator=counted["minutes"] * counted["answers"], denominator=counted["answers"])


@direct("homework.reported_gap", dimensions=(*DIMENSIONS, "stage", "grade_band"))
def reported_gap(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Minutes named less the ledger's average for the same class, on average over the answers.

    An answer whose class has no ledger (or that names no class) is compared with its grade in the school; without that
    it does not count.
    """
    wanted = list(dict.fromkeys((*by, *where)))
    answers = measuring.narrowed(measuring.counted(study, reported, wanted), where)
    loads = measuring.counted(study, load, ())
    if not len(answers) or not len(loads):
        return []
    loads = loads[loads["gap"] == 0].assign(minutes=lambda rows: rows["total"] * rows["class_days"])
    matched = _matched(answers, loads)
    gaps = (matched["minutes"] - matched["ledger"]) * matched["answers"]
    rows = matched.assign(numerator=gaps, denominator=matched["answers"])
    found = figures(rows, by, "ratio", interval="class", share=False)
    levels = dimensions.levels(by, study.expected, study.days, rows, entry.grades)
    known = {tuple(figure.group[name] for name in by): figure for figure in found}
    return [known[group] for group in levels if group in known]


def _matched(answers: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """Add the ledger's average (``ledger``) of each answer's class, else of its grade in the school."""

    def average(keys: list[str], name: str) -> pd.DataFrame:
        sums = loads.groupby(keys)[["minutes", "class_days"]].sum()
        return (sums["minutes"] / sums["class_days"]).rename(name).reset_index()

    out: Any = answers.merge(average(["school", "grade", "class"], "own"), on=["school", "grade", "class"], how="left")
    out = out.merge(average(["school", "grade"], "of_grade"), on=["school", "grade"], how="left")
    out = out.assign(ledger=out["own"].fillna(out["of_grade"]))
    found: pd.DataFrame = out[out["ledger"].notna()]
    return found
