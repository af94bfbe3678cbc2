"""Figures become statistics: whose, of which days, in whose words, and which schools were silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from analysis.house import UserError
from analysis.indicators import assembly, provenance, registry, reported
from analysis.indicators.catalogue import Entry
from analysis.indicators.registry import Figure
from analysis.indicators.reporting import Reporting, School
from analysis.indicators.statistic import Scope
from analysis.statistics.estimate import Estimate

A, B, C = School("S1", "甲小学", "甲", "primary", 1, 6), School("S2", "乙校", "乙", "nine_year", 1, 9), School("S3", "丙", "丙", "junior", 7, 9)  # fmt: skip
SCOPE = Scope("990101", "", "2025-2026-2", "2026-03-02", "2026-07-03")
WRITTEN = {
    "id": "own.id", "label": "某率", "definition": "某率的定义。", "numerator": "某", "unit": "%", "decimals": 2,
    "base_unit": "个", "tables": ("homework",), "interval": "none", "rule": "cap", "rounding": "half_even",
    "base_unit_by": {"grade": "个年级"},
}  # fmt: skip
ENTRY = Entry.model_validate(WRITTEN)


def entry_of(**fields: Any) -> Entry:
    return Entry.model_validate(WRITTEN | fields)


class Study:
    """Knows who reported what, and which rule holds."""

    def __init__(self, school: str = "", applied: bool = True, **missing: tuple[School, ...]) -> None:
        self.scope, self.as_of = replace(SCOPE, school=school), date(2026, 7, 20)
        self.schools = pd.DataFrame({"school": ["S1", "S2", "S3"], "short_name": ["甲", "乙", "丙"]})
        self.snapshot = SimpleNamespace(id="snap", slice=lambda tables, school: f"{'+'.join(tables)}@{school}", tables=("homework",))  # fmt: skip
        self.source = SimpleNamespace(unenrolled=())
        self._applied, self._missing, self.asked = applied, missing, []

    def judge(self, rule: str, period: str) -> Any:
        self.asked.append((rule, period))
        return SimpleNamespace(applied=self._applied)

    def reporting(self, tables: Any, grades: tuple[int, ...]) -> Reporting:
        names = (tables,) if isinstance(tables, str) else tables
        silent = set.intersection(*(set(self._missing.get(name, ())) for name in names))
        told = [tuple(each for each in (A, B, C) if (each in silent) is lacks) for lacks in (False, True)]
        return Reporting("", (A, B, C), *told, 0)


def statistics(study: Any, entry: Entry = ENTRY, by: tuple[str, ...] = (), where: Any = None, found: Any = (), groups: Any = ((),)) -> Any:  # fmt: skip
    return assembly.statistics(study, entry, by, where or {}, list(found), list(groups))


FIGURE = Figure({}, Estimate(0.5, n=8), 4, 8, 8, 2, 3, 5, unknown=1, bounds=(0.4, 0.6))


def test_a_statistic_says_what_it_is_of_and_what_it_rests_on() -> None:
    study = Study(homework=(C,))
    (one,) = statistics(study, found=[FIGURE])
    assert (one.indicator, one.label, one.definition, one.unit, one.decimals, one.rounding) == (
        "own.id", "某率", "某率的定义。", "%", 2, "half_even",
    )  # fmt: skip
    assert (one.estimate, one.numerator, one.denominator, one.base, one.base_unit) == (
        Estimate(0.5, n=8),
        4,
        8,
        8,
        "个",
    )
    assert (one.schools, one.classes, one.days, one.unknown, one.bounds, one.nature) == (
        2,
        3,
        5,
        1,
        (0.4, 0.6),
        "count",
    )
    assert (one.scope, one.snapshot, one.rule, one.missing, one.group_label) == (SCOPE, "snap", "cap", ("丙",), "")
    assert one.slice == "homework+homework+enrolment+refused@" and study.asked == [("cap", "term")]
    study.source.unenrolled = ("a class",)  # which others tell of
    assert statistics(study, found=[FIGURE])[0].slice == "homework+homework+enrolment+refused+homework+attendance+service_daily+survey@"  # fmt: skip
    assert statistics(Study(applied=False), found=[FIGURE])[0].rule == ""
    provenance.need(one)
    with pytest.raises(UserError, match="不是由数据算出的统计量"):
        provenance.need(replace(one, base=9))


def test_every_group_has_a_statistic_whether_it_has_a_figure_or_not() -> None:
    found = [Figure({"grade": 3}, Estimate(1.0), base=1, label="三"), Figure({"grade": 9}, Estimate(0.0), base=2)]
    items = statistics(Study(homework=(A,)), by=("grade",), found=found, groups=[(3,), (7,), (9,)])
    assert [(item.value, item.base, item.group_label) for item in items] == [
        (1, 1, "三"), (None, 0, "七年级"), (0, 2, "九年级"),
    ]  # fmt: skip
    assert items[1].estimate.status == "no data" and items[1].schools == 0
    assert [item.missing for item in items] == [("甲",), (), ()]  # the silent school teaches no grade above the sixth
    assert [item.base_unit for item in items] == ["个年级"] * 3
    assert [dict(item.scope.group) for item in items] == [{"grade": 3}, {"grade": 7}, {"grade": 9}]
    schools = statistics(Study(homework=(A,)), by=("school",), groups=[("S1",), ("S2",)])
    assert [(item.scope.school, item.scope.group, item.missing) for item in schools] == [
        ("S1", (), ("甲",)),
        ("S2", (), ()),
    ]


def test_a_narrowing_is_told_as_a_value_or_as_several() -> None:
    (one,) = statistics(Study("S2"), where={"grade": [3], "weekday": [1, 2]})
    assert dict(one.scope.group) == {"grade": 3, "weekday": (1, 2)} and one.scope.school == "S2"
    assert one.group_label == "三年级周一、周二" and one.slice.endswith("@S2")
    (two,) = statistics(Study(homework=(A, B)), where={"grade": (6, 7)})
    assert two.missing == ("甲", "乙")
    assert statistics(Study(homework=(A, B)), where={"grade": 7})[0].missing == ("乙",)


def test_registers_of_the_bureau_have_no_silent_schools_and_surveys_read_the_district() -> None:
    bureau = entry_of(kept_by="district")
    assert statistics(Study(homework=(A,)), bureau)[0].missing == ()
    assert statistics(Study(), bureau)[0].slice == "homework+homework+refused@"
    for interval, school in (("survey", ""), ("model", ""), ("class", "S1"), ("time", "S1")):
        entry = entry_of(interval=interval)
        assert statistics(Study("S1"), entry)[0].slice.rpartition("@")[2] == school
    assert assembly.tables_read(entry_of(interval="survey")) == ("homework", "homework", "refused")
    assert assembly.tables_read(entry_of(tables=(), reported_in=())) == ()


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("term", "2026-03-02", "2026-07-03"),
        ("to_date", "2026-03-02", "2026-07-20"),
        ("date", "2026-07-20", "2026-07-20"),
    ],
)
def test_the_days_that_an_indicator_speaks_of(period: str, start: str, end: str) -> None:
    (one,) = statistics(Study(), entry_of(period=period))
    assert (one.scope.start, one.scope.end) == (start, end)


def test_a_school_that_reported_otherwise_called_no_roll() -> None:
    """B and C hand in the daily report alone; A both."""
    entry = entry_of(tables=("attendance",), reported_in=("attendance", "service_daily"))
    study = Study(attendance=(B, C), service_daily=())
    assert assembly._otherwise(study, entry) == (B, C)
    assert (
        assembly._otherwise(study, entry_of(tables=("attendance", "service_daily"), reported_in=entry.reported_in))
        == ()
    )
    assert assembly._otherwise(Study(attendance=(A, C), service_daily=(C,)), entry) == (A,)

    def status(*groups: tuple, by: tuple[str, ...] = ("school",), found: Any = ()) -> list[str]:
        return [item.estimate.status for item in statistics(study, entry, by, None, found, groups)]

    assert status(("S1",), ("S2",)) == ["no data", "no roll call"]
    assert status((1,), (9,), by=("grade",)) == ["no roll call", "no roll call"]  # B teaches both
    assert status((), by=()) == ["no roll call"] and status((), by=(), found=[FIGURE]) == ["ok"]


def test_an_item_has_the_name_that_the_first_role_asked_gives_it(monkeypatch) -> None:
    monkeypatch.setattr(assembly, "_items", lambda role: {"x": {"parent": "甲", "student": "乙"}[role]})
    named = [assembly.group_label({"item": "x", **role}, {}) for role in ({}, {"role": ["student", "parent"]})]
    assert named == ["甲", "学生、家长乙"]


def test_a_group_is_named_in_the_order_of_speech() -> None:
    names = {"S1": "甲"}
    label = assembly.group_label
    assert label({"weekday": 3, "grade": 3, "school": "S1"}, names) == "甲三年级周三"
    assert label({"grade": 3, "stage": "primary", "grade_band": "middle"}, names) == "三年级"
    assert label({"stage": "primary", "week": 5}, names) == "小学第5周"
    assert label({"field": "美", "class": "2", "group": "随迁", "subject": "语文"}, names) == "2班语文随迁美"
    assert label({"item": "overall"}, names) == "总体满意"
    assert label({"item": ["overall", "burden"], "role": "parent"}, names) == "家长总体满意、负担变化"
    assert label({"item": "unknown", "role": ["student", "parent"]}, names) == "学生、家长unknown"
    assert label({}, names) == ""


@pytest.mark.parametrize(
    ("told", "concerned"),
    [
        ({}, True), ({"school": "S1"}, True), ({"school": "S2"}, False), ({"grade": 1}, True), ({"grade": 6}, True),
        ({"grade": 7}, False), ({"grade": (7, 6)}, True), ({"grade": 1, "school": "S2"}, False), ({"weekday": 9}, True),
    ],
)  # fmt: skip
def test_whom_a_group_concerns(told: dict, concerned: bool) -> None:
    assert assembly._concerns(A, told) is concerned
    assert not assembly._concerns(C, {"grade": 6}) and assembly._concerns(C, {"grade": 7})


def test_who_reported_is_said_in_a_sentence() -> None:
    some = Reporting("homework", (A, B, C), (A,), (B, C), 7)
    assert some.text == "应报3所，已报1所，未报2所（乙、丙）" and not some.complete
    all_ = Reporting("homework", (A, B), (A, B), (), 7)
    assert all_.text == "应报2所，已报2所" and all_.complete


# -- bindings, and what people say beside the ledger ---------------------------------------------------------------


def test_an_id_is_bound_once(monkeypatch) -> None:
    monkeypatch.setattr(registry, "_BINDINGS", {})
    count = registry.counting(tables=("a",), dimensions=("school", "date"), always=("school",))(lambda *_: "counted")
    assert (count({}, ()), count.tables, count.dimensions, count.always, count.optional) == ("counted", ("a",), ("school", "date"), ("school",), ())  # fmt: skip

    def made(*_: object) -> None: ...

    assert registry.indicator("x", count, form="quantile", q=0.9)(made) is made
    assert registry.direct("y", dimensions=("wave",))(made) is made
    x, y = registry._BINDINGS.values()
    assert (x.function, x.counting, x.form, x.q, x.dimensions, x.keeps) == (made, count, "quantile", 0.9, ("school", "date"), ())  # fmt: skip
    assert (y.function, y.counting, y.form, y.q, y.dimensions) == (made, None, "ratio", 0.5, ("wave",))
    registry.indicator("z", count)(made)
    assert (registry._BINDINGS["z"].q, registry._BINDINGS["z"].form, registry._BINDINGS["z"].unknown) == (
        0.5,
        "ratio",
        None,
    )
    with pytest.raises(ValueError, match="two functions are bound to x"):
        registry.direct("x")(made)


def test_answers_name_whole_minutes(monkeypatch) -> None:
    from tables_by_hand import lazy, rows, table

    told = table(
        "school item state score", ("S1", "time", "ok", 29.6), ("S1", "time", "ok", 30.0), ("S1", "time", "ok", None),
        ("S1", "time", "skipped", 9.0), ("S1", "overall", "ok", 5.0), ("S2", "hours", "ok", 44.4),
    )  # fmt: skip
    found = reported.answers_of(lazy(told), ("school",), ("time", "hours"))
    assert rows(found) == [["S1", 30, 2], ["S2", 44, 1]]
    monkeypatch.setattr(reported, "minute_items", lambda: ("hours",))
    assert rows(reported.reported({"survey": lazy(told)}, ("school",))) == [["S2", 44, 1]]


def test_the_items_that_ask_for_minutes_are_those_of_the_questionnaires() -> None:
    assert "overall" not in reported.minute_items() and len(reported.minute_items()) >= 1


def gap(monkeypatch: pytest.MonkeyPatch, answers: list[tuple], loads: list[tuple], by: tuple = (), where: Any = None) -> list[tuple]:  # fmt: skip
    frames = {
        "reported": pd.DataFrame(answers, columns=["school", "grade", "class", "minutes", "answers"]),
        "load": pd.DataFrame(loads, columns=["school", "grade", "class", "total", "gap", "class_days"]),
    }
    monkeypatch.setattr(
        reported.measuring, "counted", lambda study, counting, wanted: frames["load" if counting is reported.load else "reported"]
    )  # fmt: skip
    schools = pd.DataFrame([("S1", "primary", 1, 6), ("S2", "primary", 1, 6)], columns=["school", "stage", "first_grade", "last_grade"])  # fmt: skip
    days = pd.DataFrame({"date": pd.to_datetime([]), "week": [], "weekday": []})
    nothing = pd.DataFrame(columns=["table", "role", "wave", "school", "grade", "class", "date", "rows"])
    source = SimpleNamespace(
        refused=lambda table: SimpleNamespace(located=nothing, floating=nothing), can=lambda counting: False
    )
    snapshot = SimpleNamespace(refused=lambda: nothing)
    study: Any = SimpleNamespace(
        expected=schools, days=days, source=source, snapshot=snapshot, calendar=SimpleNamespace(start=date(2026, 3, 2))
    )
    found = reported.reported_gap(study, entry_of(grades=()), by, where or {})
    return [(tuple(f.group.values()), f.estimate.value, f.denominator) for f in found]


def test_the_gap_is_that_to_the_class_else_to_the_grade(monkeypatch) -> None:
    """The ledger: 20 minutes in class 1 (60 over 3 days), 25 in its grade; 45 of class 2 on one day is known in part only."""
    loads = [("S1", 3, "1", 10, 0, 2), ("S1", 3, "1", 40, 0, 1), ("S1", 3, "2", 40, 0, 1), ("S1", 3, "2", 45, 1, 9)]
    answers = [("S1", 3, "1", 30, 2), ("S1", 3, "9", 20, 1), ("S2", 3, "1", 99, 5)]
    assert gap(monkeypatch, answers, loads) == [((), pytest.approx((2 * 10 - 5) / 3), 3)]
    assert gap(monkeypatch, answers, loads, ("school",)) == [(("S1",), 5, 3)]
    assert gap(monkeypatch, answers, loads, where={"class": "1"}) == [((), 10, 2)]
    how: list[dict] = []
    monkeypatch.setattr(reported, "figures", lambda *_, **more: how.append(more) or [])
    assert gap(monkeypatch, answers, loads) == [] and how == [{"interval": "class", "share": False}]
    assert gap(monkeypatch, answers, []) == gap(monkeypatch, [], loads) == []
