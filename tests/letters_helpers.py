"""What one check of a draft letter tells of a text: line, severity, words and message, findings in the order they are made."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from analysis.letters.drafts import Draft, Paragraph, paragraphs

Told = tuple[int, str, str, str]


def told(check: ModuleType, text: str, cell: str = "", **more: Any) -> list[Told]:
    """Return the findings of one check; "holds" stands for the severity of what holds; a cell of a table may stand first."""
    cells = (Paragraph(cell, (0,), (0,), cell=True),) if cell else ()
    draft = Draft((*cells, *paragraphs(list(enumerate(text.splitlines(), start=1)))))
    found = (getattr(check, "check", None) or check.against)(draft=draft, **more)
    return [(item.line, "holds" if item.holds else item.severity, item.text, item.message) for item in found]


def said(check: ModuleType, text: str, cell: str = "") -> list[tuple[str, str]]:
    """Return severity and message of each finding of one check."""
    return [(severity, message) for _, severity, _, message in told(check, text, cell)]
