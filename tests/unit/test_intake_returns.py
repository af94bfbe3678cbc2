"""One school's slip in a return's period, item or deadline makes no other school owe more."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import hand_in, reasons

from analysis.indicators import Study
from analysis.snapshots import Store

HEADER = ["学期", "学校", "期间", "填报项", "填报截止", "上报时间", "上报值"]
SCHOOLS = ("第一小学", "湖滨小学", "青岭小学", "芦汀小学")
MONTHS = {"2026-03": "2026-04-05", "2026-04": "2026-05-05"}


def _rows(**slip: str) -> list[list[str]]:
    """Return the returns of four schools for two months, with some cells of the first school's second one replaced."""
    rows = [
        ["2025-2026-2", school, month, "台账班级日数", due, f"{due[:8]}02 13:44", "9"]
        for school in SCHOOLS
        for month, due in MONTHS.items()
    ]
    rows[1] = [slip.get(name, cell) for name, cell in zip(HEADER, rows[1], strict=True)]
    return [HEADER, *rows]


@pytest.mark.parametrize(
    ("column", "value", "accepted"),
    [
        ("填报截止", "2026-05-15", "2026-05-05"),
        ("填报截止", "2026-04-05", "2026-05-05"),
        ("期间", "2026-14", "2026-03、2026-04"),
        ("期间", "2062-04", "2026-03、2026-04"),
        ("期间", "2026-4", "2026-04"),
        ("期间", "2026-06", "2026-04"),
        ("期间", "四月份", "2026-03、2026-04"),
        ("填报项", "台帐班级日数", "台账班级日数"),
    ],
)
def test_a_slip_of_one_school_is_put_aside_and_nobody_owes_more(
    tmp_path: Path, column: str, value: str, accepted: str
) -> None:
    """Eight schools owe two returns each; four made them, and of one of these it is not known whether it was made."""
    outcome = hand_in(tmp_path, _rows(**{column: value}), "监测平台填报.csv")
    assert list(reasons(outcome)) == [3]
    lines = outcome.snapshot.quarantine().to_dict("records")
    (line,) = [each for each in lines if each["column"] == column][:1]
    assert (line["value"], line["suggestion"].endswith(f"：{accepted}")) == (value, True)
    study = Study(district="990101", term="2025-2026-2", as_of="2026-07-20", store=Store(tmp_path / "store"))
    made = study.measure("supervision.returns_made")
    assert (made.numerator, made.denominator, made.unknown, made.bounds) == (7, 16, 1, (7 / 16, 8 / 16))


def test_a_month_that_only_one_school_has_reported_yet_is_taken_in(tmp_path: Path) -> None:
    slip = {"期间": "2026-05", "填报截止": "2026-06-05"}
    assert reasons(hand_in(tmp_path, _rows(**slip), "监测平台填报.csv")) == {}


def test_of_two_deadlines_told_by_one_school_each_the_first_holds(tmp_path: Path) -> None:
    """Neither can be called the slip: eight schools owe two returns each, and of April the later one is late by the first."""
    rows = [*_rows(填报截止="2026-05-15", 上报时间="2026-05-12 09:00")[:3], _rows()[4]]
    assert reasons(hand_in(tmp_path, rows, "监测平台填报.csv")) == {}
    study = Study(district="990101", term="2025-2026-2", as_of="2026-07-20", store=Store(tmp_path / "store"))
    on_time = study.measure("supervision.returns_on_time")
    assert (on_time.numerator, on_time.denominator) == (2, 16)
