"""The files for editing and reckoning: DOCX with real headings and tables, XLSX with numbers, a valid data package."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import frictionless
import openpyxl
import pytest
from docx.oxml.ns import qn
from rendering.publishing_examples import MARK, letter, notebook, report
from rendering.publishing_examples import block as content
from rendering.publishing_examples import head as document_head

from analysis.publishing.content import read
from analysis.publishing.publication import files


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return files(read(report()), ("html", "docx"))


def test_docx_has_heading_styles_real_tables_and_described_pictures(made: dict[str, bytes]) -> None:
    file = docx.Document(io.BytesIO(made["report.docx"]))
    headings = [(p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert ("Heading 1", "一、上报情况") in headings
    assert ("Heading 4", "（1）班级日") in headings
    assert len(file.tables) == 2
    assert file.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    described = [picture._inline.docPr.get("descr") for picture in file.inline_shapes]
    assert described[0].startswith("折线图")
    assert [p.text for p in file.paragraphs if p.style.name == "Title"] == ["澄湖区第二学期书面作业负担报告"]


def test_docx_of_a_letter_leaves_room_for_the_seal() -> None:
    file = docx.Document(io.BytesIO(files(read(letter()), ("docx",))["report.docx"]))
    signature = next(p for p in file.paragraphs if p.text == "澄湖区教育局（模拟）" and p.style.name == "Normal")
    assert signature.paragraph_format.space_before.pt == pytest.approx(57.9, abs=0.1)
    section = file.sections[0]
    assert section.different_first_page_header_footer
    assert MARK in section.first_page_header.paragraphs[0].text


def test_docx_bears_no_person_and_no_other_date(made: dict[str, bytes]) -> None:
    properties = docx.Document(io.BytesIO(made["report.docx"])).core_properties
    assert {properties.author, properties.last_modified_by} == {"澄湖区教育局（模拟）"}
    assert properties.created == properties.modified
    assert properties.created.date().isoformat() == "2026-07-20"


def test_xlsx_has_a_cover_frozen_headers_and_numbers_as_numbers(made: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made["tables/tables.xlsx"]))
    assert book.sheetnames == ["说明", "文中数字", "表1", "图1", "图2"]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    cover = [cell.value for row in book["说明"].iter_rows() for cell in row]
    assert "澄湖区第二学期书面作业负担报告" in cover
    assert MARK in cover
    sheet = book["表1"]
    assert sheet.freeze_panes == "B4"
    assert [cell.value for cell in sheet[3]] == [
        "年级",
        "班级日（个）",
        "达标率",
        "95%区间下限",
        "95%区间上限",
        "行的性质",
    ]
    assert [cell.value for cell in sheet[4]] == ["一年级", 1869, 1.0, 0.899, 0.926, "body"]
    assert sheet["C5"].number_format == "0.0%"
    assert sheet["C9"].value == "…"


def test_xlsx_runs_nothing_that_looks_like_a_formula() -> None:
    table = content(
        "table",
        name="odd",
        title="名目",
        columns=[{"key": "name", "label": "名目"}],
        rows=[{"cells": [{"text": '=HYPERLINK("http://example.invalid")'}]}],
    )
    made = files(read(notebook(document_head(), table)), ())
    with zipfile.ZipFile(io.BytesIO(made["tables/tables.xlsx"])) as archive:
        sheets = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets" in name)
    assert "<f>" not in sheets
    assert "<hyperlink" not in sheets


def test_the_data_package_is_valid_and_tells_its_types(made: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in made.items():
        if name.startswith("tables/"):
            (tmp_path / Path(name).name).write_bytes(data)
    answer = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert answer.valid, answer.flatten(["type", "message"])
    described = json.loads(made["tables/datapackage.json"])
    by_grade = next(resource for resource in described["resources"] if resource["name"] == "by_grade")
    types = {field["name"]: field["type"] for field in by_grade["schema"]["fields"]}
    assert types == {
        "grade": "string",
        "days": "integer",
        "share": "number",
        "interval_lower": "number",
        "interval_upper": "number",
        "row": "string",
    }
    assert described["description"] == MARK
    with frictionless.Resource(str(tmp_path / "by_grade.csv")) as table:
        rows = table.read_rows()
    assert len(rows) == 7


def test_a_wrong_cell_makes_the_package_invalid(made: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in made.items():
        if name.startswith("tables/"):
            (tmp_path / Path(name).name).write_bytes(data.replace(b"1869", b"many"))
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid
