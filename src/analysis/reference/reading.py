"""Reading a TOML file into its model; what is wrong in it is told in Chinese, one line each."""

from __future__ import annotations

from collections.abc import Mapping
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


OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""Texts, of which a single one may stand without brackets."""
Narrowing = Annotated[tuple[tuple[str, Any], ...], BeforeValidator(_as_pairs)]
"""To what a figure is narrowed: dimension and value, in the order of the names."""


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
    try:
        return model.model_validate(read_toml(file))
    except ValidationError as slip:
        found = lines(slip, file)
    more = f"（共{len(found)}处，可用 shuangjian reference --check 逐条查看）" if len(found) > 1 else ""
    raise UserError(found[0] + more)


def lines(slip: ValidationError, file: Path) -> list[str]:
    """Return one Chinese line for each thing that a model refused, with file, line, place, value and remedy."""
    text = file.read_text(encoding="utf-8-sig")
    told: dict[str, None] = {}
    for error in slip.errors(include_url=False):
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue  # a list whose entries were refused: they are told one by one
        place = [*error["loc"], *error.get("ctx", {}).get("place", ())]
        number = line_of(text, [*place, error["ctx"]["key"]] if error["type"] == "unknown_key" else place)
        row = f"第{number}行" if number else ""
        told[f"“{shown(file)}”{row}{'，' + place_of(place) if place else ''}：{message(error)}"] = None
    return list(told)
