"""Who was expected to report and who did: the base that no denominator changes behind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class School:
    """A school of the register: code, full name, short name, first and last grade."""

    school: str
    name: str
    short_name: str
    stage: str
    first_grade: int
    last_grade: int


@dataclass(frozen=True, slots=True)
class Reporting:
    """Which schools handed in a table for a term.

    Parameters
    ----------
    table
        Name of the table.
    expected, reported, missing
        Schools in order of their code.
    rows
        Rows that were handed in, within the days of the study.
    """

    table: str
    expected: tuple[School, ...]
    reported: tuple[School, ...]
    missing: tuple[School, ...]
    rows: int

    @property
    def complete(self) -> bool:
        """Whether every expected school has reported."""
        return not self.missing

    @property
    def text(self) -> str:
        """Say it in Chinese: ``应报8所，已报7所，未报1所（石桥小学）``."""
        said = f"应报{len(self.expected)}所，已报{len(self.reported)}所"
        if not self.missing:
            return said
        return f"{said}，未报{len(self.missing)}所（{'、'.join(each.short_name for each in self.missing)}）"
