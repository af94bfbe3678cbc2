"""What a packet shows, held against its manifest: the executed notebook, and the files set from it.

1. The figures and tables in the executed notebook are those of the manifest.
2. The gate's questions on content are asked again: each number on the page is a figure, or what it says that it is.
3. The files say what the executed notebook says: set again, by the same program, they have the same words; where the
   page is equal to the byte (same fonts), the PDF is too.
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
    if whole["code"] == code_digest():
        found += _files(folder, whole, document)
    return found


def _files(folder: Path, whole: Json, document: content.Document) -> Iterator[Finding]:
    made = publication.files(document, [form for form in whole["formats"] if form != "pdf"])
    for name, again in made.items():
        file = folder / name
        if name in whole["files"] and file.is_file() and digest(file.read_bytes()) == whole["files"][name]:
            then = file.read_bytes()
            if then != again and gate_files.text(name, then) != gate_files.text(name, again):
                yield _told(f"文件 {name} 的文字", digest(then)[:12], digest(again)[:12])
    there = all(name in whole["files"] and (folder / name).is_file() for name in (PAGE, PDF))
    if there and (folder / PAGE).read_bytes() == made.get(PAGE):
        then, again = (folder / PDF).read_bytes(), publication.files(document, ["pdf"])[PDF]
        if digest(then) == whole["files"][PDF] and then != again:
            yield _told(f"文件 {PDF}", digest(then)[:12], digest(again)[:12])


def _told(place: str, packet: str, again: str) -> Finding:
    return {"kind": "differs", "place": place, "packet": packet, "again": again}
