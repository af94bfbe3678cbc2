"""A sheet as it stands in a file: columns of text, with the row numbers that its users see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa

HEAD = 60
"""How many rows from the top may hold titles and the header."""


@dataclass
class Grid:
    """One sheet of one file.

    Parameters
    ----------
    path
        The file's name as it was handed in, relative to the folder that was named.
    sheet
        The sheet's name; ``""`` for a text file.
    encoding
        How the text was encoded: ``utf-8``, ``utf-8-sig``, ``gb18030`` …; ``""`` for a workbook.
    columns
        One dictionary-encoded string array a column, all of equal length; an empty cell is ``""``.
    rows
        The number of each row as a spreadsheet shows it, counted from 1.
    head
        The first rows in their order, as lists of text.
    merged
        Merged cells as (first row, first column, last row, last column), counted from 0.
    torn
        Rows that could not be taken apart well, by their number, with the reason.
    hidden
        Whether the sheet is hidden in its workbook.
    notes
        What else must be said of the sheet, in Chinese.
    """

    path: str
    sheet: str
    encoding: str
    columns: list[pa.DictionaryArray]
    rows: np.ndarray
    head: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    torn: dict[int, str] = field(default_factory=dict)
    hidden: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file and sheet as messages name them."""
        return f"{self.path}，表“{self.sheet}”" if self.sheet else self.path


def written(value: object) -> str:
    """Write a cell's value as text: whole numbers without a point, dates as ISO, a duration as hours and minutes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(value)


def encoded(cells: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Dictionary-encode a column of text."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if isinstance(cells, pa.DictionaryArray):
        return cells
    array = cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())
    return array.dictionary_encode()


def from_rows(rows: Sequence[Sequence[object]], path: str, sheet: str, encoding: str = "", first: int = 1) -> Grid:
    """Make a grid of rows of values (all of the same length), the first of which has the number `first`."""
    columns = [encoded([v if type(v) is str else written(v) for v in column]) for column in zip(*rows, strict=True)]
    head = [[written(value) for value in row] for row in rows[:HEAD]]
    return Grid(path, sheet, encoding, columns, np.arange(first, first + len(rows)), head)
