"""The methods page tells the figures that were measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
PAGE = (HOME / "docs" / "methods.md").read_text(encoding="utf-8")
COVERAGE = json.loads((HOME / "benchmarks" / "statistics_coverage.json").read_text(encoding="utf-8"))
SPEED = json.loads((HOME / "benchmarks" / "statistics_speed.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("cell", COVERAGE["cells"], ids=lambda cell: f"{cell['share']}-{cell['icc']}")
def test_the_page_tells_the_measured_coverage(cell):
    methods = [f"{cell[f'coverage_{name}']:.3f}" for name in ("beta", "xlogit", "asin", "mean")]
    row = " | ".join([f"{cell['share']:.2f}", f"{cell['icc']:.2f}", *methods, f"{cell['supported']:.3f}"])
    assert f"| {row} |" in PAGE


@pytest.mark.parametrize("cell", COVERAGE["layout_cells"], ids=lambda cell: f"{cell['share']}-{cell['icc']}")
def test_the_page_tells_what_was_measured_for_schools(cell):
    parts = [
        " ".join(f"{cell[f'{what}_{way}_{count}']:.3f}" for count in (12, 9, 6))
        for way in ("pooled", "own")
        for what in ("coverage", "supported")
    ]
    assert f"| {cell['share']:.2f} | {cell['icc']:.2f} | {' | '.join(parts)} |" in PAGE


def test_schools_are_judged_at_their_size():
    assert COVERAGE["schools_of_the_layout"] == [12, 12, 6, 12, 9, 6, 9]
    cells = COVERAGE["layout_cells"]
    assert {cell["icc"] for cell in cells} == {0.02, 0.05, 0.10, 0.15}
    boundary = [cell for cell in cells if cell["share"] == COVERAGE["claim"]]
    assert max(cell[f"supported_pooled_{count}"] for cell in boundary for count in (12, 9, 6)) <= 0.07
    covered = [cell[f"coverage_pooled_{count}"] for cell in cells for count in (12, 9, 6)]
    assert min(covered) >= 0.93 and max(covered) <= 0.99


def test_the_page_tells_the_weak_spot_and_the_speed():
    weak = next(cell for cell in COVERAGE["cells"] if (cell["share"], cell["icc"]) == (0.99, 0.15))
    assert f"holds the truth only {weak['coverage_beta'] * 100:.1f} % of the time" in PAGE
    assert f"{SPEED['overall']['times_faster']:.0f} times as fast" in PAGE
    assert f"{SPEED['by_school']['times_faster']:.0f} times by" in PAGE


def test_what_was_measured_holds():
    usual = [cell for cell in COVERAGE["cells"] if cell["share"] <= 0.97]
    assert min(cell["coverage_beta"] for cell in usual) >= 0.93
    assert max(cell["supported"] for cell in usual if cell["share"] == COVERAGE["claim"]) <= 0.07
    assert SPEED["overall"]["times_faster"] >= 10 and SPEED["by_school"]["times_faster"] >= 3
