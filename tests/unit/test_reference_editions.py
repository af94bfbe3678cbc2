"""The editions: what a table gives itself goes before the defaults; a slip in either is told with its line and place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis.house import UserError
from analysis.reference.editions import read_editions

EDITIONS = """[defaults]
district = "990101"
as_of = "2026-07-20"
audience = "internal"
formats = ["html"]

[one]
title = "甲"
notebook = "reports/one"
scopes = ["district", "school"]
due = 2026-07-24

[two]
notebook = "reports/two"
audience = "public"
formats = ["pdf", "docx"]
as_of = 2026-06-30
memory = 512
"""


def test_defaults_hold_where_an_edition_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "editions.toml"
    file.write_text(EDITIONS, encoding="utf-8")
    editions = read_editions(file)
    assert list(editions) == ["one", "two"]
    one, two = editions.values()
    assert (one.name, one.title, one.audience, one.formats, one.as_of) == (
        "one",
        "甲",
        "internal",
        ("html",),
        "2026-07-20",
    )
    assert (one.scopes, one.due, one.memory, one.seconds) == (("district", "school"), date(2026, 7, 24), 2048, 600.0)
    assert (two.name, two.title, two.audience, two.formats) == ("two", "two", "public", ("pdf", "docx"))
    assert (two.as_of, two.district, two.scopes, two.due, two.memory) == (
        "2026-06-30",
        "990101",
        ("district",),
        None,
        512,
    )


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (("[one]", "[[edition]]"), "第7行，edition：应为一节，用一对方括号写名称（[名称]），不是两对（[[名称]]）；请改正。"),
        (('title = "甲"', 'titel = "甲"'), "第8行，one：不认识“titel”；是否应为“title”？"),
        (
            ('"internal"', '"intern"'),
            "第4行，defaults.audience：不能是“intern”；是否应为“internal”？可用的有：internal、public。",
        ),
        (
            ('"district", "school"', '"district", "class"'),
            "第10行，one.scopes 第2条：不能是“class”；可用的有：district、school、stage、suggestion。",
        ),
        (
            ('"pdf", "docx"', '"pdf", "doc"'),
            "第16行，two.formats 第2条：不能是“doc”；是否应为“docx”？可用的有：html、pdf、docx。",
        ),
        (('["district", "school"]', "[]"), "第10行，one.scopes：应至少有1项，读到 []；请改正。"),
        (
            ("due = 2026-07-24", 'due = "2026-07-24"'),
            "第11行，one.due：应为日期（如 2026-04-10，不加引号），读到 '2026-07-24'；请改正。",
        ),
        (('"2026-07-20"', '"2026-7-32"'), "第3行，defaults.as_of：“2026-7-32”不是日期；请写成 2026-07-20 的样子。"),
        (
            ('notebook = "reports/two"\n', ""),
            '：[two] 缺少 notebook；请写明笔记本，如 notebook = "reports/homework_load"。',
        ),
        (("memory = 512", "memory = 0"), "第18行，two.memory：应大于0，读到 0；请改正。"),
        (('"990101"', '"9901"'), "第2行，defaults.district：“9901”的写法不对；区代码应为六位数字，请改正。"),
        ((EDITIONS[EDITIONS.index("\n[one]") :], ""), "：没有任何一种报告；请至少写一节，如 [homework_load]。"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(tmp_path: Path, wrong: tuple[str, str], line: str) -> None:
    assert EDITIONS.count(wrong[0]) == 1
    file = tmp_path / "editions.toml"
    file.write_text(EDITIONS.replace(*wrong), encoding="utf-8")
    with pytest.raises(UserError) as told:
        read_editions(file)
    message = told.value.message.removeprefix(f"“{file}”")
    assert message == line
