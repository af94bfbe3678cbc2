"""Measures shared by all forms: columns' labels, widths and decimal points, and the marks of lists."""

from __future__ import annotations

import re

from analysis.house.content import Json
from analysis.presentation.content import page_rows
from analysis.publishing.content import Block, Run, plain

TEXT_WIDTH = 442.2
SPACE = 1.2
WIDEST = 0.62
WHOLE = 6.0
# Width of the text area in points (156 mm); what a cell leaves free at its sides, in characters; the widest column's share;
# cells of at most so many characters are not broken, if there is room for that.
_PIECE = re.compile(r"[0-9A-Za-z.,%+\u2212\u2013]+")
_TAIL = re.compile(r"\.\d+\D*$")


def label(column: Json) -> str:
    """Return a column's label with its unit: ``学生（人）``."""
    text = plain(column["label"])
    return f"{text}（{column['unit']}）" if column.get("unit") else text


def size(block: Block) -> float:
    """Return the size of a table's letters in points: 五号, or 小五 if it has more than five columns."""
    return 9.0 if len(block["columns"]) > 5 else 10.5


def labels(block: Block) -> list[str]:
    """Return the labels of a table's columns."""
    return [label(column) for column in block["columns"]]


def texts(block: Block) -> list[list[str]]:
    """Return the printed cells of a table, one list a column."""
    return [[row["cells"][at]["text"] for row in page_rows(block)] for at in range(len(block["columns"]))]


def length(text: str) -> float:
    """Return the width of a text in full-width characters."""
    return sum(0.57 if ord(char) < 0x2E80 else 1.0 for char in text)


def widths(names: list[str], columns: list[list[str]], size: float = 10.5) -> list[float]:
    """Return widths of columns in full-width characters of a size, together those of the text area.

    1. A column asks for its longest cell, at most `WIDEST` of the whole; a label of more than five may break into two lines.
    2. It needs its longest piece that cannot be broken (a number, a word of Latin letters); of cells that are short, the
       longest cell, as long as all columns can have that.
    3. If all can have what they ask for, what is left is shared in proportion; else each gets what it needs, and what
       is left is shared in proportion to what it asks for beyond that.
    """
    asked, needed, total = [], [], TEXT_WIDTH / size
    for name, cells in zip(names, columns, strict=True):
        own = length(name) / (2 if length(name) > 5 else 1)
        asked.append(max(min(max(map(length, cells), default=0.0), WIDEST * total), own, 2.0) + SPACE)
        pieces = [piece for cell in cells for piece in _PIECE.findall(cell)]
        needed.append(max(max(map(length, pieces), default=0.0), 2.0) + SPACE)
    longest = [max(map(length, cells), default=0.0) + SPACE for cells in columns]
    whole = [max(need, cell) if cell <= WHOLE + SPACE else need for need, cell in zip(needed, longest, strict=True)]
    if sum(whole) < total:
        needed = whole
    if sum(asked) <= total or sum(needed) >= total:
        return [wish * total / sum(asked) for wish in asked]
    beyond = [max(wish - need, 0.0) for wish, need in zip(asked, needed, strict=True)]
    rest = total - sum(needed)
    return [need + rest * more / sum(beyond) for need, more in zip(needed, beyond, strict=True)]


def tail(text: str) -> str:
    """Return a printed number from its decimal point on: ``.3%``; ``""`` if it has none."""
    match = _TAIL.search(text)
    return match.group() if match else ""


def deepest_tails(block: Block) -> list[str]:
    """Return for each column the longest tail of its cells."""
    return [max(map(tail, column), key=len, default="") for column in texts(block)]


def gap(cell: Run, column: Json, deepest: str) -> tuple[str, str] | None:
    """Return the longest tail and the cell's own where the cell must be moved left to align its decimal point."""
    own = tail(cell["text"])
    if column.get("align") != "decimal" or cell.get("suppressed") or len(own) == len(deepest):
        return None
    return deepest, own


def mark(position: int, ordered: bool) -> str:
    """Return what stands before an item of a list: ① … ⑳, then 21.; a dot in a list without order."""
    if not ordered:
        return "·"
    return chr(0x2460 + position - 1) if position <= 20 else f"{position}."
