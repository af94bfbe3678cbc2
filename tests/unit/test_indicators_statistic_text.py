"""A statistic in words: units, counts of a few things, limits and bounds; how groups are found, ordered and tabulated."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from indicators_helpers import A, B, statistic

from analysis.indicators import Scope, Statistic, Statistics
from analysis.indicators.statistic import measure_word
from analysis.statistics.estimate import Estimate


@pytest.mark.parametrize(
    ("unit", "word"),
    [
        ("个批次", "批次"),
        ("个班级日", "个"),
        ("项次", "项次"),
        ("家次", "家次"),
        ("人次", "人次"),
        ("所学校", "所"),
        ("份有效回答", "份"),
        ("", ""),
    ],
)
def test_the_measure_word_of_a_unit(unit: str, word: str) -> None:
    assert measure_word(unit) == word


def test_a_scope_is_narrowed_by_sorted_pairs_and_the_school_has_its_own_field() -> None:
    scope = Scope("990101", A, "2025-2026-2", group=(("weekday", 1),))
    assert scope.narrowed(grade=3).group == (("grade", 3), ("weekday", 1)) and scope.narrowed(grade=3).school == A
    assert scope.narrowed(weekday=2).group == (("weekday", 2),)
    other = scope.narrowed(school=2199000902, grade=3)
    assert (other.school, other.group) == (B, (("grade", 3), ("weekday", 1)))
    assert scope.narrowed(school="").school == "" and scope.narrowed() == scope


def share_of(top: Any, bottom: Any, unit: str = "所学校", **changed: Any) -> Statistic:
    value = top / bottom if bottom and top is not None else 0.5
    return statistic(None, bottom, estimate=Estimate(value), numerator=top, base_unit=unit, **changed)


@pytest.mark.parametrize(
    ("item", "few"),
    [
        (share_of(5, 8), (5, 8)),
        (share_of(0, 8), (0, 8)),
        (share_of(8, 8), (8, 8)),
        (share_of(19, 19), (19, 19)),
        (share_of(19, 20), None),
        (share_of(-1, 8), None),
        (share_of(9, 8), None),
        (share_of(None, 8), None),
        (share_of(0, 0), None),
        (share_of(1, None), None),
        (share_of(5.0, 8.0), (5, 8)),
        (share_of(2.5, 8), None),  # half a thing is no thing
        (share_of(2, 8.5), None),
        (share_of(5, 8, "元"), None),
        (share_of(5, 8, "万元"), None),
        (share_of(5, 8, "分钟"), None),
        (share_of(5, 8, ""), None),
        (statistic(None, 8, estimate=Estimate(0.6).suppressed(), numerator=5), None),
    ],
)  # fmt: skip
def test_a_share_of_fewer_than_twenty_things_is_counts(item: Statistic, few: Any) -> None:
    assert item.few == few


def test_a_mean_of_a_few_things_is_no_share() -> None:
    mean = statistic(None, 8, estimate=Estimate(0.625), numerator=5, unit="天", decimals=2)
    assert (mean.few, mean.text, mean.compact_text) == (None, "0.63天", "0.63天")


@pytest.mark.parametrize(
    ("item", "text", "compact"),
    [
        (share_of(5, 8), "8所中的5所", "8所中5所"),
        (share_of(10, 14, "个批次"), "14批次中的10批次", "14批次中10批次"),
        (share_of(1, 1), "有", "有"),
        (share_of(0, 1), "无", "无"),
        (share_of(0, 2), "2所中的0所", "2所中0所"),
        (share_of(15, 20), "75.0%", "75.0%"),
        (statistic(None, 9, estimate=Estimate(0.5).suppressed()), "…", "…"),
        (statistic(None, 9), "—", "—"),
        (statistic(1234.5, 1, unit="万元", decimals=1), "1,234.5万元", "1,234.5万元"),
        (statistic(2.5, 1, unit="天", decimals=0), "3天", "3天"),
        (statistic(2.5, 1, unit="天", decimals=0, rounding="half_even"), "2天", "2天"),
        (statistic(0.12345, 100, decimals=2), "12.35%", "12.35%"),
        (statistic(0.12345, 100, decimals=2, rounding="half_even"), "12.34%", "12.34%"),
    ],
)
def test_a_value_in_words(item: Statistic, text: str, compact: str) -> None:
    assert (item.text, item.compact_text) == (text, compact)


def test_a_share_has_one_decimal_unless_told() -> None:
    assert Statistic("a.b", "甲", "乙。", Estimate(0.5), Scope("990101")).text == "50.0%"
    assert Statistic("a.b", "甲", "乙。", Estimate(0.5), Scope("990101")).base_text == "—"


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [
        (0.5, 0.6, "50.0%–60.0%"),
        (0.0, 0.99999, "0.0%–100.0%"),
        (None, 0.6, "—"),
        (0.5, None, "—"),
    ],
)
def test_an_interval_needs_both_limits(lower: Any, upper: Any, told: str) -> None:
    assert statistic(None, estimate=Estimate(0.55, lower=lower, upper=upper)).interval_text == told


@pytest.mark.parametrize(
    ("bounds", "changed", "told"),
    [
        (None, {}, "—"),
        ((0.812, 0.886), {}, "81.2%–88.6%"),
        ((0.0, 0.0), {}, "0.0%"),
        ((0.8121, 0.8124), {}, "81.2%"),
        ((46.4, 50.5), {"unit": "分钟", "decimals": 0}, "46–51分钟"),
        ((46.4, 46.3), {"unit": "分钟", "decimals": 0}, "46分钟"),
        ((0.25, 0.5), {"numerator": 5, "denominator": 8, "base_unit": "所学校"}, "8所中2–4所"),
        ((5 / 11, 8 / 11), {"numerator": 5, "denominator": 8, "base_unit": "所学校"}, "11所中5–8所"),
        ((5 / 19, 6 / 19), {"numerator": 5, "denominator": 8, "base_unit": "所学校"}, "19所中5–6所"),
        ((3 / 20, 7 / 20), {"numerator": 5, "denominator": 8, "base_unit": "所学校"}, "15.0%–35.0%"),
        ((0.5, 0.5), {"numerator": 5, "denominator": 8, "base_unit": "所学校"}, "8所中4所"),
    ],
)
def test_bounds_in_words(bounds: Any, changed: dict[str, Any], told: str) -> None:
    assert statistic(0.85, bounds=bounds, **changed).bounds_text == told


def test_everything_is_kept_in_full_and_json_can_hold_it() -> None:
    item = statistic(
        0.25,
        8,
        group={"grade": np.int64(3), "class": "2"},
        missing=("丙",),
        bounds=(0.2, 0.4),
        unknown=3,
        base_unit="所学校",
    )
    kept = json.loads(json.dumps(item.as_dict(), allow_nan=False))
    assert (kept["indicator"], kept["numerator"], kept["denominator"], kept["unknown"]) == (
        "homework.within_cap",
        2,
        8,
        3,
    )
    assert (kept["missing"], kept["bounds"]) == (["丙"], [0.2, 0.4])
    assert kept["scope"] == {
        "district": "990101", "school": "", "term": "2025-2026-2", "start": "", "end": "", "group": {"grade": 3, "class": "2"}
    }  # fmt: skip
    assert (kept["estimate"]["value"], kept["estimate"]["n"], kept["estimate"]["status"]) == (0.25, 8, "ok")
    assert (kept["text"], kept["interval_text"], kept["bounds_text"], kept["base_text"]) == (
        "8所中的2所",
        "—",
        "10所中2–4所",  # two and four of ten
        "8所学校",
    )
    assert statistic(0.25).as_dict()["bounds"] is None


# -- several ---------------------------------------------------------------------------------------------------------


def many(*values: float | None) -> Statistics:
    return Statistics(
        tuple(statistic(value, group={"grade": place}) for place, value in enumerate(values, 1)), ("grade",)
    )


def grades(found: Any) -> list[int]:
    return [dict(item.scope.group)["grade"] for item in found]


def test_statistics_are_a_sequence_by_their_dimensions() -> None:
    found = many(0.1, 0.2, None)
    assert len(found) == 3 and found[2].value is None and found[:2].by == ("grade",) and grades(found[:2]) == [1, 2]
    assert grades(found.known()) == [1, 2] and grades(found.where(lambda item: item.value == 0.2)) == [2]
    assert found.known().by == found.ordered().by == ("grade",) and len(Statistics()) == 0


def test_they_are_ordered_by_value_equals_as_they_were_and_those_without_one_last() -> None:
    found = many(0.5, None, -0.5, 0.0, 0.5, None)
    assert grades(found.ordered()) == [3, 4, 1, 5, 2, 6]
    assert grades(found.ordered(descending=True)) == [1, 5, 4, 3, 2, 6]


@pytest.mark.parametrize(
    ("values", "highest", "lowest"),
    [((0.5, 0.0, -0.5), 1, 3), ((0.0, 0.5, 0.0), 2, 1), ((-0.5, 0.0, 0.0), 2, 1), ((None, 0.5, 0.5), 2, 2)],
)
def test_the_highest_and_the_lowest_are_the_first_of_equals(values: Any, highest: int, lowest: int) -> None:
    found = many(*values)
    assert grades([found.highest(), found.lowest()]) == [highest, lowest]


def test_of_none_none_is_highest() -> None:
    assert many(None).highest() is None and many(None).lowest() is None


def test_a_group_is_found_by_all_that_is_told_of_it() -> None:
    items = tuple(statistic(0.5, group={"grade": grade, "school": school}) for school in (A, B) for grade in (1, 2))
    found = Statistics(items, ("school", "grade"))
    assert found.only(school=B, grade=2) is items[3]
    for group in ({"school": B}, {"school": B, "grade": 3}, {"subject": "语文"}):
        with pytest.raises(KeyError, match="groups of"):
            found.only(**group)


def test_the_frame_has_a_row_a_group() -> None:
    items = tuple(
        statistic(value, 8, group={"school": A, "grade": 3}, group_label="甲三", base_unit="所学校")
        for value in (0.25, None)
    )
    frame = Statistics(items, ("school", "grade")).frame()
    assert list(frame.columns) == [
        *(
            "school",
            "grade",
            "label",
            "value",
            "se",
            "lower",
            "upper",
            "n",
            "numerator",
            "denominator",
            "base",
            "status",
            "text",
        ),
        "interval",
    ]
    assert frame.iloc[0][["school", "grade", "label", "value", "n", "numerator", "denominator", "base"]].tolist() == [
        A,
        3,
        "甲三",
        0.25,
        8,
        2,
        8,
        8,
    ]
    assert frame.iloc[0][["status", "text", "interval"]].tolist() == ["ok", "8所中的2所", "—"]
    assert frame.iloc[1]["status"] == "no data" and pd.isna(frame.iloc[1]["value"])
