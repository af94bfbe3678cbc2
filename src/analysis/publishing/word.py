"""A document as DOCX, for editing in WPS or Word: real headings, real tables, room for the seal."""

from __future__ import annotations

from analysis.publishing import word_blocks, word_tables
from analysis.publishing.content import Document
from analysis.publishing.word_file import blank, packed


def docx(document: Document) -> bytes:
    """Return the DOCX file. The same document gives the same bytes."""
    file = blank(document)
    word_blocks.head(file, document)
    word_blocks.body(file, document)
    word_tables.trace(file, document)
    return packed(file, document)
