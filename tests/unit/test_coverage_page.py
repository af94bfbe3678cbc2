"""The page that says which tables, indicators, pages and tests answer for each row is complete and current."""

import runpy

import pytest

from analysis.house import path

TOOL = runpy.run_path(str(path("tools", "coverage.py")))
LINES = TOOL["page"]().splitlines()
ROWS = {
    cells[1].strip(): [cell.strip() for cell in cells[2:-1]]
    for cells in (line.split("|") for line in LINES if line.startswith("| S"))
}


def test_the_page_is_current() -> None:
    shown = path("docs", "coverage.md").read_text(encoding="utf-8")
    assert shown.splitlines() == LINES, "run: python tools/coverage.py"


def test_every_row_is_there() -> None:
    assert list(ROWS) == [f"S{number}" for number in range(1, 26)]


@pytest.mark.parametrize("row", [f"S{number}" for number in range(1, 26)])
def test_a_row_has_its_table_page_and_test(row: str) -> None:
    _, tables, indicators, pages, tests = ROWS[row]
    assert "—" not in (tables, pages, tests)
    assert (indicators != "—") == (int(row[1:]) <= 20)


def test_a_table_is_not_named_by_a_longer_word() -> None:
    naming = TOOL["naming"]
    file = path("docs", "coverage.md")
    assert naming([file], ["homework_control"]) == [file]
    assert naming([file], ["homework_con", "control", ""][:2]) == []
