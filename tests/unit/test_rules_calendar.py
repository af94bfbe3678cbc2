"""Rules with their days, terms, school days and make-up days."""

from __future__ import annotations

from datetime import date

import pytest
from rules_helpers import TERMS, folder

from analysis.house import UserError
from analysis.rules import calendar, grade_band, rule, rules, rules_applied, school_days, term_of, working_day

TERM, DISTRICT = "2025-2026-2", "990101"


TWO = """
[rules."homework.cap"]
label = "总量"
text = "不超过规定。"
document = "甲文件"
unit = "分钟"
values = [
  { value = 60, grade_band = "middle", from = 2021-04-08, to = 2025-08-31 },
  { value = 50, grade_band = "middle", from = 2025-09-01 },
  { value = 40, grade_band = "middle", from = 2025-09-01, district = "990101", document = "乙文件" },
]
"""


def test_a_day_is_judged_by_the_rule_of_that_day(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, rules=TWO)
    values = [
        rule("homework.cap", date(*day), grade=4) for day in ((2020, 5, 1), (2021, 4, 8), (2025, 8, 31), (2025, 9, 1))
    ]
    assert [each and each.value for each in values] == [None, 60, 60, 50]


def test_a_district_has_its_own_value_and_others_the_national_one(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, rules=TWO)
    own = rule("homework.cap", date(2026, 3, 2), "990101", grade=4)
    assert (own.value, own.document) == (40, "乙文件")
    assert rule("homework.cap", date(2026, 3, 2), "140302", grade=4).value == 50
    assert rule("homework.cap", date(2026, 3, 2), grade=8) is None
    listed = rules_applied(["homework.cap"], date(2026, 3, 2), date(2026, 7, 3), "990101")
    assert [each.value for each in listed] == [40]
    over = rules_applied(["homework.cap"], date(2025, 6, 1), date(2026, 7, 3), "140302")
    assert [each.value for each in over] == [60, 50]


@pytest.mark.parametrize("slip", ["value = 60", 'value = "abc", from = 2021-04-08', 'value = 60, from = "2021-04-08"'])
def test_a_slip_in_the_rules_is_told_with_its_rule(tmp_path, monkeypatch, slip: str) -> None:
    head = '[rules."a.b"]\nlabel = "甲"\ntext = "乙"\ndocument = "丙"\nunit = "分钟"\n'
    folder(tmp_path, monkeypatch, rules=f"{head}values = [{{ {slip} }}]\n")
    with pytest.raises(UserError, match=r"a\.b.*第1条"):
        rules()


def test_an_unknown_rule_names_the_table() -> None:
    with pytest.raises(UserError, match=r"rules\.toml.*homework\.nothing"):
        rule("homework.nothing", date(2026, 3, 2))


def test_every_shipped_rule_tells_what_a_page_needs() -> None:
    for each in rules():
        assert each.label and each.text.endswith("。") and each.document and each.unit
        assert each.end is None or each.end >= each.start
    assert [rule("homework.cap", date(2026, 3, 2), grade=grade).value for grade in (1, 5, 9)] == [0, 60, 90]


def test_a_grade_outside_the_nine_is_refused() -> None:
    with pytest.raises(UserError, match="年级“10”"):
        grade_band(10)


def test_the_shipped_term() -> None:
    told = calendar(TERM, DISTRICT)
    school = told.school_days()
    assert (told.start, told.end, len(school), school["week"].max()) == (date(2026, 3, 2), date(2026, 7, 3), 86, 18)
    makeup = school[school["makeup"]].iloc[0]
    assert (makeup["date"].date(), makeup["weekday"]) == (date(2026, 5, 9), 2)
    assert not {date(2026, 5, 1), date(2026, 6, 19), date(2026, 4, 6)} & {stamp.date() for stamp in school["date"]}
    assert set(school["weekday"]) == {1, 2, 3, 4, 5}


def test_a_working_day_in_and_out_of_term() -> None:
    assert [working_day(date(2026, *day)) for day in ((5, 9), (5, 4), (7, 20), (7, 19), (2, 14))] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_the_local_table_goes_first_and_completes_unknown_years(tmp_path, monkeypatch) -> None:
    holidays = 'complete = [2027]\n[[holiday]]\nname = "校庆"\ndate = 2027-03-03\n'
    makeup = '[[makeup]]\nname = "补课"\ndate = 2027-03-06\nweekday = 3\ndistrict = "990101"\n'
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=holidays + makeup)
    assert [stamp.day for stamp in calendar("t").school_days()["date"]] == [1, 2, 4, 5]
    own = calendar("t", "990101").school_days()
    assert [(stamp.day, weekday) for stamp, weekday in zip(own["date"], own["weekday"], strict=True)][-1] == (6, 3)


def test_a_year_that_nobody_knows_names_the_table(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, terms=TERMS, calendar="")
    with pytest.raises(UserError, match=r"2027-03-01.*calendar\.toml"):
        calendar("t")
    with pytest.raises(UserError, match=r"calendar\.toml"):
        school_days(date(2027, 1, 4), date(2027, 1, 5))


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("terms", '[[term]]\nterm = "t"\nstart = 2027-03-07\nend = 2027-03-01\n', "term 第1条 end"),
        ("terms", '[[term]]\nterm = "t"\nstart = "2027-03-01"\nend = 2027-03-07\n', "term 第1条 start"),
        ("calendar", "[[makeup]]\ndate = 2027-03-06\nweekday = 9\n", "weekday"),
    ],
)
def test_a_slip_in_the_tables_is_told_with_its_place(tmp_path, monkeypatch, file: str, text: str, said: str) -> None:
    folder(tmp_path, monkeypatch, **{"terms": TERMS, "calendar": "complete = [2027]\n", file: text})
    with pytest.raises(UserError) as told:
        calendar("t")
    assert said in told.value.message and f"{file}.toml" in told.value.message


def test_the_current_term_is_the_last_that_began() -> None:
    assert [term_of(date(2026, *day)) for day in ((3, 2), (7, 20))] == [TERM, TERM]
    with pytest.raises(UserError, match=r"terms\.toml"):
        term_of(date(1999, 1, 1))


@pytest.mark.parametrize(
    "entry",
    ['date = "2027-03-06"', 'from = 2027-03-06\nto = "2027-03-08"', 'from = "2027-03-06"\nto = 2027-03-08']
    + [f"date = 2027-03-06\nweekday = {weekday}" for weekday in (0, 8)],
)
@pytest.mark.parametrize("kind", ["holiday", "makeup"])
def test_one_slip_in_a_day_of_the_calendar_is_enough(tmp_path, monkeypatch, kind: str, entry: str) -> None:
    good = f"[[{kind}]]\ndate = 2027-03-05\n"
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=f"complete = [2027]\n{good}[[{kind}]]\n{entry}\n")
    with pytest.raises(UserError, match=rf"calendar\.toml.*{kind} 第2条"):
        calendar("t")


@pytest.mark.parametrize(
    "slip", ["start = 2027-03-01\nend = 2027-03-02\n", 'term = "t"\nstart = 2027-03-01\nend = "x"\n']
)
def test_one_slip_in_a_term_is_enough(tmp_path, monkeypatch, slip: str) -> None:
    folder(tmp_path, monkeypatch, terms=f"{TERMS}[[term]]\n{slip}", calendar="complete = [2027]\n")
    with pytest.raises(UserError, match="term 第2条"):
        calendar("t")


def test_days_of_several_days_of_both_ends_and_of_the_days_between(tmp_path, monkeypatch) -> None:
    holiday = 'complete = [2027]\n[[holiday]]\nname = "假"\nfrom = 2027-03-02\nto = 2027-03-04\n'
    makeup = "[[makeup]]\nfrom = 2027-03-06\nto = 2027-03-07\n"
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=holiday + makeup)
    days = calendar("t").days
    assert list(days["school_day"]) == [True, False, False, False, True, True, True]
    assert list(days["makeup"]) == [False] * 5 + [True] * 2
    assert list(days["weekday"]) == [1, 2, 3, 4, 5, 6, 7]  # no weekday told: that of the day itself
    assert [day.day for day in school_days(date(2027, 3, 4), date(2027, 3, 6))] == [5, 6]


def test_a_districts_own_day_and_term_go_before_the_general_ones(tmp_path, monkeypatch) -> None:
    day = '[[{}]]\nname = "{}"\ndate = 2027-03-03\n{}\n'
    own = day.format("makeup", "本区", 'district = "990101"')
    terms = TERMS + TERMS.replace('label = "学期"', 'label = "本区学期"\ndistrict = "990101"').replace("03-01", "03-02")
    for order in (own + day.format("holiday", "全市", ""), day.format("holiday", "全市", "") + own):
        home = tmp_path / str(len(order) + order.index("本区"))
        home.mkdir()
        folder(home, monkeypatch, terms=terms, calendar=f"complete = [2027]\n{order}")
        here, there = calendar("t", "990101"), calendar("t", "140302")
        assert (here.label, here.start, there.label, there.start) == (
            "本区学期",
            date(2027, 3, 2),
            "学期",
            date(2027, 3, 1),
        )
        assert date(2027, 3, 3) in school_days(date(2027, 3, 1), date(2027, 3, 5), "990101")
        assert date(2027, 3, 3) not in school_days(date(2027, 3, 1), date(2027, 3, 5), "140302")


def test_weeks_begin_on_monday_and_a_term_may_be_cut(tmp_path, monkeypatch) -> None:
    terms = TERMS.replace("start = 2027-03-01", "start = 2027-03-04").replace("end = 2027-03-07", "end = 2027-03-16")
    folder(tmp_path, monkeypatch, terms=terms, calendar="complete = [2027]\n")
    days = calendar("t").days  # from a Thursday
    assert list(days["week"]) == [1] * 4 + [2] * 7 + [3] * 2
    assert list(days["school_day"]) == [True] * 2 + [False] * 2 + [True] * 5 + [False] * 2 + [True] * 2
    assert len(calendar("t", until=date(2027, 3, 8)).days) == 5
    assert len(calendar("t", until=date(2027, 3, 30)).days) == 13


def test_a_rule_is_sure_unless_it_says_otherwise_and_a_clock_value_is_minutes(tmp_path, monkeypatch) -> None:
    head = '[rules."a.b"]\nlabel = "甲"\ntext = "乙"\ndocument = "丙"\nunit = "时刻"\nvalues = [\n'
    told = '{ value = "20:35", from = 2021-04-08, to = 2021-04-09 },\n{ value = "9:05", from = 2022-01-01, sure = false }]\n'
    folder(tmp_path, monkeypatch, rules=head + told)
    assert [(each.value, each.sure, each.where) for each in rules()] == [(20 * 60 + 35, True, ()), (545, False, ())]
    assert [bool(rule("a.b", date(2021, 4, day))) for day in (7, 8, 9, 10)] == [False, True, True, False]
    edge = [rules_applied(["a.b"], date(2021, 4, a), date(2021, 4, b)) for a, b in ((1, 8), (9, 30), (1, 7), (10, 30))]
    assert [len(each) for each in edge] == [1, 1, 0, 0]


@pytest.mark.parametrize("clock", ["24:00", "20:60", "8点"])
def test_a_clock_value_that_is_none_is_told(tmp_path, monkeypatch, clock: str) -> None:
    head = '[rules."a.b"]\nlabel = "甲"\ntext = "乙"\ndocument = "丙"\nunit = "时刻"\n'
    folder(tmp_path, monkeypatch, rules=f'{head}values = [{{ value = "{clock}", from = 2021-04-08 }}]\n')
    with pytest.raises(UserError, match=rf"rules\.toml.*第1条 value：“{clock}”"):
        rules()


def test_more_conditions_go_first_then_the_later_value_and_a_district_before_both(tmp_path, monkeypatch) -> None:
    head = '[rules."a.b"]\nlabel = "甲"\ntext = "乙"\ndocument = "丙"\nunit = "分"\nvalues = [\n'
    values = [
        "{ value = 4, from = 2021-01-01, stage = 'junior', grade_band = 'junior' }",
        "{ value = 1, from = 2021-01-01 }",
        "{ value = 2, from = 2022-01-01 }",
        "{ value = 5, from = 2020-01-01, district = '990101', stage = 'primary' }",
    ]
    folder(tmp_path, monkeypatch, rules=f"{head}{', '.join(values)}]\n")
    on = date(2026, 3, 2)
    found = [rule("a.b", on, district, grade=grade) for district in ("", "990101") for grade in (1, 6, 7)]
    assert [each.value for each in found] == [2, 2, 4, 5, 5, 4]
    assert rule("a.b", on).value == 2 and rule("a.b", date(2021, 12, 31), stage="primary").value == 1


@pytest.mark.parametrize(("until", "shown"), [("2026-07-03", [40]), ("2026-07-02", [60, 40])])
def test_a_national_value_is_listed_unless_the_districts_own_holds_on_all_its_days(tmp_path, monkeypatch, until, shown):
    head = '[rules."a.b"]\nlabel = "甲"\ntext = "乙"\ndocument = "丙"\nunit = "分"\nvalues = [\n'
    own = f"{{ value = 40, from = 2026-03-02, to = {until}, district = '990101' }}"
    folder(tmp_path, monkeypatch, rules=f"{head}{{ value = 60, from = 2021-01-01 }}, {own}]\n")
    listed = rules_applied(["a.b"], date(2026, 3, 2), date(2026, 7, 3), "990101")
    assert [each.value for each in listed] == shown
