"""No figure gains because a cell that decides is left empty, or because a row of another table cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import small_district as small

from analysis.indicators import Study
from analysis.indicators.crosschecks import unchecked
from analysis.indicators.registered import Registers

DAY = date(2026, 3, 31)


def _measure(folder: Path, id: str, by: str | None = None, **tables: pd.DataFrame) -> Any:
    store, _ = small.store(folder, **tables)
    return Study(district=small.DISTRICT, term=small.TERM, as_of=DAY, store=store).measure(id, by)


def _institutions(codes: str) -> pd.DataFrame:
    rows = [(code, f"机构{code}", "other", "文化和旅游局", "open", date(2025, 9, 1), None, None) for code in codes]
    columns = ["institution", "name", "kind", "authority", "status", "from", "to", "risk"]
    return pd.DataFrame(rows, columns=columns).astype({"to": "datetime64[s]"})


def _deposits(accounts: dict[str, str | None]) -> pd.DataFrame:
    opened = date(2025, 9, 1)
    rows = [(code, "1", 100_000.0, 100_000.0, account, opened, opened) for code, account in accounts.items()]
    return pd.DataFrame(
        rows, columns=["institution", "tier", "required", "balance", "account", "agreed_on", "opened_on"]
    )


def _aside(table: str, rows: int = 1, **known: Any) -> pd.DataFrame:
    """Return `rows` refused rows of a table of whose key no more is known than told."""
    keys = ["term", "school", "grade", "class", "date", "subject", "wave", "role", "pupil"]
    line = {**dict.fromkeys(keys), **known, "table": table, "rows": rows}
    return pd.DataFrame([line]).astype({"grade": "Int64", "date": "datetime64[s]"})


def test_two_on_one_account_are_not_made_one_by_an_empty_cell_or_a_refused_row(tmp_path: Path) -> None:
    """A and B share an account, C and D have their own: 2 of 4. With B's account unknown A may or may not share it."""
    register = _institutions("ABCD")
    shared = _deposits({"A": "x", "B": "x", "C": "y", "D": "z"})
    whole = _measure(tmp_path / "whole", "institutions.own_account", institutions=register, deposits=shared)
    assert (whole.numerator, whole.denominator, whole.bounds) == (2, 4, None)

    emptied = shared.assign(account=["x", None, "y", "z"])
    found = _measure(tmp_path / "emptied", "institutions.own_account", institutions=register, deposits=emptied)
    assert (found.numerator, found.denominator, found.unknown, found.bounds) == (3, 3, 1, (2 / 4, 1.0))

    left, aside = shared.drop(index=1), _aside("deposits")
    found = _measure(
        tmp_path / "refused", "institutions.own_account", institutions=register, deposits=left, refused=aside
    )
    assert (found.numerator, found.denominator, found.unknown, found.bounds) == (3, 3, 1, (2 / 4, 1.0))


def test_an_account_shared_with_an_institution_that_stands_no_more_is_shared(tmp_path: Path) -> None:
    deposits = _deposits({"A": "x", "B": "x", "C": "y"})
    found = _measure(tmp_path, "institutions.own_account", institutions=_institutions("AC"), deposits=deposits)
    assert (found.numerator, found.denominator) == (1, 2)


def test_an_account_that_is_not_told_may_be_a_finding(tmp_path: Path) -> None:
    deposits = _deposits({"A": "x", "B": None})
    found = _measure(tmp_path, "institutions.conflicts", institutions=_institutions("AB"), deposits=deposits)
    assert (found.value, found.unknown, found.bounds) == (0, 1, (0, 2))  # B on A's, and A on B's


def test_a_deposit_that_is_put_aside_may_share_an_account_with_one_that_is_known(tmp_path: Path) -> None:
    """A and B on one account are two findings; without B's row A has its own and B none: one, and two more at most."""
    register, shared = _institutions("AB"), _deposits({"A": "x", "B": "x"})
    whole = _measure(tmp_path / "whole", "institutions.conflicts", institutions=register, deposits=shared)
    assert (whole.value, whole.unknown, whole.bounds) == (2, 0, None)
    left, aside = shared.drop(index=1), _aside("deposits")
    store = {"institutions": register, "deposits": left, "refused": aside}
    found = _measure(tmp_path / "aside", "institutions.conflicts", **store)
    assert (found.value, found.unknown, found.bounds) == (1, 1, (0, 3))  # B may have its own account
    parts = _measure(tmp_path / "by", "institutions.conflicts", "conflict", **store)
    assert parts.only(conflict="no_deposit").bounds == (0, 1)


def test_a_contract_without_lessons_is_not_known_to_keep_their_limit(tmp_path: Path) -> None:
    """Four contracts: one of 90 lessons (the limit is 60), one that does not tell them, two of 20; all else is kept."""
    rows = [(f"K{n}", "A", date(2026, 3, 5), 900.0, n, date(2026, 3, 6), date(2026, 4, 5)) for n in (90, 0, 20, 21)]
    contracts = pd.DataFrame(rows, columns=["contract", "institution", "signed_on", "fee", "lessons", "from", "to"])
    contracts["lessons"] = contracts["lessons"].where(contracts["lessons"] > 0).astype("Int64")
    tables = {"institutions": _institutions("A"), "contracts": contracts}
    within = _measure(tmp_path / "within", "institutions.prepaid_within", **tables)
    assert (within.numerator, within.denominator, within.unknown, within.bounds) == (2, 3, 1, (2 / 4, 3 / 4))
    beyond = _measure(tmp_path / "beyond", "institutions.prepaid_beyond", **tables)
    assert (beyond.value, beyond.unknown, beyond.bounds) == (1, 1, (1, 2))
    parts = _measure(tmp_path / "parts", "institutions.prepaid_beyond", "breach", **tables)
    told = {item.scope.group[0][1]: (item.value, item.unknown, item.bounds) for item in parts}
    assert told["lessons"] == (1, 1, (1, 2))
    assert told["amount"] == (0, 0, None)


def test_a_body_that_states_no_number_leaves_the_share_of_members_open(tmp_path: Path) -> None:
    rows = [
        ("甲", "district", "主任", "教育局", "教育局、财政局等", 5),
        ("乙", "district", "主任", "教育局", "教育局", None),
    ]
    bodies = pd.DataFrame(rows, columns=["body", "level", "head", "office", "members", "stated"])
    found = _measure(tmp_path, "supervision.members_listed", bodies=bodies.astype({"stated": "Int64"}))
    assert (found.numerator, found.denominator, found.unknown, found.bounds) == (2, 5, 1, (0, 1))


@pytest.mark.parametrize("lacking", ["reached", "staff"])
def test_a_measure_of_untold_reach_is_unknown(tmp_path: Path, lacking: str) -> None:
    """North's measure reached 30 of 40; Nine's reached 6 of 60, or it is not told how many, or of how many."""
    relief = pd.DataFrame(
        {
            "term": small.TERM, "school": [small.NORTH, small.NINE], "measure": "减少检查", "date": date(2026, 3, 3),
            "teachers": [30, None if lacking == "reached" else 6],
        }
    ).astype({"teachers": "Int64"})  # fmt: skip
    staff = pd.DataFrame(
        [(small.TERM, small.NORTH, 40, 30), (small.TERM, small.NINE, 60, 50)],
        columns=["term", "school", "teachers", "in_service"],
    )
    staff = staff if lacking == "reached" else staff.iloc[:1]
    found = _measure(tmp_path, "service.relief_use", relief=relief, teachers=staff)
    assert (found.numerator, found.denominator, found.unknown, found.bounds) == (30, 40, 1, (0, 1))


def test_a_payment_of_an_untold_day_may_be_later_than_the_day_looked_at(tmp_path: Path) -> None:
    funds = pd.DataFrame(
        {
            "term": small.TERM, "school": small.NORTH, "batch": ["一", "二"], "applied": 10.0, "granted": 10.0,
            "paid": 10.0, "due": date(2026, 3, 6), "granted_on": date(2026, 3, 2), "paid_on": [date(2026, 3, 5), None],
        }
    ).astype({"paid_on": "datetime64[s]"})  # fmt: skip
    found = _measure(tmp_path, "service.funds_paid", funds=funds)
    assert (found.value, found.unknown, found.bounds) == (1.0, 1, (0, 1))


ITEMS = ("homework_load", "overall")


def _answers() -> pd.DataFrame:
    """Return the answers of North's grades 1 and 2: 8 of each class, of which 6 and 4 are satisfied."""
    rows = [
        ("2026-06", f"{grade}-{place}", item, "parents", "parent", small.NORTH, grade, "1", date(2026, 6, 10), 200, "ok",
         5.0 if place < good else 2.0, None)
        for grade, good in ((1, 6), (2, 4))
        for place in range(8)
        for item in ITEMS
    ]  # fmt: skip
    columns = "wave respondent item questionnaire role school grade class submitted_on seconds state score option"
    return pd.DataFrame(rows, columns=columns.split())


def _survey_figures(folder: Path, **tables: pd.DataFrame) -> dict[str, Any]:
    store, _ = small.store(folder, survey=_answers(), **tables)
    study = Study(district=small.DISTRICT, term=small.TERM, as_of="2026-07-20", store=store)
    names = ("response_rate", "if_silent_against", "if_silent_for", "needed_of_silent")
    return {name: study.measure(f"satisfaction.{name}") for name in names}


def test_a_class_whose_enrolment_was_put_aside_may_be_invited_with_all_its_pupils(tmp_path: Path) -> None:
    """Two classes of 20, 16 answers, 10 satisfied. With one class's size unknown, up to 120 more may be invited."""
    classes = pd.DataFrame(
        [(small.TERM, small.NORTH, 1, "1", 20), (small.TERM, small.NORTH, 2, "1", 20)],
        columns=["term", "school", "grade", "class", "pupils"],
    )
    schools = small.SCHOOLS[:1].assign(last_grade=2)
    whole = _survey_figures(tmp_path / "whole", enrolment=classes, schools=schools)
    assert (whole["response_rate"].value, whole["if_silent_against"].value) == (16 / 40, 10 / 40)
    assert all(each.bounds is None for each in whole.values())
    aside = _aside("enrolment", term=small.TERM, school=small.NORTH, grade=2, **{"class": "1"})
    spoilt = _survey_figures(tmp_path / "spoilt", enrolment=classes.iloc[:1], refused=aside, schools=schools)
    assert spoilt["response_rate"].unknown == 120
    assert spoilt["response_rate"].bounds == (16 / 140, 16 / 20) and spoilt["response_rate"].value == 16 / 140
    assert (spoilt["if_silent_against"].value, spoilt["if_silent_for"].value) == (10 / 140, 134 / 140)
    assert spoilt["if_silent_against"].bounds == (10 / 140, 10 / 20)
    assert spoilt["if_silent_for"].bounds == (14 / 20, 134 / 140)
    # of 140 must 132 be satisfied for 94 %: 122 of the 124 silent; of 20 must 19: 9 of the 4
    assert spoilt["needed_of_silent"].bounds == (122 / 124, 9 / 4)


@pytest.mark.parametrize("by", ["stage", "grade_band", "grade"])
def test_a_stage_answers_for_its_own_pupils(tmp_path: Path, by: str) -> None:
    """Of 20 pupils in grade 1, 20 in grade 2 and 24 in grade 7, 8, 8 and none answered."""
    classes = pd.DataFrame(
        [(small.TERM, small.NORTH, 1, "1", 20), (small.TERM, small.NORTH, 2, "1", 20), (small.TERM, small.NINE, 7, "1", 24)],
        columns=["term", "school", "grade", "class", "pupils"],
    )  # fmt: skip
    store, _ = small.store(tmp_path, survey=_answers(), enrolment=classes)
    study = Study(district=small.DISTRICT, term=small.TERM, as_of="2026-07-20", store=store)
    figures = study.measure("satisfaction.response_rate", by)
    found = [
        (each.numerator, each.denominator - (each.unknown or 0)) for each in figures
    ]  # grades nobody has counted beside
    assert found == {"stage": [(16, 40), (0, 24)], "grade_band": [(16, 40), (0, 24)]}.get(
        by, [(8, 20), (8, 20), (0, 24)]
    )


@pytest.mark.parametrize("by", ["stage", "grade_band", "school"])
def test_before_anybody_has_answered_there_is_no_figure_of_any_group(tmp_path: Path, by: str) -> None:
    store, _ = small.store(tmp_path, survey=_answers())
    study = Study(district=small.DISTRICT, term=small.TERM, as_of="2026-04-10", store=store)
    for id in ("top2", "mean_score", "response_rate", "speeding"):
        assert not study.measure(f"satisfaction.{id}", by).known()


def test_a_field_without_a_course_counts_in_its_stage_too(tmp_path: Path) -> None:
    courses = pd.DataFrame(
        [(small.TERM, small.NORTH, "合唱", 1, "美", 40, 30, None)],
        columns=["term", "school", "course", "weekday", "field", "capacity", "enrolled", "provider"],
    )
    (own,) = _measure(tmp_path, "service.fields", "stage", courses=courses).known()
    assert (own.numerator, own.denominator) == (1, 5)


def test_a_check_is_not_made_without_all_of_its_registers(tmp_path: Path) -> None:
    store, _ = small.store(tmp_path, institutions=_institutions("AB"), deposits=_deposits({"A": "x", "B": "y"}))
    registers = Registers(Study(district=small.DISTRICT, term=small.TERM, as_of=DAY, store=store))
    assert unchecked(registers) == ["blacklisted", "unqualified", "no_notice", "both_lists", "stale_list", "interest"]
