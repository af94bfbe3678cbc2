"""The text of a document in each of its forms, brought to one shape: no white space, no marks of lists."""

from __future__ import annotations

import io
import re
from collections import Counter
from html.parser import HTMLParser

import docx
import pymupdf
from docx.oxml.ns import qn

from analysis.publishing import columns
from analysis.publishing.content import Document, plain
from analysis.publishing.rendering import render

MM = 72 / 25.4
_MARKS = re.compile(r"[\s\u2060·\u2460-\u2473]")


def bare(text: str) -> str:
    """Text without white space and without the marks of lists."""
    return _MARKS.sub("", text)


class _Text(HTMLParser):
    """What stands in a page's header and main parts."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0
        self.parts: list[str] = []
        self.skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag in ("header", "main")
        self.skipped = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in ("header", "main")
        self.skipped = False

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipped:
            self.parts.append(data)


def html(content: bytes) -> str:
    parser = _Text()
    parser.feed(content.decode())
    return bare("".join(parser.parts))


def word(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return bare("".join(text.text or "" for text in body.iter(qn("w:t"))))


def pdf(content: bytes, issuer: str = "", *, compact: bool = False) -> str:
    """Text within the text areas (a short page's is taller), and the issuer in the red head of a letter above it."""
    pages = pymupdf.open("pdf", content)
    top, bottom = (23, 274) if compact else (35, 264)
    area = pymupdf.Rect(26 * MM, top * MM, 188 * MM, bottom * MM)
    inside = "".join(bare(page.get_text(clip=area)) for page in pages)
    head = bare(pages[0].get_text(clip=pymupdf.Rect(0, 28 * MM, 210 * MM, 46 * MM)))
    return (issuer if issuer and issuer in head and not inside.startswith(issuer) else "") + inside


def missing(whole: str, other: str) -> Counter[str]:
    """Characters of one text that the other has fewer of."""
    return Counter(whole) - Counter(other)


FORMATS = ("html", "pdf", "docx")


def compare(document: Document) -> None:
    """Hold the three forms against each other and against the content."""
    made = render(document, FORMATS)
    page, edited = html(made["index.html"]), word(made["report.docx"])
    issuer = bare(document.head["issuer"]) if document.head["class"] == "letter" else ""
    paper = pdf(made["report.pdf"], issuer, compact=document.head["class"] == "page")
    assert page == edited
    assert not missing(page, paper)
    repeated = "".join(label for table in document.of("table") for label in columns.labels(table)) + TRACE
    assert not set(missing(paper, page)) - set(bare(repeated))
    for piece in pieces(document):
        assert bare(piece) in page, piece


TRACE = "文中数字指标范围依据区间或上下界数据切片"


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
