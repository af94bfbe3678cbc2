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
from analysis.intake import windows
from analysis.reference.tables import CheckEntry, ColumnEntry, CommonEntry, TableEntry, tables_file

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


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its columns, what identifies a row, and what is checked."""

    name: str
    label: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    names: tuple[str, ...] = ()
    checks: tuple[CheckEntry, ...] = ()
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
    told = tables_file(source)
    shared = {check.id: check for check in told.check}
    tables = tuple(_table(table, told.common, shared, source) for table in told.table)
    return Dictionary(tables, told.version, hashlib.sha256(source.read_bytes()).hexdigest())


def _table(told: TableEntry, common: dict[str, CommonEntry], shared: dict[str, CheckEntry], source: Path) -> Table:
    columns = tuple(_column(one, common.get(one.name), one.name in told.key) for one in told.columns)
    for column in columns:
        dates = [each.name for each in columns if each.type == "date" and each is not column]
        if slip := windows.faulty((*column.earliest, *column.latest), dates):
            raise UserError(
                f"“{source}”的表 {told.name} 的“{column.name}”列：看不懂时间界限“{slip}”；可写日期、term.start、term.end、handed "
                "或本表另一日期列，后面可加减 days、months、years，如 term.start - 6 months。"
            )
    checks = tuple(shared[each] if isinstance(each, str) else each for each in told.checks)
    return Table(told.name, told.label, told.about, told.key, columns, told.names, checks, told.survey, told.weight)


def _column(told: ColumnEntry, common: CommonEntry | None, is_key: bool) -> Column:
    full = {"label": told.name, **(common.written if common else {}), **told.written}
    return Column(**{**full, "required": full.get("required", False) or is_key})
