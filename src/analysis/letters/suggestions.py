"""The register of deputies' suggestions: its folder, its files, and the suggestion that a letter answers."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.house import UserError, path
from analysis.reference.messages import shown
from analysis.reference.suggestions import Suggestion, suggestion_file

NAME = re.compile(r"\d{4}-\d{1,4}")


def folder() -> Path:
    """Return the folder of the register."""
    return path("data", "suggestions")


def files(where: Path | None = None) -> list[Path]:
    """Return the register's files in order of their names (templates end in ``.template`` and are no entries)."""
    return sorted((where or folder()).glob("*.toml"))


def read(file: Path) -> Suggestion:
    """Read one entry.

    Raises
    ------
    UserError
        If a key is missing, unknown or of the wrong kind; what the entry says is judged by `register.faults`.
    """
    if not NAME.fullmatch(file.stem):
        raise UserError(f"“{shown(file)}”：文件名应为“年份-编号.toml”，如 2026-017.toml；请改名。")
    return suggestion_file(file)


def find(letter: str, where: Path | None = None) -> tuple[Suggestion, int]:
    """Return the suggestion that a letter id names, and the place of its signatory (1 = the first).

    Raises
    ------
    UserError
        If the register has no such entry, or the entry no such signatory.
    """
    match = re.fullmatch(r"(\d{4}-\d{1,4})(?:[-#](\d{1,2}))?", letter)
    known = [file.stem for file in files(where)]
    if not match or match[1] not in known:
        raise UserError(f"登记册中没有“{letter}”这件建议；现有：{'、'.join(known) or '（空）'}。请核对编号，或先登记。")
    suggestion, place = read((where or folder()) / f"{match[1]}.toml"), int(match[2] or 1)
    if not 1 <= place <= max(1, len(suggestion.signatories)):
        raise UserError(
            f"建议“{match[1]}”共有{len(suggestion.signatories)}位联名人，没有第{place}位；可用：{'、'.join(suggestion.letters)}。"
        )
    return suggestion, place
