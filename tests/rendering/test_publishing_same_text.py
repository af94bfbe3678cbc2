"""HTML, PDF and DOCX of a document say the same, word for word."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rendering import published_text as text
from rendering.publishing_examples import letter, report

from analysis.publishing.content import Document, read
from analysis.publishing.rendering import render

FORMATS = ("html", "pdf", "docx")


@pytest.mark.parametrize("made", [report, letter])
def test_the_three_forms_say_the_same(made: Any) -> None:
    text.compare(read(made()))


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
