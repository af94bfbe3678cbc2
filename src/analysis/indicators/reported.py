"""What parents and pupils say homework takes, beside what the ledger says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

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
from analysis.indicators.reported_ledger import Averages, bounded
from analysis.indicators.satisfaction_survey import questionnaire
from analysis.indicators.satisfaction_unknown import without_place
from analysis.indicators.statistic import Where
from analysis.indicators.unknown import Lacking, Unknown
from analysis.reference.vocabulary import Role

if TYPE_CHECKING:
    from analysis.indicators.study import Study

CLASS = ("school", "grade", "class")
DIMENSIONS = (*CLASS, "role", "wave")
PLACES = {"grade", "class", "stage", "grade_band"}


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


@counting(tables=("survey",), dimensions=DIMENSIONS, always=DIMENSIONS)
def untold(tables: Mapping[str, Lazy], keys: tuple[str, ...]) -> Lazy:
    """Count answers to these items that were given and cannot be read: `keys`, ``number``."""
    given = tables["survey"].filter(nw.col("item").is_in(list(minute_items())), nw.col("state") == "ok")
    return given.filter(nw.col("score").is_null()).group_by(*keys).agg(nw.len().alias("number"))


def unread(study: Study, names: Collection[str]) -> pd.DataFrame:
    """Return the answers of which the minutes are unknown: `DIMENSIONS` as far as told, ``date`` (none), ``number``.

    They cannot be read, or the questionnaire was put aside. Of a class or grade also those that do not tell their own.
    """
    aside, schools = study.snapshot.refused(), list(study.expected["school"])
    aside = aside[(aside["table"] == "survey") & (aside["school"].isna() | aside["school"].isin(schools))]
    for name, own in asked_in(study).items():
        aside = aside[aside[name].isna() | aside[name].isin(own)]
    parts = [aside[[*DIMENSIONS, "rows"]].rename(columns={"rows": "number"})]
    if study.source.can(untold):
        parts.append(study.source.counted(untold, DIMENSIONS))
        if PLACES & set(names):
            answers = study.source.counted(reported, DIMENSIONS)
            parts.append(answers[without_place(answers, names)].rename(columns={"answers": "number"}))
    parts = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(parts, ignore_index=True).astype({"grade": "Int64", "number": "int64"}).assign(date=None)


def asked_in(study: Study) -> dict[str, list[str]]:
    """Return the roles and the waves of the term in which minutes were asked for."""
    found: dict[str, list[str]] = {"role": [], "wave": []}
    for role in Role.labels():
        described = questionnaire(role)
        if described is not None and any(question.role == "minutes" for question in described.questions):
            found["role"].append(role)
            found["wave"] += [wave for wave, first, _ in described.waves if first >= study.calendar.start]
    return found


def unread_answers(study: Study, judge: Judge, names: Collection[str]) -> Lacking:
    """Return the answers of which the minutes are unknown, each from 0 to the ceiling."""
    units = unread(study, names)
    return Lacking(units, units.iloc[:0])


@indicator("homework.reported_minutes", reported, unknown=Unknown(unread_answers, silent=False))
def reported_minutes(counted: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Minutes named, on average over the answers; those of no known class are one of their own."""
    named = counted.assign(grade=counted["grade"].fillna(0), **{"class": counted["class"].fillna("")})
    return named.assign(numerator=counted["minutes"] * counted["answers"], denominator=counted["answers"])


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
    averages = Averages.of(study, loads)
    matched = averages.beside(answers)
    gaps = (matched["minutes"] - matched["ledger"]) * matched["answers"]
    rows = matched.assign(numerator=gaps, denominator=matched["answers"])
    rows["class"] = rows["class"].fillna("")
    found = figures(rows, by, "ratio", interval="class", share=False)
    levels = dimensions.levels(by, study.expected, study.days, rows, entry.grades)
    known = {tuple(figure.group[name] for name in by): figure for figure in found}
    unknown = _unknown(study, answers, {*by, *where}, float(entry.ceiling))
    return [bounded(study, known[group], rows, unknown, averages, where) for group in levels if group in known]


def _unknown(study: Study, answers: pd.DataFrame, names: Collection[str], most: float) -> pd.DataFrame:
    """Return the answers whose gap is not known: `unread` with the ``least`` and the ``most`` minutes that each names.

    One that does not tell its grade names its minutes, but can be compared with no class.
    """
    rows = unread(study, names).assign(least=0.0, most=most)
    if PLACES & set(names):
        return rows
    nameless = answers[answers["grade"].isna()]
    own = nameless.assign(number=nameless["answers"], least=nameless["minutes"], most=nameless["minutes"])
    return pd.concat([rows, own], ignore_index=True)[rows.columns] if len(own) else rows
