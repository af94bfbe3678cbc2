"""Homework indicators, told as small ledgers: what counts, against which cap, and what is left out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import small_district as small

from analysis.house import UserError
from analysis.indicators import Study

MONDAY = date(2026, 3, 2)
COLUMNS = ["school", "grade", "class", "date", "subject", "written", "minutes"]


def study(
    folder: Path, rows: list[tuple], *, until: date = date(2026, 7, 3), term: str = small.TERM, **tables
) -> Study:
    """Measure a ledger given as rows of `COLUMNS` (published and returned on the day where not told)."""
    ledger = pd.DataFrame([row[:7] for row in rows], columns=COLUMNS).astype({"minutes": "Int64"})
    ledger["published_on"] = [row[7] if len(row) > 7 else row[3] for row in rows]
    ledger["returned_on"] = [row[8] if len(row) > 8 else row[3] for row in rows]
    store, _ = small.store(folder / "s", homework=ledger.assign(term=term), **tables)
    return Study(district=small.DISTRICT, term=term, as_of=until, store=store)


def day(number: int) -> date:
    """Return the first days of the term: 0 = Monday 2 March 2026."""
    return MONDAY + timedelta(days=number)


def row(
    grade: int, number: int, subject: str, minutes: int | None, *, written: bool = True, school=small.NINE, room="1"
):
    return (school, grade, room, day(number), subject, written, minutes)


def test_the_minutes_of_a_class_day_are_added_over_all_subjects(tmp_path: Path) -> None:
    """三年级：30 + 30 = 60 分钟，未超；30 + 31 = 61 分钟，超出。"""
    told = study(
        tmp_path,
        [row(3, 0, "语文", 30), row(3, 0, "数学", 30), row(3, 1, "语文", 30), row(3, 1, "数学", 31)],
    )
    within = told.measure("homework.within_cap")
    assert (within.numerator, within.denominator, within.value) == (1, 2, 0.5)
    assert told.measure("homework.over_cap_days").value == 1
    assert told.measure("homework.excess_minutes").value == 1


def test_each_band_of_grades_has_its_own_cap(tmp_path: Path) -> None:
    """二年级有1分钟书面作业即超出；六年级60分钟、九年级90分钟不超出。"""
    told = study(tmp_path, [row(2, 0, "语文", 1), row(6, 0, "语文", 60), row(9, 0, "语文", 90), row(9, 1, "语文", 91)])
    by = {item.scope.group[0][1]: item.value for item in told.measure("homework.within_cap", by="grade_band")}
    assert by == {"lower": 0.0, "middle": 1.0, "junior": 0.5}


def test_homework_that_is_not_written_is_no_load(tmp_path: Path) -> None:
    """一年级口头作业20分钟：时长为0，不算书面作业，未超出。"""
    told = study(tmp_path, [row(1, 0, "语文", 20, written=False)])
    assert told.measure("homework.within_cap").value == 1
    assert told.measure("homework.written_low_grades").value == 0
    assert told.measure("homework.mean_minutes").value == 0


def test_a_class_day_with_a_gap_is_left_out_and_counts_as_incomplete(tmp_path: Path) -> None:
    """书面作业缺时长的班级日：不知是否超出，不进分母；台账完整率把它算作未登记完整。"""
    enrolment = pd.DataFrame(
        [(small.TERM, small.NINE, 3, "1", 40)], columns=["term", "school", "grade", "class", "pupils"]
    )
    rows = [row(3, 0, "语文", 30), row(3, 0, "数学", None), row(3, 1, "语文", 30)]
    told = study(tmp_path, rows, until=day(4), enrolment=enrolment)
    assert told.measure("homework.within_cap").base == 1
    complete = told.measure("homework.completeness")
    assert (complete.numerator, complete.denominator) == (1, 5)


def test_average_and_tail_are_told_apart(tmp_path: Path) -> None:
    """十天中九天40分钟、一天140分钟：平均50分钟，中位数40分钟，第90百分位数50分钟（40与140之间内插一成）。"""
    rows = [row(5, number, "语文", 40) for number in (0, 1, 2, 3, 4, 7, 8, 9, 10)] + [row(5, 11, "语文", 140)]
    told = study(tmp_path, rows)
    values = [told.measure(f"homework.{id}_minutes").value for id in ("mean", "median", "p90")]
    assert values == pytest.approx([50, 40, 50])
    assert told.measure("homework.p90_minutes").text == "50分钟"


def test_the_subject_without_which_the_day_would_be_within_the_cap_tips_it(tmp_path: Path) -> None:
    """四年级一天：语文40、数学30（共70）：去掉任一科都不超出。另一天：语文65、数学5：只有语文使其超出。"""
    told = study(
        tmp_path,
        [
            row(4, 0, "语文", 40),
            row(4, 0, "数学", 30),
            row(4, 1, "语文", 65),
            row(4, 1, "数学", 5),
            row(4, 2, "语文", 10),
        ],
    )
    by = {
        item.group_label: (item.numerator, item.denominator)
        for item in told.measure("homework.tipping_subject", "subject")
    }
    assert by == {"语文": (2, 2), "数学": (1, 2)}
    assert told.measure("homework.tipping_subject").value == 1


def test_subjects_share_all_minutes(tmp_path: Path) -> None:
    """语文30分钟、数学10分钟：四分之三与四分之一。"""
    told = study(tmp_path, [row(4, 0, "语文", 30), row(4, 0, "数学", 10)])
    shares = told.measure("homework.subject_share", by="subject")
    assert [(each.group_label, each.value) for each in shares] == [("语文", 0.75), ("数学", 0.25)]
    assert told.measure("homework.subject_share", subject="数学").value == 0.25


def test_publication_counts_on_the_day_or_before(tmp_path: Path) -> None:
    """前一日、当日公示算；次日公示、没有公示日期不算。"""
    rows = [
        (*row(4, 1, "语文", 10), day(0)),
        (*row(4, 1, "数学", 10), day(1)),
        (*row(4, 1, "英语", 10), day(2)),
        (*row(4, 1, "科学", 10), None),
    ]
    published = study(tmp_path, rows).measure("homework.published_before")
    assert (published.numerator, published.denominator, published.base_text) == (2, 4, "4条作业")


def test_feedback_is_counted_in_school_days(tmp_path: Path) -> None:
    """周五布置、下周一反馈：1个上学日；周五当天反馈：0；没有反馈日期的不计。"""
    rows = [
        (*row(4, 4, "语文", 10), day(4), day(7)),
        (*row(4, 4, "数学", 10), day(4), day(4)),
        (*row(4, 4, "英语", 10), day(4), None),
    ]
    told = study(tmp_path, rows)
    lag, recorded = told.measure("homework.feedback_lag"), told.measure("homework.feedback_recorded")
    assert (lag.value, lag.base, lag.text) == (0.5, 2, "0.5天")
    assert (recorded.numerator, recorded.denominator) == (2, 3)


def test_a_day_before_the_rule_is_judged_by_no_rule(tmp_path: Path) -> None:
    """2021年3月的作业：规定自2021年4月8日起，之前的班级日不判；平均时长照常计算。"""
    before, after = date(2021, 3, 2), date(2021, 4, 12)
    rows = [(small.NINE, 4, "1", each, "语文", True, 100) for each in (before, after)]
    told = study(tmp_path, rows, until=date(2021, 7, 9), term="2020-2021-2")
    within = told.measure("homework.within_cap")
    assert (within.numerator, within.denominator, within.rule) == (0, 1, "homework.cap")
    assert told.measure("homework.mean_minutes").base == 2
    early = study(tmp_path / "early", rows, until=date(2021, 3, 31), term="2020-2021-2").measure("homework.within_cap")
    assert (early.value, early.estimate.status, early.rule) == (None, "no data", "")


def test_a_make_up_day_counts_as_the_weekday_that_it_stands_for(tmp_path: Path) -> None:
    """5月9日（星期六）补星期二的课：按周二计；5月10日（星期日）不是上学日，不计。"""
    rows = [(small.NINE, 4, "1", date(2026, 5, each), "语文", True, 50) for each in (9, 10)]
    told = study(tmp_path, rows)
    assert told.measure("homework.mean_minutes").base == 1
    assert told.measure("homework.mean_minutes", by="weekday").only(weekday=2).base == 1


def balanced(school: dict[str, int], room: dict[str, int]) -> list[tuple]:
    """两校各两班、各四天：30分钟，加学校、班级之差，加日与班交错的±1、±2分钟（各日之间没有共同的差别）。"""
    turns = {"1": (1, -1, 2, -2), "2": (-1, 1, -2, 2)}
    return [
        row(3, number, "语文", 30 + school[code] + room[each] + turns[each][number], school=code, room=each)
        for code in (small.NORTH, small.NINE)
        for each in "12"
        for number in range(4)
    ]


def test_between_schools_is_what_their_averages_tell(tmp_path: Path) -> None:
    """两校相差20分钟，同校两班一样。

    平衡设计，REML即方差分析：学校均方 = 8×(10²+10²) = 1600；班、日的分量为0，其余均方 = 40/14（16个数减2校）；
    学校分量 = (1600 − 40/14)/8，占比 = 0.985882…；两校一样时为0。
    """
    told = study(tmp_path / "a", balanced({small.NORTH: 10, small.NINE: -10}, {"1": 0, "2": 0}))
    rest = 40 / 14
    school = (1600 - rest) / 8
    found = told.measure("homework.between_schools")
    assert found.value == pytest.approx(school / (school + rest), abs=1e-5)
    assert found.estimate.lower < found.value < found.estimate.upper
    alike = study(tmp_path / "b", balanced({small.NORTH: 0, small.NINE: 0}, {"1": 0, "2": 0}))
    found = alike.measure("homework.between_schools")
    assert (found.value, found.base) == (0, 16)


def test_between_classes_is_what_lies_within_a_school(tmp_path: Path) -> None:
    """两校都有一个多20分钟的班：班级均方 = 4×4×10² / 3（学校分量为0，四个班）；其余均方 = 40/12。"""
    told = study(tmp_path, balanced({small.NORTH: 0, small.NINE: 0}, {"1": 10, "2": -10}))
    rest = 40 / 12
    of_class = (1600 / 3 - rest) / 4
    assert told.measure("homework.between_classes").value == pytest.approx(of_class / (of_class + rest), abs=1e-5)
    assert told.measure("homework.between_schools").value == pytest.approx(0, abs=1e-9)


def test_a_week_that_leaves_its_limits_is_a_signal(tmp_path: Path) -> None:
    """前八周在29—31分钟间波动，第九周起每天45分钟：平滑值越出上限，前八周没有信号。"""
    days = [each for each in small.days(date(2026, 5, 29)) if each < date(2026, 5, 1) or each > date(2026, 5, 5)]
    rows = [
        (
            small.NINE,
            4,
            "1",
            each,
            "语文",
            True,
            45 if each >= date(2026, 4, 27) else (29, 31)[(each - MONDAY).days // 7 % 2],
        )
        for each in days
    ]
    chart = study(tmp_path, rows, until=date(2026, 5, 29)).monitor("homework.mean_minutes", baseline=8)
    assert not chart["signal"][:8].any()
    assert chart["signal"].iloc[-1] and chart["smoothed"].iloc[-1] > chart["upper"].iloc[-1]
    assert chart["side"].iloc[-1] == "above" and set(chart["side"][:8]) == {""}
    assert chart["label"].iloc[0] == "第1周"


def test_a_share_is_watched_by_its_numerator_and_denominator(tmp_path: Path) -> None:
    """每周五天中四天达标：各周都是80%，没有信号；时长不是占比，不能用 p′ 图。"""
    rows = [
        (small.NINE, 4, "1", each, "语文", True, 70 if each.weekday() == 4 else 30)
        for each in small.days(date(2026, 4, 3))
    ]
    told = study(tmp_path, rows, until=date(2026, 4, 3))
    chart = told.monitor("homework.within_cap")
    assert list(chart["value"]) == pytest.approx([0.8] * 5) and not chart["signal"].any()
    with pytest.raises(UserError, match="不是占比"):
        told.monitor("homework.mean_minutes", kind="p_prime")


def classes(*told: tuple[str, int, str]) -> pd.DataFrame:
    """Return an enrolment of 40 pupils a class: school, grade, class."""
    return pd.DataFrame(
        [(small.TERM, *each, 40) for each in told], columns=["term", "school", "grade", "class", "pupils"]
    )


def put_aside(*rows: dict, table: str = "homework") -> pd.DataFrame:
    """Return the table of refused rows: what is known of each one's key."""
    empty = dict.fromkeys(("term", "school", "grade", "class", "date", "subject", "wave", "role", "pupil"))
    return pd.DataFrame([{"table": table, **empty, "rows": 1, **each} for each in rows]).astype({"grade": "Int64"})


def key(number: int | None = None, room: str | None = "1", school=small.NINE, grade: int | None = 4) -> dict:
    """Return what is known of a refused row's key (class 1 of grade 4 where nothing else is said)."""
    return {
        "term": small.TERM,
        "school": school,
        "grade": grade,
        "class": room,
        "date": None if number is None else day(number),
    }


def test_a_class_day_with_a_refused_row_is_unknown_not_light(tmp_path: Path) -> None:
    """五天：三天30分钟；周四70分钟（超出）；周五30分钟而另有一行待更正。

    周五退出分子、分母：3/4。都不超出为4/5，都超出为3/5。
    """
    rows = [*(row(4, number, "语文", 30) for number in (0, 1, 2, 4)), row(4, 3, "语文", 70)]
    tables = {"enrolment": classes((small.NINE, 4, "1")), "refused": put_aside(key(4))}
    told = study(tmp_path, rows, until=day(4), **tables).measure("homework.within_cap", school=small.NINE)
    assert (told.numerator, told.denominator, told.unknown, told.bounds) == (3, 4, 1, (3 / 5, 4 / 5))
    over = study(tmp_path / "b", rows, until=day(4), **tables).measure("homework.over_cap_days", school=small.NINE)
    assert (over.value, over.unknown, over.bounds) == (1, 1, (1, 2))
    whole = study(tmp_path / "c", rows, until=day(4), **tables).measure("homework.completeness", school=small.NINE)
    assert (whole.numerator, whole.denominator, whole.unknown) == (4, 5, 0)


def test_a_refused_row_without_a_day_lowers_the_worse_bound(tmp_path: Path) -> None:
    """五天都是30分钟，另有一行读不出日期：可能属于五天中任一天，最坏4/5；别的班级、别的学校的行与此无关。"""
    rows = [row(4, number, "语文", 30) for number in range(5)]
    elsewhere = [key(None, "1", small.NORTH), key(None, "1", grade=5)]
    told = study(
        tmp_path, rows, until=day(4), enrolment=classes((small.NINE, 4, "1")), refused=put_aside(key(), *elsewhere)
    )
    own = told.measure("homework.within_cap", by="grade", school=small.NINE).only(grade=4)
    assert (own.value, own.unknown, own.bounds) == (1, 0, (4 / 5, 1))
    assert told.measure("homework.within_cap").bounds == (2 / 5, 1)  # 全区：三行都可能在这五天里


def test_schools_that_did_not_report_widen_the_bounds(tmp_path: Path) -> None:
    """本校五天中四天登记，一天未登记；未报学校一个班五天都未知：6个班级日未知，4/10到10/10。"""
    rows = [row(4, number, "语文", 30) for number in range(4)]
    told = study(tmp_path, rows, until=day(4), enrolment=classes((small.NINE, 4, "1"), (small.SILENT, 4, "1")))
    within = told.measure("homework.within_cap")
    assert (within.value, within.unknown, within.bounds, within.missing) == (1, 6, (0.4, 1), ("北小", "未报"))
    silent = told.measure("homework.within_cap", by="school").only(school=small.SILENT)
    assert (silent.value, silent.unknown, silent.bounds) == (None, 5, None)
    weekday = told.measure("homework.within_cap", by="weekday").only(weekday=5)
    assert (weekday.value, weekday.unknown) == (None, 2)
    complete = told.measure("homework.completeness")
    assert (complete.value, complete.unknown, complete.bounds) == (4 / 5, 5, (4 / 10, 9 / 10))


def test_unknown_loads_bound_the_mean_and_the_quantiles(tmp_path: Path) -> None:
    """四天10、20、30、40分钟，一天未登记：按0与300分钟计，平均20与80；中位数在20与30之间。"""
    rows = [row(4, number, "语文", 10 * (number + 1)) for number in range(4)]
    told = study(tmp_path, rows, until=day(4), enrolment=classes((small.NINE, 4, "1")))
    mean, median, ninth = (told.measure(f"homework.{id}_minutes") for id in ("mean", "median", "p90"))
    assert (mean.value, mean.bounds) == (25, (20, 80))
    assert (median.value, median.bounds) == (25, (20, 30))
    assert ninth.bounds == pytest.approx((36, 40 + 0.6 * 260))  # 位置0.9×4＝3.6
    share = told.measure("homework.subject_share", subject="语文")
    assert share.bounds == pytest.approx((100 / 400, 1))


def test_a_subject_tips_at_least_and_at_most(tmp_path: Path) -> None:
    """两天超出，其中一天去掉语文即不超出；一天未登记，可能超出也可能不：1/3到2/3，超出分钟数15/3到(15+300)/3。"""
    rows = [
        row(4, 0, "语文", 65),
        row(4, 1, "语文", 4),
        row(4, 1, "数学", 66),
        row(4, 2, "语文", 1),
        row(4, 3, "语文", 1),
    ]
    told = study(tmp_path, rows, until=day(4), enrolment=classes((small.NINE, 4, "1")))
    tips = told.measure("homework.tipping_subject", subject="语文")
    assert (tips.value, tips.bounds) == (1 / 2, pytest.approx((1 / 3, 2 / 3)))
    assert told.measure("homework.excess_minutes").bounds == pytest.approx((15 / 3, 315 / 3))


def test_refused_rows_may_have_been_published_or_not(tmp_path: Path) -> None:
    """两行按时公示、一行未公示，另一行待更正：2/4到3/4；所属学科不明的，各学科都可能有。"""
    rows = [(*row(4, 0, "语文", 10), day(0)), (*row(4, 1, "语文", 10), day(1)), (*row(4, 1, "数学", 10), None)]
    told = study(tmp_path, rows, until=day(4), refused=put_aside(key(0)))
    published = told.measure("homework.published_before")
    assert (published.denominator, published.unknown, published.bounds) == (3, 1, (2 / 4, 3 / 4))
    maths = told.measure("homework.published_before", by="subject").only(subject="数学")
    assert (maths.value, maths.bounds) == (0, (0, 1 / 2))


def test_feedback_after_the_last_school_day_counts(tmp_path: Path) -> None:
    """7月2日（周四）布置，7月6日（放假后）反馈：其间只有7月3日一个上学日；统计日之后的反馈尚未发生。"""
    rows = [(small.NINE, 4, "1", date(2026, 7, 2), name, True, 10, date(2026, 7, 2), back)
            for name, back in (("语文", date(2026, 7, 6)), ("数学", date(2026, 7, 30)))]  # fmt: skip
    told = study(tmp_path, rows, until=date(2026, 7, 20))
    lag, recorded = told.measure("homework.feedback_lag"), told.measure("homework.feedback_recorded")
    assert (lag.value, lag.base) == (1, 1)
    assert (recorded.numerator, recorded.denominator) == (1, 2)
