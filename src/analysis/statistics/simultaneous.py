"""Many claims at once: verdicts and directions of change that allow for how many are looked at."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Literal, TypeVar

from scipy import special

from analysis.statistics.estimate import Estimate
from analysis.statistics.levels import at_level
from analysis.statistics.multiplicity import holm
from analysis.statistics.verdict import ALPHA, Judgement, verdict

Key = TypeVar("Key", bound=Hashable)
Direction = Literal["up", "down", "not shown"]
STEPS = 40


def p_value(estimate: Estimate, at_least: float | None = None, *, at_most: float | None = None) -> float:
    """Return the least size at which a one-sided test, either way, would say something of a claim.

    It is found by halving, from the limits of the estimate's own method: p ≤ α just where the limits of the level 1 − 2α
    lie on one side of the bound. 0.5 where they never do, and without limits.

    Parameters
    ----------
    estimate, at_least, at_most
        As of `analysis.statistics.verdict.verdict`.
    """
    bound = at_least if at_least is not None else at_most
    if bound is None or estimate.lower is None or estimate.value is None:
        return 0.5

    def says(alpha: float) -> bool:
        one = at_level(estimate, 1 - 2 * alpha)
        low, high = one.lower or 0.0, one.upper or 0.0
        return (low >= bound or high < bound) if at_least is not None else (high <= bound or low > bound)

    least, most = 0.0, 0.5
    for _ in range(STEPS):
        middle = (least + most) / 2
        least, most = (least, middle) if says(middle) else (middle, most)
    return most


def together(
    items: Mapping[Key, Estimate], at_least: float | None = None, *, at_most: float | None = None
) -> dict[Key, Judgement]:
    """Judge one claim of each of several estimates so that the chance of any wrong "supported" or "contradicted" stays 5 %.

    Holm's (1979) steps over the tests both ways; of each item only one way can be wrong (Shaffer 1980). One item alone is
    judged as `verdict` does; what is said of the whole ("every item is at least …") is `verdict.every`.

    Parameters
    ----------
    items
        Name → estimate; those without limits are not shown and do not count.
    at_least, at_most
        The claimed bound: give one of the two.
    """
    single = {name: verdict(estimate, at_least, at_most=at_most).judgement for name, estimate in items.items()}
    judged = [name for name, estimate in items.items() if estimate.value is not None and estimate.lower is not None]
    adjusted = holm([p_value(items[name], at_least, at_most=at_most) for name in judged])
    held = {name for name, p in zip(judged, adjusted, strict=True) if p <= ALPHA + 1e-9}
    return {name: judgement if name in held else "not shown" for name, judgement in single.items()}


def directions(items: Mapping[Key, Estimate]) -> dict[Key, Direction]:
    """Tell of each of several differences whether it is up or down, at 5 % over all of them (two-sided t tests, Holm).

    ``not shown`` means that no change was shown, not that there was none: to say the latter would need a margin below
    which a change is called none.
    """
    tests = {
        name: (one.value / one.se, one.df)
        for name, one in items.items()
        if one.value is not None and one.se and one.df and one.df >= 1
    }
    p = [float(2 * special.stdtr(df, -abs(t))) for t, df in tests.values()]
    sure = {name for name, each in zip(tests, holm(p), strict=True) if each < ALPHA}
    return {name: "not shown" if name not in sure else "up" if tests[name][0] > 0 else "down" for name in items}
