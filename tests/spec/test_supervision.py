"""Supervision, told in small tables: tasks, platform returns, actions, bodies, outreach, relief, documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from small_district import DISTRICT, NINE, NORTH, SILENT, TERM, store

from analysis.indicators import Study
from analysis.indicators.supervision import members


def study(folder: Path, as_of: str = "2026-07-20", **tables: pd.DataFrame) -> Study:
    made, snapshot = store(folder, **tables)
    return Study(snapshot.id, district=DISTRICT, term=TERM, as_of=as_of, store=made)


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split())
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, date)).any():
            frame[name] = pd.to_datetime(frame[name])
    return frame


def test_99_6_percent_never_becomes_100(tmp_path: Path) -> None:
    tasks = table("term item school due done", (TERM, "作业", NORTH, 125, 125), (TERM, "作业", NINE, 125, 124))
    figure = study(tmp_path, tasks=tasks).measure("supervision.tasks_done")
    assert (figure.text, figure.numerator, figure.denominator) == ("99.6%", 249, 250)


def test_one_task_in_five_thousand_never_becomes_100(tmp_path: Path) -> None:
    tasks = table("term item school due done", (TERM, "作业", NORTH, 5000, 4999))
    assert study(tmp_path, tasks=tasks).measure("supervision.tasks_done").text == "99.98%"


def test_an_empty_denominator_gives_no_share(tmp_path: Path) -> None:
    tasks = table("term item school due done", (TERM, "作业", NORTH, 0, 0), (TERM, "作业", NINE, 4, 3))
    found = study(tmp_path, tasks=tasks).measure("supervision.tasks_done", by="school")
    assert [item.text for item in found] == ["—", "4件中的3件", "—"]
    assert found.only(school=NORTH).estimate.status == "no data"
    assert study(tmp_path / "b", tasks=tasks).measure("supervision.tasks_done").missing == ("未报",)


RETURN = "term school period item due reported_at value"
DUE = date(2026, 4, 5)


def returned(school: str, at: str, value: float, item: str = "台账班级日数") -> tuple:
    return TERM, school, "2026-03", item, DUE, at, value


@pytest.mark.parametrize(
    ("as_of", "made", "on_time"),
    [("2026-04-04", None, None), ("2026-04-05", 1 / 3, 1 / 3), ("2026-04-30", 2 / 3, 1 / 3)],
)
def test_a_return_is_on_time_by_its_due_date(tmp_path: Path, as_of: str, made: float, on_time: float) -> None:
    """The silent school's return is missing, hence not on time; before the due date nothing is owed."""
    platform = table(RETURN, returned(NORTH, "2026-04-05 23:59", 5), returned(NINE, "2026-04-06 00:01", 5))
    own = study(tmp_path, as_of, platform=platform)
    assert own.measure("supervision.returns_made").value == made
    assert own.measure("supervision.returns_on_time").value == on_time


def test_an_overwritten_return_counts_with_its_last_value(tmp_path: Path) -> None:
    rows = [(TERM, NORTH, 3, "1", date(2026, 3, day), "语文", True, 20, None, None) for day in (9, 10, 11)]
    homework = table("term school grade class date subject written minutes published_on returned_on", *rows)
    daily = table("term school grade class date eligible joined", (TERM, NORTH, 3, "1", date(2026, 3, 9), 30, 25))
    platform = table(
        RETURN,
        returned(NORTH, "2026-04-01 09:00", 9),
        returned(NORTH, "2026-04-03 09:00", 5),
        returned(NORTH, "2026-04-03 09:00", 25, "参加课后服务人次"),
        returned(NINE, "2026-04-03 09:00", 7),
    )
    own = study(tmp_path, platform=platform, homework=homework, service_daily=daily)
    gap = own.measure("supervision.class_days_gap")
    assert (gap.text, gap.base) == ("−2个班级日", 5)  # three class-days at home, five returned; 九年 keeps no ledger
    assert own.measure("supervision.joined_gap").value == 0
    equal = own.measure("supervision.returns_equal")
    assert (equal.numerator, equal.denominator) == (1, 2)
    assert own.measure("supervision.class_days_gap", by="school").only(school=SILENT).text == "—"


ACTIONS = table(
    "action date kind target finding deadline closed_on",
    ("1", date(2026, 3, 10), "inspection", "北小", "甲", date(2026, 3, 25), date(2026, 3, 20)),
    ("2", date(2026, 4, 10), "inquiry", "北小", "乙", date(2026, 4, 25), None),
    ("3", date(2026, 4, 10), "interview", "九年", "丙", date(2026, 4, 25), date(2026, 5, 6)),
    ("4", date(2026, 7, 1), "inquiry", "九年", "丁", date(2026, 7, 16), None),
    ("5", date(2025, 12, 1), "publication", "九年", "上学期", date(2025, 12, 16), None),
)


@pytest.mark.parametrize(
    ("as_of", "actions", "closed", "overdue"),
    [
        ("2026-04-20", 3, "3件中的1件", 0),
        ("2026-04-26", 3, "3件中的1件", 2),
        ("2026-05-06", 3, "3件中的2件", 1),
        ("2026-07-20", 4, "4件中的2件", 2),
    ],
)
def test_actions_are_followed_to_a_day(tmp_path: Path, as_of: str, actions: int, closed: str, overdue: int) -> None:
    """The day looked at may lie beyond the term's last (3 July); what happened after it had not happened."""
    own = study(tmp_path, as_of, supervision=ACTIONS)
    assert own.measure("supervision.actions").value == actions
    assert own.measure("supervision.closed").text == closed
    assert own.measure("supervision.overdue").value == overdue
    assert own.measure("supervision.overdue").scope.end == as_of


def test_kinds_and_closing_in_time(tmp_path: Path) -> None:
    own = study(tmp_path, supervision=ACTIONS)
    assert {i.group_label: i.value for i in own.measure("supervision.actions", by="action")} == {
        "督查": 1,
        "函询": 2,
        "约谈": 1,
    }
    assert own.measure("supervision.kinds_used").text == "4项中的3项"
    assert own.measure("supervision.closed_in_time").text == "4件中的1件"


@pytest.mark.parametrize(
    ("told", "listed"), [("区教育局、区财政局等", 2), ("区教育局", 1), ("", 0), (None, 0), (float("nan"), 0)]
)
def test_members_without_the_and_others(told: object, listed: int) -> None:
    assert len(members(told)) == listed


def test_members_listed_over_stated(tmp_path: Path) -> None:
    bodies = table(
        "body level head office members stated",
        ("区专班", "district", None, None, "甲局、乙局、丙局等", 23),
        ("校专班", "school", None, None, "教务处、德育处", 2),
        ("未写总数", "school", None, None, "教务处", None),
    )
    own = study(tmp_path, bodies=bodies)
    assert own.measure("supervision.members_listed").text == "20.0%"
    assert own.measure("supervision.members_listed", level="district").numerator == 3


def test_outreach_counts_every_school_of_the_register(tmp_path: Path) -> None:
    outreach = table(
        "term school channel date reach",
        (TERM, NORTH, "公众号", date(2026, 4, 1), 30),
        (TERM, NORTH, "电子屏", date(2026, 4, 1), 30),
        (TERM, NINE, "公众号", date(2026, 7, 10), 30),
    )
    own = study(tmp_path, "2026-06-30", outreach=outreach)
    assert own.measure("supervision.outreach").text == "3所中的1所"  # 九年 begins after the day looked at
    assert {i.group_label: i.numerator for i in own.measure("supervision.outreach", by="channel")} == {
        "公众号": 1,
        "电子屏": 1,
    }


def test_relief_reaches_teachers_of_schools_that_took_a_measure_by_the_day(tmp_path: Path) -> None:
    relief = table(
        "term school measure date teachers",
        (TERM, NORTH, "弹性上下班", date(2026, 3, 9), 30),
        (TERM, NORTH, "云教研", date(2026, 3, 9), 10),
        (TERM, NINE, "云教研", date(2026, 7, 15), 50),
    )
    teachers = table("term school teachers in_service", (TERM, NORTH, 40, 30), (TERM, NINE, 60, 50))
    own = study(tmp_path, "2026-07-03", relief=relief, teachers=teachers)
    assert own.measure("service.relief_use").text == "75.0%"
    assert {i.group_label: i.text for i in own.measure("service.relief_use", by="measure")} == {
        "云教研": "25.0%",
        "弹性上下班": "75.0%",
    }


def test_documents_are_counted_by_year_and_superseded_ones_are_left_out(tmp_path: Path) -> None:
    own = study(tmp_path, tasks=table("term item school due done", (TERM, "作业", NORTH, 1, 1)))
    by_year = {dict(i.scope.group)["year"]: i.value for i in own.measure("supervision.documents", by="year")}
    assert by_year[2022] >= 3  # three numbers of the letter of 2023 are of 2022
    assert sum(by_year.values()) == own.measure("supervision.documents").value


def test_a_snapshot_without_the_registers_has_no_data_and_no_exception(tmp_path: Path) -> None:
    own = study(tmp_path)
    for id in ("supervision.tasks_done", "supervision.returns_on_time", "supervision.overdue", "institutions.count"):
        assert own.measure(id).estimate.status == "no data"
