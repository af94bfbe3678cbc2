"""Publishing an edition: content is read, the files are made, the gate looks at them, then they are written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.house import atomic_write
from analysis.publishing import data_package, gate, tables, workbook
from analysis.publishing.content import Document, Notebook, read
from analysis.publishing.rendering import opened, render


def files(document: Document, formats: Iterable[str]) -> dict[str, bytes]:
    """Return every file of an edition by its path: pages, and under ``tables/`` what stands behind them."""
    behind = tables.behind(document)
    made = render(document, formats)
    made |= {f"tables/{name}": content for name, content in data_package.package(document, behind).items()}
    if behind:
        made["tables/tables.xlsx"] = workbook.workbook(document, behind)
    return made


def publish(
    notebook: Notebook | str | Path,
    folder: str | Path,
    *,
    formats: Iterable[str] = ("html", "pdf"),
    known_names: gate.Names | None = None,
    own: Iterable[str] = (),
) -> list[Path]:
    """Pass an executed notebook through the gate and write its edition.

    Parameters
    ----------
    notebook
        An executed notebook: a node, a dictionary or its file.
    folder
        Where to write ``index.html``, ``report.pdf``, ``report.docx`` and ``tables/``; made if it is not there. Files of
        other names are left alone.
    formats
        Of ``html``, ``pdf`` and ``docx``.
    known_names
        Finds the names of people whose keyed digests intake has kept (`Store.known_names()`); None: not looked for.

    own
        Texts with declared numbers of a document that no author wrote, but the program (`gate.content`).

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UserError
        If the gate refuses the edition (the message has one line a reason) or its content cannot be set; then nothing
        is written.
    """
    executed = opened(notebook)
    document = read(executed)
    gate.content(document, own)
    made = files(document, formats)
    gate.files(document, made, executed, known_names)
    written = []
    for name, content in made.items():
        target = Path(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, content)
        written.append(target)
    return written
