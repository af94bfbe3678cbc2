"""Every document that the shipped data give, as it was built: its forms agree, its tables are valid, its PDF is sound."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pdfua
import pymupdf
import pytest
from rendering.published_text import compare

from analysis.publishing import gate_files
from analysis.publishing.content import plain, read
from analysis.publishing.rendering import opened

ROUTES = 29
# Documents that the shipped data must give at least.


@pytest.fixture(scope="module")
def editions(shipped: Path) -> list[Path]:
    return sorted(manifest.parent for manifest in (shipped / "reports").glob("*/*/manifest.json"))


def test_there_are_as_many_documents_as_the_shipped_data_owe(editions: list[Path]) -> None:
    assert len(editions) >= ROUTES
    for folder in editions:
        assert {"index.html", "report.pdf", "executed.ipynb"} <= {file.name for file in folder.iterdir()}


def test_html_pdf_and_docx_of_every_document_say_the_same(
    editions: list[Path], shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped))
    for folder in editions:
        compare(read(opened(folder / "executed.ipynb")))


def test_no_page_requests_anything_and_each_bears_its_mark(editions: list[Path]) -> None:
    for folder in editions:
        page = (folder / "index.html").read_text(encoding="utf-8")
        assert gate_files.requests(page) == [], folder
        head = read(opened(folder / "executed.ipynb")).head
        mark = head["mark"]
        # Of all that is shipped, only the figures of a letter that was really sent are not simulated.
        assert head["simulated"] == ("模拟" in mark) == (folder.parent.name != "published_2023")
        assert mark in page
        for sheet in pymupdf.open(folder / "report.pdf"):
            assert mark in sheet.get_text().replace("\n", ""), (folder, sheet.number)


def test_every_pdf_passes_pdfua(editions: list[Path]) -> None:
    for folder in editions:
        findings = pdfua.validate(str(folder / "report.pdf")).findings
        assert [(found.rule_id, found.message) for found in findings] == [], folder


def test_every_data_package_is_valid(editions: list[Path]) -> None:
    described = [folder / "tables" / "datapackage.json" for folder in editions]
    found = [file for file in described if file.is_file()]
    assert len(found) >= ROUTES - 4
    for file in found:
        package = frictionless.Package(str(file))
        for resource in package.resources:
            assert resource.validate().valid, (file, resource.name)


def test_no_page_ends_with_a_heading(editions: list[Path]) -> None:
    for folder in editions:
        headings = {
            entry["number"] + "".join(run["text"] for run in entry["runs"])
            for entry in read(opened(folder / "executed.ipynb")).of("heading")
        }
        for sheet in pymupdf.open(folder / "report.pdf"):
            area = pymupdf.Rect(0, 100, 600, 264 * 72 / 25.4)
            words = [line.strip() for line in sheet.get_text(clip=area).splitlines() if line.strip()]
            assert not words or words[-1] not in headings, (folder, sheet.number)


def test_how_to_read_the_figures_stands_whole_on_the_first_page(editions: list[Path]) -> None:
    told = 0
    for folder in editions:
        document = read(opened(folder / "executed.ipynb"))
        if document.head["class"] == "letter":  # a letter has it in its annex
            continue
        first = "".join(pymupdf.open(folder / "report.pdf")[0].get_text().split())
        for block in document.of("paragraph"):
            if block["role"] == "reading":
                told += 1
                assert "".join(plain(block["runs"]).split()) in first, folder
    assert told >= ROUTES


def test_the_index_leads_to_every_document(shipped: Path, editions: list[Path]) -> None:
    page = (shipped / "reports" / "index.html").read_text(encoding="utf-8")
    assert gate_files.requests(page) == []
    for folder in editions:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name in ("index.html", "report.pdf"):
            assert f'href="{folder.relative_to(shipped / "reports").as_posix()}/{name}"' in page
        assert told["title"] in page


def test_a_school_is_evaluated_on_one_page_and_its_traces_follow(shipped: Path) -> None:
    for folder in sorted((shipped / "reports" / "evaluation").glob("2199*")):
        pages = [sheet.get_text() for sheet in pymupdf.open(folder / "report.pdf")]
        assert len(pages) <= 2, folder.name
        assert all("数字出处" in page for page in pages[1:])
