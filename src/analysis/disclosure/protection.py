"""One pure function that makes figures fit for an audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.disclosure.policy import SMALLEST_CELL, UNNAMED, unsafe
from analysis.indicators.statistic import Statistic


@dataclass(frozen=True)
class Protected:
    """Figures as an audience may see them.

    Parameters
    ----------
    items
        The figures in the order in which they came, the unsafe ones without their numbers.
    hidden
        Place in `items` → why it was hidden (a key of `policy.REASONS`).
    unnamed
        How many figures of single schools lost the school's name.
    """

    items: tuple[Statistic, ...]
    hidden: dict[int, str]
    unnamed: int


def protect(statistics: Iterable[Statistic], audience: str, smallest: int = SMALLEST_CELL) -> Protected:
    """Return figures as an audience may see them; an internal edition shows everything.

    In a public edition, figures that are unsafe by themselves are suppressed (`policy.unsafe`), then those that could
    be recovered from the rest (`_complement`); figures of single schools lose name and code, and the names of schools
    that did not report become a count.

    Parameters
    ----------
    statistics
        The figures that one display puts out together.
    audience
        ``internal`` or ``public``.
    smallest
        The smallest cell that the public edition shows.

    Raises
    ------
    ValueError
        If the audience is unknown: no edition is made by guess.
    """
    items = tuple(statistics)
    if audience == "internal":
        return Protected(items, {}, 0)
    if audience != "public":
        raise ValueError(f"unknown audience {audience!r}")
    hidden = {place: why for place, item in enumerate(items) if (why := unsafe(item, smallest))}
    hidden |= _complement(items, hidden)
    shown = tuple(_without_numbers(item) if place in hidden else item for place, item in enumerate(items))
    unnamed = sum(1 for item in shown if item.scope.school)
    return Protected(tuple(_without_names(item) for item in shown), hidden, unnamed)


def _complement(items: tuple[Statistic, ...], hidden: dict[int, str]) -> dict[int, str]:
    """Hide one more group where exactly one of a set with a common total was hidden: its total would betray it.

    Groups of the same indicator and the same dimensions form a set; the one with the smallest base joins the hidden one.
    """
    more: dict[int, str] = {}
    sets: dict[tuple[object, ...], list[int]] = {}
    for place, item in enumerate(items):
        if item.scope.group or item.scope.school:
            dimensions = (*(name for name, _ in item.scope.group), "school" if item.scope.school else "")
            sets.setdefault((item.indicator, dimensions), []).append(place)
    for places in sets.values():
        gone = [place for place in places if place in hidden]
        open_places = [place for place in places if place not in hidden and items[place].known and items[place].base]
        if len(gone) == 1 and open_places:
            more[min(open_places, key=lambda place: (items[place].base or 0, place))] = "complement"
    return more


def _without_numbers(item: Statistic) -> Statistic:
    return replace(
        item,
        estimate=item.estimate.suppressed(),
        numerator=None,
        denominator=None,
        base=None,
        schools=None,
        classes=None,
        days=None,
        unknown=None,
        bounds=None,
    )


def unnamed_beside(statistics: Iterable[Statistic], school: str) -> tuple[Statistic, ...]:
    """Return figures for the page of one school: those of others lose name and code, and no absent school is named."""
    return tuple(item if item.scope.school == school else _without_names(item) for item in statistics)


def _without_names(item: Statistic) -> Statistic:
    missing = (UNNAMED,) * len(item.missing)
    if not item.scope.school:
        return replace(item, missing=missing)
    return replace(item, missing=missing, scope=replace(item.scope, school=""), group_label=UNNAMED, slice="")
