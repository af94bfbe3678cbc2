"""``data/reference/terms.toml`` and ``calendar.toml``: the terms, and the days that differ from the ordinary week."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from analysis.house import path
from analysis.reference.reading import DistrictCode, Entry, Text, refused, validated


class Term(Entry):
    """A term: id, Chinese name (``None``: the id), first and last school day; with `district` it holds there only."""

    term: Text
    label: Text | None = None
    start: datetime.date
    end: datetime.date
    district: DistrictCode = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise refused(f"end（{self.end}）早于 start（{self.start}）；请改正。", "end")
        return self


class TermsFile(Entry):
    """The whole file of terms."""

    term: Annotated[tuple[Term, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        for at, term in enumerate(self.term):
            if any((term.term, term.district) == (other.term, other.district) for other in self.term[:at]):
                raise refused(f"学期“{term.term}”登记了两次；请合并为一条。", "term", at, "term")
        return self


class Days(Entry):
    """One day (`date`) or several (`start` to `end`, both included); a make-up day stands for a `weekday`."""

    name: str = ""
    date: datetime.date | None = None
    start: datetime.date | None = Field(default=None, alias="from")
    end: datetime.date | None = Field(default=None, alias="to")
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    district: DistrictCode = ""

    @model_validator(mode="after")
    def _told_once(self) -> Self:
        several = self.start is not None and self.end is not None
        if (self.date is None) != several or (self.date and (self.start or self.end)):
            raise refused("应写 date（一天），或写 from 与 to（几天，含首尾），二者择一；请改正。")
        if self.start and self.end and self.end < self.start:
            raise refused(f"to（{self.end}）早于 from（{self.start}）；请改正。", "to")
        return self

    def days(self) -> Iterator[datetime.date]:
        """Give each of its days."""
        first, last = self.date or self.start, self.date or self.end
        if first and last:
            yield from (first + datetime.timedelta(days=offset) for offset in range((last - first).days + 1))


Entries = Annotated[tuple[Days, ...], Field(strict=False)]


class CalendarFile(Entry):
    """The whole file of days; `complete` are the years whose days are all listed here."""

    complete: Annotated[tuple[int, ...], Field(strict=False)] = ()
    holiday: Entries = ()
    makeup: Entries = ()
    school_day: Entries = ()


def terms_file() -> tuple[Term, ...]:
    """Return the terms in the file's order.

    Raises
    ------
    UserError
        If something in the file is not known, has the wrong kind or is missing.
    """
    return validated(path("data", "reference", "terms.toml"), TermsFile).term


def calendar_file() -> CalendarFile:
    """Return the listed days; none if there is no such file.

    Raises
    ------
    UserError
        If something in the file is not known or has the wrong kind.
    """
    file = path("data", "reference", "calendar.toml")
    return validated(file, CalendarFile) if file.is_file() else CalendarFile()
