"""Who answered the survey, how like the whole they are, who did not really answer, and what silence may hide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.house.arrays import Bools, Floats
from analysis.indicators import satisfaction_survey as source
from analysis.indicators.dimensions import place
from analysis.indicators.refused import compatible
from analysis.indicators.registry import Figure, direct
from analysis.indicators.satisfaction import OF_ROWS, Question, _list, _ordered, places, questions, shares
from analysis.indicators.satisfaction_unknown import KEYS, Open
from analysis.indicators.service import LARGEST
from analysis.indicators.statistic import Group, Where
from analysis.statistics.estimate import Estimate
from analysis.statistics.likert import speeding, straight_lining
from analysis.statistics.response import Dispositions, Silence, representativeness

if TYPE_CHECKING:
    from analysis.indicators.catalogue import Entry
    from analysis.indicators.study import Study

AT = ("school", "grade", "role", "wave")


def _kept(frame: pd.DataFrame, told: Group, where: Where) -> pd.DataFrame:
    for name, value in {**where, **told}.items():
        if name in OF_ROWS and name in frame.columns:
            frame = frame[frame[name].astype(str).isin([str(each) for each in _list(value)])]
    return frame


def dispositions(asked: Question, told: Group, where: Where) -> Dispositions | None:
    """Return what became of those invited in one group: complete, partial, silent (AAPOR); None if it is not known."""
    answers = _kept(asked.survey.answers, told, where)
    complete = int(answers[list(asked.survey.items)].notna().all(axis=1).sum())
    invited = _everyone(asked, told, where)
    return None if invited is None else Dispositions.of_all_invited(invited, complete, len(answers) - complete)


def unsized(study: Study, asked: Question, told: Group, where: Where) -> int:
    """Return how many more may have been invited in a group: pupils of classes of which the enrolment tells no number."""
    rows = study.source.unsized
    rows = rows[rows["grade"].isna() | rows["grade"].isin(source.grades(asked.survey.role))]
    known = {name: value for name, value in {**where, **told}.items() if name in OF_ROWS}
    return LARGEST * int(rows.loc[compatible(rows, known, study.days), "rows"].sum())


@direct("satisfaction.response_rate", dimensions=AT)
def response_rate(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Complete and partial questionnaires over all invited (AAPOR RR2); a school without answers has 0.

    A class of unknown size counts with as many pupils as a class may have, so that no rate gains by a row of the enrolment
    that is missing.
    """
    figures = []
    for asked in questions(study, by, where):
        for told in _invited_places(study, asked):
            counts = dispositions(asked, told, where)
            if counts is None:
                figures.append(Figure(_ordered(by, asked, told), Estimate(None, status="no data"), base=0, schools=0))
                continue
            answered = counts.complete + counts.partial
            known, more = answered + counts.not_reached, unsized(study, asked, told, where)
            invited = known + more
            rate = answered / invited if known else None
            answers = _kept(asked.survey.answers, told, where)
            figures.append(
                Figure(
                    _ordered(by, asked, told),
                    Estimate(rate, n=invited, method="ratio"),
                    numerator=answered,
                    denominator=invited,
                    base=invited,
                    unknown=more or None,
                    bounds=(answered / invited, answered / known) if more and known else None,
                    schools=int(answers["school"].nunique()),
                    classes=int(answers["_class"].nunique()),
                )
            )
    return figures


def _invited_places(study: Study, asked: Question) -> list[Group]:
    """Return the groups of those invited, whether anybody answered or not."""
    if asked.rows not in (("grade",), ("stage",), ("grade_band",)) or asked.survey.invited.empty:
        return places(study, asked)
    (name,) = asked.rows
    return [{name: told} for told in sorted(asked.survey.invited[name].unique().tolist(), key=partial(place, name))]


@direct("satisfaction.representativeness", dimensions=("school", "role", "wave"))
def alike(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """R-indicator over the grades of the schools; none where answers do not tell their grade, or a class its size."""
    figures = []
    for asked in questions(study, by, where):
        for told in places(study, asked):
            invited = _kept(asked.survey.invited, told, where)
            answers = _kept(asked.survey.answers, told, where)
            places_invited = list(zip(invited["school"].tolist(), invited["grade"].astype(int).tolist(), strict=True))
            numbers = dict(zip(places_invited, invited["invited"].astype(int).tolist(), strict=True))
            counts = answers.groupby(["school", "grade"]).size().to_dict() if len(answers) else {}
            answered = {name: min(int(counts.get(name, 0)), number) for name, number in numbers.items()}
            told_all = len(answers) > 0 and bool(answers["grade"].notna().all())
            told_all = told_all and not unsized(study, asked, told, where)
            indicator = representativeness(numbers, answered).indicator if told_all and numbers else None
            base = sum(numbers.values())
            estimate = Estimate(indicator, n=base, method="ratio")
            figures.append(Figure(_ordered(by, asked, told), estimate, base=base, schools=answers["school"].nunique()))
    return figures


# -- who did not really answer -----------------------------------------------------------------------------------------


def screened(survey: source.Survey, untold: float | None = None) -> dict[str, Bools]:
    """Return which questionnaires look careless: ``straight`` (one answer to every item) and ``fast`` for their school.

    Parameters
    ----------
    survey
        The survey.
    untold
        The time that those of unknown time are taken to have needed, when the school's median is looked for.
    """
    named, seconds = list(survey.items), survey.answers["seconds"].astype("float64")
    fast = np.zeros(len(survey.answers), dtype=bool)
    for rows in survey.answers.groupby("school").indices.values():
        own = seconds.iloc[rows] if untold is None else seconds.iloc[rows].fillna(untold)
        fast[rows] = speeding(own, items=len(named))
    return {"straight": straight_lining(survey.answers[named]), "fast": fast}


def _timed(survey: source.Survey, untold: float | None = None) -> Floats:
    """Return 1.0 for who was fast, 0.0 for who was not, NaN where the time is unknown."""
    return np.where(survey.answers["seconds"].isna(), np.nan, screened(survey, untold)["fast"].astype(float))


@direct("satisfaction.straight_lining", dimensions=AT)
def straight(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Share of questionnaires with one and the same answer to every item."""
    figures = []
    for asked in questions(study, by, where):
        figures += shares(
            study, asked, by, lambda survey: screened(survey)["straight"].astype(float), "straight", where
        )
    return figures


@direct("satisfaction.speeding", dimensions=AT)
def fast(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Share of questionnaires answered faster than reading allows, of those whose time is known.

    One of unknown time may be fast or not; the school's median, which decides about the others, is least if it took none.
    """
    figures = []
    for asked in questions(study, by, where):
        answers = asked.survey.answers
        untold = answers.loc[answers["seconds"].isna(), KEYS]
        ends = (_timed(asked.survey, 0.0), _timed(asked.survey, np.inf)) if len(untold) else None
        figures += shares(study, asked, by, _timed, "fast", where, Open(untold, ends))
    return figures


@direct("satisfaction.top2_screened", dimensions=("school", "grade", "role", "item", "wave"))
def without_careless(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Share of satisfied answers without the questionnaires that look careless; one of unknown time may be one of them."""
    figures = []
    for asked in questions(study, by, where):
        answers, unread = asked.survey.answers, asked.survey.unread
        doubtful = answers["seconds"].isna() & answers[asked.item].notna() & ~screened(asked.survey)["straight"]
        known = [np.where(doubtful, np.nan, _careful(asked.survey, asked.item, untold)) for untold in (0.0, np.inf)]
        lacking = pd.concat([unread.loc[unread["item"] == asked.item, KEYS], answers.loc[doubtful, KEYS]])
        told = Open(lacking, (known[0], known[1])) if doubtful.any() else None
        figures += shares(study, asked, by, partial(_careful, item=asked.item), f"{asked.item} screened", where, told)
    return figures


def _careful(survey: source.Survey, item: str, untold: float | None = None) -> Floats:
    """Return who is satisfied, NaN for the questionnaires that look careless."""
    marks = screened(survey, untold)
    return np.where(marks["straight"] | marks["fast"], np.nan, survey.satisfied(item))


# -- what silence may hide ---------------------------------------------------------------------------------------------


def silence(asked: Question, told: Group, where: Where) -> Silence | None:
    """Return the counts of one group: satisfied, answered the item, invited; None if nobody answered or is known to be invited.

    More answers than the enrolment count as invited, as in the response rate.
    """
    answers = _kept(asked.survey.answers, told, where)
    invited = _everyone(asked, told, where)
    scores = answers[asked.item].reset_index(drop=True)
    answered = int(scores.notna().sum())
    if not answered or invited is None:
        return None
    yes = int(np.nansum(asked.survey.scale.top(scores)))
    return Silence(yes, answered, invited)


def _everyone(asked: Question, told: Group, where: Where) -> int | None:
    """Return how many were invited in a group; None where a school that answered has no enrolment."""
    answers, known = _kept(asked.survey.answers, told, where), _kept(asked.survey.invited, told, where)
    if not set(answers["school"]) <= set(known["school"]):
        return None
    return max(int(known["invited"].sum()), len(answers))


def _bounded(
    study: Study, by: tuple[str, ...], where: Where, counted: Callable[[Silence], tuple[int, int]]
) -> list[Figure]:
    figures = []
    for asked in questions(study, by, where):
        for told in places(study, asked):
            group = _ordered(by, asked, told)
            own = silence(asked, told, where)
            schools = int(_kept(asked.survey.answers, told, where)["school"].nunique())
            if own is None:
                figures.append(
                    Figure(group, Estimate(None, status="no data"), base=0, schools=0, label=asked.label(group))
                )
                continue
            more = unsized(study, asked, told, where)
            most, beside = counted(own)
            top, bottom = counted(replace(own, invited=own.invited + more))  # those who may be there are silent too
            ends = sorted((top / bottom, most / beside)) if bottom and beside and more else None
            estimate = Estimate(top / bottom if bottom else None, n=bottom, method="count")
            figures.append(
                Figure(
                    group,
                    estimate,
                    numerator=top,
                    denominator=bottom,
                    base=bottom,
                    unknown=more or None,
                    bounds=(ends[0], ends[1]) if ends else None,
                    schools=schools,
                    label=asked.label(group),
                )
            )
    return figures


@direct("satisfaction.if_silent_against", dimensions=("school", "role", "item", "wave"))
def lowest(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """The share of all invited if everybody silent were not satisfied (Manski 1989)."""
    return _bounded(study, by, where, lambda own: (own.yes, own.invited))


@direct("satisfaction.if_silent_for", dimensions=("school", "role", "item", "wave"))
def highest(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """The share of all invited if everybody silent were satisfied."""
    return _bounded(study, by, where, lambda own: (own.most, own.invited))


@direct("satisfaction.needed_of_silent", dimensions=("school", "role", "item", "wave"))
def tipping(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """How many of the silent would have to be satisfied for all invited to reach the target; nothing without a target."""
    target = study.judge(entry.rule).value()
    if target is None:
        return []
    return _bounded(study, by, where, lambda own: (own.needed(target), own.silent))
