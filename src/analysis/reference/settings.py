"""``data/reference/settings.toml``, overlaid by the bureau's own ``data/local/settings.toml`` (which is not in git)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from analysis.house import path
from analysis.house.paths import read_toml
from analysis.reference.reading import DistrictCode, Entry, Text, Texts, checked, refused

SMALLEST_CELL = 10
"""The smallest cell that a public edition may ever show; the settings may raise it, never lower it."""

_MEMORY = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)


def _memory(given: str) -> str:
    if not _MEMORY.fullmatch(given):
        raise refused(f'“{given}”不是内存大小（如 "1GiB"、"800MB"）；请改正。')
    return given


Days = Annotated[int, Field(ge=0)]
Memory = Annotated[str, AfterValidator(_memory)]


class Bureau(Entry):
    """Who issues and signs."""

    district: DistrictCode
    name: Text
    document_word: Text
    responsible: Text
    contact: Text
    telephone: Text
    copies_to: Texts = ()


class Engine(Entry):
    """What an embedded DuckDB may use; an empty `temp_directory` is the system's."""

    memory_limit: Memory = "1GiB"
    temp_directory: str = ""
    threads: Annotated[int, Field(ge=1)] = 2


class Disclosure(Entry):
    """What a public edition may show."""

    threshold: Annotated[int, Field(ge=SMALLEST_CELL)] = SMALLEST_CELL


class Publishing(Entry):
    """Words that the gate takes for names of people although they are none."""

    allowed: Texts = ()


class Charge(Entry):
    """Who follows up one subject; what is missing is that of all subjects."""

    office: Text | None = None
    days: Days | None = None


class FollowUp(Entry):
    """Who follows up what a report finds, and within how many days; subjects are the first parts of indicators' ids."""

    office: Text = "—"
    days: Days = 15
    reporting: Charge = Charge()
    homework: Charge = Charge()
    service: Charge = Charge()
    satisfaction: Charge = Charge()
    supervision: Charge = Charge()
    institutions: Charge = Charge()

    def of(self, subject: str) -> tuple[str, int]:
        """Return the office and the days of a subject."""
        own = getattr(self, subject, None)
        own = own if isinstance(own, Charge) else Charge()
        return own.office or self.office, self.days if own.days is None else own.days


class Settings(Entry):
    """Both files merged. `replies` overlays ``data/reference/replies.toml`` (see `analysis.reference.replies`)."""

    bureau: Bureau
    engine: Engine = Engine()
    disclosure: Disclosure = Disclosure()
    publishing: Publishing = Publishing()
    follow_up: FollowUp = FollowUp()
    replies: dict[str, Any] = Field(default_factory=dict)


def settings_files() -> tuple[Path, ...]:
    """Return the shipped file and, if there is one, the bureau's own."""
    local = path("data", "local", "settings.toml")
    return (path("data", "reference", "settings.toml"), *((local,) if local.is_file() else ()))


def settings() -> Settings:
    """Return the settings; read again only when a file has changed.

    Raises
    ------
    UserError
        If something in a file is not known or has the wrong kind; it names the file that holds it.
    """
    files = settings_files()
    return _settings(files, tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files))


@lru_cache(maxsize=8)
def _settings(files: tuple[Path, ...], _changed: tuple[int, ...]) -> Settings:
    merged: dict[str, Any] = {}
    for file in files:
        merged = overlaid(merged, read_toml(file))
    return checked(merged, Settings, *files)


def overlaid(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the keys of `own` in their place; tables are merged key by key."""
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
