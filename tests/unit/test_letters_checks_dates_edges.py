"""Dates, at the edges: which words are one date, which clause is meant, what a month without a day may be."""

from __future__ import annotations

import pytest
from letters_helpers import said, told

from analysis.letters.checks import dates

DONE = ("error", "写作已经完成的事，日期却晚于落款日期2023年9月15日；请核对。")
RECEIVED = ("error", "收到（交办）建议的日期晚于落款日期2023年9月15日，答复早于收到；请核对。")
BACKWARDS = ("error", "起止日期前后颠倒；请核对。")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A blank inside a full date makes no second date of month and day, and later ones are read.
        ("2023年 2月30日召开。", [("error", "“2023年 2月30日”：2023年2月只有28天，没有30日；请核对日期。")]),
        (
            "2023年 9月1日、9月31日召开。",
            [("error", "“9月31日”：9月只有30天，没有31日；请核对日期。")],
        ),
        (
            "2月30日、2023年2月29日召开。",
            [
                ("error", "“2023年2月29日”：2023年2月只有28天，没有29日；请核对日期。"),
                ("error", "“2月30日”：2月只有29天，没有30日；请核对日期。"),
            ],
        ),
        ("2023-02-29召开，2月30日再开。", [
            ("error", "“2023-02-29”：2023年2月只有28天，没有29日；请核对日期。"),
            ("error", "“2月30日”：2月只有29天，没有30日；请核对日期。"),
        ]),
        ("二〇二三年九月三十一日召开。", [("error", "“二零二三年九月三十一日”：2023年9月只有30天，没有31日；请核对日期。")]),
        ("2023年九月三十日召开。", []),
        ("2023年十十月一日召开。", [("error", "“2023年十十月一日”：没有这个月份；请核对日期。")]),
        # Only a day has a day of the week: 1 September 2023 was a Friday.
        ("2023年9月（周一）召开。", []),
        ("2023年9月1日（周一）召开。", [("error", "2023年9月1日是星期五，文中写星期一；请核对。")]),
        ("9月1日（周一）召开。", []),
    ],
)  # fmt: skip
def test_what_is_one_date(text, expected):
    assert said(dates, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A month without a day begins with its first and ends with its last.
        ("2023年9月至2023年9月1日。", []),
        ("2023年9月2日至2023年9月。", []),
        ("2023年9月30日至2023年9月。", []),
        ("2023年10月1日至2023年9月。", [BACKWARDS]),
        ("2023年10月至2023年9月30日。", [BACKWARDS]),
        ("2024年1月至2023年12月。", [BACKWARDS]),
        ("2023年12月至2024年1月。", []),
        ("2024年2月29日至2024年2月。", []),
        # Three in a row: each pair is looked at, those that are no span left out.
        ("2023年9月3日和2023年9月1日至2023年9月2日。", []),
        ("2023年9月1日和2023年9月3日至2023年9月2日。", [BACKWARDS]),
        ("2023-09-03至2023-09-02，2023年9月5日至2023年9月4日。", [BACKWARDS, BACKWARDS]),
        # An end that cannot be is told as such.
        ("2023年9月2日至2023年8月32日。", [("error", "“2023年8月32日”：2023年8月只有31天，没有32日；请核对日期。")]),
    ],
)
def test_a_span_runs_forward(text, expected):
    assert said(dates, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9月16日已整改。", []),  # without a year it may be of any
        ("2023年9月15日已整改。", []),
        ("2023年9月16日已整改。", [DONE]),
        ("2023年9月已整改。", []),
        ("2023年10月已整改。", [DONE]),
        ("2024年1月已整改。", [DONE]),
        ("2022年12月已整改。", []),
        # The clause of the date, from mark to mark, and the one behind a mark right after the date.
        ("已整改，2023年9月16日检查。", []),
        ("已整改。2023年9月16日检查。", []),
        ("，2023年9月16日已整改。", [DONE]),
        ("2023年9月16日前检查，已整改。", []),
        ("2023年9月16日，已整改。", [DONE]),
        ("2023年9月16日，检查，已整改。", []),
        ("2023年9月16日；已整改。", [DONE]),
        ("于2023年9月16日收到您的建议。", [RECEIVED]),
        ("于2023年9月16日。收到您的建议。", []),
        ("收到您的建议，2023年9月16日检查。", []),
        ("截至2023年9月16日有8所。", [DONE]),
        ("截至甲乙2023年9月16日有8所。", [DONE]),
        ("截至甲乙丙2023年9月16日有8所。", []),
        ("2023年9月31日已整改。", [("error", "“2023年9月31日”：2023年9月只有30天，没有31日；请核对日期。")]),
    ],
)
def test_what_is_done_is_no_later_than_the_letter(text, expected):
    assert said(dates, f"{text}\n2023年9月15日") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年9月16日已整改。\n2023年9月", []),  # a month is no date of a letter
        ("2023年9月16日已整改。\n2023年9月15日", [DONE]),
        ("2023年9月16日已整改。\n2023年9月15日。", []),  # a sentence, by its full stop
        ("2023年9月16日已整改。\n于2023年9月15日检查", []),
        ("2023年9月16日已整改。\n甲，2023年9月15日", []),
    ],
)
def test_which_date_is_the_letters(text, expected):
    assert said(dates, text) == expected


def test_cells_of_a_table_are_no_date_of_the_letter():
    assert said(dates, "2023年9月16日已整改。\n2023年9月15日", cell="2023年9月20日") == [DONE]
    assert said(dates, "2023年9月16日已整改。", cell="2023年9月15日") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25:00开始。", [("error", "没有“25:00”这个时刻；请核对。")]),
        ("25：15开始。", [("error", "没有“25：15”这个时刻；请核对。")]),
        ("师生比25：60。", []),  # a ratio is no time
        ("师生比约为甲乙丙丁25：60。", []),
        ("师生比约为甲乙丙丁戊25：60。", [("error", "没有“25：60”这个时刻；请核对。")]),
        ("对比，25：60开始。", [("error", "没有“25：60”这个时刻；请核对。")]),
        ("按1：65配备。", []),
        ("按11：65配备。", [("error", "没有“11：65”这个时刻；请核对。")]),
    ],
)
def test_times_of_day(text, expected):
    assert said(dates, text) == expected


def test_a_finding_quotes_ten_characters_around():
    ((line, _, words, _),) = told(dates, f"说明。\n{'子' * 12}2023年2月30日{'丑' * 12}。")
    assert (line, words) == (2, f"…{'子' * 10}2023年2月30日{'丑' * 10}…")
    ((_, _, words, _),) = told(dates, f"{'子' * 12}2023年9月2日至2023年9月1日{'丑' * 12}。")
    assert words == f"…{'子' * 6}2023年9月2日至2023年9月1日{'丑' * 6}…"
