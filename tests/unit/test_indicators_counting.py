"""The countings of loads, courses, models and participation on a few rows, and the indicators made of them, by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from registers_by_hand import counted
from tables_by_hand import FRI, MON, THU, TUE, A, B, lazy, rows, table

from analysis.indicators import courses, homework, load, strata
from analysis.indicators.registry import bindings

LEDGER = "school grade class date written minutes"
ROWS = table(
    LEDGER,
    (A, 3, "1", MON, True, 20), (A, 3, "1", MON, True, 15), (A, 3, "1", MON, False, 99),  # 35 minutes
    (A, 3, "1", TUE, False, None),  # nothing written: 0
    (A, 3, "2", MON, True, 30), (A, 3, "2", MON, True, None),  # some of it known
    (A, 3, "2", TUE, True, None),  # nothing known
    (A, 4, "1", MON, True, 0),  # written, and takes no time
    (B, 3, "1", MON, True, 35),
    minutes="Int64",
)  # fmt: skip


def test_a_class_day_has_the_minutes_of_its_written_homework() -> None:
    found = [[*row[:3], row[3].day, *row[4:]] for row in rows(load.class_days(lazy(ROWS)))]
    assert found == [
        [A, 3, "1", 2, 35, 1, 0], [A, 3, "1", 3, 0, 0, 0], [A, 3, "2", 2, 30, 1, 1], [A, 3, "2", 3, 0, 1, 2],
        [A, 4, "1", 2, 0, 1, 0], [B, 3, "1", 2, 35, 1, 0],
    ]  # fmt: skip


def test_no_time_at_all_is_known_and_much_time_is_counted() -> None:
    """Written homework of 0 minutes beside some that is not told; a sum far beyond any day's."""
    told = [(A, 3, "1", MON, True, 0), (A, 3, "1", MON, True, None), (A, 3, "2", MON, True, 600_000)]
    told += [(A, 3, "3", MON, True, minutes) for minutes in [0] * 16 + [None]]
    found = rows(load.class_days(lazy(table(LEDGER, *told, minutes="Int64"))))
    assert [row[4:] for row in found] == [[0, 1, 1], [600_000, 1, 0], [0, 1, 1]]


def test_the_histogram_counts_class_days_of_one_load() -> None:
    more = pd.concat([ROWS, ROWS[ROWS["school"] == B].assign(**{"class": "2"})])
    assert rows(load.histogram(lazy(more))) == [
        [A, 3, 0, 0, 0, 1], [A, 3, 0, 1, 2, 1], [A, 3, 30, 1, 1, 1], [A, 3, 35, 1, 0, 1], [A, 4, 0, 1, 0, 1],
        [B, 3, 35, 1, 0, 2],
    ]  # fmt: skip
    tables = {
        "homework": lazy(ROWS),
        "unclear.homework": lazy(table("school grade class date rows", (A, 3, "1", MON, 2))),
    }
    assert rows(load.load(tables, ("school",))) == [
        [A, 0, 0, 0, 1], [A, 0, 1, 0, 1], [A, 0, 1, 2, 1], [A, 30, 1, 1, 1], [B, 35, 1, 0, 1],
    ]  # fmt: skip
    parts = [table("school total class_days", (A, 5, 2), (A, 7, 1)), table("school total class_days", (A, 5, 3))]
    assert load.merged(parts).to_numpy().tolist() == [[A, 5, 5], [A, 7, 1]]


@pytest.mark.parametrize("q", [0, 0.1, 0.25, 0.5, 0.77, 0.9, 1])
def test_a_quantile_of_counted_values_is_that_of_the_values_written_out(q: float) -> None:
    values, weights = np.array([30.0, 10, 20, 7, 5, 9]), np.array([1, 1, 4, 1, 3, 2])
    group = np.array([0, 0, 0, 2, 1, 1])
    told = [np.repeat(values[group == g], weights[group == g]) for g in range(3)]
    expected = [np.quantile(each, q) for each in told]  # numpy's default is definition 7 of Hyndman and Fan, too
    assert load.quantiles(group, values, weights, q) == pytest.approx(expected)
    both = load.quantiles(group, values, weights, np.array([[q], [0.5]]))
    assert both[0] == pytest.approx(expected) and both[1] == pytest.approx([np.median(each) for each in told])


class Cap:
    """A limit of 30 minutes from grade 3 on."""

    def limit(self, counted: pd.DataFrame) -> pd.Series:
        return pd.Series(np.where(counted["grade"] > 2, 30.0, np.nan), index=counted.index)


def test_loads_are_held_against_the_cap_where_both_are_known() -> None:
    told = [(3, 30, 1, 0, 4), (3, 31, 1, 0, 2), (3, 50, 1, 0, 1), (2, 99, 1, 0, 8), (3, 99, 1, 1, 16), (3, 0, 0, 0, 32)]
    histogram, cap = table("grade total written gap class_days", *told), Cap()
    within: Any = homework.within_cap(histogram, cap)
    assert counted(within) == [(4, 4), (0, 2), (0, 1), (32, 32)]
    assert counted(homework.over_cap_days(histogram, cap)) == [(0, 4), (2, 2), (1, 1), (0, 32)]
    assert counted(homework.excess_minutes(histogram, cap)) == [(2, 2), (20, 1)]
    assert counted(homework.mean_minutes(histogram, None)) == [(120, 4), (62, 2), (50, 1), (99 * 8, 8), (0, 32)]
    whole = homework.minutes(histogram, None)
    assert whole[["value", "weight"]].to_numpy().tolist() == [[30, 4], [31, 2], [50, 1], [99, 8], [0, 32]]
    assert counted(homework.written_low_grades(histogram, None)) == [
        (4, 4), (2, 2), (1, 1), (8, 8), (16, 16), (0, 32),
    ]  # fmt: skip


def test_a_nations_ledger_becomes_a_row_a_school_and_a_mean_a_stratum() -> None:
    """In x: 50 minutes in 2 rows (counted twice) and 40 in 1 (three times): 220/7; in y a school alone."""
    ledger = table("school minutes", (A, 20), (A, 30), (B, 40), (B, None), ("S3", 10), ("S4", None), minutes="Int64")
    sums = strata.school_sums(lazy(ledger)).collect("pandas").to_native().astype({"minutes": "Int64"})
    assert sorted(sums.fillna(0).to_numpy().tolist()) == [[A, 50, 2], [B, 40, 1], ["S3", 10, 1], ["S4", 0, 0]]
    schools = table("school stratum weight", (A, "x", 2), (B, "x", 3), ("S3", "y", 1), ("S4", "x", 50))
    means = strata.stratum_means(sums, schools)
    assert means["value"].to_dict() == pytest.approx({"x": 220 / 7, "y": 10})
    assert means["n"].tolist() == [2, 1] and means.attrs == {}
    # of the linearised totals w (y − R x): 2 (50 − 2R) and 3 (40 − R) about their mean, over the 7 rows; y varies not
    one, two = 2 * (50 - 440 / 7), 3 * (40 - 220 / 7)
    assert means.loc["x", "se"] == pytest.approx(abs(one - two) / 7)


# -- courses -----------------------------------------------------------------------------------------------------------

MENU = table(
    "school course weekday field capacity enrolled provider",
    (A, "合唱", 1, "美", 40, 30, None), (A, "合唱", 1, "美", 5, 6, None), (A, "合唱", 3, "美", 40, 20, ""),
    (A, "篮球", 2, "体", 10, 12, "P1"), (B, "编程", 1, "智", 20, None, "甲机构"), (B, "围棋", 4, "智", 8, 8, "无"),
    capacity="Int64", enrolled="Int64",
)  # fmt: skip


def test_the_menu_is_counted_by_course_and_weekday_and_places_left_never_fall_below_none() -> None:
    found = courses.menu({"courses": lazy(MENU)}, courses.COURSE).collect("pandas").to_native()
    found = found.sort_values(["school", "course", "weekday"]).astype({"capacity": "int64", "enrolled": "int64"})
    assert found[["course", "weekday", "capacity", "enrolled"]].to_numpy().tolist() == [
        ["合唱", 1, 45, 36], ["合唱", 3, 40, 20], ["篮球", 2, 10, 12], ["围棋", 4, 8, 8], ["编程", 1, 20, 0],
    ]  # fmt: skip
    assert counted(courses.places_left(found, None), "course") == [
        ("合唱", 9, 45), ("合唱", 20, 40), ("篮球", 0, 10), ("围棋", 0, 8), ("编程", 20, 20),
    ]  # fmt: skip


def test_a_school_offers_some_of_the_five_fields() -> None:
    found = courses.offered({"courses": lazy(MENU)}, ("school", "field")).collect("pandas").to_native()
    assert sorted(found.to_numpy().tolist()) == [[A, "体"], [A, "美"], [B, "智"]]
    five = courses.fields(pd.concat([found, found]), None)
    assert sorted(counted(five, "school", "field")) == sorted(
        (school, field, int((school, field) in {(A, "体"), (A, "美"), (B, "智")}), 1) for school in (A, B) for field in "德智体美劳"
    )  # fmt: skip


def test_a_course_counts_once_for_a_pupil_with_its_fullest_weekday() -> None:
    enrolment = table("school pupils", (A, 30), (A, 20), (B, 9), ("S3", 99))
    tables = {"courses": lazy(MENU), "enrolment": lazy(enrolment)}
    found = courses.chosen(tables, ("school",)).collect("pandas").to_native()
    found = found.sort_values(["school", "field"]).astype({"chosen": "int64", "pupils": "int64"}).reset_index(drop=True)
    assert found[["school", "field", "chosen", "pupils"]].to_numpy().tolist() == [
        [A, "", 0, 50], [A, "体", 12, 0], [A, "美", 30, 0], [B, "", 0, 9], [B, "智", 8, 0],
    ]  # fmt: skip
    assert counted(courses.courses_per_pupil(found, None), "field") == [
        ("", 42, 50), ("体", 12, 0), ("美", 30, 0), ("", 8, 9), ("智", 8, 0),
    ]  # fmt: skip


def test_the_segments_of_a_model_are_added_up_and_held_against_the_rule() -> None:
    segments = table("school model minutes", (A, "甲", 30), (A, "甲", 90), (B, "乙", 119), (B, "丙", 121))
    found = courses.models_of({"service_models": lazy(segments)}, ("school", "model")).collect("pandas").to_native()
    found = found.sort_values("minutes").astype({"minutes": "int64"}).reset_index(drop=True)
    assert counted(courses.model_minutes(found, None)) == [(119, 1), (120, 1), (121, 1)]
    judge: Any = SimpleNamespace(limit=lambda counted: pd.Series(120.0, index=counted.index))
    assert counted(courses.model_reaches(found, judge)) == [(0, 1), (1, 1), (1, 1)]
    written = table("school model position minutes", (A, "甲", 2, 60), (A, "甲", 1, 30), (B, "乙", 1, 45))
    there: Any = SimpleNamespace(
        source=SimpleNamespace(has=lambda name: name == "service_models"), rows=lambda _: written
    )
    assert courses.models(there).to_numpy().tolist() == [[A, "甲", "30+60", 90], [B, "乙", "45", 45]]
    nothing: Any = SimpleNamespace(source=SimpleNamespace(has=lambda name: False))
    assert list(courses.models(nothing).columns) == ["school", "model", "segments", "minutes"]


def test_a_provider_is_qualified_from_its_first_to_its_last_day() -> None:
    """Tuesdays 3, 10 and 17 March: P1 is qualified on the first two; 甲机构, by its name, from Monday the 9th; 无 is in no register."""
    days = [date(2026, 3, day) for day in (2, 3, 5, 9, 10, 17, 18)]
    calendar = table("date weekday school_day", *((day, day.isoweekday(), int(day.day != 18)) for day in days))
    providers = table(
        "provider name qualified_from qualified_to",
        ("P1", "乙机构", date(2026, 3, 3), date(2026, 3, 10)), ("P2", "甲机构", date(2026, 3, 9), None),
        ("P1", "乙机构", date(2020, 1, 1), date(2020, 2, 1)), ("无", "某", None, None),
    )  # fmt: skip
    tables = {"courses": lazy(MENU), "providers": lazy(providers), "days": lazy(calendar)}
    found = courses.provided(tables, ("school", "provider"))
    assert rows(found) == [[A, "P1", 3, 2], [B, "无", 1, 0], [B, "甲机构", 2, 1]]
    assert counted(courses.provider_qualified(table("held qualified", (3, 2)), None)) == [(2, 3)]


def lacking(**source: Any) -> Any:
    """Return a study of which something is lacking: refused rows by table, silent schools, days."""
    aside = pd.DataFrame({"school": [A, B], "rows": [3, 4]})
    own = {"refused": lambda name: SimpleNamespace(rows=aside.assign(table=name)), "days": [MON, TUE, THU, FRI]}
    silent = SimpleNamespace(missing=[SimpleNamespace(school=B)])
    return SimpleNamespace(source=SimpleNamespace(**own | source), reporting=lambda table: silent)


def test_what_is_lacking_of_courses() -> None:
    study = lacking()
    days = courses.course_days(study, None, ())
    assert days.units["number"].tolist() == [12, 16] and days.floating.empty
    assert days.within[["table", "number"]].to_numpy().tolist() == [["providers", 3_000_000], ["providers", 4_000_000]]
    silent = courses.fields_of_silent(study, None, {"school"})
    assert silent.units[["school", "number"]].to_numpy().tolist() == [[B, 5]]
    assert silent.within["number"].tolist() == [3, 4] and silent.floating.empty
    assert courses.fields_of_silent(study, None, {"field"}).units["number"].tolist() == [1]
    classes = table("school grade class pupils", (A, 1, "1", 30), (B, 1, "1", 25), (B, 2, "1", 26))
    none = table("school grade class date rows")
    sized = courses.pupils_without_menu(lacking(classes=classes, unsized=none), None, ())
    assert sized.units[["school", "number"]].to_numpy().tolist() == [[B, 25], [B, 26]] and sized.floating.empty
    assert sized.within["number"].tolist() == [3, 4]
    unsized = table("school grade class date rows", (A, 1, "9", None, 2))
    more = courses.pupils_without_menu(lacking(classes=classes, unsized=unsized), None, ())
    assert more.units["number"].tolist() == [25, 26, 240]


def test_what_is_not_known_counts_by_the_kind_of_figure() -> None:
    """Of which ids amounts are open, silent schools owe nothing, and a unit need not belong to the base."""
    bound = bindings()

    def those(flag: str, value: bool = True) -> set[str]:
        names = {"homework.", "service."}
        return {
            id
            for id, one in bound.items()
            if one.unknown and getattr(one.unknown, flag) is value and id.partition(".")[0] + "." in names
        }

    assert "homework.excess_minutes" in those("free")  # a class-day that is not known need not be above the cap
    assert not {"homework.within_cap", "homework.over_cap_days", "homework.mean_minutes"} & those("free")
    assert {"service.courses_per_pupil", "service.places_left", "service.teachers", "service.funds_paid"} <= those(
        "open"
    )
    assert not {"service.fields", "service.provider_qualified", "service.participation", "homework.within_cap"} & those(
        "open"
    )
    assert {"service.provider_qualified", "service.model_minutes", "service.model_reaches"} <= those("silent", False)
    assert "service.courses_per_pupil" in those("silent", False)  # no rule says how many its pupils may choose
    assert not {"service.fields", "homework.mean_minutes"} & those("silent", False)
    judged = {
        id: bound[f"homework.{id}"].unknown.find
        for id in ("within_cap", "over_cap_days", "excess_minutes", "written_low_grades")
    }
    assert [find.keywords for find in judged.values()] == [{"judged": True}] * 3 + [{"gaps": True}]
    assert (bound["homework.median_minutes"].q, bound["homework.p90_minutes"].q) == (0.5, 0.9)
    assert bound["homework.p90_minutes"].form == "quantile" and bound["homework.over_cap_days"].form == "sum"
