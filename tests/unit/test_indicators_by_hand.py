"""Small steps of the indicators against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import FakeSource, fake_study
from presentation_figures import share

from analysis.indicators import (
    command,
    concentration,
    extremes,
    inspections,
    institutions,
    ledger,
    money,
    reported,
    reported_ledger,
    satisfaction_survey,
    unknown,
)
from analysis.indicators.registry import Figure
from analysis.statistics.estimate import Estimate


@pytest.mark.parametrize(
    ("direction", "form", "top", "bottom", "lacking", "ceiling", "kind", "ends"),
    [
        ("higher", "ratio", 5, 10, (2, 1, 1), 0, {}, (4 / 12, 8 / 12)),
        ("lower", "ratio", 5, 10, (2, 1, 1), 0, {}, (5 / 12, 9 / 12)),
        ("none", "ratio", 5, 10, (2, 1, 1), 0, {}, (4 / 12, 9 / 12)),
        ("none", "ratio", 5, 10, (2, 1, 1), 0, {"free": True}, (5 / 13, 9 / 13)),
        ("none", "sum", 50, None, (2, 1, 1), 10, {}, (40, 90)),
        ("none", "sum", 5, None, (0, 0, 1), 10, {}, (0, 15)),
        ("lower", "ratio", 100, 200, (2, 0, 0), 60, {"weighs": True}, (100 / 320, 220 / 320)),
        ("lower", "ratio", 100, 4, (1, 0, 0), 60, {}, (20, 32)),
        ("higher", "ratio", 9, 10, (0, 3, 0), 0, {}, (0.9, 1)),
        ("higher", "ratio", 30, 10, (0, 1, 0), 0, {}, (3, 3)),
        ("lower", "ratio", 200, 200, (0, 1, 0), 60, {"weighs": True}, (1, 1)),
        ("none", "ratio", 0, 10, (0, 0, 1), 0, {}, (0, 0.1)),
        ("none", "ratio", None, None, (2, 0, 0), 0, {}, (0, 1)),
        ("none", "ratio", 0, 0, (0, 0, 1), 0, {}, None),
    ],
)
def test_the_bounds_of_shares_means_and_sums(
    direction: str, form: Any, top: Any, bottom: Any, lacking: Any, ceiling: float, kind: dict[str, bool], ends: Any
) -> None:
    entry: Any = SimpleNamespace(direction=direction, ceiling=ceiling)
    how = unknown.Unknown(lambda *_: pytest.fail(), **kind)
    figure = Figure({}, Estimate(0.5), numerator=top, denominator=bottom)
    found = unknown._ends(figure, form, lacking, entry, how)
    assert found == (None if ends is None else pytest.approx(ends))


@pytest.mark.parametrize(
    ("values", "weights", "lacking", "ceiling", "ends"),
    [
        ([30, 10, 20, 100], [1, 1, 1, 0], (2, 0), 60, (10, 30)),
        ([30, 10, 20], [1, 1, 1], (2, 1), 60, (10, 60)),
        ([30, 10, 20, 100], [1, 1, 1, 0], (1, 0), 5, (15, 25)),
        ([10, 20], [3, 1], (0, 2), 60, (10, 40)),
    ],
)
def test_the_bounds_of_a_median(values: Any, weights: Any, lacking: Any, ceiling: float, ends: Any) -> None:
    rows = pd.DataFrame({"value": values, "weight": weights})
    assert unknown._quantile(rows, 0.5, *lacking, ceiling) == pytest.approx(ends)


def test_the_p_value_of_two_means_and_of_two_zeros() -> None:
    zero, three = (replace(share(0.5), estimate=Estimate(value, se=1, n=9)) for value in (0.0, 3.0))
    assert extremes._p_of_difference(zero, zero, True) == pytest.approx(1)
    assert extremes._p_of_difference(three, zero, True) == pytest.approx(0.0338949, abs=1e-6)
    assert extremes._p_of_difference(zero, three, False) == pytest.approx(0.1336144, abs=1e-6)


def test_a_wave_counts_from_its_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2026, 3, day) for day in (1, 2, 3)]
    told = [("b", days[1], None), ("a", days[0], None), ("c", days[2], None)]
    monkeypatch.setattr(satisfaction_survey, "questionnaire", lambda role: SimpleNamespace(waves=told))
    study: Any = SimpleNamespace(source=SimpleNamespace(answered_until=days[1]))
    assert satisfaction_survey.waves(study, "parent") == ["a", "b"]


def test_an_inspection_is_overdue_from_the_day_after_its_deadline_until_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = pd.Timestamp(2026, 3, 10)
    ago, ahead = day - pd.Timedelta(days=1), day + pd.Timedelta(days=1)
    told = [("failed", None, ago), ("failed", None, day), ("failed", day, ago), ("failed", ahead, ago)]
    rows = pd.DataFrame([*told, ("passed", None, ago)], columns=["result", "mended_on", "deadline"])
    rows["mended_on"] = pd.to_datetime(rows["mended_on"])
    monkeypatch.setattr(inspections, "inspected", lambda registers: rows)
    registers: Any = SimpleNamespace(day=day)
    assert inspections.rectification_overdue(registers)["numerator"].tolist() == [1, 0, 0, 1]
    assert inspections.rectified(registers)["numerator"].tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(("day", "limit", "last"), [(2, 1, 3), (2, 5, 9), (6, 1, 9)])
def test_the_last_day_to_publish_counts_school_days_after_the_inspection(day: int, limit: int, last: int) -> None:
    assert inspections.published_by(pd.Timestamp(2026, 3, day), limit, "990101") == pd.Timestamp(2026, 3, last)


def test_a_subjects_minutes_stand_over_those_of_the_whole() -> None:
    rows = [("", 20, 30, 2), ("语文", 20, 30, 2), ("数学", 10, 30, 2)]
    counted = pd.DataFrame(rows, columns=["subject", "own", "total", "class_days"])
    found = ledger.subject_share(counted, None)  # type: ignore[arg-type]
    assert found["numerator"].tolist() == [60, 40, 20] and found["denominator"].tolist() == [60, 0, 0]


def test_an_answer_is_compared_with_its_class_else_with_its_grade() -> None:
    names = ["school", "grade", "class", "minutes"]
    loads = pd.DataFrame([("A", 3, "1", 60, 3), ("A", 3, "2", 40, 1)], columns=[*names, "class_days"])
    answers = pd.DataFrame(
        [("A", 3, "1", 30, 2), ("A", 3, "9", 35, 1), ("B", 3, "1", 9, 1)], columns=[*names, "answers"]
    )
    assert reported_ledger.Averages.of(fake_study(FakeSource()), loads).beside(answers)["ledger"].tolist() == [20, 25]
    assert reported.reported_minutes(answers, None)["numerator"].tolist() == [60, 35, 9]  # type: ignore[arg-type]


def test_wide_letters_take_two_columns() -> None:
    assert command._padded("中a", 5) == "中a  "


def test_two_facts_differ_where_more_than_a_case_of_each_lies_between() -> None:
    half, near, far = (share(value, base=100) for value in (0.50, 0.51, 0.53))
    assert [extremes._p_of_difference(half, other, True) for other in (near, far)] == [1, 0]
    zero, same, three = (replace(share(0.5), estimate=Estimate(value, se=0, n=9)) for value in (0.0, 0.0, 3.0))
    assert [extremes._p_of_difference(zero, other, True) for other in (same, three)] == [1, 0]


@pytest.mark.parametrize(
    ("tops", "bottom", "breaches", "beyond"),
    [
        ((27, 9), 50, True, 0.25),  # three times the error of one half of 36 exceptions: 3 × 0.5 / 6
        ((26, 10), 50, True, 0.0),
        ((23, 41), 50, False, 0.25),
        ((40, 15, 15, 15, 15), 200, True, 0.2),  # twice its part, more than a third
        ((39, 16, 15, 15, 15), 200, True, 0.0),
        ((33, 25, 14, 14, 14), 200, True, 0.18),  # two groups, the second just 1.25 times its part
        ((33, 24, 15, 14, 14), 200, True, 0.0),
    ],
)
def test_a_concentration_lies_beyond_chance(tops: Any, bottom: int, breaches: bool, beyond: float) -> None:
    groups: Any = [SimpleNamespace(numerator=top, denominator=bottom) for top in tops]
    whole: Any = SimpleNamespace(numerator=sum(tops), denominator=bottom * len(tops))
    found, most = concentration._most(groups, whole, breaches)
    assert found == pytest.approx(beyond) and list(most) == groups[: {0.0: 0, 0.18: 2}.get(beyond, 1)]


LIMITS = {"months": 3.0, "lessons": 60.0, "amount": 5000.0, "early": 1.0}
DAY = pd.Timestamp


def contract(**changed: object) -> dict[str, object]:
    plain = {
        "from": DAY("2026-03-01"), "to": DAY("2026-06-01"), "lessons": 60, "training": "other", "fee": 5000.0,
        "signed_on": DAY("2026-02-01"),
    }  # fmt: skip
    return plain | changed


@pytest.mark.parametrize(
    ("changed", "beyond"),
    [
        ({}, []),  # every limit just kept: three months, 60 lessons, 5,000 yuan, signed a month before
        ({"to": DAY("2026-06-02")}, [0]),
        ({"lessons": 61}, [1]),
        ({"lessons": None}, []),
        ({"fee": 5000.01}, [2]),
        ({"fee": 5000.01, "training": "subject"}, []),  # the amount limits other training only
        ({"signed_on": DAY("2026-01-31")}, [3]),  # a month after 31 January is 28 February
        ({"signed_on": None}, []),
        ({"to": None}, [4]),
        ({"to": DAY("2027-01-01"), "lessons": 99, "fee": 9e4, "signed_on": DAY("2025-01-01")}, [0, 1, 2, 3]),
    ],
)
def test_a_contract_beyond_a_limit(changed, beyond):
    assert [at for at, found in enumerate(money._beyond(contract(**changed), LIMITS)) if found] == beyond


def test_no_limit_no_contract_beyond_it():
    wild = contract(to=DAY("2027-01-01"), lessons=99, fee=9e4, signed_on=DAY("2025-01-01"))
    assert money._beyond(wild, dict.fromkeys(LIMITS)) == [False] * 5


@pytest.mark.parametrize(
    ("value", "base", "bounds", "few", "said"),
    [
        (0.5, 8, (0.5, 0.625), (4, 8), "8家中4–5家"),
        (0.5, 8, (0.5, 0.5), (4, 8), "8家中4家"),
        (0.5, 8, (4 / 9, 5 / 9), (4, 8), "9家中4–5家"),  # one is missing: of nine
        (0.5, 8, (0.123, 0.456), (4, 8), "12.3%–45.6%"),  # no count of fewer than twenty gives both
        (0.0, 19, (0.0, 1.0), (0, 19), "19家中0–19家"),
        (1.0, 19, None, (19, 19), "—"),
        (0.5, 20, (0.5, 0.55), None, "50.0%–55.0%"),  # twenty are no longer few
        (0.5, 20, (0.5, 0.50004), None, "50.0%"),
    ],
)
def test_shares_of_a_few_things_are_counts_and_so_are_their_bounds(value, base, bounds, few, said):
    item = replace(share(value, base=base, bounds=bounds), base_unit="家机构")
    assert (item.few, item.bounds_text) == (few, said)


def test_which_entries_of_the_register_hold_on_a_day():
    """One entry each: begins on the day, a day later, ends on the day, a day before, closed without a last day, two that hold."""
    day = DAY("2026-07-20")
    rows = [
        ("begins", "2026-07-20", None, "open"), ("later", "2026-07-21", None, "open"),
        ("ends", "2020-01-01", "2026-07-20", "open"), ("before", "2020-01-01", "2026-07-19", "open"),
        ("closed", "2020-01-01", None, "closed"), ("closing", "2020-01-01", "2026-07-20", "closed"),
        ("twice", "2021-01-01", None, "open"), ("twice", "2020-01-01", None, "suspended"),
    ]  # fmt: skip
    register = pd.DataFrame(rows, columns=["institution", "from", "to", "status"]).assign(kind="non_subject")
    register[["from", "to"]] = register[["from", "to"]].apply(pd.to_datetime)
    held = institutions.standing(register, day)
    assert held["institution"].tolist() == ["begins", "closing", "ends", "twice"]
    assert held.set_index("institution").loc["twice", "status"] == "open"
    assert set(held["training"]) == {"non_subject"}
