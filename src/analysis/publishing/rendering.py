"""One executed notebook as the files that a reader gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import nbformat

from analysis.house import UserError
from analysis.publishing.content import Document, Notebook, read
from analysis.publishing.html_page import page
from analysis.publishing.pdf_page import pdf
from analysis.publishing.word import docx

FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "html": ("index.html", lambda document: page(document).encode()),
    "pdf": ("report.pdf", pdf),
    "docx": ("report.docx", docx),
}


def opened(notebook: Notebook | str | Path) -> Notebook:
    """Return a notebook as it is, or read from its file.

    Raises
    ------
    UserError
        If the file is missing or is no notebook.
    """
    if isinstance(notebook, Mapping):
        return notebook
    file = Path(notebook)
    try:
        found: Notebook = nbformat.read(file, as_version=4)
        return found
    except FileNotFoundError:
        raise UserError(f"找不到笔记本“{file}”；请检查路径。") from None
    except Exception as slip:
        # nbformat raises ValidationError, NotJSONError, KeyError, AttributeError and more for a file that is none.
        raise UserError(f"“{file}”不是可读的 Jupyter 笔记本（{type(slip).__name__}）；请重新执行后再试。") from slip


def chosen(formats: Iterable[str]) -> tuple[str, ...]:
    """Return the formats in their own order, each once.

    Raises
    ------
    UserError
        For a format that does not exist.
    """
    asked = list(formats)
    for name in asked:
        if name not in FORMATS:
            raise UserError(f"没有“{name}”这种格式；可用的格式：{'、'.join(FORMATS)}。")
    return tuple(name for name in FORMATS if name in asked)


def render(notebook: Notebook | str | Path | Document, formats: Iterable[str] = ("html", "pdf")) -> dict[str, bytes]:
    """Set an executed notebook (or its content) in some formats, without the gate.

    Parameters
    ----------
    notebook
        An executed notebook (a node, a dictionary or its file), or its `Document`.
    formats
        Of ``html``, ``pdf`` and ``docx``.

    Returns
    -------
    dict
        File name (``index.html``, ``report.pdf``, ``report.docx``) to content. The same notebook and fonts give the
        same bytes in every process and on every day.

    Raises
    ------
    UserError
        For content that cannot be read or set; see `analysis.publishing.content.read`.
    """
    document = notebook if isinstance(notebook, Document) else read(opened(notebook))
    return {FORMATS[name][0]: FORMATS[name][1](document) for name in chosen(formats)}
