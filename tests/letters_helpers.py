"""What one check of a draft letter tells of a text: line, severity, words and message, findings in the order they are made."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from analysis.letters.drafts import Draft, paragraphs

Told = tuple[int, str, str, str]


def told(check: ModuleType, text: str, **more: Any) -> list[Told]:
    """Return the findings of one check; "holds" stands for the severity of what holds."""
    draft = Draft(paragraphs(list(enumerate(text.splitlines(), start=1))))
    found = check.check(draft, **more)
    return [(item.line, "holds" if item.holds else item.severity, item.text, item.message) for item in found]
