"""Content objects as paragraphs, tables and pictures of a DOCX file."""

from __future__ import annotations

import io

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from analysis.publishing import columns, front, pictures, word_tables
from analysis.publishing.content import Block, Document, plain
from analysis.publishing.numbering import title_lines
from analysis.publishing.word_file import RED, border, element, exact, indent
from analysis.publishing.word_tables import TEXT_WIDTH, mark, write

STYLES = {
    "finding": "Finding",
    "verdict": "Finding",
    "base": "Small",
    "method": "Small",
    "note": "Small",
    "caveat": "Small",
    "reading": "Small",
    "addressee": "Flush",
    "copies": "Copies",
}


def head(file: WordDocument, document: Document) -> None:
    """Write what stands before the text: the red head of a letter, the title, the facts of a report."""
    if document.head["class"] == "letter":
        issuer = file.add_paragraph(style="Title")
        run = issuer.add_run(document.head["issuer"])
        run.font.size, run.font.color.rgb = Pt(32), RED
        exact(issuer, 44)
        border(issuer, bottom="thickThinSmallGap")
        for text in front.elements(document.head):
            file.add_paragraph(text, style="Flush").alignment = WD_ALIGN_PARAGRAPH.RIGHT
        file.add_paragraph(style="Flush")
    title = file.add_paragraph(style="Title")
    for position, line in enumerate(title_lines(plain(document.head["title"]))):
        if position:
            title.add_run().add_break(WD_BREAK.LINE)
        title.add_run(line)
    if document.head.get("subtitle"):
        write(file.add_paragraph(style="Subtitle"), document.head["subtitle"])
    for facts in front.facts(document.head):
        told = file.add_paragraph("　".join(facts), style="Subtitle")
        told.runs[0].font.size = Pt(12)
        exact(told, 20)
    file.add_paragraph(style="Flush")


def _heading(file: WordDocument, block: Block) -> None:
    write(file.add_paragraph(block["number"], style=f"Heading {block['level']}"), block["runs"])


def _paragraph(file: WordDocument, block: Block) -> None:
    role = block["role"]
    paragraph = write(file.add_paragraph(style=STYLES.get(role, "Normal")), block["runs"])
    width = columns.length(plain(block["runs"]))
    if role in ("signature", "date"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        indent(paragraph, 0)
        date_width = 8.5
        paragraph.paragraph_format.right_indent = Pt(16 * max(1.0, 4 - max(0.0, width - date_width) / 2))
        paragraph.paragraph_format.keep_with_next = role == "signature"
        if role == "signature":
            exact(paragraph, 28.95, before=2 * 28.95)
    elif role in ("attachment", "addressee"):
        exact(paragraph, 28.95, before=28.95 if role == "attachment" else 0)
    elif role == "copies":
        frame = element(
            "w:framePr", w=int(TEXT_WIDTH * 56.7), wrap="around", vAnchor="margin", hAnchor="margin", yAlign="bottom"
        )
        paragraph._p.get_or_add_pPr().insert_element_before(
            frame, "w:widowControl", "w:numPr", "w:pBdr", "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
        border(paragraph, 6, "000000", top="single", bottom="single")


def _list(file: WordDocument, block: Block) -> None:
    for position, item in enumerate(block["items"], start=1):
        write(file.add_paragraph(columns.mark(position, block["ordered"]), style="Normal"), item)


def _figure(file: WordDocument, block: Block) -> None:
    mark(write(file.add_paragraph(block["label"] + "　", style="Caption"), block["title"]), block)
    if block.get("subtitle"):
        write(file.add_paragraph(style="Note"), block["subtitle"]).paragraph_format.keep_with_next = True
    width = min(block.get("width_mm") or TEXT_WIDTH, TEXT_WIDTH)
    holder = file.add_paragraph(style="Cell")
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.line_spacing = 1.0
    picture = holder.add_run().add_picture(io.BytesIO(pictures.png(block, width)), width=Mm(width))
    picture._inline.docPr.set("descr", block["alt"])
    picture._inline.docPr.set("name", block["label"])
    word_tables.notes(file, block)


def _form(file: WordDocument, block: Block) -> None:
    title = write(file.add_paragraph(style="Caption"), block["title"])
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    exact(title, 34, after=6)
    for run in title.runs:
        run.font.size = Pt(18)
    if block.get("lead"):
        write(file.add_paragraph(style="Flush"), block["lead"])
    file.add_paragraph("　　".join(f"□{option}" for option in block["options"]), style="Flush")
    table = file.add_table(rows=len(block["fields"]), cols=2, style="Table Grid")
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Mm(38), Mm(TEXT_WIDTH - 38)
    for row, field in zip(table.rows, block["fields"], strict=True):
        row.height = Pt(28.95 * field.get("lines", 1))
        row.cells[0].width, row.cells[1].width = Mm(38), Mm(TEXT_WIDTH - 38)
        for cell, words in zip(row.cells, (field["label"], field.get("value")), strict=True):
            cell.paragraphs[0].style = "Flush"
            write(cell.paragraphs[0], words)


def _page_break(file: WordDocument, block: Block) -> None:
    file.add_paragraph(style="Flush").add_run().add_break(WD_BREAK.PAGE)


WRITERS = {
    "heading": _heading,
    "paragraph": _paragraph,
    "list": _list,
    "table": word_tables.table,
    "figure": _figure,
    "form": _form,
    "page_break": _page_break,
}


def body(file: WordDocument, document: Document) -> None:
    """Write all blocks; what follows the copies of a letter begins a page."""
    before: Block | None = None
    for block in document.blocks:
        if before is not None and before.get("role") == "copies" and block.get("role") != "copies":
            _page_break(file, block)
        WRITERS[block["kind"]](file, block)
        before = block
