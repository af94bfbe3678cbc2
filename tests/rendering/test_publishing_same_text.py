"""HTML, PDF and DOCX of a document say the same, word for word."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rendering import published_text as text
from rendering.publishing_examples import letter, report

from analysis.publishing import columns
from analysis.publishing.content import Document, plain, read
from analysis.publishing.rendering import render

FORMATS = ("html", "pdf", "docx")


def compare(document: Document) -> None:
    """Hold the three forms against each other and against the content."""
    made = render(document, FORMATS)
    page, word = text.html(made["index.html"]), text.word(made["report.docx"])
    issuer = text.bare(document.head["issuer"]) if document.head["class"] == "letter" else ""
    paper = text.pdf(made["report.pdf"], issuer)
    assert page == word
    assert not text.missing(page, paper)
    repeated = "".join(label for table in document.of("table") for label in columns.labels(table)) + TRACE
    assert not set(text.missing(paper, page)) - set(text.bare(repeated))
    for piece in pieces(document):
        assert text.bare(piece) in page, piece


TRACE = "文中数字指标范围依据区间数据切片"


def pieces(document: Document) -> list[str]:
    """Every piece of text of a content, as far as it stands in one line of thought."""
    found = [plain(document.head["title"])]
    for block in document.blocks:
        found += [plain(block.get(name)) for name in ("title", "subtitle", "runs", "lead")]
        found += [plain(words) for words in (*block.get("items", ()), *block.get("notes", ()))]
        found += [cell["text"] for row in block.get("rows", ()) for cell in row["cells"]]
        found += columns.labels(block) if block["kind"] == "table" else []
        found += [*block.get("options", ()), *(field["label"] for field in block.get("fields", ()))]
    return [piece for piece in found if piece]


@pytest.mark.parametrize("made", [report, letter])
def test_the_three_forms_say_the_same(made: Any) -> None:
    compare(read(made()))


def test_a_form_that_drops_a_word_is_found_out() -> None:
    document = read(report())
    made = render(document, FORMATS)
    page = text.html(made["index.html"])
    changed = copy.deepcopy(document.blocks)
    changed[0]["runs"][0]["text"] = "本学期"
    paper = text.pdf(render(Document(document.head, changed), ("pdf",))["report.pdf"])
    assert text.missing(page, paper)


def test_what_follows_the_end_is_in_no_form() -> None:
    for content in render(report(), ("html",)).values():
        assert "不属于文档" not in content.decode()
