"""Who could come to the service and who came: rolls, daily reports, lists of those present, and what is not known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
from registers_by_hand import counted
from tables_by_hand import MON, TUE, WED, A, B, lazy, rows, table

from analysis.indicators import service

ROLL = "school grade class date pupil group present"


def roll(*told: tuple) -> pd.DataFrame:
    """Rows of class, day, pupil, present (grade 3 of A); pupils a and b are of one group, the others of another."""
    own = [(A, 3, room, day, pupil, "随迁" if pupil in "ab" else "其他", present) for room, day, pupil, present in told]
    return table(ROLL, *own, present="boolean")


ROWS = roll(
    ("1", MON, "a", True), ("1", MON, "b", False), ("1", MON, "c", None), ("1", TUE, "a", True), ("1", TUE, "c", True),
    ("2", MON, "d", True), ("2", MON, "e", True),  # nobody is ever absent
    ("3", MON, "f", None),  # not known whether it came
)  # fmt: skip
SIZES = table("school grade class pupils", (A, 3, "1", 4), (A, 3, "2", 2), (A, 3, "3", 7), (A, 3, "4", 9))
REFUSED = "school grade class date rows"


def tables(**frames: pd.DataFrame) -> dict[str, Any]:
    return {name.replace("_of_", "."): lazy(frame) for name, frame in frames.items()}


def days(found: Any) -> list[list[Any]]:
    return [[row[2], row[3].day, *row[4:]] for row in rows(found)]  # class, day, numbers


def test_pupil_days_are_listed_and_attended() -> None:
    found = service.participation(lazy(ROWS), ("class", "date"))
    assert [[row[0], row[1].day, *row[2:]] for row in rows(found)] == [
        ["1", 2, 2, 1], ["1", 3, 2, 2], ["2", 2, 2, 2], ["3", 2, 0, 0],
    ]  # fmt: skip
    assert rows(service.participation(lazy(ROWS), ("group",))) == [["其他", 3, 3], ["随迁", 3, 2]]
    assert rows(service.pupils_listed(lazy(ROWS), ("school",))) == [[A, 6]]
    assert rows(service.pupils_listed(lazy(ROWS), ("class",))) == [["1", 3], ["2", 2], ["3", 1]]
    twice = pd.concat([ROWS, ROWS.iloc[:1].assign(**{"class": "9"})])
    assert rows(service.pupils_listed(lazy(twice), ("school",))) == [[A, 7]]  # codes are told apart by class


def test_a_list_tells_a_share_where_somebody_is_absent_or_all_are_on_it() -> None:
    def full(keys: tuple[str, ...], *names: str) -> list:
        frames = {"attendance": ROWS, "enrolment": SIZES}
        return [row[2:] for row in rows(service.full_lists(tables(**{n: frames[n] for n in names}), keys))]

    assert full(service.CLASS, "attendance") == [["1"]]
    assert full(service.CLASS, "attendance", "enrolment") == [["1"], ["2"]]
    one_day = [[room, day.day] for room, day in full(service.CLASS_DAY, "attendance")]
    assert one_day == [["1", 2]]  # on Tuesday nobody was absent
    both = [[room, day.day] for room, day in full(service.CLASS_DAY, "attendance", "enrolment")]
    assert both == [["1", 2], ["2", 2]]
    large = SIZES.assign(pupils=3)  # three have been on the lists of class 1, two on those of class 2
    assert [row[2:] for row in rows(service.full_lists(tables(attendance=roll(("1", MON, "a", True), ("1", TUE, "b", True), ("1", TUE, "c", True)), enrolment=large), service.CLASS))] == [["1"]]  # fmt: skip


def test_all_pupils_of_a_class_could_have_come() -> None:
    """Class 1 has four pupils, two or three of them on the list; one row of Monday was put aside."""
    assert days(service.called(tables(attendance=ROWS))) == [["1", 2, 2, 1], ["1", 3, 2, 2]]
    assert days(service.called(tables(attendance=ROWS, enrolment=SIZES))) == [
        ["1", 2, 4, 1], ["1", 3, 4, 2], ["2", 2, 2, 2],
    ]  # fmt: skip
    aside = table(REFUSED, (A, 3, "1", MON, 1), (A, 3, "2", MON, 1))
    put = {"attendance": ROWS, "unclear_of_attendance": aside}
    assert days(service.called(tables(**put, enrolment=SIZES))) == [
        ["1", 2, 3, 1], ["1", 3, 4, 2], ["2", 2, 2, 2],  # no fewer than are on the list
    ]  # fmt: skip
    assert days(service.called(tables(**put))) == [["1", 2, 2, 1], ["1", 3, 2, 2]]
    other = SIZES[SIZES["class"] != "1"]  # a class that is not enrolled counts by its list
    assert days(service.called(tables(attendance=ROWS, enrolment=other))) == [
        ["1", 2, 2, 1], ["1", 3, 2, 2], ["2", 2, 2, 2],
    ]  # fmt: skip


DAILY = table(
    "school grade class date eligible joined",
    (A, 3, "1", MON, 40, 30), (A, 3, "1", WED, 40, 31), (A, 3, "2", TUE, None, 5), (A, 3, "2", WED, 40, None),
    (B, 1, "1", MON, 20, 0), (B, 1, "1", TUE, 0, 0),
    eligible="Int64", joined="Int64",
)  # fmt: skip


def test_a_daily_report_cannot_make_a_class_smaller_than_its_enrolment() -> None:
    """Class 3/1 has 45 pupils, whatever 40 the report says; of 1/1 with 15 the report's 20 stand; 2 is not enrolled."""
    sizes = table("school grade class pupils", (A, 3, "1", 45), (A, 3, "1", 45), (B, 1, "1", 15)).astype(
        {"grade": "int64"}
    )
    assert days(service.reported(tables(service_daily=DAILY, enrolment=sizes))) == [
        ["1", 2, 45, 30], ["1", 4, 45, 31], ["1", 2, 20, 0], ["1", 3, 15, 0],
    ]  # fmt: skip


def test_a_daily_report_tells_only_what_no_roll_does() -> None:
    assert days(service.reported(tables(service_daily=DAILY))) == [
        ["1", 2, 40, 30], ["1", 4, 40, 31], ["1", 2, 20, 0], ["1", 3, 0, 0],
    ]  # fmt: skip
    assert days(service.reported(tables(service_daily=DAILY, attendance=ROWS))) == [
        ["1", 4, 40, 31], ["1", 2, 20, 0], ["1", 3, 0, 0],
    ]  # fmt: skip
    aside = {"unclear_of_attendance": table(REFUSED, (A, 3, "1", WED, 1)), "unclear_of_service_daily": table(REFUSED, (B, 1, "1", MON, 1))}  # fmt: skip
    assert days(service.reported(tables(service_daily=DAILY, attendance=ROWS, **aside))) == [["1", 3, 0, 0]]


def test_rolls_and_reports_are_counted_together_and_groups_by_rolls_alone() -> None:
    both = {"attendance": ROWS, "service_daily": DAILY}
    assert rows(service.came(tables(**both), ("school",))) == [[A, 44, 34], [B, 20, 0]]
    assert rows(service.came(tables(attendance=ROWS), ("class",))) == [["1", 4, 3]]
    assert rows(service.came(tables(service_daily=DAILY), ("grade",))) == [[1, 20, 0], [3, 80, 61]]
    # by group the lists that tell a share count: that of class 1 on Monday
    assert rows(service.came(tables(**both), ("group",))) == [["其他", 0, 0], ["随迁", 2, 1]]
    assert rows(service.came(tables(service_daily=DAILY), ("school", "group"))) == []
    told = service.participation_rate(table("listed came", (4, 3), (2, 0)), None)
    assert counted(told) == [(3, 4), (0, 2)]


# -- what is not known -------------------------------------------------------------------------------------------------


def aside(frame: pd.DataFrame) -> Any:
    """Return refused rows, of which those with class and day are located."""
    found = frame["class"].notna() & frame["date"].notna()
    frame = frame.assign(date=pd.to_datetime(frame["date"]), grade=frame["grade"].astype("Int64"))
    located = frame[found].astype({"grade": "int64"})
    return SimpleNamespace(rows=frame, located=located, floating=frame[~found].reset_index(drop=True))


NOTHING = table(REFUSED)
CLASSES = table("school grade class pupils", (A, 3, "1", 30), (A, 3, "2", 25))


def lacking(names: tuple[str, ...] = (), entered: tuple | list = (), can: bool = True, classes: pd.DataFrame = CLASSES, roll=NOTHING, daily=NOTHING, unsized=NOTHING) -> Any:  # fmt: skip
    days = pd.to_datetime([MON, TUE])
    due = classes.merge(pd.DataFrame({"date": days}), how="cross")
    told = table("school grade class date", *entered)
    source = SimpleNamespace(
        refused=lambda name: aside({"attendance": roll, "service_daily": daily}[name]),
        counted=lambda counting, keys: told.assign(date=pd.to_datetime(told["date"])),
        can=lambda counting: can,
        due=lambda: due,
        classes=classes,
        unsized=unsized,
        nameless=lambda each: pd.DataFrame({"school": [B], "number": [each]}) if len(unsized) > 1 else pd.DataFrame(),
        days=list(days),
    )
    study: Any = SimpleNamespace(source=source)
    return service.pupil_days(study, None, names)


def units(found: Any) -> list[list[Any]]:
    frame = found.units.assign(date=pd.to_datetime(found.units["date"]).dt.day)
    return sorted(frame[["class", "date", "number"]].to_numpy().tolist())


EVERY = [(A, 3, room, day) for room in "12" for day in (MON, TUE)]


def test_a_class_day_without_roll_or_report_is_unknown_with_all_its_pupils() -> None:
    assert units(lacking(entered=EVERY)) == []
    assert units(lacking(entered=EVERY[1:])) == [["1", 2, 30]]
    assert units(lacking(entered=EVERY, can=False)) == [["1", 2, 30], ["1", 3, 30], ["2", 2, 25], ["2", 3, 25]]
    assert lacking(entered=EVERY).floating.empty
    rolls = table(REFUSED, (A, 3, "1", MON, 3), (A, 3, "2", MON, 4))  # all of the rolls were put aside
    assert units(lacking(can=False, roll=rolls)) == [["1", 2, 30], ["1", 3, 30], ["2", 2, 25], ["2", 3, 25]]


def test_a_refused_row_of_a_roll_is_one_pupil_day_and_of_a_class_of_unknown_size_all_that_there_are() -> None:
    """Three rows of a roll that was called; five of a class that is not enrolled; a report of such a class: 120."""
    put = table(REFUSED, (A, 3, "1", MON, 3), (A, 3, "9", TUE, 5), (A, 3, None, MON, 2))
    report = table(REFUSED, (A, 3, "8", MON, 1), (A, 3, "2", TUE, 1))
    found = lacking(entered=EVERY, roll=put, daily=report)
    assert units(found) == [["1", 2, 3], ["8", 2, 120], ["9", 3, 5]]
    assert found.floating[["rows"]].to_numpy().tolist() == [[2]]
    assert lacking(("group",), roll=put).units["number"].tolist() == [3, 5, 2]
    assert lacking(("group",), roll=put).floating.empty and list(lacking(("group",), roll=put).floating.columns) == [*REFUSED.split()]  # fmt: skip


def test_a_report_that_cannot_be_placed_may_hide_a_class_or_the_largest() -> None:
    floating = table(REFUSED, (A, 3, "2", None, 2), (A, 3, None, MON, 1))
    assert lacking(entered=EVERY, daily=floating).floating["rows"].tolist() == [50, 30]
    nobody = lacking(classes=CLASSES.iloc[:0], daily=floating)
    assert nobody.floating["rows"].tolist() == [240, 120]


def test_a_class_of_unknown_size_hides_those_on_no_list() -> None:
    one = table(REFUSED, (A, 3, "1", None, 1))
    found = lacking(entered=EVERY, unsized=one)
    assert units(found) == [["1", 2, 120], ["1", 3, 120]]
    two = lacking(entered=EVERY[:1], unsized=pd.concat([one, table(REFUSED, (B, None, None, None, 1))]))
    assert sorted(two.units["number"].tolist()) == [25, 25, 30, 120, 240]  # two days of a class without a name
