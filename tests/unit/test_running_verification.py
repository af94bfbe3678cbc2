"""Two accounts of the same document are compared figure by figure and cell by cell."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.indicators.statistic import Scope, Statistic
from analysis.running.verification import compare_statistics, compare_tables
from analysis.statistics.estimate import Estimate


def figure(value: float, grade: int = 3) -> dict[str, Any]:
    estimate = Estimate(value, se=0.01, lower=value - 0.02, upper=value + 0.02, n=100)
    scope = Scope("990101", "2199000001", "2025-2026-2", group=(("grade", grade),))
    return Statistic(
        "homework.within_cap",
        "班级日达标率",
        "定义",
        estimate,
        scope,
        base=100,
        base_unit="个班级日",
        group_label="三年级",
    ).as_dict()


def table(*texts: str) -> list[dict[str, Any]]:
    rows = [[{"text": text, "value": float(len(text)) + number}] for number, text in enumerate(texts)]
    return [{"name": "t", "columns": ["share"], "rows": rows}]


def kinds(compared: list[tuple[str, dict[str, str]]]) -> list[str]:
    return [kind for kind, _ in compared]


def test_equal_accounts_are_identical() -> None:
    then = [figure(0.91), figure(0.88, 4), figure(0.88, 4)]
    assert kinds(compare_statistics(then, deepcopy(then))) == ["identical"] * 3
    assert kinds(compare_tables(table("a", "b"), table("a", "b"))) == ["identical"] * 2


def test_a_figure_that_differs_beyond_print_is_rounding() -> None:
    [(kind, finding)] = compare_statistics([figure(0.91)], [figure(0.91 + 1e-12)])
    assert kind == finding["kind"] == "rounding"
    assert finding["place"] == "统计量“班级日达标率”（三年级，2199000001）"
    assert "91.0%（0.91）" in finding["packet"] and "0.910000000001" in finding["again"]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1000), st.integers(1, 300))
def test_a_printed_digit_that_differs_is_a_difference(tenths: int, more: int) -> None:
    now = (tenths + more) / 1000
    [(kind, _)] = compare_statistics([figure(tenths / 1000)], [figure(now)])
    assert kind == "differs"


def test_what_is_missing_or_new_differs() -> None:
    assert kinds(compare_statistics([figure(0.91)], [])) == ["differs"]
    compared = compare_statistics([], [figure(0.91)])
    assert kinds(compared) == ["differs"] and compared[0][1]["packet"] == "没有"
    assert kinds(compare_tables(table("a"), table("a", "b"))) == ["identical", "differs"]
    assert kinds(compare_tables(table("a"), [])) == ["differs"]


def test_a_cell_is_told_with_its_place() -> None:
    [(kind, finding)] = compare_tables(table("91.3%"), table("91.4%"))
    assert kind == "differs" and finding["place"] == "表“t”第1行“share”列"
    other = table("91.3%")
    other[0]["rows"][0][0]["value"] += 1e-9
    assert kinds(compare_tables(table("91.3%"), other)) == ["rounding"]
