"""A class name that carries the grade is read with it or put aside: no key column is ever left empty."""

import datetime as dt

import pytest
from handed_in import hand_in, reasons

HEADER = ["学校", "学期", "班级", "日期", "学科", "是否书面", "时长"]
SCHOOLS = {"primary": "第一小学", "nine": "云溪学校", "junior": "第一初中"}


def ledger(name, school="primary", grade=None):
    """Return a ledger of one row; with a grade column if a grade is given."""
    day = dt.date(2026, 3, 9).isoformat()
    row = [SCHOOLS[school], "2025-2026-2", name, day, "语文", "是", "20"]
    return [HEADER, row] if grade is None else [["年级", *HEADER], [grade, *row]]


@pytest.mark.parametrize(
    ("name", "school", "grade", "number"),
    [
        ("五（1）班", "primary", 5, "1"), ("五年级1班", "primary", 5, "1"), ("501", "primary", 5, "1"), ("三1", "primary", 3, "1"),
        ("三年3班", "primary", 3, "3"), ("3（2）班", "primary", 3, "2"), ("初二3班", "junior", 8, "3"), ("九（2）班", "nine", 9, "2"),
    ],
)  # fmt: skip
def test_the_grade_is_taken_from_the_class_name(tmp_path, name, school, grade, number):
    frame = hand_in(tmp_path, ledger(name, school)).snapshot.frame("homework")
    assert frame[["grade", "class"]].values.tolist() == [[grade, number]]


@pytest.mark.parametrize(
    ("name", "school", "reason"),
    [
        ("1班", "primary", "没有写明年级"),
        ("2023级4班", "primary", "没有写明年级"),
        ("八（1）班", "primary", "该校没有这个年级"),
        ("三（1）班", "junior", "该校没有这个年级"),
        ("全年级", "primary", "读不出是哪一个班"),
        ("高三1班", "nine", "读不出是哪一个班"),
    ],
)
def test_a_row_without_a_grade_is_put_aside(tmp_path, name, school, reason):
    outcome = hand_in(tmp_path, ledger(name, school))
    assert outcome.sheets[0].rows_quarantined == 1
    assert reason in reasons(outcome)[2]


@pytest.mark.parametrize(
    ("name", "school", "grade", "good"),
    [
        ("四年级9班", "primary", "三年级", False), ("四（1）班", "primary", "三", False), ("401", "primary", "3", False),
        ("三（1）班", "primary", "三年级", True), ("三（1）班", "junior", "九年级", True), ("三年级1班", "nine", "九年级", False),
        ("2023级4班", "primary", "三年级", True), ("2023级4班", "junior", "九年级", True), ("2024级4班", "primary", "三年级", False),
    ],
)  # fmt: skip
def test_the_grade_in_the_class_name_is_held_against_the_grade(tmp_path, name, school, grade, good):
    outcome = hand_in(tmp_path, ledger(name, school, grade))
    assert outcome.sheets[0].rows_accepted == int(good)
    if not good:
        assert any("与年级" in reason for reason in reasons(outcome)[2])
        assert outcome.snapshot.refused()["grade"].notna().all()


def test_the_grade_of_the_title_is_held_against_the_class_name_too(tmp_path):
    rows = ledger("四（1）班")
    outcome = hand_in(tmp_path, [["第一小学三年级作业台账", *[""] * 6], *rows])
    assert "班名写的是4年级，与年级（3年级）不符" in reasons(outcome)[3]
