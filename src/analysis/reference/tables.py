"""``data/reference/tables.toml``: the tables that the suite reads, their columns and what is checked.

What each key means stands at the top of the file itself; how a column is read is said by `analysis.intake.dictionary`.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from analysis.house import path
from analysis.reference.messages import nearest
from analysis.reference.reading import Entry, Text, Texts, refused, twice, validated

Spellings = dict[str, Texts]


class ColumnEntry(Entry):
    """One column; what is not written here is taken from ``[common]``."""

    name: Text
    label: Text | None = None
    type: (
        Literal[
            "text", "code", "integer", "number", "minutes", "clock", "date", "boolean", "money", "grade", "class", "school",
            "term", "choice", "weekday",
        ]
        | None
    ) = None  # fmt: skip
    aliases: Texts = ()
    unit: str = ""
    required: bool = False
    min: float | None = None
    max: float | None = None
    usual: Annotated[tuple[float, float], Field(strict=False)] | None = None
    values: Spellings = Field(default_factory=dict)
    one_of: Texts = ()
    nothing: Texts = ()
    pattern: str = ""
    form: str = ""
    earliest: Texts = ()
    latest: Texts = ()
    if_absent: Any = None
    personal: Literal["", "hash", "drop", "apart"] = ""
    note: str = ""

    @property
    def written(self) -> dict[str, Any]:
        """What is written for it, by key."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class CommonEntry(ColumnEntry):
    """What all columns of one name have in common."""

    name: str = ""


class CheckEntry(Entry):
    """One condition that rows must meet; `test` and `told` are SQL."""

    id: Text
    test: Text
    columns: Texts
    reason: Text
    remedy: Text
    outcome: Literal["quarantine", "warn"] = "quarantine"
    needs: Texts = ()
    told: str = ""


class TableEntry(Entry):
    """One table: its columns, what identifies a row, and what is checked (an id, or the check itself)."""

    name: Text
    label: Text
    about: str = ""
    key: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    columns: Annotated[tuple[ColumnEntry, ...], Field(strict=False, min_length=1)]
    names: Texts = ()
    checks: Annotated[tuple[Text | CheckEntry, ...], Field(strict=False)] = ()
    survey: bool = False
    weight: str = ""

    @model_validator(mode="after")
    def _columns_there(self) -> Self:
        names = [column.name for column in self.columns]
        if again := twice(names):
            raise refused(f"表 {self.name} 的“{again[0]}”列写了两次；请改其中一个。", "columns", again[1], "name")
        known = set(names)
        for at, name in enumerate(self.key):
            if name not in known:
                raise refused(f"表 {self.name} 没有“{name}”列；{nearest(name, known)}", "key", at)
        for at, check in enumerate(self.checks):
            for place, name in enumerate(check.columns if isinstance(check, CheckEntry) else ()):
                if name not in known:
                    raise refused(
                        f"表 {self.name} 没有“{name}”列；{nearest(name, known)}", "checks", at, "columns", place
                    )
        return self


class TablesFile(Entry):
    """The whole file."""

    version: Text
    common: dict[str, CommonEntry] = Field(default_factory=dict)
    check: Annotated[tuple[CheckEntry, ...], Field(strict=False)] = ()
    table: Annotated[tuple[TableEntry, ...], Field(strict=False)]

    @cached_property
    def choices(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Of every column whose choices are codes its label, and each code with the first word that is written for it."""
        return {
            column.name: (
                column.label or column.name,
                {value: words[0] if words else value for value, words in column.values.items()},
            )
            for table in self.table
            for column in table.columns
            if column.type == "choice" and "".join(column.values).isascii()
        }

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if again := twice([table.name for table in self.table]):
            raise refused(f"表 {again[0]} 写了两次；请合并为一张表。", "table", again[1], "name")
        shared = {check.id: check for check in self.check}
        for at, table in enumerate(self.table):
            names = {column.name for column in table.columns}
            for place, column in enumerate(table.columns):
                if column.type is None and getattr(self.common.get(column.name), "type", None) is None:
                    raise refused(
                        f"表 {table.name} 的“{column.name}”列没有写 type；请补上。", "table", at, "columns", place
                    )
            for place, check in enumerate(table.checks):
                if not isinstance(check, str):
                    continue
                if check not in shared:
                    hint = nearest(check, shared)
                    raise refused(f"没有名为“{check}”的共用核对；{hint}", "table", at, "checks", place)
                if lacking := [name for name in shared[check].columns if name not in names]:
                    where = ("table", at, "checks", place)
                    raise refused(
                        f"共用核对“{check}”要用“{lacking[0]}”列，表 {table.name} 没有这一列；请改正。", *where
                    )
        return self


def tables_file(file: Path | None = None) -> TablesFile:
    """Return the tables as they are written.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    return validated(file or path("data", "reference", "tables.toml"), TablesFile)
