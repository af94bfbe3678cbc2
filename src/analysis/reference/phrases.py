"""``data/reference/phrases.toml``: how drafts name an indicator, and how they claim that every case meets a rule."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from analysis.house import path
from analysis.reference.reading import Entry, Text, refused, validated


def _pattern(given: str) -> str:
    try:
        re.compile(given)
    except re.error as slip:
        raise refused(f"“{given}”不是正则表达式（{slip}）；请改正。") from None
    return given


Patterns = Annotated[tuple[Annotated[Text, AfterValidator(_pattern)], ...], Field(strict=False)]


class Phrases(Entry):
    """The whole file, each part by indicator: phrases; patterns of claims on every case, and of claims on none."""

    indicators: dict[str, Annotated[tuple[Text, ...], Field(strict=False)]] = Field(default_factory=dict)
    all: dict[str, Patterns] = Field(default_factory=dict)
    none: dict[str, Patterns] = Field(default_factory=dict)


def phrases() -> Phrases:
    """Return the phrases.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    return validated(path("data", "reference", "phrases.toml"), Phrases)
