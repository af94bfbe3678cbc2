"""Which rows of a sheet are data, what merged cells stand for in them, and where rows to mend came from."""

from __future__ import annotations

import re

import numpy as np

from analysis.intake.dictionary import plain
from analysis.intake.grids import Grid
from analysis.intake.layouts import Layout
from analysis.text.numerals import narrow

ORIGIN = ("出处文件", "出处表", "出处行")
OWN_HEADERS = (*ORIGIN, "问题")
_TOTAL = re.compile(r"(?:.{0,8}[小合总共累]计|.{0,4}平均|本页合计)[:：]?")
_REMARK = re.compile(r"(?:注|备注|说明|填表人|审核人|制表人?|填报人|联系人|负责人|单位负责人)\d?[:：].*")
TOTALS_STAND_IN = 5
REMARK = "备注或签名行"


def data_rows(
    grid: Grid, layout: Layout, codes: list[np.ndarray], texts: list[list[str]]
) -> tuple[np.ndarray, dict[str, list[int]]]:
    """Return the positions of the data rows, and the numbers of those that are none, by kind."""
    filled = np.zeros(len(grid.rows), dtype=np.int64)
    total = np.zeros(len(grid.rows), dtype=bool)
    remark = np.zeros(len(grid.rows), dtype=bool)
    header = np.zeros(len(grid.rows), dtype=np.int64)
    own_filled = np.zeros(len(grid.rows), dtype=np.int64)
    title = np.zeros(len(grid.rows), dtype=bool)
    known = set(layout.columns.values())
    for place, (code, words) in enumerate(zip(codes, texts, strict=True)):
        there = np.array([bool(word.strip()) for word in words] or [False], dtype=bool)[code]
        filled += there
        own_filled += there & (place in known)
        title |= np.array([word.strip() in layout.titles for word in words] or [False], dtype=bool)[code]
        if place < TOTALS_STAND_IN:
            total |= np.array([_TOTAL.fullmatch(narrow(word)) is not None for word in words], dtype=bool)[code]
            remark |= np.array([_REMARK.fullmatch(narrow(word)) is not None for word in words], dtype=bool)[code]
        if place in known:
            own = layout.headers[place].strip() if place < len(layout.headers) else ""
            header += np.array([bool(own) and word.strip() == own for word in words], dtype=bool)[code]
    below = grid.rows > layout.start
    repeated = below & (header >= max(2, len(known) - 1))
    total &= below & (filled > 0) & ~repeated
    remark &= below & (filled <= 2) & ~total
    title &= below & (filled == 1) & ~total & ~remark
    blank = below & (filled > 0) & (own_filled == 0) & ~total & ~repeated & ~remark & ~title
    data = below & (filled > 0) & ~total & ~repeated & ~remark & ~title & ~blank
    kinds = {
        "小计或合计行": total, "重复的表头行": repeated, REMARK: remark, "重复的标题行": title, "没有填表中各列的行": blank
    }  # fmt: skip
    skipped = {kind: np.sort(grid.rows[mask]).tolist() for kind, mask in kinds.items() if mask.any()}
    return np.flatnonzero(data), skipped


def filled_down(grid: Grid, place: int, codes: np.ndarray, texts: list[str]) -> np.ndarray:
    """Give the empty cells below a merged cell its value."""
    spans = [(top, bottom) for top, left, bottom, right in grid.merged if left <= place <= right and bottom > top]
    if not spans:
        return codes
    empty = {number for number, word in enumerate(texts) if not word.strip()}
    codes = codes.copy()
    for top, bottom in spans:
        for row in range(top + 1, min(bottom + 1, len(codes))):
            if int(codes[row]) in empty:
                codes[row] = codes[top]
    return codes


def origins(
    layout: Layout, codes: list[np.ndarray], texts: list[list[str]], positions: np.ndarray
) -> list[tuple[str, str, int]]:
    """Return where each row of a mended quarantine file came from; nothing for other sheets."""
    plain_headers = [plain(header) for header in layout.headers]
    if not all(header in plain_headers for header in ORIGIN):
        return []
    files, sheets, rows = (plain_headers.index(header) for header in ORIGIN)
    found = []
    for position in positions:
        row = texts[rows][codes[rows][position]]
        found.append(
            (
                texts[files][codes[files][position]],
                texts[sheets][codes[sheets][position]],
                int(row) if row.isdigit() else 0,
            )
        )
    return found
