"""A document as PDF/A-2a and PDF/UA-1, set by Typst in official layout."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from itertools import groupby
from typing import Literal

import typst

from analysis.house import UserError
from analysis.house.content import Json
from analysis.house.fonts import ROLES
from analysis.presentation.content import page_rows
from analysis.publishing import columns, front, html_blocks, stamp, traces
from analysis.publishing.content import Block, Document, Run, plain, runs
from analysis.publishing.html_page import TEMPLATES
from analysis.publishing.numbering import title_lines
from analysis.publishing.typefaces import faces

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_ENDING = re.compile(r"(?<=[\u4e00-\u9fff])[\u4e00-\u9fff]{2}[。；：！？”）]*$")
TEXT_WIDTH = 156.0
# Width of the text area in millimetres.


@lru_cache(maxsize=1)
def compiler() -> typst.Compiler:
    """Return the process's one compiler of the official template."""
    return typst.Compiler(
        str(TEMPLATES / "official.typ"),
        root=str(TEMPLATES),
        font_paths=[str(faces().folder)],
        ignore_system_fonts=True,
    )


@lru_cache(maxsize=1)
def _fonts() -> str:
    known = faces()
    told = {
        role: {"families": known.families[role], "weight": known.weights[role], "latin": ""} for role in known.families
    }
    if known.files["fang"][0].name == ROLES["fang"].substitute:
        told["fang"]["latin"] = known.families["song"][0]
    return json.dumps(told)


def _table(block: Block) -> Json:
    fields = block["columns"]
    labels = columns.labels(block)
    size = columns.size(block)
    widths = columns.widths(labels, columns.texts(block), size)
    tails = columns.deepest_tails(block)
    rows = [
        {
            "role": row.get("role", "body"),
            "cells": [
                {**_bare(cell), "gap": columns.gap(cell, column, tails[at])}
                for at, (cell, column) in enumerate(zip(row["cells"], fields, strict=True))
            ],
        }
        for row in page_rows(block)
    ]
    return {
        "kind": "table",
        "label": block["label"],
        "title": _bared(block["title"]),
        "size": size,
        "columns": [
            {"label": [{"text": label}], "align": column.get("align", "left"), "width": width}
            for label, column, width in zip(labels, fields, widths, strict=True)
        ],
        "rows": rows,
        "notes": [_bared(note) for note in block.get("notes", ())],
    }


def _bare(run: Run) -> Run:
    return {key: run[key] for key in ("text", "strong", "emphasis", "link") if run.get(key)} | {"text": run["text"]}


def _bared(words: str | list[Run] | None) -> list[Run]:
    return [_bare(run) for run in runs(words)]


def _kept(words: list[Run]) -> list[Run]:
    """Keep the last two characters of a paragraph on one line, with the marks after them: no line of one character."""
    match = _ENDING.search(words[-1]["text"]) if words else None
    if match is None or match.start() == 0:
        return words
    last, ending = words[-1], match.group()
    return [*words[:-1], {**last, "text": last["text"][: match.start()]}, {**last, "text": ending, "keep": True}]


def _figure(block: Block) -> Json:
    vector = block["media_type"] == "image/svg+xml"
    return {
        "kind": "figure",
        "label": block["label"],
        "title": _bared(block["title"]),
        "subtitle": _bared(block.get("subtitle")),
        "alt": block["alt"],
        "format": "svg" if vector else "png",
        "data": html_blocks.svg(block["data"]) if vector else list(base64.b64decode(block["data"], validate=True)),
        "width": min(block.get("width_mm") or TEXT_WIDTH, TEXT_WIDTH),
        "notes": [_bared(note) for note in block.get("notes", ())],
    }


def _block(block: Block) -> Json:
    match block["kind"]:
        case "heading":
            return {
                "kind": "heading",
                "level": block["level"],
                "runs": [{"text": block["number"]}, *_bared(block["runs"])],
            }
        case "paragraph":
            return {"kind": "paragraph", "role": block["role"], "runs": _kept(_bared(block["runs"]))}
        case "list":
            items = [_bared(item) for item in block["items"]]
            marks = [columns.mark(position, block["ordered"]) for position in range(1, len(items) + 1)]
            return {"kind": "list", "marks": marks, "items": items}
        case "table":
            return _table(block)
        case "figure":
            return _figure(block)
        case "form":
            return {
                "kind": "form",
                "title": _bared(block["title"]),
                "lead": _bared(block.get("lead")),
                "options": block["options"],
                "fields": [
                    {"label": field["label"], "value": _bared(field.get("value")), "lines": field.get("lines", 1)}
                    for field in block["fields"]
                ],
            }
        case "page_break":
            return {"kind": "page_break"}
        case kind:
            raise UserError(f"{block['place']}：内容对象 {kind} 不能排成 PDF。")


def _part(block: Block) -> str:
    """Return which group a block belongs to: signature with date, and copies, are each set as one."""
    role = block.get("role") if block["kind"] == "paragraph" else None
    return {"signature": "signing", "date": "signing", "copies": "copies"}.get(role or "", "")


def grouped(document: Document) -> list[Json]:
    """Return the blocks with signatures and date, and the copies, gathered; what follows copies begins a page."""
    blocks: list[Json] = []
    for part, group in groupby(document.blocks, _part):
        members = list(group)
        if blocks and blocks[-1]["kind"] == "copies":
            blocks.append({"kind": "page_break"})
        if part == "signing":
            dates = [block for block in members if block["role"] == "date"]
            names = [_bared(block["runs"]) for block in members if block["role"] == "signature"]
            date = _bared(dates[-1]["runs"]) if dates else []
            blocks.append({"kind": "signing", "signature": names, "date": date})
        elif part == "copies":
            blocks.append({"kind": "copies", "items": [_bared(block["runs"]) for block in members]})
        else:
            blocks += [_block(block) for block in members]
    around = zip([{"kind": ""}, *blocks], blocks, [*blocks[1:], {"kind": ""}], strict=False)
    for before, block, after in around:
        if block["kind"] in ("table", "figure"):
            block["headed"] = before["kind"] == "heading"
            block["float"] = after["kind"] in ("paragraph", "list")
    return blocks


def _trace(document: Document) -> list[Json]:
    rows = traces.rows(document)
    if not rows:
        return []
    texts = [[row[at] for row in rows] for at in range(len(traces.COLUMNS))]
    widths = columns.widths(list(traces.COLUMNS), texts, 8)
    table = {
        "kind": "table",
        "label": "",
        "title": [{"text": traces.heading(document)}],
        "size": 8,
        "columns": [
            {"label": [{"text": name}], "align": "left", "width": width}
            for name, width in zip(traces.COLUMNS, widths, strict=True)
        ],
        "float": False,
        "headed": False,
        "rows": [{"role": "body", "cells": [{"text": text, "gap": None} for text in row]} for row in rows],
        "notes": [[{"text": traces.sources(document)}]] if traces.sources(document) else [],
    }
    follows = document.head["class"] == "page"  # on a sheet of its own the traces stand below what they prove
    return [table] if follows else [{"kind": "page_break"}, table]


def content(document: Document) -> Json:
    """Return all that the Typst template reads."""
    head = document.head
    moment = stamp.moment(head["date"])
    return {
        "class": head["class"],
        "title": plain(head["title"]),
        "title-lines": title_lines(plain(head["title"])),
        "subtitle": _bared(head.get("subtitle")),
        "issuer": head["issuer"],
        "date": {name: getattr(moment, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "keywords": [word for word in (head.get("scope_label"), head.get("term_label")) if word],
        "mark": head["mark"],
        "facts": front.facts(head),
        "elements": front.elements(head),
        "places": {b["name"]: b["label"] for b in document.blocks if b["kind"] in ("table", "figure")},
        "blocks": [*grouped(document), *_trace(document)],
    }


def pdf(document: Document) -> bytes:
    """Return the PDF. The same document and fonts give the same bytes.

    Raises
    ------
    UserError
        If Typst refuses the document (a figure without alternative text, a picture that it cannot read …).
    """
    inputs = {"content": json.dumps(content(document), ensure_ascii=False), "fonts": _fonts()}
    try:
        made = compiler().compile(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,  # type: ignore[arg-type]
            timestamp=stamp.seconds(document.head["date"]),
        )
    except typst.TypstError as slip:
        raise UserError(f"“{plain(document.head['title'])}”排版失败：{slip}。") from slip
    assert isinstance(made, bytes)
    return made
