"""Tables: a row or column 合计 against what it adds up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from analysis.letters.drafts import Draft, Table
from analysis.letters.findings import Finding, excerpt, holding
from analysis.text.numerals import exact
from analysis.text.quantities import plain, shown

KIND = ("sum", "加总")

_RATE = re.compile(r"%|率|占|比|平均|均值|人均|生均|中位|分位|指数")
# Columns of rates and averages: their total row is no sum.


def check(draft: Draft) -> Iterator[Finding]:
    """Yield totals that hold and totals that do not."""
    for table in draft.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[Finding]:
    """Check every row whose first cell is 合计 against the rows above it, and every column headed 合计 or 总计."""
    body = [(line, [plain(cell) for cell in cells]) for line, cells in table.rows]
    label = re.compile(r"\s*(?:合\s*计|总\s*计|共\s*计|总\s*数|小\s*计)\s*")
    heads = body[0][1] if body else []
    rates = {column for column, head in enumerate(heads) if _RATE.search(head)}
    above: list[list[str]] = []
    part: list[list[str]] = []
    for line, cells in body:
        if cells and label.fullmatch(cells[0]):
            rows = part if "小" in cells[0] else above
            for column, cell in enumerate(cells):
                if column not in rates:
                    yield from _column(line, cell, [row[column] for row in rows if column < len(row)], "该列")
            part = []
        else:
            above.append(cells)
            part.append(cells)
    for column, head in enumerate(heads):
        if label.fullmatch(head):
            for line, row in body:
                if column < len(row):
                    yield from _column(line, row[column], row[1:column], "该行")


def _cell(text: str) -> Decimal | None:
    match = re.fullmatch(r"\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(?:万元|元|所|家|个|人|名|件|项|份|次|分钟)?\s*", text)
    return exact(match[1].replace(",", "") + (match[2] or "")) if match else None


def _column(line: int, cell: str, addends: list[str], what: str) -> Iterator[Finding]:
    total = _cell(cell)
    parts = [part for part in map(_cell, addends) if part is not None]
    if total is None or len(parts) < 2:
        return
    made = sum(parts, Decimal(0))
    words = excerpt(f"合计 {cell}")
    if made == total:
        yield holding(line, words, "sum", f"表中{what}相加为{shown(made)}，与合计相符。")
    else:
        yield Finding(line, words, "sum", "error", f"表中{what}相加为{shown(made)}，与合计{shown(total)}不符；请核对。")
