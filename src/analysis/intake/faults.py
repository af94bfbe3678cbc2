"""What is wrong or odd with rows: where, what was read, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from analysis.snapshots.snapshot import QUARANTINE

SCHEMA = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in QUARANTINE])
"""The table of quarantined rows: one line a fault. `cells` holds the whole row as JSON, `known` what is known of its key
(see `refused`), `key` its key if it could be read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one row; `outcome` is ``quarantine`` or ``warn``."""

    position: int
    column: str
    value: str
    reason: str
    remedy: str
    outcome: str = "quarantine"


@dataclass
class Warnings:
    """Warnings of an intake, counted by place and reason, with the first rows."""

    found: dict[tuple[str, str, str, str], dict[str, object]] = field(default_factory=dict)

    def add(
        self,
        path: str,
        sheet: str,
        reason: str,
        *,
        column: str = "",
        rows: Iterable[int] = (),
        value: str = "",
        remedy: str = "",
    ) -> None:
        """Count one more warning of a kind."""
        numbers = list(rows)
        entry = self.found.setdefault(
            (path, sheet, column, reason),
            {"path": path, "sheet": sheet or None, "column": column or None, "reason": reason, "suggestion": remedy,
             "value": value, "count": 0, "rows": []},
        )  # fmt: skip
        entry["count"] = int(str(entry["count"])) + max(1, len(numbers))
        known = entry["rows"]
        if isinstance(known, list):
            known.extend(numbers[: max(0, 5 - len(known))])

    def listed(self) -> list[dict[str, object]]:
        """Return them as objects, each with its message: one Chinese line."""
        ordered = sorted(self.found.values(), key=_weight)
        return [{**entry, "message": message(entry)} for entry in ordered]


def _weight(entry: dict[str, object]) -> int:
    """Return how soon a warning is told: what was not read first, what is only routine last."""
    reason = str(entry["reason"])
    if "没有读" in reason or "按不明计" in reason or "两种编码" in reason or "未核对" in reason:
        return 1 if entry["column"] else 0
    return 3 if "不作数据" in reason else 2


def message(entry: dict[str, object]) -> str:
    """Write a warning as one Chinese line that names file, sheet, row, column and value."""
    parts = [str(entry["path"])] if entry["path"] else []
    if entry["sheet"]:
        parts.append(f"表“{entry['sheet']}”")
    rows = entry["rows"] if isinstance(entry["rows"], list) else []
    if rows:
        more = f"等 {entry['count']} 行" if int(str(entry["count"])) > len(rows) else ""
        parts.append(f"第 {'、'.join(str(row) for row in rows)} 行{more}")
    if entry["column"]:
        parts.append(f"“{entry['column']}”列")
    place = "，".join(parts)
    value = f"读到“{entry['value']}”，" if entry["value"] else ""
    remedy = f"；{entry['suggestion']}" if entry["suggestion"] else ""
    return f"{place}：{value}{entry['reason']}{remedy}。" if place else f"{entry['reason']}{remedy}。"
