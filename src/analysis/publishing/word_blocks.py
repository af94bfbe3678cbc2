"""Content objects as paragraphs, tables and pictures of a DOCX file."""

from __future__ import annotations

import io
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from analysis.publishing import columns, front, pictures, traces
from analysis.publishing.content import Block, Document, Run, plain, runs
from analysis.publishing.numbering import title_lines
from analysis.publishing.word_file import RED, border, element, exact, indent, typeface

TEXT_WIDTH = 156.0
STYLES = {
    "finding": "Finding",
    "verdict": "Finding",
    "base": "Small",
    "method": "Small",
    "note": "Small",
    "caveat": "Small",
    "addressee": "Flush",
    "copies": "Copies",
}
SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "decimal": WD_ALIGN_PARAGRAPH.RIGHT,
}


def write(paragraph: Paragraph, words: str | list[Run] | None, role: str = "") -> Paragraph:
    """Add words to a paragraph; strong ones in 黑体, emphasised ones in 楷体."""
    for run in runs(words):
        made = _linked(paragraph, run) if run.get("link") else paragraph.add_run(run["text"])
        face = "hei" if run.get("strong") else "kai" if run.get("emphasis") else role
        if face:
            typeface(made, face)
    return paragraph


def _linked(paragraph: Paragraph, run: Run) -> WordRun:
    target = paragraph.part.relate_to(run["link"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("w:hyperlink")
    link.set(qn("r:id"), target)
    made = paragraph.add_run(run["text"])
    paragraph._p.append(link)
    link.append(made._r)
    return made


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


def _borders(table: Any, inside: int) -> None:
    properties = table._tbl.tblPr
    rules = element("w:tblBorders")
    for side, size in (("top", 12), ("bottom", 12), ("insideH", inside)):
        rules.append(element(f"w:{side}", val="single", sz=size, space=0, color="000000" if size > 4 else "BFBFBF"))
    properties.append(rules)


def _grid(file: WordDocument, widths: list[float], rows: int, caption: str) -> Any:
    """Add an empty table of the text's width with a repeated header row."""
    table = file.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _borders(table, 4)
    table._tbl.tblPr.append(element("w:tblCaption", val=caption))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(TEXT_WIDTH * width / sum(widths))
        for cell in column.cells:
            cell.width = column.width
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for cell in table.rows[0].cells:
        bottom = element("w:tcBorders")
        bottom.append(element("w:bottom", val="single", sz=8, space=0, color="000000"))
        cell._tc.get_or_add_tcPr().append(bottom)
    return table


def _fill(cell: Any, words: str | list[Run], align: str, role: str = "", size: float = 0) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = "Cell", SIDES[align]
    write(paragraph, words, role)
    if size:
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _table(file: WordDocument, block: Block) -> None:
    caption = write(file.add_paragraph(block["label"] + "　", style="Caption"), block["title"])
    names = columns.labels(block)
    table = _grid(
        file, columns.widths(names, columns.texts(block), columns.size(block)), len(block["rows"]) + 1, caption.text
    )
    deepest = columns.deepest_tails(block)
    size = columns.size(block)
    sides = [column.get("align", "left") for column in block["columns"]]
    for cell, name, side in zip(table.rows[0].cells, names, sides, strict=True):
        _fill(cell, name, side, "hei", size)
    for line, row in zip(table.rows[1:], block["rows"], strict=True):
        role = "" if row.get("role", "body") == "body" else "hei"
        for at, (target, cell) in enumerate(zip(line.cells, row["cells"], strict=True)):
            _fill(target, [cell], sides[at], role, size)
            gap = columns.gap(cell, block["columns"][at], deepest[at])
            if gap:
                moved = columns.length(gap[0]) - columns.length(gap[1])
                target.paragraphs[0].paragraph_format.right_indent = Pt(moved * size)
    _notes(file, block)


def _notes(file: WordDocument, block: Block) -> None:
    for note in block.get("notes", ()):
        write(file.add_paragraph(style="Note"), note)
    file.add_paragraph(style="Note")


def _figure(file: WordDocument, block: Block) -> None:
    write(file.add_paragraph(block["label"] + "　", style="Caption"), block["title"])
    if block.get("subtitle"):
        write(file.add_paragraph(style="Note"), block["subtitle"]).paragraph_format.keep_with_next = True
    width = min(block.get("width_mm") or TEXT_WIDTH, TEXT_WIDTH)
    holder = file.add_paragraph(style="Cell")
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.line_spacing = 1.0
    picture = holder.add_run().add_picture(io.BytesIO(pictures.png(block, width)), width=Mm(width))
    picture._inline.docPr.set("descr", block["alt"])
    picture._inline.docPr.set("name", block["label"])
    _notes(file, block)


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
    "table": _table,
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


def trace(file: WordDocument, document: Document) -> None:
    """Write the trace table on a page of its own, if the document has a statistic."""
    rows = traces.rows(document)
    if not rows:
        return
    caption = file.add_paragraph(traces.heading(document), style="Caption")
    caption.paragraph_format.page_break_before = True
    if traces.sources(document):
        file.add_paragraph(traces.sources(document), style="Note")
    names = list(traces.COLUMNS)
    widths = columns.widths(names, [[row[at] for row in rows] for at in range(len(names))], 8)
    table = _grid(file, widths, len(rows) + 1, traces.heading(document))
    for line, row, role in zip(table.rows, (traces.COLUMNS, *rows), ("hei", *("" for _ in rows)), strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            _fill(cell, text, "left", role, 8)
