"""Totals of tables: rows and columns that are called 合计 against what they add up, cell by cell."""

from __future__ import annotations

import pytest

from analysis.letters.checks.totals import check
from analysis.letters.drafts import Draft, Table

HEAD = ("单位", "甲类", "乙类")


def told(*rows: tuple[str, ...]) -> list[tuple[int, str, str, str, bool]]:
    """Return line, kind, severity, message and whether it holds; the rows stand on the lines 11, 12 …"""
    table = Table(tuple(enumerate(rows, start=11)))
    return [(item.line, item.text, item.severity, item.message, item.holds) for item in check(Draft((), (table,)))]


def holds(line: int, cell: str, made: int | str, what: str = "该列") -> tuple[int, str, str, str, bool]:
    return (line, f"合计 {cell}", "note", f"表中{what}相加为{made}，与合计相符。", True)


def fails(
    line: int, cell: str, made: int | str, total: int | str, what: str = "该列"
) -> tuple[int, str, str, str, bool]:
    return (line, f"合计 {cell}", "error", f"表中{what}相加为{made}，与合计{total}不符；请核对。", False)


def test_each_column_is_added_up():
    assert told(HEAD, ("一", "3", "10"), ("二", "4", "20"), ("合计", "7", "31")) == [
        holds(14, "7", 7),
        fails(14, "31", 30, 31),
    ]


@pytest.mark.parametrize("label", ["合计", "总计", "共计", "总数", "小计", " 合 计 "])
def test_each_name_of_a_total(label):
    assert told(HEAD, ("一", "3", "10"), ("二", "4", "20"), (label, "8", "30")) == [
        fails(14, "8", 7, 8),
        holds(14, "30", 30),
    ]


def test_what_is_no_total_is_left_alone():
    assert told(HEAD, ("一", "3", "10"), ("二", "4", "20"), ("合计数", "8", "30")) == []
    assert told(("合计", "8", "30"), ("一", "3", "10"), ("二", "4", "20")) == []
    assert told() == []


@pytest.mark.parametrize("head", ["参与率", "占比", "%", "平均", "人均", "指数"])
def test_a_column_of_rates_is_not_added_up(head):
    rows = (("单位", head, "乙类"), ("一", "3", "10"), ("二", "4", "20"), ("合计", "8", "31"))
    assert told(*rows) == [fails(14, "31", 30, 31)]


def test_one_addend_is_none():
    assert told(HEAD, ("一", "3", "—"), ("合计", "4", "5")) == []
    assert told(HEAD, ("一", "3", "—"), ("二", "4", "20"), ("合计", "8", "21")) == [fails(14, "8", 7, 8)]


def test_partial_totals_begin_again_and_the_last_total_leaves_them_out():
    rows = (
        HEAD, ("一", "3", "1"), ("二", "4", "1"), ("小计", "8", "2"),
        ("三", "5", "1"), ("四", "6", "1"), ("小计", "11", "3"), ("合计", "18", "5"),
    )  # fmt: skip
    assert told(*rows) == [
        fails(14, "8", 7, 8), holds(14, "2", 2), holds(17, "11", 11), fails(17, "3", 2, 3),
        holds(18, "18", 18), fails(18, "5", 4, 5),
    ]  # fmt: skip


def test_a_column_of_totals_is_held_to_its_row():
    rows = (("单位", "甲类", "乙类", "合计"), ("一", "3", "10", "13"), ("二", "4", "20", "25"), ("三", "5"))
    assert told(*rows) == [holds(12, "13", 13, "该行"), fails(13, "25", 24, 25, "该行")]
    # two columns before the total: the first is a name, so there is one addend only
    assert told(("单位", "甲类", "合计"), ("一", "3", "4")) == []
    assert told(("合计", "甲类", "乙类", "丙类"), ("9", "3", "4", "5")) == []


def test_cells_may_have_units_thousands_and_decimals():
    rows = (("单位", "甲类"), ("一", "1,234.5万元"), ("二", " 2,000 "), ("三", "1家2"), ("合计", "3,234.6"))
    assert told(*rows) == [fails(15, "3,234.6", "3234.5", "3234.6")]


def test_short_rows_lack_the_last_cells():
    assert told(HEAD, ("一", "3"), ("二", "4", "20"), (), ("三", "5", "1"), ("合计", "12", "22", "9")) == [
        holds(16, "12", 12),
        fails(16, "22", 21, 22),
    ]


def test_a_table_without_a_head_is_added_up_from_its_first_row():
    assert told(("一", "3"), ("二", "4"), ("合计", "8")) == [fails(13, "8", 7, 8)]
    assert told(("一", "3"), ("二", "4"), ("小计", "8")) == [fails(13, "8", 7, 8)]


def test_a_part_total_is_of_the_rows_since_the_last_total():
    rows = (HEAD, ("一", "3", "1"), ("二", "4", "1"), ("小计", "7", "2"), ("三", "5", "1"), ("四", "6", "1"))
    assert told(*rows, ("小计", "12", "2"), ("合计", "18", "4")) == [
        holds(14, "7", 7),
        holds(14, "2", 2),
        fails(17, "12", 11, 12),
        holds(17, "2", 2),
        holds(18, "18", 18),
        holds(18, "4", 4),
    ]
    # A total of all closes a part too.
    assert told(HEAD, ("一", "3", "1"), ("二", "4", "1"), ("合计", "7", "2"), ("三", "5", "1"), ("小计", "5", "1")) == [
        holds(14, "7", 7),
        holds(14, "2", 2),
    ]


def test_the_numbers_of_the_rows_are_no_part_of_a_row():
    head = ("序号", "甲类", "乙类", "合计")
    assert told(head, ("1", "3", "10", "13"), ("2", "4", "20", "25")) == [
        holds(12, "13", 13, "该行"),
        fails(13, "25", 24, 25, "该行"),
    ]


def test_one_column_before_a_total_is_no_sum():
    assert told(("单位", "甲类", "合计"), ("一", "3", "4")) == []


def test_rows_of_other_lengths_are_read_as_far_as_they_go():
    head = ("单位", "甲类", "乙类", "合计")
    assert told(head, ("一", "3"), ("二", "4", "5", "10"), ("三", "1", "2"), ("合计", "9", "7", "10", "3")) == [
        fails(15, "9", 8, 9),
        holds(15, "7", 7),
        fails(13, "10", 9, 10, "该行"),
        fails(15, "10", 16, 10, "该行"),
    ]
