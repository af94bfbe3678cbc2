"""The column dictionary: which tables and columns the suite knows, read from ``data/reference/tables.toml``."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.house import UserError, path
from analysis.house.paths import read_toml
from analysis.intake import windows

TYPES = (
    "text", "code", "integer", "number", "minutes", "clock", "date", "boolean", "money", "grade", "class", "school",
    "term", "choice", "weekday",
)  # fmt: skip
PERSONAL = ("", "hash", "drop", "apart")
OUTCOMES = ("quarantine", "warn")
FROM_CONTEXT = ("term", "school", "grade")
"""Columns that a title row, a sheet's name or a file's name may give for all rows of a sheet."""

_BRACKETS = re.compile(r"[(\[【〔〖][^)\]】〕〗]*[)\]】〕〗]")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table, as its header may be written and its cells must be read."""

    name: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    required: bool = False
    min: float | None = None
    max: float | None = None
    usual: tuple[float, float] | None = None
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    earliest: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()
    if_absent: Any = None
    personal: str = ""
    note: str = ""

    def headers(self) -> set[str]:
        """Return every header that means this column, in the form of `plain`."""
        return {plain(word) for word in (self.label, *self.aliases)}


@dataclass(frozen=True)
class Check:
    """One condition that rows must meet; `test` and `told` are SQL, as told at the top of the dictionary's file."""

    id: str
    test: str
    columns: tuple[str, ...]
    reason: str
    remedy: str
    outcome: str = "quarantine"
    needs: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its columns, what identifies a row, and what is checked."""

    name: str
    label: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    names: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    survey: bool = False
    weight: str = ""

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which a sheet is not this table."""
        return tuple(c.name for c in self.columns if c.required and c.if_absent is None)


@dataclass(frozen=True)
class Dictionary:
    """All tables, with the version that manifests cite."""

    tables: tuple[Table, ...]
    version: str
    sha256: str

    def table(self, name: str) -> Table:
        """Return a table by name."""
        return next(table for table in self.tables if table.name == name)


@lru_cache(maxsize=8192)
def plain(header: str) -> str:
    """Write a header without what does not matter: width of characters, blanks, stars, case.

    >>> plain("预计 时长（分钟）*")
    '预计时长(分钟)'
    """
    text = unicodedata.normalize("NFKC", header)
    return re.sub(r"[\s*_·:]+", "", text).replace("必填", "").casefold()


def bare(header: str) -> str:
    """Return a plain header without anything in brackets, such as a unit."""
    return _BRACKETS.sub("", plain(header))


def read(file: Path | None = None) -> Dictionary:
    """Read the dictionary.

    Parameters
    ----------
    file
        The TOML file (default: ``data/reference/tables.toml``).

    Raises
    ------
    UserError
        If it is missing or something in it has no meaning; the message names table, column and word.
    """
    source = file or path("data", "reference", "tables.toml")
    return _read(source, source.stat().st_mtime_ns if source.is_file() else 0)


@lru_cache(maxsize=8)
def _read(source: Path, _changed: int) -> Dictionary:
    content = read_toml(source)
    shared = {entry["id"]: entry for entry in content.get("check", [])}
    tables = tuple(_table(entry, content.get("common", {}), shared, source) for entry in content.get("table", []))
    names = [table.name for table in tables]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"“{source}”中表 {name} 写了两次；请合并为一张表。")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    return Dictionary(tables, str(content.get("version", "")), digest)


def _table(entry: dict[str, Any], common: dict[str, Any], shared: dict[str, Any], source: Path) -> Table:
    where = f"“{source}”的表 {entry.get('name', '（无名）')}"
    for need in ("name", "label", "key", "columns"):
        if need not in entry:
            raise UserError(f"{where}缺少 {need}；请补上。")
    key = tuple(entry["key"])
    columns = tuple(_column(one, common, key, where) for one in entry["columns"])
    known = {column.name: column.type for column in columns}
    for column in columns:
        dates = [name for name, kind in known.items() if kind == "date" and name != column.name]
        if slip := windows.faulty((*column.earliest, *column.latest), dates):
            raise UserError(
                f"{where}的“{column.name}”列：看不懂时间界限“{slip}”；可写日期、term.start、term.end、handed 或本表另一日期列，"
                "后面可加减 days、months、years，如 term.start - 6 months。"
            )
    unknown = [name for name in key if name not in known]
    if unknown:
        raise UserError(f"{where}的 key 中“{unknown[0]}”不在 columns 中；请改正。")
    return Table(
        name=entry["name"],
        label=entry["label"],
        about=entry.get("about", ""),
        key=key,
        columns=columns,
        names=tuple(entry.get("names", ())),
        checks=tuple(_check(one, shared, columns, where) for one in entry.get("checks", ())),
        survey=bool(entry.get("survey", False)),
        weight=entry.get("weight", ""),
    )


def _column(entry: dict[str, Any], common: dict[str, Any], key: tuple[str, ...], where: str) -> Column:
    full = {**common.get(entry["name"], {}), **entry}
    place = f"{where}的“{entry['name']}”列"
    strange = sorted(set(full) - set(Column.__dataclass_fields__))
    if strange:
        raise UserError(f"{place}：不认识“{strange[0]}”；可写 {'、'.join(Column.__dataclass_fields__)}。")
    for name, allowed in (("type", TYPES), ("personal", PERSONAL)):
        if full.get(name, "") not in allowed and not (name == "personal" and name not in full):
            raise UserError(
                f"{place}：{name} 不能是“{full.get(name, '')}”；可用 {'、'.join(a for a in allowed if a)}。"
            )
    for name in ("aliases", "nothing", "one_of", "earliest", "latest"):
        full[name] = tuple(full.get(name, ()))
    full["values"] = {str(name): tuple(words) for name, words in full.get("values", {}).items()}
    full["usual"] = tuple(full["usual"]) if "usual" in full else None
    full["required"] = bool(full.get("required", False)) or entry["name"] in key
    return Column(**{"label": entry["name"], **full})


def _check(entry: Any, shared: dict[str, Any], columns: tuple[Column, ...], where: str) -> Check:
    if isinstance(entry, str):
        if entry not in shared:
            raise UserError(f"{where}：没有名为“{entry}”的共用核对；已有 {'、'.join(shared)}。")
        entry = shared[entry]
    missing = [name for name in ("id", "test", "columns", "reason", "remedy") if name not in entry]
    if missing:
        raise UserError(f"{where}的核对 {entry.get('id', '')} 缺少 {missing[0]}；请补上。")
    if entry.get("outcome", "quarantine") not in OUTCOMES:
        raise UserError(f"{where}的核对 {entry['id']}：outcome 只能是 quarantine 或 warn。")
    strange = [name for name in entry["columns"] if name not in {column.name for column in columns}]
    if strange:
        raise UserError(f"{where}的核对 {entry['id']}：没有“{strange[0]}”列。")
    return Check(**{**entry, "columns": tuple(entry["columns"]), "needs": tuple(entry.get("needs", ()))})
