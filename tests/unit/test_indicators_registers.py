"""What stands in registers, counted in small tables: plans, money, teachers, relief, control components, and what they lack."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from indicators_helpers import SCHOOLS, A, B, C, FakeSource, aside, day, fake_study, lazy, rows_of, table

from analysis.indicators import registers
from analysis.indicators.dimensions import ORDERS
from analysis.indicators.registry import bindings

JUDGE: Any = SimpleNamespace(end=day(10).date())


def parts(frame: pd.DataFrame, *keys: str) -> list[tuple]:
    return rows_of(frame, *keys, "numerator", "denominator")


# -- countings -------------------------------------------------------------------------------------------------------


def test_money_is_counted_in_fen_and_nothing_is_nought() -> None:
    funds = table(
        "school batch applied granted paid due granted_on paid_on",
        (A, "1", 0.29, 1.005, None, None, None, None),
        (B, "2", 30000.1, 25000.07, 12500.5, day(9), day(7), day(8)),
        (C, "1", 0.296, 0.294, 7, None, None, None),  # to the nearest fen
    )
    found = rows_of(
        registers.batches({"funds": lazy(funds)}, ("school", "batch")), "school", "batch", "applied", "granted", "paid"
    )
    assert found[1:] == [(B, "2", 3000010, 2500007, 1250050), (C, "1", 30, 29, 700)]
    assert found[0][:3] == (A, "1", 29) and found[0][3] in (100, 101) and found[0][4] == 0  # half a fen: either


def test_components_are_counted_by_school() -> None:
    control = table("school component date", (A, "planning", day(2)), (A, "planning", day(3)), (B, "total", day(2)))
    found = registers.control({"homework_control": lazy(control)}, ("school", "component"))
    assert rows_of(found, "school", "component", "entries") == [(A, "planning", 2), (B, "total", 1)]


PLANS = table("school kind version", (A, "service", "1"), (A, "service", "2"), (A, "fund", "1"), (B, "fund", "1"))


def test_a_plan_counts_once_whatever_its_versions() -> None:
    tables = {"schools": lazy(SCHOOLS), "plans": lazy(PLANS)}
    whole = registers.plans_of(tables, ("school",))
    assert rows_of(whole, "school", "has", "due") == [(A, 2, 2), (B, 1, 2), (C, 0, 2)]
    by_plan = rows_of(registers.plans_of(tables, ("school", "plan")), "school", "plan", "has", "due")
    assert by_plan == [
        (A, "fund", 1, 1), (A, "service", 1, 1), (B, "fund", 1, 1), (B, "service", 0, 1), (C, "fund", 0, 1), (C, "service", 0, 1)
    ]  # fmt: skip


def test_teachers_are_counted_where_both_numbers_are_told() -> None:
    rows = table("school teachers in_service", (A, 40, 33), (A, 2, 1), (B, None, 3), (C, 5, None))
    found = registers.staff({"teachers": lazy(rows)}, ("school",))
    assert rows_of(found, "school", "teachers", "in_service") == [(A, 42, 34)]


def test_measures_of_relief_stand_beside_the_schools() -> None:
    taken = table("school measure", (A, "弹性上下班"), (A, "弹性上下班"), (B, "云教研"))
    found = registers.relief_of({"schools": lazy(SCHOOLS), "relief": lazy(taken)}, ("school",))
    assert rows_of(found, "school", "measure", "has", "due") == [
        (A, "", 0, 1), (A, "弹性上下班", 1, 0), (B, "", 0, 1), (B, "云教研", 1, 0), (C, "", 0, 1)
    ]  # fmt: skip


# -- indicators ------------------------------------------------------------------------------------------------------


def test_a_school_that_told_of_one_component_is_due_seven() -> None:
    counted = table("school component entries", (A, "planning", 9), (A, "total", 1), (B, "feedback", 1), (C, "其他", 1))
    found = registers.components(counted, JUDGE)
    by_school = found.groupby("school")[["numerator", "denominator"]].sum()
    assert by_school.to_dict("index") == {A: {"numerator": 2, "denominator": 7}, B: {"numerator": 1, "denominator": 7}}
    assert (A, "total", 1, 1) in parts(found, "school", "component") and (B, "total", 0, 1) in parts(
        found, "school", "component"
    )


def test_a_school_has_its_plans_when_none_is_lacking() -> None:
    counted = table("school has due", (A, 2, 2), (B, 1, 2), (C, 3, 2))
    assert parts(registers.plans(counted, JUDGE), "school") == [(A, 1, 1), (B, 0, 1), (C, 1, 1)]


def test_money_granted_is_told_in_ten_thousand_yuan() -> None:
    counted = table("school granted granted_on", (A, 1_000_000, day(10)), (B, 250, None), (C, 7, day(11)))
    assert parts(registers.funds_granted(counted, JUDGE), "school") == [(A, 1.0, 1), (B, 0.00025, 1)]


FUNDS = table(
    "batch granted paid due granted_on paid_on",
    ("early", 1000, 1000, day(9), day(7), day(8)),
    ("on the day", 1000, 1000, day(9), day(7), day(9)),
    ("a day late", 1000, 1000, day(9), day(7), day(10)),
    ("a fen short", 1000, 999, day(9), day(7), day(8)),
    ("due on the last day", 1000, 1001, day(10), day(7), day(10)),
    ("due later", 1000, 1000, day(11), day(7), day(8)),
    ("paid later", 1000, 400, day(10), day(7), day(11)),
    ("paid on no day", 1000, 300, day(10), day(7), None),
    ("due on no day", 1000, 500, None, day(7), day(8)),
)


def test_a_batch_is_in_time_in_full_by_its_due_day() -> None:
    found = registers.funds_on_time(FUNDS, JUDGE)
    assert dict(zip(found["batch"], found["numerator"], strict=True)) == {
        "early": 1, "on the day": 1, "a day late": 0, "a fen short": 0, "due on the last day": 1, "paid later": 0, "paid on no day": 0
    }  # fmt: skip
    assert set(found["denominator"]) == {1}


def test_what_is_paid_after_the_last_day_is_not_paid() -> None:
    found = registers.funds_paid(FUNDS, JUDGE).set_index("batch")
    assert found["numerator"].to_dict() == {
        "early": 10, "on the day": 10, "a day late": 10, "a fen short": 9.99, "due on the last day": 10.01, "due later": 10,
        "paid later": 0, "paid on no day": 3, "due on no day": 5,
    }  # fmt: skip
    assert set(found["denominator"]) == {10}


def test_what_is_granted_after_the_last_day_is_not_granted_yet() -> None:
    """Of 10 yuan granted on the day 4 are paid; 90 more granted the day after count for nothing."""
    rows = table(
        "batch granted paid due granted_on paid_on",
        ("on the day", 1000, 400, day(12), day(10), day(10)),
        ("later", 9000, 9000, day(12), day(11), day(10)),
    )
    found = registers.funds_paid(rows, JUDGE)
    assert (found["numerator"].sum(), found["denominator"].sum()) == (4, 10)


def test_teachers_in_service_over_all() -> None:
    assert parts(registers.teachers(table("school teachers in_service", (A, 42, 34)), JUDGE), "school") == [(A, 34, 42)]


def test_a_school_has_relief_with_any_measure_and_each_of_its_own() -> None:
    rows = ((A, "", 0, 1), (A, "云教研", 1, 0), (A, "少报表", 2, 0), (B, "", 0, 1), (C, "", 0, 1), (C, "x", 1, 0))
    counted = table("school measure has due", *rows)
    assert parts(registers.relief(counted, JUDGE), "school", "measure") == [
        (A, "", 1, 1), (A, "云教研", 1, 0), (A, "少报表", 2, 0), (B, "", 0, 1), (C, "", 1, 1), (C, "x", 1, 0),
    ]  # fmt: skip


# -- what is lacking -------------------------------------------------------------------------------------------------


def reporting(*missing: str) -> Any:
    return lambda table: SimpleNamespace(missing=[SimpleNamespace(school=each) for each in missing])


@pytest.mark.parametrize(("names", "number"), [((), 7), (("school",), 7), (("component", "school"), 1)])
def test_a_silent_school_lacks_every_component(names: Any, number: int) -> None:
    source = FakeSource(aside={"homework_control": aside((A, None, None, None, 2), (B, None, None, None, 1))})
    found = registers.components_of_silent(fake_study(source, reporting=reporting(B, C)), JUDGE, names)
    assert rows_of(found.units, "school", "grade", "number") == [(B, None, number), (C, None, number)]
    assert not len(found.floating) and rows_of(found.within, "school", "number") == [(A, 2), (B, 1)]


def batches_source(tables: Any = ("funds",)) -> FakeSource:
    rows = FUNDS.assign(school=[A] * 8 + [B])
    return FakeSource(tables=tables, counts={"batches": rows}, aside={"funds": aside((C, None, None, None, 5))})


def test_a_batch_without_its_day_is_unknown_beside_the_refused_ones() -> None:
    study = fake_study(batches_source())
    unpaid = registers.payments_of_no_day(study, JUDGE, ())
    assert rows_of(unpaid.units, "school", "number") == [(A, 1), (C, 5)]
    undue = registers.batches_of_no_day(study, JUDGE, ())
    assert (
        rows_of(undue.units, "school", "number") == [(B, 1), (C, 5)] and study.source.asked == [("school", "batch")] * 2
    )


def test_a_batch_of_which_nothing_was_paid_needs_no_day() -> None:
    source = batches_source()
    source.counts["batches"] = table("school paid paid_on due", (A, 0, None, day(9)), (B, 1, None, day(9)))
    assert rows_of(registers.payments_of_no_day(fake_study(source), JUDGE, ()).units, "school", "number") == [
        (B, 1),
        (C, 5),
    ]
    assert rows_of(registers.batches_of_no_day(fake_study(source), JUDGE, ()).units, "school", "number") == [(C, 5)]


def test_without_the_register_only_refused_rows_are_unknown() -> None:
    found = registers.payments_of_no_day(fake_study(batches_source(())), JUDGE, ())
    assert rows_of(found.units, "school", "number") == [(C, 5)]


def test_how_what_is_lacking_bears_on_the_figures() -> None:
    """Amounts are open; a batch without a due day need not be due; of a silent school only the components are told."""
    told = {id: own.unknown for id, own in bindings().items() if own.function.__module__ == registers.__name__}
    assert {id for id, own in told.items() if own and own.open} == {
        "service.funds_granted",
        "service.funds_paid",
        "service.teachers",
    }
    assert {id for id, own in told.items() if own and own.free} == {"service.funds_on_time"}
    assert {id for id, own in told.items() if own and own.silent} == {"homework.components"}
    assert not any(own.weighs for own in told.values() if own) and None not in told.values()
    assert ORDERS["plan"] == ["service", "fund"]
