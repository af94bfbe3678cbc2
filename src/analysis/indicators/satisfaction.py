"""Satisfaction: what share answered in the top two of five, how sure that is, and what changed since the wave before.

Without an item a figure speaks of the questionnaire's overall item, without a role of the parents, without a wave of the
last one within the study's days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.house import UserError
from analysis.house.arrays import Bools, Floats
from analysis.indicators import satisfaction_survey as source
from analysis.indicators.memo import once
from analysis.indicators.registry import Figure, direct
from analysis.indicators.satisfaction_unknown import Open, bounds
from analysis.indicators.statistic import Group, GroupKey, Where
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.levels import at_level, capped, with_df
from analysis.statistics.results import estimates

if TYPE_CHECKING:
    from analysis.indicators.catalogue import Entry
    from analysis.indicators.study import Study
    from analysis.statistics.intraclass import Intraclass

DIMENSIONS = ("school", "grade", "class", "role", "item", "wave")
NARROW = 0.90
OF_ROWS = ("school", "stage", "grade_band", "grade", "class")

design = source.design


@dataclass(frozen=True)
class Question:
    """One survey and one item that figures are asked of, with the part of the group that names them."""

    survey: source.Survey
    design: SurveyDesign
    item: str
    group: Group
    rows: tuple[str, ...]
    domain: Bools

    def label(self, told: Group) -> str:
        """Return the name of a group that is told by its item or its wave alone; ``""`` for any other."""
        if set(told) == {"wave"}:
            year, month = str(told["wave"]).split("-")[:2]
            return f"{year}年{int(month)}月"
        return self.survey.items.get(self.item, "") if set(told) == {"item"} else ""


class Base(NamedTuple):
    """What a figure rests on: answers, those that its numerator counts, schools, classes."""

    n: int
    yes: float
    schools: int
    classes: int


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


def questions(study: Study, by: tuple[str, ...], where: Where, *, every_item: bool = False) -> Iterator[Question]:
    """Yield what is asked: one survey a role and wave, one item (or every item, if grouped by it), and the rows that count."""
    roles = _list(where["role"]) if "role" in where else list(source.ROLES) if "role" in by else ["parent"]
    for role in roles:
        told = source.waves(study, role) if "wave" in by else [source.wave_of(study, role)]
        for wave in _list(where["wave"]) if "wave" in where else told:
            one = source.survey(study, wave, role)
            named = list(one.items) if every_item or "item" in by else [source.OVERALL]
            wanted = [str(item) for item in _list(where["item"])] if "item" in where else named
            rows = tuple(name for name in by if name in OF_ROWS)
            group = {name: value for name, value in (("role", role), ("wave", wave)) if name in by}
            domain = np.ones(len(one.answers), dtype=bool)
            for name in set(where) & set(OF_ROWS):
                domain &= one.answers[name].astype(str).isin([str(value) for value in _list(where[name])]).to_numpy()
            described = source.questionnaire(role)
            if described is not None and wanted == [source.OVERALL] and source.OVERALL not in one.items:
                raise UserError(
                    f"问卷“{described.title}”没有问总体满意度的题；请在说明中把该题的 item 写作 overall，再重新读入答卷。"
                )
            for item in wanted:
                if item in one.items:
                    own = group | ({"item": item} if "item" in by else {})
                    yield Question(one, source.design(study, wave, role), item, own, rows, domain)


def places(study: Study, asked: Question) -> list[Group]:
    """Return the groups of rows that should have a figure: every school of the study, else those observed."""
    if not asked.rows:
        return [{}]
    observed = asked.survey.answers.loc[asked.domain, list(asked.rows)].dropna().drop_duplicates()
    found = [dict(zip(asked.rows, row, strict=True)) for row in observed.itertuples(index=False, name=None)]
    if "school" in asked.rows:
        codes = [code for code in study.schools["school"] if study.scope.school in ("", code)]
        missing = [code for code in codes if code not in {each["school"] for each in found}]
        found += [{"school": code} for code in missing] if asked.rows == ("school",) else []
    from analysis.indicators.dimensions import place

    return sorted(found, key=lambda told: [place(name, told[name]) for name in asked.rows])


def assembled(
    study: Study,
    asked: Question,
    by: tuple[str, ...],
    tabled: Callable[..., Any],
    counted: Bools,
    numerator: Floats | None = None,
) -> list[Figure]:
    """Turn estimates of one question into figures, one a group, with the answers, schools and classes behind each.

    Parameters
    ----------
    study, asked, by
        The study, the question, the dimensions of the groups.
    tabled
        An estimating method that takes ``where`` and ``by``.
    counted
        (rows,) which rows have an answer.
    numerator
        (rows,) what the numerator counts (unweighted), where there is one.
    """
    inside = asked.domain & counted
    keys = list(asked.rows)
    known: dict[GroupKey, Estimate] = {}
    behind: dict[GroupKey, Base] = {}
    if inside.any():
        if keys:
            table = tabled(where=inside, by=keys)
            known = dict(zip((_tuple(key) for key in table.index), estimates(table), strict=True))
        else:
            known = {(): tabled(where=inside, by=None)}
        behind = _behind(asked.survey.answers[inside], keys, None if numerator is None else numerator[inside])
    figures = []
    for told in places(study, asked):
        key = tuple(told.get(name) for name in keys)
        base, group = behind.get(key), _ordered(by, asked, told)
        if base is None:
            nothing = Estimate(None, status="no data")
            figures.append(Figure(group, nothing, base=0, schools=0, classes=0, label=asked.label(group)))
            continue
        counts: dict[str, int] = {} if numerator is None else {"numerator": int(base.yes), "denominator": int(base.n)}
        one = known[key]
        if one.method == "t":  # one convention on pages: the degrees of freedom of the answers shown, as for shares
            one = with_df(one, float(base.classes - base.schools))
        one = settled(capped(one))
        figures.append(
            Figure(
                group,
                one,
                base=int(base.n),
                schools=int(base.schools),
                classes=int(base.classes),
                label=asked.label(group),
                numerator=counts.get("numerator"),
                denominator=counts.get("denominator"),
            )
        )
    return figures


def _behind(rows: pd.DataFrame, keys: list[str], yes: Floats | None) -> dict[GroupKey, Base]:
    """Count the answers of each group, those that the numerator counts, their schools and their classes."""
    places = {(): np.arange(len(rows))} if not keys else rows.groupby(keys, sort=False).indices
    schools, classes = (pd.factorize(rows[name])[0] for name in ("school", "_class"))
    return {
        _tuple(key): Base(
            len(own),
            0.0 if yes is None else float(yes[own].sum()),
            len(np.unique(schools[own])),
            len(np.unique(classes[own])),
        )
        for key, own in places.items()
    }


def settled(estimate: Estimate) -> Estimate:
    """Return an estimate without the last bits, which depend on the order of sums: alone and in a group it is the same."""

    def rounded(number: float | None) -> float | None:
        return None if number is None else round(number, 12)

    return replace(
        estimate,
        value=rounded(estimate.value),
        se=rounded(estimate.se),
        lower=rounded(estimate.lower),
        upper=rounded(estimate.upper),
        deff=rounded(estimate.deff),
    )


def _tuple(key: object) -> GroupKey:
    return key if isinstance(key, tuple) else (key,)


def _ordered(by: tuple[str, ...], asked: Question, told: Group) -> Group:
    whole = {**asked.group, **told}
    plain = {name: value.item() if hasattr(value, "item") else value for name, value in whole.items()}
    return {name: plain[name] for name in by}


@direct("satisfaction.top2", dimensions=DIMENSIONS)
def top2(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Share of satisfied answers, weighted, with Korn–Graubard limits."""
    place = ("satisfaction.top2", by, repr(sorted(where.items())))
    return list(once(study._kept, place, lambda: _top2(study, by, where)))


def _top2(study: Study, by: tuple[str, ...], where: Where) -> list[Figure]:
    figures: list[Figure] = []
    for asked in questions(study, by, where):
        figures += shares(study, asked, by, partial(source.Survey.satisfied, item=asked.item), asked.item, where)
    return figures


def shares(
    study: Study, asked: Question, by: tuple[str, ...], mark: Callable[[source.Survey], Floats], name: str,
    where: Where, told: Open | None = None,
) -> list[Figure]:  # fmt: skip
    """Return weighted shares of answers; those of few classes know from the whole district how alike classmates answer.

    A school's six to twelve classes tell its own variance too roughly for a verdict (docs/decisions/0012): the
    correlation within classes is pooled over the district, so that a school's figure is the same in its own study and
    beside its neighbours.

    Parameters
    ----------
    study, asked, by
        As of `assembled`.
    mark
        Turns a survey into 1.0, 0.0 or NaN (does not count) for each row.
    name
        What `mark` marks, under which the correlation is kept.
    where
        The narrowing.
    told
        What is unknown, where it is not the answers to the item that cannot be read.
    """
    whole, wave, role = study.district, asked.survey.wave, asked.survey.role

    def of_district() -> Intraclass | None:
        district = source.survey(whole, wave, role)
        return source.design(whole, wave, role).intraclass(mark(district)) if len(district.answers) else None

    alike = once(whole._kept, ("alike", wave, role, name), of_district)
    yes = mark(asked.survey)

    def tabled(where: Bools, by: object) -> Any:
        return asked.design.proportion(yes, where=where, by=by, replace=True, alike=alike)

    found = assembled(study, asked, by, tabled, ~np.isnan(yes), np.nan_to_num(yes))
    return [bounded(study, asked, figure, yes, where, told=told) for figure in found]


def bounded(
    study: Study, asked: Question, figure: Figure, values: Floats, where: Where, span: tuple[float, float] = (0.0, 1.0),
    told: Open | None = None,
) -> Figure:  # fmt: skip
    """Return a figure with what it would be if all unknown answers were at one end of `span` (`satisfaction_unknown`)."""
    low, high = span
    unread = None if told is None else told.unread
    first, last = (told.ends if told else None) or (values, values)
    number, ends = bounds(study, asked, (first - low) / (high - low), figure.group, where, unread)
    if last is not first and ends is not None:
        other = bounds(study, asked, (last - low) / (high - low), figure.group, where, unread)[1]
        ends = None if other is None else (min(ends[0], other[0]), max(ends[1], other[1]))
    value = figure.estimate.value
    if not number or ends is None or value is None:
        return replace(figure, unknown=number or None)
    least, most = (round(low + (high - low) * end, 12) for end in ends)
    return replace(figure, unknown=number, bounds=(min(least, value), max(most, value)))


@direct("satisfaction.mean_score", dimensions=DIMENSIONS)
def mean_score(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Weighted mean score."""
    figures = []
    for asked in questions(study, by, where):
        scores = asked.survey.answers[asked.item].to_numpy(dtype=float)

        def tabled(where: Bools, by: object, asked: Question = asked) -> Any:
            return asked.design.mean(asked.item, where=where, by=by, replace=True)

        span = (1.0, float(len(asked.survey.scale.labels)))
        found = assembled(study, asked, by, tabled, ~np.isnan(scores))
        figures += [bounded(study, asked, figure, scores, where, span) for figure in found]
    return figures


@direct("satisfaction.alpha", dimensions=("school", "grade", "class", "role", "wave"))
def alpha(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """Cronbach's alpha of all items on the scale, of those who answered all."""
    figures = []
    for asked in questions(study, by, where):
        named = list(asked.survey.items)
        if len(named) < 2:
            continue
        complete = asked.survey.answers[named].notna().all(axis=1).to_numpy(dtype=bool)

        def tabled(where: Bools, by: object, asked: Question = asked, named: list[str] = named) -> Any:
            return asked.design.cronbach_alpha(named, where=where, by=by)

        figures += assembled(study, asked, by, tabled, complete)
    return figures


@direct("satisfaction.top2_narrow", dimensions=DIMENSIONS)
def top2_narrow(study: Study, entry: Entry, by: tuple[str, ...], where: Where) -> list[Figure]:
    """The same share with the 90 % limits that decide a verdict."""
    return [replace(figure, estimate=at_level(figure.estimate, NARROW)) for figure in top2(study, entry, by, where)]
