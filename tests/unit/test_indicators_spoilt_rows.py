"""No figure gains by rows that cannot be read: its worse bound is never better than it was before they were spoilt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import small_district as small

from analysis.indicators import Statistic, Study, catalogue
from analysis.rules import calendar

UNTIL = date(2026, 3, 10)
KEY = ["term", "school", "grade", "class", "date", "subject", "wave", "role", "pupil"]
TABLES = {
    "homework": ["within_cap", "over_cap_days", "written_low_grades", "mean_minutes", "median_minutes", "p90_minutes",
                 "excess_minutes", "tipping_subject", "completeness", "feedback_recorded", "published_before", "feedback_lag"],
    "attendance": ["participation", "five_day", "two_hours", "late_enough", "reach"],
    "service_daily": ["participation"],
    "courses": ["courses_per_pupil", "fields", "provider_qualified"],
    "providers": ["provider_qualified"],
    "funds": ["funds_paid", "funds_on_time"],
    "plans": ["plans"],
    "relief": ["relief", "relief_use"],
    "homework_control": ["components"],
    "service_models": ["model_minutes", "model_reaches"],
    "enrolment": ["participation", "five_day", "reach", "courses_per_pupil", "homework.within_cap", "homework.completeness"],
}  # fmt: skip


def _tables() -> dict[str, pd.DataFrame]:
    homework = small.ledger(until=UNTIL)
    keep = homework["written"].ne(True) | homework["minutes"].notna()  # intake refuses written homework without minutes
    registers = small.registers()
    dates = dict.fromkeys(("qualified_from", "qualified_to"), "datetime64[s]")  # a column of nothing has no type
    registers["providers"] = registers["providers"].astype(dates)
    return {**registers, "homework": homework[keep], "attendance": small.attendance(until=UNTIL)}


def _refused(table: str, rows: pd.DataFrame, forgotten: tuple[str, ...]) -> pd.DataFrame:
    """Return what is known of rows put aside when some columns cannot be read."""
    known = rows.reindex(columns=KEY)
    known[list(forgotten)] = None
    return known.assign(table=table, rows=1).astype({"grade": "Int64"})


def _worst(item: Statistic, direction: str) -> float:
    """Return the worse end, as a number of which more is better; nothing known is worst of all."""
    if item.bounds is None and (item.unknown or item.value is None):
        return -np.inf
    low, high = item.bounds or (item.value, item.value)
    return -high if direction == "lower" else low


def _worst_of(folder: Path, table: str, tables: dict[str, pd.DataFrame]) -> dict[str, list[float]]:
    """Return the worse ends of a table's figures, of the district and of each school, by id."""
    entries = [
        catalogue.describe(id if "." in id else f"{'homework' if table.startswith('homework') else 'service'}.{id}")
        for id in TABLES[table]
    ]
    needed = {"enrolment", "refused", *(name for entry in entries for name in (*entry.tables, *entry.reported_in))}
    store, _ = small.store(folder, **{name: rows for name, rows in tables.items() if name in needed})
    study = Study(district=small.DISTRICT, term=small.TERM, as_of=UNTIL, store=store)
    return {
        entry.id: [
            _worst(item, entry.direction) for item in (study.measure(entry.id), *study.measure(entry.id, by="school"))
        ]
        for entry in entries
        if "enrolment" in tables or "enrolment" not in entry.tables
    }


@pytest.mark.parametrize(
    ("table", "enrolled"),
    [(table, True) for table in TABLES] + [(table, False) for table in TABLES if table != "enrolment"],
)
def test_spoiling_rows_improves_no_worse_bound(tmp_path: Path, table: str, enrolled: bool) -> None:
    tables = _tables()
    if not enrolled:
        del tables["enrolment"]
    before = _worst_of(tmp_path / "before", table, tables)
    rows = tables[table].reset_index(drop=True)
    draw = np.random.default_rng(5)
    for number, forgotten in enumerate(
        [(), ("date",), ("class", "grade"), ("date", "class", "grade", "school", "pupil")]
    ):
        many = [1, max(len(rows) // 10, 2), len(rows) // 2][number % 3]
        spoilt = draw.permutation(len(rows))[:many]
        name = {"homework": "minutes", "attendance": "present", "service_daily": "joined"}.get(table)
        if name and number % 2:  # those that speak against somebody, as far as one column tells
            spoilt = rows[name].astype(float).sort_values(ascending=table != "homework").index[:many].to_numpy()
        changed = {**tables, table: rows.drop(index=spoilt), "refused": _refused(table, rows.loc[spoilt], forgotten)}
        after = _worst_of(tmp_path / str(number), table, changed)
        for id, old in before.items():
            assert all(new <= least + 1e-12 for new, least in zip(after[id], old, strict=True)), (id, forgotten)


def test_a_day_after_the_term_is_a_wrong_day_and_a_later_one_of_the_term_is_not_yet_due(tmp_path: Path) -> None:
    """Rows that were moved beyond the term's last day (3 July) may be of any day; one of 5 June is after the day looked at."""
    tables = _tables()
    rows = tables["homework"].iloc[:3]
    for day, unplaced in ((date(2026, 8, 20), 3), (date(2026, 6, 5), 0)):
        aside = _refused("homework", rows.assign(date=day), ())
        store, _ = small.store(tmp_path / str(day), homework=tables["homework"], refused=aside)
        study = Study(district=small.DISTRICT, term=small.TERM, as_of=UNTIL, store=store)
        assert len(study.source.refused("homework").floating) == unplaced


def test_the_days_looked_at_hold_a_full_week() -> None:
    weeks = calendar(small.TERM, small.DISTRICT).school_days(UNTIL)["week"].value_counts()
    assert weeks.max() >= 5


def test_a_batch_without_a_due_date_is_not_known_to_be_in_time(tmp_path: Path) -> None:
    """Three batches, one late: emptying its due date must not make the share look better than 2 of 3 at its worst."""
    paid = [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]
    funds = pd.DataFrame(
        {
            "term": small.TERM, "school": small.NORTH, "batch": ["一", "二", "三"], "applied": 10.0, "granted": 10.0,
            "paid": 10.0, "due": [date(2026, 3, 6)] * 3, "granted_on": date(2026, 3, 2), "paid_on": paid,
        }
    )  # fmt: skip
    known = {}
    for name, due in (("whole", date(2026, 3, 6)), ("emptied", None)):
        funds.loc[2, "due"] = due
        store, _ = small.store(tmp_path / name, funds=funds)
        study = Study(district=small.DISTRICT, term=small.TERM, as_of=UNTIL, store=store)
        own = study.measure("service.funds_on_time", school=small.NORTH)
        known[name] = (own.numerator, own.denominator, own.unknown, own.bounds)
    assert known == {"whole": (2, 3, 0, None), "emptied": (2, 2, 1, (2 / 3, 1.0))}


def test_an_action_without_a_deadline_may_be_overdue(tmp_path: Path) -> None:
    actions = pd.DataFrame(
        {
            "action": ["1", "2", "3"], "date": [date(2026, 3, 3)] * 3, "kind": ["inquiry", "inquiry", "interview"],
            "target": "北小", "finding": "作业超时", "deadline": [date(2026, 3, 6), None, date(2026, 3, 6)],
            "closed_on": [date(2026, 3, 5), None, None],
        }
    ).astype({"deadline": "datetime64[s]", "closed_on": "datetime64[s]"})  # fmt: skip
    store, _ = small.store(tmp_path, supervision=actions)
    study = Study(district=small.DISTRICT, term=small.TERM, as_of=UNTIL, store=store)
    in_time, overdue = (study.measure(f"supervision.{id}") for id in ("closed_in_time", "overdue"))
    assert (in_time.numerator, in_time.denominator, in_time.unknown) == (1, 2, 1)
    assert in_time.bounds == pytest.approx((1 / 3, 2 / 3))
    assert (overdue.value, overdue.unknown, overdue.bounds) == (1, 1, (1, 2))
    by = {item.group_label: item.unknown for item in study.measure("supervision.overdue", by="action")}
    assert (by["函询"], by["约谈"]) == (1, 0)
