"""Text files (.csv, .tsv, .txt): their encoding, their delimiter, and their rows, none of which may be lost."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from analysis.house import UserError
from analysis.intake import encodings
from analysis.intake.encodings import Transcoded, detect
from analysis.intake.grids import HEAD, Grid, encoded

SUFFIXES = (".csv", ".tsv", ".txt")
DELIMITERS = ",\t;，"
MANY_COLUMNS = 2_000


def read(file: Path, name: str) -> Grid:
    """Read a text file as one sheet.

    Parameters
    ----------
    file
        The file: UTF-8 with or without BOM, GB18030, or UTF-16 with BOM; comma, tab or semicolon.
    name
        How messages and manifests call it.

    Returns
    -------
    Grid
        Rows that have too many cells, broken characters or broken quotes are in it too, and named in `torn`.

    Raises
    ------
    UserError
        If the file is no text.
    """
    encoding, mixed = detect(file)
    if encoding == "":
        raise UserError(f"“{name}”不是文本表格（内容是二进制）；请在 Excel 或 WPS 中另存为 .xlsx 或 CSV 后重新提交。")
    stream = Transcoded(file, encoding, mixed)
    start = stream.peek()
    delimiter = _delimiter(start)
    quoted = _balanced(file)
    head = _records(start, delimiter, quoted)
    width = min(MANY_COLUMNS, max((len(record) for record in head), default=1))
    torn: dict[int, str] = {}
    short: list[tuple[int, list[str]]] = []

    def invalid(row: Any) -> str:
        record = _records(row.text, delimiter, quoted)
        cells = record[0] if record else []
        if len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                torn[row.number] = f"有 {len(cells)} 列，多于表头的 {width} 列（可能多了分隔符）"
                cells = [*cells[: width - 1], delimiter.join(cells[width - 1 :])]
            cells = cells[:width]
        short.append((row.number, cells + [""] * (width - len(cells))))
        return "skip"

    names = [f"c{place}" for place in range(width)]
    try:
        table = pacsv.read_csv(
            stream,
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=4 * encodings.BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=invalid,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={each: pa.dictionary(pa.int32(), pa.string()) for each in names},
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as slip:
        if "Empty CSV" in str(slip) or not start.strip():
            return Grid(name, "", encoding, [], np.arange(0), [])
        raise UserError(
            f"“{name}”的行列无法拆开（{delimiter!r} 分隔）：引号或换行不成对；请在 Excel 中另存后重报。"
        ) from None
    total = table.num_rows + len(short)
    rows = np.delete(np.arange(1, total + 1), [number - 1 for number, _ in short])
    columns = [encoded(table.column(place).unify_dictionaries()) for place in range(width)]
    if short:
        rows = np.concatenate([rows, np.array([number for number, _ in short], dtype=np.int64)])
        columns = [_joined(column, [cells[place] for _, cells in short]) for place, column in enumerate(columns)]
    notes = []
    if stream.switched:
        lines = "、".join(str(line) for line in stream.switched[:3])
        notes.append(f"文件中混有两种编码，第 {lines} 行等 {len(stream.switched)} 行已按各自的编码读出")
    if not quoted:
        notes.append("引号不成对，已按没有引号读；含引号的行请核对")
    return Grid(name, "", encoding, columns, rows, head[:HEAD], torn=torn, notes=notes)


def _joined(column: pa.DictionaryArray, more: list[str]) -> pa.DictionaryArray:
    added = pa.chunked_array([column, pa.array(more, pa.string()).dictionary_encode()])
    return added.unify_dictionaries().combine_chunks()


def _delimiter(start: str) -> str:
    """Return the delimiter by which most of the first lines have the same number (above one) of cells."""
    lines = [line for line in start.splitlines()[:50] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter))
        widths.pop(1, None)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=lambda each: (agreement(each), -DELIMITERS.index(each)))


def _balanced(file: Path) -> bool:
    """Whether the file has an even number of quotes (an odd one would swallow the rest of the file)."""
    with open(file, "rb") as handle:
        return sum(piece.count(b'"') for piece in iter(lambda: handle.read(encodings.BLOCK), b"")) % 2 == 0


def _records(text: str, delimiter: str, quoted: bool) -> list[list[str]]:
    """Take the first records of a text apart."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    found = []
    try:
        for record in reader:
            found.append(record)
            if len(found) >= 200:
                break
    except csv.Error:
        pass
    return found
