"""The gate: what must be so before anything is published; every reason for a refusal is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from analysis.house import UserError
from analysis.publishing import gate_content, gate_files, gate_personal
from analysis.publishing.content import Document, Notebook, plain
from analysis.text.personal import masked

MOST = 12
# Reasons that one message tells; the rest are counted.


class Names(Protocol):
    """Knows names of people by their keyed digests (`analysis.snapshots.keys.KnownNames`)."""

    def found(self, text: str) -> list[str]:
        """Return the known names that stand in a text."""
        ...


def content(document: Document, own: Iterable[str] = ()) -> None:
    """Look at the content before it is set.

    Parameters
    ----------
    document
        The content.
    own
        Texts of the program's own whose declared numbers are believed.

    Raises
    ------
    UserError
        With every reason for a refusal: a missing title, alternative text, table header or caption; a digit that is
        neither a reference nor declared; a declared one that nothing proves; a character that no font has; a figure that a public edition must
        not show; a simulated data set without its mark.
    """
    _refuse(document, gate_content.reasons(document, own))


def files(document: Document, made: Mapping[str, bytes], executed: Notebook, known_names: Names | None = None) -> None:
    """Look at the files that were made and at the executed notebook.

    Raises
    ------
    UserError
        With every reason for a refusal: a request to a network, a personal datum, something that a spreadsheet would
        run, a hidden sheet, a missing mark of simulation.
    """
    texts = {name: gate_files.text(name, data) for name, data in made.items()}
    if "report.pdf" in made:
        texts["report.pdf"] += gate_files.pdf_text(document)
    notebook = gate_files.notebook_text(executed)
    found = [
        *gate_files.reasons(document, made),
        *gate_personal.reasons({**texts, "笔记本": notebook}, gate_personal.declared(document), known_names),
    ]
    _refuse(document, found)


def _refuse(document: Document, reasons: Iterable[str]) -> None:
    distinct = list(dict.fromkeys(reasons))
    if distinct:
        more = f"；另有{len(distinct) - MOST}处" if len(distinct) > MOST else ""
        told = masked("；".join(distinct[:MOST]), hinted=True)
        raise UserError(f"“{plain(document.head['title'])}”未予发布，共{len(distinct)}处须改正：{told}{more}。")
