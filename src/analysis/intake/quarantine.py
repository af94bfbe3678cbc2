"""Rows that were put aside: as a table, and as an Excel file that staff mend and hand in again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from analysis.house.content import Json
from analysis.intake import originals, refused
from analysis.intake.bodies import ORIGIN
from analysis.intake.dictionary import Dictionary
from analysis.intake.faults import SCHEMA, Fault
from analysis.intake.rows import Part
from analysis.snapshots import Snapshot
from analysis.snapshots import tables as parquet

LIST = "待更正清单"
MOST_ROWS = 1_000_000
Place = tuple[str, str, int]


def keys(data: pa.Table, key: Sequence[str]) -> list[str]:
    """Return the key of each row as one text; ``""`` where a part of it is missing."""
    found = []
    for row in data.select(list(key)).to_pylist():
        parts = list(row.values())
        found.append("" if any(part is None for part in parts) else "|".join(str(part) for part in parts))
    return found


def lines(
    parts: Iterable[Part],
    parent: Snapshot | None,
    settled: Callable[[str], set[str]],
    dismissed: Callable[[Json], bool] = lambda line: False,
) -> pa.Table:
    """Return the table of quarantined rows, one line a fault: this intake's, and the parent's that still stand.

    A row of the parent's no longer stands when a mended file brought it again (accepted or not), or when a row with
    its key was accepted, when a corrected file of the same name has a row in the same place that agrees with what is known of
    it, or when it was dismissed.
    """
    found: list[Json] = []
    brought: set[Place] = set()
    parts = list(parts)
    for part in parts:
        brought |= set(part.origins)
        faults = [fault for fault in part.faults if fault.outcome == "quarantine"]
        by_row: dict[int, list[Fault]] = {}
        for fault in faults:
            by_row.setdefault(fault.position, []).append(fault)
        whole = {
            place: (_row(part, place), _key(part, place), refused.known(part, place, own))
            for place, own in by_row.items()
        }
        for fault in sorted(faults, key=lambda one: (int(part.rows[one.position]), one.column)):
            cells, key, known = whole[fault.position]
            file, sheet, row = _origin(part, fault.position)
            found.append(
                {"file": file, "sheet": sheet, "row": row, "table": part.table.name, "column": fault.column,
                 "value": fault.value, "reason": fault.reason, "suggestion": fault.remedy, "key": key, "known": known,
                 "cells": cells}
            )  # fmt: skip
    if parent is not None and (parent.folder / "quarantine.parquet").is_file():
        done: dict[str, set[str]] = {}
        for line in parquet.read(parent.folder / "quarantine.parquet").to_pylist():
            if line["table"] not in done:
                done[line["table"]] = settled(line["table"])
            if dismissed(line) or any(_again(line, part) for part in parts):
                continue
            if (line["file"], line["sheet"], line["row"]) not in brought and (
                not line["key"] or line["key"] not in done[line["table"]]
            ):
                found.append(line)
    return pa.Table.from_pylist(found, SCHEMA)


def _again(line: Json, part: Part) -> bool:
    """Whether a sheet has, in the place of an earlier row, a row that agrees with what was known of that one."""
    same = (line["file"], line["sheet"], line["table"]) == (part.grid.path, part.grid.sheet, part.table.name)
    places = np.flatnonzero(part.rows == line["row"]) if same else np.array([], dtype=np.int64)
    if not len(places):
        return False
    known = json.loads(line["known"] or "{}")
    row = part.data.slice(int(places[0]), 1).to_pylist()[0]
    return all(row.get(name) is None or str(row[name]) == str(value) for name, value in known.items())


def _origin(part: Part, place: int) -> Place:
    if part.origins and part.origins[place][0]:
        return part.origins[place]
    return part.grid.path, part.grid.sheet, int(part.rows[place])


def _row(part: Part, place: int) -> str:
    return originals.as_json(
        originals.respondent(part, place) if part.table.survey else originals.original(part, place)
    )


def _key(part: Part, place: int) -> str:
    key = ("wave", "respondent") if part.table.survey else part.table.key
    return keys(part.data.slice(place, 1), key)[0]


def files(quarantined: pa.Table, known: Dictionary) -> dict[str, bytes]:
    """Return ``quarantine.parquet`` and ``quarantine.xlsx``."""
    sink = io.BytesIO()
    pq.write_table(quarantined, sink, compression="zstd", store_schema=False)
    return {"quarantine.parquet": sink.getvalue(), "quarantine.xlsx": workbook(quarantined, known)}


def workbook(quarantined: pa.Table, known: Dictionary) -> bytes:
    """Return the Excel file: a list of what is wrong, then for each kind of row a sheet to mend.

    Each row to mend keeps where it came from; mended, the file is handed in again with ``--onto``. Cells are written as
    text, so that nothing in them is taken for a formula.
    """
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": "待更正表", "created": datetime(2000, 1, 1)})  # the same rows give the same bytes
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"})
    wrong = book.add_format({"bg_color": "#FBE9E7", "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    entries = quarantined.to_pylist()
    sheet = book.add_worksheet(LIST)
    headers = [*ORIGIN, "所属表", "列", "读到的值", "原因", "建议"]
    sheet.write_row(0, 0, headers, bold)
    for number, entry in enumerate(entries[:MOST_ROWS], start=1):
        words = [entry["file"], entry["sheet"], str(entry["row"]), _label(known, entry["table"]), entry["column"],
                 entry["value"], entry["reason"], entry["suggestion"]]  # fmt: skip
        for place, word in enumerate(words):
            sheet.write_string(number, place, word or "", plain)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 5, 14)
    sheet.set_column(6, 7, 40)
    sheet.freeze_panes(1, 0)
    for title, group in _groups(entries, known):
        _sheet(book, title, group, bold, plain, wrong)
    book.close()
    return sink.getvalue()


def _label(known: Dictionary, table: str) -> str:
    return next((one.label for one in known.tables if one.name == table), table)


def _groups(entries: list[Json], known: Dictionary) -> list[tuple[str, list[Json]]]:
    """Return the rows to mend by table (and by questionnaire), each row once with all its faults."""
    groups: dict[tuple[str, tuple[str, ...]], dict[Place, Json]] = {}
    for entry in entries:
        cells = json.loads(entry["cells"])
        shape = (entry["table"], tuple(cells))
        row = groups.setdefault(shape, {}).setdefault(
            (entry["file"], entry["sheet"], entry["row"]), {"entry": entry, "cells": cells, "wrong": set(), "why": []}
        )
        row["wrong"] |= {entry["column"], *entry["column"].split("、")}
        row["why"].append(f"{entry['column']}：{entry['reason']}")
    found, used = [], {LIST}
    for (table, _), rows_found in groups.items():
        title, number = _label(known, table), 2
        while title in used:
            title, number = f"{_label(known, table)}{number}", number + 1
        used.add(title)
        found.append((title, list(rows_found.values())[:MOST_ROWS]))
    return found


def _sheet(book: Any, title: str, group: list[Json], bold: Any, plain: Any, wrong: Any) -> None:
    sheet = book.add_worksheet(title[:31])
    headers = list(group[0]["cells"])
    sheet.write_row(0, 0, [*headers, "问题", *ORIGIN], bold)
    for number, row in enumerate(group, start=1):
        for place, header in enumerate(headers):
            sheet.write_string(number, place, row["cells"][header], wrong if header in row["wrong"] else plain)
        entry = row["entry"]
        tail = ["；".join(dict.fromkeys(row["why"])), entry["file"], entry["sheet"], str(entry["row"])]
        for place, word in enumerate(tail, start=len(headers)):
            sheet.write_string(number, place, word or "", plain)
    sheet.set_column(0, len(headers) - 1, 12)
    sheet.set_column(len(headers), len(headers), 40)
    sheet.freeze_panes(1, 0)
