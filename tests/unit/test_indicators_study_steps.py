"""A study without a snapshot's files: its scope and days, who reported, what it asks of others, and what it keeps."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import A, B, C, FakeSource, day, table

from analysis.house import UserError
from analysis.indicators import Statistics, Study
from analysis.indicators import study as module
from analysis.rules import calendar

DISTRICT, TERM = "990101", "2025-2026-2"
REGISTER = table(
    "school name short_name stage first_grade last_grade district",
    (C, "丙中学", "丙中", "junior", 7, 9, DISTRICT),
    (A, "甲小学", "甲小", "primary", 1, 6, 990101),
    (B, "乙学校", "乙校", "nine_year", 1, 9, DISTRICT),
    ("2188", "外区小学", "外小", "primary", 1, 6, "990102"),
)


class Snapshot:
    """Holds the register of schools, and remembers whose slices were asked for."""

    id, tables = "s1", ("schools", "homework")

    def __init__(self, register: pd.DataFrame = REGISTER) -> None:
        self.register, self.sliced = register, []

    def frame(self, table: str, **_: Any) -> pd.DataFrame:
        assert table == "schools"
        return self.register

    def slice(self, tables: Any, school: str = "") -> str:
        self.sliced.append((tables, school))
        return "digest"


class Opened:
    """A store that opens one snapshot by any name."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot, self.opened = snapshot or Snapshot(), []

    def open(self, name: str) -> Any:
        self.opened.append(name)
        return self.snapshot


def study(source: Any = None, **told: Any) -> Any:
    made = Study(**{"district": DISTRICT, "term": TERM, "as_of": "2026-03-10", "store": Opened()} | told)  # type: ignore[arg-type]
    if source is not None:
        made.__dict__["source"] = source
    return made


# -- scope and days --------------------------------------------------------------------------------------------------


def test_the_engine_is_the_one_told_else_of_the_environment_else_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGJIAN_ENGINE", "pandas")
    assert (study(engine="local[2]")._engine, study()._engine) == ("local[2]", "pandas")
    monkeypatch.setenv("SHUANGJIAN_ENGINE", "")
    assert study()._engine == "duckdb"
    monkeypatch.delenv("SHUANGJIAN_ENGINE")
    assert study()._engine == "duckdb"


def test_the_snapshot_is_opened_once_when_asked_for() -> None:
    own = Opened()
    told = study(store=own, snapshot="ab")
    assert own.opened == []
    assert told.snapshot is told.snapshot is own.snapshot and own.opened == ["ab"]


@pytest.mark.parametrize(
    ("as_of", "last", "looked_at"),
    [
        ("2026-03-10", date(2026, 3, 10), date(2026, 3, 10)),
        (date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 10)),
        (None, calendar(TERM, DISTRICT).end, calendar(TERM, DISTRICT).end),
        ("2026-09-30", calendar(TERM, DISTRICT).end, date(2026, 9, 30)),  # registers are looked at after the term, too
    ],
)
def test_the_last_day_that_counts(as_of: Any, last: date, looked_at: date) -> None:
    told = study(as_of=as_of)
    start = calendar(TERM, DISTRICT).start
    assert told.as_of == looked_at and (told.scope.start, told.scope.end) == (start.isoformat(), last.isoformat())
    assert (told.scope.district, told.scope.school, told.scope.term, told.scope.group) == (DISTRICT, "", TERM, ())
    days = told.days
    assert days["date"].min().date() >= start and days["date"].max().date() <= last and days["school_day"].all()
    assert days.index.tolist() == list(range(len(days)))
    assert list(days.columns) == ["date", "week", "weekday", "school_day", "makeup", "note"]


@pytest.mark.parametrize("told", ["20 July", "2026-02-30", datetime(2026, 3, 10, 8)])
def test_a_day_that_is_none_is_told(told: Any) -> None:
    with pytest.raises(UserError, match="请写作 2026-07-20"):
        study(as_of=told)


def test_the_schools_are_those_of_the_district_in_order_of_their_code() -> None:
    told = study()
    assert told.schools["school"].tolist() == [A, B, C] and told.schools.index.tolist() == [0, 1, 2]
    assert told.expected is told.schools
    assert study(school=B).expected["school"].tolist() == [B] and study(school=B).scope.school == B
    with pytest.raises(UserError, match=f"没有“x”；已有：{A}（甲小）、{B}（乙校）、{C}（丙中）。"):
        study(school="x").expected  # noqa: B018
    with pytest.raises(UserError, match="已有：无。"):
        study(school="x", store=Opened(Snapshot(REGISTER.iloc[:0]))).scope  # noqa: B018


def test_a_study_of_a_school_is_made_once_and_of_the_same_things() -> None:
    whole = study(engine="pandas")
    one = whole.at(A)
    assert whole.at("") is whole is whole.district and whole.at(A) is one and one.at(A) is one
    assert (one._school, one._term, one._as_of, one._engine, one._district_code) == (
        A,
        TERM,
        date(2026, 3, 10),
        "pandas",
        DISTRICT,
    )
    assert (
        one._store is whole._store and one._name == "s1" and one.district._school == "" and one.district is one.district
    )


# -- who reported ----------------------------------------------------------------------------------------------------


class Present(FakeSource):
    def presence(self, tables: Any, wanted: Any = ()) -> pd.DataFrame:
        self.asked.append((tables, wanted))
        return self.present


def test_a_school_with_a_row_has_reported() -> None:
    source = Present(present=pd.DataFrame({"school": [A, A, C, "2188"], "rows": [1, 0, 0, 5]}))
    told = study(source)
    found = told.reporting("homework")
    assert [each.school for each in found.expected] == [A, B, C] and [each.school for each in found.reported] == [A]
    assert [each.school for each in found.missing] == [B, C] and (found.table, found.rows) == ("homework", 6)
    assert told.reporting(("homework",)) is found and source.asked == [(("homework",), ())]
    assert told.reporting(("homework", "attendance")).table == "homework、attendance"


@pytest.mark.parametrize(
    ("grades", "expected"), [((1,), [A, B]), ((6, 7), [A, B, C]), ((9,), [B, C]), ((7,), [B, C]), ((), [A, B, C])]
)
def test_only_schools_that_teach_one_of_the_grades_are_expected(grades: Any, expected: list[str]) -> None:
    source = Present(present=pd.DataFrame({"school": [A], "rows": [1]}))
    assert [each.school for each in study(source).reporting("homework", grades).expected] == expected


PRESENT = table(
    "school grade date rows", (A, 3, day(2), 5), (A, 4, day(2), 5), (A, 3, day(3), 5), (B, 7, day(9), 1)
).astype({"grade": "int64"})


@pytest.mark.parametrize(
    ("by", "where", "keys", "counts"),
    [
        ((), {}, [], {(): 3}),
        (("school",), {}, ["school"], {(A,): 2, (B,): 1}),
        (("grade", "weekday"), {}, ["grade", "weekday"], {(3, 1): 1, (3, 2): 1, (4, 1): 1, (7, 1): 1}),
        (("item",), {"grade": 3}, [], {(): 2}),
        (("stage", "item"), {}, ["stage"], {("primary",): 2, ("junior",): 1}),
        ((), {"weekday": [1]}, [], {(): 2}),
    ],
)
def test_days_with_rows_are_counted_by_what_the_tables_tell(by: Any, where: Any, keys: Any, counts: Any) -> None:
    source = Present(present=PRESENT)
    told = study(source)
    assert told.day_counts(("homework",), by, where) == (keys, counts)
    assert told.day_counts(("homework",), by, where) == (keys, counts) and len(source.asked) == 1


def test_a_table_without_days_has_no_counts_and_only_what_it_may_tell_is_asked_for() -> None:
    source = Present(present=PRESENT.drop(columns="date"))
    told = study(source)
    assert told.day_counts(("plans",), ("school", "class", "item"), {"group": "随迁", "subject": "语文"}) == ([], None)
    assert source.asked == [(("plans",), ("class", "group", "subject"))]


# -- what it asks of others ------------------------------------------------------------------------------------------


def test_a_rule_is_judged_up_to_the_last_day_of_its_period() -> None:
    told, start = study(as_of="2026-09-30"), calendar(TERM, DISTRICT).start
    term, to_date = told.judge("homework.cap"), told.judge("homework.cap", "to_date")
    assert (term.id, term.district, term.start, term.end) == (
        "homework.cap",
        DISTRICT,
        start,
        calendar(TERM, DISTRICT).end,
    )
    assert to_date.end == date(2026, 9, 30)
    assert study(as_of="2020-01-01").judge("homework.cap", "date").end == start  # never before the term's first day


@pytest.mark.parametrize(
    ("by", "district", "school"),
    [
        (None, (), ()),
        ("grade", ("grade",), ("grade",)),
        (["grade", "weekday"], ("grade", "weekday"), ("grade", "weekday")),
        ("class", ("school", "grade", "class"), ("grade", "class")),
        (("class", "school"), ("grade", "class", "school"), ("grade", "class", "school")),
        (("grade", "class"), ("school", "grade", "class"), ("grade", "class")),
    ],
)
def test_a_class_comes_with_its_grade_and_in_a_district_with_its_school(by: Any, district: Any, school: Any) -> None:
    assert study()._dimensions(by) == district and study(school=A)._dimensions(by) == school


class Measured:
    """Stands in for what measures, and remembers what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, counting: Any) -> None:
        self.asked: list[Any] = []
        self.direct = SimpleNamespace(counting=counting, function=self.function)
        monkeypatch.setattr(module, "describe", lambda id: f"entry of {id}")
        monkeypatch.setattr(module, "bindings", lambda: {"a.b": self.direct})
        monkeypatch.setattr(module.measuring, "check", lambda entry, binding, names: self.asked.append(tuple(names)))
        monkeypatch.setattr(module.measuring, "measured", self.measured)
        monkeypatch.setattr(module, "statistics", self.statistics)

    def function(self, study: Any, entry: str, names: Any, where: Any) -> Any:
        return [SimpleNamespace(group={"grade": grade, "more": 1}) for grade in (3, 4)]

    def measured(self, study: Any, entry: str, binding: Any, names: Any, where: Any) -> Any:
        return ["counted"], [("its group",)]

    def statistics(self, study: Any, entry: str, names: Any, where: Any, found: Any, groups: Any) -> Any:
        self.asked.append((study._school, entry, names, where, found, groups))
        return (f"statistic {len(self.asked)}", "another")


def test_an_indicator_that_is_counted_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    own, told = Measured(monkeypatch, counting="a counting"), study()
    assert told.measure("a.b", grade=3) == "statistic 2"
    assert own.asked == [("grade",), ("", "entry of a.b", (), {"grade": 3}, ["counted"], [("its group",)])]
    assert told.measure("a.b", grade=3) == "statistic 2" and own.asked[2:] == [("grade",)]
    many = told.measure("a.b", by=("grade", "weekday"))
    assert isinstance(many, Statistics) and many.by == ("grade", "weekday") and len(many) == 2
    assert own.asked[3:][0] == ("grade", "weekday") and own.asked[4][2:4] == (("grade", "weekday"), {})


def test_an_indicator_that_is_bound_directly_tells_its_own_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    own, told = Measured(monkeypatch, counting=None), study()
    told.measure("a.b", by="grade")
    assert own.asked[-1][5] == [(3,), (4,)]
    told.measure("a.b")
    assert own.asked[-1][5] == [()]


def test_one_school_is_measured_by_its_own_study_and_several_by_the_districts(monkeypatch: pytest.MonkeyPatch) -> None:
    own, told = Measured(monkeypatch, counting="a counting"), study()
    told.measure("a.b", school=[A], grade=3)
    assert own.asked[-1][0] == A and own.asked[-1][3] == {"grade": 3}
    told.measure("a.b", "grade", school=B)
    assert own.asked[-1][0] == B and own.asked[-1][2] == ("grade",)
    told.measure("a.b", school=[A, B])
    assert own.asked[-1][0] == "" and own.asked[-1][3] == {"school": [A, B]}


def test_what_there_is_none_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Measured(monkeypatch, counting="a counting")
    with pytest.raises(UserError, match=f"没有“x”这个学校；可用：{A}、{B}、{C}。"):
        study().measure("a.b", school=[A, "x"])
    with pytest.raises(UserError, match="没有“10”这个年级；可用：1、2、3、4、5、6、7、8、9。"):
        study().measure("a.b", grade=[1, 10, 12])
    with pytest.raises(UserError, match="可用：无。"):
        study(store=Opened(Snapshot(REGISTER.iloc[:0]))).measure("a.b", school=[A, B])
    with pytest.raises(UserError, match="已列入目录，但程序里还没有它的算法"):
        study().measure("a.c")
    assert study().measure("a.b", subject="任何").startswith("statistic")  # of other dimensions any value may be told


LOADS = table(
    "school grade class total gap class_days",
    (A, 3, "1", 30, 0, 2),
    (A, 3, "2", 30, 0, 1),
    (B, 4, "1", 50, 0, 4),
    (B, 4, "1", 9, 1, 8),
).astype({"grade": "int64"})


def test_the_histogram_adds_up_class_days_without_a_gap() -> None:
    told = study(FakeSource(tables={"homework"}, counts={"load": LOADS}))
    assert told.histogram().to_dict("list") == {"minutes": [30, 50], "class_days": [3, 4]}
    assert told.histogram("grade", grade=4).to_dict("list") == {"grade": [4], "minutes": [50], "class_days": [4]}
    assert list(study(FakeSource()).histogram("grade").columns) == ["grade", "minutes", "class_days"]


@pytest.mark.parametrize("name", ["attendance", "survey"])
def test_the_rows_of_single_pupils_are_not_told(name: str) -> None:
    with pytest.raises(UserError, match=f"表 {name} 是逐人数据"):
        study(FakeSource()).rows(name)


def test_the_rows_of_a_register_are_told_and_remembered_as_read() -> None:
    source: Any = FakeSource()
    source.table = lambda name: f"lazy {name}"
    source.engine = SimpleNamespace(collect=lambda frame: pd.DataFrame({"n": [1.0], "of": [frame]}))
    told = study(source, school=A)
    assert told.rows("plans").to_dict("list") == {"n": [1], "of": ["lazy plans"]}
    assert told.snapshot.sliced == [("plans", A)]


def test_the_rules_are_those_of_the_term_up_to_the_last_day() -> None:
    assert {each.id for each in study().rules(["homework.cap"])} == {"homework.cap"}
    assert [each.value for each in study().rules(["service.end"])] == [
        18 * 60
    ]  # the district's own goes before the nation's
