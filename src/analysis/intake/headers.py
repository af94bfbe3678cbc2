"""What is wrong with a sheet's header: columns of one name, columns that resemble one that is missing."""

from __future__ import annotations

import difflib

from analysis.intake import personal, units
from analysis.intake.bodies import OWN_HEADERS
from analysis.intake.dictionary import Column, bare, plain
from analysis.intake.layouts import Layout, column_of

MEASURES = ("minutes", "money", "number", "integer")
LIKE = 0.75


def twins(layout: Layout) -> list[tuple[str, int, int]]:
    """Return the columns of the table whose name stands over two columns of the sheet: name, the one read, the other."""
    assert layout.table is not None
    found = []
    for place, words in enumerate(layout.variants):
        hit = column_of(words, layout.table)
        if hit is None or place == layout.columns.get(hit[0]):
            continue
        read = layout.columns[hit[0]]
        if column_of(layout.variants[read], layout.table) == hit:
            found.append((hit[0], read, place))
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
