"""A respondent's row as it stood in the export, for the file that staff mend: fixed columns and answers, no IP."""

from __future__ import annotations

from analysis.intake import personal
from analysis.intake.questionnaires import FIXED
from analysis.intake.rows import Part


def original(part: Part, place: int) -> dict[str, str]:
    """Return the columns of the export that are read in, as text, with personal data masked."""
    where = int(part.positions[place])
    left_out = set(part.layout.ignored)
    row: dict[str, str] = {}
    for header, column in zip(part.layout.headers, part.grid.columns, strict=False):
        title = header.strip()
        if title and title not in left_out and not personal.header_kind(title):
            text = str(column[where].as_py()).strip()
            row[title] = text if title in FIXED.values() else personal.masked(text)
    return row
