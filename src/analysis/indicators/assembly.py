"""Figures become statistics: each with its indicator, scope, base, missing schools, slice, rule and Chinese name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.indicators import dimensions, provenance
from analysis.indicators.catalogue import Entry
from analysis.indicators.measuring import values
from analysis.indicators.registry import Figure
from analysis.indicators.reporting import School
from analysis.indicators.source import SEEN
from analysis.indicators.statistic import Group, GroupKey, Scope, Statistic, Where
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

SPOKEN = ("school", "stage", "grade_band", "grade", "class", "week", "weekday", "subject", "role", "group")
_NONE = Estimate(None, status="no data")


def statistics(
    study: Study, entry: Entry, by: tuple[str, ...], where: Where, found: list[Figure], groups: list[GroupKey]
) -> tuple[Statistic, ...]:
    """Return one statistic for each group; one without a figure has the status ``no data``."""
    known = {tuple(figure.group[name] for name in by): figure for figure in found}
    rule = entry.rule if study.judge(entry.rule, entry.period).applied else ""
    borrowed = entry.interval in ("survey", "model")  # how alike classmates answer is learnt from the whole district
    read = tables_read(entry)
    if "enrolment" in read and len(study.source.unenrolled):  # then other tables tell which classes there are
        read = (*read, *SEEN)
    digest = study.snapshot.slice(read, "" if borrowed else study.scope.school)
    silent = study.reporting(entry.reported_in, entry.grades).missing if entry.kept_by == "school" else ()
    other = _otherwise(study, entry)
    names = dict(zip(study.schools["school"], study.schools["short_name"], strict=True))
    told = {name: tuple(values(value)) if len(values(value)) > 1 else values(value)[0] for name, value in where.items()}
    scope = in_period(study, entry)
    items = []
    for group in groups:
        own = {**told, **dict(zip(by, group, strict=True))}
        figure = known.get(group) or Figure({}, _NONE, base=0, schools=0)
        if not figure.estimate.known and other and any(_concerns(each, own) for each in other):
            figure = replace(figure, estimate=Estimate(None, status="no roll call"))
        items.append(
            Statistic(
                indicator=entry.id,
                label=entry.label,
                definition=entry.definition,
                estimate=figure.estimate,
                scope=scope.narrowed(**{"school": scope.school, **own}),
                unit=entry.unit,
                decimals=entry.decimals,
                rounding=entry.rounding,
                numerator=figure.numerator,
                denominator=figure.denominator,
                base=figure.base,
                base_unit=entry.base_unit_of(own),
                schools=figure.schools,
                classes=figure.classes,
                days=figure.days,
                missing=tuple(each.short_name for each in silent if _concerns(each, own)),
                snapshot=study.snapshot.id,
                slice=digest,
                rule=rule,
                group_label=figure.label or group_label(own, names),
                nature=entry.nature,
                unknown=figure.unknown,
                bounds=figure.bounds,
            )
        )
    provenance.keep(items)
    return tuple(items)


def tables_read(entry: Entry) -> tuple[str, ...]:
    """Return the tables that a statistic rests on: what it counts, who reported, what should have been there and is not."""
    beside = ("enrolment", "refused") if entry.nature == "count" and entry.kept_by == "school" else ("refused",)
    return (*entry.tables, *entry.reported_in, *beside) if entry.tables else ()


def _otherwise(study: Study, entry: Entry) -> tuple[School, ...]:
    """Return the schools that reported, but in none of the tables that an indicator is computed from."""
    if set(entry.reported_in) <= set(entry.tables):
        return ()
    without = study.reporting(entry.tables[0], entry.grades).missing
    return tuple(each for each in study.reporting(entry.reported_in, entry.grades).reported if each in without)


def in_period(study: Study, entry: Entry) -> Scope:
    """Return the scope with the days that an indicator speaks of."""
    day = study.as_of.isoformat()
    scope = study.scope
    start = day if entry.period == "date" else scope.start
    return replace(scope, start=start, end=scope.end if entry.period == "term" else day)


def group_label(told: Group, schools: dict[str, str]) -> str:
    """Return the Chinese name of a group: ``三年级周三``, ``湖滨小学五年级``."""
    if "grade" in told:  # which tells its stage already
        told = {name: value for name, value in told.items() if name not in dimensions.OF_GRADE}
    order = sorted(told, key=lambda name: SPOKEN.index(name) if name in SPOKEN else len(SPOKEN))
    names = _items(str(values(told.get("role", "parent"))[0])) if "item" in told else {}
    return "".join(
        "、".join(names.get(value) or dimensions.label(name, value, schools) for value in values(told[name]))
        for name in order
    )


def _items(role: str) -> dict[str, str]:
    """Return the names of a questionnaire's items by their codes."""
    from analysis.indicators.satisfaction_survey import items  # which measures, by way of this module

    return items(role)


def _concerns(school: School, told: Group) -> bool:
    """Whether a silent school would have had a part in a group."""
    if told.get("school", school.school) != school.school:
        return False
    grades = values(told["grade"]) if "grade" in told else []
    return not grades or any(school.first_grade <= grade <= school.last_grade for grade in grades)
