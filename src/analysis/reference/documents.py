"""``data/reference/documents.toml``: the policy documents that a letter may cite, with their numbers as GB/T 9704-2012 writes them."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.house import path
from analysis.reference.reading import Entry, OneOrMore, refused, twice, validated

RIGHT = re.compile(r"[\u4e00-\u9fff]{2,12}〔\d{4}〕[1-9]\d{0,4}号")
"""A number in its standard form: six-cornered brackets, the year in full, no 第, no zero before it."""
_OTHER_FORMS = ("GB", "教育部令")


class Document(Entry):
    """A policy document: number (``""`` for a law), title, issuers, date, what it replaces, where we know it from."""

    number: str = ""
    title: str = ""
    issuers: OneOrMore = ()
    date: datetime.date | None = None
    supersedes: OneOrMore = ()
    kind: Literal["", "national", "local", "law"] = ""
    source: str = ""
    simulated: bool = False

    @model_validator(mode="after")
    def _named(self) -> Document:
        if not self.number and not self.title:
            raise refused("文号（number）与题名（title）至少要有一项。")
        if self.number and not RIGHT.fullmatch(self.number) and not self.number.startswith(_OTHER_FORMS):
            raise refused(
                f"文号“{self.number}”写法不规范；应如“教基厅函〔2021〕13号”：六角括号、四位年份、不加“第”、不补零。",
                "number",
            )
        return self

    @property
    def word(self) -> str:
        """The issuing organ's word: ``教基厅函`` of ``教基厅函〔2021〕13号``."""
        return self.number.split("〔")[0]

    @property
    def cited(self) -> str:
        """How a letter cites it: ``《title》（number）``."""
        return (
            f"《{self.title}》（{self.number}）" if self.title and self.number else self.number or f"《{self.title}》"
        )


class DocumentsFile(Entry):
    """The whole file."""

    document: Annotated[tuple[Document, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _once(self) -> DocumentsFile:
        if again := twice([item.number for item in self.document]):
            raise refused(f"文号“{again[0]}”登记了两次；请合并为一条。", "document", again[1], "number")
        return self


def documents_file(file: Path | None = None) -> tuple[Document, ...]:
    """Return the registered documents in the file's order.

    Raises
    ------
    UserError
        If an entry has neither number nor title, a number in the wrong form or registered twice, or something unknown.
    """
    return validated(file or path("data", "reference", "documents.toml"), DocumentsFile).document
