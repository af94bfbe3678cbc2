"""What a packet shows, held against its manifest: the executed notebook, and the files set from it.

1. The figures and tables in the executed notebook are those of the manifest.
2. The gate's questions on content are asked again: each number on the page is a figure, or what it says that it is.
3. The files say what the executed notebook says: set again, by the same program, they have the same words; where the
   page is equal to the byte (same fonts), the PDF is too. Set by another program they hold every sentence and row; what
   stands there besides, and a PDF that differs, is told as unchecked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.house import UserError
from analysis.house.content import Json, digest
from analysis.publishing import content, gate_content, gate_files, publication
from analysis.running.comparing import IN_NOTEBOOK, compare_statistics, compare_tables
from analysis.running.manifest import code_digest, statistics, tables
from analysis.running.production import EXECUTED, own_words, read_notebook

Finding = dict[str, str]
PAGE, PDF = "index.html", "report.pdf"


def shown(folder: Path, whole: Json) -> list[Finding]:
    """Return what a packet shows and its manifest does not say.

    Parameters
    ----------
    folder
        The packet.
    whole
        Its manifest.
    """
    executed = read_notebook(str(folder / EXECUTED))
    found = [
        finding | {"place": IN_NOTEBOOK + finding["place"]}
        for compared in (
            compare_statistics(whole["statistics"], statistics(executed)),
            compare_tables(whole["tables"], tables(executed)),
        )
        for _, finding in compared
        if finding
    ]
    try:
        document = content.read(executed)
    except UserError as slip:
        return [*found, _told("页面", slip.message, "不能排版")]
    found += [_told("页面", reason, "不得如此发布") for reason in gate_content.reasons(document, own_words(executed))]
    found += _files(folder, whole, document)
    return found


def _files(folder: Path, whole: Json, document: content.Document) -> Iterator[Finding]:
    """Hold the files against the document set again; by another program, whose furniture may differ, word by word."""
    same_program = whole["code"] == code_digest()
    made = publication.files(document, list(whole["formats"]))
    for name, again in made.items():
        file = folder / name
        if name not in whole["files"] or not file.is_file() or digest(file.read_bytes()) != whole["files"][name]:
            continue  # told of by who compares the digests
        then = file.read_bytes()
        if then == again:
            continue
        if name == PDF:
            if not same_program:
                yield _told(f"文件 {name}", digest(then)[:12], digest(again)[:12], "unchecked")
            elif (folder / PAGE).is_file() and (folder / PAGE).read_bytes() == made.get(PAGE):  # same fonts
                yield _told(f"文件 {name}", digest(then)[:12], digest(again)[:12])
        elif gate_files.text(name, then) != gate_files.text(name, again):
            lost = [] if same_program else _lost(document, name, then)
            if same_program or lost:
                told = lost[0][:80] if lost else digest(again)[:12]
                yield _told(f"文件 {name} 的文字", digest(then)[:12], told)
            else:
                yield _told(f"文件 {name}", digest(then)[:12], digest(again)[:12], "unchecked")


def _lost(document: content.Document, name: str, file: bytes) -> list[str]:
    """Return the sentences and rows of a document that do not stand in a page or an office file."""
    if not name.endswith((".html", ".docx")):
        return []
    markup = gate_files.text(name, file)
    text = _close(gate_files.words(markup) if name.endswith(".html") else markup)
    told = [content.plain(block["runs"]) for block in document.of("paragraph")]
    rows = (content.plain(row["cells"]) for block in document.of("table") for row in block["rows"])
    return [words for words in (*told, *rows) if _close(words) not in text]


def _close(text: str) -> str:
    return "".join(text.split())


def _told(place: str, packet: str, again: str, kind: str = "differs") -> Finding:
    return {"kind": kind, "place": place, "packet": packet, "again": again}
