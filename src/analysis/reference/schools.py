"""``data/reference/schools.toml``: the register of schools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from analysis.house import path
from analysis.reference.reading import DistrictCode, Entry, Text, Texts, refused, twice, validated
from analysis.reference.vocabulary import Stage

SchoolCode = Annotated[str, Field(pattern=r"^\d{10}$")]
Grade = Annotated[int, Field(ge=1, le=9)]


class School(Entry):
    """A school: 学校标识码, names, stage, first and last grade, district."""

    school: SchoolCode
    name: Text
    short_name: str = ""
    aliases: Texts = ()
    stage: Annotated[Stage, Field(strict=False)]
    first_grade: Grade
    last_grade: Grade
    district: DistrictCode = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_grade < self.first_grade:
            raise refused(
                f"last_grade（{self.last_grade}）低于 first_grade（{self.first_grade}）；请改正。", "last_grade"
            )
        return self


class SchoolsFile(Entry):
    """The whole file."""

    school: Annotated[tuple[School, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if again := twice([each.school for each in self.school]):
            raise refused(f"学校代码“{again[0]}”登记了两次；请改其中一个。", "school", again[1], "school")
        return self


def schools_file(file: Path | None = None) -> tuple[School, ...]:
    """Return the registered schools in the file's order; none if there is no such file.

    Raises
    ------
    UserError
        If something in the file is not known or has the wrong kind.
    """
    source = file or path("data", "reference", "schools.toml")
    return validated(source, SchoolsFile).school if source.is_file() else ()
