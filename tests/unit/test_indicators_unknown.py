"""What is not known behind a figure: which class-days, in which group, and between which bounds the figure lies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import A, B, C, FakeSource, aside, day, fake_study, rows_of, table

from analysis.indicators import unknown
from analysis.indicators.registry import Binding, Figure
from analysis.indicators.unknown import Lacking, Unknown
from analysis.statistics.estimate import Estimate

UNIT = "school grade class date number"
CAPS: Any = SimpleNamespace(limit=lambda rows: rows["grade"].map({1: None, 3: 60.0, 7: 90.0}).astype("float64"))


def never(*_: Any) -> Any:
    raise AssertionError("asked without need")


# -- which class-days ------------------------------------------------------------------------------------------------

DUE = [(A, 3, "1", 2), (A, 3, "1", 3), (A, 3, "2", 2), (A, 1, "1", 2)]


def source(**changed: Any) -> FakeSource:
    """Four class-days are due; one is entered, one has a gap, and of class 9, which nobody enrolled, one has none, one a gap."""
    entered = [("1", 2, 0), ("1", 3, 2), ("9", 2, 0), ("9", 3, 1)]
    told = {
        "tables": {"homework"},
        "due": table("school grade class date", *((s, g, c, day(d)) for s, g, c, d in DUE)).assign(pupils=30),
        "counts": {"load": table("school grade class date gap", *((A, 3, c, day(d), gap) for c, d, gap in entered))},
    }
    return FakeSource(**told | changed)


def days_of(lacking: Lacking) -> list[tuple]:
    return [(s, g, c, d and d.day, n) for s, g, c, d, n in rows_of(lacking.units, *UNIT.split())]


def test_a_due_class_day_without_a_row_or_with_a_gap_is_unknown() -> None:
    found = unknown.class_days(fake_study(source()), CAPS)
    assert days_of(found) == [(A, 1, "1", 2, 1), (A, 3, "1", 3, 1), (A, 3, "2", 2, 1), (A, 3, "9", 3, 1)]
    assert found.within is None


def test_a_class_day_with_a_gap_is_entered_where_gaps_count() -> None:
    found = unknown.class_days(fake_study(source()), CAPS, gaps=True)
    assert days_of(found) == [(A, 1, "1", 2, 1), (A, 3, "2", 2, 1)]


def test_a_class_day_without_a_limit_is_not_judged() -> None:
    found = unknown.class_days(fake_study(source()), CAPS, judged=True)
    assert days_of(found) == [(A, 3, "1", 3, 1), (A, 3, "2", 2, 1), (A, 3, "9", 3, 1)]


def test_a_class_day_with_a_refused_row_is_unknown_once() -> None:
    one = aside((B, 7, None, None, 4), located=((A, 3, "8", day(4), 2), (A, 3, "2", day(2), 1)))
    found = unknown.class_days(fake_study(source(aside={"homework": one})), CAPS)
    assert (A, 3, "8", 4, 1) in days_of(found) and days_of(found).count((A, 3, "2", 2, 1)) == 1
    assert rows_of(found.floating, "school", "rows") == [(B, 4)]


def test_without_a_ledger_every_due_class_day_is_unknown_and_so_is_a_refused_one() -> None:
    one = aside(located=((A, 3, "2", day(2), 1), (A, 3, "9", day(9), 1)))
    found = unknown.class_days(fake_study(source(tables=set(), aside={"homework": one})), CAPS)
    assert days_of(found) == [*sorted((*each, 1) for each in DUE), (A, 3, "9", 9, 1)]


def test_a_class_without_a_name_has_as_many_class_days_as_there_are_school_days() -> None:
    found = unknown.class_days(
        fake_study(source(nameless=table("school grade class date rows", (B, 2, None, None, 3)))), CAPS
    )
    assert days_of(found)[-1] == (B, 2, None, None, 21)  # three rows of seven days


def test_what_was_found_is_kept_for_each_question_of_its_own() -> None:
    study = fake_study(source())
    first = unknown.class_days(study, CAPS)
    assert unknown.class_days(study, CAPS) is first
    assert len(unknown.class_days(study, CAPS, judged=True).units) == 3
    assert len(unknown.class_days(study, CAPS, gaps=True).units) == 2


def test_class_days_without_others_keep_their_columns_and_count_from_nought() -> None:
    rows = table("school grade class date n", (A, 3, "1", day(2), 5), (A, 3, "1", day(3), 6), (A, 3, "2", day(2), 7))
    others = table("school grade class date", (A, 3, "1", day(2)), (A, 3, "1", day(2)), (B, 3, "1", day(3)))
    found = unknown.without(rows, others)
    assert list(found.columns) == [*["school", "grade", "class", "date", "n"]]
    assert found["n"].to_dict() == {0: 6, 1: 7}


# -- refused rows of registers ---------------------------------------------------------------------------------------


def test_each_refused_row_of_a_table_is_a_unit() -> None:
    study = fake_study(FakeSource(aside={"funds": aside((A, None, None, None, 2), (B, None, None, None, 1))}))
    found = unknown.rows_of("funds")(study, CAPS, ())
    assert rows_of(found.units, "school", "number") == [(A, 2), (B, 1)] and not len(found.floating)


@pytest.mark.parametrize(
    ("tables", "units", "floating", "within"),
    [
        (("plans", "relief"), [(A, 2)], [(B, 3)], [(B, 3)]),
        (("plans",), [(A, 2)], [], []),
        (("schools", "relief"), [], [], [(B, 3)]),  # the register of schools says what is counted
        (("schools", "plans", "relief"), [], [], [(A, 2), (B, 3)]),
    ],
)
def test_a_refused_row_of_another_register_may_speak_against_what_was_counted(
    tables: Any, units: Any, floating: Any, within: Any
) -> None:
    rows = {"plans": (A, None, None, None, 2), "relief": (B, None, None, None, 3), "schools": (C, None, None, None, 9)}
    study = fake_study(FakeSource(aside={name: aside(row) for name, row in rows.items()}))
    found = unknown.of_registers(study, CAPS, (), tables=tables)
    assert rows_of(found.units, "school", "number") == units
    assert rows_of(found.floating, "school", "rows") == floating
    assert rows_of(found.within, "school", "number") == within
    two = aside((A, None, None, None, 2), (B, None, None, None, 1))
    study = fake_study(FakeSource(aside=dict.fromkeys(rows, two)))
    alike = unknown.of_registers(study, CAPS, (), tables=tables)
    told = (len(alike.units), len(alike.floating), 0 if alike.within is None else len(alike.within))
    assert told == (2 * len(units), 2 * len(floating), 2 * len(within))


# -- in which group --------------------------------------------------------------------------------------------------

SPREAD = table(
    UNIT,
    (A, 1, "1", day(2), 1),
    (A, 3, "1", day(2), 2),
    (B, 7, "1", day(9), 4),
    (B, None, None, day(3), 8),  # of some grade
    (None, 3, "1", None, 16),  # of some school, on some day
)


@pytest.mark.parametrize(
    ("by", "numbers"),
    [
        ((), {(): 31}),
        (("school",), {(A,): 1 + 2 + 16, (B,): 4 + 8 + 16, (C,): 16}),
        (("grade",), {(1,): 1 + 8, (3,): 2 + 8 + 16, (7,): 4 + 8, (8,): 8}),
        (("week",), {(1,): 1 + 2 + 8 + 16, (2,): 4 + 16}),
        (("weekday",), {(1,): 1 + 2 + 4 + 16, (2,): 8 + 16, (3,): 16}),
        (("grade_band",), {("lower",): 1 + 8, ("middle",): 2 + 8 + 16, ("junior",): 4 + 8}),
        (("stage", "week"), {("primary", 1): 1 + 2 + 8 + 16, ("junior", 2): 4, ("junior", 1): 8, ("primary", 2): 16}),
        (("school", "class"), {(A, "1"): 1 + 2 + 16, (A, "2"): 0, (B, "2"): 8}),
    ],
)
def test_a_unit_counts_in_every_group_that_it_may_be_of(by: Any, numbers: Any) -> None:
    assert unknown._by_group(SPREAD, by, list(numbers), fake_study(), "number") == numbers


def test_a_dimension_that_rows_do_not_tell_takes_them_all() -> None:
    by, groups = ("subject", "grade"), [("语文", 1), ("数学", 3)]
    assert unknown._by_group(SPREAD, by, groups, fake_study(), "number") == {groups[0]: 9, groups[1]: 26}
    told = SPREAD.assign(subject=["语文", "数学", None, "数学", None])
    assert unknown._by_group(told, by, groups, fake_study(), "number") == {groups[0]: 1, groups[1]: 2 + 8 + 16}


def test_rows_of_a_register_count_by_what_they_tell() -> None:
    rows = table("school rows", (A, 2), (None, 5))
    assert unknown._by_group(rows, ("school",), [(A,), (B,)], fake_study(), "rows") == {(A,): 7, (B,): 5}
    assert unknown._by_group(rows, (), [()], fake_study(), "rows") == {(): 7}


def test_no_rows_or_no_groups() -> None:
    assert unknown._by_group(SPREAD.iloc[:0], ("grade",), [(1,), (2,)], fake_study(), "number") == {(1,): 0, (2,): 0}
    assert unknown._by_group(SPREAD, ("grade",), [], fake_study(), "number") == {}
    assert unknown._by_group(SPREAD.iloc[:1], ("grade",), [(1,), (2,)], fake_study(), "number") == {(1,): 1, (2,): 0}


# -- bounds of the figures of groups ---------------------------------------------------------------------------------


def entry(**changed: Any) -> Any:
    return SimpleNamespace(
        **{"rule": "r", "period": "term", "grades": (), "direction": "none", "ceiling": 0, "unit": "%"} | changed
    )


def figure(top: float | None, bottom: float, **group: Any) -> Figure:
    value = None if top is None else top / bottom
    return Figure(group, Estimate(value), numerator=top, denominator=bottom, base=int(bottom), schools=1)


def bound(
    lacking: Lacking, found: Any, groups: Any, by: Any = ("grade",), where: Any = None, rows: Any = None, **told: Any
):
    """Bound figures by what is lacking; `told` are fields of the entry, the binding and the Unknown."""
    fields = {name: told.pop(name) for name in ("weighs", "free", "open") if name in told}
    binding = {name: told.pop(name) for name in ("form", "keeps", "q") if name in told}
    asked: list[Any] = []

    def find(study: Any, judge: Any, names: Any) -> Lacking:
        asked.append((judge, names))
        return lacking

    own = Binding("a.b", never, unknown=Unknown(find, **fields), **binding)
    study = fake_study(judge="the judge")
    done = unknown.bounded(
        study, entry(**told), own, rows if rows is not None else pd.DataFrame(), found, groups, by, where or {}
    )
    return done, asked


NOTHING = Lacking(SPREAD.iloc[:0], table("school grade class date rows"))
LACKING = Lacking(SPREAD, table("school grade class date rows"))


def test_a_binding_without_unknowns_or_with_the_whole_of_its_weights_has_no_bounds() -> None:
    found = [figure(1, 4, grade=1)]
    plain = Binding("a.b", never)
    assert unknown.bounded(fake_study(), entry(), plain, pd.DataFrame(), found, [(1,)], ("grade",), {}) is found
    done, asked = bound(LACKING, found, [(1,)], weighs=True, keeps=("subject",))
    assert done is found and not asked


@pytest.mark.parametrize(("by", "where"), [(("subject",), {}), ((), {"subject": "语文"})])
def test_weights_have_bounds_where_a_part_of_the_whole_is_asked_for(by: Any, where: Any) -> None:
    group = dict.fromkeys(by, "语文")
    done, asked = bound(
        LACKING,
        [figure(30, 60, **group)],
        [tuple(group.values())],
        by,
        where,
        weighs=True,
        keeps=("subject",),
        ceiling=10,
    )
    assert asked == [("the judge", {"subject"})]
    # 31 class-days of 0 to 10 minutes over as many: 30 of 60 + 310, and (30 + 310) of 370; how many is not told
    assert done[0].bounds == pytest.approx((30 / 370, 340 / 370)) and done[0].unknown is None


@pytest.mark.parametrize(("weighs", "count"), [(False, 0), (True, None)])
def test_where_nothing_is_unknown_there_are_no_bounds(weighs: bool, count: int | None) -> None:
    done, _ = bound(
        NOTHING, [figure(1, 4, subject="语文")], [("语文",)], ("subject",), weighs=weighs, keeps=("subject",)
    )
    assert (done[0].unknown, done[0].bounds) == (count, None)


def test_each_group_has_its_own_unknowns_and_one_without_a_figure_says_how_many() -> None:
    done, _ = bound(LACKING, [figure(1, 4, grade=1), figure(2, 4, grade=7)], [(1,), (3,), (7,)])
    assert [each.group for each in done] == [{"grade": 1}, {"grade": 3}, {"grade": 7}]
    assert [each.unknown for each in done] == [9, 26, 12]
    assert [each.bounds for each in done] == [pytest.approx((1 / 13, 10 / 13)), None, pytest.approx((2 / 16, 14 / 16))]
    assert (done[1].estimate, done[1].base, done[1].schools) == (Estimate(None, status="no data"), 0, 0)


def test_a_figure_without_a_value_has_no_bounds_and_open_amounts_those_of_their_weights() -> None:
    """1 of 4; rows of 3 and of twice 2 may weigh 7 more, with nothing of it or all; where one's weight is not told, 0 and 1."""
    done, _ = bound(LACKING, [figure(None, 4, grade=1)], [(1,)])
    assert (done[0].unknown, done[0].bounds) == (9, None)
    done, _ = bound(LACKING, [figure(1, 4, grade=1)], [(1,)], open=True)
    assert (done[0].unknown, done[0].bounds) == (9, (0, 1))
    heavy = table("school grade class date number weight", (A, 1, "1", day(2), 1, 3.0), (A, 1, "1", day(3), 2, 2.0))
    told = Lacking(heavy, heavy.iloc[:0].assign(rows=0))
    done, _ = bound(told, [figure(1, 4, grade=1)], [(1,)], open=True)
    assert done[0].bounds == pytest.approx((1 / 11, 8 / 11))
    untold = Lacking(heavy.assign(weight=[3.0, None]), told.floating)
    done, _ = bound(untold, [figure(1, 4, grade=1), figure(1, 4, grade=3)], [(1,), (3,)], open=True)
    assert [each.bounds for each in done] == [(0, 1), None]
    done, _ = bound(told, [figure(1, 4, grade=1)], [(1,)], open=True, form="sum")
    assert done[0].bounds is None


def test_grades_that_an_indicator_does_not_concern_are_left_out() -> None:
    done, _ = bound(LACKING, [figure(1, 4)], [()], (), grades=(1, 3))
    assert done[0].unknown == 1 + 2 + 8 + 16


def test_what_is_narrowed_away_is_left_out() -> None:
    done, _ = bound(LACKING, [figure(1, 4)], [()], (), {"school": [A]})
    assert done[0].unknown == 1 + 2 + 16


ONE = table("school grade class date rows", (A, 1, "1", day(2), 3))


@pytest.mark.parametrize(
    ("lacking", "count", "ends"),
    [  # 1 of 4; three more of the base; three that may spoil a known one; one or three that the base holds already
        (Lacking(ONE.rename(columns={"rows": "number"}), ONE.iloc[:0]), 3, (1 / 7, 4 / 7)),
        (Lacking(SPREAD.iloc[:0], ONE), 0, (0, 1)),
        (Lacking(SPREAD.iloc[:0], ONE.iloc[:0], ONE.rename(columns={"rows": "number"})), 3, (1 / 4, 1)),
        (Lacking(SPREAD.iloc[:0], ONE.iloc[:0], ONE.assign(number=1)), 3, (1 / 4, 2 / 4)),
    ],
)
def test_each_kind_of_unknown_alone_gives_bounds(lacking: Lacking, count: int, ends: Any) -> None:
    done, _ = bound(lacking, [figure(1, 4, grade=1), figure(1, 4, grade=2)], [(1,), (2,)])
    assert (done[0].unknown, done[0].bounds) == (count, pytest.approx(ends))
    assert (done[1].unknown, done[1].bounds) == (0, None)


@pytest.mark.parametrize("by", [(), ("grade",), ("grade", "class")])
def test_the_bounds_of_quantiles_of_groups(by: Any) -> None:
    rows = table("grade class value weight", (1, "1", 10, 1), (1, "1", 20, 1), (1, "1", 30, 1), (2, "1", 50, 1))
    rows = rows if by else rows.iloc[:3]
    told = {"grade": 1, "class": "1"}
    group = {name: told[name] for name in by}
    lacking = Lacking(ONE.rename(columns={"rows": "number"}), ONE.iloc[:0])
    done, _ = bound(
        lacking, [figure(1, 3, **group)], [tuple(group.values())], by, rows=rows, form="quantile", q=0.5, ceiling=60
    )
    assert done[0].bounds == (5, 45)  # the middle of 0 0 0 10 20 30, and of 10 20 30 60 60 60


@pytest.mark.parametrize(
    ("values", "weights", "q", "lacking", "ceiling", "ends"),
    [
        ([10], [1], 0.5, (2, 0), 60, (0, 60)),
        ([30, 100], [1, 0], 1.0, (1, 0), 60, (30, 60)),  # a value that nobody has is none
        ([30, 100], [1, 1], 1.0, (1, 0), 60, (100, 100)),  # a value above the ceiling is the greatest
        ([10, 20, 30], [2, 2, 2], 0.5, (0, 3), 60, (20, 45)),  # 10 10 20 go up: the middle of 20 30 30 60 60 60
        ([10, 20], [1, 1], 0.0, (0, 0), 60, (10, 10)),
    ],
)
def test_the_bounds_of_a_quantile(values: Any, weights: Any, q: float, lacking: Any, ceiling: float, ends: Any) -> None:
    rows = pd.DataFrame({"value": values, "weight": weights})
    assert unknown._quantile(rows, q, *lacking, ceiling) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("direction", "top", "floating", "ends"),
    [
        ("none", 100, 1, (4, 16)),  # 100 less and more 60 over 10
        ("higher", 100, 1, (4, 10)),
        ("lower", 100, 1, (10, 16)),
        ("none", 100, 2, (0, 22)),
    ],
)
def test_a_refused_row_may_change_a_mean_by_as_much_as_the_ceiling(
    direction: str, top: float, floating: int, ends: Any
) -> None:
    own = entry(direction=direction, ceiling=60)
    found = unknown._ends(figure(top, 10), "ratio", (0, 0, floating), own, Unknown(never))
    assert found == pytest.approx(ends)
