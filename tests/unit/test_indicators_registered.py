"""How an indicator of registers becomes figures: which rows it sees, how they are narrowed, grouped, divided and bounded."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from registers_by_hand import DAY, START, TERM, A, B, Study, aside, table

from analysis.indicators import registered as module
from analysis.indicators.registered import Registers, counts, grouped, registered

ENTRY = {
    "tables": ("plans",), "unit": "%", "kept_by": "school", "rule": "", "period": "date", "grades": (), "direction": "none",
    "ceiling": 0,
}  # fmt: skip


def bind(patch: pytest.MonkeyPatch, function: Any, **how: Any) -> Any:
    """Return what is bound to an id: ``(study, by, where, entry's fields) -> figures``."""
    bound: dict[str, Any] = {}

    def direct(id: str, *, dimensions: tuple[str, ...]) -> Any:
        bound["by"] = (id, dimensions)
        return lambda measure: bound.setdefault("measure", measure)

    patch.setattr(module, "direct", direct)
    assert registered("own.id", **how)(function) is function
    assert bound["by"] == ("own.id", how.get("by", ()))

    def measure(study: Study, by: tuple[str, ...] = (), where: dict | None = None, **entry: Any) -> list:
        return bound["measure"](study, SimpleNamespace(**ENTRY | entry), by, where or {})

    return measure


def told(figures: list) -> list[tuple]:
    return [(figure.estimate.value, figure.numerator, figure.denominator) for figure in figures]


def test_registers_are_those_of_the_term_and_of_the_schools_looked_at() -> None:
    plans = table("term school n", (TERM, A, 1), ("2025-2026-1", A, 2), (TERM, "elsewhere", 3), (TERM, B, 4))
    names = table("provider n", ("P", 5), ("Q", 6))
    whole, one = Registers(Study(plans=plans, providers=names)), Registers(Study(B, plans=plans, providers=names))
    assert (whole["plans"]["n"].tolist(), one["plans"]["n"].tolist()) == ([1, 4], [4])
    assert whole["plans"].index.tolist() == [0, 1] and whole["providers"]["n"].tolist() == [5, 6]
    assert (whole.schools["school"].tolist(), one.schools["school"].tolist()) == ([A, B], [B])
    assert one.schools.index.tolist() == [0] and list(whole.schools.columns) == ["school"]
    assert whole.has("plans") and not whole.has("funds")
    assert (whole.on, whole.day, whole.start) == (DAY, pd.Timestamp(DAY), START)
    assert whole.rule("prepaid.months", date(2021, 10, 21)) == 3
    assert whole.rule("prepaid.months", date(2021, 10, 20)) is None
    assert whole.rule("deposit.tier", DAY, kind="medium") == 200_000


def plain(registers: Registers) -> pd.DataFrame:
    rows = registers["plans"]
    return rows.assign(denominator=1, numerator=rows["good"])


PLANS = table("term school kind good", (TERM, A, "甲", 1), (TERM, A, "乙", 0), (TERM, B, "甲", 1))


def test_rows_are_narrowed_grouped_and_divided(monkeypatch) -> None:
    measure = bind(monkeypatch, plain, by=("school", "kind"))
    study = Study(plans=PLANS)
    assert told(measure(study)) == [(2 / 3, 2, 3)]
    assert told(measure(study, ("school",))) == [(0.5, 1, 2), (1, 1, 1)]
    assert told(measure(study, (), {"kind": "甲"})) == [(1, 2, 2)]
    assert told(measure(Study(B, plans=PLANS))) == [(1, 1, 1)]
    (whole,) = measure(study)
    assert (whole.base, whole.schools, whole.unknown, whole.bounds) == (3, 2, 0, None)
    assert (whole.estimate.n, whole.estimate.method) == (3, "count")
    assert measure(study, tables=("plans", "funds")) == [] and measure(study, tables=("funds",)) == []
    some = bind(monkeypatch, plain, some=True)
    assert told(some(study, tables=("plans", "funds"))) == [(2 / 3, 2, 3)] and some(study, tables=("funds",)) == []


def test_a_register_of_the_bureau_has_no_figures_of_a_school_and_counts_none_as_nothing(monkeypatch) -> None:
    measure = bind(monkeypatch, plain, form="sum", by=("kind",))
    none = PLANS.iloc[:0]
    assert measure(Study(B, plans=PLANS), kept_by="district") == []
    assert told(measure(Study(plans=none), kept_by="district")) == [(0, 0, 0)]
    assert told(measure(Study(plans=none))) == [(None, 0, 0)]
    assert told(measure(Study(plans=PLANS), kept_by="district")) == [(2, 2, 3)]


def test_the_whole_stands_in_rows_of_its_own(monkeypatch) -> None:
    def parts(registers: Registers) -> pd.DataFrame:
        return pd.concat([plain(registers), plain(registers).head(1).assign(kind="")])

    measure = bind(monkeypatch, parts, by=("school", "kind"), whole="kind")
    study = Study(plans=PLANS)
    assert told(measure(study)) == [(1, 1, 1)]
    assert [(f.group["kind"], f.numerator, f.denominator) for f in measure(study, ("kind",))] == [
        ("乙", 0, 1), ("甲", 2, 2),
    ]  # fmt: skip
    assert told(measure(study, (), {"kind": "甲"})) == [(1, 2, 2)]


def test_refused_rows_are_unknown_units(monkeypatch) -> None:
    """Two rows of a refused school-less plan, one of A's: 2 of 3 known, three more may be."""
    study = Study(refused={"plans": aside((None, 2), (A, 1))}, plans=PLANS)
    measure = bind(monkeypatch, plain, by=("school", "kind"))
    (whole,) = measure(study)
    assert (whole.unknown, whole.bounds) == (3, (2 / 6, 5 / 6))
    assert [f.unknown for f in measure(study, ("school",))] == [3, 2]
    assert measure(study, (), {"school": B})[0].bounds == (1 / 3, 1)
    open_ends = bind(monkeypatch, plain, amounts=True)
    assert (open_ends(study)[0].unknown, open_ends(study)[0].bounds) == (3, (0, 1))  # what they weigh is not told
    fixed = bind(monkeypatch, plain, fixed=True)
    assert (fixed(study)[0].unknown, fixed(study)[0].bounds) == (3, (2 / 3, 1))  # one of those there already
    nothing = bind(monkeypatch, plain)
    assert (nothing(study, tables=())[0].unknown, nothing(study, tables=())[0].bounds) == (None, None)
    named = bind(monkeypatch, plain, tables=("funds", "plans"))  # funds are counted, a plan may speak for or against
    assert (named(study)[0].unknown, named(study)[0].bounds) == (3, (0, 1))


def test_what_an_empty_cell_leaves_open_is_unknown_too(monkeypatch) -> None:
    def unclear(registers: Registers) -> pd.DataFrame:
        return pd.DataFrame({"school": [A, A, B], "kind": ["", "甲", "甲"], "more": 1})

    def parts(registers: Registers) -> pd.DataFrame:
        return pd.concat([plain(registers), plain(registers).assign(kind="")])

    study = Study(plans=PLANS)
    measure = bind(monkeypatch, parts, by=("school", "kind"), whole="kind", unclear=unclear)
    assert measure(study)[0].unknown == 1 and measure(study)[0].bounds == (2 / 4, 3 / 4)
    assert [f.unknown for f in measure(study, ("kind",))] == [0, 2]  # both are of 甲
    assert [f.unknown for f in measure(study, ("school",), {"kind": "甲"})] == [1, 1]
    alone = bind(monkeypatch, plain, by=("school",), unclear=unclear)
    assert alone(study)[0].unknown == 3 and alone(study)[0].bounds == (2 / 6, 5 / 6)
    mutual = bind(monkeypatch, plain, by=("school",), unclear=unclear, mutual=True)
    assert mutual(study)[0].bounds == (0, 1)  # three unknown, which may spoil the known ones or join them
    none = bind(monkeypatch, plain, by=("school",), unclear=lambda _: unclear(_).iloc[:0], mutual=True)
    assert (none(study)[0].unknown, none(study)[0].bounds) == (0, None)


def test_a_group_without_rows_has_nothing_to_divide() -> None:
    study: Any = Study()
    rows = table("school numerator denominator", (A, 1.5, 2), (A, 0.5, 0))
    first, second = grouped(study, rows, ("school",), "ratio")
    assert (first.estimate.value, first.numerator, first.denominator, first.base, first.schools) == (1, 2, 2, 2, 1)
    assert (second.estimate.value, second.estimate.status, second.base, second.schools) == (None, "no data", 0, 0)
    first, second = grouped(study, rows, ("school",), "sum")
    assert (first.estimate.value, second.estimate.value) == (2, None)
    assert [f.estimate.value for f in grouped(study, rows, ("school",), "sum", nothing=0.0)] == [2, 0]
    (whole,) = grouped(study, rows.drop(columns="school").assign(numerator=[0.25, 0.5]), (), "ratio")
    assert (whole.numerator, whole.schools, whole.group) == (0.75, None, {})
    assert isinstance(first.numerator, int) and isinstance(whole.numerator, float)
    (none,) = grouped(study, rows.iloc[1:], (), "ratio")
    assert (none.estimate.value, none.numerator, none.schools) == (None, 0.5, 0)
    (half,) = grouped(study, table("numerator denominator", (1, 2.6)), (), "ratio")
    assert (half.base, half.estimate.n, half.denominator) == (3, 3, 2.6)


def test_counts_mark_what_is_good() -> None:
    rows = counts(table("n", (1,), (2,)), pd.Series([True, False]))
    assert rows.to_numpy().tolist() == [[1, 1, 1], [2, 0, 1]] and rows["numerator"].dtype == "int64"
