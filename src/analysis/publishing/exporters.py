"""Exporters that nbconvert knows by name: ``jupyter nbconvert --to shuangjian-html`` (or ``-pdf``, ``-docx``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from analysis.house.content import Json
from analysis.publishing.content import Document, read
from analysis.publishing.html_page import page
from analysis.publishing.pdf_page import pdf
from analysis.publishing.word import docx


class _ContentExporter(Exporter):
    """Reads the content objects and Markdown cells of an executed notebook; `write` says how they are set.

    nbconvert's preprocessors are not run: none of them concerns content objects.
    """

    write: Callable[[Document], str | bytes]

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any | None = None, **options: Any
    ) -> tuple[str | bytes, Json]:
        """Return the document in this form, and the resources with the extension of its file."""
        resources = {**(resources or {}), "output_extension": self.file_extension}
        return type(self).write(read(nb)), resources


class HtmlExporter(_ContentExporter):
    """One HTML file without requests to anywhere."""

    export_from_notebook = "双减报告（HTML）"
    output_mimetype = "text/html"
    write = staticmethod(page)

    def _file_extension_default(self) -> str:
        return ".html"


class PdfExporter(_ContentExporter):
    """PDF/A-2a and PDF/UA-1 in official layout."""

    export_from_notebook = "双减报告（PDF）"
    output_mimetype = "application/pdf"
    write = staticmethod(pdf)

    def _file_extension_default(self) -> str:
        return ".pdf"


class DocxExporter(_ContentExporter):
    """DOCX for editing in WPS or Word."""

    export_from_notebook = "双减报告（DOCX）"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    write = staticmethod(docx)

    def _file_extension_default(self) -> str:
        return ".docx"
