"""What rows that were put aside, and cells that are not told, may add to the findings of the cross-checks, or take from them.

A row may be in several checks, and may speak of several courses or inspections: each check has its own most.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.indicators.registered import Registers


def conflict_ends(
    registers: Registers, checks: Mapping[str, tuple[str, ...]], found: Mapping[Any, int], unseen: Mapping[Any, int]
) -> tuple[int, int]:
    """Return the least and the greatest number of findings of some checks.

    Parameters
    ----------
    registers
        The registers.
    checks
        Check → the tables that it compares.
    found
        Check → how many findings it made.
    unseen
        Check → how many rows there are of which a cell that decides is not told.
    """
    least = most = 0
    for check, tables in checks.items():
        aside = {table: int(registers.study.source.refused(table).rows["rows"].sum()) for table in tables}
        there = [table for table in tables if registers.has(table)]
        if not all(table in there or aside[table] for table in tables):
            continue  # not handed in: the check is not made
        if len(there) < len(tables):  # nothing of one of them can be read: every row of the others may be a finding
            most += sum(len(registers[table]) for table in there)
        own = found.get(check, 0)
        speak_against = sum(aside.get(table, 0) for table in _AGAINST.get(check, ()))
        least += 0 if speak_against else own
        most += own + _added(check, registers, aside, unseen.get(check, 0))
    return least, most


_AGAINST = {
    "unqualified": ("providers",),
    "old_authority": ("institutions",),
    "not_handed_over": ("institutions",),
    "no_deposit": ("institutions", "deposits"),
    "no_notice": ("notices",),
    "stale_list": ("institutions",),
}
"""Check → the tables of which a row that is not known may undo what it found."""
_EACH = {
    "not_handed_over": {"institutions": 1},
    "no_deposit": {"institutions": 1},
    "no_notice": {"notices": 1},
    "both_lists": {"lists": 1},
    "stale_list": {"lists": 1},
    "unqualified": {"courses": 1},
    "blacklisted": {"courses": 1},
    "shared_account": {"deposits": 2},
}
"""Check → table → findings that one row of it makes at most: two, where a known institution shares its account."""


def _added(check: str, registers: Registers, aside: Mapping[str, int], unseen: int) -> int:
    plain = sum(aside.get(table, 0) * each for table, each in _EACH.get(check, {}).items())
    if check == "shared_account":
        return plain + 2 * unseen
    if check == "old_authority":
        return aside["institutions"] * _longest(registers, "institutions", "institution")
    if check == "interest":
        sent = _frame(registers, "inspections", "inspectors")["inspectors"].astype(str).str.split("、")
        known = set(_frame(registers, "inspectors", "inspector")["inspector"])
        strangers = sum(len(set(people) - known) for people in sent)
        return aside["inspections"] * max(sent.map(len), default=1) + strangers
    if check == "blacklisted":
        return plain + _listed(registers, aside)
    return plain


def _listed(registers: Registers, aside: Mapping[str, int]) -> int:
    """Return how many courses may be held by one on the black list for want of rows of the other registers."""
    courses = _frame(registers, "courses", "school", "course", "provider").dropna(subset=["provider"])
    courses = courses.drop_duplicates(["school", "course", "provider"])
    people = _frame(registers, "providers", "provider", "name")
    lists, named = _frame(registers, "lists", "list", "institution"), _frame(registers, "institutions", "institution")
    nameless = not set(lists.loc[lists["list"] == "black", "institution"]) <= set(named["institution"])
    if aside["lists"] or (aside["institutions"] and nameless):
        return len(courses)
    strangers = ~courses["provider"].isin([*people["provider"], *people["name"]])
    return int(strangers.sum()) if aside["providers"] else 0


def _longest(registers: Registers, table: str, name: str) -> int:
    """Return how many rows of a table one and the same thing has at most, and at least one."""
    return int(_frame(registers, table, name)[name].value_counts().max()) if registers.has(table) else 1


def _frame(registers: Registers, table: str, *names: str) -> pd.DataFrame:
    return registers[table][list(names)] if registers.has(table) else pd.DataFrame(columns=list(names), dtype="object")
