"""What the gate asks of the files: no request to a network, nothing run or hidden in a spreadsheet, the mark in each."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

from analysis.publishing import pdf_page
from analysis.publishing.content import Document, plain

FETCHING = {"src", "srcset", "poster", "data", "background", "action", "formaction", "xlink:href", "ping"}
# Attributes that make a browser fetch; `href` does so in the elements below.
LINKING = {"link", "use", "image", "base"}
_CALL = re.compile(
    r"url\(\s*['\"]?(?!data:|#)|@import|\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\s*\("
)
_OUTSIDE = re.compile(
    r"(?:xlink:)?href\s*=\s*['\"](?!#|data:)|<script|\son[a-z]+\s*=|<foreignObject|<iframe", re.IGNORECASE
)
_TAGS = re.compile(r"<[^>]+>")
_PICTURE = re.compile(r"data:image/(?:svg\+xml;charset=utf-8,[^\"]*|png;base64,[A-Za-z0-9+/=]*)")
# Digests in letters and digits (of the document, and of each step in its history): no words, and any may begin with qq.
_IDENTIFIERS = re.compile(r"<\w+:\w*ID>[^<]*<")
_METADATA = re.compile(rb"<\?xpacket begin.*?<\?xpacket end", re.DOTALL)
_FORMULA = re.compile(r"[=+\-@\t\r]")


class _Requests(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        for name, value in attrs:
            told = (value or "").strip()
            if name in FETCHING or (name == "href" and tag in LINKING):
                if not told.startswith("data:"):
                    self.found.append(f"{tag} 的 {name}")
                elif told.startswith("data:image/svg") and (_OUTSIDE.search(svg := unquote(told)) or _CALL.search(svg)):
                    self.found.append("图中的外部引用或脚本")
            elif (
                name.startswith("on")
                or (name == "style" and _CALL.search(told))
                or (name == "href" and told.lower().startswith(("javascript:", "data:")))
            ):
                self.found.append(f"{tag} 的 {name}")

    def handle_data(self, data: str) -> None:
        if self.inside in ("style", "script") and _CALL.search(data):
            self.found.append(f"{self.inside} 中的网络请求")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def requests(page: str) -> list[str]:
    """Return what an HTML page would fetch from anywhere, each once."""
    parser = _Requests()
    parser.feed(page)
    return list(dict.fromkeys(parser.found))


def _members(content: bytes) -> dict[str, str]:
    """Return the XML members of an office file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith((".xml", ".rels"))
        }


def text(name: str, content: bytes) -> str:
    """Return the text of a file, for a search: of a page with its attributes, of an office file with its properties.

    A vector picture counts with its words, not with its coordinates. Of a PDF only its open metadata stand here; its
    content is searched as `pdf_text`, from which it was set.
    """
    if name.endswith((".docx", ".xlsx")):
        return "\n".join(
            (member if part.startswith("docProps/") else "") + words(member)
            for part, member in _members(content).items()
        )
    if name.endswith(".pdf"):
        return _IDENTIFIERS.sub("", "\n".join(part.decode("utf-8", "replace") for part in _METADATA.findall(content)))
    return unescape(_PICTURE.sub(lambda match: words(unquote(match.group())), content.decode("utf-8")))


def words(markup: str) -> str:
    """Return what stands between the tags of some markup."""
    return unescape(_TAGS.sub("\n", markup.replace("</w:t><w:t>", "").replace("</w:r><w:r>", "")))


def notebook_text(notebook: object) -> str:
    """Return every text and whole number of a notebook, a line each; pictures count with their words."""
    lines: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, str):
            lines.append(words(value) if "<svg" in value else value)
        elif isinstance(value, int):
            lines.append(str(value))
        elif isinstance(value, Mapping):
            for name, part in value.items():
                if name not in ("image/png", "image/jpeg") and not (
                    name == "data" and value.get("media_type") == "image/png"
                ):
                    collect(part)
        elif isinstance(value, (list, tuple)):
            if value and all(isinstance(part, str) for part in value):
                collect("".join(value))
            else:
                for part in value:
                    collect(part)

    collect(notebook)
    return "\n".join(lines)


def reasons(document: Document, made: Mapping[str, bytes]) -> Iterator[str]:
    """Give every reason not to publish some files."""
    mark = document.head["mark"] if document.head["simulated"] else ""
    for name, content in made.items():
        if name.endswith(".html"):
            page = content.decode("utf-8")
            yield from (f"{name} 会向网络请求：{found}" for found in requests(page))
            if mark and mark not in unescape(page):
                yield f"{name} 缺“模拟”标注"
        elif name.endswith((".docx", ".xlsx")):
            yield from _office(name, content, document, mark)
        elif name.endswith(".csv"):
            rows = csv.reader(io.StringIO(content.decode("utf-8")))
            yield from (f"{name} 中的“{cell[:12]}”会被表格软件当作公式" for row in rows for cell in row if _runs(cell))
        elif name.endswith("datapackage.json") and mark and mark not in json.loads(content)["description"]:
            yield f"{name} 缺“模拟”标注"


def _runs(cell: str) -> bool:
    """Return whether a spreadsheet would take a text for a formula."""
    if not cell or not _FORMULA.match(cell):
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


def _office(name: str, content: bytes, document: Document, mark: str) -> Iterator[str]:
    members = _members(content)
    whole = "".join(members.values())
    for part, xml in members.items():
        if part.endswith(".rels"):
            outside = [tag for tag in _TAGS.findall(xml) if 'TargetMode="External"' in tag and "/hyperlink" not in tag]
            if outside:
                yield f"{name} 引用了外部文件"
        elif part.startswith("xl/worksheets/") and re.search(r"<f[ >/]", xml):
            yield f"{name} 含公式"
    if re.search(r'state="(?:hidden|veryHidden)"| hidden="1"', whole):
        yield f"{name} 有隐藏的工作表、行或列"
    if mark and mark not in unescape(_TAGS.sub("", whole)):
        yield f"{name} 缺“模拟”标注"
    people = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>(.*?)<", members.get("docProps/core.xml", ""))
    if any(unescape(person) not in ("", document.head["issuer"]) for person in people):
        yield f"{name} 的属性里有人员姓名"
    if plain(document.head["title"]) not in unescape(members.get("docProps/core.xml", "")):
        yield f"{name} 缺标题"


def pdf_text(document: Document) -> str:
    """Return every text that the PDF is set from, metadata included (the template adds none but page numbers)."""
    return notebook_text(pdf_page.content(document))
