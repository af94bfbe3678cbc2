"""What makes all rows of a sheet, or all below a line, untrustworthy though each cell can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from analysis.intake import headers, layouts, units
from analysis.intake.faults import Fault, Warnings
from analysis.intake.layouts import Layout
from analysis.text.numerals import narrow, number

if TYPE_CHECKING:
    from analysis.intake.grids import Grid
    from analysis.intake.rows import Part

WHOLE = "（整表）"
BELOW = "（另一张表）"
"""In the place of a column: of a row that belongs to another table of its sheet, so that its cells are not its own."""
SHORT = 10
"""Bare minutes below this are hours as well as minutes where the column has fractions of hours."""


def apply_units_below(
    grid: Grid, layout: Layout, codes: list[np.ndarray], texts: list[list[str]], remarks: list[int]
) -> np.ndarray:
    """Apply units stated below the header: in a line of units (小时 under 时长), in a remark (注：时长单位为小时).

    Returns
    -------
    numpy.ndarray
        Positions of the rows that hold nothing but units.
    """
    assert layout.table is not None
    filled = sum(
        np.array([bool(word.strip()) for word in own] or [False])[code] for code, own in zip(codes, texts, strict=True)
    )
    below = grid.rows > layout.start
    notes = np.flatnonzero(
        np.isin(grid.rows, remarks) | (below & (filled == 1))
    )  # 以上金额均以万元计 need not begin with 注
    words = [(place, column[int(row)].as_py()) for row in notes for place, column in enumerate(grid.columns)]
    lines = np.zeros(len(grid.rows), dtype=np.int64)
    for name, place in layout.columns.items():
        column = layout.table.column(name)
        own = [texts[place][number] for number in np.unique(codes[place][below])]
        said = [word for where, word in words if where != place]
        if column.type in ("integer", "number") and (other := units.not_single([*own, *said])):
            layout.unclear.append(f"“{column.label}”的单位写作“{other}”")
        if column.type not in ("minutes", "money"):
            continue
        try:
            scales = {word: units.of_cell(word, column.type) or 0.0 for word in own}
            cells = np.array([scales.get(word, 0.0) for word in texts[place]] or [0.0])[codes[place]]
            cells[~below] = 0.0
            lines += cells > 0
            stated = {float(scale) for scale in cells[cells > 0]}
            if (scale := units.of_texts(said, column.type, known=name in layout.scales)) is not None:
                stated.add(scale)
        except units.Unclear as slip:
            layout.unclear.append(f"“{column.label}”{slip}")
            continue
        if len(stated | {layout.scales.get(name, scale) for scale in stated}) > 1:
            layout.unclear.append(f"“{column.label}”写了两种单位")
        elif stated:
            layout.scales[name] = stated.pop()
    return np.flatnonzero((lines > 0) & (lines == filled))


def add(
    part: Part, codes: list[np.ndarray], texts: list[list[str]], schools: Mapping[str, str], warnings: Warnings
) -> None:
    """Add the faults of the sheet to its rows; what is only odd becomes a warning."""
    everywhere = np.arange(len(part.positions))
    for unclear in part.layout.unclear:
        _aside(part, everywhere, f"{unclear}，不能确定", "请在列名中写明单位（分钟、小时、元或万元），人数填到个位")
    _twins(part, codes, texts, warnings)
    _overlooked(part, warnings)
    _hours_without_unit(part, codes, texts)
    _second_table(part, codes, texts, schools)


def _aside(part: Part, positions: np.ndarray, reason: str, remedy: str, label: str = WHOLE) -> None:
    part.faults += [Fault(int(position), label, "", reason, remedy) for position in positions]


def _twins(part: Part, codes: list[np.ndarray], texts: list[list[str]], warnings: Warnings) -> None:
    """Put a sheet aside in which two columns for one thing hold different values; tell of a column that is passed over."""
    words = [np.array([word.strip() for word in own] or [""], dtype=object) for own in texts]
    told, labels = [], []
    for twin in headers.twins(part.layout):
        column = part.table.column(twin.name)
        one, two = (words[place][codes[place][part.positions]] for place in (twin.read, twin.other))
        if not (two != "").any() or not (one != two).any():
            continue
        names = [part.layout.headers[place].strip() for place in (twin.read, twin.other)]
        places = [f"{xl_col_to_name(place)} 列" for place in (twin.read, twin.other)]
        if twin.alike:
            labels.append(column.label)
            same = names[0] == names[1]
            both = "与 ".join(places if same else [f"{p}“{n}”" for p, n in zip(places, names, strict=True)])
            told.append(f"{both}都是“{column.label}”")
        elif not column.personal and column.type != "school":
            reason = f"也像“{column.label}”，已有“{names[0]}”列，没有读入本列"
            warnings.add(part.grid.path, part.grid.sheet, reason, column=names[1])
    if len(told) > 1:
        reason, remedy = f"像是左右并排的两张表（{'、'.join(told)}）", "请把两张表上下接成一张，或分到两个工作表"
    else:
        reason, remedy = f"{''.join(told)}而内容不同，不知以哪一列为准", "请只留一列，或给另一列换个列名"
    if told:
        _aside(part, np.arange(len(part.positions)), reason, remedy, "、".join(dict.fromkeys(labels)))


def _overlooked(part: Part, warnings: Warnings) -> None:
    """Put a sheet aside that lacks a measure beside a header that resembles it; tell of other such headers."""
    for header, column in headers.overlooked(part.layout):
        remedy = f"如是，请把列名改为“{column.label}”，或在数据字典中登记这个写法；如不是，请换个不易混淆的列名"
        if column.type in headers.MEASURES:
            reason = f"“{header}”列像是“{column.label}”，没有这样的列名，缺了“{column.label}”"
            _aside(part, np.arange(len(part.positions)), reason, remedy)
        else:
            reason = f"像是“{column.label}”，但数据字典中没有这个写法，没有读入"
            warnings.add(part.grid.path, part.grid.sheet, reason, column=header, remedy=remedy)


def _hours_without_unit(part: Part, codes: list[np.ndarray], texts: list[list[str]]) -> None:
    """Put small bare numbers aside where others of the column (0.5, 1.5) are hours and no unit is stated."""
    for name, place in part.layout.columns.items():
        column = part.table.column(name)
        if column.type != "minutes" or name in part.layout.scales:
            continue
        own = codes[place][part.positions]
        bare = np.array([number(narrow(word)) or 0.0 for word in texts[place]] or [0.0])[own]
        hours = (bare > 0) & (bare < SHORT / 2) & (bare % 1 > 0) & (np.abs(bare * 20 - np.round(bare * 20)) < 1e-9)
        if hours.any():
            example = texts[place][own[np.flatnonzero(hours)[0]]].strip()
            reason = f"本列没有写明单位，而有“{example}”这样的数，像是小时"
            remedy = "请在列名中写明单位，如“时长（小时）”，或改填分钟数"
            _aside(part, np.flatnonzero((bare > 0) & (bare < SHORT)), reason, remedy, column.label)


def _second_table(part: Part, codes: list[np.ndarray], texts: list[list[str]], schools: Mapping[str, str]) -> None:
    """Put aside what stands below a header that is another one, or below a title that says what the first does not."""
    grid, layout = part.grid, part.layout
    alike = np.zeros(len(grid.rows), dtype=np.int64)
    filled = np.zeros(len(grid.rows), dtype=np.int64)
    for code, words in zip(codes, texts, strict=True):
        known = [bool(word.strip()) and layouts.column_of((word,), part.table) is not None for word in words]
        alike += np.array(known or [False])[code]
        filled += np.array([bool(word.strip()) for word in words] or [False])[code]
    header = alike >= max(2, (len(layout.columns) + 1) // 2)
    title = (filled > 0) & (filled <= 2) & ~header
    lines = np.flatnonzero((grid.rows > layout.start) & (header | title))
    shared = {name: value for name, value in layout.context.items() if name in ("term", "school")}
    for row in lines[np.argsort(grid.rows[lines])]:
        words = [own[code[row]].strip() for code, own in zip(codes, texts, strict=True)]
        said = next((word for word in words if title[row] and _another(word, part, schools)), "")
        if not said and not (header[row] and _differs(words, layout)):
            continue
        line = int(grid.rows[row])
        what = f"写着“{said[:30]}”" if said else "又是一个表头，与上面的不同"
        reason = f"第 {line} 行{what}，其下各行属于另一张表"
        _aside(part, np.flatnonzero(part.rows >= line), reason, "请把各表分到不同的工作表", BELOW)
        part.below = {**shared, **layouts.spoken((said,), schools)}
        return


def _differs(words: list[str], layout: Layout) -> bool:
    """Whether a row of headers has a column at another place than the sheet's header, or in another unit."""
    assert layout.table is not None
    for place, word in enumerate(words):
        found = layouts.column_of((word,), layout.table) if word else None
        if found is None:
            continue
        column = layout.table.column(found[0])
        if layout.columns.get(column.name) != place:
            return True
        if kind := units.kind_of(column.type):
            try:
                if units.of_header(word, kind) != units.of_header(layout.variants[place][-1], kind):
                    return True
            except units.Unclear:
                return True
    return False


def _another(text: str, part: Part, schools: Mapping[str, str]) -> bool:
    """Whether a title says something of all its rows that is not what the sheet's own title says."""
    said = layouts.spoken((text,), schools)
    return any(
        name not in part.layout.columns and part.layout.context.get(name) != value
        for name, value in said.items()
        if name in {column.name for column in part.table.columns}
    )
