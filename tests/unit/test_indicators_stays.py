"""Stays, weeks and pupils of after-school service, counted in small roll calls; and what may be hidden of them."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import DAYS, A, B, FakeSource, aside, day, fake_study, lazy, rows_of, table

from analysis.indicators import stays
from analysis.indicators.registry import bindings

CLASS = ("school", "grade", "class")
LIMIT: Any = SimpleNamespace(limit=lambda rows: rows["grade"].map({1: None, 3: 120.0}).astype("float64"))


def roll(*rows: tuple) -> pd.DataFrame:
    """Return attendance of grade 3, class 1: school, day, pupil, present, and where told start, end and group."""
    plain = (None, None, "其他")
    filled = [(row[0], 3, "1", day(row[1]), *row[2:], *plain[len(row) - 4 :]) for row in rows]
    frame = table("school grade class date pupil present start end group", *filled)
    return frame.astype({"grade": "int64", "present": "boolean", "start": "Int64", "end": "Int64"})


def tables(attendance: pd.DataFrame, pupils: int | None = None, **more: Any) -> dict[str, Any]:
    """Return the tables of a counting; with so many pupils in class A 3-1, if the enrolment is known."""
    told = {"attendance": lazy(attendance), "days": lazy(DAYS.astype({"date": "datetime64[ns]"}))} | more
    if pupils is not None:
        told["enrolment"] = lazy(table("school grade class pupils", (A, 3, "1", pupils)).astype({"grade": "int64"}))
    return told


# -- stays -----------------------------------------------------------------------------------------------------------


def test_a_stay_is_from_the_first_clock_to_the_last_of_those_who_came() -> None:
    rows = roll(
        (A, 2, "a", True, 960, 1080), (A, 2, "b", True, 960, 1080), (A, 2, "c", True, 970, 1080), (A, 2, "d", True, None, 1080),
        (A, 2, "e", True, 960, None), (A, 2, "f", False, 960, 1080),
    )  # fmt: skip
    found = rows_of(stays.stays(lazy(rows), ("school",)), "school", "stayed", "end", "pupil_days")
    assert found == [(A, 110, 1080, 1), (A, 120, 1080, 2), (A, None, 1080, 1), (A, None, None, 1)]
    assert rows_of(stays.stays_of({"attendance": lazy(rows)}, CLASS), "pupil_days") == [(1,), (1,), (1,), (2,)]


STAYED = table(
    "grade stayed end pupil_days",
    (3, 119, 1070, 1),
    (3, 120, 1080, 2),
    (3, 121, None, 4),
    (3, None, 1090, 8),
    (1, 500, 1200, 16),
)


def test_as_long_as_the_rule_says_is_long_enough() -> None:
    found = stays.two_hours(STAYED, LIMIT)
    assert (found["numerator"].sum(), found["denominator"].sum()) == (2 + 4, 1 + 2 + 4)


def test_as_late_as_the_rule_says_is_late_enough() -> None:
    late: Any = SimpleNamespace(limit=lambda rows: rows["grade"].map({1: None, 3: 1080.0}).astype("float64"))
    found = stays.late_enough(STAYED, late)
    assert (found["numerator"].sum(), found["denominator"].sum()) == (2 + 8, 1 + 2 + 8)


def test_a_week_counts_where_the_roll_was_called_on_as_many_days_as_the_rule_says() -> None:
    five: Any = SimpleNamespace(limit=lambda rows: rows["grade"].map({1: None, 3: 5.0}).astype("float64"))
    rows = table("grade listed came pupil_weeks", (3, 5, 5, 1), (3, 5, 4, 2), (3, 6, 5, 4), (3, 4, 4, 8), (1, 5, 5, 16))
    found = stays.five_day(rows, five)
    assert (found["numerator"].sum(), found["denominator"].sum()) == (1 + 4, 1 + 2 + 4)


def test_reach_is_those_who_came_over_all() -> None:
    found = stays.reach(table("came pupils", (3, 4)), LIMIT)
    assert (found["numerator"].item(), found["denominator"].item()) == (3, 4)


# -- weeks and pupils ------------------------------------------------------------------------------------------------

CALLED = roll(
    (A, 2, "a", True), (A, 3, "a", True), (A, 4, "a", False), (A, 9, "a", True),
    (A, 2, "b", True), (A, 3, "b", True), (A, 4, "b", True),
    (A, 2, "c", None), (A, 7, "c", True),  # not known whether he came; a Saturday
)  # fmt: skip
WEEK = ("school", "week", "listed", "came", "pupil_weeks")


def test_a_pupil_is_listed_on_every_day_on_which_the_roll_of_the_class_is_called() -> None:
    found = rows_of(stays.weeks(tables(CALLED), ("school", "week")), *WEEK)
    assert found == [(A, 1, 3, 2, 1), (A, 1, 3, 3, 1), (A, 2, 1, 0, 1), (A, 2, 1, 1, 1)]


def test_pupils_of_the_class_who_are_on_no_list_came_on_no_day() -> None:
    found = rows_of(
        stays.weeks(tables(CALLED, 6), ("school", "week")), *WEEK
    )  # three are on a list, be it a Saturday's
    assert found == [(A, 1, 3, 0, 3), (A, 1, 3, 2, 1), (A, 1, 3, 3, 1), (A, 2, 1, 0, 4), (A, 2, 1, 1, 1)]
    assert stays.weeks_of(tables(CALLED, 3), ("school", "week")).collect("pandas").shape[0] == 4
    assert (
        sum(n for *_, n in rows_of(stays.weeks(tables(CALLED, 2), ("school", "week")), *WEEK)) == 4
    )  # never fewer than listed


def test_a_roll_that_cannot_be_read_was_called() -> None:
    unclear = table(
        "school grade class date rows", (A, 3, "1", day(5), 2), (A, 3, "1", day(4), 1), (B, 3, "1", day(5), 1)
    )
    told = tables(CALLED, **{"unclear.attendance": lazy(unclear.astype({"grade": "int64"}))})
    assert rows_of(stays.weeks(told, ("school", "week")), *WEEK)[:2] == [(A, 1, 4, 2, 1), (A, 1, 4, 3, 1)]


def test_by_group_only_lists_with_somebody_absent_tell() -> None:
    full = roll((B, 2, "x", True, None, None, "随迁"), (B, 3, "x", True, None, None, "随迁"))
    found = rows_of(
        stays.weeks(tables(pd.concat([CALLED, full]), 9), ("group", "week")), "group", "week", "pupil_weeks"
    )
    assert found == [("其他", 1, 1), ("其他", 1, 1), ("其他", 2, 1), ("其他", 2, 1)]
    without = rows_of(stays.weeks(tables(full), ("school",)), "school")
    assert without == []
    larger = tables(full, enrolment=lazy(table("school grade class pupils", (B, 3, "1", 2)).astype({"grade": "int64"})))
    assert rows_of(stays.weeks(larger, ("school",)), "listed", "came", "pupil_weeks") == [(2, 0, 1), (2, 2, 1)]
    assert rows_of(stays.weeks(larger, ("group",)), "group") == []  # of the pupil on no list no group is known
    known = tables(full, enrolment=lazy(table("school grade class pupils", (B, 3, "1", 1)).astype({"grade": "int64"})))
    assert rows_of(stays.weeks(known, ("school",)), "school", "listed", "came", "pupil_weeks") == [(B, 2, 2, 1)]


def test_pupils_who_came_at_least_once() -> None:
    found = rows_of(stays.pupils(lazy(CALLED.dropna(subset="present")), ("school",)), "school", "pupils", "came")
    assert found == [(A, 3, 3)]
    away = roll((A, 2, "a", False), (A, 3, "a", False), (A, 2, "b", False), (A, 9, "b", True))
    assert rows_of(stays.pupils(lazy(away), ("school",)), "pupils", "came") == [(2, 1)]
    april = pd.concat(
        [
            away,
            away.assign(
                date=pd.Timestamp("2026-04-01"), present=[True, False, False, False], pupil=["a", "a", "b", "c"]
            ),
        ]
    )
    months = rows_of(stays.pupils(lazy(april), ("school",), (3, 4, 5)), "pupils", "came", "came_3", "came_4", "came_5")
    assert months == [(3, 2, 1, 1, 0)]


def test_reach_counts_the_pupils_on_no_list_of_a_known_class() -> None:
    assert rows_of(stays.pupils_of(tables(CALLED), ("school",)), "school", "pupils", "came") == [(A, 3, 3)]
    assert rows_of(stays.pupils_of(tables(CALLED, 10), ("school",)), "school", "pupils", "came") == [(A, 10, 3)]
    assert rows_of(stays.pupils_of(tables(CALLED, 4), ("school",)), "school", "pupils", "came") == [(A, 4, 3)]
    assert rows_of(stays.pupils_of(tables(CALLED, 2), ("school",)), "school", "pupils", "came") == [(A, 3, 3)]
    by_group = rows_of(stays.pupils_of(tables(CALLED, 10), ("school", "group")), "group", "pupils", "came")
    assert by_group == [("其他", 3, 3)]


# -- what may be hidden ----------------------------------------------------------------------------------------------

SIZES = table("school grade class pupils", (A, 3, "1", 30), (A, 3, "2", 40)).astype({"grade": "int64"})
UNSIZED = table("school grade class date rows", (A, 4, None, None, 2))
COLUMNS = ("school", "class", "number")


def source(
    *floating: tuple, located: Any = (), sizes: pd.DataFrame = SIZES, unsized: pd.DataFrame = UNSIZED
) -> FakeSource:
    return FakeSource(aside={"attendance": aside(*floating, located=located)}, classes=sizes, unsized=unsized)


def test_a_refused_row_hides_a_pupil_or_of_an_unknown_class_all_of_it() -> None:
    found = stays.uncalled(fake_study(source((A, 3, "1", None, 2), (B, None, None, None, 3))), LIMIT, (), weekly=False)
    assert rows_of(found.units, "school", "grade", "number") == [(A, 4, 2 * 120)]
    assert rows_of(found.floating, "school", "rows") == [(B, 3 * 120)]
    assert found.within is not None and rows_of(found.within, *COLUMNS) == [(A, "1", 2)]


def test_a_refused_row_without_a_day_hides_a_week_of_all_pupils_of_its_class() -> None:
    rows = ((A, 3, "1", None, 2), (A, 3, None, day(2), 1), (B, 3, "9", day(2), 3))
    own = source(*rows, located=((A, 3, "2", day(2), 5),))
    found = stays.uncalled(fake_study(own), LIMIT, (), weekly=True)
    assert rows_of(found.units, "school", "number") == [(A, 2 * 120 * 2)]  # two weeks
    # of class 1 its 30 pupils, of an unknown class of the largest 40; of a school without enrolment besides 120 in two weeks
    assert rows_of(found.floating, "school", "class", "rows") == [
        (A, "1", 60),
        (A, None, 40),
        (B, "9", 3 * 40),
        (B, "9", 3 * 120 * 2),
    ]
    assert found.within is not None and rows_of(found.within, *COLUMNS) == [(A, "1", 2), (A, "2", 5), (A, None, 1)]


@pytest.mark.parametrize(("floating", "rows"), [((), []), (((A, 3, "1", None, 2),), [(A, 240), (A, 480)])])
def test_without_an_enrolment_a_class_may_be_as_large_as_any(floating: Any, rows: Any) -> None:
    own = source(*floating, sizes=SIZES.iloc[:0], unsized=UNSIZED.iloc[:0])
    found = stays.uncalled(fake_study(own), LIMIT, (), weekly=True)
    assert rows_of(found.floating, "school", "rows") == rows
    assert found.within is not None and not len(found.within) and not len(found.units)


def test_with_an_enrolment_and_nothing_refused_nothing_is_spoilt() -> None:
    found = stays.uncalled(fake_study(source()), LIMIT, (), weekly=True)
    assert not len(found.floating) and rows_of(found.units, "number") == [(480,)]


def test_a_term_without_school_days_has_a_week() -> None:
    found = stays.uncalled(fake_study(source(), days=DAYS.iloc[:0]), LIMIT, (), weekly=True)
    assert rows_of(found.units, "number") == [(240,)]


def test_a_stay_without_a_clock_is_unknown_beside_the_refused_rows() -> None:
    counted = table(
        "school grade class date stayed end pupil_days",
        (A, 3, "1", day(2), None, 1080, 2),
        (A, 3, "1", day(3), 120, None, 4),
    )
    own = FakeSource(
        tables={"attendance"}, counts={"stays_of": counted}, aside={"attendance": aside((B, None, None, None, 3))}
    )
    find = partial(stays.unclocked, fake_study(own), LIMIT)
    assert rows_of(find((), needs="stayed").units, "school", "number") == [(A, 2), (B, 3)]
    assert rows_of(find((), needs="end").units, "school", "number") == [(A, 4), (B, 3)]
    assert own.asked == [(*CLASS, "date")] * 2 and not len(find((), needs="end").floating)
    own.counts["stays_of"] = counted.assign(group="其他")
    assert list(find(("group",), needs="end").units["group"].dropna()) == ["其他"] and own.asked[-1] == (
        *CLASS,
        "date",
        "group",
    )
    own.tables = set()
    assert rows_of(find((), needs="end").units, "school", "number") == [(B, 3)]
    own.aside["attendance"] = aside((A, None, None, None, 1), (B, None, None, None, 3))
    found = find((), needs="end")
    assert rows_of(found.units, "school", "number") == [(A, 1), (B, 3)] and not len(found.floating)


@pytest.mark.parametrize(
    ("id", "asked", "free"),
    [
        ("service.reach", {"weekly": False}, False),
        ("service.five_day", {"weekly": True}, False),
        ("service.two_hours", {"needs": "stayed"}, True),
        ("service.late_enough", {"needs": "end"}, True),
    ],
)
def test_how_what_is_lacking_bears_on_the_figures(id: str, asked: dict[str, Any], free: bool) -> None:
    own: Any = bindings()[id].unknown
    assert (own.find.keywords, own.free, own.silent, own.weighs, own.open) == (asked, free, False, False, False)
