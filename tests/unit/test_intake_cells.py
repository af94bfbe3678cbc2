"""Cells as people write them, and the values that they mean."""

import datetime as dt

import pytest

from analysis.intake import cells, dictionary
from analysis.intake.classes import class_name
from analysis.intake.days import find_term
from analysis.intake.readings import Odd
from analysis.text.numerals import chinese

TABLES = dictionary.read()
MINUTES = TABLES.table("homework").column("minutes")
SETTING = cells.Setting(years=(2026,), schools={"第一小学": "2199000001", "澄湖区第一小学": "2199000001"})


def value(table, column, text, setting=SETTING):
    return cells.read(TABLES.table(table).column(column), text, setting).value


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45), ("４５", 45), ("45.0", 45), ("45分钟", 45), ("45 分", 45), ("45min", 45), ("1.5小时", 90), ("1h", 60),
        ("一小时", 60), ("一个半小时", 90), ("半小时", 30), ("1小时20分", 80), ("两小时半", 150), ("三刻钟", 45),
        ("四十五分钟", 45), ("0:40", 40), ("00:40:00", 40), ("0", 0),
    ],
)  # fmt: skip
def test_minutes(text, minutes):
    assert cells.read(MINUTES, text, SETTING).value == minutes


@pytest.mark.parametrize(("text", "middle"), [("40-50分钟", 45), ("40～50", 45), ("1-1.5小时", 75), ("40到50分钟", 45)])
def test_a_range_counts_with_its_middle_and_a_note(text, middle):
    reading = cells.read(MINUTES, text, SETTING)
    assert reading.value == middle
    assert "中点" in reading.note


@pytest.mark.parametrize(
    "text",
    ["一个半小时左右", "约40分钟", "见黑板", "一节课左右", "不到1小时", "50-40分钟", "-20", "-20分钟", "350", "1e3"],
)
def test_minutes_that_are_none(text):
    with pytest.raises(Odd):
        cells.read(MINUTES, text, SETTING)


def test_minutes_under_a_header_in_hours():
    assert cells.read(MINUTES, "1.5", cells.Setting(scale=60)).value == 90
    assert cells.read(MINUTES, "45分钟", cells.Setting(scale=60)).value == 45


@pytest.mark.parametrize("text", ["—", "-", "/", "", " ", "无", "N/A", "（空）"])
def test_marks_for_nothing(text):
    assert cells.read(MINUTES, text, SETTING).value is None


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月9日", "2026.3.9", "2026/3/9", "2026-03-09", "20260309", "46090", "46090.75", "2026-03-09 00:00:00",
        "2026/3/9 8:05:00", "2026-03-09T16:30:00", "２０２６年３月９日", "二〇二六年三月九日", "2026年3月9日（周一）", "3月9日",
        "2026/3/9 18:16:52",
    ],
)  # fmt: skip
def test_dates(text):
    assert value("homework", "date", text) == dt.date(2026, 3, 9)


@pytest.mark.parametrize("text", ["2026-02-30", "26.3.9", "昨天", "2026-13-01", "1899-01-01", "9日", "0"])
def test_dates_that_are_none(text):
    with pytest.raises(Odd):
        value("homework", "date", text)


def test_a_date_without_year_needs_the_term():
    with pytest.raises(Odd):
        value("homework", "date", "3月9日", cells.Setting())
    with pytest.raises(Odd):
        value("homework", "date", "3月9日", cells.Setting(years=(2025, 2026)))


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("16:30", 990),
        ("16：30", 990),
        ("16时30分", 990),
        ("下午4:30", 990),
        ("下午4点半", 990),
        ("0.6875", 990),
        ("16:30:00", 990),
    ],
)
def test_times_of_day(text, clock):
    assert value("attendance", "start", text) == clock


@pytest.mark.parametrize("text", ["25:00", "16:75", "四点", "4点半", "上午16:30"])
def test_times_of_day_that_are_none(text):
    with pytest.raises(Odd):
        value("attendance", "start", text)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("3.2万元", 32000),
        ("3.2万", 32000),
        ("32,000.00", 32000),
        ("￥32000", 32000),
        ("12000元", 12000),
        ("０.５", 0.5),
    ],
)
def test_money(text, yuan):
    assert value("funds", "paid", text) == yuan


def test_a_bare_amount_takes_the_unit_of_its_header_and_a_named_one_its_own():
    setting = cells.Setting(scale=1e4)
    assert value("funds", "paid", "4.69", setting) == 46900
    assert value("funds", "paid", "10,500元", setting) == 10500
    assert value("funds", "paid", "4.82万元", setting) == 48200


@pytest.mark.parametrize(
    ("text", "grade"),
    [("三年级", 3), ("3", 3), ("3.0", 3), ("初一", 7), ("七年级", 7), ("初中二年级", 8), ("小学四年级", 4), ("九", 9)],
)
def test_grades(text, grade):
    assert value("homework", "grade", text) == grade


@pytest.mark.parametrize("text", ["0", "10", "高一", "-1", "三.五", "学前班"])
def test_grades_that_are_none(text):
    with pytest.raises(Odd):
        value("homework", "grade", text)


@pytest.mark.parametrize(
    ("text", "name", "grade"),
    [
        ("1", "1", None), ("1班", "1", None), ("（1）班", "1", None), ("(3)", "3", None), ("第2班", "2", None), ("2.0", "2", None),
        ("01班", "1", None), ("十二班", "12", None), ("实验班", "实验班", None), ("A班", "A班", None), ("实验2班", "实验2班", None),
        ("三（2）班", "2", 3), ("五(1)班", "1", 5), ("3（2）班", "2", 3), ("三年级2班", "2", 3), ("五年级（1）班", "1", 5),
        ("小学三年级2班", "2", 3), ("三年3班", "3", 3), ("3年级十二班", "12", 3), ("三1", "1", 3), ("三1班", "1", 3),
        ("301班", "1", 3), ("501", "1", 5), ("312", "12", 3), ("初一(3)班", "3", 7), ("初二3班", "3", 8),
        ("初三年级2班", "2", 9), ("初中二年级3班", "3", 8), ("七年级一班", "1", 7), ("2023级4班", "4", None), ("24级（2）班", "2", None),
    ],
)  # fmt: skip
def test_classes_and_the_grade_that_their_name_carries(text, name, grade):
    assert value("homework", "class", text) == name
    assert class_name(text).grade == grade


@pytest.mark.parametrize(
    "text",
    ["全年级", "全校", "全部", "1,2班", "1、2班", "1，2班", "1-4班", "3-1", "1至4班", "一二班", "三一班", "各班", "三年级", "初二",
     "高三1班", "高一（2）班", "3.1", "300", "0", "0班", "两个班", "所有班级", "1班2班", "1班、2班", "2301", "学部", "合计", "年级组"],
)  # fmt: skip
def test_what_is_no_one_class(text):
    with pytest.raises(Odd):
        value("homework", "class", text)


@pytest.mark.parametrize(("text", "subject"), [("道法", "道德与法治"), ("体育", "体育与健康"), ("语 文", "语文")])
def test_subjects_by_other_names(text, subject):
    assert value("homework", "subject", text) == subject


def test_an_unknown_subject_is_told_with_what_may_be_written():
    with pytest.raises(Odd) as slip:
        value("homework", "subject", "数学课")
    assert "数学" in slip.value.remedy


def test_an_unknown_school_is_told_with_the_nearest_name():
    with pytest.raises(Odd) as slip:
        value("homework", "school", "第一小学校")
    assert "第一小学" in slip.value.remedy


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("澄湖区第一小学2025—2026学年第二学期作业台账", "2025-2026-2"), ("2025-2026-1", "2025-2026-1"),
        ("2026年春季学期", "2025-2026-2"), ("2025年秋", "2025-2026-1"), ("2025-2026学年度下学期", "2025-2026-2"),
        ("2025-2027学年第二学期", None), ("作业台账", None),
    ],
)  # fmt: skip
def test_terms(text, term):
    assert find_term(text) == term


@pytest.mark.parametrize(
    ("text", "number"), [("二十一", 21), ("一百零五", 105), ("两千", 2000), ("二〇二六", 2026), ("十", 10)]
)
def test_chinese_numbers(text, number):
    assert chinese(text) == number


def test_a_broken_character_or_nul_is_never_read_over():
    for text in ("语文\ufffd", "20\u2400"):
        with pytest.raises(Odd):
            value("homework", "kind", text)
