"""PDF/UA as far as `pdfua` can check it without Java, and what every page must have for those who do not see it.

`pdfua` 0.1.3 implements 12 rules that stand for 16 of the 106 checkpoints of the Matterhorn protocol; Typst itself
refuses to write a PDF/UA-1 file that lacks a title, a language, an alternative text or a heading level.
"""

from __future__ import annotations

import copy
import itertools
import re
from pathlib import Path

import pdfua
import pytest
from rendering.publishing_examples import letter, report

from analysis.house import UserError
from analysis.publishing.content import Document, read
from analysis.publishing.html_page import page
from analysis.publishing.pdf_page import pdf


@pytest.mark.parametrize("make", [report, letter])
def test_pdfua_finds_nothing(make: object, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf(read(make())))  # type: ignore[operator]
    answer = pdfua.validate(str(file))
    assert [(found.rule_id, found.message) for found in answer.findings] == []
    assert pdfua.coverage().implemented_rules >= 12


def test_a_pdf_claims_both_standards() -> None:
    made = pdf(read(report()))
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


def test_a_figure_without_alternative_text_is_refused() -> None:
    document = read(report())
    blocks = copy.deepcopy(document.blocks)
    next(block for block in blocks if block["kind"] == "figure")["alt"] = ""
    with pytest.raises(UserError, match=r"排版失败.*alt"):
        pdf(Document(document.head, blocks))


def test_html_headings_descend_step_by_step_and_tables_have_scopes() -> None:
    made = page(read(report()))
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", made)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert '<html lang="zh-CN">' in made
    tables = re.findall(r"<table>.*?</table>", made, re.DOTALL)
    assert tables
    for table in tables:
        assert '<th scope="col"' in table
        assert '<th scope="row"' in table
    assert all(alt for alt in re.findall(r'<img [^>]*alt="([^"]*)"', made))


def test_a_number_tells_its_trace_to_mouse_and_keyboard() -> None:
    made = page(read(report()))
    number = re.search(r'<data value="0.9132" title="([^"]*)" tabindex="0">91.3%</data>', made)
    assert number
    for part in (
        "书面作业达标率",
        "11,214个班级日",
        "95%区间89.9%–92.6%",
        "2026-03-02至2026-07-03",
        "切片9c019c01",
    ):
        assert part in number.group(1)
    assert "data:focus::after{content:attr(title)" in made
