"""Which of several figures is the highest or the lowest: said only where the data separate it from all others shown.

The largest of several estimates is always somebody's; that alone is no finding. A figure inferred from answers, or one
with limits of its process, must differ from each of the others (two-sided tests at 5 %, Holm over the others). Testing
the selected one against all others keeps the error at the level although it was picked by the same data (Hung & Fithian
2019). A figure of a complete register without limits is a fact: it is the extreme if no single case could turn the order.
Figures that are equal as printed are tied, and named together. What is missing behind a figure must not turn the order
either: its bounds lie beyond those of all others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from scipy import special

from analysis.indicators.statistic import Statistic
from analysis.statistics.intervals import t_factor
from analysis.statistics.multiplicity import holm

Side = Literal["highest", "lowest"]
SIDES: dict[str, Side] = {"highest": "highest", "lowest": "lowest"}
ALPHA = 0.05
FEW = 20
"""Fewer things than this are told as counts; no superlative rests on them."""
MOST_TIED = 4
"""More ties than this make no extreme worth a name."""


def extreme(items: Sequence[Statistic], side: Side, *, independent: bool = True) -> tuple[Statistic, ...]:
    """Return the figure that is the highest (lowest) of all shown, or several that are tied; none where data do not tell.

    Parameters
    ----------
    items
        All figures that are shown together; those without a value are not compared.
    side
        ``highest`` or ``lowest``.
    independent
        Whether the figures rest on different things. False takes the greatest possible error of a difference (the sum
        of both errors), as for parts of one whole. Answers of the same people, or classes of the same days, vary
        together: to take them as independent errs on the safe side.

    Returns
    -------
    tuple of Statistic
        Empty where fewer than two values differ as printed, where a figure rests on fewer than `FEW` things, where
        more than `MOST_TIED` are tied, where the data do not separate, or where the bounds of the figures overlap.
    """
    known = [item for item in items if item.known]
    if len({item.text for item in known}) < 2 or any(_few(item, known) for item in known):
        return ()
    choose = max if side == "highest" else min
    first = choose(known, key=lambda item: item.value or 0.0)
    tied = tuple(item for item in known if item.text == first.text)
    others = [item for item in known if item.text != first.text]
    if len(tied) > MOST_TIED:
        return ()
    if any(not _settled(one, other, side) for one in tied for other in [*others, *tied]):
        return ()
    pairs = [_p_of_difference(one, other, independent) for one in tied for other in others]
    return tied if (holm(pairs) < ALPHA).all() else ()


def _settled(one: Statistic, other: Statistic, side: Side) -> bool:
    """Tell whether what is missing or awaits correction could turn the order of two figures (or untie two equal ones)."""
    if one is other or (one.bounds is None and other.bounds is None):
        return True
    (low, high), (other_low, other_high) = (
        item.bounds or (item.value or 0.0, item.value or 0.0) for item in (one, other)
    )
    return low > other_high if side == "highest" else high < other_low


def _few(item: Statistic, beside: Sequence[Statistic]) -> bool:
    """Tell whether a figure rests on fewer than `FEW` things; counts of things are taken together."""
    base = item.base or item.estimate.n
    if item.unit != "%" and item.nature == "count" and item.base is None and item.estimate.method == "count":
        base = sum(int(abs(other.value or 0)) for other in beside)
    return base < FEW


def _p_of_difference(one: Statistic, other: Statistic, independent: bool) -> float:
    """Return the two-sided p value of the difference of two figures; 0 and 1 where both are facts.

    The standard error of each is taken on the side of the other, from its limits, so that shares near 0 or 1 and full
    counts keep the uncertainty that their intervals have (Zou & Donner 2008; Newcombe 1998, method 10).
    """
    low, high = sorted((one, other), key=lambda item: item.value or 0.0)
    gap = (high.value or 0.0) - (low.value or 0.0)
    below, above = _error(low, upward=True), _error(high, upward=False)
    if below is None or above is None:
        facts = all(item.nature == "count" and item.estimate.status == "ok" for item in (one, other))
        return 0.0 if facts and gap > _one_case(one) + _one_case(other) else 1.0
    wide = math.hypot(below, above) if independent else below + above
    if wide == 0:
        return 0.0 if gap > 0 else 1.0
    df = min(_df(one), _df(other))
    return float(2 * (special.ndtr(-gap / wide) if math.isinf(df) else special.stdtr(df, -gap / wide)))


def _error(item: Statistic, *, upward: bool) -> float | None:
    """Return a figure's standard error on one side, from its limit there; None if it has no error."""
    estimate = item.estimate
    limit = estimate.upper if upward else estimate.lower
    if limit is not None and estimate.value is not None:
        return abs(limit - estimate.value) / float(t_factor(estimate.level, _df(item)))
    return estimate.se


def _df(item: Statistic) -> float:
    df = item.estimate.df
    return math.inf if df is None or df < 1 else df


def _one_case(item: Statistic) -> float:
    """Return by how much one case more or less moves a figure."""
    return 1 / item.denominator if item.unit == "%" and item.denominator else 10.0**-item.decimals
