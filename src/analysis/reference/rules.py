"""``data/reference/rules.toml``: rules with the days and the conditions under which each value holds."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analysis.house import path
from analysis.reference.reading import DistrictCode, Entry, Text, validated
from analysis.reference.vocabulary import GradeBand, Stage

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
CONDITIONS = ("grade_band", "stage", "kind", "risk")


def _amount(given: Any) -> Any:
    """Turn a time of day into minutes after midnight; leave the rest to the field's type."""
    if isinstance(given, str):
        clock = _CLOCK.fullmatch(given)
        if clock is None:
            raise ValueError(f'“{given}”不是数，也不是时刻（如 "17:30"）；请改正。')
        return float(int(clock[1]) * 60 + int(clock[2]))
    return given


class RuleValue(Entry):
    """One value of a rule: from when to when, where, under which conditions; a text given here replaces the heading's."""

    value: Annotated[float, BeforeValidator(_amount, json_schema_input_type=float | str)]
    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    district: DistrictCode = ""
    grade_band: Annotated[GradeBand | None, Field(strict=False)] = None
    stage: Annotated[Stage | None, Field(strict=False)] = None
    kind: Literal["non_subject", "offline", "online", "small", "medium", "large", "ordinary", "difficult"] | None = None
    risk: Literal["A", "B", "C"] | None = None
    label: Text | None = None
    text: Text | None = None
    document: Text | None = None
    unit: Text | None = None
    sure: bool | None = None

    @model_validator(mode="after")
    def _in_order(self) -> RuleValue:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"to（{self.end}）早于 from（{self.start}）；请改正。")
        return self


class RuleHeading(Entry):
    """A rule: short name, wording, source document, unit, and its values."""

    label: Text
    text: Text
    document: Text
    unit: Text
    sure: bool = True
    values: Annotated[tuple[RuleValue, ...], Field(strict=False, min_length=1)]


class Rules(Entry):
    """The whole file."""

    rules: dict[str, RuleHeading]


def rules_file(file: Path | None = None) -> dict[str, RuleHeading]:
    """Return the rules by id, in the file's order.

    Raises
    ------
    UserError
        If something in the file is not known or has the wrong kind.
    """
    return validated(file or path("data", "reference", "rules.toml"), Rules).rules
