"""The table `refused`: what is known of the keys of the rows that were put aside, so that figures can say what they lack."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from analysis.intake import cells
from analysis.intake.cells import Setting
from analysis.intake.faults import Fault
from analysis.intake.readings import Odd
from analysis.intake.rows import Part
from analysis.intake.sheet_faults import BELOW
from analysis.intake.unenrolled import SURE
from analysis.snapshots.snapshot import REFUSED

KEY = REFUSED[:-1]
NO_CLASS = "class_of_school"
"""The check that finds a class that the enrolment lacks."""
SCHEMA = pa.schema([(name, {"grade": pa.int64(), "date": pa.date32(), "weight": pa.float64(), "rows": pa.int64()}.get(name, pa.string())) for name in REFUSED])  # fmt: skip
"""`pupil` is the keyed hash; `weight` is the amount that the table says a row weighs by (tasks due, money granted); a part of the key that is not known is missing. One line a distinct key, with its count."""


def known(part: Part, place: int, faults: Iterable[Fault]) -> str:
    """Return what is known of a refused row's key as JSON.

    Known is, in this order: a cell that was read and that no fault of the row names; what title, sheet's name or file's
    name say of all rows; for term and school the only value that the sheet has. Of a table without a column `date` the
    date is the first of its dates that is known.
    """
    lacking = {check.reason for check in part.table.checks if check.id == NO_CLASS}
    wrong = {label for fault in faults for label in (fault.column, *fault.column.split("、"))}
    row = part.data.slice(place, 1).to_pylist()[0]
    below = BELOW in wrong
    good = {c.name: row.get(c.name) for c in part.table.columns if c.label not in wrong and not below}
    if part.table.survey:
        good = {name: row[name] for name in ("wave", "role", "school", "grade", "class", "submitted_on")}
    found = {name: good.get(name) for name in KEY if name not in ("table", "weight")}
    found["weight"] = good.get(part.table.weight)
    if row.get("date") is not None and "date" not in good:  # date and term contradict each other: either may be wrong
        found["term"] = None
    for name in ("term", "school", "grade", "class"):
        if found[name] is None and name in part.data.column_names:
            found[name] = _around(part, name, part.below if below else part.layout.context)
    if "date" not in part.data.column_names:
        found["date"] = next((value for value in good.values() if isinstance(value, date)), None)
    if any(fault.reason in lacking for fault in faults):  # a slip, or a class that the enrolment lacks: see `table`
        found["unenrolled"] = row.get("class")
    shown = {name: str(value) if isinstance(value, date) else value for name, value in found.items()}
    return json.dumps({name: value for name, value in shown.items() if value is not None}, ensure_ascii=False)


def _around(part: Part, name: str, said: Mapping[str, str]) -> object:
    text = said.get(name)
    if text is not None:
        try:
            # A school in the surroundings is a code already, so no register is needed to read it.
            return cells.read(part.table.column(name), text, Setting(schools={text: text})).value
        except Odd:
            return None
    return part.sole.get(name)


def table(lines: pa.Table) -> pa.Table:
    """Return the table from the lines of the quarantine; a row with several faults counts once.

    A class that the enrolment lacks is known where more rows tell of it than slips would (`SURE`).
    """
    rows = {
        (line["file"], line["sheet"], line["row"]): (line["table"], line["known"] or "{}") for line in lines.to_pylist()
    }
    counted = Counter(rows.values())
    told: Counter[Any] = Counter()
    for (name, parts), count in counted.items():
        told[_class_told(name, json.loads(parts))] += count
    found = []
    for (name, parts), count in counted.items():
        key = json.loads(parts)
        own = _class_told(name, key)
        if own and told[own] >= SURE:
            key["class"] = key["unenrolled"]
        key.pop("unenrolled", None)
        found.append(
            {**key, "date": date.fromisoformat(key["date"]) if "date" in key else None, "table": name, "rows": count}
        )
    return pa.Table.from_pylist(found, SCHEMA)


def _class_told(table: str, key: Mapping[str, object]) -> tuple[object, ...] | None:
    if "unenrolled" not in key:
        return None
    return (table, *(key.get(name) for name in ("term", "school", "grade", "unenrolled")))
