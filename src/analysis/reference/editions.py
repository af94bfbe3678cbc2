"""``reports/editions.toml``: the editions that are owed, one table each, over the `[defaults]` that they share."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, RootModel, model_validator

from analysis.house import path
from analysis.reference.reading import DistrictCode, Entry, validated
from analysis.reference.vocabulary import Audience, Format, ScopeKind

DEFAULTS = "defaults"


def _day(given: Any) -> Any:
    """Turn a day, in quotation marks or without, into the text that notebooks take as a parameter."""
    if isinstance(given, str) and given:
        try:
            given = datetime.date.fromisoformat(given)
        except ValueError:
            raise ValueError(f"“{given}”不是日期；请写成 2026-07-20 的样子。") from None
    return given.isoformat() if isinstance(given, datetime.date) else given


Scope = Annotated[ScopeKind, Field(strict=False)]
FileFormat = Annotated[Format, Field(strict=False)]


class EditionTable(Entry):
    """One table: what it says itself, over the defaults.

    Parameters
    ----------
    title, notebook
        Chinese title; the notebook below ``notebooks``, without ``.ipynb``.
    scopes
        For what a document each is made.
    audience, district, term, as_of
        Parameters that all its documents share; ``""``: the notebook's own.
    formats
        In which formats they are published.
    due
        The day on which it is owed, None if whenever asked for.
    seconds, memory
        What one notebook may use (wall-clock time; MiB).
    """

    title: str = ""
    notebook: str = ""
    scopes: Annotated[tuple[Scope, ...], Field(strict=False, min_length=1)] = (ScopeKind.DISTRICT,)
    audience: Annotated[Audience, Field(strict=False)] = Audience.INTERNAL
    district: DistrictCode = ""
    term: str = ""
    as_of: Annotated[str, BeforeValidator(_day)] = ""
    formats: Annotated[tuple[FileFormat, ...], Field(strict=False, min_length=1)] = (Format.HTML, Format.PDF)
    due: datetime.date | None = None
    seconds: Annotated[float, Field(gt=0)] = 600.0
    memory: Annotated[int, Field(gt=0)] = 2048

    def over(self, defaults: EditionTable, name: str) -> Edition:
        """Return the edition of a name: what the table gives itself, else the defaults."""
        own = {key: getattr(self, key) for key in self.model_fields_set}
        given = {**dict(defaults), **own}
        return Edition.model_construct(**{**given, "name": name, "title": given["title"] or name})


class Edition(EditionTable):
    """One kind of document that is owed; `name` is that of its table, and of its folder."""

    name: str


class EditionsFile(RootModel[dict[str, EditionTable]]):
    """The whole file: name of the edition → its table, and the table of the defaults."""

    @model_validator(mode="after")
    def _complete(self) -> EditionsFile:
        if not self.editions:
            raise ValueError("没有任何一种报告；请至少写一节，如 [homework_load]。")
        for name, edition in self.editions.items():
            if not edition.notebook:
                raise ValueError(f'[{name}] 缺少 notebook；请写明笔记本，如 notebook = "reports/homework_load"。')
        return self

    @property
    def editions(self) -> dict[str, Edition]:
        """The editions with the defaults filled in, in the file's order."""
        defaults = self.root.get(DEFAULTS, EditionTable())
        return {name: table.over(defaults, name) for name, table in self.root.items() if name != DEFAULTS}


def read_editions(file: Path | None = None) -> dict[str, Edition]:
    """Return the declared editions by name, in their order.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind, or cannot be.
    """
    return validated(file or path("reports", "editions.toml"), EditionsFile).editions
