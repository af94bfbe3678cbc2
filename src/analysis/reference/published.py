"""``data/published/*.toml``: letters already sent, each of their figures as a claim."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.reference.reading import DistrictCode, Entry, Narrowing, OneOrMore, Text, refused, twice, validated

_NEEDS = {"sum": "parts", "count": "listed", "list": "listed", "none": "reason"}
_PRINTS = ("=", ">=", "<=", "each", "sum", "count")
_FIGURE = re.compile(r"\d[\d,]*(\.\d*)?|\.\d+")


class Definition(Entry):
    """Another way to reckon a claim's figure, by its Chinese name."""

    label: Text
    indicator: Text
    group: Narrowing = Field(default=(), alias="where")


class Claim(Entry):
    """One figure of a letter.

    Parameters
    ----------
    id, text
        Short id; our paraphrase of the sentence.
    printed
        The figure as printed, with its final zeros (``94``, ``94.0``); ``""`` where none is.
    unit
        ``%`` for shares, else the Chinese unit.
    rounding
        ``""``: not declared.
    relation
        ``=``; ``>=`` or ``<=`` (a bound); ``all`` (every case within the rule); ``each`` (every group of `by` at the bound);
        ``sum`` (`parts` make up the figure); ``count`` (`listed` things are listed); ``list`` (a list that is not complete);
        ``none`` (cannot be judged, for `reason`).
    indicator, school, term, group, by
        What would reproduce it; an empty `term` is the letter's.
    n
        Number of unweighted answers that the letter gives; None: not given.
    parts, listed
        For ``sum`` and ``count``.
    otherwise
        Other definitions under which it may be reproduced.
    reason
        Why it cannot be judged.
    """

    id: Text
    text: Text
    printed: str = ""
    unit: str = ""
    rounding: Literal["", "half_up", "half_even", "down"] = ""
    relation: Literal["=", ">=", "<=", "all", "each", "sum", "count", "list", "none"] = "="
    indicator: str = ""
    school: str = ""
    term: str = ""
    group: Narrowing = Field(default=(), alias="where")
    by: str = ""
    n: int | None = None
    parts: OneOrMore = ()
    listed: int | None = None
    otherwise: Annotated[tuple[Definition, ...], Field(strict=False)] = ()
    reason: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Claim:
        needed = _NEEDS.get(self.relation, "")
        if needed and getattr(self, needed) in (None, "", ()):
            raise refused(f"关系为“{self.relation}”的说法须写明“{needed}”；请补上。")
        if self.relation in _PRINTS and not self.printed:
            raise refused("没有写明原文的数字（printed，加引号，照原样保留末位的零）；请补上。")
        if self.printed and not _FIGURE.fullmatch(self.printed):
            raise refused(f"应为数字，读到“{self.printed}”；单位写在 unit 中。", "printed")
        return self

    @property
    def value(self) -> float | None:
        """The printed figure as a number (a share in percent), None where none is printed."""
        return float(self.printed.replace(",", "")) if self.printed else None

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        return len(self.printed.split(".")[1]) if "." in self.printed else 0


class LetterFile(Entry):
    """The whole file. `planted`: made to show the verdicts, so its figures bind nobody."""

    title: Text
    date: datetime.date
    district: Annotated[DistrictCode, Field(min_length=1)]
    term: str = ""
    office: str = ""
    source: str = ""
    planted: bool = False
    simulated: bool = False
    claims: tuple[Claim, ...] = Field(default=(), alias="claim", strict=False)

    @model_validator(mode="after")
    def _once(self) -> LetterFile:
        if not self.claims:
            raise refused("没有登记任何一项说法（[[claim]]）；请逐个数字登记。")
        if again := twice([claim.id for claim in self.claims]):
            raise refused(f"说法编号“{again[0]}”登记了两次；请改其中一个。", "claim", again[1], "id")
        return self


class Letter(LetterFile):
    """A letter already sent; `id` is its file's name."""

    id: str


def letter_file(file: Path) -> Letter:
    """Read one letter.

    Raises
    ------
    UserError
        If an entry is incomplete, contradicts itself or holds something unknown.
    """
    return Letter.model_construct(**dict(validated(file, LetterFile)), id=file.stem)
