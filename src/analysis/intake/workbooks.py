"""Excel and WPS workbooks (.xlsx, .xlsm, .xls, .et): guarded against what is no workbook, and read by calamine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine

from analysis.house import UserError
from analysis.intake import grids
from analysis.intake.grids import Grid

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et")
MOST_BYTES = 2 << 30
MOST_RATIO = 100
RATIO_MATTERS = 128 << 20
MOST_CELLS = 60_000_000
SAFE_ROWS = 3_000
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb' r="([A-Z]{2,3})\d')
_FAILED = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)?<v>([^<]*)</v>')
_UNCOUNTED = re.compile(rb"<c\b([^>]*[^/])>\s*<f\b[^>]*>([^<]+)</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')


def read(file: Path, name: str) -> Iterator[Grid]:
    """Read every sheet of a workbook, hidden ones too.

    Parameters
    ----------
    file
        The workbook.
    name
        How messages and manifests call it.

    Raises
    ------
    UserError
        If it is encrypted, broken, no workbook at all, or would not fit into memory.
    """
    broken = f"“{name}”读不出来：文件不完整或已损坏；请在 Excel 或 WPS 中打开后另存为 .xlsx，再重新提交。"
    with open(file, "rb") as handle:
        start = handle.read(8)
    extras: dict[str, dict[tuple[int, int], str]] = {}
    if start[:4] == b"PK\x03\x04":
        extras = _inspected(file, name, broken)
    elif start == OLE:
        if _ENCRYPTED in file.read_bytes():
            raise UserError(f"“{name}”设有打开密码；请取消密码（文件—信息—保护工作簿）后另存，再重新提交。")
    else:
        raise UserError(
            f"“{name}”不是电子表格（扩展名是 {file.suffix}，内容不是）；请在 Excel 或 WPS 中另存为 .xlsx 后重新提交。"
        )
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(file))
    except python_calamine.PasswordError:
        raise UserError(f"“{name}”设有打开密码；请取消密码后另存，再重新提交。") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise UserError(broken) from None
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            merged = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
        except (python_calamine.CalamineError, ValueError):
            raise UserError(broken) from None
        for (row, column), text in extras.get(meta.name, {}).items():
            _put(rows, row, column, text)
        grid = grids.from_rows(rows, name, meta.name)
        grid.merged = merged
        grid.hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
        yield grid


def _put(rows: list[list[object]], row: int, column: int, text: str) -> None:
    """Put a text where calamine leaves a cell empty (a failed formula, one that was never calculated)."""
    width = max(len(rows[0]) if rows else 0, column + 1)
    while len(rows) <= row:
        rows.append([""] * width)
    if rows and len(rows[0]) < width:
        for line in rows:
            line.extend([""] * (width - len(line)))
    rows[row][column] = text


def _inspected(file: Path, name: str, broken: str) -> dict[str, dict[tuple[int, int], str]]:
    """Look through an .xlsx before it is read: how large it will be, and which cells calamine would leave empty."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            if size > MOST_BYTES or (size > RATIO_MATTERS and size / packed > MOST_RATIO):
                raise UserError(
                    f"“{name}”解开后有 {size / 2**20:,.0f} MB，远大于文件本身，像是压缩炸弹或整列套用了格式；"
                    "请删去空行空列后另存，或拆成几个文件。"
                )
            if any(part.flag_bits & 1 for part in parts):
                raise UserError(f"“{name}”的压缩包设有密码；请取消密码后另存，再重新提交。")
            names = _sheet_parts(package)
            for other in set(package.namelist()) - set(names.values()):
                _read_through(package, other)
            return {sheet: _cells_left_out(package, part, name, sheet) for sheet, part in names.items()}
    except (zipfile.BadZipFile, KeyError, EOFError, ElementTree.ParseError, NotImplementedError, OSError, ValueError):
        raise UserError(broken) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise UserError(broken) from None


def _read_through(package: zipfile.ZipFile, part: str) -> None:
    """Unpack a part piece by piece: one that is larger than the directory says, or damaged, raises BadZipFile."""
    with package.open(part) as stream:
        while stream.read(4 << 20):
            pass


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the package that holds each sheet, by the sheet's name."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            part = target.get(link, "")
            part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
            if part in package.namelist():
                found[element.get("name", "")] = part
    return found


def _cells_left_out(package: zipfile.ZipFile, part: str, name: str, sheet: str) -> dict[tuple[int, int], str]:
    """Return failed and uncounted formulas of a sheet; refuse a sheet whose used range would not fit into memory."""
    found: dict[tuple[int, int], str] = {}
    last, widest, kept = 0, 0, b""
    with package.open(part) as stream:
        while piece := stream.read(4 << 20):
            text = kept + piece
            for tag in (b"<row", b":row"):
                place = text.rfind(tag)
                if place >= 0 and (match := _LAST_ROW.search(text, max(0, place - 12))) is not None:
                    last = max(last, int(match[1]))
            if last > SAFE_ROWS:
                widest = max(widest, 25)
                if _WIDE.search(text) is not None:
                    widest = max(widest, *(_column(letters) for letters in set(_WIDE.findall(text))))
                if last * (widest + 1) > MOST_CELLS:
                    raise UserError(
                        f"“{name}”的表“{sheet}”用到了第 {last:,} 行、第 {widest + 1:,} 列，绝大多数是空的；"
                        "请删去数据以外的行和列后另存，再重新提交。"
                    )
            if b't="e"' in text:
                for match in _FAILED.finditer(text):
                    _note(found, match[1], match[2].decode(errors="replace"))
            if b"<f" in text:
                for match in _UNCOUNTED.finditer(text):
                    _note(found, match[1], "=" + match[2].decode(errors="replace"))
            cut = text.rfind(b"<c ")
            kept = text[cut:] if cut >= 0 and len(text) - cut < 1 << 16 else text[-4096:]
    return found


def _note(found: dict[tuple[int, int], str], attributes: bytes, text: str) -> None:
    place = _PLACE.search(attributes)
    if place is not None:
        found[int(place[2]) - 1, _column(place[1])] = text


def _column(letters: bytes) -> int:
    """Return the place of a column counted from 0: ``b"AB"`` is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
