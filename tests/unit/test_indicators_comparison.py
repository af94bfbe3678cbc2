"""A school beside the rest of its district: values, scope, judgement, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import small_district as small

from analysis.house import UserError
from analysis.indicators import Study, provenance
from analysis.indicators.comparison import _judged, compared
from analysis.statistics.contrast import Contrast
from analysis.statistics.multiplicity import holm

MINUTES = "homework.mean_minutes"


def ledger(lower: int, grades: dict[str, range]) -> pd.DataFrame:
    """Return two classes a grade, 30 minutes and some noise; the nine-year school has `lower` minutes less."""
    draw = np.random.default_rng(8)
    rows = [
        (
            small.TERM,
            school,
            grade,
            room,
            day,
            "语文",
            True,
            30 + 5 * grade + int(draw.integers(-3, 4)) - lower * (school == small.NINE),
        )
        for school, own in grades.items()
        for grade in own
        for room in ("1", "2")
        for day in small.days()
    ]
    columns = ["term", "school", "grade", "class", "date", "subject", "written", "minutes"]
    frame = pd.DataFrame(rows, columns=columns).astype({"minutes": "Int64"})
    return frame.assign(published_on=frame["date"], returned_on=frame["date"])


def study(folder: Path, frame: pd.DataFrame, school: str = "") -> Study:
    store, _ = small.store(folder / "s", homework=frame)
    return Study(district=small.DISTRICT, school=school, term=small.TERM, as_of=small.UNTIL, store=store)


BOTH = {small.NORTH: range(3, 7), small.NINE: range(3, 10)}


def test_a_lighter_school_is_lower_by_what_its_common_grades_tell(tmp_path: Path) -> None:
    frame = ledger(6, BOTH)
    told = study(tmp_path, frame)
    found = compared(told, [MINUTES, "homework.within_cap"])
    assert [each.school for each in found] == 2 * [small.NORTH, small.NINE, small.SILENT]
    one = found.only(small.NINE, MINUTES)
    common = frame[frame["grade"] < 7].groupby(["school", "grade"])["minutes"].mean().unstack(0).astype(float)
    assert one.difference.value == pytest.approx((common[small.NINE] - common[small.NORTH]).mean())
    assert one.judgement == "lower" and found.only(small.NORTH, MINUTES).judgement == "higher"
    assert one.difference.estimate.lower < one.difference.value < one.difference.estimate.upper < 0
    known = [each.p for each in found if each.p is not None]
    assert [each.p_adjusted for each in found if each.p is not None] == pytest.approx(list(holm(known)))
    assert (one.difference.indicator, one.difference.unit, one.difference.nature) == (
        f"{MINUTES}.difference",
        "分钟",
        "model",
    )
    assert (one.difference.scope.school, one.short_name, one.id) == (small.NINE, "九年", MINUTES)
    assert (one.difference.classes, one.difference.schools, one.difference.missing) == (8, 2, ())
    share = found.only(small.NINE, "homework.within_cap").difference
    assert share.unit == "个百分点"
    for each in found:
        provenance.need(each.difference)
    assert {each.school for each in found.apart(MINUTES)} == {small.NORTH, small.NINE}


def test_a_share_is_told_in_points(tmp_path: Path) -> None:
    told = study(tmp_path, ledger(0, BOTH))
    by_school = {one.scope.school: one.value for one in told.measure("homework.within_cap", by="school", grade=6)}
    one = compared(told, ["homework.within_cap"], grade=6).only(small.NINE, "homework.within_cap").difference
    assert one.value == pytest.approx(100 * (by_school[small.NINE] - by_school[small.NORTH]))
    assert dict(one.scope.group) == {"grade": 6}


def test_a_school_asks_the_same_of_its_district(tmp_path: Path) -> None:
    frame = ledger(6, BOTH)
    assert (
        compared(study(tmp_path / "a", frame, small.NINE), [MINUTES]).items[1].p
        == compared(study(tmp_path / "b", frame), [MINUTES]).items[1].p
    )


def test_without_peers_or_data_there_is_none_and_no_error(tmp_path: Path) -> None:
    alone = compared(study(tmp_path / "a", ledger(0, {small.NINE: range(7, 10)})), [MINUTES, "satisfaction.top2"])
    assert {each.judgement for each in alone} == {"no data"}
    assert {each.difference.estimate.status for each in alone} == {"no data"}
    assert all(each.p is None and each.p_adjusted is None for each in alone)


@pytest.mark.parametrize("id", ["homework.median_minutes", "service.plans"])
def test_what_is_no_ratio_over_time_is_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(UserError, match="不能用于学校之间的比较"):
        compared(study(tmp_path, ledger(0, BOTH)), [id])


@pytest.mark.parametrize(
    ("p", "said"), [(0.049, "higher"), (0.051, "not apart"), (0.9, "not apart"), (None, "no data")]
)
def test_the_level_is_five_per_cent_after_holm(p: float | None, said: str) -> None:
    assert _judged(Contrast(1.0, 1.0, 9.0, 0.01, 10.0, 2, 2), p) == said
    assert _judged(None, p) == "no data"
