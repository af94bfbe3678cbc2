"""Content objects as semantic HTML5: one function for each kind."""

from __future__ import annotations

import base64
import re
from html import escape
from urllib.parse import urlsplit

from analysis.house import UserError
from analysis.house.content import Json
from analysis.presentation.content import page_rows
from analysis.publishing import columns, traces
from analysis.publishing.content import Block, Document, Run, plain, runs

_PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_BETWEEN_TAGS = re.compile(r">\s+<")
_IN_URI = str.maketrans({"%": "%25", "#": "%23", "<": "%3C", ">": "%3E", '"': "'", "\n": " ", "\r": "", "\t": " "})


def words(value: str | list[Run] | None) -> str:
    """Write words; a number that is a statistic becomes a ``data`` element with its trace as title."""
    return "".join(_run(run) for run in runs(value))


def _run(run: Run) -> str:
    text = escape(run["text"], quote=False)
    part = run.get("part", "value")
    if "statistic" in run and part not in traces.WORDS and run["text"]:
        statistic = run["statistic"]
        value = traces.exact(statistic, part)
        text = f'<data value="{value}" title="{escape(traces.title(statistic))}" tabindex="0">{text}</data>'
    if run.get("link"):
        if urlsplit(run["link"]).scheme not in ("https", "http", "mailto", ""):
            raise UserError(f"链接“{run['link']}”的协议不能发布；请改为 https 链接。")
        text = f'<a href="{escape(run["link"])}">{text}</a>'
    for mark, tag in (("emphasis", "em"), ("strong", "strong")):
        if run.get(mark):
            text = f"<{tag}>{text}</{tag}>"
    return text


def heading_id(block: Block) -> str:
    """Return the id of a heading's element, from its order in the document."""
    return f"h{block['order']}"


def heading(block: Block) -> str:
    """Write a heading; level 1 is ``h2``, below the page's title."""
    level = block["level"] + 1
    return f'<h{level} id="{heading_id(block)}">{block["number"]}{words(block["runs"])}</h{level}>'


def paragraph(block: Block) -> str:
    """Write a paragraph with its role as class."""
    return f'<p class="{block["role"]}">{words(block["runs"])}</p>'


def listing(block: Block) -> str:
    """Write a list."""
    tag = "ol" if block["ordered"] else "ul"
    return f"<{tag}>{''.join(f'<li>{words(item)}</li>' for item in block['items'])}</{tag}>"


def _notes(block: Block) -> str:
    notes = "".join(f"<p>{words(note)}</p>" for note in block.get("notes", ()))
    return f'<div class="notes">{notes}</div>' if notes else ""


def _cell(cell: Run, column: Json, header: bool, deepest: str) -> str:
    align = column.get("align", "left")
    value = "" if cell.get("value") is None else f' data-v="{cell["value"]!r}"'
    gap = columns.gap(cell, column, deepest)
    pad = f' style="padding-right:{(len(gap[0]) - len(gap[1])) * 0.55 + 0.6:.2f}em"' if gap else ""
    content = words([cell])
    if header:
        short = " short" if columns.length(cell["text"]) <= 9 else ""
        return f'<th scope="row" class="{align}{short}"{value}{pad}>{content}</th>'
    return f'<td class="{align}"{value}{pad}>{content}</td>'


def table(block: Block) -> str:
    """Write a table: caption, column headers in scope, the first column as row headers, totals marked."""
    fields = block["columns"]
    deepest = columns.deepest_tails(block)
    head = "".join(
        f'<th scope="col" class="{column.get("align", "left")}">{words(column["label"])}'
        + (f"（{escape(column['unit'])}）" if column.get("unit") else "")
        + "</th>"
        for column in fields
    )
    body = "".join(
        f'<tr class="{row.get("role", "body")}">'
        + "".join(
            _cell(cell, column, at == 0, deepest[at])
            for at, (cell, column) in enumerate(zip(row["cells"], fields, strict=True))
        )
        + "</tr>"
        for row in page_rows(block)
    )
    title = plain(block["title"])
    return (
        f'<div class="table" id="{block["name"]}"><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(block["label"] + title)}">'
        f'<table><caption><span class="label">{block["label"]}</span> {words(block["title"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{_notes(block)}</div>"
    )


def svg(data: str) -> str:
    """Return an SVG picture without prologue, comments, metadata, and white space between its tags."""
    return _BETWEEN_TAGS.sub("><", _PROLOGUE.sub("", data)).strip()


def figure(block: Block) -> str:
    """Write a figure: its title above, the picture with its alternative text, its notes."""
    if block["media_type"] == "image/svg+xml":
        source = "data:image/svg+xml;charset=utf-8," + svg(block["data"]).translate(_IN_URI)
    else:
        base64.b64decode(block["data"], validate=True)
        source = f"data:image/png;base64,{block['data']}"
    subtitle = f'<span class="subtitle">{words(block["subtitle"])}</span>' if block.get("subtitle") else ""
    width = f' style="max-width:{block["width_mm"] * 1.25:.0f}mm"' if block.get("width_mm") else ""
    return (
        f'<figure id="{block["name"]}"><figcaption><span class="label">{block["label"]}</span> '
        f"{words(block['title'])}{subtitle}</figcaption>"
        f'<img src="{source}" alt="{escape(block["alt"])}"{width}>{_notes(block)}</figure>'
    )


def form(block: Block) -> str:
    """Write a form to print and fill in: boxes to tick, lines to write on."""
    lead = f"<p>{words(block['lead'])}</p>" if block.get("lead") else ""
    options = "".join(f"<li>□{escape(option, quote=False)}</li>" for option in block["options"])
    fields = "".join(
        f"<dt>{escape(field['label'], quote=False)}</dt>"
        f'<dd style="min-height:{field.get("lines", 1) * 1.8:.1f}em">{words(field.get("value"))}</dd>'
        for field in block["fields"]
    )
    return (
        f'<section class="form"><p class="form-title">{words(block["title"])}</p>{lead}'
        f'<ul class="options">{options}</ul><dl>{fields}</dl></section>'
    )


def page_break(block: Block) -> str:
    """Write a page break (it shows in print only)."""
    return '<div class="page-break"></div>'


WRITERS = {
    "heading": heading,
    "paragraph": paragraph,
    "list": listing,
    "table": table,
    "figure": figure,
    "form": form,
    "page_break": page_break,
}


def body(document: Document) -> str:
    """Write all blocks of a document."""
    return "\n".join(WRITERS[block["kind"]](block) for block in document.blocks)


def trace_table(document: Document) -> str:
    """Write the trace table's rows; ``""`` if the document has no statistic."""
    found = traces.rows(document)
    if not found:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in traces.COLUMNS)
    lines = "".join(
        '<tr><th scope="row">'
        + "</th><td>".join((escape(row[0]), "</td><td>".join(map(escape, row[1:]))))
        + "</td></tr>"
        for row in found
    )
    return f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody>"
