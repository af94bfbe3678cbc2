"""Which reference files there are, and the model of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from analysis.house import UserError, home
from analysis.house.paths import read_toml
from analysis.reference.editions import EditionsFile
from analysis.reference.reading import lines, validated
from analysis.reference.rules import Rules

MODELS: dict[str, type[BaseModel]] = {"data/reference/rules.toml": Rules, "reports/editions.toml": EditionsFile}
"""Pattern of a path inside the project → the model of the files that it finds."""


def files() -> Iterator[tuple[Path, type[BaseModel]]]:
    """Give every reference file that is there, with its model."""
    for pattern, model in MODELS.items():
        for file in sorted(home().glob(pattern)):
            yield file, model


def slips() -> list[str]:
    """Return one Chinese line for everything that is wrong in the reference files."""
    found: list[str] = []
    for file, model in files():
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
    for file, model in files():
        validated(file, model)
