"""What is exact is read alike at intake, in drafts and by the gate; what is vague by none; values worked out by hand."""

import random
import re

import cn2an
import pytest

from analysis.intake import cells, dictionary
from analysis.intake.amounts import minutes, money
from analysis.intake.readings import Odd
from analysis.letters.checks.sections import LEVELS
from analysis.text.calendar import grades_spoken, named_grade, named_weekday, weekdays
from analysis.text.digits import typed_numbers
from analysis.text.durations import duration, vague
from analysis.text.numerals import chinese, exact, number, written
from analysis.text.quantities import plain, quantities

DURATIONS = {
    "45分钟": 45, "四十五分钟": 45, "一刻钟": 15, "三刻钟": 45, "2刻钟": 30, "半小时": 30, "半个小时": 30, "半个钟头": 30,
    "一小时": 60, "两个小时": 120, "一个半小时": 90, "1个半小时": 90, "1小时半": 90, "两小时半": 150, "1.5小时": 90,
    "一点五小时": 90, "1小时20分": 80, "一小时二十分钟": 80, "1小时零5分": 65, "一小时一刻钟": 75, "一百二十分钟": 120,
    "１小时２０分": 80, "两分半钟": 2.5, "廿五分钟": 25,
}  # fmt: skip
GUESSES = (
    "十几分钟", "三十来分钟", "三十多分钟", "几十分钟", "一个多小时", "半个多小时", "一个半多小时", "两三个小时", "一两个小时",
    "三四十分钟", "五六分钟", "一小时左右", "约40分钟", "近一小时", "不到1小时", "至少40分钟", "四十分钟以上", "上百分钟", "一小时多",
)  # fmt: skip


@pytest.mark.parametrize(("text", "value"), DURATIONS.items())
def test_an_exact_duration_is_one_number_everywhere(text, value):
    assert duration(text) == minutes(text).value == value
    assert [(found.value, found.unit, found.exact) for found in quantities(plain(text))] == [(value, "分钟", True)]
    assert typed_numbers(text)


@pytest.mark.parametrize("text", GUESSES)
def test_a_guessed_duration_is_exact_nowhere(text):
    assert duration(text) is None
    assert vague(text)
    with pytest.raises(Odd, match="约数"):
        minutes(text)
    assert not [found for found in quantities(plain(text)) if found.exact]
    assert typed_numbers(text)


@pytest.mark.parametrize("text", ["见黑板", "一节课", "1小时90分", "四刻钟", "半", "3万50分钟", "小时", "分钟"])
def test_what_is_no_duration(text):
    assert duration(text) is None
    assert not vague(text)


@pytest.mark.parametrize(
    ("text", "middle"),
    [
        ("半小时到40分钟", 35),
        ("一到两个小时", 90),
        ("一个半到两个小时", 105),
        ("20分钟—半小时", 25),
        ("1小时到90分", 75),
    ],
)
def test_a_range_of_spoken_durations_counts_with_its_middle(text, middle):
    assert minutes(text, 60).value == middle


def test_a_range_without_a_unit_takes_that_of_the_header():
    assert minutes("1-1.5", 60).value == 75


MONEY = {
    "两千五": 2500, "两千五元": 2500, "1.2万": 12_000, "1.2万元": 12_000, "三万五千元整": 35_000, "贰仟伍佰元": 2500,
    "人民币贰仟伍佰元整": 2500, "叁万伍仟元正": 35_000, "壹佰零伍元": 105, "3万5": 35_000, "3万5千元": 35_000, "1千2": 1200,
    "1亿2000万元": 120_000_000, "一点二万元": 12_000, "两百块": 200, "２．５万": 25_000, "-3.2万": -32_000,
}  # fmt: skip


@pytest.mark.parametrize(("text", "yuan"), MONEY.items())
def test_money_as_it_is_spoken_and_as_it_is_written_formally(text, yuan):
    assert money(text) == yuan


@pytest.mark.parametrize("text", ["三千多元", "近万元", "约3万元", "几千元", "上万元", "两三万", "三五千元", "2万余元"])
def test_guessed_money_is_refused_as_such(text):
    with pytest.raises(Odd, match="约数"):
        money(text)


@pytest.mark.parametrize("text", ["贰仟伍元", "三万五千元五角", "3万50元", "1.2万5", "元", "半"])
def test_money_that_may_be_two_amounts_is_refused(text):
    with pytest.raises(Odd, match="读不出"):
        money(text)


def test_a_scale_of_its_own_goes_before_the_headers():
    assert [money(text, 1e4) for text in ("2.5", "2.5万", "2千", "25000元", "贰万伍仟元")] == [
        25_000,
        25_000,
        2000,
        25_000,
        25_000,
    ]


@pytest.mark.parametrize("text", ["十几人", "三十来名", "上百人", "二十多"])
def test_a_guessed_count_is_refused_as_such(text):
    column = dictionary.read().table("enrolment").column("pupils")
    with pytest.raises(Odd, match="约数"):
        cells.read(column, text, cells.Setting())


@pytest.mark.parametrize(
    ("text", "days", "counts"),
    [
        ("每周六天", [], [(6, "天")]), ("每周六", [6], []), ("每周六开放", [6], []), ("周六天气好", [6], []), ("每周三次", [], [(3, "次")]),
        ("每周三下午", [3], []), ("每周二十分钟", [], [(20, "分钟")]), ("每周三一次", [3], [(1, "次")]), ("每周五所有学校", [5], []),
        ("每周三项目推进", [3], []), ("一周五天", [], [(1, "周"), (5, "天")]), ("每星期六天", [], [(6, "天")]), ("星期三天气好", [3], []),
        ("周一至周五", [1, 5], []), ("每周六日", [6], []), ("星期天开放", [7], []), ("每周两次", [], [(2, "次")]),
        ("每周一班主任例会", [1], []), ("每周一个班", [], [(1, "个")]), ("下周三所有班级", [3], []), ("周三三年级", [3], []),
        ("每周六家长开放日", [6], []),
    ],
)  # fmt: skip
def test_a_day_of_the_week_and_a_count_in_a_week(text, days, counts):
    assert [day for _, _, day in weekdays(text)] == days
    assert [(found.value, found.unit) for found in quantities(plain(text))] == counts
    assert bool(typed_numbers(text)) == bool(counts)


def test_a_cell_names_a_day():
    assert [named_weekday(text) for text in ("周三", "每周3", "星期天", "三", "3", "礼拜六", "每周六天", "8", "周八")] == [3, 3, 7, 3, 3, 6, None, None, None]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3年级", "三年级"), ("３年级".translate({ord("３"): "3"}), "三年级"), ("3～6年级", "三至六年级"), ("1、2年级", "一、二年级"),
        ("7-9年级", "七至九年级"), ("三年级到六年级", "三至六年级"), ("13年级", "13年级"), ("1.3年级", "1.3年级"), ("第3年级", "第三年级"),
    ],
)  # fmt: skip
def test_grades_in_digits_are_those_in_characters(text, said):
    assert grades_spoken(text) == said


@pytest.mark.parametrize("text", ["3年级", "三年级", "3～6年级", "一、二年级", "周三三年级", "小学三年级和5年级"])
def test_a_grade_is_no_number_to_drafts_and_gate(text):
    assert typed_numbers(text) == []
    assert list(quantities(plain(text))) == []


@pytest.mark.parametrize(
    ("text", "grade"),
    [("3年级", 3), ("三年级", 3), ("３", 3), ("G3", 3), ("初一", 7), ("初中2年级", 8), ("小学四年级", 4), ("十年级", None), ("三四年级", None), ("初三年级", 9), ("高一", None)],
)  # fmt: skip
def test_a_grade_by_every_name(text, grade):
    assert named_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("三百家机构", [(300, "家")]), ("三万一千名学生", [(31_000, "名")]), ("二十一批", [(21, "批")]), ("3万5人", [(35_000, "人")]),
        ("1亿2000万元", [(120_000_000, "元")]), ("3.2万元", [(32_000, "元")]), ("贰仟伍佰元", [(2500, "元")]), ("陆家庄小学", []),
        ("上百所学校", []), ("近百所学校", []), ("二十几所学校", []), ("30几所学校", []), ("百分之九十几", []), ("几个半小时", []), ("几十万元", []),
        ("一百二十三所", [(123, "所")]), ("周五所有学校", []), ("3万50人", []), ("13年级", []),
    ],
)  # fmt: skip
def test_numbers_in_drafts(text, found):
    assert [(item.value, item.unit) for item in quantities(plain(text)) if item.unit] == found


@pytest.mark.parametrize(
    "text",
    ["十几家机构", "三十来所", "上万名学生", "近百所", "一个半小时", "一刻钟", "第三名", "贰仟伍佰元", "每周六天"],
)
def test_the_gate_finds_a_number_however_it_is_written(text):
    assert typed_numbers(text)


@pytest.mark.parametrize("text", ["第十二周", "第二十三届", "万元以下", "陆家庄小学", "几所学校", "每周五所有学校"])
def test_the_gate_takes_no_name_for_a_number(text):
    assert typed_numbers(text) == []


def test_a_spoken_duration_is_one_typed_number():
    assert typed_numbers("每天一个半小时，午休三刻钟") == ["一个半小时", "三刻钟"]


MIXED = {
    "3万5": 35_000, "1千2": 1200, "3万5千": 35_000, "1万2000": 12_000, "2百12": 212, "３万５": 35_000, "3万零5": 30_005, "12345万": 123_450_000,
    "1.2万": 12_000, "1.25百万": 1_250_000, "3万50": None, "3万500": None, "1.2万5": None, "三5万": None, "二12万": None, "贰仟伍": None,
    "贰拾伍": 25, "廿五": 25, "卅": 30, "壹佰贰拾": 120, "萬": None, "兩萬": 20_000,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), MIXED.items())
def test_digits_characters_and_capitals_mixed(text, value):
    assert exact(text) == number(text) == value


SAMPLE = [*range(10_000), *random.Random(14).sample(range(10_000, 10**8), 2000), 10**8]
_LAST = re.compile("(?<=千)([一二三四五六七八九])百$|(?<=百)([一二三四五六七八九])十$|(?<=万)([一二三四五六七八九])千$")


def test_a_number_written_is_the_number_read():
    for value in SAMPLE:
        full = written(value)
        assert full == re.sub("^一十", "十", cn2an.an2cn(value))
        assert chinese(full) == value
        assert chinese(re.sub("(?<!十)二(?=[百千万亿])", "两", full)) == value
        assert chinese(cn2an.an2cn(value, "up")) == value


def test_the_last_unit_may_be_left_out():
    short = {_LAST.sub(r"\1\2\3", cn2an.an2cn(value)): value for value in SAMPLE if _LAST.search(cn2an.an2cn(value))}
    assert len(short) > 800
    for text, value in short.items():
        assert chinese(text) == value


def test_a_number_with_its_myriads_in_digits():
    for value in SAMPLE[10_000:-1]:
        myriads, rest = divmod(value, 10_000)
        if rest >= 1000:
            assert exact(f"{myriads}万{rest}") == value
        assert exact(f"{myriads}万{rest % 9 + 1}") == myriads * 10_000 + (rest % 9 + 1) * 1000


# Where the independent reader is wrong or stops: a spoken head (一百二万 is 120 times 万), 十 without 一 behind 万 or a zero
# (七万十八; it fails on a missing key), and a zero in the head with a spoken tail (五千〇十万一; it loses the head's end).
OTHERWISE = re.compile("[百千][一二三四五六七八九]万|[万〇零]十")


def test_any_string_of_numerals_is_refused_or_read_as_an_independent_reader_does():
    draw, read = random.Random(5), 0
    for _ in range(30_000):
        text = "".join(draw.choices("零一二两三四五六七八九十百千万〇", k=draw.randrange(1, 7)))
        value = chinese(text)
        if value is None or OTHERWISE.search(text):
            continue
        read += 1
        assert value == cn2an.cn2an(text, "normal"), text
    assert read > 8000


@pytest.mark.parametrize(
    ("text", "value"), [("一百二万", 1_200_000), ("七万十八", 70_018), ("五千〇十万一", 50_101_000)]
)
def test_where_the_independent_reader_is_not_followed(text, value):
    assert chinese(text) == value


def test_headings_count_past_ten():
    assert LEVELS[0].match("十二、下一步")[1] == written(12) == "十二"


@pytest.mark.parametrize("text", ["万" * 3000, "一百" * 2000, "1" * 5000 + "万5", "一" * 2000])
def test_a_row_of_numerals_without_end_is_no_number(text):
    assert exact(text) is None
    assert chinese(text) is None
    assert not [found for found in quantities(text + "所") if found.exact and found.value < 10**40]
