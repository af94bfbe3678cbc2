"""The truth of the shipped example: what a reader should find, with the margins that the verdicts need."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.cli import main
from analysis.simulation import attendance, homework, large, survey, truth
from analysis.simulation.district import District, grade_name

CAPS = {1: 0, 2: 0, 3: 60, 4: 60, 5: 60, 6: 60, 7: 90, 8: 90, 9: 90}


@pytest.fixture(scope="module")
def district() -> District:
    return District(truth.SEED, truth.TERM, 8)


@pytest.fixture(scope="module")
def days(district: District) -> pd.DataFrame:
    """One row a class-day with its minutes of written homework."""
    rows = pd.DataFrame([entry for school in district.reporting for entry in homework.entries(district, school)])
    rows["load"] = rows["minutes"] * rows["written"]
    found = rows.groupby(["school", "grade", "class", "date"], as_index=False)["load"].sum()
    return found.assign(over=found["load"] > found["grade"].map(CAPS))


def test_the_school_days(district: District) -> None:
    assert len(district.days) == 86
    assert [day.date.isoformat() for day in district.days if day.date.isoweekday() > 5] == ["2026-05-09"]
    assert grade_name(3) == "三年级"


def test_the_middle_grades_keep_their_average_and_grade_nine_does_not(days: pd.DataFrame) -> None:
    mean = days.groupby("grade")["load"].mean()
    assert mean[[3, 4, 5, 6]].max() < 55
    assert mean[[7, 8]].max() < 85
    assert mean[9] > 95
    assert 0.03 < days.loc[days["grade"].between(3, 6), "over"].mean() < 0.08


def test_low_grades_write_almost_nothing(days: pd.DataFrame) -> None:
    low = days[days["grade"] <= 2]
    school, grade, name = truth.LOW_GRADE_OFFENDER
    offender = (low["school"] == school) & (low["grade"] == grade) & (low["class"] == name)
    assert low.loc[offender, "over"].mean() > 5 * low.loc[~offender, "over"].mean()


def test_grade_six_is_heaviest_on_wednesday(days: pd.DataFrame, district: District) -> None:
    weekday = days["date"].map({day.date: day.weekday for day in district.days})
    by_weekday = days[days["grade"] == 6].groupby(weekday)["load"].mean()
    assert by_weekday.idxmax() == 3
    assert by_weekday[3] > by_weekday.drop(3).max() + 4


def test_the_weeks_of_exams_are_heavier(days: pd.DataFrame, district: District) -> None:
    exam = days["date"].map({day.date: day.week in truth.EXAM_WEEKS for day in district.days})
    older = days["grade"] >= 3
    assert days[exam & older]["load"].mean() > 1.05 * days[~exam & older]["load"].mean()


@pytest.mark.parametrize("grades", [(3, 6), (7, 9)])
def test_classes_differ_as_classes_do(days: pd.DataFrame, grades: tuple[int, int]) -> None:
    own = days[days["grade"].between(*grades)]
    rest = own["load"] - own.groupby("grade")["load"].transform("mean")
    classes = rest.groupby([own["school"], own["grade"], own["class"]])
    between, within = classes.mean().var(), classes.var().mean()
    assert 0.04 < between / (between + within) < 0.16


def test_participation_and_its_groups(district: District) -> None:
    groups: dict[str, list[float]] = {}
    five, by_school = [], {}
    weeks = np.array([day.week for day in district.days])
    for school in district.reporting:
        shares = []
        for own in attendance.presences(district, school):
            shares.append(own.present.mean())
            for pupil, group in enumerate(own.groups):
                groups.setdefault(group, []).append(own.present[pupil].mean())
            five += [own.present[:, weeks == week].all(axis=1).mean() for week in np.unique(weeks)]
        by_school[school.code] = np.mean(shares)
    everyone = np.mean([share for shares in groups.values() for share in shares])
    means = {group: np.mean(shares) for group, shares in groups.items()}
    assert 0.82 < everyone < 0.88
    assert np.mean(five) < everyone - 0.1
    assert means["留守"] > means["其他"] > means["随迁"]
    assert min(by_school, key=by_school.get) == "2199000006"


def test_one_school_ends_before_the_offices_close(district: District) -> None:
    ends = {
        school.code: min(attendance.hours(school, grade)[1] for grade in school.grades) for school in district.schools
    }
    assert [code for code, end in ends.items() if end < truth.OFFICE_CLOSES] == [truth.ENDS_EARLY]


def verdicts(district: District, role: str, wave: str) -> dict[str, str]:
    """Judge "at least 94 %" for each item by a ratio over schools as clusters (a rough stand-in for the real method)."""
    rows = survey.answers(district, role, wave)
    found = {}
    for item in truth.TOP2[role]:
        top = pd.DataFrame({"school": [e["school"].code for e in rows], "top": [e["scores"][item] >= 4 for e in rows]})
        share = top["top"].mean()
        sums = top.groupby("school")["top"].agg(["sum", "size"])
        error = np.sqrt(((sums["sum"] - share * sums["size"]) ** 2).sum() * 7 / 6) / len(top)
        low, high = share - 1.94 * error, share + 1.94 * error
        found[item] = "supported" if low >= 0.94 else "contradicted" if high < 0.94 else "not shown"
    return found


def test_the_parents_verdicts_differ(district: District) -> None:
    found = verdicts(district, "parent", "2026-06")
    assert {found[item] for item in ("homework_feedback", "service_time", "service_safety")} == {"supported"}
    assert found["burden"] == "contradicted"
    assert found["service_content"] == found["overall"] == "not shown"


def test_the_pupils_sleep_is_contradicted(district: District) -> None:
    found = verdicts(district, "student", "2026-06")
    assert found["sleep"] == "contradicted"
    assert found["service_safety"] == "supported"


def test_parents_were_less_content_before(district: District) -> None:
    share = {
        wave: np.mean([entry["scores"]["service_content"] >= 4 for entry in survey.answers(district, "parent", wave)])
        for wave in ("2025-12", "2026-06")
    }
    assert share["2026-06"] - share["2025-12"] > 0.02


def test_parents_report_more_minutes_than_were_planned(district: District) -> None:
    reported = [entry["minutes"] for entry in survey.answers(district, "parent", "2026-06") if entry["grade"] == 5]
    assert np.mean(reported) > 1.1 * truth.LOAD[5]


def test_large_tables_have_exactly_the_rows_asked_for(tmp_path) -> None:
    for name in ("one", "two"):
        large.write(tmp_path / name, 20_001, 100_003, csv=name == "one")
    ledger = pq.read_table(tmp_path / "one" / "ledger")
    roll = pq.read_table(tmp_path / "one" / "attendance")
    assert (ledger.num_rows, roll.num_rows) == (20_001, 100_003)
    assert ledger.equals(pq.read_table(tmp_path / "two" / "ledger"))
    assert pq.read_schema(tmp_path / "one" / "ledger" / "990101.parquet").metadata[b"simulated"] == b"true"
    order = ledger.select(["school", "grade", "class", "date"]).to_pandas()
    assert order.equals(order.sort_values(["school", "grade", "class", "date"], kind="stable").reset_index(drop=True))
    schools = pq.read_table(tmp_path / "one" / "schools.parquet")
    assert set(ledger["school"].to_pylist()) <= set(schools["school"].to_pylist())
    lines = (tmp_path / "one" / "作业台账.csv").read_bytes().decode("gb18030").splitlines()
    assert len(lines) == 20_001 + 2
    assert "模拟数据" in lines[0]
    assert any("见黑板" in line for line in lines)


def test_large_tables_are_written_anew_by_the_command(tmp_path) -> None:
    for rows in ("500", "700"):
        assert main(["simulate", str(tmp_path / "out"), "--attendance-rows", rows]) == 0
    assert not (tmp_path / "out" / "ledger").exists()
    assert pq.read_table(tmp_path / "out" / "attendance").num_rows == 700
