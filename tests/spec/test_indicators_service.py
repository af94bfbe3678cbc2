"""After-school service, the course menu and the registers, told as small tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import narwhals as nw
import pandas as pd
import small_district as small

from analysis.indicators import Study
from analysis.indicators.courses import models
from analysis.indicators.stays import pupils

T, N, M = small.TERM, small.NORTH, small.NINE
WEEK = [date(2026, 3, number) for number in range(2, 7)]


def study(folder: Path, school: str = "", until: date = date(2026, 7, 3), **tables: pd.DataFrame) -> Study:
    store, _ = small.store(folder / "s", **tables)
    return Study(district=small.DISTRICT, school=school, term=T, as_of=until, store=store)


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def roll(*rows: tuple) -> pd.DataFrame:
    """Return attendance: school, day, pupil, present, start, end, group (grade 3, class 1)."""
    filled = [(T, row[0], 3, "1", *row[1:], *[None, None, "其他"][len(row) - 4 :]) for row in rows]
    names = "term school grade class date pupil present start end group"
    return table(names, *filled).astype({"start": "Int64", "end": "Int64"})


def test_participation_counts_pupils_and_days(tmp_path: Path) -> None:
    """两名学生、两天，四人次中来了三人次：75%。"""
    rows = roll((N, WEEK[0], "a", True), (N, WEEK[0], "b", True), (N, WEEK[1], "a", True), (N, WEEK[1], "b", False))
    rate = study(tmp_path, attendance=rows).measure("service.participation")
    assert (rate.numerator, rate.denominator, rate.value, rate.base_text) == (3, 4, 0.75, "4人次")


def test_a_class_without_a_roll_call_counts_by_its_daily_report(tmp_path: Path) -> None:
    """周一有逐生点名，日报不重复计；周二只有日报（应到40、实到30），按日报计。"""
    daily = table(
        "term school grade class date eligible joined",
        (T, N, 3, "1", WEEK[0], 40, 40),
        (T, N, 3, "1", WEEK[1], 40, 30),
    )
    told = study(tmp_path, attendance=roll((N, WEEK[0], "a", True), (N, WEEK[0], "b", False)), service_daily=daily)
    by = {
        item.group_label: (item.numerator, item.denominator)
        for item in told.measure("service.participation", "weekday")
    }
    assert by["周一"] == (1, 2) and by["周二"] == (30, 40)
    assert told.measure("service.participation", by="group").only(group="其他").denominator == 2


def test_a_school_that_hands_in_only_the_daily_report_has_reported(tmp_path: Path) -> None:
    daily = table("term school grade class date eligible joined", (T, M, 3, "1", WEEK[0], 40, 30))
    told = study(tmp_path, attendance=roll((N, WEEK[0], "a", True)), service_daily=daily)
    assert told.measure("service.participation").missing == ("未报",)
    assert told.measure("service.two_hours").missing == ("未报",)
    own = told.measure("service.two_hours", by="school").only(school=M)
    assert (own.value, own.estimate.status) == (None, "no roll call")
    assert told.measure("service.participation", by="group").known().frame().empty


def test_a_daily_report_alone_counts_where_both_numbers_are_told(tmp_path: Path) -> None:
    """没有逐生点名的快照：只有日报，缺应到或实到的班日不计。"""
    rows = [(T, N, 3, "1", WEEK[0], 40, 30), (T, N, 3, "1", WEEK[1], 40, None), (T, N, 3, "1", WEEK[2], None, 30)]
    daily = table("term school grade class date eligible joined", *rows).astype(
        {"eligible": "Int64", "joined": "Int64"}
    )
    told = study(tmp_path, service_daily=daily).measure("service.participation")
    assert (told.numerator, told.denominator) == (30, 40)


def test_a_pupil_counts_once_however_often_it_comes(tmp_path: Path) -> None:
    """甲来两天、乙一天没来、丙来一天：三名学生中两名参加过。"""
    rows = roll(
        (N, WEEK[0], "a", True), (N, WEEK[1], "a", True), (N, WEEK[0], "b", False), (N, WEEK[1], "c", True),
    )  # fmt: skip
    reach = study(tmp_path, attendance=rows).measure("service.reach")
    assert (reach.numerator, reach.denominator, reach.base_text) == (2, 3, "3名学生")


def test_pupils_by_month() -> None:
    """三月两名、四月一名学生来过，合计两名不同的学生。"""
    rows = roll(
        (N, WEEK[0], "a", True),
        (N, WEEK[0], "b", True),
        (N, date(2026, 4, 1), "a", True),
        (N, date(2026, 4, 1), "b", False),
    )
    rows["date"] = pd.to_datetime(rows["date"])
    counted = pupils(nw.from_native(rows).lazy(), ("school",), (3, 4)).collect().to_pandas()
    assert counted[["pupils", "came", "came_3", "came_4"]].iloc[0].tolist() == [2, 2, 2, 1]


def test_all_five_days_of_a_week(tmp_path: Path) -> None:
    """甲五天都来，乙缺一天，丙有一天不在名单上（按未到计）：三人中一人。"""
    rows = [(N, day, "a", True) for day in WEEK] + [(N, day, "b", day != WEEK[4]) for day in WEEK]
    rows += [(N, day, "c", True) for day in WEEK[:4]]
    told = study(tmp_path, attendance=roll(*rows)).measure("service.five_day")
    assert (told.numerator, told.denominator, told.base_unit) == (1, 3, "个学生周")


def test_two_hours_and_the_end_of_the_day(tmp_path: Path) -> None:
    """16:00–18:00 两小时、到18:00；16:10–18:00 不足两小时；没有结束时间的不计；未到的不计。"""
    rows = roll(
        (N, WEEK[0], "a", True, 960, 1080),
        (N, WEEK[0], "b", True, 970, 1080),
        (N, WEEK[0], "c", True, 960, None),
        (N, WEEK[0], "d", False),
        (N, WEEK[0], "e", True, 960, 1079),
    )
    told = study(tmp_path, attendance=rows)
    assert [told.measure(id).numerator for id in ("service.two_hours", "service.late_enough")] == [1, 2]
    assert [told.measure(id).denominator for id in ("service.two_hours", "service.late_enough")] == [3, 3]


def test_the_gap_between_groups(tmp_path: Path) -> None:
    rows = roll(
        (N, WEEK[0], "a", True, 960, 1080, "随迁"),
        (N, WEEK[0], "b", False, None, None, "随迁"),
        (N, WEEK[0], "c", True),
    )
    by = {
        item.group_label: item.value
        for item in study(tmp_path, attendance=rows).measure("service.participation", "group")
    }
    assert by == {"其他": 1.0, "随迁": 0.5}


def test_the_course_menu(tmp_path: Path) -> None:
    """合唱周一30人、周三20人（计30人），篮球10人：全校40名学生，人均1门；五育有美、体两类；余位：10+20+0。"""
    courses = table(
        "term school course weekday field capacity enrolled provider",
        (T, N, "合唱", 1, "美", 40, 30, None),
        (T, N, "合唱", 3, "美", 40, 20, None),
        (T, N, "篮球", 2, "体", 10, 10, None),
    )
    enrolment = table("term school grade class pupils", (T, N, 3, "1", 20), (T, N, 4, "1", 20), (T, M, 3, "1", 99))
    told = study(tmp_path, courses=courses, enrolment=enrolment)
    chosen = told.measure("service.courses_per_pupil")
    # the other school sent no menu: nothing says how many courses its pupils chose at most
    assert (chosen.value, chosen.unknown, chosen.bounds) == (1, 99, (1, 1))
    assert told.measure("service.courses_per_pupil", by="field").only(field="美").value == 0.75
    assert told.measure("service.fields").value == 0.4
    assert told.measure("service.fields", by="field").only(field="劳").value == 0
    assert told.measure("service.places_left").value == 30


def test_service_models_and_their_total(tmp_path: Path) -> None:
    """30+60+30＝120分钟，达到两小时；45+35＝80分钟，未达到。"""
    segments = table(
        "term school model segment position minutes",
        (T, N, "三段式", "作业", 1, 30),
        (T, N, "三段式", "社团", 2, 60),
        (T, N, "三段式", "锻炼", 3, 30),
        (T, M, "两段式", "社团", 2, 35),
        (T, M, "两段式", "作业", 1, 45),
    )
    told = study(tmp_path, service_models=segments)
    assert (told.measure("service.model_minutes").value, told.measure("service.model_reaches").value) == (100, 0.5)
    assert list(models(told)["segments"]) == ["30+60+30", "45+35"]


def test_a_provider_must_be_qualified_on_the_day(tmp_path: Path) -> None:
    """周一的课：3月2日在资质期内，3月9日已过期；不在名册的机构按没有资质计；本校教师的课不计。"""
    courses = table(
        "term school course weekday field capacity enrolled provider",
        (T, N, "编程", 1, "智", 20, 10, "P1"),
        (T, N, "围棋", 2, "智", 20, 10, "不明机构"),
        (T, N, "合唱", 1, "美", 20, 10, None),
    )
    providers = table("provider name qualified_from qualified_to", ("P1", "甲机构", date(2025, 9, 1), date(2026, 3, 6)))
    told = study(tmp_path, until=date(2026, 3, 10), courses=courses, providers=providers)
    by = {
        item.group_label: (item.numerator, item.denominator)
        for item in told.measure("service.provider_qualified", "provider")
    }
    assert by == {"P1": (1, 2), "不明机构": (0, 2)}


def test_one_school_two_plans(tmp_path: Path) -> None:
    """北小两案齐备（服务方案交了两版，计一次），九年只有一案，未报没有：三校中一校。"""
    plans = table(
        "term school kind version submitted_on",
        (T, N, "service", "1", WEEK[0]),
        (T, N, "service", "2", WEEK[1]),
        (T, N, "fund", "1", WEEK[0]),
        (T, M, "service", "1", WEEK[0]),
        (T, M, "fund", "1", date(2026, 7, 10)),
    )
    told = study(tmp_path, plans=plans).measure("service.plans")
    assert (told.numerator, told.denominator, told.missing) == (1, 3, ("未报",))
    by = study(tmp_path / "b", plans=plans).measure("service.plans", by="plan")
    assert [(each.group_label, each.numerator) for each in by] == [("课后服务方案", 2), ("课后服务经费方案", 1)]


def test_funds_paid_and_on_time(tmp_path: Path) -> None:
    """三批：足额按期；足额逾期；截至统计日未付。核定6万元，已付4万元；到期两批中一批按期足额。"""
    funds = table(
        "term school batch applied granted paid due granted_on paid_on",
        (T, N, "1", 20000.0, 20000.0, 20000.0, date(2026, 4, 30), date(2026, 3, 20), date(2026, 4, 30)),
        (T, N, "2", 20000.0, 20000.0, 20000.0, date(2026, 5, 31), date(2026, 5, 20), date(2026, 6, 2)),
        (T, M, "1", 20000.0, 20000.0, 20000.0, date(2026, 7, 31), date(2026, 6, 20), date(2026, 7, 15)),
    )
    told = study(tmp_path, funds=funds)
    assert told.measure("service.funds_granted").text == "6.00万元"
    paid = told.measure("service.funds_paid")
    assert (paid.numerator, paid.denominator, paid.text) == (40000, 60000, "66.7%")
    due = told.measure("service.funds_on_time")
    assert (due.numerator, due.denominator) == (1, 2)


def test_teachers_relief_and_control_components(tmp_path: Path) -> None:
    staff = table("term school teachers in_service", (T, N, 40, 30), (T, M, 60, 55))
    relief = table(
        "term school measure date teachers",
        (T, N, "弹性上下班", WEEK[0], 30),
        (T, M, "弹性上下班", date(2026, 7, 9), 50),
        (T, M, "云教研", WEEK[0], 50),
    )
    control = table(
        "term school component date evidence",
        *[(T, N, name, WEEK[0], "台账") for name in ("planning", "total", "structure", "publication", "feedback")],
        (T, N, "monitoring", date(2026, 7, 8), "台账"),
    )
    told = study(tmp_path, teachers=staff, relief=relief, homework_control=control)
    assert told.measure("service.teachers").value == 0.85
    assert {each.group_label: each.numerator for each in told.measure("service.relief", "measure")} == {
        "云教研": 1,
        "弹性上下班": 1,
    }
    assert (told.measure("service.relief").numerator, told.measure("service.relief").denominator) == (2, 3)
    components = told.measure("homework.components")
    assert (components.numerator, components.denominator, components.missing) == (5, 7, ("九年", "未报"))


def test_what_parents_say_beside_the_ledger(tmp_path: Path) -> None:
    """台账平均30分钟；两份有效答卷报告40、60分钟：平均50分钟，比台账多20分钟；跳过的不计。"""
    ledger = table(
        "term school grade class date subject written minutes published_on returned_on",
        *[(T, N, 3, "1", day, "语文", True, 30, None, None) for day in WEEK],
    )
    survey = table(
        "wave respondent item questionnaire role school grade class submitted_on seconds state score option",
        *[
            ("2026-06", name, "homework_minutes", "q", "parent", N, 3, "1", date(2026, 6, 9), 90, state, score, None)
            for name, state, score in (("a", "ok", 40.0), ("b", "ok", 60.0), ("c", "skipped", None))
        ],
        ("2026-06", "a", "overall", "q", "parent", N, 3, "1", date(2026, 6, 9), 90, "ok", 5.0, None),
        ("2025-12", "z", "homework_minutes", "q", "parent", N, 3, "1", date(2025, 12, 9), 90, "ok", 300.0, None),
    )
    told = study(tmp_path, homework=ledger, survey=survey)
    assert (told.measure("homework.reported_minutes").value, told.measure("homework.reported_minutes").base) == (50, 2)
    assert told.measure("homework.reported_gap", by="role").only(role="parent").value == 20


def enrolled(*told: tuple[str, int]) -> pd.DataFrame:
    """Return the enrolment of class 1 of grade 3: school, pupils."""
    return table("term school grade class pupils", *((T, school, 3, "1", pupils) for school, pupils in told))


def put_aside(*rows: dict, of: str = "attendance") -> pd.DataFrame:
    """Return the table of refused rows (grade 3, class 1 of a school)."""
    empty = dict.fromkeys(("date", "subject", "wave", "role", "pupil"))
    own = {"table": of, "term": T, "school": N, "grade": 3, "class": "1", "rows": 1}
    return pd.DataFrame([{**own, **empty, **row} for row in rows])


def test_a_list_of_those_present_is_no_full_participation(tmp_path: Path) -> None:
    """名单上只有到的人：在校4人，周一来2人、周二来3人：8人次中5人次；一周只点名两天，不满五天。"""
    rows = roll(*((N, WEEK[0], name, True) for name in "ab"), *((N, WEEK[1], name, True) for name in "abc"))
    told = study(tmp_path, until=WEEK[1], attendance=rows, enrolment=enrolled((N, 4)))
    rate, reach = (told.measure(f"service.{id}") for id in ("participation", "reach"))
    assert (rate.numerator, rate.denominator) == (5, 8)
    assert (reach.numerator, reach.denominator) == (3, 4)
    assert told.measure("service.participation", by="group").known().frame().empty


def test_a_list_of_those_present_tells_no_share_where_enrolment_is_unknown(tmp_path: Path) -> None:
    """没有在校学生数，名单上又从没有人缺席：不给参与率、参与面、五天参加率。有一人缺席的名单照计。"""
    rows = roll(*((N, day, name, True) for day in WEEK for name in "ab"))
    told = study(tmp_path, attendance=rows)
    for id in ("participation", "reach", "five_day"):
        assert told.measure(f"service.{id}").value is None
    rows = pd.concat([rows, roll((N, WEEK[0], "c", False))])
    assert study(tmp_path / "b", attendance=rows).measure("service.participation").denominator == 11


def test_a_week_counts_pupils_who_are_on_no_list(tmp_path: Path) -> None:
    """在校4人，五天都点了名：甲五天都在，乙四天在，其余两人从不在名单上：四个学生周中一个。"""
    rows = [(N, day, "a", True) for day in WEEK] + [(N, day, "b", True) for day in WEEK[1:]]
    told = study(tmp_path, until=WEEK[4], attendance=roll(*rows), enrolment=enrolled((N, 4))).measure(
        "service.five_day"
    )
    assert (told.numerator, told.denominator) == (1, 4)


def test_a_refused_row_of_a_roll_call_is_an_unknown_pupil_day(tmp_path: Path) -> None:
    """在校4人，周一：来2人、1人缺席、1行待更正：2/3，在2/4与3/4之间；日报不能代替待更正的点名。"""
    rows = roll((N, WEEK[0], "a", True), (N, WEEK[0], "b", True), (N, WEEK[0], "c", False))
    daily = table("term school grade class date eligible joined", (T, N, 3, "1", WEEK[1], 4, 4))
    told = study(
        tmp_path,
        until=WEEK[1],
        attendance=rows,
        enrolment=enrolled((N, 4)),
        service_daily=daily,
        refused=put_aside({"date": WEEK[0]}, {"date": WEEK[1], "rows": 4}),
    )
    by = told.measure("service.participation", by="weekday")
    monday, tuesday = by.only(weekday=1), by.only(weekday=2)
    assert (monday.numerator, monday.denominator, monday.unknown, monday.bounds) == (2, 3, 1, (2 / 4, 3 / 4))
    assert (tuesday.value, tuesday.unknown) == (None, 4)
    assert told.measure("service.participation").bounds == (2 / 8, 7 / 8)


def test_days_without_roll_or_report_are_unknown(tmp_path: Path) -> None:
    """在校4人：周一全勤日报4/4，周二没有任何登记；未报学校5人两天：14人次未知。"""
    daily = table("term school grade class date eligible joined", (T, N, 3, "1", WEEK[0], 4, 4))
    told = study(tmp_path, until=WEEK[1], service_daily=daily, enrolment=enrolled((N, 4), (small.SILENT, 5)))
    rate = told.measure("service.participation")
    assert (rate.value, rate.unknown, rate.bounds) == (1, 14, (4 / 18, 1))


def test_a_stay_without_a_clock_may_have_been_long_or_short(tmp_path: Path) -> None:
    """四人次参加：一人满两小时、一人不满，两人没有结束时间：1/2，在1/4与3/4之间。"""
    rows = roll(
        (N, WEEK[0], "a", True, 960, 1080),
        (N, WEEK[0], "b", True, 960, 1070),
        (N, WEEK[0], "c", True, 960, None),
        (N, WEEK[0], "d", True, 960, None),
    )
    long = study(tmp_path, attendance=rows).measure("service.two_hours")
    assert (long.value, long.unknown, long.bounds) == (1 / 2, 2, (1 / 4, 3 / 4))


def test_money_counts_up_to_the_day_looked_at(tmp_path: Path) -> None:
    """学期7月3日结束，统计日7月20日：7月9日拨付的计入，7月15日到期的计入；考勤仍到学期末。"""
    funds = table(
        "term school batch applied granted paid due granted_on paid_on",
        (T, N, "1", 60000.0, 60000.0, 60000.0, date(2026, 7, 15), date(2026, 3, 20), date(2026, 7, 9)),
        (T, M, "1", 40000.0, 40000.0, 40000.0, date(2026, 7, 31), date(2026, 6, 20), date(2026, 7, 25)),
    )
    told = study(tmp_path, until=date(2026, 7, 20), funds=funds, attendance=roll((N, WEEK[0], "a", True)))
    paid = told.measure("service.funds_paid")
    assert (paid.value, paid.scope.start, paid.scope.end) == (0.6, "2026-03-02", "2026-07-20")
    assert (told.measure("service.funds_on_time").numerator, told.measure("service.funds_on_time").denominator) == (
        1,
        1,
    )
    assert told.measure("service.participation").scope.end == "2026-07-03"


def test_refused_rows_of_registers_are_unknown(tmp_path: Path) -> None:
    """三校中一校两案齐备，一校有一行方案待更正：1/3，最多2/3；经费一行待更正：批次按期率1/1，最少1/2，金额不知，界为0到1。"""
    plans = table(
        "term school kind version submitted_on", *((T, N, kind, "1", WEEK[0]) for kind in ("service", "fund"))
    )
    funds = table(
        "term school batch applied granted paid due granted_on paid_on",
        (T, N, "1", 1.0, 1.0, 1.0, WEEK[4], WEEK[0], WEEK[1]),
    )
    aside = pd.concat([put_aside({"school": M}, of=name) for name in ("plans", "funds")])
    told = study(tmp_path, plans=plans, funds=funds, refused=aside)
    full = told.measure("service.plans")
    assert (full.value, full.unknown, full.bounds) == (1 / 3, 1, (1 / 3, 2 / 3))
    on_time = told.measure("service.funds_on_time")
    assert (on_time.value, on_time.unknown, on_time.bounds) == (1, 1, (1 / 2, 1))
    paid = told.measure("service.funds_paid")
    assert (paid.unknown, paid.bounds) == (1, (0.0, 1.0))


def test_schools_without_a_register_bound_what_all_have(tmp_path: Path) -> None:
    """一校七项中五项；另两校未报，各七项未知：5/21到19/21。"""
    control = table(
        "term school component date evidence",
        *((T, N, name, WEEK[0], "台账") for name in ("planning", "total", "structure", "publication", "feedback")),
    )
    told = study(tmp_path, homework_control=control)
    components = told.measure("homework.components")
    assert (components.value, components.unknown, components.bounds) == (5 / 7, 14, (5 / 21, 19 / 21))
    assert components.base_text == "7项"
    element = told.measure("homework.components", by="component").only(component="planning")
    assert element.base_text == "1所学校"  # of one element the schools are counted, not the elements
