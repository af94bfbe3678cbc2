"""The text of a document in each of its forms, brought to one shape: no white space, no marks of lists."""

from __future__ import annotations

import io
import re
from collections import Counter
from html.parser import HTMLParser

import docx
import pymupdf
from docx.oxml.ns import qn

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


def pdf(content: bytes, issuer: str = "") -> str:
    """Text within the text areas, and the issuer in the red head of a letter, which stands above it."""
    pages = pymupdf.open("pdf", content)
    area = pymupdf.Rect(26 * MM, 35 * MM, 188 * MM, 264 * MM)
    inside = "".join(bare(page.get_text(clip=area)) for page in pages)
    head = bare(pages[0].get_text(clip=pymupdf.Rect(0, 28 * MM, 210 * MM, 46 * MM)))
    return (issuer if issuer and issuer in head and not inside.startswith(issuer) else "") + inside


def missing(whole: str, other: str) -> Counter[str]:
    """Characters of one text that the other has fewer of."""
    return Counter(whole) - Counter(other)
