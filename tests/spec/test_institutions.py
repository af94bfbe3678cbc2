"""Off-campus institutions, told in small tables: the register on a day, papers, lists, money, inspections, conflicts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from small_district import DISTRICT, NORTH, TERM, store

from analysis.indicators import Study
from analysis.indicators.crosschecks import count_quoted, findings
from analysis.indicators.institutions import standing
from analysis.indicators.registered import Registers

LETTER = date(2023, 7, 28)
EDUCATION, CULTURE = "区教育局", "区文化和旅游局"


def table(columns: str, *rows: tuple, dates: str = "") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split())
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates.split()})


def institutions(*rows: tuple) -> pd.DataFrame:
    """Rows of code, kind, authority, status, from, to, risk; the name is 模拟<code>."""
    full = [(code, f"模拟{code}", kind, None, *rest) for code, kind, *rest in rows]
    columns = "institution name kind stage authority status from to risk"
    return table(columns, *full, dates="from to")


FOURTEEN = institutions(
    *((f"R{n}", "repeat", EDUCATION, "open", date(2019, 8, 1), None, "A") for n in range(1, 6)),
    *((f"N{n}", "other", EDUCATION, "open", date(2020, 8, 1), date(2022, 12, 31), "A") for n in range(1, 10)),
    *((f"N{n}", "other", CULTURE, "open", date(2023, 1, 1), None, "A") for n in range(1, 10)),
    ("S1", "subject", EDUCATION, "closed", date(2018, 3, 1), date(2021, 12, 31), "C"),
    ("S2", "subject", EDUCATION, "closed", date(2018, 3, 1), None, "C"),
)


def study(folder: Path, as_of: str = "2026-07-20", **tables: pd.DataFrame) -> Study:
    made, snapshot = store(folder, **tables)
    return Study(snapshot.id, district=DISTRICT, term=TERM, as_of=as_of, store=made)


# -- the register on a day -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "repeat", "other", "subject"),
    [
        ("2023-07-28", 5, 9, 0),
        ("2021-12-31", 5, 9, 1),
        ("2022-01-01", 5, 9, 0),
        ("2019-08-01", 5, 0, 1),
        ("2017-01-01", 0, 0, 0),
    ],
)
def test_the_register_on_a_day(on: str, repeat: int, other: int, subject: int) -> None:
    """Both ends count; the closed one without a last day stands on no day; a handed-over one counts once."""
    kinds = standing(FOURTEEN, pd.Timestamp(on))["kind"].value_counts().to_dict()
    assert kinds == {kind: n for kind, n in (("repeat", repeat), ("other", other), ("subject", subject)) if n}


def test_fourteen_is_five_and_nine_at_the_letters_date() -> None:
    day = pd.Timestamp(LETTER)
    assert count_quoted(FOURTEEN, day, 14, {"repeat": 5, "other": 9}) == []
    assert count_quoted(FOURTEEN, day, 14, {"repeat": 5, "other": 8}) == [
        "所列各类之和为13家，与所写的14家不符",
        "所写非学科类8家，当日名册9家",
    ]
    closed = FOURTEEN.copy()
    closed.loc[closed["institution"] == "R1", "to"] = pd.Timestamp("2023-07-27")
    assert count_quoted(closed, day, 14, {"repeat": 5, "other": 9}) == [
        "所写14家，当日名册在册13家",
        "所写全日制高考复读5家，当日名册4家",
    ]


def test_the_count_follows_the_day_looked_at(tmp_path: Path) -> None:
    own = institutions(
        ("A", "other", CULTURE, "open", date(2026, 4, 1), None, "A"),
        ("B", "other", EDUCATION, "open", date(2024, 1, 1), None, "B"),
    )
    found = {
        day: study(tmp_path / day, day, institutions=own).measure("institutions.count").value
        for day in ("2026-03-31", "2026-04-01")
    }
    assert found == {"2026-03-31": 1, "2026-04-01": 2}
    handed = study(tmp_path / "c", "2026-04-01", institutions=own).measure("institutions.handed_over")
    assert (handed.text, handed.scope.start, handed.scope.end) == ("2家中的1家", "2026-04-01", "2026-04-01")


def test_a_schools_study_has_no_figures_of_the_districts_registers(tmp_path: Path) -> None:
    assert study(tmp_path, institutions=FOURTEEN).at(NORTH).measure("institutions.count").estimate.status == "no data"


# -- papers and lists ------------------------------------------------------------------------------------------------


def test_papers_concern_those_that_stood_when_the_first_notice_was_served(tmp_path: Path) -> None:
    notices = table(
        "institution kind date",
        *((f"R{n}", "notice", date(2021, 9, 6)) for n in range(1, 6)),
        *((f"R{n}", "pledge", date(2021, 9, 10)) for n in range(1, 6)),
        ("S1", "pledge", date(2021, 9, 10)),
        ("S2", "notice", date(2027, 1, 1)),
        dates="date",
    )
    own = study(tmp_path, institutions=FOURTEEN, notices=notices)
    assert own.measure("institutions.notices").text == "7家中的5家"  # S1, since closed, and S2 were not told
    assert own.measure("institutions.pledges").text == "7家中的6家"
    assert [row.institution for row in findings(Registers(own)).itertuples() if row.conflict == "no_notice"] == ["S1"]


LISTS = table(
    "institution list from to basis",
    ("R1", "white", date(2026, 1, 15), None, "年检"),
    ("R2", "white", date(2026, 1, 15), date(2026, 5, 19), "年检"),
    ("R2", "black", date(2026, 5, 20), None, "超范围"),
    ("R1", "black", date(2026, 6, 1), None, "超范围"),
    ("S1", "white", date(2020, 1, 1), None, "年检"),
    dates="from to",
)


def test_lists_on_a_day(tmp_path: Path) -> None:
    def listed(day: str) -> tuple[float, float, float]:
        own = study(tmp_path / day, day, institutions=FOURTEEN, lists=LISTS)
        return tuple(
            own.measure("institutions.listed", **where).value for where in ({"list": "white"}, {"list": "black"}, {})
        )

    assert listed("2026-05-19") == (3, 0, 3)
    assert listed("2026-07-20") == (2, 2, 3)  # R1 is on both and counts once


def test_both_lists_and_a_stale_entry_are_found(tmp_path: Path) -> None:
    found = findings(Registers(study(tmp_path, institutions=FOURTEEN, lists=LISTS)))
    assert set(zip(found["conflict"], found["institution"], strict=True)) == {
        ("both_lists", "R1"),
        ("stale_list", "S1"),
    }


# -- money -----------------------------------------------------------------------------------------------------------

THREE = institutions(*((code, "other", CULTURE, "open", date(2023, 1, 1), None, "A") for code in ("A", "B", "C", "D")))
DEPOSITS = table(
    "institution tier required balance bank account agreed_on opened_on",
    ("A", "1", 100_000.0, 100_000.0, None, "h1", date(2022, 12, 20), date(2023, 1, 1)),
    ("B", "2", 200_000.0, 150_000.0, None, "h2", date(2023, 1, 10), date(2023, 1, 1)),
    ("C", "3", 400_000.0, 500_000.0, None, "h2", None, date(2023, 1, 1)),
    dates="agreed_on opened_on",
)


def test_deposits_against_their_tiers(tmp_path: Path) -> None:
    own = study(tmp_path, institutions=THREE, deposits=DEPOSITS)
    coverage = own.measure("institutions.deposit_coverage")
    assert (coverage.numerator, coverage.denominator) == (2, 4)  # D has no account and is not left out
    assert own.measure("institutions.deposit_shortfall").text == "5.00万元"
    assert own.measure("institutions.deposit_on_tier").text == "3家中的2家"  # C is asked for 400,000 in tier three
    assert own.measure("institutions.deposit_before_opening").text == "3家中的1家"
    assert own.measure("institutions.own_account").text == "3家中的1家"
    found = findings(Registers(own))
    assert sorted(found.loc[found["conflict"] == "no_deposit", "institution"]) == ["B", "C", "D"]
    assert sorted(found.loc[found["conflict"] == "shared_account", "institution"]) == ["B", "C"]


CONTRACT = "contract institution signed_on fee lessons from to"
KEPT = ("c", "A", date(2026, 3, 10), 5000.0, 60, date(2026, 3, 20), date(2026, 6, 20))


def changed(**cells: object) -> tuple:
    return tuple({**dict(zip(CONTRACT.split(), KEPT, strict=True)), **cells}.values())


@pytest.mark.parametrize(
    ("cells", "breach"),
    [
        ({}, None),
        ({"to": date(2026, 6, 21)}, "时间跨度超限"),
        ({"lessons": 61}, "课时超限"),
        ({"fee": 5000.5}, "金额超限"),
        ({"from": date(2026, 4, 11), "to": date(2026, 5, 11)}, "收费过早"),
        ({"to": None}, "没有截止日期"),
    ],
)
def test_a_prepaid_contract_within_the_limits_of_its_day(tmp_path: Path, cells: dict, breach: str | None) -> None:
    own = study(tmp_path, institutions=THREE, contracts=table(CONTRACT, changed(**cells), dates="signed_on from to"))
    assert own.measure("institutions.prepaid_within").text == ("有" if breach is None else "无")
    counted = {item.group_label: item.value for item in own.measure("institutions.prepaid_beyond", by="breach")}
    assert [name for name, number in counted.items() if number] == ([breach] if breach else [])


@pytest.mark.parametrize(("day", "limit"), [("2022-12-07", None), ("2022-12-08", 5000)])
def test_the_amount_is_limited_from_december_2022(tmp_path: Path, day: str, limit: float | None) -> None:
    own = Registers(study(tmp_path, institutions=THREE))
    assert own.rule("prepaid.amount", date.fromisoformat(day), kind="non_subject") == limit


# -- inspections -----------------------------------------------------------------------------------------------------

INSPECTIONS = table(
    "round institution inspectors date result deadline mended_on published_on",
    ("1", "A", "J1、J2", date(2026, 3, 18), "passed", None, None, date(2026, 4, 16)),
    ("1", "B", "J1、J3", date(2026, 3, 18), "mend", date(2026, 4, 8), date(2026, 4, 8), date(2026, 4, 17)),
    ("1", "C", "J2、J3", date(2026, 3, 18), "mend", date(2026, 4, 8), None, None),
    dates="date deadline mended_on published_on",
)


@pytest.mark.parametrize(
    ("as_of", "rectified", "overdue", "published"),
    [
        ("2026-04-08", "2家次中的1家次", 0, "—"),
        ("2026-04-09", "2家次中的1家次", 1, "—"),
        ("2026-04-16", "2家次中的1家次", 1, "有"),
        ("2026-04-20", "2家次中的1家次", 1, "3家次中的1家次"),
    ],
)
def test_results_and_rectifications_are_followed_to_their_deadlines(
    tmp_path: Path, as_of: str, rectified: str, overdue: int, published: str
) -> None:
    """Twenty working days after 18 March 2026 end on 16 April: 6 April is a holiday (Qingming)."""
    own = study(tmp_path, as_of, institutions=THREE, inspections=INSPECTIONS)
    assert own.measure("institutions.inspected").text == "4家中的3家"
    assert own.measure("institutions.rectified").text == rectified
    assert own.measure("institutions.rectification_overdue").value == overdue
    assert own.measure("institutions.published_in_time").text == published


def test_an_inspector_with_an_interest_is_found(tmp_path: Path) -> None:
    people = table("inspector office interests", ("J1", "甲局", "B、Z"), ("J2", "甲局", None), ("J3", "乙局", "A"))
    found = findings(Registers(study(tmp_path, institutions=THREE, inspections=INSPECTIONS, inspectors=people)))
    own = found[found["conflict"] == "interest"]
    assert own[["institution", "detail"]].to_numpy().tolist() == [
        ["B", "1派出的检查人员有一名应回避而没有回避，人员见检查结果表"]
    ]


# -- providers of courses and authorities ----------------------------------------------------------------------------


def test_providers_on_the_day_of_a_course(tmp_path: Path) -> None:
    """Mondays from 2 March: 模拟A is black from 16 to 29 March (two Mondays), P2 is qualified from 9 March on."""
    courses = table(
        "term school course weekday field capacity enrolled provider",
        (TERM, NORTH, "合唱", 1, "美", 40, 30, "P1"),
        (TERM, NORTH, "编程", 1, "智", 20, 20, "P2"),
        (TERM, NORTH, "篮球", 1, "体", 20, 20, None),
    )
    providers = table(
        "provider name qualified_from qualified_to",
        ("P1", "模拟A", date(2025, 1, 1), None),
        ("P2", "模拟乙", date(2026, 3, 9), None),
        dates="qualified_from qualified_to",
    )
    lists = table(
        "institution list from to basis",
        ("A", "black", date(2026, 3, 16), date(2026, 3, 29), "超范围"),
        dates="from to",
    )
    own = study(tmp_path, institutions=THREE, courses=courses, providers=providers, lists=lists)
    found = findings(Registers(own)).query("conflict in ('blacklisted', 'unqualified')")
    assert found[["conflict", "name", "school", "detail"]].to_numpy().tolist() == [
        ["blacklisted", "模拟A", NORTH, "课程“合唱”在列入黑名单期间有2个上课日"],
        ["unqualified", "模拟乙", NORTH, "课程“编程”在提供方没有有效资质的情况下有1个上课日"],
    ]
    assert own.measure("institutions.conflicts", conflict="blacklisted").value == 1


def test_handed_over_but_still_under_the_old_authority(tmp_path: Path) -> None:
    own = institutions(
        ("A", "other", EDUCATION, "open", date(2024, 1, 1), None, "A"),
        ("A", "other", CULTURE, "open", date(2026, 4, 1), None, "A"),
        ("B", "other", EDUCATION, "open", date(2024, 1, 1), None, "A"),
    )
    found = findings(Registers(study(tmp_path, institutions=own)))
    assert found[["conflict", "institution"]].to_numpy().tolist() == [["old_authority", "A"], ["not_handed_over", "B"]]
    before = findings(Registers(study(tmp_path / "b", "2026-03-31", institutions=own)))
    assert set(before["conflict"]) == {"not_handed_over"}
