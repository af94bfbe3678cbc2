"""Letters already sent: each figure as a claim (data/published/*.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.house import path
from analysis.letters.entries import Entry

RELATIONS = ("=", ">=", "<=", "all", "each", "sum", "count", "list", "none")
ROUNDINGS = ("", "half_up", "half_even", "down")


@dataclass(frozen=True, slots=True)
class Definition:
    """Another way to reckon a claim's figure, by its Chinese name."""

    label: str
    indicator: str
    group: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
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
        ``half_up``, ``half_even``, ``down``; ``""``: not declared.
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

    id: str
    text: str
    printed: str = ""
    unit: str = ""
    rounding: str = ""
    relation: str = "="
    indicator: str = ""
    school: str = ""
    term: str = ""
    group: tuple[tuple[str, Any], ...] = ()
    by: str = ""
    n: int | None = None
    parts: tuple[str, ...] = ()
    listed: int | None = None
    otherwise: tuple[Definition, ...] = ()
    reason: str = ""

    @property
    def value(self) -> float | None:
        """The printed figure as a number (a share in percent), None where none is printed."""
        return float(self.printed.replace(",", "")) if self.printed else None

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        return len(self.printed.split(".")[1]) if "." in self.printed else 0


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter already sent. `planted`: made to show the verdicts, so its figures bind nobody."""

    id: str
    title: str
    date: date
    district: str
    claims: tuple[Claim, ...]
    term: str = ""
    office: str = ""
    source: str = ""
    planted: bool = False
    simulated: bool = False


def folder() -> Path:
    """Return where they are kept."""
    return path("data", "published")


def letters(where: Path | None = None) -> tuple[Letter, ...]:
    """Return all letters in order of their file names.

    Raises
    ------
    UserError
        If an entry is incomplete or contradicts itself.
    """
    found = sorted((where or folder()).glob("*.toml"))
    return tuple(_letter(file, file.stat().st_mtime_ns) for file in found)


@lru_cache(maxsize=64)
def _letter(file: Path, _changed: int) -> Letter:
    from analysis.house.paths import read_toml

    top = Entry(read_toml(file), file)
    letter = Letter(
        id=file.stem,
        title=top.need("title", str),
        date=top.need("date", date),
        district=top.need("district", str),
        term=top.get("term", str, ""),
        office=top.get("office", str, ""),
        source=top.get("source", str, ""),
        planted=top.get("planted", bool, False),
        simulated=top.get("simulated", bool, False),
        claims=tuple(_claim(entry) for entry in top.tables("claim", "项说法")),
    )
    top.done()
    if not letter.claims:
        raise top.fail("没有登记任何一项说法（[[claim]]）；请逐个数字登记。")
    ids = [claim.id for claim in letter.claims]
    for name in ids:
        if ids.count(name) > 1:
            raise top.fail(f"说法编号“{name}”登记了两次；请改其中一个。")
    return letter


def _claim(entry: Entry) -> Claim:
    claim = Claim(
        id=entry.need("id", str),
        text=entry.need("text", str),
        printed=entry.get("printed", str, ""),
        unit=entry.get("unit", str, ""),
        rounding=entry.one_of("rounding", ROUNDINGS, ""),
        relation=entry.one_of("relation", RELATIONS, "="),
        indicator=entry.get("indicator", str, ""),
        school=entry.get("school", str, ""),
        term=entry.get("term", str, ""),
        group=tuple(sorted(entry.get("where", dict, {}).items())),
        by=entry.get("by", str, ""),
        n=entry.get("n", int),
        parts=entry.texts("parts"),
        listed=entry.get("listed", int),
        otherwise=tuple(_definition(item) for item in entry.tables("otherwise", "种口径")),
        reason=entry.get("reason", str, ""),
    )
    entry.done()
    needs = {
        "sum": claim.parts,
        "count": claim.listed is not None,
        "list": claim.listed is not None,
        "none": claim.reason,
    }
    if claim.relation in needs and not needs[claim.relation]:
        key = {"sum": "parts", "count": "listed", "list": "listed", "none": "reason"}[claim.relation]
        raise entry.fail(f"关系为“{claim.relation}”的说法须写明“{key}”；请补上。")
    if claim.relation in ("=", ">=", "<=", "each", "sum", "count") and not claim.printed:
        raise entry.fail("没有写明原文的数字（printed，加引号，照原样保留末位的零）；请补上。")
    if claim.printed and not claim.printed.replace(",", "").replace(".", "", 1).isdigit():
        raise entry.fail(f"“printed”应为数字，读到“{claim.printed}”；单位写在 unit 中。")
    return claim


def _definition(entry: Entry) -> Definition:
    made = Definition(
        entry.need("label", str), entry.need("indicator", str), tuple(sorted(entry.get("where", dict, {}).items()))
    )
    entry.done()
    return made
