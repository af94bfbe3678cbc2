"""Registers held against each other: each check on a few rows, just at and just beyond the day on which it turns."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import DAYS, A, FakeSource, aside, day, fake_study, statistic

from analysis.indicators import crosschecks
from analysis.indicators.crosschecks import COLUMNS, count_quoted, findings, unchecked
from analysis.indicators.registry import bindings

EDUCATION, CULTURE = "区教育局", "区文化和旅游局"
DATES = ["from", "to", "date", "agreed_on", "opened_on", "qualified_from", "qualified_to", "deadline", "mended_on"]


def rows(columns: str, *told: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(list(told), columns=columns.split())
    for name in [each for each in DATES if each in frame.columns]:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def institutions(*told: tuple) -> pd.DataFrame:
    """Code, kind, authority, first and last day; all are open, and called 模拟<code>."""
    return rows(
        "institution name kind authority status from to risk",
        *(
            (code, f"模拟{code}", kind, authority, "open", start, end, "A")
            for code, kind, authority, start, end in told
        ),
    )


class FakeRegisters(dict):
    """Registers as they are written down here, on the ninth of March 2026 (a Monday)."""

    def __init__(self, **tables: pd.DataFrame) -> None:
        super().__init__(tables)
        self.on, self.start, self.study = date(2026, 3, 9), date(2026, 3, 1), SimpleNamespace(days=DAYS)

    day = property(lambda self: pd.Timestamp(self.on))

    def has(self, name: str) -> bool:
        return name in self

    def rule(self, id: str, on: date, **where: Any) -> float:
        return {"small": 1.0, "medium": 2.0, "large": 5.0}[where["kind"]]


def found(conflict: str, *columns: str, **tables: pd.DataFrame) -> list[list[Any]]:
    """Return what one check finds, and make sure that it was made."""
    registers: Any = FakeRegisters(**tables)
    assert conflict not in unchecked(registers)
    own = findings(registers).query("conflict == @conflict")
    return own[list(columns)].to_numpy().tolist()


OLD, NEW = day(1) - pd.Timedelta(days=999), day(4)


# -- all of them -----------------------------------------------------------------------------------------------------


def test_without_registers_nothing_is_checked_and_nothing_found() -> None:
    registers: Any = FakeRegisters()
    assert list(findings(registers).columns) == COLUMNS and findings(registers).empty
    assert unchecked(registers) == list(crosschecks.LABELS["conflict"])
    registers = FakeRegisters(lists=rows("institution list from to"), notices=rows("institution kind date"))
    made = {"no_notice", "both_lists"}
    assert set(unchecked(registers)) == set(crosschecks.LABELS["conflict"]) - made and findings(registers).empty


def test_a_finding_has_the_latest_name_of_its_institution_else_its_code() -> None:
    register = institutions(("A", "other", EDUCATION, OLD, day(3)), ("A", "other", EDUCATION, NEW, None))
    register["name"] = ["旧名", "新名"]
    notices = rows("institution kind date", ("A", "pledge", day(2)), ("X", "pledge", day(9)))
    registers: Any = FakeRegisters(institutions=register, notices=notices)
    told = findings(registers).query("conflict == 'no_notice'")
    assert told[["institution", "name", "school", "day"]].to_numpy().tolist() == [
        ["A", "新名", "", day(2)],
        ["X", "X", "", day(9)],
    ]
    assert list(told.columns) == COLUMNS and told["day"].dtype.kind == "M"


def test_the_findings_are_counted_one_by_one() -> None:
    notices = rows("institution kind date", ("A", "pledge", day(2)), ("B", "pledge", day(9)))
    registers: Any = FakeRegisters(notices=notices)
    assert crosschecks.conflicts(registers)["numerator"].tolist() == [1, 1]
    assert bindings()["institutions.conflicts"].dimensions == ("conflict",)


def test_the_findings_are_measured_by_the_registers_that_there_are_and_each_row_refused_may_make_or_undo_one() -> None:
    notices = rows("institution kind date", ("A", "pledge", day(2)), ("B", "pledge", day(9)))
    source = FakeSource(aside={"notices": aside((None, None, None, None, 2), (None, None, None, None, 3))})
    snapshot = SimpleNamespace(tables=("notices",), frame=lambda name, school="": notices)
    start = SimpleNamespace(start=date(2026, 3, 2))
    told = fake_study(source, snapshot=snapshot, scope=statistic(1.0).scope, calendar=start, as_of=date(2026, 3, 9))
    entry = SimpleNamespace(
        tables=("notices", "lists"), kept_by="district", rule="", period="date", grades=(), direction="lower", ceiling=0
    )
    (found,) = bindings()["institutions.conflicts"].function(told, entry, (), {})
    assert (found.estimate.value, found.unknown, found.bounds) == (2, 5, (0, 7))  # notices, or pledges without one
    (one,) = bindings()["institutions.conflicts"].function(told, entry, (), {"conflict": "no_deposit"})
    assert one.estimate.value == 0


def test_a_deposit_without_an_account_may_share_one() -> None:
    deposits = rows(
        "institution tier required balance account agreed_on opened_on",
        ("A", "1", 1, 1, None, NEW, NEW),
        ("B", "1", 1, 1, "h", NEW, NEW),
    )
    register = institutions(("A", "other", EDUCATION, OLD, None), ("B", "other", EDUCATION, OLD, None))
    registers: Any = FakeRegisters(institutions=register, deposits=deposits)
    assert crosschecks._unseen(registers)[["institution", "conflict"]].to_numpy().tolist() == [["A", "shared_account"]]
    for name in ("institutions", "deposits"):
        alone: Any = FakeRegisters(**{name: registers[name]})
        assert crosschecks._unseen(alone).empty and list(crosschecks._unseen(alone).columns) == ["conflict"]


# -- courses ---------------------------------------------------------------------------------------------------------

COURSES = rows(
    "school course weekday provider",
    (A, "合唱", 1, "P1"),
    (A, "合唱", 2, "模拟甲"),
    (A, "篮球", 3, None),
    (A, "茶艺", 5, "不明"),
)


def providers(start: Any, end: Any) -> pd.DataFrame:
    return rows("provider name qualified_from qualified_to", ("P1", "模拟甲", start, end), ("P1", "别名", OLD, None))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [  # Mondays are the second and the ninth, the Tuesdays a day later; all four are taught by P1, once told by its name
        (OLD, None, 0),
        (day(2), day(10), 0),
        (day(3), day(10), 1),
        (day(2), day(9), 1),
        (day(3), day(9), 2),
        (None, None, 4),
        (OLD, day(1), 4),
    ],
)
def test_a_provider_is_qualified_from_its_first_day_to_its_last(start: Any, end: Any, days: int) -> None:
    told = found(
        "unqualified",
        "school",
        "institution",
        "name",
        "day",
        "detail",
        courses=COURSES,
        providers=providers(start, end),
    )
    assert told[-1] == [A, "不明", "不明", day(6), "课程“茶艺”在提供方没有有效资质的情况下有1个上课日"]
    assert [each[-1] for each in told[:-1]] == (
        [f"课程“合唱”在提供方没有有效资质的情况下有{days}个上课日"] if days else []
    )
    first = ["模拟甲", "模拟甲", day(10)] if (start, end) == (day(2), day(9)) else ["P1", "模拟甲", day(2)]
    assert not days or told[0][1:4] == first


@pytest.mark.parametrize(
    ("entry", "days", "first"),
    [
        (("J", "black", OLD, None), 4, 2),
        (("J", "black", day(3), day(9)), 2, 3),
        (("J", "black", day(2), day(2)), 1, 2),
        (("J", "black", day(4), day(8)), 0, 0),
        (("J", "white", OLD, None), 0, 0),
        (("K", "black", OLD, None), 0, 0),
    ],
)
def test_a_provider_on_the_black_list_on_the_day_of_a_course(entry: tuple, days: int, first: int) -> None:
    register = institutions(("J", "other", CULTURE, OLD, None)).assign(name="模拟甲")
    tables = {"courses": COURSES, "providers": providers(OLD, None), "institutions": register}
    told = found(
        "blacklisted",
        "institution",
        "name",
        "school",
        "day",
        "detail",
        lists=rows("institution list from to", entry),
        **tables,
    )
    assert told == ([["J", "模拟甲", A, day(first), f"课程“合唱”在列入黑名单期间有{days}个上课日"]] if days else [])


# -- authorities, money, papers, lists -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old_ends", "new_begins", "told"),
    [
        (None, day(9), True),
        (day(9), day(9), True),
        (day(8), day(9), False),
        (None, day(10), False),  # not yet handed over
    ],
)
def test_an_entry_under_the_old_authority_has_to_end(old_ends: Any, new_begins: Any, told: bool) -> None:
    register = institutions(
        ("A", "other", CULTURE, new_begins, None),
        ("A", "other", EDUCATION, OLD, old_ends),
        ("B", "other", EDUCATION, OLD, None),
    )
    said = found("old_authority", "institution", "day", "detail", institutions=register)
    assert said == ([["A", new_begins, f"已移交{CULTURE}，仍在{EDUCATION}名下"]] if told else [])


def test_a_new_authority_that_has_ended_is_none() -> None:
    register = institutions(("A", "other", EDUCATION, OLD, None), ("A", "other", CULTURE, day(2), day(8)))
    assert found("old_authority", "institution", institutions=register) == []


@pytest.mark.parametrize("register", [institutions(), institutions(("A", "other", CULTURE, day(10), None))])
def test_where_no_institution_stands_there_is_no_conflict_of_authorities(register: pd.DataFrame) -> None:
    assert found("old_authority", "institution", institutions=register) == []
    assert found("not_handed_over", "institution", institutions=register) == []


def test_a_non_subject_institution_under_the_education_bureau() -> None:
    register = institutions(
        ("A", "other", EDUCATION, OLD, None), ("B", "subject", EDUCATION, OLD, None), ("C", "other", CULTURE, OLD, None), ("D", "other", EDUCATION, OLD, day(8))
    )  # fmt: skip
    told = found("not_handed_over", "institution", "detail", institutions=register)
    assert told == [["A", f"非学科类，仍由{EDUCATION}主管"]]
    assert pd.isna(found("not_handed_over", "day", institutions=register)[0][0])


def test_a_deposit_is_agreed_by_the_day_of_opening() -> None:
    names = "ABCDE"
    register = institutions(*((each, "other", CULTURE, OLD, day(8) if each == "E" else None) for each in names))
    deposits = rows(
        "institution balance account agreed_on opened_on",
        ("A", 1.0, "a", day(4), day(4)), ("B", 1.0, "b", day(5), day(4)), ("C", 0.0, "c", None, day(4)), ("E", 1.0, "e", None, day(4)),
    )  # fmt: skip
    told = found("no_deposit", "institution", "day", "detail", institutions=register, deposits=deposits)
    assert told == [
        ["D", OLD, "没有保证金账户"],
        ["B", day(4), "开办时还没有三方协议"],
        ["C", day(4), "开办时还没有三方协议"],
    ]


def test_all_on_one_account_are_named_to_each_other() -> None:
    some = ("institution account", ("C", "h"), ("A", "h"), ("B", "k"), ("X", "h"), ("D", None), ("E", None))
    deposits = rows(*some)  # type: ignore[arg-type]
    register = institutions(*((each, "other", CULTURE, OLD, None) for each in "ABC"))
    told = found("shared_account", "institution", "detail", deposits=deposits)
    assert told == [["A", "与C、X共用账户"], ["C", "与A、X共用账户"], ["X", "与A、C共用账户"]]
    named = found(
        "shared_account",
        "institution",
        "name",
        "detail",
        institutions=register,
        deposits=deposits.assign(balance=1.0, agreed_on=OLD, opened_on=NEW),
    )
    assert named[0] == ["A", "模拟A", "与模拟C、X共用账户"]


def test_two_on_one_account_are_named_to_each_other() -> None:
    deposits = rows("institution account", ("B", "k"), ("A", "h"), ("F", "k"))
    told = found("shared_account", "institution", "detail", deposits=deposits)
    assert told == [["B", "与F共用账户"], ["F", "与B共用账户"]]


def test_a_pledge_needs_a_notice_by_the_day() -> None:
    notices = rows(
        "institution kind date",
        ("A", "notice", day(9)), ("A", "pledge", day(2)), ("B", "pledge", day(9)), ("C", "pledge", day(10)), ("D", "notice", day(2)),
        ("E", "pledge", day(3)), ("E", "notice", day(10)),
    )  # fmt: skip
    told = found("no_notice", "institution", "day", "detail", notices=notices)
    assert told == [["B", day(9), "签了承诺书而没有送达通知的登记"], ["E", day(3), "签了承诺书而没有送达通知的登记"]]


def test_on_both_lists_at_once_from_the_later_day_on() -> None:
    lists = rows(
        "institution list from to",
        ("A", "white", day(2), None), ("A", "black", day(4), day(9)), ("B", "white", day(2), day(8)), ("B", "black", day(4), None),
        ("C", "white", day(2), None), ("C", "white", day(3), None), ("D", "white", day(2), None), ("D", "black", day(10), None),
    )  # fmt: skip
    assert found("both_lists", "institution", "day", "detail", lists=lists) == [["A", day(4), "同时在白名单与黑名单上"]]


def test_a_listed_institution_has_to_stand() -> None:
    register = institutions(("A", "other", CULTURE, OLD, day(8)), ("B", "other", CULTURE, OLD, day(9)))
    lists = rows(
        "institution list from to", *((each, "white", day(3), None) for each in "ABX"), ("A", "black", day(10), None)
    )
    told = found("stale_list", "institution", "day", "detail", institutions=register, lists=lists)
    assert told == [["A", day(3), "已不在册而仍在名单上"], ["X", day(3), "已不在册而仍在名单上"]]


def test_an_inspector_stays_away_from_where_he_has_an_interest() -> None:
    people = rows("inspector interests", ("J1", "B、Z"), ("J2", None), ("J3", "A"))
    inspections = rows(
        "round institution inspectors date result",
        ("1", "A", "J1、J2", day(4), "passed"), ("2", "B", "J3、J1", day(9), "mend"), ("3", "B", "J1", day(10), "mend"), ("4", "A", "J3", day(1), "passed"),
        ("5", "Z", "J2", day(4), "passed"),
    )  # fmt: skip
    told = found(
        "interest",
        "institution",
        "day",
        "detail",
        inspections=inspections,
        inspectors=people,
        institutions=institutions(),
    )
    said = "派出的检查人员有一名应回避而没有回避，人员见检查结果表"
    assert told == [["B", day(9), f"2{said}"], ["A", day(1), f"4{said}"]]


# -- a count in a letter ---------------------------------------------------------------------------------------------

REGISTER = institutions(
    ("A", "other", CULTURE, OLD, None), ("B", "other", CULTURE, OLD, None), ("S", "subject", EDUCATION, OLD, day(8))
)


@pytest.mark.parametrize(
    ("on", "total", "parts", "said"),
    [
        (9, 2, {"other": 2}, []),
        (9, 2, {"other": 2, "subject": 0}, []),
        (8, 3, {"other": 2, "subject": 1}, []),
        (9, 3, {"other": 2, "subject": 1}, ["所写3家，当日名册在册2家", "所写学科类1家，当日名册0家"]),
        (9, 2, {"other": 1}, ["所列各类之和为1家，与所写的2家不符", "所写非学科类1家，当日名册2家"]),
        (9, 1, {"other": 2}, ["所列各类之和为2家，与所写的1家不符", "所写1家，当日名册在册2家"]),
        (9, 0, {}, ["所写0家，当日名册在册2家"]),
    ],
)
def test_a_count_quoted_is_held_against_the_register_of_its_day(
    on: int, total: int, parts: dict[str, int], said: list[str]
) -> None:
    assert count_quoted(REGISTER, day(on), total, parts) == said
