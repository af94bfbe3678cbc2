"""Reading a draft from .txt, .md, .html and .docx, line by line; tracked deletions are left out, insertions kept."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from analysis.house import UserError
from analysis.letters.drafts import Draft, Paragraph, Table, paragraphs
from analysis.reference.messages import shown

LARGEST = 30_000_000
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "td",
        "th",
        "table",
        "ul",
        "ol",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "br",
        "dd",
        "dt",
        "caption",
        "pre",
    ]
)
_SILENT = {"script", "style", "title", "template", "noscript", "nav"}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(file: Path) -> Draft:
    """Read a draft.

    Raises
    ------
    UserError
        If the file is missing, empty, too large, of another kind, or broken.
    """
    if not file.is_file():
        raise UserError(f"找不到文稿“{shown(file)}”；请检查路径。")
    if file.stat().st_size > LARGEST:
        raise UserError(f"文稿“{shown(file)}”超过 30 MB，不像是一份答复；请核对文件。")
    readers = {
        ".txt": _read_text,
        ".md": _read_markdown,
        ".markdown": _read_markdown,
        ".html": _read_html,
        ".htm": _read_html,
        ".docx": _read_docx,
    }
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise UserError(f"文稿“{shown(file)}”的格式不能检查；请另存为 .docx、.txt、.md 或 .html。")
    draft = reader(file)
    if not draft.text.strip():
        raise UserError(f"文稿“{shown(file)}”里没有文字；请核对文件，图片中的文字须先录入。")
    return draft


def _decoded(file: Path) -> str:
    raw = file.read_bytes()
    for encoding in ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UserError(f"文稿“{shown(file)}”不是文本文件，或编码无法识别；请另存为 UTF-8 文本后再试。")


def _read_text(file: Path) -> Draft:
    return Draft(paragraphs(list(enumerate(_decoded(file).splitlines(), 1))))


def _read_markdown(file: Path) -> Draft:
    lines, tables, rows = [], [], []
    for number, line in enumerate(_decoded(file).splitlines(), 1):
        if re.match(r"\s*\|.*\|\s*$", line):
            cells = tuple(_unmarked(cell) for cell in line.strip().strip("|").split("|"))
            if not all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells):
                rows.append((number, cells))
            continue
        if rows:
            tables.append(Table(tuple(rows)))
            rows = []
        heading = re.match(r"\s*#{1,6}\s+", line)
        lines += [(number, "")] if heading else []
        lines.append((number, _unmarked(line)))
        lines += [(number, "")] if heading else []
    if rows:
        tables.append(Table(tuple(rows)))
    return Draft(paragraphs(lines) + _cells(tables), tuple(tables))


def _unmarked(line: str) -> str:
    line = re.sub(r"^\s*(?:#{1,6}\s+|>\s?)", "", line)
    line = re.sub(r"!?\[([^\]]*)\]\((?:https?:|#|\.|/|mailto:)[^)]*\)", r"\1", line)
    line = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", line)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", line).strip()


def _cells(tables: list[Table]) -> tuple[Paragraph, ...]:
    rows = (row for table in tables for row in table.rows)
    return tuple(
        Paragraph(cell, (0,), (number,), cell=True) for number, cells in rows for cell in cells if cell.strip()
    )


class _Page(HTMLParser):
    """Collects blocks of text with their lines, and tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self.tables: list[Table] = []
        self.rows: list[tuple[int, list[str]]] | None = None
        self.words, self.line, self.silent = "", 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        if tag in _BLOCKS:
            self.flush()
        if tag == "table":
            self.rows = []
        if tag == "tr" and self.rows is not None:
            self.rows.append((self.getpos()[0], []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self.silent:
            self.silent -= 1
        if tag in ("td", "th") and self.rows:
            self.rows[-1][1].append(re.sub(r"\s+", " ", self.words).strip())
            self.words = ""
        elif tag in _BLOCKS:
            self.flush()
        if tag == "table" and self.rows is not None:
            self.tables.append(Table(tuple((line, tuple(cells)) for line, cells in self.rows)))
            self.rows = None

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if data.strip() and not self.words.strip():
            self.line = self.getpos()[0] + len(data[: len(data) - len(data.lstrip())].splitlines()[1:])
        self.words += data

    def flush(self) -> None:
        words = re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])", "", self.words)
        words = re.sub(r"\s+", " ", words).strip()
        if words:
            self.lines += [(self.line, words), (self.line, "")]
        self.words = ""


def _read_html(file: Path) -> Draft:
    page = _Page()
    page.feed(_decoded(file))
    page.flush()
    return Draft(paragraphs(page.lines) + _cells(page.tables), tuple(page.tables))


def _read_docx(file: Path) -> Draft:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {item.filename: item.file_size for item in archive.infolist()}
            if sum(parts.values()) > 20 * LARGEST or parts["word/document.xml"] > 3 * LARGEST:
                raise UserError(f"文稿“{shown(file)}”解开后过大，不像是一份答复；请核对文件。")
            body = ElementTree.fromstring(archive.read("word/document.xml"))
            extra = [
                ElementTree.fromstring(archive.read(name))
                for name in sorted(parts)
                if re.fullmatch(r"word/(?:header|footer|footnotes)\d*\.xml", name)
            ]
            comments = "word/comments.xml" in parts and archive.read("word/comments.xml").count(b"<w:comment ")
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, EOFError, NotImplementedError, RuntimeError):
        raise UserError(
            f"文稿“{shown(file)}”不是完好的 docx 文件（可能损坏或加了密码）；请用 WPS 或 Word 另存后再试。"
        ) from None
    found: list[Paragraph] = []
    tables: list[Table] = []
    for element in _blocks(body):
        line = len(found) + 1
        if element.tag == f"{_WORD}p":
            words = _words(element)
            found += [Paragraph(piece, (0,), (line,)) for piece in words.split("\n") if piece.strip()] or [
                Paragraph("", (0,), (line,))
            ]
        else:
            rows = []
            for row in element.iter(f"{_WORD}tr"):
                cells = tuple(
                    " ".join(_words(p) for p in cell.iter(f"{_WORD}p")).strip() for cell in row.findall(f"{_WORD}tc")
                )
                rows.append((line, cells))
            table = Table(tuple(rows))
            tables.append(table)
            found += _cells([table])
    last = len(found)
    for part in extra:
        found += [
            Paragraph(_words(p), (0,), (last + 1,), cell=True) for p in part.iter(f"{_WORD}p") if _words(p).strip()
        ]
    changes = {
        "插入": len(list(body.iter(f"{_WORD}ins"))),
        "删除": len(list(body.iter(f"{_WORD}del"))),
        "批注": int(comments),
    }
    return Draft(tuple(found), tuple(tables), {name: count for name, count in changes.items() if count})


def _blocks(body: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield top-level paragraphs and tables, also those inside content controls and tracked moves."""
    for child in body:
        if child.tag in (f"{_WORD}p", f"{_WORD}tbl"):
            yield child
        elif child.tag not in (f"{_WORD}del", _FALLBACK):
            yield from _blocks(child)


def _words(paragraph: ElementTree.Element) -> str:
    pieces: list[str] = []

    def walk(element: ElementTree.Element) -> None:
        if element.tag in (f"{_WORD}del", f"{_WORD}moveFrom", _FALLBACK):
            return
        if element.tag == f"{_WORD}t":
            pieces.append(element.text or "")
        elif element.tag == f"{_WORD}tab":
            pieces.append(" ")
        elif element.tag in (f"{_WORD}br", f"{_WORD}cr"):
            pieces.append("\n")
        for child in element:
            walk(child)

    for child in paragraph:
        walk(child)
    return "".join(pieces)
