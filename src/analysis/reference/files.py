"""Which reference files there are, and the model of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError

from analysis.house import UserError, home
from analysis.house.paths import read_toml
from analysis.reference.documents import DocumentsFile
from analysis.reference.editions import EditionsFile
from analysis.reference.published import LetterFile
from analysis.reference.reading import lines, validated
from analysis.reference.rules import Rules
from analysis.reference.suggestions import SuggestionFile

MODELS: dict[str, type[BaseModel]] = {
    "data/reference/rules.toml": Rules,
    "data/reference/documents.toml": DocumentsFile,
    "reports/editions.toml": EditionsFile,
}
"""Pattern of a path inside the project → the model of the files that it finds."""
REGISTERS: dict[str, type[BaseModel]] = {
    "data/suggestions/*.toml": SuggestionFile,
    "data/published/*.toml": LetterFile,
}
"""Entries in which a slip stops only what rests on them: a suggestion half filled in must not hold up the reports."""


def files(models: Mapping[str, type[BaseModel]]) -> Iterator[tuple[Path, type[BaseModel]]]:
    """Give every file that is there, with its model."""
    for pattern, model in models.items():
        for file in sorted(home().glob(pattern)):
            yield file, model


def every() -> Iterator[tuple[Path, type[BaseModel]]]:
    """Give the reference files and the entries of the registers, with their models."""
    return files({**MODELS, **REGISTERS})


def slips() -> list[str]:
    """Return one Chinese line for everything that is wrong in the reference files."""
    found: list[str] = []
    for file, model in every():
        try:
            model.model_validate(read_toml(file))
        except ValidationError as slip:
            found += lines(slip, file)
        except UserError as slip:
            found.append(slip.message)
    return found


def refuse_slips() -> None:
    """Stop before anything is written if a reference file holds something that is not known.

    Raises
    ------
    UserError
        The first such place, and how many there are.
    """
    for file, model in files(MODELS):
        validated(file, model)
