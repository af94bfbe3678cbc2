"""Section numbers, at the edges: what is a number, where a level begins again, which of two slips it is."""

from __future__ import annotations

import pytest
from letters_helpers import said

from analysis.letters.checks import sections


def twice(number: str, instead: str) -> tuple[str, str]:
    return "error", f"序号“{number}”重复；请改为“{instead}”并顺改以下各号。"


def after(number: str, before: str) -> tuple[str, str]:
    return "error", f"序号“{number}”排在“{before}”之后，次序颠倒或重复；请理顺。"


def lacks(number: str, *missing: str) -> tuple[str, str]:
    told = "、".join(f"“{each}”" for each in missing)
    return "error", f"序号不连续：“{number}”之前缺少{told}；请补上该部分或改正序号。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 1. alone does not begin a list a second time; behind 2. it does.
        ("1.甲\n1.乙", [twice("1.", "2.")]),
        ("1.甲\n2.乙\n1.丙", []),
        ("（1）甲\n（1）乙", [twice("（1）", "（2）")]),
        ("（1）甲\n（2）乙\n（1）丙", []),
        ("一、甲\n二、乙\n一、丙", [after("一、", "二、")]),
        ("（一）甲\n（二）乙\n（一）丙\n（二）丁", [after("（一）", "（二）")]),
        ("1.甲\n2.乙\n3.丙\n2.丁", [after("2.", "3.")]),
        ("1.甲\n3.乙", [lacks("3.", "2.")]),
        ("3.甲", [lacks("3.", "1.", "2.")]),
        # A number beyond twelve that begins no list is none; within a list it is.
        ("13.甲\n1.乙\n2.丙", []),
        ("1.甲\n2.乙\n13.丙\n14.丁", [lacks("13.", "3.", "4.", "5.", "6.", "7.")]),
        ("1.甲\n13.乙\n2.丙", [lacks("13.", "2.", "3.", "4.", "5.", "6."), after("2.", "13.")]),
        ("（13）甲", [lacks("（13）", "（1）", "（2）", "（3）", "（4）", "（5）")]),
        ("十三、甲", [lacks("十三、", "一、", "二、", "三、", "四、", "五、")]),
        # A level begins again under each higher heading, and goes on across lower ones.
        ("一、甲\n（一）乙\n1.丙\n（1）丁\n（2）戊\n2.己\n（1）庚\n（二）辛\n1.壬\n二、癸\n（一）子", []),
        ("一、甲\n（一）乙\n1.丙\n（1）丁\n2.戊\n（2）己", [lacks("（2）", "（1）")]),
        ("一、甲\n（一）乙\n1.丙\n（二）丁\n2.戊", [lacks("2.", "1.")]),
        ("（一）乙\n1.丙\n（1）丁\n（1）戊\n（二）己\n（1）庚", [twice("（1）", "（2）")]),
        # What is no number has none: it is neither misplaced nor counted.
        ("一、甲\n一二、乙\n二、丙", []),
        ("一、甲\n十十、乙\n二、丙", []),
        ("0.甲\n1.乙\n2.丙", []),
        ("（0）甲\n（1）乙\n（2）丙", []),
        ("第一部分甲\n第十十部分乙\n第二部分丙", []),
        ("一是甲；十十是乙；二是丙。", []),
        ("十十是甲；二是乙。", []),
    ],
)
def test_what_is_told_of_numbers(text, expected):
    assert said(sections, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一是甲。", []),
        ("无序号。", []),
        ("一是甲；三是乙；四是丙。", [lacks("三是", "二是")]),
        ("一是甲；一是乙。", [twice("一是", "二是")]),
        ("一是甲；二是乙；一是丙；三是丁。", [lacks("三是", "二是")]),
        ("一是甲；二是乙；三是丙；二是丁。", [after("二是", "三是")]),
        # Steps of one form do not hide those of another.
        ("二是甲，三是乙，（1）丙（3）丁。", [lacks("（3）", "（2）")]),
        ("第一，甲；第二，乙；第四，丙。", [lacks("第四", "第三")]),
    ],
)
def test_numbers_within_a_paragraph(text, expected):
    assert said(sections, text) == expected


def test_cells_of_a_table_have_no_sections_and_what_follows_is_read():
    assert said(sections, "1.甲\n3.乙", cell="2.丙") == [lacks("3.", "2.")]
