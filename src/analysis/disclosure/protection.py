"""One pure function that makes figures fit for an audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from analysis.disclosure.policy import UNNAMED, of_institutions, unsafe
from analysis.house.text import MINUS, percent, rounded
from analysis.indicators.statistic import Statistic
from analysis.reference.settings import SMALLEST_CELL
from analysis.reference.vocabulary import Audience

UNNAMED_DIMENSION = "unnamed"
"""Dimension that tells unnamed schools apart: their place among the schools shown, by value, not by the register."""


class Numbering:
    """Numbers the unnamed schools of a document, so that no two figures of different schools have one identity.

    The number is a school's place by value at the first display of an indicator in a scope: the same there each time,
    another for another indicator, so that it links no two figures of one school.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], dict[str, int]] = {}

    def of(self, items: Iterable[Statistic]) -> dict[tuple[object, ...], dict[str, int]]:
        """Number the schools of some figures and return the numbers by `key` and school."""
        known = sorted((item for item in items if item.scope.school), key=_by_value)
        for item in known:
            own = self._numbers.setdefault(self.key(item), {})
            own.setdefault(item.scope.school, len(own) + 1)
        return self._numbers

    @staticmethod
    def key(item: Statistic) -> tuple[object, ...]:
        """Return what the schools are compared in: an indicator, a term, a group."""
        return item.indicator, item.scope.term, item.scope.start, item.scope.end, item.scope.group


def _by_value(item: Statistic) -> tuple[bool, float]:
    return not item.known, -(item.value or 0.0)


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


def protect(
    statistics: Iterable[Statistic],
    audience: str,
    smallest: int = SMALLEST_CELL,
    numbering: Numbering | None = None,
) -> Protected:
    """Return figures as an audience may see them; an internal edition shows everything.

    In a public edition, figures that are unsafe by themselves are suppressed (`policy.unsafe`), then those that could
    be recovered from the rest (`_complement`). What is left holds only what a reader may see: values and limits at the
    precision that is printed, no count of fewer than `smallest` people. Figures of single schools lose name, code and
    all counts, and stand in order of value, not of the register; the names of schools that did not report become a
    count.

    Parameters
    ----------
    statistics
        The figures that one display puts out together.
    audience
        A word of `analysis.reference.vocabulary.Audience`.
    smallest
        The smallest cell that the public edition shows.
    numbering
        The document's numbers of unnamed schools (default: begun anew).

    Raises
    ------
    ValueError
        If the audience is unknown: no edition is made by guess.
    """
    items = tuple(statistics)
    if not Audience.of(audience).protected:
        return Protected(items, {}, 0)
    hidden = {place: why for place, item in enumerate(items) if (why := unsafe(item, smallest))}
    hidden |= _complement(items, hidden)
    shown = [_without_numbers(item) if place in hidden else item for place, item in enumerate(items)]
    unnamed = sum(1 for item in shown if item.scope.school)
    open_ones = [_as_printed(item, smallest) for item in _in_order_of_value(shown)]
    return Protected(_nameless(open_ones, "", numbering or Numbering()), hidden, unnamed)


def _in_order_of_value(items: Iterable[Statistic]) -> list[Statistic]:
    """Return figures with those of schools in order of value within their places, others where they stand."""
    found = list(items)
    sets: dict[tuple[object, ...], list[int]] = {}
    for place, item in enumerate(found):
        if item.scope.school:
            sets.setdefault(Numbering.key(item), []).append(place)
    for places in sets.values():
        ordered = sorted((found[place] for place in places), key=_by_value)
        for place, item in zip(places, ordered, strict=True):
            found[place] = item
    return found


def _as_printed(item: Statistic, smallest: int) -> Statistic:
    """Return a figure that holds no more than is printed of it: no hidden decimals, no count of a few people."""
    estimate = item.estimate
    scale = Decimal(100 if item.unit == "%" else 1)

    def limit(number: float | None) -> float | None:
        """Round a number as `Statistic.interval_text` does."""
        if number is None:
            return None
        return float(rounded(number * float(scale), item.decimals, item.rounding) / scale)

    value = limit(estimate.value)
    if item.unit == "%" and estimate.value is not None:  # a share short of 0 % or 100 % is printed with more decimals
        said = percent(estimate.value, item.decimals, item.rounding).rstrip("%").replace(",", "").replace(MINUS, "-")
        value = float(Decimal(said) / scale)
    rough = replace(estimate, value=value, se=None, deff=None, lower=limit(estimate.lower), upper=limit(estimate.upper))
    bounds = item.bounds and (limit(item.bounds[0]) or 0.0, limit(item.bounds[1]) or 0.0)
    counts: dict[str, float | int | None] = {"numerator": item.numerator, "unknown": item.unknown}
    if not of_institutions(item):
        rest = None if item.numerator is None or item.denominator is None else item.denominator - item.numerator
        if any(number is not None and 0 < number < smallest for number in (item.numerator, rest)):
            counts["numerator"] = None
    if item.scope.school:
        rough = replace(rough, n=0, df=None)
        return replace(item, estimate=rough, bounds=bounds, **_NO_COUNTS)  # type: ignore[arg-type]
    if item.few is not None and counts["numerator"] is not None:
        bounds = item.bounds  # printed as counts, like their value: rounded, they would be shares of nothing
    return replace(item, estimate=rough, bounds=bounds, **counts)  # type: ignore[arg-type]


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


_NO_COUNTS = dict.fromkeys(("numerator", "denominator", "base", "schools", "classes", "days", "unknown"))


def _without_numbers(item: Statistic) -> Statistic:
    return replace(item, estimate=item.estimate.suppressed(), bounds=None, **_NO_COUNTS)  # type: ignore[arg-type]


def unnamed_beside(
    statistics: Iterable[Statistic], school: str, numbering: Numbering | None = None
) -> tuple[Statistic, ...]:
    """Return figures for the page of one school: those of others lose name and code, and no absent school is named."""
    return _nameless(tuple(statistics), school, numbering or Numbering())


def forms(item: Statistic, audience: str, school: str, smallest: int = SMALLEST_CELL) -> list[Statistic]:
    """Return every form in which a document may hold a figure: as computed, for its readers, without its numbers.

    Parameters
    ----------
    item
        The figure as computed.
    audience
        A word of `analysis.reference.vocabulary.Audience`.
    school
        The school that the document is of (``""``: the district's).
    smallest
        The smallest cell that the public edition shows.
    """
    found = [item]
    if Audience.of(audience).protected:
        hidden = _nameless([_as_printed(_without_numbers(item), smallest)], "", Numbering())
        found += [*protect([item], audience, smallest).items, *hidden]
    return [form for one in found for form in ((one, *unnamed_beside([one], school)) if school else (one,))]


def _nameless(items: Iterable[Statistic], school: str, numbering: Numbering) -> tuple[Statistic, ...]:
    """Return figures without the names of schools other than one (``""``: of all)."""
    found = list(items)
    numbers = numbering.of(item for item in found if item.scope.school != school)
    nameless = []
    for item in found:
        if school and item.scope.school == school:
            nameless.append(item)
            continue
        item = replace(item, missing=(UNNAMED,) * len(item.missing))
        if item.scope.school:
            number = numbers[Numbering.key(item)][item.scope.school]
            scope = replace(item.scope, school="").narrowed(**{UNNAMED_DIMENSION: number})
            item = replace(item, scope=scope, group_label=UNNAMED, slice="")
        nameless.append(item)
    return tuple(nameless)
