"""The days that a document's figures speak of: all of them are named, and a row says its own where they differ."""

from __future__ import annotations

from typing import Any

from rendering import publishing_examples as examples

from analysis.publishing import traces
from analysis.publishing.content import Document, read


def source(text: str, grade: int, **days: str) -> dict[str, Any]:
    made = examples.grouped(grade, 0.9, text)
    return {**made, "scope": {**made["scope"], **days}}


def document(*figures: dict[str, Any]) -> Document:
    numbers = [examples.number(figure["text"], source=figure) for figure in figures]
    return read(examples.notebook(examples.head(), examples.paragraph("body", *numbers)))


TERM = [source("90.1%", 1), source("90.2%", 2)]
REGISTER = source("90.3%", 3, end="2026-07-20")
THAT_DAY = source("90.4%", 4, start="2026-07-20", end="2026-07-20")


def test_one_window_is_told_once() -> None:
    made = document(*TERM)
    assert traces.windows(made) == ["2026-03-02至2026-07-03"]
    assert "2026-03-02至2026-07-03；" in traces.sources(made) and "另有" not in traces.sources(made)
    assert [row[2] for row in traces.rows(made)] == ["一年级", "二年级"]


def test_every_further_window_is_named_and_stands_in_its_rows() -> None:
    made = document(REGISTER, *TERM, THAT_DAY)
    assert traces.windows(made)[0] == "2026-03-02至2026-07-03"  # that of most figures, not that of the first
    told = traces.sources(made)
    assert "2026-03-02至2026-07-03；另有2种时段，逐行注明：2026-03-02至2026-07-20、2026-07-20当天；" in told
    rows = {row[0]: row[2] for row in traces.rows(made)}
    assert rows == {
        "90.1%": "一年级",
        "90.2%": "二年级",
        "90.3%": "三年级，2026-03-02至2026-07-20",
        "90.4%": "四年级，2026-07-20当天",
    }
