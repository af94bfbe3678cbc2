"""How a text file is encoded, and its bytes as UTF-8, decoded piece by piece."""

from __future__ import annotations

import codecs
import io
from collections import Counter
from pathlib import Path

BLOCK = 1 << 20
_CLASSES = bytes(
    ord("L") if 0xE3 <= byte <= 0xE9 else ord("T") if 0x80 <= byte <= 0xBF else byte for byte in range(256)
)
_RUN = b"LTTLTT"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Transcoded(io.RawIOBase):
    """A file's bytes as UTF-8, decoded piece by piece; broken bytes become U+FFFD, NUL becomes U+2400."""

    def __init__(self, file: Path, encoding: str, mixed: bool) -> None:
        super().__init__()
        self._lines = mixed
        self._handle = open(file, "rb")  # noqa: SIM115 (closed with the stream)
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
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


def detect(file: Path) -> tuple[str, bool]:
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
