"""First and last days, the order of terms, edited files, whose day an entry is: the edges of rules and of the calendar."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from rules_helpers import TERMS, folder

from analysis.house import UserError
from analysis.rules import calendar, rule, rules, rules_applied, school_days, stage_of, term_ids, term_of, terms
from analysis.rules.rule import Rule

COMPLETE = "complete = [2027]\n"


def edited(file: Path, text: str) -> None:
    """Write a file anew, a second after it was last written."""
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


def term(name: str, start: str, end: str) -> str:
    return f'[[term]]\nterm = "{name}"\nstart = {start}\nend = {end}\n'


def test_the_last_day_asked_for_is_among_the_school_days(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=COMPLETE)
    one = calendar("t")  # Monday 1 to Sunday 7 March 2027
    assert [day.day for day in one.school_days(date(2027, 3, 3))["date"]] == [1, 2, 3]
    assert [day.day for day in one.school_days(date(2027, 3, 7))["date"]] == [1, 2, 3, 4, 5]
    assert one.school_days(date(2027, 2, 28)).empty and len(one.school_days()) == 5


def test_a_term_of_one_day(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, terms=term("d", "2027-03-03", "2027-03-03"), calendar=COMPLETE)
    one = calendar("d")
    assert (one.term, one.label, one.start, one.end) == ("d", "d", date(2027, 3, 3), date(2027, 3, 3))
    assert one.days.iloc[0].tolist()[1:] == [1, 3, True, False, ""] and len(one.days) == 1  # a Wednesday


def test_terms_are_told_in_the_order_of_their_first_days(tmp_path, monkeypatch) -> None:
    """Neither in that of the file, nor of the ids, nor of the last days."""
    listed = [("b", "2027-03-01", "2027-07-09"), ("c", "2026-09-01", "2027-01-15"), ("a", "2027-04-01", "2027-06-01")]
    folder(tmp_path, monkeypatch, terms="".join(term(*each) for each in listed), calendar=COMPLETE)
    assert term_ids() == ("c", "b", "a") and [name for name, _, _ in terms()] == ["c", "b", "a"]
    assert terms()[0] == ("c", date(2026, 9, 1), date(2027, 1, 15))
    days = [date(2026, 9, 1), date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 1)]
    assert [term_of(day) for day in days] == ["c", "c", "b", "b", "a"]
    with pytest.raises(UserError, match="2026-08-31 之前开始的学期"):
        term_of(date(2026, 8, 31))


def test_an_unknown_term_is_told_with_those_that_are_known(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, terms=TERMS + term("u", "2027-03-08", "2027-03-09"), calendar=COMPLETE)
    with pytest.raises(UserError, match=r"学期“x”.*已有：t、u。"):
        calendar("x")
    edited(tmp_path / "data" / "reference" / "terms.toml", "")
    with pytest.raises(UserError, match=r"学期“t”.*已有：（空）。"):
        calendar("t")


def test_an_edited_table_is_read_again(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=COMPLETE)
    before = calendar("t")
    assert calendar("t") is before and len(before.school_days()) == 5
    edited(tmp_path / "data" / "reference" / "calendar.toml", f"{COMPLETE}[[holiday]]\ndate = 2027-03-02\n")
    assert len(calendar("t").school_days()) == 4
    edited(tmp_path / "data" / "reference" / "terms.toml", TERMS.replace("03-07", "03-03"))
    assert [day.day for day in calendar("t").school_days()["date"]] == [1, 3]


def test_calendars_are_alike_by_their_term_and_show_no_days(tmp_path, monkeypatch) -> None:
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=COMPLETE)
    whole, cut = calendar("t"), calendar("t", until=date(2027, 3, 2))
    assert whole == cut and whole is not cut and len(cut.days) == 2
    assert "label='学期'" in repr(whole) and "days" not in repr(whole)


def test_a_project_without_a_table_of_days_knows_the_public_holidays(tmp_path, monkeypatch) -> None:
    """30 April to 9 May 2026: 1 to 5 May are the Labour Day's, Saturday 9 May is made up for them."""
    folder(tmp_path, monkeypatch, terms=term("m", "2026-04-30", "2026-05-10"))
    days = calendar("m").days.set_index("date")
    assert days["note"].tolist() == ["", *["劳动节"] * 5, "", "", "", "调休上课", ""]
    assert days["school_day"].tolist() == [True, *[False] * 5, True, True, True, True, False]
    assert [day.day for day, made in days["makeup"].items() if made] == [9]
    assert days["weekday"].tolist() == [4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]
    assert days["week"].tolist() == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]


@pytest.mark.parametrize("weekday", range(1, 8))
def test_a_day_may_stand_for_any_of_the_seven(tmp_path, monkeypatch, weekday: int) -> None:
    made = f'[[makeup]]\nname = "补课"\ndate = 2027-03-06\nweekday = {weekday}\n'
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=COMPLETE + made)
    row = calendar("t").days.iloc[5]
    assert (row["weekday"], row["school_day"], row["makeup"], row["note"]) == (weekday, True, True, "补课")


def test_the_days_of_other_districts_do_not_hide_those_that_follow(tmp_path, monkeypatch) -> None:
    other = '[[holiday]]\ndate = 2027-03-02\ndistrict = "140302"\n[[holiday]]\ndate = 2027-03-03\n'
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=COMPLETE + other)
    found = {
        place: [day.day for day in calendar("t", place).school_days()["date"]] for place in ("", "990101", "140302")
    }
    assert found == {"": [1, 2, 4, 5], "990101": [1, 2, 4, 5], "140302": [1, 4, 5]}


def test_a_later_kind_goes_before_an_earlier_one_on_one_day(tmp_path, monkeypatch) -> None:
    """Of two general entries on one day the later in the order holiday, makeup, school day holds."""
    both = "[[school_day]]\nfrom = 2027-03-05\nto = 2027-03-06\n[[holiday]]\nfrom = 2027-03-04\nto = 2027-03-06\n"
    folder(tmp_path, monkeypatch, terms=TERMS, calendar=COMPLETE + both)
    assert [day.day for day in school_days(date(2027, 3, 1), date(2027, 3, 7))] == [1, 2, 3, 5, 6]
    assert school_days(date(2027, 3, 2), date(2027, 3, 1)) == []
    assert school_days(date(2027, 3, 4), date(2027, 3, 4)) == []


HEAD = '[rules."{}"]\nlabel = "甲"\ntext = "乙"\ndocument = "丙"\nunit = "分"\n'


def test_edited_rules_are_read_again(tmp_path, monkeypatch) -> None:
    text = HEAD.format("a.b") + "values = [{ value = 60, from = 2021-01-01 }]\n"
    folder(tmp_path, monkeypatch, rules=text)
    assert rule("a.b", date(2026, 3, 2)).value == 60 and rules() is rules()
    edited(tmp_path / "data" / "reference" / "rules.toml", text.replace("60", "50"))
    assert rule("a.b", date(2026, 3, 2)).value == 50
    other = tmp_path / "other.toml"
    other.write_text(text.replace("60", "40"), encoding="utf-8")
    assert [each.value for each in rules(other)] == [40]


def test_a_rule_made_by_hand_is_a_sure_national_one_without_end() -> None:
    one = Rule("a.b", "甲", "乙", "丙", 60, "分", date(2021, 1, 1))
    assert (one.end, one.where, one.district, one.sure) == (None, (), "", True)
    assert [one.holds(day) for day in (date(2020, 12, 31), date(2021, 1, 1), date(2099, 1, 1))] == [False, True, True]


def test_a_value_may_be_worded_and_doubted_by_itself(tmp_path, monkeypatch) -> None:
    own = 'label = "丁", text = "戊", document = "己", unit = "秒"'
    values = (
        f"{{ value = 1, from = 2021-01-01, to = 2021-12-31 }}, {{ value = 2, from = 2022-01-01, {own}, sure = true }}"
    )
    folder(tmp_path, monkeypatch, rules=f"{HEAD.format('a.b')}sure = false\nvalues = [{values}]\n")
    first, second = rules()
    assert (first.label, first.text, first.document, first.unit, first.sure) == ("甲", "乙", "丙", "分", False)
    assert (second.label, second.text, second.document, second.unit, second.sure) == ("丁", "戊", "己", "秒", True)
    assert (first.end, second.end) == (date(2021, 12, 31), None)


def test_grades_belong_to_two_stages() -> None:
    assert [stage_of(grade) for grade in range(1, 10)] == ["primary"] * 6 + ["junior"] * 3
    for grade in (0, 10, -1):
        with pytest.raises(UserError, match=f"年级“{grade}”"):
            stage_of(grade)


def test_rules_are_listed_in_the_order_asked_for_and_once(tmp_path, monkeypatch) -> None:
    value = "values = [{ value = 1, from = 2021-01-01 }]\n"
    other = "values = [{ value = 2, from = 2021-01-01, to = 2026-03-02 }, { value = 3, from = 2026-07-03 }]\n"
    own = "values = [{ value = 4, from = 2021-01-01, district = '140302' }]\n"
    folder(
        tmp_path,
        monkeypatch,
        rules="".join(HEAD.format(name) + text for name, text in (("a.a", value), ("b.b", other), ("c.c", own))),
    )
    span = date(2026, 3, 2), date(2026, 7, 3)
    assert [each.value for each in rules_applied(["b.b", "a.a", "b.b", "c.c"], *span)] == [2, 3, 1]
    assert [each.value for each in rules_applied(["c.c", "a.a"], *span, "140302")] == [4, 1]
    assert [each.value for each in rules_applied(["b.b"], date(2026, 3, 3), date(2026, 7, 2))] == []
    assert rules_applied([], *span) == ()


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("from = 2026-03-02, to = 2026-07-03", [40]),  # all days of the page
        ("from = 2026-03-03", [60, 40]),  # all but the first
    ],
)
def test_a_district_s_value_displaces_the_national_one_on_all_days_or_not(tmp_path, monkeypatch, own, shown) -> None:
    values = f"{{ value = 60, from = 2021-01-01 }}, {{ value = 40, {own}, district = '990101' }}"
    folder(tmp_path, monkeypatch, rules=f"{HEAD.format('a.b')}values = [{values}]\n")
    listed = rules_applied(["a.b"], date(2026, 3, 2), date(2026, 7, 3), "990101")
    assert [each.value for each in listed] == shown


def test_a_value_under_other_conditions_displaces_nothing(tmp_path, monkeypatch) -> None:
    values = (
        "{ value = 60, from = 2021-01-01 }, { value = 40, from = 2021-01-01, stage = 'junior', district = '990101' }"
    )
    folder(tmp_path, monkeypatch, rules=f"{HEAD.format('a.b')}values = [{values}]\n")
    listed = rules_applied(["a.b"], date(2026, 3, 2), date(2026, 7, 3), "990101")
    assert [each.value for each in listed] == [60, 40]
    day = date(2026, 3, 2)
    assert [rule("a.b", day, "990101", grade=grade).value for grade in (6, 7)] == [60, 40]
    assert rule("a.b", day, "990101", stage="junior").value == 40 and rule("a.b", day, "990101").value == 60
