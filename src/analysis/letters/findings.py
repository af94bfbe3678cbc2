"""What the draft checker says: one finding for each thing that holds or does not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from analysis.house.content import Json

Severity = Literal["error", "warning", "note"]
_ORDER: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Parameters
    ----------
    line
        Line of the file (text, Markdown, HTML) or paragraph of the document (docx), from 1; 0: the draft as a whole.
    text
        The words that it is about.
    kind
        A key of `analysis.letters.checks.kinds`.
    severity
        ``error`` (must be mended), ``warning`` (doubtful), ``note`` (for information).
    message
        What holds or does not, and what to do, in Chinese.
    holds
        Whether what the text claims holds.
    """

    line: int
    text: str
    kind: str
    severity: Severity
    message: str
    holds: bool = False

    def as_dict(self) -> Json:
        """Return it as the JSON answer carries it."""
        return asdict(self)


def holding(line: int, text: str, kind: str, message: str) -> Finding:
    """Return a note that something claimed does hold."""
    return Finding(line, text, kind, "note", message, True)


def ordered(findings: list[Finding]) -> list[Finding]:
    """Return them by line, the worst of a line first, none twice."""
    unique = list(dict.fromkeys(findings))
    return sorted(unique, key=lambda item: (item.line, _ORDER.index(item.severity), item.kind, item.message))


def preceding(text: str, start: int, most: int = 40) -> str:
    """Return the characters just before an offset, at most so many: any longer look back is slow in long sentences."""
    return text[max(0, start - most) : start]


def excerpt(text: str, start: int = 0, end: int | None = None, room: int = 24) -> str:
    """Return the words from `start` to `end` with some around them, cut at both sides with an ellipsis."""
    end = len(text) if end is None else end
    left, right = max(0, start - room), min(len(text), end + room)
    return f"{'…' if left else ''}{text[left:right].strip()}{'…' if right < len(text) else ''}"
