"""The empty DOCX file of a document: page, grid, styles, running head and foot, properties."""

from __future__ import annotations

import io
from typing import Any

import docx as python_docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from analysis.publishing import archives, stamp
from analysis.publishing.content import Document, plain

FACES = {"fang": "仿宋", "song": "宋体", "kai": "楷体", "hei": "黑体", "title": "方正小标宋简体"}
PITCH = 28.95
RED = RGBColor(0xC0, 0x00, 0x00)
GRID = {"w:type": "lines", "w:linePitch": "579"}
TIGHTER = -5
# Twentieths of a point: the pitch of the grid; what each character of 16 pt gives up, so that 28 of them fit 156 mm
# (28 × 15.75 pt = 441 pt). WPS, Word and LibreOffice read a character grid in three ways, a spacing in one.


def element(name: str, **attributes: object) -> Any:
    """Make an element of WordprocessingML: ``element("w:jc", val="center")``."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def typeface(target: WordRun | ParagraphStyle, role: str) -> None:
    """Set the same typeface for Chinese and Latin characters."""
    name = FACES[role]
    target.font.name = name
    properties = target.element.get_or_add_rPr()
    faces = properties.find(qn("w:rFonts"))
    for script in ("eastAsia", "hAnsi", "cs", "ascii"):
        faces.set(qn(f"w:{script}"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)
    faces.set(qn("w:hint"), "eastAsia")


def exact(target: ParagraphStyle | Paragraph, points: float, *, before: float = 0, after: float = 0) -> None:
    """Set a fixed line pitch and the space around."""
    form = target.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(points)
    form.space_before, form.space_after = Pt(before), Pt(after)


def indent(target: ParagraphStyle | Paragraph, characters: float) -> None:
    """Indent the first line by some characters."""
    properties = target.element.get_or_add_pPr() if isinstance(target, ParagraphStyle) else target._p.get_or_add_pPr()
    found = properties.get_or_add_ind()
    found.set(qn("w:firstLineChars"), str(int(characters * 100)))
    found.set(qn("w:firstLine"), str(int(characters * 320)))


def _style(file: WordDocument, name: str, role: str, size: float, pitch: float = PITCH, **more: Any) -> ParagraphStyle:
    style = file.styles[name] if name in [known.name for known in file.styles] else file.styles.add_style(name, 1)
    assert isinstance(style, ParagraphStyle)
    typeface(style, role)
    style.font.size = Pt(size)
    style.element.get_or_add_rPr().append(element("w:spacing", val=TIGHTER if size == 16 else 0))
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    exact(style, pitch, before=more.get("before", 0), after=more.get("after", 0))
    style.paragraph_format.keep_with_next = more.get("keep", False)
    style.paragraph_format.alignment = more.get("align", WD_ALIGN_PARAGRAPH.JUSTIFY)
    indent(style, more.get("indent", 0))
    properties = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        properties.insert_element_before(
            element(name, val=0), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )
    if pitch != PITCH:
        style.element.get_or_add_pPr().insert_element_before(
            element("w:snapToGrid", val=0), "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)
    return style


KEPT = {"Default Paragraph Font", "Normal Table", "Table Grid", "Header", "Footer", "No List"}


def _styles(file: WordDocument) -> None:
    """Give the file just our own styles (its template has some 160, which make it slow and large)."""
    ours = {"Normal", "Title", "Subtitle", "Caption", *(f"Heading {level}" for level in range(1, 5))}
    for style in list(file.styles):
        if style.name not in ours | KEPT:
            style.delete()
    _style(file, "Normal", "fang", 16, indent=2)
    _style(file, "Title", "title", 22, 34, align=WD_ALIGN_PARAGRAPH.CENTER)
    _style(file, "Subtitle", "kai", 16, align=WD_ALIGN_PARAGRAPH.CENTER)
    for level, role in enumerate(("hei", "kai", "fang", "fang"), start=1):
        _style(file, f"Heading {level}", role, 16, keep=True, indent=2, align=WD_ALIGN_PARAGRAPH.LEFT)
    _style(file, "Caption", "hei", 12, 17, before=10, after=3, keep=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    _style(file, "Finding", "hei", 16, indent=2)
    _style(file, "Small", "song", 12, 20, before=4, after=4, indent=2)
    _style(file, "Flush", "fang", 16, align=WD_ALIGN_PARAGRAPH.LEFT)
    _style(file, "Note", "song", 9, 14, align=WD_ALIGN_PARAGRAPH.LEFT)
    _style(file, "Cell", "song", 10.5, 15, align=WD_ALIGN_PARAGRAPH.LEFT)
    _style(file, "Copies", "fang", 14, 22, align=WD_ALIGN_PARAGRAPH.LEFT)


def _number(paragraph: Paragraph) -> None:
    """Write “— 页码 —” with a field."""
    for text, field in (("— ", ""), ("", "begin"), ("", "PAGE"), ("", "end"), (" —", "")):
        run = paragraph.add_run(text)
        typeface(run, "song")
        run.font.size = Pt(14)
        if field == "PAGE":
            instruction = element("w:instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)
        elif field:
            run._r.append(element("w:fldChar", fldCharType=field))


def _foot(section: Section, letter: bool) -> None:
    for footer, align, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right_indent"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left_indent"),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Flush"
        paragraph.alignment = align
        setattr(paragraph.paragraph_format, side, Pt(14))
        _number(paragraph)
    if letter:
        section.first_page_footer.is_linked_to_previous = False
        paragraph = section.first_page_footer.paragraphs[0]
        paragraph.style = "Flush"
        border(paragraph, top="thinThickSmallGap")


def _head(section: Section, mark: str, letter: bool) -> None:
    for header in (section.header, section.even_page_header, *([section.first_page_header] if letter else [])):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.style = "Note"
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if mark:
            paragraph.add_run(mark)


def border(paragraph: Paragraph, size: int = 24, color: str = "C00000", **sides: str) -> None:
    """Draw rules over or under a paragraph: ``border(p, bottom="thickThinSmallGap")``."""
    rules = element("w:pBdr")
    for side in ("top", "bottom"):
        if side in sides:
            rules.append(element(f"w:{side}", val=sides[side], sz=size, space=4, color=color))
    paragraph._p.get_or_add_pPr().insert_element_before(
        rules, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def blank(document: Document) -> WordDocument:
    """Return a file of A4 with the grid of 28 characters by 22 lines, our styles, and the document's properties."""
    file = python_docx.Document()
    letter = document.head["class"] == "letter"
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(18), Mm(24)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    grid = OxmlElement("w:docGrid")
    for key, value in GRID.items():
        grid.set(qn(key), value)
    section._sectPr.append(grid)
    file.settings.odd_and_even_pages_header_footer = True
    section.different_first_page_header_footer = letter
    _styles(file)
    languages = file.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    languages.set(qn("w:val"), "zh-CN")
    languages.set(qn("w:eastAsia"), "zh-CN")
    _head(section, document.head["mark"], letter)
    _foot(section, letter)
    return file


def packed(file: WordDocument, document: Document) -> bytes:
    """Return the file's bytes, with the document's properties and no trace of a person or a day."""
    moment = stamp.moment(document.head["date"])
    properties = file.core_properties
    properties.title = plain(document.head["title"])
    properties.author = properties.last_modified_by = document.head["issuer"]
    properties.language = "zh-CN"
    properties.comments = document.head["mark"]
    properties.created = properties.modified = moment.replace(tzinfo=None)
    properties.revision = 1
    made = io.BytesIO()
    file.save(made)
    return archives.steady(made.getvalue(), moment)
