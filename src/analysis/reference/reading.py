"""Reading a TOML file into its model; what is wrong in it is told in Chinese, one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from analysis.house import UserError
from analysis.house.paths import read_toml
from analysis.reference.messages import message, place_of, shown
from analysis.reference.positions import line_of

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
DistrictCode = Annotated[str, Field(pattern=r"^(\d{6})?$")]
"""A district's six digits, or nothing where an entry holds everywhere."""


def _as_list(given: Any) -> Any:
    """Turn one text into a list of one and leave out what is blank, as in a template that is not filled in."""
    if isinstance(given, str):
        given = [given]
    if isinstance(given, list):
        return tuple(each for each in given if not isinstance(each, str) or each.strip())
    return given


def _as_pairs(given: Any) -> Any:
    """Turn ``{ role = "parent" }`` into pairs in the order of their names; values are texts, numbers, true or false."""
    if isinstance(given, tuple):
        return given
    if not isinstance(given, Mapping):
        raise PydanticKnownError("dict_type")
    for key, value in given.items():
        if not isinstance(value, str | int | float):
            raise refused(f"“{key}”应为文字或数，读到 {value!r}；请改正。")
    return tuple(sorted(given.items()))


OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
"""Texts, of which a single one may stand without brackets."""
_Narrowed = dict[str, str | int | float]
Narrowing = Annotated[tuple[tuple[str, Any], ...], BeforeValidator(_as_pairs, json_schema_input_type=_Narrowed)]
"""To what a figure is narrowed: dimension and value, in the order of the names."""
Pairs = Annotated[tuple[tuple[str, Text], ...], BeforeValidator(_as_pairs, json_schema_input_type=dict[str, str])]
"""As `Narrowing`, of texts alone."""


def refused(message: str, *place: str | int) -> PydanticCustomError:
    """Return the error that a validator raises: what is wrong and what to do; `place`: where, below the validator's own."""
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
                    raise PydanticCustomError("unknown_key", "{key}", {"key": key, "known": sorted(known)})
        return given


Model = TypeVar("Model", bound=BaseModel)


class SlipsError(UserError):
    """What a model refused: the first line as the message, and how many there are; all of them in `lines`."""

    def __init__(self, found: Sequence[str]) -> None:
        more = f"（共{len(found)}处，可用 shuangjian reference --check 逐条查看）" if len(found) > 1 else ""
        super().__init__(found[0] + more)
        self.lines = tuple(found)


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


def checked(content: Mapping[str, Any], model: type[Model], *files: Path, below: tuple[str, ...] = ()) -> Model:
    """Hold parsed content against its model.

    Parameters
    ----------
    content
        What was read, of several files merged key by key where a bureau's own overlays the shipped one.
    model
        The model of the whole file.
    files
        Where it came from; of several the last that holds the place concerned is named.
    below
        Under which keys of these files the content stands.

    Raises
    ------
    UserError
        As `validated` does.
    """
    try:
        return model.model_validate(content)
    except ValidationError as slip:
        found = lines(slip, *files, below=below)
    raise SlipsError(found)


def lines(slip: ValidationError, *files: Path, below: tuple[str, ...] = ()) -> list[str]:
    """Return one Chinese line for each thing that a model refused, with file, line, place, value and remedy."""
    told: dict[str, None] = {}
    for error in slip.errors(include_url=False):
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue  # a list whose entries were refused: they are told one by one
        parts = [*below, *(part for part in error["loc"] if not _is_branch(part))]
        if error["type"] == "unknown_key":
            parts.append(error["ctx"]["key"])
        if error["type"] == "refused":
            parts += error["ctx"]["place"]
        file = files[0] if error["type"] == "missing" else holder(parts, files)
        number = line_of(file.read_text(encoding="utf-8-sig"), parts) if file.is_file() else 0
        row = f"第{number}行" if number else ""
        place = place_of(parts[:-1] if error["type"] == "unknown_key" else parts)
        told[f"“{shown(file)}”{row}{'，' + place if place else ''}：{message(error)}"] = None
    return list(told)


def holder(parts: Sequence[str | int], files: Sequence[Path]) -> Path:
    """Return the file that holds a place: of several the last of those that hold most of the way to it."""
    if len(files) == 1:
        return files[0]

    def depth(file: Path) -> int:
        here: Any = read_toml(file)
        for number, part in enumerate(parts):
            held = here if isinstance(here, Mapping) else range(len(here)) if isinstance(here, list) else ()
            if part not in held:
                return number
            here = here[part]
        return len(parts)

    return max(reversed(files), key=depth)


def _is_branch(part: Any) -> bool:
    """Whether a part of a place names a branch of a union (``function-plain``, ``str``), not a key of the file."""
    return isinstance(part, str) and (part.startswith(("function-", "literal[", "tuple[", "dict[")) or part == "[key]")
