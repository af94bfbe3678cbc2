"""``data/reference/rows.toml``: what the suite answers for, row by row (the page ``docs/coverage.md``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from analysis.house import path
from analysis.reference.reading import Entry, Text, Texts, refused, twice, validated


class Row(Entry):
    """A row: its id and subject; tables, or files where it has none; what its indicators and code are called."""

    id: Text
    what: Text
    tables: Texts = ()
    files: Texts = ()
    only: Texts = ()
    words: Texts = ()


class RowsFile(Entry):
    """The whole file."""

    row: Annotated[tuple[Row, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if again := twice([each.id for each in self.row]):
            raise refused(f"编号“{again[0]}”登记了两次；请改其中一个。", "row", again[1], "id")
        return self


def rows(file: Path | None = None) -> tuple[Row, ...]:
    """Return the rows in the file's order.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    return validated(file or path("data", "reference", "rows.toml"), RowsFile).row
