"""What is wrong with a sheet's header: columns of one name, columns that resemble one that is missing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from analysis.intake import personal, units
from analysis.intake.bodies import OWN_HEADERS
from analysis.intake.dictionary import Column, bare, plain
from analysis.intake.layouts import Layout, column_of

MEASURES = ("minutes", "money", "number", "integer")
LIKE = 0.75


@dataclass(frozen=True, slots=True)
class Twin:
    """Two columns of a sheet for one column of the table: its name, where it is read, where the other stands.

    `alike` says whether neither is nearer to the column's label than the other (both 时长, or 名额 and 限额).
    """

    name: str
    read: int
    other: int
    alike: bool


def twins(layout: Layout) -> list[Twin]:
    """Return the columns of the table that two columns of the sheet may be.

    A label (应参加人数) is nearer than any alias (学生数); two aliases are alike only where they are measures or dates: a school's
    name and its code may stand side by side.
    """
    assert layout.table is not None
    found = []
    for place, words in enumerate(layout.variants):
        hit = column_of(words, layout.table)
        if hit is None or place == layout.columns.get(hit[0]):
            continue
        read = layout.columns[hit[0]]
        kept = column_of(layout.variants[read], layout.table)
        aliases = kept is not None and kept[1] > 0 and layout.table.column(hit[0]).type in (*MEASURES, "date")
        found.append(Twin(hit[0], read, place, kept == hit or aliases))
    return found


def overlooked(layout: Layout) -> list[tuple[str, Column]]:
    """Return the headers that are not read and resemble a column of the table that the sheet lacks.

    A header resembles a column if one of their names contains the other (from two characters on) or all but one or two
    characters agree; the nearest column counts, so one that is there and nearer (时长 for 时长说明) is no loss.
    """
    assert layout.table is not None
    there = [c for c in layout.table.columns if c.name in layout.columns]
    missing = [c for c in layout.table.columns if c.name not in layout.columns and not c.personal]
    found = []
    for header in layout.ignored:
        word = units.without(bare(header))
        if len(word) < 2 or header in OWN_HEADERS or personal.header_kind(header):
            continue
        present = max((_likeness(word, column) for column in there), default=0.0)
        near = max(missing, key=lambda column: _likeness(word, column), default=None)
        if near is not None and _likeness(word, near) >= max(LIKE, present + 1e-9):
            found.append((header, near))
    return found


def _likeness(word: str, column: Column) -> float:
    """Return how much a header is like a column: from 1 on where one name contains the other, the longer the more."""
    best = 0.0
    for name in map(plain, (column.label, *column.aliases)):
        if len(name) >= 2 and (name in word or (len(word) > 2 and word in name)):
            best = max(best, 1 + min(len(name), len(word)) / 100)
        best = max(best, difflib.SequenceMatcher(None, word, name).ratio())
    return best
