"""The homework ledger row by row, counted in small tables: subjects, publication, return, completeness."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import DAYS, A, B, C, FakeSource, aside, day, fake_study, lazy, rows_of, table

from analysis.indicators import ledger
from analysis.indicators.registry import bindings

CLASS = ("school", "grade", "class")
CAP: Any = SimpleNamespace(limit=lambda rows: rows["grade"].map({3: 60.0}).astype("float64"))


def book(*rows: tuple, **more: Any) -> pd.DataFrame:
    """Return a ledger of grade 3: school, class, day, subject, written, minutes, and when published and returned."""
    filled = [(s, 3, c, day(d), subject, *rest) for s, c, d, subject, *rest in rows]
    frame = table("school grade class date subject written minutes published_on returned_on", *filled).assign(**more)
    dates = {"date": "datetime64[s]", "published_on": "datetime64[s]", "returned_on": "datetime64[s]"}
    return frame.astype({"grade": "int64", "minutes": "Int64", **dates})


BOOK = book(
    (A, "1", 2, "语文", True, 40, day(2), day(3)),  # published on the day, back the next
    (A, "1", 2, "数学", True, 30, day(1), day(2)),  # the day before, back on the day
    (A, "1", 2, "英语", False, 15, day(3), day(9)),  # a day late; not written
    (A, "1", 3, "语文", True, None, None, None),  # minutes not told: a gap
    (A, "1", 3, "数学", True, 20, day(3), day(2)),  # back before it was set
    (A, "2", 2, "语文", True, 20, day(2), day(7)),  # back on a Saturday
    (
        A,
        "2",
        3,
        "英语",
        False,
        None,
        day(3),
        pd.Timestamp("2026-04-30"),
    ),  # no written homework; back on a day that does not count
    (B, "1", 9, "语文", True, 0, day(9), day(9)),
)


def test_rows_published_on_the_day_or_before() -> None:
    assert rows_of(ledger.rows_of(lazy(BOOK), ("school",)), "school", "rows", "published") == [(A, 7, 5), (B, 1, 1)]
    by_subject = rows_of(ledger.ledger_rows({"homework": lazy(BOOK)}, ("subject",)), "subject", "rows", "published")
    assert by_subject == [("数学", 2, 2), ("英语", 2, 1), ("语文", 4, 3)]


def test_the_parts_of_every_load_without_a_gap() -> None:
    found = rows_of(ledger.parts(lazy(BOOK)), "school", "class", "date", "subject", "own", "total")
    assert [(s, c, each.day, *rest) for s, c, each, *rest in found] == [
        (A, "1", 2, "", 40, 70), (A, "1", 2, "数学", 30, 70), (A, "1", 2, "语文", 40, 70),
        (A, "2", 2, "", 20, 20), (A, "2", 2, "语文", 20, 20), (A, "2", 3, "", 0, 0), (B, "1", 9, "", 0, 0),
    ]  # fmt: skip


def test_a_subject_of_one_minute_is_a_part_and_one_of_none_is_not() -> None:
    rows = book((A, "1", 2, "语文", True, 1, None, None), (A, "1", 2, "数学", True, 0, None, None))
    assert rows_of(ledger.parts(lazy(rows)), "subject", "own", "total") == [("", 1, 1), ("语文", 1, 1)]


def test_class_days_are_counted_by_load_and_part_without_the_unclear_ones() -> None:
    twice = pd.concat([BOOK, BOOK.assign(date=lambda rows: rows["date"] + pd.Timedelta(days=2))])
    keys = ("school", "subject", "own", "total", "class_days")
    found = rows_of(ledger.tipping({"homework": lazy(twice)}, ("school", "grade")), *keys)
    assert (A, "语文", 40, 70, 2) in found and (A, "", 40, 70, 2) in found
    unclear = table("school grade class date rows", (A, 3, "1", day(2), 1)).astype(
        {"grade": "int64", "date": "datetime64[s]"}
    )
    told = {"homework": lazy(twice), "unclear.homework": lazy(unclear)}
    assert (A, "语文", 40, 70, 1) in rows_of(ledger.tipping(told, ("school", "subject")), *keys)


PLACES = DAYS.assign(place=range(1, 8), school_day=1)  # the seventh is a Saturday and not among them


def test_a_return_is_counted_in_school_days_from_the_day_of_the_homework() -> None:
    days = pd.concat([PLACES, PLACES.iloc[4:5].assign(date=day(7), school_day=0)]).sort_values(
        "date"
    )  # Saturday: as Friday
    days = days.astype({"date": "datetime64[s]"})
    found = rows_of(
        ledger.lags(lazy(BOOK), lazy(days), ("school", "class", "subject")),
        "school",
        "class",
        "subject",
        "rows",
        "returned",
        "lag",
    )
    assert found == [
        (A, "1", "数学", 2, 1, 0), (A, "1", "英语", 1, 1, 5), (A, "1", "语文", 2, 1, 1),
        (A, "2", "英语", 1, 0, 0), (A, "2", "语文", 1, 1, 4), (B, "1", "语文", 1, 1, 0),
    ]  # fmt: skip
    whole = ledger.returned({"homework": lazy(BOOK), "days": lazy(days)}, ("school",))
    assert rows_of(whole, "school", "rows", "returned", "lag") == [(A, 7, 4, 10), (B, 1, 1, 0)]


def test_a_ledger_is_complete_where_every_due_class_day_is_without_a_gap() -> None:
    enrolment = table(
        "school grade class pupils", (A, 3, "1", 30), (A, 3, "1", 30), (A, 3, "3", 9), (B, 3, "2", 9), (C, 3, "1", 9)
    )
    days = PLACES.assign(school_day=[1, 1, 1, 0, 0, 1, 0]).astype({"date": "datetime64[s]"})
    told = {"homework": lazy(BOOK), "enrolment": lazy(enrolment.astype({"grade": "int64"})), "days": lazy(days)}
    found = rows_of(ledger.completeness_of(told, CLASS), "school", "class", "expected", "entered")
    # four school days; one day of class 1 has a gap, class 2 is not enrolled, school C has no ledger
    assert found == [(A, "1", 4, 1), (A, "3", 4, 0), (B, "2", 4, 0)]
    by_day = rows_of(ledger.completeness_of(told, (*CLASS, "date")), "class", "date", "expected", "entered")
    assert ("1", day(2), 1, 1) in by_day and ("1", day(3), 1, 0) in by_day


# -- indicators ------------------------------------------------------------------------------------------------------

COUNTED = table(
    "grade subject own total class_days",
    (3, "", 40, 70, 2), (3, "语文", 40, 70, 2), (3, "数学", 30, 70, 2), (3, "英语", 9, 70, 2),
    (3, "", 20, 60, 4), (3, "语文", 20, 60, 4), (3, "", 10, 75, 8), (3, "数学", 10, 75, 8), (1, "", 9, 90, 16), (1, "语文", 9, 90, 16),
)  # fmt: skip


def test_a_subject_tips_a_day_that_would_be_within_the_cap_without_it() -> None:
    found = ledger.tipping_subject(COUNTED, CAP)
    assert list(zip(found["subject"], found["numerator"], found["denominator"], strict=True)) == [
        ("", 2, 2), ("语文", 2, 0), ("数学", 2, 0), ("英语", 0, 0), ("", 0, 8), ("数学", 0, 0)
    ]  # fmt: skip
    just = ledger.tipping_subject(COUNTED.assign(own=10, total=70), CAP)  # 60 is within, 61 is not
    assert set(just["numerator"]) == {2, 4, 8}
    assert set(ledger.tipping_subject(COUNTED.assign(own=9, total=70), CAP)["numerator"]) == {0}


def test_a_subjects_share_is_of_the_minutes_of_its_class_days() -> None:
    found = ledger.subject_share(COUNTED.iloc[:5], CAP)
    assert found["numerator"].tolist() == [140, 80, 60, 18, 240] and found["denominator"].tolist() == [
        140,
        0,
        0,
        0,
        240,
    ]


def test_plain_ratios_of_rows() -> None:
    counted = pd.DataFrame(
        {"rows": [8], "published": [5], "returned": [4], "lag": [10], "entered": [3], "expected": [9]}
    )
    for function, top, bottom in (
        (ledger.published_before, 5, 8), (ledger.feedback_lag, 10, 4), (ledger.feedback_recorded, 4, 8), (ledger.completeness, 3, 9)
    ):  # fmt: skip
        found = function(counted, CAP)
        assert (found["numerator"].item(), found["denominator"].item()) == (top, bottom)


# -- what is lacking -------------------------------------------------------------------------------------------------


def source(**more: Any) -> FakeSource:
    due = table(
        "school grade class date pupils", (A, 3, "1", day(2), 30), (A, 4, "1", day(2), None), (B, 3, "1", day(2), 30)
    )
    present = pd.DataFrame({"school": [A, C], "rows": [1, 1]})
    return FakeSource(
        due=due,
        present=present,
        aside={"homework": aside((A, None, None, None, 4), located=((A, 3, "1", day(2), 1),))},
        **more,
    )


def test_class_days_of_silent_schools_are_unknown() -> None:
    """A has a ledger: its class 4/1, of which the enrolment tells no number, is due and counted as such."""
    found = ledger.silent(fake_study(source()), CAP, ())
    assert rows_of(found.units, "school", "grade", "number") == [(B, 3, 1)]
    assert rows_of(found.floating, "school", "rows") == [(A, 4)]


def test_a_class_without_a_name_is_due_on_every_school_day() -> None:
    """That of B, which has no ledger, and one that may be of any grade of C, which has."""
    nameless = table(
        "school grade class date rows", (B, 7, None, None, 2), (C, None, None, None, 1), (A, 5, None, None, 3)
    )
    found = ledger.silent(fake_study(source(nameless=nameless)), CAP, ())
    assert rows_of(found.units, "school", "number") == [(B, 1), (B, 14), (C, 7)]


def test_a_class_that_nobody_has_counted_is_due() -> None:
    """Four school days: one day of 3/1 and of 3/2 is whole; of 4 there is a class, whatever its name."""
    enrolment = table("school grade class pupils", (A, 3, "1", 30), (A, 3, "3", 0)).astype({"grade": "int64"})
    days = PLACES.assign(school_day=[1, 1, 1, 0, 0, 1, 0]).astype({"date": "datetime64[s]"})
    uncounted = table("school grade class", (A, 3, "2"), (A, 4, None), (C, 3, "1")).astype({"grade": "int64"})
    told = {"homework": lazy(BOOK), "enrolment": lazy(enrolment), "days": lazy(days), "unenrolled": lazy(uncounted)}
    found = rows_of(ledger.completeness_of(told, ("school", "grade")), "grade", "expected", "entered")
    without = rows_of(ledger.completeness_of({**told, "unenrolled": lazy(uncounted[:1])}, ("school", "grade")), "expected", "entered")  # fmt: skip
    assert found == [(3, 8, without[0][1]), (4, 4, 0)] and without == [(8, without[0][1])] and without[0][1] > 1


@pytest.mark.parametrize(
    ("id", "flags"),
    [
        ("homework.subject_share", (True, False, True)),
        ("homework.published_before", (False, False, False)),
        ("homework.feedback_lag", (False, True, False)),
        ("homework.feedback_recorded", (False, False, False)),
        ("homework.completeness", (False, False, True)),
        ("homework.tipping_subject", (False, True, True)),
    ],
)
def test_how_what_is_lacking_bears_on_the_figures(id: str, flags: Any) -> None:
    own = bindings()[id].unknown
    assert own is not None and (own.weighs, own.free, own.silent) == flags and not own.open
