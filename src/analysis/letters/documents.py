"""The register of policy documents, and document numbers as GB/T 9704-2012 writes them (〔〕, no 第, no zero padding)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.house import UserError
from analysis.reference.documents import Document, documents_file
from analysis.text.quantities import CITATION, plain

_BEFORE = "据照按了以的和与及由是为即见到行彻实《》、，。；：循依遵"


@dataclass(frozen=True)
class Documents:
    """All registered documents, found by number or by title."""

    items: tuple[Document, ...]
    by_number: Mapping[str, Document]

    def get(self, number: str) -> Document | None:
        """Return the document of a number, however its brackets and zeros are written; None if unknown."""
        return self.by_number.get(normal(number))

    def need(self, number: str, place: str) -> Document:
        """Return the document of a number or a title.

        Raises
        ------
        UserError
            If it is not registered; `place` says where it was cited.
        """
        found = self.get(number) or next((item for item in self.items if item.title == number.strip("《》")), None)
        if found is None:
            raise UserError(
                f"{place}引用的文件“{number}”不在文件登记册（data/reference/documents.toml）中；"
                f"{self.near(number)}请核对文号，或先登记该文件。"
            )
        return found

    def successor(self, number: str) -> Document | None:
        """Return the document that replaces the one of a number; None if it is in force as far as the register knows."""
        own = normal(number)
        return next((item for item in self.items if own and own in map(normal, item.supersedes)), None)

    def near(self, number: str) -> str:
        """Return a hint at registered numbers of the same word, ``""`` if there is none."""
        word = normal(number).split("〔")[0]
        same = [item.number for item in self.items if item.number and (item.word == word or word.endswith(item.word))]
        return f"登记的相近文号有{'、'.join(same[:3])}；" if same else ""


def normal(number: str) -> str:
    """Return a document number in the standard form, ``""`` if it is none: ``x[2021]第037号`` → ``x〔2021〕37号``."""
    match = CITATION.search(plain(number))
    if not match:
        return ""
    return f"{match['word']}〔{match['year']}〕{int(match['serial'])}号"


def word_in(text: str, known: set[str]) -> str:
    """Return the organ's word at the end of the characters before a bracket (``根据城政办发`` → ``城政办发``).

    The longest registered word that ends there wins, if what stands before it can end a word of its own; otherwise the
    characters after the last word such as 根据 or 印发.
    """
    ends = [word for word in known if text.endswith(word)]
    for word in sorted(ends, key=len, reverse=True):
        rest = text[: -len(word)]
        if (
            not rest
            or rest[-1] in _BEFORE
            or (len(rest) >= 2 and rest[-2:] in ("文件", "文号", "印发", "下发", "出台"))
        ):
            return word
    return (
        re.split(
            r"根据|依据|按照|印发|下发|出台|落实|执行|贯彻|文件|文号|制定|发布|转发|关于|参照|遵照|以及|[据照按以和与及由见了的]",
            text,
        )[-1]
        or text
    )


def documents(where: Path | None = None) -> Documents:
    """Return the register of documents.

    Raises
    ------
    UserError
        If an entry has neither number nor title, a number in the wrong form, or a number registered twice.
    """
    items = documents_file(where)
    return Documents(items, {item.number: item for item in items if item.number})
