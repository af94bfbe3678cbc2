"""Text files (.csv, .tsv, .txt): their encoding, their delimiter, and their rows, none of which may be lost."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from analysis.house import UserError
from analysis.intake.grids import HEAD, Grid, encoded

SUFFIXES = (".csv", ".tsv", ".txt")
DELIMITERS = ",\t;，"
BLOCK = 1 << 20
MANY_COLUMNS = 2_000
_CLASSES = bytes(
    ord("L") if 0xE3 <= byte <= 0xE9 else ord("T") if 0x80 <= byte <= 0xBF else byte for byte in range(256)
)
_RUN = b"LTTLTT"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


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
    encoding, mixed = _encoding(file)
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
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK * 4),
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


class Transcoded(io.RawIOBase):
    """A file's bytes as UTF-8, decoded piece by piece; broken bytes become U+FFFD, NUL becomes U+2400."""

    def __init__(self, file: Path, encoding: str, mixed: bool) -> None:
        super().__init__()
        self._lines = mixed
        self._handle = open(file, "rb")  # noqa: SIM115 (closed with the stream)
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._plain = encoding in ("utf-8", "utf-8-sig") and not mixed
        self._left = b""
        self._count = 0
        self._first: bytes | None = None
        self._pending = b""
        self.switched: list[int] = []

    def readable(self) -> bool:
        """Say that it can be read (for the CSV reader)."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._handle.close()
        super().close()

    def peek(self) -> str:
        """Return the first piece as text, without taking it away."""
        if self._first is None:
            self._first = self._next()
        return self._first.decode("utf-8", "ignore")

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes (UTF-8)."""
        if self._first is not None:
            self._pending, self._first = self._first, None
        while size < 0 or len(self._pending) < size:
            piece = self._next()
            if not piece:
                break
            self._pending += piece
        taken, self._pending = (self._pending, b"") if size < 0 else (self._pending[:size], self._pending[size:])
        return taken

    def _next(self) -> bytes:
        piece = self._handle.read(BLOCK)
        text = self._by_line(piece) if self._lines else self._decoder.decode(piece, final=not piece)
        if not piece and not text:
            return b""
        return text.replace("\0", "\u2400").replace("\r\n", "\n").encode("utf-8", "replace")

    def _by_line(self, piece: bytes) -> str:
        """Decode each line on its own: as UTF-8 where that succeeds, else as GB18030 (a line feed is no part of either)."""
        lines = (self._left + piece).split(b"\n")
        self._left = lines.pop()
        if not piece and self._left:
            lines, self._left = [self._left], b""
        parts = []
        for line in lines:
            self._count += 1
            text = _utf8(line)
            parts.append(line.decode("gb18030", "replace") if text is None else text)
            if text is not None and not line.isascii():
                self.switched.append(self._count)
        return "".join(part.lstrip("\ufeff") + "\n" for part in parts)


def _encoding(file: Path) -> tuple[str, bool]:
    """Return the encoding, and whether some lines have another one; ``""`` for what is no text.

    1. a byte-order mark decides; 2. what is valid UTF-8 throughout is UTF-8; 3. anything else is GB18030, unless the
    first bytes are mostly control characters. A file that is not UTF-8 throughout, but has lines with whole runs of
    Chinese characters in UTF-8, is mixed.
    """
    valid = codecs.getincrementaldecoder("utf-8")("strict")
    utf8, wide, suspicious = True, False, False
    with open(file, "rb") as handle:
        start = handle.read(4096)
        for mark, encoding in _UTF16.items():
            if start.startswith(mark):
                return encoding.replace("-le", "").replace("-be", ""), False
        if start[:4] == b"PK\x03\x04" or _control_share(start) > 0.1:
            return "", False
        handle.seek(0)
        while piece := handle.read(BLOCK):
            if utf8:
                try:
                    wide = not valid.decode(piece).isascii() or wide
                except UnicodeDecodeError:
                    utf8, suspicious = False, wide
            if not utf8 and not suspicious:
                suspicious = _runs(piece)
        if utf8:
            try:
                valid.decode(b"", final=True)
            except UnicodeDecodeError:
                return "utf-8", True
            return ("utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"), False
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", True
    return "gb18030", suspicious


def _runs(piece: bytes) -> bool:
    """Whether some line of a piece is valid UTF-8 with a run of at least two Chinese characters."""
    classes = piece.translate(_CLASSES)
    place = classes.find(_RUN)
    while place >= 0:
        start, stop = piece.rfind(b"\n", 0, place) + 1, piece.find(b"\n", place)
        if stop < 0:
            return False
        if _utf8(piece[start:stop]) is not None:
            return True
        place = classes.find(_RUN, stop)
    return False


def _utf8(line: bytes) -> str | None:
    """Return a line decoded as UTF-8, or None if it is not; two-letter accidents of GB18030 text do not count as such."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if any("\x7f" < char < "\u2000" and char not in "·×÷°±" for char in text) else text


def _control_share(start: bytes) -> float:
    odd = sum(count for byte, count in Counter(start).items() if byte < 32 and byte not in b"\t\r\n\x0c\x1a")
    return odd / max(1, len(start))


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
        return sum(piece.count(b'"') for piece in iter(lambda: handle.read(BLOCK), b"")) % 2 == 0


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
