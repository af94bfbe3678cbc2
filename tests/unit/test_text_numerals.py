"""Chinese numerals by a table made by hand: what is exact is read, what is a guess is not; one grammar for all."""

import random
from decimal import Decimal

import cn2an
import pytest

from analysis.intake.amounts import minutes, money
from analysis.intake.readings import Odd
from analysis.text.numerals import chinese, exact, number, vague
from analysis.text.quantities import plain, quantities

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
    assert chinese(word) == number(word) == exact(word) == value


@pytest.mark.parametrize("word", VAGUE)
def test_a_guess_is_no_number_anywhere(word):
    assert chinese(word) is None
    assert number(word) is None
    assert exact(word) is None


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


MALFORMED = (
    "十十",
    "二十百",
    "二百百",
    "百",
    "一百零",
    "一百二千",
    "三千万万",
    "两十",
    "两〇",
    "点五",
    "一点",
    "一点十",
    "成",
    "百分之",
    "",
)


@pytest.mark.parametrize("word", MALFORMED)
def test_what_is_malformed_is_neither_a_number_nor_vague(word):
    assert exact(word) is None
    assert not vague(word)


@pytest.mark.parametrize(
    "word",
    [
        "两三",
        "五六",
        "三四十",
        "二三百",
        "十几",
        "数十",
        "几百",
        "十五六",
        "二十多",
        "三十余",
        "30多",
        "三五千",
        "一百二三",
    ],
)
def test_what_is_vague_is_told_from_what_is_malformed(word):
    assert exact(word) is None
    assert vague(word)


@pytest.mark.parametrize("word", ["三十四", "一百二", "二〇二六", "一九九八", "40", "几所学校", "多"])
def test_what_is_exact_or_no_number_is_not_vague(word):
    assert not vague(word)


FRACTIONS = {
    "一点五": "1.5", "零点零五": "0.05", "二十三点四五": "23.45", "半": "0.5", "百分之九十八点五": "0.985", "百分之百": None,
    "百分之一百": "1", "七成": "0.7", "七成五": "0.75", "三成半": "0.35", "十成": "1", "三四成": None, "七成两": None,
    "１２．５": "12.5", "1,234.5": "1234.5", "1,23": None,
}  # fmt: skip


@pytest.mark.parametrize(("word", "value"), FRACTIONS.items())
def test_fractions_shares_and_tenths(word, value):
    assert exact(word) == (None if value is None else Decimal(value))


def test_whole_numbers_agree_with_an_independent_reader():
    draw = random.Random(20260309)
    for value in [*range(1200), *draw.sample(range(1200, 100_000), 2000)]:
        assert chinese(cn2an.an2cn(value)) == value


def test_decimals_agree_with_an_independent_reader():
    draw = random.Random(9)
    for value in (f"{draw.randrange(1000)}.{draw.randrange(1, 1000):03d}".rstrip("0") for _ in range(500)):
        assert exact(cn2an.an2cn(value)) == Decimal(value)


@pytest.mark.parametrize("word", ["一百二", "两百五", "一千二", "两千五", "三万五"])
def test_spoken_forms_agree_with_an_independent_reader(word):
    assert chinese(word) == cn2an.cn2an(word, "normal")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("占七成五", [(75, "%")]),
        ("占7成", [(70, "%")]),
        ("五成五六", []),
        ("百分之九十八点五", [(Decimal("98.5"), "%")]),
        ("每天半小时", [(30, "分钟")]),
        ("每天一个半小时", [(90, "分钟")]),
        ("每天两个小时", [(120, "分钟")]),
        ("大半个小时", []),
        ("增长到2倍", [(2, "倍")]),
        ("3年级有40名学生", [(40, "名")]),
        ("十几所学校", []),
        ("数十名教师", []),
        ("学生总数五十名", [(50, "名")]),
        ("学生数百分之九十", [(90, "%")]),
    ],
)
def test_quantities(text, found):
    assert [(quantity.value, quantity.unit) for quantity in quantities(plain(text))] == found


@pytest.mark.parametrize("text", ["三四十分钟", "两三分钟", "五六十分钟"])
def test_a_vague_duration_is_refused_as_such(text):
    with pytest.raises(Odd, match="约数"):
        minutes(text)
