"""A statistic as it is printed and kept; statistics of groups; means over strata."""

from __future__ import annotations

import json

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.indicators import Scope, Statistic, Statistics
from analysis.indicators.load import quantiles
from analysis.indicators.strata import school_sums, stratum_means
from analysis.statistics.estimate import Estimate


def one(
    value: float | None, lower: float | None = None, upper: float | None = None, unit: str = "%", **group
) -> Statistic:
    estimate = Estimate(value, lower=lower, upper=upper)
    decimals = 1 if unit == "%" else 0
    scope = Scope("990101", term="2025-2026-2").narrowed(**group)
    return Statistic(
        "a.b", "甲", "乙。", estimate, scope, unit=unit, decimals=decimals, base=1234, base_unit="个班级日"
    )


@pytest.mark.parametrize(
    ("statistic", "text", "interval"),
    [
        (one(0.913, 0.8991, 0.926), "91.3%", "89.9%–92.6%"),
        (one(0.99996, 0.98, 0.999999), "99.996%", "98.0%–100.0%"),
        (one(58.4, 46.2, 71.0, unit="分钟"), "58分钟", "46–71分钟"),
        (one(-3.5, -4.4, 1234.5, unit="分钟"), "−4分钟", "−4–1,235分钟"),
        (one(None), "—", "—"),
    ],
)
def test_a_statistic_is_printed_as_pages_do(statistic: Statistic, text: str, interval: str) -> None:
    assert (statistic.text, statistic.interval_text, statistic.base_text) == (text, interval, "1,234个班级日")


def test_what_is_kept_can_be_written_as_json() -> None:
    kept = json.loads(json.dumps(one(0.5, grade=np.int64(3)).as_dict(), allow_nan=False))
    assert kept["scope"]["group"] == {"grade": 3} and kept["estimate"]["value"] == 0.5


def test_groups_are_found_ordered_and_tabulated() -> None:
    many = Statistics((one(0.4, grade=1), one(None, grade=2), one(0.7, grade=3), one(0.4, grade=4)), ("grade",))
    assert many.only(grade=3).value == 0.7
    with pytest.raises(KeyError):
        many.only(grade=9)
    assert [dict(each.scope.group)["grade"] for each in many.ordered()] == [1, 4, 3, 2]
    assert many.highest().value == 0.7 and dict(many.lowest().scope.group)["grade"] == 1
    frame = many.frame()
    assert list(frame["grade"]) == [1, 2, 3, 4] and frame["value"].isna().sum() == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200), st.integers(1, 5)), min_size=1, max_size=30),
    st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
)
def test_quantiles_of_counts_are_those_of_the_values_written_out(rows: list[tuple[int, int, int]], q: float) -> None:
    names = sorted({group for group, _, _ in rows})
    group = np.array([names.index(each) for each, _, _ in rows])
    values, weights = np.array([each[1] for each in rows], dtype=float), np.array([each[2] for each in rows])
    found = quantiles(group, values, weights, q)
    for number in range(len(names)):
        written_out = np.repeat(values[group == number], weights[group == number])
        assert found[number] == pytest.approx(np.quantile(written_out, q))


def test_means_over_strata_weigh_schools() -> None:
    ledger = pd.DataFrame({"school": list("aabbc"), "minutes": pd.array([10, 30, 40, None, 50], dtype="Int64")})
    sums = school_sums(nw.from_native(ledger).lazy()).collect().to_pandas()
    schools = pd.DataFrame({"school": list("abc"), "stratum": ["x", "x", "y"], "weight": [1.0, 3.0, 1.0]})
    means = stratum_means(sums, schools)
    y, w = np.array([40.0, 3 * 40.0]), np.array([2.0, 3.0])
    mean = y.sum() / w.sum()
    assert means.loc["x", "value"] == pytest.approx(mean)
    assert means.loc["x", "se"] == pytest.approx(np.sqrt(2 * ((y - mean * w) ** 2).sum()) / w.sum())
    assert means.loc["y", "value"] == 50
