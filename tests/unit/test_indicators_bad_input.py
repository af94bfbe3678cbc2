"""What a figure does with data that cannot carry it: a clear error or a status, never NaN."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import small_district as small

from analysis.house import UserError
from analysis.indicators import Study
from analysis.indicators.catalogue import entries

COLUMNS = ["term", "school", "grade", "class", "date", "subject", "written", "minutes", "published_on", "returned_on"]
DAYS = small.days()[:10]


def ledger(*rows: tuple, term: str = small.TERM) -> pd.DataFrame:
    """Return a ledger of rows (school, grade, class, day, minutes)."""
    filled = [(term, s, g, c, day, "语文", True, minutes, day, day) for s, g, c, day, minutes in rows]
    return pd.DataFrame(filled, columns=COLUMNS).astype({"minutes": "Int64"})


def study(folder: Path, *, term: str = small.TERM, until: date = small.UNTIL, school: str = "", **tables) -> Study:
    store, _ = small.store(folder / "s", **tables)
    return Study(district=small.DISTRICT, school=school, term=term, as_of=until, store=store)


def plain(statistic) -> str:
    """Return a statistic as strict JSON: NaN and infinity fail here."""
    return json.dumps(statistic.as_dict(), allow_nan=False)


def every(told: Study):
    """Return every ledger and register figure, alone and by its dimensions' first."""
    for id in entries():
        if id.startswith(("homework.", "service.")):
            yield told.measure(id)


def test_an_empty_scope_has_no_data(tmp_path: Path) -> None:
    told = study(tmp_path, homework=ledger((small.NORTH, 3, "1", DAYS[0], 30)), school=small.SILENT)
    for each in every(told):
        plain(each)
        assert (each.value, each.text, each.estimate.status) == (None, "—", "no data") or each.base > 0
    silent = told.measure("homework.within_cap", by="grade")
    assert [item.estimate.status for item in silent] == ["no data"] * 6
    assert told.monitor("homework.mean_minutes")["value"].isna().all()


def test_a_day_before_the_term_has_no_data(tmp_path: Path) -> None:
    told = study(tmp_path, homework=ledger((small.NORTH, 3, "1", DAYS[0], 30)), until=date(2026, 3, 1))
    assert told.measure("homework.within_cap").estimate.status == "no data"
    assert list(told.measure("homework.within_cap", by="week")) == []


def test_a_school_with_one_class_has_a_value_without_an_interval(tmp_path: Path) -> None:
    rows = [(small.NORTH, 3, "1", day, 30 + 10 * (place % 5)) for place, day in enumerate(DAYS)]
    told = study(tmp_path, homework=ledger(*rows), school=small.NORTH)
    for id in ("within_cap", "mean_minutes", "median_minutes", "p90_minutes"):
        one = told.measure(f"homework.{id}")
        assert one.value is not None and one.estimate.status == "too few" and one.interval_text == "—"
        plain(one)
    assert told.measure("homework.between_schools").estimate.status == "no data"


def test_all_minutes_missing_is_no_data_and_no_zero(tmp_path: Path) -> None:
    told = study(tmp_path, homework=ledger(*[(small.NORTH, 3, "1", day, None) for day in DAYS]))
    for id in ("within_cap", "mean_minutes", "median_minutes", "excess_minutes", "tipping_subject"):
        each = told.measure(f"homework.{id}")
        assert (each.value, each.estimate.status) == (None, "no data"), id
        plain(each)
    assert told.reporting("homework").reported[0].school == small.NORTH


@pytest.mark.parametrize("minutes", [30, 90])
def test_shares_of_nought_and_one_have_an_interval(tmp_path: Path, minutes: int) -> None:
    """Four classes, fifteen days in three weeks: one more for and one against, t(2) = 4.303: (1 + 4.303) / 62."""
    rows = [(small.NORTH, 3, room, day, minutes) for room in "1234" for day in small.days()[:15]]
    share = study(tmp_path, homework=ledger(*rows)).measure("homework.within_cap")
    low, high = share.estimate.lower, share.estimate.upper
    assert share.value == (minutes == 30)
    room = 5.302653 / 62
    assert (low, high) == pytest.approx((1 - room, 1) if minutes == 30 else (0, room), abs=1e-6)


@pytest.mark.parametrize("grade", [0, 10])
def test_a_grade_outside_one_to_nine_is_refused_with_its_school(tmp_path: Path, grade: int) -> None:
    told = study(tmp_path, homework=ledger((small.NORTH, grade, "1", DAYS[0], 30)))
    with pytest.raises(UserError) as error:
        told.measure("homework.within_cap")
    assert small.NORTH in error.value.message and f"年级“{grade}”" in error.value.message


def test_a_term_without_a_calendar_names_the_table(tmp_path: Path) -> None:
    told = study(tmp_path, homework=ledger((small.NORTH, 3, "1", DAYS[0], 30)), term="2031-2032-1")
    with pytest.raises(UserError, match=r"2031-2032-1.*terms\.toml"):
        told.measure("homework.within_cap")


def test_days_past_the_last_known_year_name_the_table_only_when_they_are_reached(tmp_path: Path) -> None:
    rows = ledger((small.NORTH, 3, "1", date(2026, 12, 1), 30), term="2026-2027-1")
    store, _ = small.store(tmp_path / "s", homework=rows)
    of = {"district": small.DISTRICT, "term": "2026-2027-1", "store": store}
    assert Study(as_of="2026-12-25", **of).measure("homework.mean_minutes").value == 30
    with pytest.raises(UserError, match=r"2027.*calendar\.toml"):
        Study(as_of="2027-01-15", **of).measure("homework.mean_minutes")


def test_a_ledger_row_on_a_day_off_does_not_count(tmp_path: Path) -> None:
    told = study(
        tmp_path, homework=ledger((small.NORTH, 3, "1", date(2026, 3, 8), 300), (small.NORTH, 3, "1", DAYS[0], 30))
    )
    assert (told.measure("homework.mean_minutes").base, told.measure("homework.mean_minutes").value) == (1, 30)


@pytest.mark.parametrize("where", [{"grade": "三年级"}, {"grade": 33}, {"school": ["北小", "九年"]}])
def test_a_school_or_grade_that_there_is_none_of_is_refused(tmp_path, where: dict) -> None:
    store, _ = small.store(tmp_path / "s", homework=small.ledger())
    study = Study(district=small.DISTRICT, term=small.TERM, store=store)
    with pytest.raises(UserError, match=r"没有“(三年级|33|北小)”"):
        study.measure("homework.within_cap", **where)
