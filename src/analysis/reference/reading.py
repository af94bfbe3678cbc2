"""Reading a TOML file into its model; what is wrong in it is told in Chinese, one line each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from analysis.house import UserError, home
from analysis.house.paths import read_toml
from analysis.reference.messages import message, place_of
from analysis.reference.positions import line_of

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
DistrictCode = Annotated[str, Field(pattern=r"^(\d{6})?$")]
"""A district's six digits, or nothing where an entry holds everywhere."""


def refused(message: str, *place: str | int) -> PydanticCustomError:
    """Return the error that a validator raises: what is wrong and what to do, and where below the validator's own place."""
    return PydanticCustomError("refused", "{told}", {"told": message, "place": place})


def twice(names: list[str]) -> tuple[str, int] | None:
    """Return the first name that stands in a list a second time, and at which position; None if there is none."""
    return next(((name, at) for at, name in enumerate(names) if name and name in names[:at]), None)


class Entry(BaseModel):
    """One table of a TOML file: frozen, of exact types, and without keys that nobody knows."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            known = {field.alias or name for name, field in cls.model_fields.items()}
            for key in given:
                if key not in known:
                    raise PydanticCustomError("unknown_key", "{hint}", {"key": key, "hint": nearest(str(key), known)})
        return given


def nearest(word: str, known: set[str]) -> str:
    """Return the question whether the nearest known word was meant, or else the known words."""
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f"是否应为“{near[0]}”？" if near else f"可用的有：{'、'.join(sorted(known))}。"


Model = TypeVar("Model", bound=BaseModel)


def validated(file: Path, model: type[Model]) -> Model:
    """Read a TOML file into its model; read again only when the file has changed.

    Raises
    ------
    UserError
        If the file is missing, is not TOML, or holds something that the model does not know: the first such place, and
        how many there are.
    """
    return _validated(file, file.stat().st_mtime_ns if file.is_file() else 0, model)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _validated(file: Path, _changed: int, model: type[BaseModel]) -> BaseModel:
    return checked(read_toml(file), model, file)


def checked(content: Mapping[str, Any], model: type[Model], *files: Path) -> Model:
    """Hold parsed content against its model.

    Parameters
    ----------
    content
        What was read, of several files merged key by key where a bureau's own overlays the shipped one.
    model
        The model of the whole file.
    files
        Where it came from; of several the last that holds the place concerned is named.

    Raises
    ------
    UserError
        As `validated` does.
    """
    try:
        return model.model_validate(content)
    except ValidationError as slip:
        found = lines(slip, *files)
    more = f"（共{len(found)}处，可用 shuangjian reference --check 逐条查看）" if len(found) > 1 else ""
    raise UserError(found[0] + more)


def lines(slip: ValidationError, *files: Path) -> list[str]:
    """Return one Chinese line for each thing that a model refused, with file, line, place, value and remedy."""
    told: dict[str, None] = {}
    for error in slip.errors(include_url=False):
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue  # a list whose entries were refused: they are told one by one
        parts = [part for part in error["loc"] if not _is_branch(part)]
        if error["type"] == "unknown_key":
            parts.append(error["ctx"]["key"])
        if error["type"] == "refused":
            parts += error["ctx"]["place"]
        numbered = [(file, line_of(file.read_text(encoding="utf-8-sig"), parts)) for file in files if file.is_file()]
        own = [each for each in numbered if each[1]] or numbered or [(file, 0) for file in files]
        file, number = own[-1]
        row = f"第{number}行" if number else ""
        place = place_of(parts[:-1] if error["type"] == "unknown_key" else parts)
        told[f"“{shown(file)}”{row}{'，' + place if place else ''}：{message(error)}"] = None
    return list(told)


def _is_branch(part: Any) -> bool:
    """Whether a part of a place names a branch of a union (``function-plain``, ``str``), not a key of the file."""
    return isinstance(part, str) and (part.startswith(("function-", "literal[", "tuple[", "dict[")) or part == "[key]")


def shown(file: Path) -> str:
    """Return a file's path as messages show it: inside the project, relative to it."""
    try:
        return file.resolve().relative_to(home()).as_posix()
    except (ValueError, UserError):
        return str(file)
