"""A study of a small district: figures, groups, who reported, and what it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_district as small

from analysis.house import UserError
from analysis.indicators import Study
from analysis.snapshots import READS

TWO_DIMENSIONS = ("grade", "weekday")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("store")
    return small.store(folder / "s", homework=small.ledger(), attendance=small.attendance())[0]


@pytest.fixture(scope="module")
def study(store) -> Study:
    return Study(district=small.DISTRICT, term=small.TERM, as_of=small.UNTIL, store=store)


def test_a_share_carries_its_base_and_who_is_missing(study: Study) -> None:
    share = study.measure("homework.within_cap")
    ledger = small.ledger()
    gaps = ledger[ledger["written"] & ledger["minutes"].isna()]
    keys = ["school", "grade", "class", "date"]
    known = len(ledger.drop_duplicates(keys)) - len(gaps.drop_duplicates(keys))
    assert (share.denominator, share.base, share.base_text) == (known, known, f"{known}个班级日")
    assert share.value == share.numerator / share.denominator
    assert share.estimate.lower < share.value < share.estimate.upper
    assert (share.schools, share.classes, share.days) == (2, 30, len(small.days()))
    assert share.missing == ("未报",)
    assert share.rule == "homework.cap"


def test_every_school_has_a_place_and_a_silent_one_has_no_number(study: Study) -> None:
    schools = study.measure("homework.within_cap", by="school")
    assert [item.scope.school for item in schools] == [small.NORTH, small.NINE, small.SILENT]
    silent = schools.only(school=small.SILENT)
    assert (silent.value, silent.estimate.status, silent.text, silent.base) == (None, "no data", "—", 0)
    assert silent.missing == ("未报",)


@pytest.mark.parametrize("by", ["school", "stage", "grade", "grade_band", "class", "weekday", "week", TWO_DIMENSIONS])
@pytest.mark.parametrize("id", ["homework.within_cap", "homework.median_minutes", "service.participation"])
def test_a_group_alone_says_what_it_says_among_its_neighbours(study: Study, id: str, by: str | tuple[str, ...]) -> None:
    together = study.measure(id, by=by)
    assert len(together) == len({(item.scope.school, item.scope.group) for item in together})
    for item in [each for each in together if each.known][:3]:
        alone = study.at(item.scope.school).measure(id, **dict(item.scope.group))
        assert (alone.text, alone.interval_text, alone.base) == (item.text, item.interval_text, item.base)
        assert (alone.schools, alone.classes, alone.days) == (item.schools, item.classes, item.days)


def test_groups_come_in_their_natural_order_with_chinese_names(study: Study) -> None:
    labels = [item.group_label for item in study.measure("homework.within_cap", by=TWO_DIMENSIONS)]
    assert labels[:6] == ["一年级周一", "一年级周二", "一年级周三", "一年级周四", "一年级周五", "二年级周一"]
    assert [i.group_label for i in study.measure("service.participation", by="group")] == ["其他", "随迁"]
    assert study.measure("homework.within_cap", grade=3, weekday=[1, 2]).group_label == "三年级周一、周二"


def test_a_school_reads_its_own_slice_and_the_district_only_when_asked(store) -> None:
    study = Study(district=small.DISTRICT, school=small.NORTH, term=small.TERM, as_of=small.UNTIL, store=store)
    READS.clear()
    own = study.measure("homework.within_cap")
    read = {(table, school) for _, table, school in READS if table != "schools"}
    # there is no enrolment: other tables tell which classes there are
    seen = ("attendance", "service_daily", "survey")
    assert read == {(table, small.NORTH) for table in ("homework", "enrolment", "refused", *seen)}
    assert study.district.measure("homework.within_cap").base > own.base
    assert own.base == study.district.measure("homework.within_cap", by="school").only(school=small.NORTH).base
    assert own.slice != study.district.measure("homework.within_cap").slice


def test_reporting_names_those_that_are_silent(study: Study) -> None:
    reporting = study.reporting("homework")
    assert [each.short_name for each in reporting.missing] == ["未报"]
    assert reporting.text == "应报3所，已报2所，未报1所（未报）"
    assert study.reporting("homework", grades=(8,)).text == "应报1所，已报1所"


def test_without_a_ledger_the_histogram_is_empty(tmp_path: Path) -> None:
    store, _ = small.store(tmp_path)
    study = Study(district=small.DISTRICT, term=small.TERM, store=store)
    found = study.histogram(by="grade_band")
    assert list(found.columns) == ["grade_band", "minutes", "class_days"] and found.empty


def test_the_histogram_holds_every_class_day_with_a_known_load(study: Study) -> None:
    bands = study.histogram(by="grade_band")
    assert bands["class_days"].sum() == study.measure("homework.mean_minutes").base
    junior = bands[bands["grade_band"] == "junior"]
    mean = (junior["minutes"] * junior["class_days"]).sum() / junior["class_days"].sum()
    assert mean == study.measure("homework.mean_minutes", grade_band="junior").value


def test_a_table_that_nobody_handed_in_gives_no_data_and_no_error(study: Study) -> None:
    paid = study.measure("service.funds_paid")
    assert (paid.estimate.status, paid.text, paid.missing) == ("no data", "—", ("北小", "九年", "未报"))
    assert [each.estimate.status for each in study.measure("service.funds_paid", by="school")] == ["no data"] * 3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: s.measure("homework.nothing"), "homework.nothing"),
        (lambda s: s.measure("homework.within_cap", by="item"), "不能按“item”分组"),
        (lambda s: s.at("2199000999").measure("homework.within_cap"), "2199000999"),
        (lambda s: Study(district="990101", term="1999-2000-1").calendar, "1999-2000-1"),
        (lambda s: Study(district="990101", term="2025-2026-2", as_of="20 July"), "20 July"),
    ],
)
def test_a_wrong_name_is_told_in_one_line(study: Study, call, said: str) -> None:
    with pytest.raises(UserError) as told:
        call(study)
    assert said in told.value.message and "\n" not in told.value.message
