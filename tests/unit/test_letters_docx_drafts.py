"""Word drafts: tables are added up, tracked deletions are left out, insertions kept, comments reported."""

from __future__ import annotations

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from analysis.letters.checker import check


def _run(text, tag="w:t"):
    run = OxmlElement("w:r")
    words = OxmlElement(tag)
    words.text = text
    run.append(words)
    return run


def _tracked(kind, text):
    change = OxmlElement(f"w:{kind}")
    change.set(qn("w:id"), "1")
    change.set(qn("w:author"), "模拟")
    change.append(_run(text, "w:t" if kind == "ins" else "w:delText"))
    return change


def test_tracked_changes_are_read_as_accepted(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("全区机构14家（甲类")
    paragraph._p.append(_tracked("del", "5"))
    paragraph._p.append(_tracked("ins", "6"))
    paragraph._p.append(_run("家，乙类9家）。"))
    file = tmp_path / "tracked.docx"
    document.save(file)
    found = check(file)
    assert any(item.kind == "sum" and "6 + 9 = 15" in item.message and item.severity == "error" for item in found)
    assert any(item.kind == "draft" and "插入1处" in item.message and "删除1处" in item.message for item in found)


def test_tables_are_added_up_and_their_cells_searched(tmp_path):
    document = docx.Document()
    document.add_paragraph("一、经费")
    table = document.add_table(rows=4, cols=2)
    for row, cells in zip(table.rows, [("学校", "金额"), ("甲校", "12"), ("乙校", "15"), ("合计", "28")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.rows[1].cells[0].text = "甲校，电话13812345678"
    document.add_paragraph("三、安排")
    file = tmp_path / "table.docx"
    document.save(file)
    found = check(file)
    assert any(item.kind == "sum" and "相加为27" in item.message for item in found)
    assert any(item.kind == "personal" for item in found)
    assert any(item.kind == "section" and "缺少“二、”" in item.message for item in found)


def test_header_words_count_as_parts(tmp_path):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "类别：B"
    document.add_paragraph("您的第012号建议收悉。")
    file = tmp_path / "header.docx"
    document.save(file)
    assert not any(item.kind == "part" and "办理类别" in item.message for item in check(file))
