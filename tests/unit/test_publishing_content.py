"""What is read from a notebook, and what is refused."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import nbformat
import pytest
from rendering import publishing_examples as examples

from analysis.house import UserError
from analysis.publishing import columns, markdown
from analysis.publishing.content import plain, read
from analysis.publishing.numbering import title_lines
from analysis.text.numerals import written


def kinds(*cells: Any) -> list[str]:
    return [block["kind"] for block in read(examples.notebook(examples.head(), *cells)).blocks]


def test_markdown_cells_become_content_objects() -> None:
    assert kinds("## 一节\n\n一段\n\n- 甲\n- 乙\n\n1. 先\n2. 后") == ["heading", "paragraph", "list", "list"]


def test_markdown_runs_keep_their_marks_and_join_lines_without_a_space() -> None:
    (block,) = markdown.objects("**甲**乙\n丙 *丁* [戊](https://example.invalid/a)", "此处")
    assert plain(block["runs"]) == "甲乙丙 丁 戊"
    marks = {run["text"]: set(run) - {"text"} for run in block["runs"]}
    assert marks["甲"] == {"strong"}
    assert marks["丁"] == {"emphasis"}
    assert marks["戊"] == {"link"}
    (latin,) = markdown.objects("one\ntwo", "此处")
    assert plain(latin["runs"]) == "one two"


@pytest.mark.parametrize(
    "source",
    [
        "# 标题",
        "<div>甲</div>",
        "甲<br>乙",
        "![图](a.png)",
        "```\n码\n```",
        "> 引文",
        "---",
        "- 甲\n  - 乙",
        "`码`",
        "###### 六",
    ],
)
def test_markup_that_a_page_does_not_know_is_refused(source: str) -> None:
    with pytest.raises(UserError, match="第2个单元格"):
        read(examples.notebook(examples.head(), source))


def test_headings_are_numbered_by_level_and_begin_again_below_a_new_one() -> None:
    document = read(examples.notebook(examples.head(), "## 甲\n\n### 乙\n\n### 丙\n\n#### 丁\n\n## 戊\n\n### 己"))
    numbers = [block["number"] for block in document.of("heading")]
    assert numbers == ["一、", "（一）", "（二）", "1.", "二、", "（一）"]


def test_a_heading_that_skips_a_level_is_refused() -> None:
    with pytest.raises(UserError, match="跳到第3级"):
        read(examples.notebook(examples.head(), "## 甲\n\n#### 乙"))


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")])
def test_chinese_numerals(number: int, words: str) -> None:
    assert written(number) == words


def test_nothing_after_the_end_is_content() -> None:
    end = examples.block("end", reason="")
    assert kinds("甲", end, "乙") == ["paragraph"]


def test_an_unknown_kind_or_field_is_refused_with_its_cell() -> None:
    for wrong in ({"version": 1, "kind": "marquee"}, examples.block("page_break", colour="red"), {"kind": "list"}):
        with pytest.raises(UserError, match="第2个单元格"):
            read(examples.notebook(examples.head(), wrong))


def test_a_ragged_table_is_refused() -> None:
    table = examples.grades_table()
    table["rows"][0]["cells"].pop()
    with pytest.raises(UserError, match="有一行是3格，应为4格"):
        read(examples.notebook(examples.head(), table))


def test_a_notebook_without_a_document_or_with_two_is_refused() -> None:
    for cells in ((), ("甲",), (examples.paragraph("body", "甲"),)):
        with pytest.raises(UserError, match="begin"):
            read(examples.notebook(*cells))
    with pytest.raises(UserError, match="只能有一个 begin"):
        read(examples.notebook(examples.head(), examples.head()))


def output(kind: str, **fields: Any) -> nbformat.NotebookNode:
    made = examples.notebook(examples.head(), examples.block("page_break"))
    made.cells[1].outputs = [nbformat.v4.new_output(kind, **fields)]
    return made


def test_output_that_is_no_content_is_refused_and_a_note_on_standard_error_is_not() -> None:
    with pytest.raises(UserError, match="不属于文档内容"):
        read(output("display_data", data={"text/plain": "<Figure>"}))
    with pytest.raises(UserError, match="不属于文档内容"):
        read(output("stream", name="stdout", text="7"))
    with pytest.raises(UserError, match="执行失败（ValueError）"):
        read(output("error", ename="ValueError", evalue="x", traceback=[]))
    assert read(output("stream", name="stderr", text="note")).blocks == ()


def test_reading_changes_nothing_in_the_notebook() -> None:
    made = examples.report()
    before = copy.deepcopy(made)
    read(made)
    assert made == before


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于作业的答复", ["关于作业的答复"]),
        (
            "关于区第九届人民代表大会第五次会议第12号建议的答复",
            ["关于区第九届人民代表大会", "第五次会议第12号建议的答复"],
        ),
        ("澄湖区2025—2026学年第二学期“双减”工作评估报告", ["澄湖区2025—2026学年", "第二学期“双减”工作评估报告"]),
    ],
)
def test_long_titles_are_broken_by_sense(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_a_title_is_never_broken_inside_a_number_or_before_a_closing_mark() -> None:
    for length in range(21, 80):
        title = ("关于第1234号建议《作业》的答复（2026年）" * 5)[:length]
        lines = title_lines(title)
        assert "".join(lines) == title
        assert max(map(len, lines)) <= 20
        for before, after in itertools.pairwise(lines):
            assert not (before[-1].isdigit() and after[0].isdigit())
            assert after[0] not in "》）的"


def test_a_column_is_at_least_as_wide_as_its_longest_number() -> None:
    long = "很长的一段说明文字" * 9
    widths = columns.widths(["年级", "说明", "数"], [["一年级"], [long], ["1,234,567.89"]], 10.5)
    assert sum(widths) == pytest.approx(442.2 / 10.5)
    assert widths[2] >= columns.length("1,234,567.89")
    assert widths[0] >= 2


def test_decimal_points_are_aligned_by_the_longest_tail() -> None:
    column = {"align": "decimal"}
    assert columns.tail("1,234.56%") == ".56%"
    assert columns.tail("无") == ""
    assert columns.gap({"text": "9.1%"}, column, ".56%") == (".56%", ".1%")
    assert columns.gap({"text": "9.12%"}, column, ".56%") is None
    assert columns.gap({"text": "…", "suppressed": True}, column, ".56%") is None
