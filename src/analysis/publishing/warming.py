"""What every document needs, loaded once by a process that forks a child for each of them."""

from __future__ import annotations

import importlib

from analysis.publishing import content, html_page, pdf_page, pictures, typefaces

__all__ = ["warm"]


def warm() -> None:
    """Load modules, templates, schema, fonts and their characters; no thread is started and nothing is compiled.

    Raises
    ------
    UserError
        If a font is missing.
    """
    importlib.import_module("analysis.publishing.publication")
    for kind in content.kinds():
        content.validator(kind)
    html_page.environment().get_template("page.html.j2")
    for file in {file for files in typefaces.faces().files.values() for file in files}:
        typefaces.characters(file)
    pdf_page.compiler()
    pictures.compiler()
