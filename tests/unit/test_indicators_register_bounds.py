"""What one refused row leaves open of each figure of the registers: nothing to bound, one thing more, one that may turn."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from registers_by_hand import DAY, START, TERM, A, B, Study, aside, table

from analysis.indicators.catalogue import describe
from analysis.indicators.registry import bindings

NONE = None
OLD = date(2020, 1, 1)
TABLES: dict[str, pd.DataFrame] = {
    "tasks": table("term school item due done", (TERM, A, "作业", 5, 4), (TERM, B, "作业", 5, 5)),
    "supervision": table(
        "term action date kind deadline closed_on",
        (TERM, "1", START, "inspection", START, START), (TERM, "2", START, "inquiry", START, NONE),
        (TERM, "3", START, "interview", START, START),
    ),
    "bodies": table("body level members stated", ("甲", "district", "子、丑等", 4)),
    "outreach": table("term school channel date", (TERM, A, "网", DAY)),
    "relief": table("term school measure date teachers", (TERM, A, "云", DAY, 10)),
    "teachers": table("term school teachers", (TERM, A, 40), (TERM, B, 60)),
    "institutions": table(
        "institution kind authority status from to risk", *((code, "other", "区教育局", "open", OLD, NONE, "A") for code in "pq")
    ),
    "deposits": table(
        "institution tier required balance account agreed_on opened_on",
        ("p", "1", 100_000, 60_000, "x", OLD, DAY), ("q", "1", 100_000, 100_000, "y", DAY, OLD),
    ),
    "notices": table("institution kind date", ("p", "notice", DAY)),
    "lists": table("institution list from to", ("p", "white", OLD, NONE)),
    "contracts": table(
        "contract institution signed_on fee lessons from to",
        ("k", "p", DAY, 9000, 60, DAY, DAY), ("l", "p", DAY, 900, 60, DAY, DAY),
    ),
    "inspections": table(
        "institution round date result deadline mended_on published_on",
        ("p", "1", START, "mend", START, NONE, START), ("p", "1", START, "mend", DAY, DAY, NONE),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("id", "refused", "value", "unknown", "bounds"),
    [
        ("supervision.tasks_done", "tasks", 0.9, 1, (0, 1)),
        ("supervision.actions", "supervision", 3, 1, (3, 4)),
        ("supervision.kinds_used", "supervision", 3 / 4, 1, (3 / 4, 1)),  # four kinds, whatever else was done
        ("supervision.closed", "supervision", 2 / 3, 1, (2 / 4, 3 / 4)),
        ("supervision.closed_in_time", "supervision", 2 / 3, 1, (2 / 4, 3 / 4)),
        ("supervision.overdue", "supervision", 1, 1, (1, 2)),
        ("supervision.members_listed", "bodies", 0.5, 1, (0, 1)),
        ("supervision.outreach", "outreach", 1 / 2, 1, (1 / 2, 1)),
        ("service.relief_use", "relief", 0.25, 1, (0, 1)),
        ("service.relief_use", "teachers", 0.25, 1, (0, 1)),
        ("institutions.count", "institutions", 2, 1, (2, 3)),
        ("institutions.handed_over", "institutions", 0, 1, (0, 1 / 3)),
        ("institutions.deposit_coverage", "deposits", 1 / 2, 1, (0, 1)),  # of a known one, for it or against it
        ("institutions.deposit_shortfall", "deposits", 4, 1, (4, 4 + 50)),  # a large one, with nothing on its account
        ("institutions.deposit_shortfall", "institutions", 4, 1, (4, 4 + 50)),
        ("institutions.deposit_on_tier", "institutions", 1, 1, (2 / 3, 1)),
        ("institutions.deposit_before_opening", "deposits", 1 / 2, 1, (0, 1)),
        ("institutions.own_account", "deposits", 1, 1, (1 / 3, 1)),  # on the account of one, it speaks against both
        ("institutions.listed", "lists", 1, 1, (1, 2)),
        ("institutions.prepaid_within", "contracts", 1 / 2, 1, (1 / 3, 2 / 3)),
        ("institutions.prepaid_beyond", "contracts", 1, 1, (1, 2)),
        ("institutions.inspections", "inspections", 2, 1, (2, 3)),
        ("institutions.inspected", "inspections", 1 / 2, 1, (0, 1)),
        ("institutions.rectified", "inspections", 1 / 2, 1, (1 / 3, 2 / 3)),
        ("institutions.rectification_overdue", "inspections", 1, 1, (1, 2)),
    ],
)
def test_what_a_refused_row_leaves_open(id: str, refused: str, value: float, unknown: int, bounds: Any) -> None:
    entry: Any = describe(id)
    binding = bindings()[id]
    (one,) = binding.function(Study(refused={refused: aside((None, 1))}, **TABLES), entry, (), {})
    assert (one.estimate.value, one.unknown) == (pytest.approx(value), unknown)
    assert one.bounds == (None if bounds is None else pytest.approx(bounds))
    (known,) = binding.function(Study(**TABLES), entry, (), {})
    assert (known.unknown, known.bounds) == (0, None)


def test_the_dimensions_of_the_registers() -> None:
    told = {
        id: bindings()[id].dimensions
        for id in ("supervision.tasks_done", "supervision.kinds_used", "institutions.inspected")
    }
    assert list(told.values()) == [("school", "task"), (), ("training", "risk")]
