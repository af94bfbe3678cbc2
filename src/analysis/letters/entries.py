"""Reading entries that people type into TOML files: nothing unknown passes, and a slip is told with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.house import UserError
from analysis.reference.messages import shown, unknown_key

_NAMES = {
    str: "文字（加引号）",
    bool: "true 或 false",
    int: "整数",
    float: "数",
    date: "日期（如 2026-04-10，不加引号）",
    list: "列表",
    dict: "表",
}


class Entry:
    """One table of a TOML file, read key by key; `done` complains of keys that nobody asked for.

    Parameters
    ----------
    table
        The parsed table.
    file
        The file that it stands in, for messages.
    place
        Where in the file, in Chinese (``第2条请求``), ``""`` for the top.
    """

    def __init__(self, table: Mapping[str, Any], file: Path, place: str = "") -> None:
        self.table, self.file, self.place = table, file, place
        self.asked: set[str] = set()

    def fail(self, message: str) -> UserError:
        """Return an error that begins with file and place."""
        return UserError(f"{shown(self.file)}{'，' + self.place if self.place else ''}：{message}")

    def get(self, key: str, kind: type, default: Any = None) -> Any:
        """Return a value of the kind asked for, or `default` where the key is missing."""
        self.asked.add(key)
        if key not in self.table:
            return default
        value = self.table[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if wrong or (kind is date and isinstance(value, datetime)):
            raise self.fail(f"“{key}”应为{_NAMES[kind]}，读到 {value!r}；请改正。")
        return value.strip() if isinstance(value, str) else value

    def need(self, key: str, kind: type) -> Any:
        """Return a value that must be there and must not be empty."""
        value = self.get(key, kind)
        if value is None or value == "":
            raise self.fail(f"缺少“{key}”（{_NAMES[kind]}）；请补上。")
        return value

    def one_of(self, key: str, allowed: Sequence[str], default: str) -> str:
        """Return a word that must be among those allowed."""
        value = str(self.get(key, str, default))
        if value not in allowed:
            raise self.fail(f"“{key}”只能是 {'、'.join(allowed)}，读到“{value}”；请改正。")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts (one text counts as a list of one)."""
        self.asked.add(key)
        value = self.table.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise self.fail(f"“{key}”应为文字的列表，读到 {value!r}；请改正。")
        return tuple(item.strip() for item in items if item.strip())

    def tables(self, key: str, label: str) -> list[Entry]:
        """Return the tables of an array, each an `Entry` whose place is ``第n<label>``."""
        self.asked.add(key)
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(f"“{key}”应写成 [[{key}]] 形式的表；请照模板改正。")
        before = f"{self.place}，" if self.place else ""
        return [Entry(item, self.file, f"{before}第{index}{label}") for index, item in enumerate(value, 1)]

    def done(self) -> None:
        """Raise if the table has a key that was not asked for, naming the likely one."""
        for key in self.table:
            if key not in self.asked:
                raise self.fail(unknown_key(key, self.asked))
