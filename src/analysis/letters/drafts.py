"""A draft as the checker sees it: paragraphs and sentences that know their lines, and tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from analysis.letters.findings import excerpt
from analysis.text.numerals import ORDINAL
from analysis.text.quantities import plain

HEADING = re.compile(
    rf"\s*(?:{ORDINAL}{{1,3}}\s*[、．.，,](?!\d)|（{ORDINAL}{{1,3}}）|\d{{1,2}}\s*[、．.](?!\d)|（\d{{1,2}}）|[①-⑳]|第{ORDINAL}+[章节、，])"
)
_ENDS = tuple("。！？；：…”）》!?;:")
_CONTINUES = 20
LONGEST = 800
# A sentence that runs on for longer is cut at its next comma: checking must stay quick on any text.


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, perhaps of several lines; `text` is in plain form (full-width digits made common), same offsets as `raw`.

    Parameters
    ----------
    raw
        The words as they stand.
    starts, lines
        Offsets at which each line begins, and those lines' numbers.
    cell
        Whether it is a cell or a row of a table.
    """

    raw: str
    starts: tuple[int, ...]
    lines: tuple[int, ...]
    cell: bool = False

    @cached_property
    def text(self) -> str:
        """The words in plain form."""
        return plain(self.raw)

    @property
    def line(self) -> int:
        """The first line."""
        return self.lines[0]

    def line_at(self, offset: int) -> int:
        """Return the line on which an offset stands."""
        return self.lines[bisect_right(self.starts, offset) - 1]

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences, each ending at 。！？ outside brackets."""
        start, depth = 0, 0
        for place, sign in enumerate(self.text):
            if sign in "（〔【《“":
                depth += 1
            elif sign in "）〕】》”" and depth:
                depth -= 1
            ends = sign in "。！？\n" and (depth == 0 or place - start > 400)
            if ends or (sign in "；，、" and place - start > LONGEST):
                if place > start:
                    yield Sentence(self, start, place + 1)
                start, depth = place + 1, 0
        if self.text[start:].strip():
            yield Sentence(self, start, len(self.text))


@dataclass(frozen=True)
class Sentence:
    """Part of a paragraph, from `start` to `end`."""

    paragraph: Paragraph
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """The words in plain form."""
        return self.paragraph.text[self.start : self.end]

    def line(self, offset: int = 0) -> int:
        """Return the line of an offset within the sentence."""
        return self.paragraph.line_at(self.start + offset)

    def quote(self, start: int = 0, end: int | None = None) -> str:
        """Return the words as they stand in the draft, with a little around them."""
        raw = self.paragraph.raw[self.start : self.end]
        return excerpt(raw, start, end)


@dataclass(frozen=True)
class Table:
    """A table of the draft: the line of each row and its cells' words."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Draft:
    """A whole draft. `changes` are tracked insertions, deletions and comments still in it."""

    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    changes: dict[str, int] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """All words in plain form, one paragraph a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in order (cells of tables included)."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph.sentences())

    @property
    def prose(self) -> tuple[Sentence, ...]:
        """The sentences outside tables."""
        return tuple(sentence for sentence in self.sentences if not sentence.paragraph.cell)


def paragraphs(lines: list[tuple[int, str]]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of numbered lines; lines that were only wrapped are put together again.

    A line is taken as wrapped if it is long (20 characters or more), does not end a sentence, and the next line neither is
    indented nor begins with a section number or a list mark.
    """
    made: list[Paragraph] = []
    raw = ""
    starts: list[int] = []
    numbers: list[int] = []
    for number, line in lines:
        words = line.strip()
        wrapped = bool(raw) and _wrapped(raw[starts[-1] :], line)
        if raw and not wrapped:
            made.append(Paragraph(raw, tuple(starts), tuple(numbers)))
            raw, starts, numbers = "", [], []
        if words:
            starts.append(len(raw))
            numbers.append(number)
            raw += words
    if raw:
        made.append(Paragraph(raw, tuple(starts), tuple(numbers)))
    return tuple(made)


def _wrapped(before: str, line: str) -> bool:
    if not line.strip() or len(before) < _CONTINUES or before.endswith(_ENDS):
        return False
    return not (line[:1] in " \t\u3000" or HEADING.match(plain(line)) or re.match(rf"[-*+•·●]\s|{ORDINAL}是", line))
