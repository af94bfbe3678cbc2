"""A place in a TOML file is told with its line, however the file is written."""

from __future__ import annotations

import tomllib

import pytest

from analysis.reference.positions import line_of

TEXT = '''# [not] = { a = "header" }
title = "甲 = [乙]"
note = """
[no.header]
x = 1
"""
size.width = 3

[rules."homework.cap"]
label = "a # b"  # { c
values = [
  { value = 1.5, from = 2021-04-08, words = { a = ["x", "y"], b = [] } }, { value = 2 },

  { value = 3, from = 2021-04-09 },
]
names = [
  "one, [two]", 'three',
  "four",
]

[[point]]
text = "甲"
[[point.evidence]]
table = "a"
[[point.evidence]]
table = "b"

[[point]]
[[point.evidence]]
table = "c"
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 2), (("note",), 3), (("size", "width"), 7), (("rules", "homework.cap"), 9),
        (("rules", "homework.cap", "values", 0, "words", "b"), 12), (("rules", "homework.cap", "values", 1), 12),
        (("rules", "homework.cap", "values", 2, "value"), 14), (("rules", "homework.cap", "values", 2, "from"), 14),
        (("rules", "homework.cap", "names", 1), 17), (("rules", "homework.cap", "names", 2), 18),
        (("point", 0, "evidence", 1, "table"), 26), (("point", 1), 28), (("point", 1, "evidence", 0, "table"), 30),
        (("point", 1, "text"), 28), (("rules", "homework.cap", "values", 1, "from"), 12), (("absent", "key"), 0), ((), 0),
    ],
)  # fmt: skip
def test_the_line_of_a_place_or_of_what_is_around_it(place: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TEXT)
    assert line_of(TEXT, place) == line
