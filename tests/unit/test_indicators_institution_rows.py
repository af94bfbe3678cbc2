"""Institutions, their papers, lists, money and inspections, row by row: what counts on the day, before and after it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from registers_by_hand import AFTER, BEFORE, DAY, START, Registers, counted, shares, table

from analysis.indicators import inspections, institutions, money

NONE = None
OLD = date(2020, 1, 1)
EDUCATION, CULTURE = "区教育局", "区文化局"
REGISTER = table(
    "institution kind authority status from to risk",
    ("a", "other", CULTURE, "open", OLD, NONE, "A"),
    ("b", "other", EDUCATION, "open", OLD, DAY, "B"),
    ("c", "subject", EDUCATION, "closed", OLD, BEFORE, "C"),
    ("d", "repeat", EDUCATION, "open", DAY, NONE, "A"),
    ("e", "repeat", EDUCATION, "open", AFTER, NONE, "A"),
    ("f", "subject", EDUCATION, "closed", OLD, NONE, "C"),
)


def test_institutions_are_counted_as_they_stand_on_the_day() -> None:
    own = Registers(institutions=REGISTER)
    rows = institutions.count(own)
    assert counted(rows, "institution", "training") == [
        ("a", "other", 1, 1), ("b", "other", 1, 1), ("d", "repeat", 1, 1),
    ]  # fmt: skip
    assert counted(institutions.handed_over(own), "institution") == [("a", 1, 1), ("b", 0, 1)]


def test_papers_are_owed_by_those_that_stood_at_the_first_notice_and_that_the_suspension_concerns() -> None:
    notices = table(
        "institution kind date",
        ("c", "notice", date(2026, 3, 5)), ("a", "notice", DAY), ("d", "pledge", DAY), ("c", "pledge", AFTER),
        ("f", "pledge", date(2026, 3, 6)),
    )  # fmt: skip
    own = Registers(institutions=REGISTER, notices=notices)
    # on 5 March c and f of the subjects stood (a closed one too, then); d began later, a is no such kind
    assert counted(institutions.notices_served(own), "institution") == [("c", 1, 1), ("f", 0, 1)]
    assert counted(institutions.pledges_signed(own), "institution") == [("c", 0, 1), ("f", 1, 1)]
    last = Registers(institutions=REGISTER, notices=table("institution kind date", ("d", "notice", DAY)))
    assert counted(institutions.notices_served(last), "institution") == [("d", 1, 1), ("f", 0, 1)]
    none = Registers(institutions=REGISTER, notices=table("institution kind date", ("c", "notice", AFTER)))
    assert institutions.notices_served(none).empty and "training" in institutions.notices_served(none).columns


def test_a_list_holds_from_its_first_to_its_last_day() -> None:
    lists = table(
        "institution list from to",
        ("a", "white", DAY, NONE), ("a", "black", OLD, DAY), ("a", "white", OLD, NONE), ("b", "white", AFTER, NONE),
        ("c", "black", OLD, BEFORE), ("d", "white", OLD, AFTER),
    )  # fmt: skip
    own = Registers(lists=lists)
    assert institutions.listed(own)[["institution", "list"]].to_numpy().tolist() == [
        ["a", "white"], ["a", "black"], ["a", "white"], ["d", "white"],
    ]  # fmt: skip
    assert sorted(counted(institutions.on_lists(own), "institution", "list")) == [
        ("a", "", 1, 1), ("a", "black", 1, 1), ("a", "white", 1, 1), ("d", "", 1, 1), ("d", "white", 1, 1),
    ]  # fmt: skip


# -- deposits ----------------------------------------------------------------------------------------------------------

TIERS = {"small": 100_000, "medium": 200_000, "large": 500_000}


def asked(on: date, *, kind: str) -> float | None:
    return TIERS[kind] if on == DAY else None


FIVE = pd.concat([REGISTER.iloc[:1].assign(institution=code) for code in "pqrstu"])
DEPOSITS = table(
    "institution tier required balance account agreed_on opened_on",
    ("p", "1", 100_000, 100_000, "x", DAY, DAY),  # just what is asked, agreed on the day of opening
    ("q", "2", 200_001, 199_999, "y", DAY, BEFORE),
    ("r", "3", 500_000, NONE, NONE, NONE, DAY),
    ("s", NONE, 1, 10**7, "z", OLD, DAY),  # its tier is not told
    ("u", "1", 150_000, 150_000, "w", NONE, DAY),  # more than is asked
    ("gone", "1", 100_000, 100_000, "y", DAY, DAY),  # stands no more, yet holds an account
)


def test_deposits_are_held_against_what_their_tier_asks_on_the_day() -> None:
    own = Registers(rules={"deposit.tier": asked}, institutions=FIVE, deposits=DEPOSITS)
    rows = money.deposits(own)
    assert rows["institution"].tolist() == list("pqrstu")
    assert rows["owed"].fillna(0).tolist() == [100_000, 200_000, 500_000, 0, 0, 100_000]
    assert counted(money.deposit_coverage(own)) == [(1, 1), (0, 1), (0, 1), (0, 1), (0, 1), (1, 1)]
    lacking = money.deposit_shortfall(own)
    assert counted(lacking, "institution") == [
        ("p", 0, 1),
        ("q", 0.0001, 1),
        ("r", 50, 1),
        ("u", 0, 1),
    ]  # in ten thousands
    assert counted(money.deposit_on_tier(own), "institution") == [("p", 1, 1), ("q", 0, 1), ("r", 1, 1), ("u", 0, 1)]
    assert counted(money.deposit_before_opening(own), "institution") == [
        ("p", 1, 1),
        ("q", 0, 1),
        ("r", 0, 1),
        ("u", 0, 1),
    ]
    assert money.without_account(own)["institution"].tolist() == ["r"]
    assert counted(money.own_account(own), "institution") == [("p", 1, 1), ("q", 0, 1), ("s", 1, 1), ("u", 1, 1)]
    late = Registers(AFTER, {"deposit.tier": asked}, institutions=FIVE, deposits=DEPOSITS)  # no rule holds
    assert shares(money.deposit_coverage(late)) == (0, 6) and money.deposit_on_tier(late).empty


# -- prepaid contracts -------------------------------------------------------------------------------------------------

RULES = {
    "prepaid.months": 3.0, "prepaid.lessons": 60.0, "prepaid.lead": 1.0,
    "prepaid.amount": lambda on, kind: 5000.0 if kind == "non_subject" and on > START else None,
}  # fmt: skip
KEPT = (5000, 60, date(2026, 3, 20), date(2026, 6, 20))
CONTRACTS = table(
    "contract institution signed_on fee lessons from to",
    ("early", "a", date(2026, 3, 1), 9000, 90, *KEPT[2:]),
    ("first", "a", START, 9000, *KEPT[1:]),  # no limit to the amount yet
    ("kept", "a", DAY, *KEPT),
    ("long", "a", DAY, 5000, 60, date(2026, 3, 20), date(2026, 6, 21)),
    ("many", "a", DAY, 5000, 61, *KEPT[2:]),
    ("dear", "a", DAY, 5001, *KEPT[1:]),
    ("subject", "c", DAY, 5001, *KEPT[1:]),
    ("soon", "a", date(2026, 3, 3), 5000, 60, date(2026, 4, 4), date(2026, 6, 20)),
    ("endless", "a", DAY, 5000, 60, date(2026, 3, 20), NONE),
    ("untold", "a", DAY, 5000, NONE, *KEPT[2:]),
    ("untold dear", "a", DAY, 5001, NONE, *KEPT[2:]),
    ("after", "a", AFTER, 9000, 90, *KEPT[2:]),
)
BREACH = {
    "long": "months", "many": "lessons", "dear": "amount", "soon": "early", "endless": "open", "untold dear": "amount",
}  # fmt: skip


def test_contracts_of_the_term_are_held_against_the_limits_of_their_day() -> None:
    again = REGISTER.iloc[:1].assign(kind="subject", **{"from": pd.Timestamp("2019-01-01")})  # an earlier entry of a
    own = Registers(rules=RULES, institutions=pd.concat([REGISTER, again]), contracts=CONTRACTS)
    rows = money.contracts(own)
    names = rows["contract"].tolist()
    assert names == CONTRACTS["contract"].tolist()[1:-1]
    assert rows.set_index("contract").loc[["kept", "subject"], "training"].tolist() == ["other", "subject"]
    for row in rows.to_dict("records"):
        beyond = [name for column, name in money.BREACHES.items() if row[column]]
        assert beyond == [name for name in (BREACH.get(row["contract"]),) if name]
    assert money._untold(rows).tolist() == [name == "untold" for name in names]
    assert money._lessons_untold(own)["contract"].tolist() == ["untold"]
    within = money.prepaid_within(own)
    assert counted(within, "contract") == [(name, name not in BREACH, 1) for name in names if name != "untold"]
    may = money._may_be_beyond(own)
    assert may[["contract", "breach"]].to_numpy().tolist() == [["untold", ""], ["untold", "lessons"], ["untold dear", "lessons"]]  # fmt: skip
    beyond = money.prepaid_beyond(own).groupby("breach")[["numerator", "denominator"]].sum()
    assert {name: tuple(row) for name, row in zip(beyond.index, beyond.to_numpy().tolist(), strict=True)} == {
        "": (6, 9), "months": (1, 10), "lessons": (1, 8), "amount": (2, 10), "early": (1, 10), "open": (1, 10),
    }  # fmt: skip


def test_a_term_without_contracts_has_no_rows() -> None:
    own = Registers(rules=RULES, institutions=REGISTER, contracts=CONTRACTS.iloc[:1])
    assert money.contracts(own).empty and money.prepaid_within(own).empty and money.prepaid_beyond(own).empty


# -- inspections -------------------------------------------------------------------------------------------------------

INSPECTIONS = table(
    "institution round date result deadline mended_on published_on",
    ("a", "1", date(2026, 3, 1), "failed", BEFORE, NONE, NONE),
    ("a", "1", START, "passed", NONE, NONE, NONE),
    ("b", "1", DAY, "mend", BEFORE, DAY, NONE),
    ("b", "2", DAY, "failed", BEFORE, AFTER, NONE),
    ("b", "2", DAY, "mend", NONE, NONE, NONE),
    ("b", "2", DAY, "mend", NONE, DAY, NONE),
    ("b", "2", DAY, "mend", DAY, NONE, NONE),
    ("d", "2", AFTER, "failed", BEFORE, NONE, NONE),
)


def test_inspections_of_the_term_and_what_had_to_be_mended() -> None:
    changed = pd.concat([REGISTER.iloc[1:2].assign(risk="Z", **{"from": pd.Timestamp("2019-01-01")}), REGISTER])
    own = Registers(institutions=changed, inspections=INSPECTIONS)
    rows = inspections.inspected(own)
    assert (
        rows[["institution", "risk", "training"]].to_numpy().tolist()
        == [["a", "A", "other"]] + [["b", "B", "other"]] * 5
    )
    assert shares(inspections.inspections(own)) == (6, 6)
    assert counted(inspections.sampled(own), "institution") == [("a", 1, 1), ("b", 1, 1), ("d", 0, 1)]
    assert inspections.rectified(own)["numerator"].tolist() == [1, 0, 0, 1, 0]
    assert inspections._undated(own).index.tolist() == [3]
    assert inspections.rectification_overdue(own)["numerator"].tolist() == [0, 1, 0, 0, 0]


def test_results_are_published_within_the_working_days_of_the_rule() -> None:
    """Two working days after Thursday 2 April end on Friday and, 4 to 6 April being holidays, on Tuesday the 7th."""
    pairs = [
        ("2026-04-02", "2026-04-07"), ("2026-04-02", "2026-04-08"), ("2026-04-02", None), ("2026-04-02", "2026-04-12"),
        ("2026-04-08", None), ("2026-04-01", "2026-04-03"), ("2026-04-08", "2026-04-10"),
    ]  # fmt: skip
    rows = table(
        "institution round date result deadline mended_on published_on",
        *(("a", str(n), day, "passed", NONE, NONE, on) for n, (day, on) in enumerate(pairs)),
    )
    rules = {"inspection.publication": lambda on: None if on == date(2026, 4, 1) else 2.0}
    own = Registers(rules=rules, institutions=REGISTER, inspections=rows)
    # 0 in time, 1 a day late, 2 and 3 not by the day looked at, 4 may still come (its last day is the 10th), 5 no rule, 6 today
    found = inspections.published_in_time(own)
    assert counted(found, "round") == [("0", 1, 1), ("1", 0, 1), ("2", 0, 1), ("3", 0, 1), ("6", 1, 1)]
    assert found["last"].tolist() == [pd.Timestamp("2026-04-07")] * 4 + [pd.Timestamp(DAY)]
    later = Registers(AFTER, rules, institutions=REGISTER, inspections=rows)
    assert counted(inspections.published_in_time(later), "round")[-2] == ("4", 0, 1)


@pytest.mark.parametrize(
    ("day", "limit", "last"),
    [
        ("2026-04-02", 1, "2026-04-03"),
        ("2026-04-02", 2, "2026-04-07"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-03-18", 20, "2026-04-16"),
    ],
)
def test_the_days_to_publish_skip_holidays(day: str, limit: float, last: str) -> None:
    assert inspections.published_by(pd.Timestamp(day), limit, "990101") == pd.Timestamp(last)
