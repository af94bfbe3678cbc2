"""Tables of a DOCX file: of the page, and the trace table that closes the document."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from analysis.presentation.content import page_rows
from analysis.publishing import columns, traces
from analysis.publishing.content import Block, Document, Run, runs
from analysis.publishing.word_file import element, typeface

TEXT_WIDTH = 156.0
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
    link = element("w:hyperlink")
    if run["link"].startswith("#"):
        link.set(qn("w:anchor"), run["link"][1:])
    else:
        target = paragraph.part.relate_to(run["link"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), target)
    made = paragraph.add_run(run["text"])
    paragraph._p.append(link)
    link.append(made._r)
    return made


def mark(caption: Paragraph, block: Block) -> None:
    """Let the caption of a table or a figure be where links to its name lead."""
    number = len(caption._p.getparent())  # no two captions stand at one place
    begin, end = element("w:bookmarkStart", id=number), element("w:bookmarkEnd", id=number)
    begin.set(qn("w:name"), block["name"])
    caption._p.insert(1, begin)
    caption._p.append(end)


def _borders(table: Table, inside: int) -> None:
    rules = element("w:tblBorders")
    for side, size in (("top", 12), ("bottom", 12), ("insideH", inside)):
        rules.append(element(f"w:{side}", val="single", sz=size, space=0, color="000000" if size > 4 else "BFBFBF"))
    table._tbl.tblPr.append(rules)


def _grid(file: WordDocument, widths: list[float], rows: int, caption: str) -> list[list[_Cell]]:
    """Add an empty table of the text's width with a repeated header row; return its cells by rows."""
    table = file.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _borders(table, 4)
    table._tbl.tblPr.append(element("w:tblCaption", val=caption))
    shares = [Mm(TEXT_WIDTH * width / sum(widths)) for width in widths]
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, shares, strict=True):
        column.w = width
    for line in table._tbl.tr_lst:
        line.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, width in zip(line.tc_lst, shares, strict=True):
            cell.width = width
    first = table._tbl.tr_lst[0]
    first.get_or_add_trPr().append(element("w:tblHeader"))
    for cell in first.tc_lst:
        bottom = element("w:tcBorders")
        bottom.append(element("w:bottom", val="single", sz=8, space=0, color="000000"))
        cell.get_or_add_tcPr().append(bottom)
    return [[_Cell(cell, table) for cell in line.tc_lst] for line in table._tbl.tr_lst]


def _fill(cell: _Cell, words: str | list[Run], align: str, size: float, role: str = "") -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph._p.style = "Cell"
    paragraph.alignment = SIDES[align]
    write(paragraph, words, role)
    for run in paragraph.runs:
        run.font.size = Pt(size)
    return paragraph


def table(file: WordDocument, block: Block) -> None:
    """Write a table under its caption, with its notes."""
    caption = write(file.add_paragraph(block["label"] + "　", style="Caption"), block["title"])
    mark(caption, block)
    names, size, deepest = columns.labels(block), columns.size(block), columns.deepest_tails(block)
    rows = page_rows(block)
    widths = columns.widths(names, columns.texts(block), size)
    lines = _grid(file, widths, len(rows) + 1, caption.text)
    sides = [column.get("align", "left") for column in block["columns"]]
    for target, name, side in zip(lines[0], names, sides, strict=True):
        _fill(target, name, side, size, "hei")
    for line, row in zip(lines[1:], rows, strict=True):
        role = "" if row.get("role", "body") == "body" else "hei"
        for at, (target, cell) in enumerate(zip(line, row["cells"], strict=True)):
            paragraph = _fill(target, [cell], sides[at], size, role)
            gap = columns.gap(cell, block["columns"][at], deepest[at])
            if gap:
                moved = columns.length(gap[0]) - columns.length(gap[1])
                paragraph.paragraph_format.right_indent = Pt(moved * size)
    notes(file, block)


def notes(file: WordDocument, block: Block) -> None:
    """Write the notes of a table or a figure, and a line of room."""
    for note in block.get("notes", ()):
        write(file.add_paragraph(style="Note"), note)
    file.add_paragraph(style="Note")


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
    lines = _grid(file, widths, len(rows) + 1, traces.heading(document))
    for line, row, role in zip(lines, (traces.COLUMNS, *rows), ("hei", *("" for _ in rows)), strict=True):
        for cell, text in zip(line, row, strict=True):
            _fill(cell, text, "left", 8, role)
