"""``data/reference/indicators.toml``: what each indicator is called, means, is printed like and judged by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, NonNegativeFloat, NonNegativeInt, model_validator
from pydantic.json_schema import SkipJsonSchema

from analysis.house import path
from analysis.reference.reading import Entry, Pairs, Text, Texts, refused, validated
from analysis.reference.vocabulary import Direction, Keeper, Period, Uncertainty

Nature = Literal["count", "survey", "model"]
"""What a figure is: a full count, an estimate from answers, a parameter of a model."""
Grade = Annotated[int, Field(ge=1, le=9)]


class Indicator(Entry):
    """One indicator.

    Parameters
    ----------
    id, label, definition
        Id such as ``homework.within_cap`` (the section's name), short Chinese name, definition in Chinese.
    numerator, denominator
        What is counted over what, in Chinese (`denominator` is ``""`` where the value is no ratio).
    unit, decimals, rounding
        ``%`` for a share, else the Chinese unit; how it is printed.
    direction
        Which way is better.
    base_unit
        Chinese unit of what it rests on, such as ``个班级日``.
    base_unit_by
        Dimension and unit where a single group rests on other things than the whole: seven elements of each school are
        项, but the schools with one of them are 所学校.
    whole_by
        Dimension and name of the whole where the groups overlap, so that they do not add up to it: 任一情形 (any of them).
    interval
        Where its uncertainty comes from.
    tables
        Tables of a snapshot that it is computed from.
    reported_in
        The tables of which a school must have handed in at least one to count as having reported; default: the first.
    rule
        Id of the rule that it is judged by, or ``""``.
    grades
        The grades that it concerns (empty: all, and tables without grades).
    note
        What a reader should know besides, in Chinese.
    period
        Which days it speaks of, where the day looked at lies beyond the term's last.
    ceiling
        The greatest value that something unknown is taken for in bounds (0: a share or a count, where it is 1).
    kept_by
        Who keeps the register: one of the bureau has no schools that did not report.
    """

    id: SkipJsonSchema[str] = ""
    label: Text
    definition: Text
    numerator: Text
    unit: str
    decimals: NonNegativeInt
    base_unit: str
    tables: Texts
    denominator: str = ""
    rounding: Literal["half_up", "half_even"] = "half_up"
    direction: Annotated[Direction, Field(strict=False)] = Direction.NONE
    interval: Annotated[Uncertainty, Field(strict=False)] = Uncertainty.TIME
    rule: str = ""
    grades: Annotated[tuple[Grade, ...], Field(strict=False)] = ()
    note: str = ""
    reported_in: Texts = ()
    period: Annotated[Period, Field(strict=False)] = Period.TERM
    ceiling: NonNegativeFloat = 0
    kept_by: Annotated[Keeper, Field(strict=False)] = Keeper.SCHOOL
    base_unit_by: Pairs = ()
    whole_by: Pairs = ()

    @model_validator(mode="before")
    @classmethod
    def _reported_in_the_first(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and isinstance(given.get("tables"), list | tuple):
            return {"reported_in": given["tables"][:1], **given}
        return given

    @property
    def nature(self) -> Nature:
        """What its figures are (`analysis.indicators.statistic.Statistic`)."""
        if self.interval in (Uncertainty.SURVEY, Uncertainty.CLASS):
            return "survey"
        return "model" if self.interval == Uncertainty.MODEL else "count"

    def base_unit_of(self, group: Collection[str]) -> str:
        """Return the unit of what a group rests on, from the names of its dimensions."""
        return next((unit for name, unit in self.base_unit_by if name in group), self.base_unit)

    def as_dict(self) -> dict[str, Any]:
        """Return its fields as JSON can hold them."""
        pairs = {"base_unit_by": dict(self.base_unit_by), "whole_by": dict(self.whole_by)}
        return self.model_dump(mode="json") | pairs


def _named(given: Any) -> Any:
    """Write each section's name into its entry; a name is two words, ``homework.within_cap``."""
    if not isinstance(given, Mapping):
        return given
    for name in given:
        if name.count(".") != 1 or not name.replace(".", "").isidentifier():
            raise refused(f"指标名应为“组.名”两段（如 homework.within_cap），读到“{name}”；请改正。", name)
    return {name: {**fields, "id": name} if isinstance(fields, Mapping) else fields for name, fields in given.items()}


class IndicatorsFile(Entry):
    """The whole file."""

    indicators: Annotated[dict[str, Indicator], BeforeValidator(_named, json_schema_input_type=dict[str, Indicator])]


def indicators_file(file: Path | None = None) -> dict[str, Indicator]:
    """Return the catalogue by id, in the file's order.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    return validated(file or path("data", "reference", "indicators.toml"), IndicatorsFile).indicators
