"""A slip in the register of documents, in a suggestion or in a letter already sent is told with its line and place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis.house import UserError
from analysis.reference.documents import documents_file
from analysis.reference.published import letter_file
from analysis.reference.suggestions import suggestion_file

DOCUMENTS = """[[document]]
number = "甲教字〔2024〕3号"
kind = "local"
date = 2024-03-01

[[document]]
number = "甲教字〔2025〕6号"
title = "乙办法"
supersedes = "甲教字〔2024〕3号"
"""
SUGGESTION = """number = "第099号"
session = "甲届次"
title = "关于某事的建议"
assigned = 2026-02-05
lead = "甲局"
assisting = ["乙局", ""]

[[signatory]]
name = "甲"

[[point]]
asks = "甲"
[[point.evidence]]
name = "one"
indicator = "homework.within_cap"

[[point]]
asks = "乙"
answer = ["占{two}，{three}。"]
[[point.question]]
asks = "丙"
[[point.question.table]]
indicator = "homework.within_cap"
by = "grade"
[[point.evidence]]
name = "two"
indicator = "homework.within_cap"
where = { stage = "primary", grade = 3 }
[[point.evidence]]
name = "three"
indicator = "homework.within_cap"
direction = "at_most"
[[point.step]]
by = 2026-12-31
office = "甲科"
text = "丁"
"""
LETTER = """title = "甲"
date = 2026-01-01
district = "990101"

[[claim]]
id = "a"
text = "甲14家"
printed = "14"
relation = "sum"
parts = ["5", "9"]

[[claim]]
id = "b"
text = "乙94.0%"
printed = "94.0"
rounding = "half_up"
"""


def told(tmp_path: Path, read: object, text: str, wrong: tuple[str, str]) -> str:
    assert text.count(wrong[0]) == 1
    file = tmp_path / "2026-099.toml"
    file.write_text(text.replace(*wrong), encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        read(file)  # type: ignore[operator]
    assert "\n" not in refusal.value.message
    return refusal.value.message.removeprefix(f"“{file}”")


def test_what_is_right_is_read_with_its_types(tmp_path: Path) -> None:
    file = tmp_path / "2026-099.toml"
    file.write_text(DOCUMENTS, encoding="utf-8")
    assert [(item.word, item.date, item.supersedes) for item in documents_file(file)] == [
        ("甲教字", date(2024, 3, 1), ()),
        ("甲教字", None, ("甲教字〔2024〕3号",)),
    ]
    file.write_text(SUGGESTION, encoding="utf-8")
    read = suggestion_file(file)
    assert (read.id, read.file, read.letters) == ("2026-099", file, ("2026-099",))
    assert (read.received, read.due, read.assisting) == (date(2026, 2, 5), None, ("乙局",))
    assert read.signatories[0].greeting == "代表"
    assert read.points[1].evidence[0].where == (("grade", 3), ("stage", "primary"))
    assert read.points[1].questions[0].tables[0].by == "grade"
    file.write_text(LETTER, encoding="utf-8")
    assert letter_file(file).id == "2026-099"
    assert [(claim.value, claim.decimals) for claim in letter_file(file).claims] == [(14.0, 0), (94.0, 1)]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (("kind = ", "knid = "), "第3行，document 第1条：不认识“knid”；是否应为“kind”？"),
        (
            ('"local"', '"locla"'),
            "第3行，document 第1条 kind：不能是“locla”；是否应为“local”？可用的有：national、local、law。",
        ),
        (
            ("〔2025〕6号", "[2025]6号"),
            "第7行，document 第2条 number：文号“甲教字[2025]6号”写法不规范；"
            "应如“教基厅函〔2021〕13号”：六角括号、四位年份、不加“第”、不补零。",
        ),
        (
            ("〔2025〕6号", "〔2024〕3号"),
            "第7行，document 第2条 number：文号“甲教字〔2024〕3号”登记了两次；请合并为一条。",
        ),
        (
            ('number = "甲教字〔2024〕3号"\n', ""),
            "第1行，document 第1条：文号（number）与题名（title）至少要有一项。",
        ),
        (
            ("date = 2024-03-01", "date = 2024-03-01T08:00:00"),
            "第4行，document 第1条 date：应为日期（如 2026-04-10，不加引号），读到 2024-03-01 08:00:00；请改正。",
        ),
    ],
)  # fmt: skip
def test_a_slip_in_the_documents(tmp_path: Path, wrong: tuple[str, str], line: str) -> None:
    assert told(tmp_path, documents_file, DOCUMENTS, wrong) == line


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (("lead = ", "laed = "), "第5行：不认识“laed”；是否应为“lead”？"),
        (('lead = "甲局"\n', ""), "，lead：缺少这一项；请补上。"),
        (('lead = "甲局"', 'lead = " "'), "第5行，lead：不能为空；请补上。"),
        (
            ("assigned = 2026-02-05", 'assigned = "2026-02-05"'),
            "第4行，assigned：应为日期（如 2026-04-10，不加引号），读到 '2026-02-05'；请改正。",
        ),
        (('"乙局", ""', '"乙局", 3'), "第6行，assisting 第2条：应为文字（加引号），读到 3；请改正。"),
        (
            ("[[signatory]]", "[signatory]"),
            "第8行，signatory：每一条应各写成一节，用两对方括号，如 [[名称]]；请改正。",
        ),
        (
            ('name = "two"', 'naem = "two"'),
            "第26行，point 第2条 evidence 第1条：不认识“naem”；是否应为“name”？",
        ),
        (
            ('direction = "at_most"', 'direction = "at_moost"'),
            "第32行，point 第2条 evidence 第2条 direction：不能是“at_moost”；是否应为“at_most”？可用的有：at_least、at_most。",
        ),
        (
            ("grade = 3", "grade = [3]"),
            "第28行，point 第2条 evidence 第1条 where：“grade”应为文字或数，读到 [3]；请改正。",
        ),
        (
            ('by = "grade"', 'by = ""'),
            "第24行，point 第2条 question 第1条 table 第1条 by：不能为空；请补上。",
        ),
        (('office = "甲科"\n', ""), "第33行，point 第2条 step 第1条 office：缺少这一项；请补上。"),
        (("[[point.step]]", "[[point.stpe]]"), "第33行，point 第2条：不认识“stpe”；是否应为“step”？"),
    ],
)  # fmt: skip
def test_a_slip_in_a_suggestion(tmp_path: Path, wrong: tuple[str, str], line: str) -> None:
    assert told(tmp_path, suggestion_file, SUGGESTION, wrong).split("（共")[0] == line


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (("rounding", "roundnig"), "第16行，claim 第2条：不认识“roundnig”；是否应为“rounding”？"),
        (
            ('"half_up"', '"halfup"'),
            "第16行，claim 第2条 rounding：不能是“halfup”；是否应为“half_up”？可用的有：half_up、half_even、down。",
        ),
        (('parts = ["5", "9"]\n', ""), "第5行，claim 第1条：关系为“sum”的说法须写明“parts”；请补上。"),
        (('relation = "sum"', 'relation = "count"'), "第5行，claim 第1条：关系为“count”的说法须写明“listed”；请补上。"),
        (('relation = "sum"', 'relation = "none"'), "第5行，claim 第1条：关系为“none”的说法须写明“reason”；请补上。"),
        (
            ('printed = "94.0"\n', ""),
            "第12行，claim 第2条：没有写明原文的数字（printed，加引号，照原样保留末位的零）；请补上。",
        ),
        (
            ('printed = "94.0"', 'printed = "约94"'),
            "第15行，claim 第2条 printed：应为数字，读到“约94”；单位写在 unit 中。",
        ),
        (('printed = "94.0"', "printed = 94.0"), "第15行，claim 第2条 printed：应为文字（加引号），读到 94.0；请改正。"),
        (('id = "b"', 'id = "a"'), "第13行，claim 第2条 id：说法编号“a”登记了两次；请改其中一个。"),
        (('"990101"', '"9901"'), "第3行，district：“9901”的写法不对；区代码应为六位数字，请改正。"),
        ((LETTER[LETTER.index("\n[[claim]]") :], ""), "：没有登记任何一项说法（[[claim]]）；请逐个数字登记。"),
    ],
)  # fmt: skip
def test_a_slip_in_a_letter_already_sent(tmp_path: Path, wrong: tuple[str, str], line: str) -> None:
    assert told(tmp_path, letter_file, LETTER, wrong) == line
