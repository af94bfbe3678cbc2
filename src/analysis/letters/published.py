"""Letters already sent: where they are kept."""

from __future__ import annotations

from pathlib import Path

from analysis.house import path
from analysis.reference.published import Letter, letter_file


def folder() -> Path:
    """Return where they are kept."""
    return path("data", "published")


def letters(where: Path | None = None) -> tuple[Letter, ...]:
    """Return all letters in order of their file names.

    Raises
    ------
    UserError
        If an entry is incomplete or contradicts itself.
    """
    return tuple(letter_file(file) for file in sorted((where or folder()).glob("*.toml")))
