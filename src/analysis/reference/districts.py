"""``data/reference/districts.toml``: the districts that the suite knows."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from analysis.house import path
from analysis.reference.reading import DistrictCode, Entry, Text, refused, twice, validated


class District(Entry):
    """A district: six digits, names, its bureau, whether it is made up, and where we know it from."""

    district: Annotated[DistrictCode, Field(min_length=1)]
    name: Text
    short_name: str = ""
    bureau: str = ""
    simulated: bool = False
    source: str = ""


class DistrictsFile(Entry):
    """The whole file."""

    district: Annotated[tuple[District, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if again := twice([each.district for each in self.district]):
            raise refused(f"区代码“{again[0]}”登记了两次；请改其中一个。", "district", again[1], "district")
        return self


def districts_file() -> dict[str, District]:
    """Return the districts by code, in the file's order.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    file = path("data", "reference", "districts.toml")
    return {each.district: each for each in validated(file, DistrictsFile).district}
