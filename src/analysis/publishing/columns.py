"""Measures shared by all forms: columns' labels, widths and decimal points, and the marks of lists."""

from __future__ import annotations

import re
from typing import Any

from analysis.publishing.content import Block, Run, plain

_TAIL = re.compile(r"\.\d+\D*$")


def label(column: dict[str, Any]) -> str:
    """Return a column's label with its unit: ``学生（人）``."""
    text = plain(column["label"])
    return f"{text}（{column['unit']}）" if column.get("unit") else text


def labels(block: Block) -> list[str]:
    """Return the labels of a table's columns."""
    return [label(column) for column in block["columns"]]


def texts(block: Block) -> list[list[str]]:
    """Return the printed cells of a table, one list a column."""
    return [[row["cells"][at]["text"] for row in block["rows"]] for at in range(len(block["columns"]))]


def length(text: str) -> float:
    """Return the width of a text in full-width characters."""
    return sum(0.5 if ord(char) < 0x2E80 else 1.0 for char in text)


def widths(names: list[str], columns: list[list[str]]) -> list[float]:
    """Return relative widths of columns: what the longest cell needs, at most 16 characters of it.

    A label may break into two lines, so it asks for half its length if it has more than five characters.
    """
    found = []
    for name, cells in zip(names, columns, strict=True):
        longest = max((length(cell) for cell in cells), default=0)
        own = length(name) / (2 if length(name) > 5 else 1)
        found.append(max(min(longest, 16.0), own, 2.0) + 1.2)
    return found


def tail(text: str) -> str:
    """Return a printed number from its decimal point on: ``.3%``; ``""`` if it has none."""
    match = _TAIL.search(text)
    return match.group() if match else ""


def deepest_tails(block: Block) -> list[str]:
    """Return for each column the longest tail of its cells."""
    return [max(map(tail, column), key=len, default="") for column in texts(block)]


def gap(cell: Run, column: dict[str, Any], deepest: str) -> tuple[str, str] | None:
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
