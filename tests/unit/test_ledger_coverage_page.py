"""The simulation of ledgers holds its targets, and the methods page shows its tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
RESULT = json.loads((HOME / "benchmarks" / "ledger_coverage.json").read_text(encoding="utf-8"))
CHANCE = 0.015
"""Two standard errors of a coverage of .95 in 1,000 terms."""


def test_the_methods_page_shows_the_tables():
    tables = (HOME / "benchmarks" / "ledger_coverage.md").read_text(encoding="utf-8")
    assert tables.strip() in (HOME / "docs" / "methods.md").read_text(encoding="utf-8")
    for row in RESULT["coverage"]:
        assert f"{row['coverage']:.3f}" in tables
    for row in (*RESULT["comparisons"], *RESULT["charts"]):
        assert f"{row['false']:.3f}" in tables


@pytest.mark.parametrize(
    "row", RESULT["coverage"], ids=lambda row: f"{row['form']}-{row['scope']}-{row['autocorrelation']}"
)
def test_the_limits_hold_the_truth(row):
    assert row["coverage"] >= 0.93 - CHANCE
    if row["form"] not in ("share 0.995", "share 1.0"):  # with few exceptions expected it cannot but be more
        assert row["coverage"] <= 0.97 + CHANCE


def test_no_school_is_put_apart_without_cause_and_a_lighter_one_is_found():
    for row in RESULT["comparisons"]:
        assert row["false"] <= 0.05
        if row["form"] == "minutes":  # a share tells less than the minutes that it is made of
            assert row["found"] >= (0.8 if row["autocorrelation"] < 0.6 else 0.75)


def test_a_class_day_moves_no_limit_by_ten_of_n():
    assert RESULT["flip"] < 10


def test_in_control_terms_hold_few_signals():
    charts = {row["chart"] for row in RESULT["charts"]}
    assert len(charts) == 13 and "EWMA, 9 classes" in charts and "p′, share 0.999, 9 classes" in charts
    assert all(row["false"] <= 0.05 for row in RESULT["charts"] if row["autocorrelation"] == 0)
