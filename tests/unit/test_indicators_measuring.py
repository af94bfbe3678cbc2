"""From an indicator's id to the figures of its groups: what is counted, narrowed and divided, on frames written here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import A, B, FakeSource, day, fake_study, rows_of, table

from analysis.house import UserError
from analysis.indicators import measuring
from analysis.indicators.estimation import figures
from analysis.indicators.registry import Binding, Counting, Figure
from analysis.statistics.estimate import Estimate

CLASS = ("school", "grade", "class")


def load(tables: Any, keys: Any) -> Any:
    raise AssertionError("the source counts")


DAILY = Counting(load, ("homework",), (*CLASS, "date", "subject"), always=CLASS)
WEEKLY = Counting(load, ("homework",), (*CLASS, "week"), always=CLASS)
PLAIN = Counting(load, ("homework",), ("school", "component"), always=("school",))


def entry(**changed: Any) -> Any:
    own = {"id": "a.b", "label": "甲", "rule": "r", "period": "term", "interval": "none", "grades": (), "unit": "%"}
    return SimpleNamespace(
        **own | {"reported_in": ("homework",), "tables": ("homework",), "direction": "none", "ceiling": 0} | changed
    )


def binding(counting: Counting | None = DAILY, function: Any = lambda rows, judge: rows, **told: Any) -> Binding:
    return Binding("a.b", function, counting, dimensions=counting.dimensions if counting else (), **told)


# -- which dimensions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "able"),
    [
        (binding(DAILY), [*CLASS, "subject", "stage", "grade_band", "week", "weekday"]),
        (binding(WEEKLY), [*CLASS, "week", "stage", "grade_band"]),
        (binding(PLAIN), ["school", "component", "stage"]),
        (Binding("a.b", load, dimensions=("school", "item")), ["school", "item"]),
        (Binding("a.b", load, dimensions=("grade", "item")), ["grade", "item", "stage", "grade_band"]),
        (Binding("a.b", load), []),
    ],
)
def test_an_indicator_can_be_grouped_by_what_is_counted_and_what_follows(own: Binding, able: list[str]) -> None:
    assert measuring.groupable(own) == able


def test_another_dimension_is_refused_with_those_that_there_are() -> None:
    measuring.check(entry(), binding(PLAIN), ["school", "stage"])
    with pytest.raises(UserError, match="不能按“item”分组；可用：学校（school）、要素（component）、学段（stage）。"):
        measuring.check(entry(), binding(PLAIN), ["school", "item"])
    with pytest.raises(UserError, match="可用：无。"):
        measuring.check(entry(), Binding("a.b", load), ["item"])


def test_rows_are_narrowed_by_the_dimensions_that_they_have() -> None:
    rows = table("grade n", (1, 1), (2, 2), (3, 4))
    assert measuring.narrowed(rows, {"grade": [1, 3], "subject": "语文"})["n"].tolist() == [1, 4]
    assert measuring.narrowed(rows, {"subject": "语文", "grade": 2})["n"].tolist() == [2]
    assert len(measuring.narrowed(rows, {})) == 3
    assert [measuring.values(told) for told in (3, "ab", (1, 2), [1], {5})] == [[3], ["ab"], [1, 2], [1], [5]]


# -- counted ---------------------------------------------------------------------------------------------------------

ROWS = table(
    "school grade class date n", (A, 1, "1", day(2), 1), (A, 3, "1", day(3), 2), (B, 7, "1", day(9), 4)
).astype({"grade": "int64"})


def study(rows: pd.DataFrame = ROWS, changes: bool = False, tables: Any = ("homework",), **told: Any) -> Any:
    return fake_study(FakeSource(tables=tables, counts={"load": rows}), judge=SimpleNamespace(changes=changes), **told)


@pytest.mark.parametrize(
    ("wanted", "dated", "keys"),
    [
        ((), False, CLASS),
        (("school",), False, CLASS),
        (("weekday", "stage"), False, (*CLASS, "date")),
        (("grade_band",), True, (*CLASS, "date")),
        (("subject",), False, (*CLASS, "subject")),
    ],
)
def test_it_is_counted_by_what_the_dimensions_follow_from(wanted: Any, dated: bool, keys: Any) -> None:
    told = study()
    found = measuring.counted(told, DAILY, iter(wanted), dated=dated)
    assert told.source.asked == [keys] and set(wanted) - {"subject"} <= set(found.columns)
    assert dated or (measuring.counted(told, DAILY, wanted) is not None and told.source.asked[-1] == keys)


def test_without_the_tables_there_are_only_columns() -> None:
    told = study(tables=())
    found = measuring.counted(told, DAILY, ["weekday", "school"])
    assert list(found.columns) == [*CLASS, "date", "weekday"] and found.empty and not told.source.asked


def test_the_first_row_of_a_wrong_grade_is_named() -> None:
    with pytest.raises(UserError, match=f"学校 {A} 的数据里有年级“0”"):
        measuring.counted(study(ROWS.assign(grade=[0, 3, 10])), DAILY, ["grade"])


@pytest.mark.parametrize(("grade", "fine"), [(1, True), (9, True), (0, False), (10, False)])
def test_a_grade_that_there_is_none_of_is_refused(grade: int, fine: bool) -> None:
    rows = ROWS.assign(grade=[1, grade, 3])
    if fine:
        assert len(measuring.counted(study(rows), DAILY, ["grade"])) == 3
        return
    with pytest.raises(UserError, match=f"学校 {A} 的数据里有年级“{grade}”，不在一至九年级之内"):
        measuring.counted(study(rows), DAILY, ["grade"])


# -- judged ----------------------------------------------------------------------------------------------------------


def halved(rows: pd.DataFrame, judge: Any) -> pd.DataFrame:
    return rows.assign(numerator=rows["n"], denominator=2 * rows["n"])


def test_the_indicator_gets_the_rows_asked_for() -> None:
    made, whole = measuring.judged(study(), entry(grades=(1, 3)), binding(function=halved), ("grade",), {"weekday": 2})
    assert rows_of(made, "grade", "numerator", "denominator") == [(3, 2, 4)] and len(whole) == 1


@pytest.mark.parametrize(
    ("counting", "interval", "changes", "week", "keys"),
    [
        (DAILY, "time", False, True, (*CLASS, "date")),
        (WEEKLY, "time", False, True, (*CLASS, "week")),
        (DAILY, "class", False, False, CLASS),
        (DAILY, "none", True, False, (*CLASS, "date")),
        (PLAIN, "time", False, False, ("school",)),
    ],
)
def test_an_interval_of_time_tells_weeks_apart(
    counting: Counting, interval: str, changes: bool, week: bool, keys: Any
) -> None:
    rows = ROWS.assign(week=[1, 1, 2]) if counting is WEEKLY else ROWS
    told = study(rows, changes)
    made, _ = measuring.judged(told, entry(interval=interval), binding(counting, halved), (), {})
    assert told.source.asked == [keys] and ("week" in made.columns) is week and len(made) == 3


def test_without_rows_the_indicator_is_not_asked() -> None:
    def fail(rows: pd.DataFrame, judge: Any) -> pd.DataFrame:
        raise AssertionError("nothing to judge")

    made, whole = measuring.judged(study(), entry(), binding(function=fail), ("grade",), {"grade": 5})
    assert made.empty and whole.empty


def test_a_part_of_nothing_is_nothing() -> None:
    made, whole = measuring.judged(
        study(SUBJECTS), entry(), binding(function=owned, keeps=("subject",)), ("subject",), {"grade": 9}
    )
    assert made.empty and whole.empty


SUBJECTS = table(
    "school grade class subject own total",
    (A, 3, "1", "", 40, 60), (A, 3, "1", "语文", 40, 0), (A, 3, "1", "数学", 20, 0),
    (A, 3, "2", "", 30, 30), (A, 3, "2", "语文", 30, 0),
).astype({"grade": "int64"})  # fmt: skip


def owned(rows: pd.DataFrame, judge: Any) -> pd.DataFrame:
    return rows.assign(numerator=rows["own"], denominator=rows["total"])


@pytest.mark.parametrize(
    ("by", "where", "expected"),
    [
        ((), {}, [(40, 60), (30, 30)]),  # of no subject: the rows of the whole
        (
            ("subject",),
            {},
            [(40, 60), (20, 60), (30, 30), (0, 30)],
        ),  # a class without the subject has its whole, and none of it
        ((), {"subject": "数学"}, [(20, 60), (0, 30)]),
        ((), {"subject": ["语文", "数学"], "class": "1"}, [(40, 60), (20, 60)]),
    ],
)
def test_a_part_is_divided_by_the_whole(by: Any, where: Any, expected: Any) -> None:
    made, _ = measuring.judged(study(SUBJECTS), entry(), binding(function=owned, keeps=("subject",)), by, where)
    assert sorted(rows_of(made, "numerator", "denominator")) == sorted(expected)


def test_without_rows_of_the_whole_it_is_the_sum() -> None:
    rows = SUBJECTS[SUBJECTS["subject"] != ""].assign(
        numerator=lambda each: each["own"], denominator=lambda each: each["own"]
    )
    assert measuring._shares_of_whole(rows, (), ("subject",), []) is rows
    found = measuring._shares_of_whole(rows, ("grade", "subject"), ("subject",), ["subject"])
    assert sorted(rows_of(found, "class", "subject", "numerator", "denominator")) == [
        ("1", "数学", 20, 60), ("1", "语文", 40, 60), ("2", "数学", 0, 30), ("2", "语文", 30, 30)
    ]  # fmt: skip


# -- measured --------------------------------------------------------------------------------------------------------


def counts(*by: str, days: Any = None) -> Any:
    asked: list[Any] = []

    def day_counts(tables: Any, by: Any, where: Any) -> Any:
        asked.append((tables, by, where))
        return [name for name in by if name != "subject"], days

    day_counts.asked = asked  # type: ignore[attr-defined]
    return day_counts


def test_every_group_that_should_have_a_figure_is_told_and_days_are_counted() -> None:
    own = counts(days={(1,): 4, (3,): 5})
    found, groups = measuring.measured(
        study(day_counts=own), entry(grades=(1, 3, 5)), binding(function=halved), ("grade",), {"school": A}
    )
    assert groups == [(1,), (3,), (5,)]
    assert [(each.group["grade"], each.numerator, each.denominator, each.days) for each in found] == [
        (1, 1, 2, 4),
        (3, 2, 4, 5),
    ]
    assert own.asked == [(("homework",), ("grade",), {"grade": [1, 3, 5], "school": A})]


def test_groups_are_narrowed_to_what_is_asked_for() -> None:
    own = counts(days={})
    found, groups = measuring.measured(
        study(day_counts=own), entry(), binding(function=halved), ("grade", "weekday"), {"grade": [1, 3]}
    )
    assert groups == [(grade, weekday) for grade in (1, 3) for weekday in range(1, 6)]
    assert [each.days for each in found] == [0, 0]  # a group that the tables have no day of has none
    _, groups = measuring.measured(study(day_counts=own), entry(), binding(function=halved), ("grade",), {"grade": 3})
    assert groups == [(3,)]


def test_a_register_has_no_days() -> None:
    rows = table("school component n", (A, "planning", 1))
    own = counts(days={(): 1})
    found, _ = measuring.measured(study(rows, day_counts=own), entry(), binding(PLAIN, halved), (), {})
    assert found[0].days is None and not own.asked
    weekly = ROWS.assign(week=[1, 1, 2])
    found, _ = measuring.measured(study(weekly, day_counts=own), entry(), binding(WEEKLY, halved), (), {})
    assert found[0].days == 1


def test_days_are_counted_in_the_tables_that_are_counted() -> None:
    own = counts(days=None)
    found = [Figure({"grade": 1, "subject": "语文"}, Estimate(0.5))]
    told = entry(reported_in=("attendance", "service_daily"), tables=("attendance",))
    assert measuring._with_days(study(day_counts=own), told, found, ("grade", "subject"), {}) is found
    assert own.asked == [(("attendance",), ("grade", "subject"), {})]
    own = counts(days={(1,): 3})
    assert measuring._with_days(study(day_counts=own), told, found, ("grade", "subject"), {})[0].days == 3


def test_a_quantile_takes_its_share_from_the_binding() -> None:
    def loads(rows: pd.DataFrame, judge: Any) -> pd.DataFrame:
        return rows.assign(value=rows["n"], weight=1)

    own = counts(days={(): 2})
    found, _ = measuring.measured(
        study(day_counts=own), entry(unit="分钟"), binding(function=loads, form="quantile", q=1.0), (), {}
    )
    assert found[0].estimate.value == 4


@pytest.mark.parametrize(("unit", "share"), [("%", True), ("分钟", False)])
def test_only_a_shares_limits_stay_within_nought_and_one(unit: str, share: bool) -> None:
    classes = [(school, 3, str(room), n) for school in (A, B) for room, n in enumerate((1, 5, 6), start=1)]
    rows = table("school grade class n", *classes).astype({"grade": "int64"})

    def six(counted: pd.DataFrame, judge: Any) -> pd.DataFrame:
        return counted.assign(numerator=counted["n"], denominator=6)

    own = counts(days=None)
    found, _ = measuring.measured(
        study(rows, day_counts=own), entry(unit=unit, interval="class"), binding(function=six), (), {}
    )
    (alike,) = figures(six(rows, None), (), "ratio", interval="class", share=share)
    (other,) = figures(six(rows, None), (), "ratio", interval="class", share=not share)
    assert found[0].estimate == alike.estimate != other.estimate


def test_a_group_of_which_no_row_counts_is_still_due() -> None:
    def more_than_one(counted: pd.DataFrame, judge: Any) -> pd.DataFrame:
        return halved(counted[counted["n"] > 1], judge)

    rows = ROWS.assign(subject=["语文", "数学", "英语"])
    own = counts(days={})
    found, groups = measuring.measured(
        study(rows, day_counts=own), entry(), binding(function=more_than_one), ("subject",), {}
    )
    assert groups == [("语文",), ("数学",), ("英语",)] and [each.group["subject"] for each in found] == ["数学", "英语"]
