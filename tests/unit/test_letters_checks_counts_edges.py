"""Announced counts: where a list ends, which of two lists is counted, and what a finding quotes."""

from __future__ import annotations

import pytest
from letters_helpers import said, told

from analysis.letters.checks import counts


def holds(announced: str, listed: str) -> tuple[str, str]:
    return "holds", f"写明{announced}，列出{listed}，相符。"


def fails(announced: str, listed: str) -> tuple[str, str]:
    return "error", f"写明{announced}，实际列出{listed}；请核对数目或补全所列。"


def test_cells_of_a_table_announce_nothing_and_what_follows_is_read():
    text = "出台3项制度：《甲办法》《乙办法》。"
    assert said(counts, text, cell=text) == [fails("3项", "2项")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Titles right behind the count are the list; steps after them are another one.
        ("印发3项《甲》《乙》：一是丙；二是丁；三是戊。", [fails("3项", "2项")]),
        # A list that gives as many as are announced, and with 和 perhaps one more: both ends hold, beyond them it fails.
        ("抓好2个方面：甲工作、乙工作和丙工作。", [holds("2个", "2个")]),
        ("抓好3个方面：甲工作、乙工作和丙工作。", [holds("3个", "3个")]),
        ("抓好4个方面：甲工作、乙工作和丙工作。", [fails("4个", "3个")]),
        ("抓好2个方面：甲工作、乙工作、丙工作和丁工作。", [fails("2个", "3个")]),
        # 有 announces a part only where it lists.
        ("抓好3个方面有甲工作。", []),
        ("抓好3个方面为甲工作、乙工作。", [fails("3个", "2个")]),
        # Twelve characters between titles are one list; thirteen end it, and a title near to the third is no part of it.
        (f"出台3项制度：《甲》《乙》{'丙' * 13}《丁》《戊》。", [fails("3项", "2项")]),
        (f"出台3项制度：《甲》《乙》{'丙' * 12}《丁》。", [holds("3项", "3项")]),
    ],
)
def test_which_list_is_counted(text, expected):
    assert said(counts, text) == expected


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        # 24 characters of room on both sides of what is judged.
        (
            f"{'子' * 30}，教育、公安等3个部门{'丑' * 30}。",
            f"…{'子' * 23}，教育、公安等3个部门{'丑' * 22}…",
        ),
        (
            f"{'子' * 30}，教育、公安4个部门{'丑' * 30}。",
            f"…{'子' * 23}，教育、公安4个部门{'丑' * 22}…",
        ),
        (
            f"{'子' * 30}，《甲》《乙》3份文件{'丑' * 30}。",
            f"…{'子' * 23}，《甲》《乙》3份文件{'丑' * 22}…",
        ),
        # As far as the last title that is counted, and 24 of room.
        (
            f"{'子' * 30}，出台3项：《甲》《乙》{'丑' * 40}。",
            f"…{'子' * 21}，出台3项：《甲》《乙》{'丑' * 24}…",
        ),
        # Of steps in lines 12 characters behind the count, and 24 of room.
        (f"{'子' * 30}，采取3项措施：{'丑' * 40}：\n一是甲。\n二是乙。", f"…{'子' * 21}，采取3项措施：{'丑' * 33}…"),
    ],
)
def test_what_is_quoted(text, quoted):
    ((line, _, words, _),) = told(counts, text)
    assert (line, words) == (1, quoted)


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ("一是甲。\n二是乙。", [fails("3项", "2项")]),
        ("一是甲。\n说明。\n二是乙。\n三是丙。", [holds("3项", "3项")]),
        ("一是甲。\n二是乙。\n四、其他\n三是丙。", [fails("3项", "2项")]),
        ("（一）甲。\n（二）乙。\n二、其他\n（三）丙。", [fails("3项", "2项")]),
        ("- 甲。\n- 乙。\n- 丙。", [holds("3项", "3项")]),
        ("- 甲。\n- 乙。\n说明。\n- 丙。", [fails("3项", "2项")]),  # a mark of a list without numbers begins a new one
        ("说明。\n一是甲。\n二是乙。", []),
        ("一是甲。\n（二）乙。", []),  # one item of a kind is no list
    ],
)
def test_items_in_lines_of_their_own(following, expected):
    assert said(counts, f"采取3项措施：\n{following}") == expected
