"""The register of policy documents, and document numbers as GB/T 9704-2012 writes them (〔〕, no 第, no zero padding)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from analysis.house import UserError, path
from analysis.house.paths import read_toml
from analysis.letters.entries import Entry
from analysis.text.quantities import CITATION

RIGHT = re.compile(r"[\u4e00-\u9fff]{2,12}〔\d{4}〕[1-9]\d{0,4}号")
_BEFORE = "据照按了以的和与及由是为即见到行彻实《》、，。；：循依遵"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document: number (``""`` for a law), title, issuers, date, what it replaces, where we know it from."""

    number: str
    title: str = ""
    issuers: tuple[str, ...] = ()
    date: date | None = None
    supersedes: tuple[str, ...] = ()
    kind: str = ""
    source: str = ""
    simulated: bool = False

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
    match = CITATION.search(number.translate(_WIDE))
    if not match:
        return ""
    return f"{match['word']}〔{match['year']}〕{int(match['serial'])}号"


_WIDE = {ord("０") + digit: ord("0") + digit for digit in range(10)}


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


def file() -> Path:
    """Return the register's file."""
    return path("data", "reference", "documents.toml")


def documents(where: Path | None = None) -> Documents:
    """Return the register of documents.

    Raises
    ------
    UserError
        If an entry has neither number nor title, a number in the wrong form, or a number registered twice.
    """
    target = where or file()
    return _documents(target, target.stat().st_mtime_ns if target.is_file() else 0)


@lru_cache(maxsize=8)
def _documents(target: Path, _changed: int) -> Documents:
    top = Entry(read_toml(target), target)
    items, found = [], {}
    for entry in top.tables("document", "份文件"):
        item = Document(
            number=entry.get("number", str, ""),
            title=entry.get("title", str, ""),
            issuers=entry.texts("issuers"),
            date=entry.get("date", date),
            supersedes=entry.texts("supersedes"),
            kind=entry.get("kind", str, ""),
            source=entry.get("source", str, ""),
            simulated=entry.get("simulated", bool, False),
        )
        entry.done()
        if not item.number and not item.title:
            raise entry.fail("文号（number）与题名（title）至少要有一项。")
        if item.number and not RIGHT.fullmatch(item.number) and not item.number.startswith(("GB", "教育部令")):
            raise entry.fail(
                f"文号“{item.number}”写法不规范；应如“教基厅函〔2021〕13号”：六角括号、四位年份、不加“第”、不补零。"
            )
        if item.number in found:
            raise entry.fail(f"文号“{item.number}”登记了两次；请合并为一条。")
        if item.number:
            found[item.number] = item
        items.append(item)
    top.done()
    return Documents(tuple(items), found)
