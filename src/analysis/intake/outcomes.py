"""What an intake made: what became of each sheet, the warnings, the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from analysis.house.content import Json
from analysis.snapshots import Snapshot


@dataclass
class Sheet:
    """What became of one sheet; the counts add up: read = accepted + quarantined."""

    path: str
    sheet: str | None
    table: str | None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    duplicates: int = 0
    ignored_columns: list[str] = field(default_factory=list)
    encoding: str | None = None


@dataclass
class Outcome:
    """What an intake made.

    Parameters
    ----------
    snapshot
        The snapshot, or None where nothing could be read into a table.
    sheets
        What became of each sheet.
    warnings
        What is odd but kept, as objects with a message.
    drafts
        Descriptions drafted for questionnaires that are not described yet.
    refused
        Files that could not be read at all and were left out, each with the reason.
    missing
        Rows that are held and that a corrected file no longer has, as they are told.
    withdrawn
        Whether these rows were taken out.
    unchanged
        Whether all the files had been read before, so that the snapshot is the one that was there.
    """

    snapshot: Snapshot | None
    sheets: list[Sheet]
    warnings: list[Json]
    drafts: list[Path] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    withdrawn: bool = False
    unchanged: bool = False

    @property
    def quarantined(self) -> int:
        """How many rows were put aside in this intake."""
        return sum(sheet.rows_quarantined for sheet in self.sheets)

    def as_json(self) -> Json:
        """Return the answer for programs."""
        return {
            "snapshot": self.snapshot.id if self.snapshot else None,
            "files": [vars(sheet) for sheet in self.sheets],
            "warnings": self.warnings,
            "refused": self.refused,
            "missing": self.missing,
            "withdrawn": self.withdrawn,
            "unchanged": self.unchanged,
        }
