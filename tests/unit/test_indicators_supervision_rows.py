"""Supervision and the returns to the platform, row by row: what counts on the day, before it and after it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from registers_by_hand import AFTER, BEFORE, DAY, START, TERM, A, B, C, Registers, counted, shares, table

from analysis.indicators import returns, supervision
from analysis.reference.documents import Document

NONE = None


def test_tasks_done_stand_over_tasks_due() -> None:
    tasks = table("school item due done", (A, "作业", 5, 4), (B, "服务", 0, 0))
    assert counted(supervision.tasks_done(Registers(tasks=tasks)), "task") == [("作业", 4, 5), ("服务", 0, 0)]


ACTIONS = table(
    "action date kind deadline closed_on",
    ("before", date(2026, 3, 1), "inquiry", BEFORE, NONE),
    ("first", START, "inspection", BEFORE, BEFORE),  # closed by its deadline
    ("late", START, "inspection", date(2026, 4, 8), BEFORE),
    ("open", DAY, "inquiry", BEFORE, NONE),
    ("due", DAY, "inquiry", DAY, NONE),
    ("closes", DAY, "inquiry", DAY, DAY),
    ("later", DAY, "inquiry", date(2026, 3, 20), AFTER),  # closed after the day: still open
    ("undated", DAY, "interview", NONE, NONE),
    ("undated closed", DAY, "interview", NONE, DAY),
    ("after", AFTER, "publication", BEFORE, NONE),
)


def test_actions_of_the_term_are_followed_to_the_day() -> None:
    own = Registers(supervision=ACTIONS)
    found = supervision.actions(own)
    assert found["number"].tolist() == ["first", "late", "open", "due", "closes", "later", "undated", "undated closed"]
    assert found["action"].tolist()[:3] == ["inspection", "inspection", "inquiry"]
    assert shares(supervision.number_of_actions(own)) == (8, 8)
    assert supervision.closed(own)["numerator"].tolist() == [1, 1, 0, 0, 1, 0, 0, 1]
    assert supervision.undated(own)["number"].tolist() == ["undated", "undated closed"]
    assert supervision.undated_open(own)["number"].tolist() == ["undated"]
    # due are those whose deadline has passed: not the one of the day itself
    assert counted(supervision.closed_in_time(own), "number") == [
        ("first", 1, 1), ("late", 0, 1), ("open", 0, 1), ("later", 0, 1),
    ]  # fmt: skip
    assert supervision.open_beyond(own)["number"].tolist() == ["later", "open"]
    assert supervision.overdue(own)["numerator"].tolist() == [0, 0, 1, 0, 0, 1, 0, 0]
    kinds = supervision.kinds_used(own)
    assert counted(kinds, "action") == [
        ("inspection", 1, 1), ("inquiry", 1, 1), ("interview", 1, 1), ("publication", 0, 1),
    ]  # fmt: skip


def test_members_listed_stand_over_members_stated_where_both_are_told() -> None:
    assert supervision.members(" 甲、乙、、丙等 ") == ["甲", "乙", "丙"] and supervision.members("等等") == ["等"]
    assert supervision.members(None) == supervision.members(float("nan")) == []
    bodies = table("body members stated", ("x", "甲、乙等", 5), ("y", "丙", NONE), ("z", NONE, 3))
    own = Registers(bodies=bodies)
    assert counted(supervision.members_listed(own), "body") == [("x", 2, 5), ("z", 0, 3)]
    assert supervision._of_no_number(own)["body"].tolist() == ["y"]


def test_a_school_counts_once_for_all_channels_and_once_for_each() -> None:
    told = table("school channel date", (A, "网", DAY), (A, "会", BEFORE), (B, "网", AFTER), (B, NONE, BEFORE))
    rows = supervision.outreach(Registers(outreach=told))
    assert counted(rows, "school", "channel") == [
        (A, "", 1, 1), (A, "网", 1, 1), (A, "会", 1, 1),
        (B, "", 1, 1), (B, "网", 0, 1), (B, "会", 0, 1),
        (C, "", 0, 1), (C, "网", 0, 1), (C, "会", 0, 1),
    ]  # fmt: skip
    nobody = supervision.outreach(Registers(outreach=told.iloc[:0]))
    assert counted(nobody, "school", "channel") == [(A, "", 0, 1), (B, "", 0, 1), (C, "", 0, 1)]


def test_documents_are_those_issued_by_the_day_and_not_replaced(monkeypatch) -> None:
    entries: list[dict[str, Any]] = [
        {"number": "教督〔2026〕1号", "kind": "local", "date": DAY},
        {"number": "教督〔2026〕2号", "kind": "local", "date": AFTER},
        {"number": "教督〔2020〕3号", "kind": "national"},
        {"number": "教督〔2019〕4号", "kind": "national", "supersedes": ["教督〔2018〕5号"]},
        {"number": "教督〔2018〕5号", "kind": "national"},
        {"number": "教督〔2027〕6号"},
        {"title": "法", "date": date(2021, 5, 1), "kind": "law"},
        {"title": "法", "kind": "law"},  # neither number nor day tells its year
    ]
    documents = [Document(**{"kind": "", **entry}) for entry in entries]
    monkeypatch.setattr(supervision, "documents_file", lambda: documents)
    rows = supervision.documents(Registers())
    assert counted(rows, "year", "document_kind") == [
        (2026, "local", 1, 1), (2020, "national", 1, 1), (2019, "national", 1, 1), (2021, "law", 1, 1),
    ]  # fmt: skip
    documents.clear()
    assert supervision.documents(Registers()).empty


def test_relief_reached_no_more_teachers_than_a_school_has() -> None:
    """Of the measures of A the greater counts for the whole; B reached more than it has; of C the staff is not told."""
    relief = table(
        "school measure date teachers",
        (A, "云", DAY, 10), (A, "云", NONE, 12), (A, "少", BEFORE, 30), (A, "少", AFTER, 39),
        (B, "云", DAY, 70), (C, "云", DAY, 5), (B, "少", DAY, NONE), (A, "弹", AFTER, NONE),
    )  # fmt: skip
    staff = table("school teachers", (A, 40), (B, 60), (C, NONE))
    own = Registers(relief=relief, teachers=staff)
    assert sorted(counted(supervision.relief_use(own), "school", "measure")) == [
        (A, "", 30, 40), (A, "云", 12, 40), (A, "少", 30, 40), (B, "", 60, 60), (B, "云", 60, 60),
    ]  # fmt: skip
    untold = supervision._reach_untold(own)
    assert untold[["school", "measure"]].to_numpy().tolist() == [[C, "云"], [B, "少"], [C, ""], [B, ""]]


# -- returns to the platform -----------------------------------------------------------------------------------------

MARCH = "2026年03月"


def returned(*rows: tuple) -> pd.DataFrame:
    """Rows of school, period, item, reported at, value; due on the day looked at."""
    told = [(TERM, school, period, item, DAY, at, value) for school, period, item, at, value in rows]
    return table("term school period item due reported_at value", *told)


def registers(platform: pd.DataFrame, **more: Any) -> Registers:
    frames = {"homework": pd.DataFrame({"school": []}), "service_daily": pd.DataFrame()} | more
    study = SimpleNamespace(
        district=SimpleNamespace(snapshot=SimpleNamespace(frame={"platform": platform}.__getitem__)),
        scope=SimpleNamespace(term=TERM),
        source=SimpleNamespace(presence=lambda tables, wanted: frames[tables[0]] if wanted == ("class",) else None),
        rows=frames.__getitem__,
    )
    return Registers(study=study, platform=platform, **{name: rows for name, rows in more.items() if rows is not None})


def test_a_return_has_its_first_day_and_its_last_value() -> None:
    rows = returned(
        (A, MARCH, "甲", "2026-04-10 23:59", 7), (A, MARCH, "甲", "2026-04-09T08:00", 5), (A, MARCH, "甲", "2026-04-11 00:00", 9),
        (B, MARCH, "甲", "not a day", 3), (C, MARCH, "甲", "2026-04-11", 3),
    )  # fmt: skip
    found = returns.returns(registers(rows))
    assert found[["school", "period", "return", "value"]].to_numpy().tolist() == [[A, MARCH, "甲", 7]]
    assert (found["first"][0], found["last"][0]) == (pd.Timestamp(BEFORE), pd.Timestamp(DAY))
    assert found["due"][0] == pd.Timestamp(DAY)


def test_returns_are_owed_by_every_school_from_their_due_date() -> None:
    rows = returned((A, MARCH, "甲", "2026-04-10 23:59", 7), (B, MARCH, "甲", "2026-04-09", 7))
    late = rows.iloc[:1].assign(item="乙", due=pd.Timestamp(BEFORE))
    others = rows.iloc[:1].assign(item=["丙"], due=pd.Timestamp(AFTER)), rows.iloc[:1].assign(term="other", item="丁")
    own = registers(pd.concat([rows, late, *others]))
    assert counted(returns.returns_made(own), "school", "return") == [
        (A, "甲", 1, 1), (A, "乙", 1, 1), (B, "甲", 1, 1), (B, "乙", 0, 1), (C, "甲", 0, 1), (C, "乙", 0, 1),
    ]  # fmt: skip
    assert returns.returns_on_time(own)["numerator"].tolist() == [1, 0, 1, 0, 0, 0]  # 乙 was due the day before


def test_a_return_is_held_against_the_ledger_of_its_month() -> None:
    """A has three class-days in March, none in April; B keeps no ledger; 32 + 5 joined in A in March."""
    rows = returned(
        (A, MARCH, "台账班级日数", "2026-04-01", 5), (A, "2026-04", "台账班级日数", "2026-04-01", 0),
        (A, "2026-03", "参加课后服务人次", "2026-04-01", 37), (B, MARCH, "台账班级日数", "2026-04-01", 1),
        (A, MARCH, "其他", "2026-04-01", 1),
    )  # fmt: skip
    entered = table("school date", *((A, date(2026, 3, day)) for day in (2, 3, 4)))
    joined = table("school date joined", (A, date(2026, 3, 31), 32), (A, START, 5), (A, DAY, 8))
    own = registers(rows, homework=entered, service_daily=joined)
    found = returns.compared(own)
    assert found[["school", "period", "value", "ledger"]].to_numpy().tolist() == [
        [A, "2026-04", 0, 0], [A, MARCH, 5, 3], [A, "2026-03", 37, 37],
    ]  # fmt: skip
    assert counted(returns.returns_equal(own)) == [(1, 1), (0, 1), (1, 1)]
    assert counted(returns.class_days_gap(own), "period") == [("2026-04", 0, 0), (MARCH, -2, 5)]
    assert counted(returns.joined_gap(own), "period") == [("2026-03", 0, 37)]


@pytest.mark.parametrize("joined", [None, table("school date joined")])
def test_without_a_ledger_nothing_is_compared(joined) -> None:
    rows = returned((A, MARCH, "参加课后服务人次", "2026-04-01", 5), (A, MARCH, "台账班级日数", "2026-04-01", 5))
    own = registers(rows, service_daily=joined)
    for found in (returns.compared(own), returns.returns_equal(own), returns.joined_gap(own)):
        assert found.empty
