"""Chinese numerals by a table made by hand: what is exact is read, what is a guess is not; one grammar for all."""

import pytest

from analysis.house.numerals import chinese
from analysis.intake.amounts import minutes, money
from analysis.intake.numerals import number
from analysis.intake.readings import Odd
from analysis.letters.numerals import chinese_number, plain, quantities

EXACT = {
    "零": 0, "〇": 0, "二": 2, "两": 2, "十": 10, "十二": 12, "二十": 20, "九十九": 99, "一百": 100, "两百": 200,
    "一百零五": 105, "一百〇五": 105, "一百一十": 110, "一百十五": 115, "一百二": 120, "两百五": 250, "九百九十九": 999,
    "一千": 1000, "一千零五": 1005, "一千零五十": 1050, "一千二": 1200, "两千五": 2500, "一千二百五": 1250,
    "三千零一十": 3010, "九千九百九十九": 9999, "一万": 10_000, "三万五": 35_000, "三万五千": 35_000, "一万零五百": 10_500,
    "十二万": 120_000, "一百二万": 1_200_000, "两万三千": 23_000, "一亿": 10**8, "一亿二": 120_000_000,
    "一亿零三万": 100_030_000, "二〇": 20, "一二〇": 120, "二〇二六": 2026, "二零二六": 2026, "一九九八": 1998,
}  # fmt: skip
VAGUE = (
    "两三", "五六", "三五", "四五", "一二三", "三四十", "二三十", "三四百", "二十三十", "三十五十", "十五六", "二十五六",
    "一百二三", "三四万", "十十", "两十", "二百百", "百", "千", "百二", "万", "亿", "一百零", "一百零二十", "一千零五百",
    "一百二千", "三千万万", "一百两", "两〇", "五七八九", "几", "",
)  # fmt: skip


@pytest.mark.parametrize(("word", "value"), EXACT.items())
def test_an_exact_number_is_read_alike_everywhere(word, value):
    assert chinese(word) == number(word) == chinese_number(word) == value


@pytest.mark.parametrize("word", VAGUE)
def test_a_guess_is_no_number_anywhere(word):
    assert chinese(word) is None
    assert number(word) is None
    assert chinese_number(word) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百二", 120),
        ("一百二十分钟", 120),
        ("两百五", 250),
        ("三十到四十分钟", 35),
        ("四十五", 45),
        ("一个半小时", 90),
    ],
)
def test_spoken_minutes(text, value):
    assert minutes(text).value == value


@pytest.mark.parametrize(
    "text", ["三四十分钟", "两三分钟", "二十三十", "五六分钟", "四五十", "十五六分钟", "二三十到四十"]
)
def test_vague_minutes_are_refused(text):
    with pytest.raises(Odd):
        minutes(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两千五", 2500),
        ("两千五元", 2500),
        ("三万五", 35_000),
        ("三万五千元", 35_000),
        ("十二万", 120_000),
        ("1.2万", 12_000),
    ],
)
def test_spoken_money(text, value):
    assert money(text) == value
    assert money("三万五", 1e4) == 35_000  # its own unit, whatever the header says


@pytest.mark.parametrize("text", ["三五千", "两三万", "三四百元", "e5", "5e", "."])
def test_vague_money_is_refused(text):
    with pytest.raises(Odd):
        money(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("已检查两三家机构", []),
        ("共有三四十所学校", []),
        ("五六名教师", []),
        ("投入一百二万元", [(1_200_000, "元")]),
        ("共有四十三所学校", [(43, "所")]),
        ("三万五千人", [(35_000, "人")]),
    ],
)
def test_letters_count_exact_numerals_only(text, found):
    assert [(quantity.value, quantity.unit) for quantity in quantities(plain(text))] == found


@pytest.mark.parametrize("text", ["e5", "E+5", "+e1", "1e", "-", "+", ",", "1,23"])
def test_what_only_looks_like_a_number(text):
    assert number(text) is None
