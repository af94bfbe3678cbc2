"""Where in a sheet the header stands, which table it is, and what titles and names say about all its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from analysis.intake import units
from analysis.intake.days import find_term
from analysis.intake.dictionary import FROM_CONTEXT, Dictionary, Table, bare, plain
from analysis.intake.grids import Grid
from analysis.intake.naming import named
from analysis.text.calendar import GRADE
from analysis.text.numerals import ORDINAL, narrow, number

DEEPEST = 30
_GRADE = re.compile(
    rf"(?P<other>高中?|(?<!\d){GRADE}(?:年级)?[、至到和及~,\-—–])?(?P<junior>初中?)?"
    rf"(?P<grade>(?<!\d){GRADE})年级|初(?P<short>[一二三])(?![中])"
)
_CLASS = re.compile(rf"(?:{GRADE}年级?|初[一二三])[(]?(\d{{1,2}}|{ORDINAL}{{1,2}})[)]?班")


@dataclass
class Layout:
    """How one sheet is to be read.

    Parameters
    ----------
    table
        The table that fits, or None.
    start
        Rows up to and with this number (counted from 1) are titles and header.
    columns
        Position of each column of the table that the sheet has.
    scales
        What the numbers of a column are multiplied by, where its header or the title names a unit.
    ignored
        Headers that the table does not know, in their order.
    headers
        The header of each position, two lines joined by ``/``.
    titles
        What stands above the header.
    context
        Values that hold for all rows: ``term``, ``school``, ``grade``, ``class``.
    lacking
        Where no table fits: the label of the nearest one and the headers it would need.
    variants
        For each position the texts by which its header may be known.
    unclear
        Which units are stated and not understood; such a sheet is put aside.
    """

    table: Table | None
    start: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    context: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, tuple[str, ...]] | None = None
    variants: list[tuple[str, ...]] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def find(grid: Grid, dictionary: Dictionary, schools: Mapping[str, str], told: Mapping[str, str]) -> Layout:
    """Find the header of a sheet and the table that it belongs to.

    1. Each of the first 30 rows, alone and together with the next, is held against each table's headers.
    2. A table fits when all its required columns are there, save those that a title may give.
    3. Of those that fit, the one with most columns wins, then one whose name stands in the sheet's surroundings, then
       the one that leaves fewest headers over; of equal headers, the single line and the upper one.

    Parameters
    ----------
    grid
        The sheet.
    dictionary
        The tables.
    schools
        Every name of every school, with its code.
    told
        What ``sources.toml`` says of the file (``term``, ``school``).
    """
    best: tuple[tuple[float, ...], Layout] | None = None
    near: tuple[float, str, tuple[str, ...]] = (0.5, "", ())
    for first in range(min(DEEPEST, len(grid.head))):
        if sum(1 for cell in grid.head[first] if cell.strip()) < 1:
            continue
        for height in (1, 2):
            if first + height > len(grid.head):
                continue
            variants = _variants(grid, first, height)
            for table in dictionary.tables:
                if table.survey:
                    continue
                columns = _match(variants, table)
                if len(columns) < 2:
                    continue
                lacking = [name for name in table.required if name not in columns and name not in FROM_CONTEXT]
                named = _named(grid, table, first)
                spare = sum(1 for words in variants if words) - len(columns)
                if lacking:
                    share = len(columns) / (len(columns) + len(lacking)) + 0.1 * named + 0.2 * _akin(variants, table)
                    near = max(near, (share, table.label, tuple(table.column(name).label for name in lacking)))
                    continue
                rank = (len(columns), named, -spare, -height, -first)
                if best is None or rank > best[0]:
                    best = rank, _layout(grid, table, first, height, variants, columns)
    if best is None and not near[1]:
        near = _spoken_of(grid, dictionary)
    if best is None:
        return Layout(None, lacking=(near[1], near[2]) if near[1] else None)
    layout = best[1]
    layout.context = surroundings(grid, layout.titles, schools, told)
    return layout


def _variants(grid: Grid, first: int, height: int) -> list[tuple[str, ...]]:
    """Return for each position the texts by which its header may be known, the likeliest first."""
    upper = list(grid.head[first])
    if height == 1:
        return [(cell,) if cell.strip() else () for cell in upper]
    for top, left, bottom, right in grid.merged:
        if top == first == bottom:
            upper[left : right + 1] = [upper[left]] * (right + 1 - left)
    lower = list(grid.head[first + 1]) + [""] * (len(upper) - len(grid.head[first + 1]))
    if not grid.merged:
        for place in range(1, len(upper)):
            if not upper[place].strip() and lower[place].strip():
                upper[place] = upper[place - 1]
    return [
        (low, high + low)
        if low.strip() and high.strip()
        else ((low,) if low.strip() else ((high,) if high.strip() else ()))
        for high, low in zip(upper, lower, strict=False)
    ]


def _akin(variants: Sequence[tuple[str, ...]], table: Table) -> int:
    """Count the headers that are none of the table's but contain one (平均每天书面作业时长)."""
    known = [word for word in _headers(table) if len(word) > 3]
    return sum(
        1 for words in variants if words and not column_of(words, table) and any(k in plain(words[0]) for k in known)
    )


def _spoken_of(grid: Grid, dictionary: Dictionary) -> tuple[float, str, tuple[str, ...]]:
    """Return the table that titles and names speak of though its columns are not there (a form with days across)."""
    around = plain(" ".join([grid.sheet, grid.path, *(cell for row in grid.head[:3] for cell in row)]))
    found = []
    for table in dictionary.tables:
        words = [*table.names, *(word for word in _headers(table) if len(word) > 4)]
        hits = [len(word) for word in map(plain, words) if word in around]
        if hits and not table.survey:
            found.append((max(hits), table))
    if not found:
        return (0.0, "", ())
    table = max(found, key=lambda one: one[0])[1]
    lacking = tuple(table.column(name).label for name in table.required if name not in FROM_CONTEXT)
    return (0.0, table.label, lacking)


@lru_cache(maxsize=256)
def _headers(table: Table) -> dict[str, tuple[str, int]]:
    """Return for each known header the column and how near it is to the label."""
    found: dict[str, tuple[str, int]] = {}
    for column in table.columns:
        for distance, word in enumerate((column.label, *column.aliases)):
            found.setdefault(plain(word), (column.name, distance))
    return found


def _match(variants: Sequence[tuple[str, ...]], table: Table) -> dict[str, int]:
    """Return the position of each column that a row of headers has; of two for one column the nearer to its label."""
    found: dict[str, tuple[int, int]] = {}
    for place, words in enumerate(variants):
        hit = column_of(words, table)
        if hit is not None and (hit[0] not in found or hit[1] < found[hit[0]][0]):
            found[hit[0]] = (hit[1], place)
    return {name: place for name, (_, place) in found.items()}


def column_of(words: Sequence[str], table: Table) -> tuple[str, int] | None:
    """Return the column that a header means and how near it is to its label; a unit in it does not matter."""
    known = _headers(table)
    for word in words:
        hit = known.get(plain(word)) or known.get(bare(word)) or known.get(units.without(bare(word)))
        if hit is not None:
            return hit
    return None


def _named(grid: Grid, table: Table, first: int) -> int:
    """Say whether a word that points to the table stands in the sheet's or file's name or above the header."""
    around = plain(" ".join([grid.sheet, grid.path, *(cell for row in grid.head[:first] for cell in row)]))
    return int(any(plain(word) in around for word in (*table.names, table.label)))


def _layout(
    grid: Grid, table: Table, first: int, height: int, variants: list[tuple[str, ...]], columns: dict[str, int]
) -> Layout:
    titles = list(dict.fromkeys(cell.strip() for row in grid.head[:first] for cell in row if cell.strip()))
    headers = ["/".join(dict.fromkeys(part for part in reversed(words[:1]) if part)) for words in variants]
    scales, unclear = _scales(table, columns, variants, [*titles, grid.sheet, PurePosixPath(grid.path).stem])
    taken = set(columns.values())
    ignored = [header.strip() for place, header in enumerate(headers) if header and place not in taken]
    return Layout(table, first + height, columns, scales, ignored, headers, titles, variants=variants, unclear=unclear)


def _scales(
    table: Table, columns: Mapping[str, int], variants: Sequence[tuple[str, ...]], titles: Sequence[str]
) -> tuple[dict[str, float], list[str]]:
    """Return what the numbers of each column are multiplied by, by its header, else by the titles; and what is unclear."""
    found: dict[str, float] = {}
    unclear: list[str] = []
    for name, place in columns.items():
        column = table.column(name)
        kind = units.kind_of(column.type)
        if column.type in ("integer", "number") and (said := units.not_single([variants[place][-1], *titles])):
            unclear.append(f"“{column.label}”的单位写作“{said}”")
        if not kind:
            continue
        try:
            scale = units.of_header(variants[place][-1], kind)
            if scale is None and column.type != "number":
                scale = units.of_texts(titles, kind)
        except units.Unclear as slip:
            unclear.append(f"“{column.label}”{slip}")
            continue
        if scale is not None:
            found[name] = scale
    return found, unclear


def surroundings(
    grid: Grid, titles: Sequence[str], schools: Mapping[str, str], told: Mapping[str, str]
) -> dict[str, str]:
    """Return what holds for all rows of a sheet: by its titles, else its name, else the file's name, else its source."""
    found = spoken((*titles, grid.sheet, grid.path), schools)
    return {**{key: value for key, value in told.items() if key in ("term", "school")}, **found}


def _grades(text: str) -> set[int | None]:
    """Return the grades that a text names; None among them for one that is none of ours (高三年级) or for several (一至三年级)."""
    found: set[int | None] = set()
    for match in _GRADE.finditer(text):
        grade = int(number(match["grade"] or match["short"]) or 0)
        junior = bool(match["junior"] or match["short"])
        found.add(
            None
            if match["other"] or (junior and grade > 3 and match["junior"] == "初")
            else grade + 6 * (junior and grade <= 3)
        )
    return found


def spoken(texts: Iterable[str], schools: Mapping[str, str]) -> dict[str, str]:
    """Return the term, school, grade and class that texts name, of each the first."""
    found: dict[str, str] = {}
    stranger = False
    for text in texts:
        short = narrow(text)
        if "term" not in found and (term := find_term(short)) is not None:
            found["term"] = term
        if "school" not in found and not stranger:
            of = named(text, schools)
            stranger = bool(of.stranger)  # a school that is not in the register: no farther name stands in for it
            if of.school:
                found["school"] = of.school
        grades = _grades(short)
        if "grade" not in found and len(grades) == 1 and None not in grades:
            found["grade"] = str(grades.pop())
        classes = {match[1] for match in _CLASS.finditer(short)}
        if "class" not in found and len(classes) == 1:
            found["class"] = classes.pop()
    return found
