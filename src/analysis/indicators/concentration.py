"""Where the exceptions to a rule are: the school, grade, weekday … that holds most of them, and the rest without it.

A share that misses its rule has its cause in the same table more often than not. Of each dimension the one group (or the
two) with the most exceptions is looked at; it is told only where it holds half of them, or a third and twice its part of
the base. Of several dimensions the one is told whose groups hold most beyond their part of the base.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.indicators import provenance
from analysis.indicators.measuring import groupable
from analysis.indicators.registry import bindings
from analysis.indicators.statistic import Statistic
from analysis.statistics.estimate import Estimate

if TYPE_CHECKING:
    from analysis.indicators.study import Study

DIMENSIONS = ("school", "grade", "weekday", "subject", "task")
LEAST = 10
"""Fewer exceptions than this are listed where they are, not spread over groups."""
HALF, THIRD = 0.5, 1 / 3
CLEARLY, TWICE, CHANCE = 1.25, 2.0, 3.0
"""How many times its part of the base a group must hold, with half and with a third of the exceptions; and how many
standard errors it must hold beyond its part: the groups are picked because they hold most, so that two are too few."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """The groups that hold most of the exceptions behind a share.

    Parameters
    ----------
    whole
        The share.
    dimension
        What the groups are groups of.
    groups
        One or two figures, the one with most exceptions first.
    held
        The part of all exceptions that they hold, as a share: exceptions in the groups over all exceptions.
    rest
        The share without these groups; None where nothing is left.
    """

    whole: Statistic
    dimension: str
    groups: tuple[Statistic, ...]
    held: Statistic
    rest: Statistic | None


def concentration(study: Study, whole: Statistic, *, breaches: bool = False) -> Concentration | None:
    """Return where the exceptions behind a share are; None where they are few or spread as the base is.

    Parameters
    ----------
    study
        The study that measured the share.
    whole
        A share of counted things, without narrowing by groups.
    breaches
        Whether the numerator counts the exceptions (else what is within the rule).
    """
    if whole.nature != "count" or whole.scope.group or exceptions(whole, breaches) < LEAST:
        return None
    able = groupable(bindings()[whole.indicator])
    found: list[tuple[float, str, tuple[Statistic, ...]]] = []
    for dimension in DIMENSIONS:
        if dimension in able and not (dimension == "school" and whole.scope.school):
            groups = [item for item in study.measure(whole.indicator, by=dimension) if item.known and item.denominator]
            excess, most = _most(groups, whole, breaches)
            if most:
                found.append((excess, dimension, most))
    if not found:
        return None
    _, dimension, most = max(found, key=lambda each: each[0])
    return _made(whole, dimension, most, breaches)


def of_groups(
    study: Study, whole: Statistic, dimension: str, keys: Sequence[str], *, breaches: bool = False
) -> Concentration:
    """Return what some groups hold of the exceptions behind a share, and the rest without them.

    Parameters
    ----------
    study, whole, breaches
        As in `concentration`.
    dimension
        What the groups are groups of.
    keys
        The groups, by code, in the order in which they are told.
    """
    groups = {_key(item, dimension): item for item in study.measure(whole.indicator, by=dimension)}
    return _made(whole, dimension, tuple(groups[key] for key in keys), breaches)


def _made(whole: Statistic, dimension: str, most: tuple[Statistic, ...], breaches: bool) -> Concentration:
    made = Concentration(whole, dimension, most, _held(whole, dimension, most, breaches), _rest(whole, dimension, most))
    provenance.keep([made.held, *([made.rest] if made.rest else [])])
    return made


def exceptions(item: Statistic, breaches: bool) -> float:
    """Return how many exceptions stand behind a share: its numerator, or what its numerator leaves of the denominator.

    0 where either is not known.
    """
    if item.numerator is None or item.denominator is None:
        return 0.0
    return item.numerator if breaches else item.denominator - item.numerator


def _most(groups: Sequence[Statistic], whole: Statistic, breaches: bool) -> tuple[float, tuple[Statistic, ...]]:
    """Return by how much the groups hold more than their part of the base, and the groups; none if not clearly more."""
    ordered = sorted(groups, key=lambda item: -exceptions(item, breaches))
    for size in (1, 2):
        most = tuple(ordered[:size])
        if len(ordered) < 2 * size:
            break
        holds = sum(exceptions(item, breaches) for item in most) / exceptions(whole, breaches)
        parts = [(item.denominator or 0.0) / (whole.denominator or 1.0) for item in most]
        part = sum(parts)
        each = [exceptions(item, breaches) / exceptions(whole, breaches) for item in most]
        clearly = all(own >= CLEARLY * base for own, base in zip(each, parts, strict=True))
        error = math.sqrt(part * (1 - part) / exceptions(whole, breaches))
        if holds - part < CHANCE * error:
            continue
        if (holds >= HALF and clearly) or (size == 1 and holds >= THIRD and holds >= TWICE * part):
            return holds - part, most
    return 0.0, ()


def _key(item: Statistic, dimension: str) -> str:
    return item.scope.school if dimension == "school" else str(dict(item.scope.group)[dimension])


def _held(whole: Statistic, dimension: str, most: Sequence[Statistic], breaches: bool) -> Statistic:
    top, bottom = sum(exceptions(item, breaches) for item in most), exceptions(whole, breaches)
    where = "、".join(item.group_label for item in most)
    return replace(
        whole,
        indicator=f"{whole.indicator}.held",
        label=f"{whole.label}：例外中{where}所占比例",
        definition=f"“{whole.label}”的例外中，{where}所占的比例",
        estimate=Estimate(top / bottom, n=round(bottom), method="ratio"),
        scope=whole.scope.narrowed(**{f"held_{dimension}": "、".join(_key(item, dimension) for item in most)}),
        numerator=top,
        denominator=bottom,
        base=round(bottom),
        rule="",
        unknown=None,
        bounds=None,
        group_label=where,
    )


def _rest(whole: Statistic, dimension: str, most: Sequence[Statistic]) -> Statistic | None:
    top = (whole.numerator or 0.0) - sum(item.numerator or 0.0 for item in most)
    bottom = (whole.denominator or 0.0) - sum(item.denominator or 0.0 for item in most)
    if bottom <= 0:
        return None
    schools = whole.schools - len(most) if dimension == "school" and whole.schools else whole.schools
    unknown = None
    if whole.unknown is not None and whole.bounds is not None:  # what belongs to no group may belong to the rest
        unknown = max(whole.unknown - sum(item.unknown or 0 for item in most), 0)
    return replace(
        whole,
        indicator=f"{whole.indicator}.rest",
        definition=f"同“{whole.label}”，不含{'、'.join(item.group_label for item in most)}。",
        estimate=Estimate(top / bottom, n=round(bottom), method="ratio"),
        scope=whole.scope.narrowed(**{f"without_{dimension}": "、".join(_key(item, dimension) for item in most)}),
        numerator=top,
        denominator=bottom,
        base=round(bottom),
        schools=schools,
        classes=None,
        unknown=unknown,
        bounds=None if unknown is None else (top / (bottom + unknown), (top + unknown) / (bottom + unknown)),
        group_label=f"不含{'、'.join(item.group_label for item in most)}",
    )
