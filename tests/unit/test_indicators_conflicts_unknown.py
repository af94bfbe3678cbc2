"""How many findings of the cross-checks a row that was put aside can make or undo, counted by hand for each check."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from registers_by_hand import DAY, Registers, aside, table

from analysis.indicators.conflicts_unknown import conflict_ends
from analysis.indicators.crosschecks import _CHECKS

OLD = date(2020, 1, 1)
COURSES = table("school course provider", ("S", "棋", "p1"), ("S", "画", "棋社"), ("S", "球", "p9"), ("T", "棋", None))
TABLES = {
    "courses": COURSES,
    "providers": table("provider name", ("p1", "棋社")),
    "institutions": table("institution from", ("A", OLD), ("A", DAY), ("B", OLD)),
    "lists": table("institution list", ("A", "black"), ("B", "white")),
    "inspections": table("institution inspectors", ("A", "子、丑、寅"), ("B", "子")),
    "inspectors": table("inspector interests", ("子", "B"), ("丑", "")),
    "deposits": table("institution account", ("A", "x")),
    "notices": table("institution kind", ("A", "notice")),
}


def ends(check: str, found: int = 0, unseen: int = 0, tables: Any = None, **refused: int) -> tuple[int, int]:
    source = SimpleNamespace(refused=lambda name: aside((None, refused[name])) if name in refused else aside())
    told: Any = Registers(study=SimpleNamespace(source=source), **(TABLES if tables is None else tables))
    return conflict_ends(told, {check: _CHECKS[check][1]}, {check: found}, {check: unseen})


@pytest.mark.parametrize(
    ("check", "refused", "expected"),
    [
        ("unqualified", {"courses": 2}, (5, 7)),
        ("unqualified", {"providers": 2}, (0, 5)),  # who is in the register may be one of them
        ("old_authority", {"institutions": 2}, (0, 9)),  # each may be the last of two entries
        ("not_handed_over", {"institutions": 2}, (0, 7)),
        ("no_deposit", {"institutions": 2}, (0, 7)),
        ("no_deposit", {"deposits": 2}, (0, 5)),  # those whose row it is are found already
        ("shared_account", {"deposits": 2}, (5, 9)),  # each makes a known one share its own
        ("no_notice", {"notices": 2}, (0, 7)),
        ("both_lists", {"lists": 2}, (5, 7)),
        ("stale_list", {"lists": 2}, (5, 7)),
        ("stale_list", {"institutions": 2}, (0, 5)),
        ("blacklisted", {"courses": 2}, (5, 7)),
        ("blacklisted", {"lists": 1}, (5, 8)),  # three courses are held by providers from outside
        ("blacklisted", {"providers": 1}, (5, 6)),  # of one the provider is in no register
        ("blacklisted", {"institutions": 1}, (5, 5)),  # all that are on the black list are in the register
        ("interest", {"inspections": 1}, (5, 9)),  # three were sent at most; one who was sent is unknown anyway
        ("interest", {"inspectors": 1}, (5, 6)),
        ("interest", {"notices": 9}, (5, 6)),
    ],
)
def test_what_rows_put_aside_may_do(check: str, refused: dict[str, int], expected: tuple[int, int]) -> None:
    assert ends(check, 5, **refused) == expected


def test_one_on_the_black_list_that_is_not_in_the_register_may_hold_any_course() -> None:
    gone = {**TABLES, "institutions": TABLES["institutions"].iloc[2:]}
    assert ends("blacklisted", 0, tables=gone, institutions=1) == (0, 3)


def test_each_account_that_is_not_told_may_be_that_of_another() -> None:
    assert ends("shared_account", 2, unseen=3) == (2, 8)


def test_a_check_is_made_of_registers_handed_in_even_if_nothing_of_one_can_be_read() -> None:
    less = {name: rows for name, rows in TABLES.items() if name != "deposits"}
    assert ends("no_deposit", 0, tables=less) == (0, 0)
    assert ends("no_deposit", 0, tables=less, deposits=2) == (0, 3)  # three entries of institutions
