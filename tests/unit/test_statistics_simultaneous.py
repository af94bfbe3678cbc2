"""Many claims at once, held against scipy and statsmodels."""

from __future__ import annotations

import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.statistics import Estimate, at_level, directions, together, verdict
from analysis.statistics.simultaneous import p_value


def _mean(value: float, se: float, df: float = 40) -> Estimate:
    half = stats.t.ppf(0.975, df) * se
    return Estimate(value, se, value - half, value + half, n=500, df=df, method="t")


def _share(p: float, se: float, n: int = 2000, df: float = 60) -> Estimate:
    return at_level(Estimate(p, se, 0.0, 1.0, level=0.5, n=n, df=df, method="beta"), 0.95)


def test_the_p_value_of_a_mean_is_that_of_the_t_test():
    for value in (57.0, 59.5, 61.0, 63.0):
        expected = stats.t.sf(abs(value - 60) / 1.2, 40)
        assert p_value(_mean(value, 1.2), at_most=60) == pytest.approx(expected, rel=1e-6)
        assert p_value(_mean(value, 1.2), at_least=60) == pytest.approx(expected, rel=1e-6)
    assert p_value(Estimate(0.9, n=3, status="too few"), 0.94) == 0.5


def test_the_p_value_of_a_share_is_where_its_limit_touches_the_claim():
    one = _share(0.955, 0.005)
    p = p_value(one, 0.94)
    assert at_level(one, 1 - 2 * p).lower == pytest.approx(0.94, abs=1e-8)
    assert verdict(one, 0.94).judgement == "supported" and p < 0.05


def test_verdicts_side_by_side_are_holms():
    values = [56.4, 57.0, 57.4, 59.0, 62.2, 60.1]
    items = {str(value): _mean(value, 1.2) for value in values}
    tails = [stats.t.sf(abs(value - 60) / 1.2, 40) for value in values]
    held = multipletests(tails, 0.05, method="holm")[0]
    assert held.tolist() == [True, True, False, False, False, False]
    alone = [verdict(one, at_most=60).judgement for one in items.values()]
    assert alone == ["supported", "supported", "supported", "not shown", "contradicted", "not shown"]
    assert list(together(items, at_most=60).values()) == ["supported"] * 2 + ["not shown"] * 4
    for name, one in items.items():
        assert together({name: one}, at_most=60)[name] == verdict(one, at_most=60).judgement
    few = {"少": Estimate(0.97, n=5, status="too few"), "多": _share(0.955, 0.005)}
    assert together(few, 0.94) == {"少": "not shown", "多": "supported"}


def test_changes_are_shown_over_all_items_or_not_shown():
    values = [3.1, 2.4, 2.2, -0.4, -3.4]
    items = {value: _mean(value, 1.0) for value in values} | {"无": Estimate(None)}
    p = [2 * stats.t.sf(abs(value), 40) for value in values]
    held = multipletests(p, 0.05, method="holm")[0]
    assert held.tolist() == [True, False, False, False, True]
    assert list(directions(items).values()) == ["up", "not shown", "not shown", "not shown", "down", "not shown"]
    assert directions({"一": _mean(2.2, 1.0)}) == {"一": "up"}
