"""A document as one HTML file: semantic, without code, script frameworks or requests to anywhere."""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from pathlib import Path

import jinja2

from analysis.house.content import Json
from analysis.publishing import html_blocks, traces
from analysis.publishing.content import Document, plain
from analysis.publishing.front import elements, facts
from analysis.publishing.numbering import title_lines

TEMPLATES = Path(__file__).resolve().parent / "templates"


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Return the templates, read once."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@cache
def asset(name: str) -> str:
    """Return a style sheet or script of the templates' folder, without line breaks where it is a style sheet."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return text.replace("\n", "") if name.endswith(".css") else text


def _title(document: Document) -> str:
    """Write the title; one without numbers is broken by sense only."""
    words = document.head["title"]
    if not isinstance(words, str) and any("statistic" in run for run in words):
        return html_blocks.words(words)
    lines = title_lines(plain(words))
    return "".join(f"<span>{escape(line, quote=False)}</span>" for line in lines)


def _contents(document: Document) -> list[Json]:
    return [
        {"id": html_blocks.heading_id(block), "level": block["level"], "text": block["number"] + plain(block["runs"])}
        for block in document.of("heading")
        if block["level"] <= 2
    ]


def page(document: Document) -> str:
    """Return the whole page."""
    head = document.head
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            head=head,
            title=plain(head["title"]),
            title_html=_title(document),
            subtitle_html=html_blocks.words(head.get("subtitle")),
            facts=facts(head),
            elements=elements(head),
            contents=_contents(document) if head["class"] == "report" else [],
            css=asset("page.css"),
            script=asset("page.js"),
            body=html_blocks.body(document),
            trace=html_blocks.trace_table(document),
            trace_heading=traces.heading(document),
            sources=traces.sources(document),
        )
    )
