"""A school's name counts where it stands alone: never as a part of another school's name."""

import pytest
from handed_in import LEDGER, TERM, hand_in, ledger_row, reasons

from analysis.intake.naming import Named, last_spoken, named, nearest

SCHOOLS = {"实验小学": "1", "澄湖区实验小学": "1", "东一小学": "2", "南门小学": "3", "云溪学校": "4", "一中": "5"}


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("作业台账_实验小学.xlsx", "1"),
        ("实验小学2025—2026学年第二学期作业台账", "1"),
        ("2025—2026学年第二学期实验小学三年级作业台账", "1"),
        ("澄湖区实验小学（模拟）", "1"),
        ("单位：东一小学", "2"),
        ("东一小学的课后服务考勤", "2"),
        ("实 验 小 学 作业台账", "1"),
        ("区学校作业台账-云溪学校", "4"),
        ("云溪学校三(1)班", "4"),
        ("一中作业台账", ""),
        ("实验小学、东一小学", ""),
        ("澄湖区中小学生作业台账", ""),
        ("在校学生（各学校）", ""),
    ],
)
def test_a_title_names_the_school_that_stands_alone_in_it(text, school):
    assert named(text, SCHOOLS) == Named(school)


@pytest.mark.parametrize(
    "text",
    [
        "第二实验小学作业台账.xlsx",
        "某校（原东一小学）",
        "某校（东一小学）",
        "南门小学附属幼儿园考勤",
        "云溪学校小学部",
        "新实验小学",
        "实验小学2分校",
        "实验小学东校区",
        "第二实验 小学",
        "课后服务考勤（东风小学）",
    ],
)
def test_a_longer_name_is_no_known_school(text):
    assert named(text, SCHOOLS).school == ""


def test_a_sentence_names_a_school_but_not_one_whose_name_contains_it():
    assert last_spoken("我区实验小学平均为45分钟", "实验小学") == 6
    assert last_spoken("其中实验小学、东一小学较高", "东一小学") == 11
    assert last_spoken("第二实验小学平均为45分钟", "实验小学") is None
    assert last_spoken("南门小学附属幼儿园", "南门小学") is None
    assert last_spoken("第二实验小学和实验小学", "实验小学") == 11
    assert last_spoken("实验小学高于东一小学，实验小学为45分钟", "实验小学") == 15
    assert last_spoken("实验小学高于第二实验小学", "实验小学") == 4


def test_the_nearest_names_begin_with_the_one_inside():
    assert nearest("第二实验小学", SCHOOLS)[0] == "实验小学"


def without_school(rows):
    return [[cell for place, cell in enumerate(row) if place] for row in rows]


@pytest.mark.parametrize("name", ["作业台账_区一小.csv", "区一小作业台账.csv"])
def test_a_file_name_gives_the_school_by_an_alias(tmp_path, name):
    outcome = hand_in(tmp_path, without_school([list(LEDGER), ledger_row()]), name)
    assert outcome.snapshot.frame("homework")["school"].tolist() == ["2199000001"]


@pytest.mark.parametrize(
    "name", ["新湖滨小学_作业台账.csv", "湖滨小学附属学校作业台账.csv", "某校（湖滨小学）作业台账.csv"]
)
def test_rows_of_a_school_that_no_register_knows_are_put_aside_and_the_nearest_is_told(tmp_path, name):
    outcome = hand_in(tmp_path, without_school([list(LEDGER), ledger_row()]), name)
    assert reasons(outcome) == {2: ["没有写明学校"]}
    told = [entry["message"] for entry in outcome.warnings if "不在学校名册中" in entry["message"]]
    assert len(told) == 1 and "湖滨小学" in told[0] and "schools.toml" in told[0]


def test_a_title_of_an_unknown_school_is_not_overruled_by_a_known_name_in_the_path(tmp_path):
    rows = [["第二湖滨小学" + TERM], *without_school([list(LEDGER), ledger_row()])]
    outcome = hand_in(tmp_path, rows, "湖滨小学/作业台账.csv")
    assert reasons(outcome) == {3: ["没有写明学校"]}


def test_a_cell_with_a_longer_name_is_put_aside_with_the_nearest(tmp_path):
    outcome = hand_in(tmp_path, [list(LEDGER), ledger_row(学校="第二湖滨小学"), ledger_row()])
    faults = outcome.snapshot.quarantine()
    assert faults["reason"].tolist() == ["学校名册中没有这所学校"]
    assert "湖滨小学" in faults["suggestion"].tolist()[0]
