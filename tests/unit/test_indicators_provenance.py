"""Only figures that a study computed are published; a researcher's own are marked; a public packet holds no more than is printed."""

from dataclasses import replace

import pandas as pd
import pytest
from small_district import DISTRICT, NORTH, TERM, UNTIL, ledger, store

from analysis.disclosure import protect
from analysis.house import UserError
from analysis.indicators import Scope, Statistic, Study, own_figure, provenance
from analysis.presentation.edition import Edition
from analysis.running.manifest import refuse_ambiguous
from analysis.statistics.estimate import Estimate


@pytest.fixture(scope="module")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    kept, snapshot = store(tmp_path_factory.mktemp("store"), homework=ledger())
    return Study(snapshot.id, district=DISTRICT, term=TERM, as_of=UNTIL, store=kept)


def edition(audience: str = "internal") -> Edition:
    return Edition(audience, DISTRICT)


def test_a_typed_in_figure_is_not_published(small_study: Study) -> None:
    fake = Statistic("my.fake", "满意率", "随手写的", Estimate(0.99), small_study.scope)
    with pytest.raises(UserError, match="不是由数据算出"):
        edition().shown([fake])


def test_a_measured_figure_that_was_changed_by_hand_is_not_published(small_study: Study) -> None:
    true = small_study.measure("homework.within_cap")
    assert edition().shown([true]) == [true]
    for forged in (
        replace(true, estimate=replace(true.estimate, value=0.99)),
        replace(true, numerator=0),
        replace(true, indicator="satisfaction.top2"),
        replace(true, scope=replace(true.scope, school=NORTH)),
        replace(true, bounds=(0.98, 1.0)),
    ):
        with pytest.raises(UserError, match="不能发布"):
            edition().shown([forged])
    renamed = replace(true, group_label="全区同年级")
    assert edition().shown([renamed]) == [renamed]


def test_only_declared_ids_are_indicators() -> None:
    assert all(
        map(provenance.declared, ("homework.within_cap", "homework.within_cap.groups", "own.x", "reporting.plans"))
    )
    assert not any(map(provenance.declared, ("my.fake", "fake.groups", "", ".difference")))


def test_an_own_figure_is_computed_from_rows_and_marked(small_study: Study) -> None:
    rows = pd.DataFrame({"numerator": [3, 4], "denominator": [10, 10]})
    own = own_figure(small_study, "paid", "拨付占申请", "已拨付÷申请", rows, base_unit="元")
    assert (own.value, own.text, own.base, own.indicator) == (0.35, "35.0%", 20, "own.paid")
    assert own.label == "拨付占申请（自定指标）" and own.definition == "自定指标，不在指标目录之中：已拨付÷申请"
    assert own.snapshot == small_study.snapshot.id and own.slice
    assert edition().shown([own]) == [own]


@pytest.mark.parametrize(
    ("name", "label", "formula", "rows"),
    [
        ("paid", "满意率", "甲÷乙", {"numerator": [1], "denominator": [2]}),
        ("paid", "甲", " ", {"numerator": [1], "denominator": [2]}),
        ("Paid", "甲", "甲÷乙", {"numerator": [1], "denominator": [2]}),
        ("paid", "甲", "甲÷乙", {"numerator": [1]}),
        ("paid", "甲", "甲÷乙", {"numerator": [1, None], "denominator": [2, 2]}),
    ],
)
def test_an_own_figure_borrows_no_name_and_lacks_nothing(small_study, name, label, formula, rows) -> None:
    with pytest.raises(UserError):
        own_figure(small_study, name, label, formula, pd.DataFrame(rows))


def of_school(number: int, value: float | None, indicator: str = "homework.within_cap") -> Statistic:
    scope = Scope(DISTRICT, f"219900000{number}", TERM, "2026-03-02", "2026-07-03")
    counts = {"numerator": None if value is None else round(value * 800), "denominator": 800, "base": 800}
    return Statistic(
        indicator, "班级日达标率", "口径", Estimate(value, 0.0123, 0.87654, 0.98765, n=800, df=17), scope,
        base_unit="个班级日", snapshot="ab", slice="cd", classes=6, bounds=(0.81234, 0.91234), unknown=9, **counts,
    )  # fmt: skip


def test_unnamed_schools_have_identities_of_their_own_in_order_of_value() -> None:
    items = protect([of_school(1, 0.912345), of_school(2, None), of_school(3, 0.954321)], "public").items
    assert [dict(item.scope.group) for item in items] == [{"unnamed": 1}, {"unnamed": 2}, {"unnamed": 3}]
    assert [item.value for item in items] == [0.954, 0.912, None]


def test_a_public_figure_of_a_school_holds_no_more_than_is_printed() -> None:
    (item,) = protect([of_school(1, 0.912345)], "public").items
    estimate = item.estimate
    assert (estimate.value, estimate.lower, estimate.upper, item.bounds) == (0.912, 0.877, 0.988, (0.812, 0.912))
    nothing = (estimate.se, estimate.df, item.numerator, item.denominator, item.base, item.classes, item.unknown)
    assert nothing == (None,) * 7 and estimate.n == 0 and item.slice == ""


@pytest.mark.parametrize(("numerator", "kept"), [(9, None), (10, 10), (790, 790), (791, None), (800, 800), (0, 0)])
def test_a_public_figure_holds_no_count_of_a_few_people(numerator: int, kept: int | None) -> None:
    figure = replace(of_school(1, numerator / 800), numerator=numerator, base_unit="人")
    (item,) = protect([replace(figure, scope=replace(figure.scope, school=""))], "public").items
    assert item.numerator == kept and item.denominator == 800


def test_two_values_of_one_identity_are_refused() -> None:
    one, other = of_school(1, 0.5).as_dict(), of_school(1, 0.6).as_dict()
    refuse_ambiguous([one, one, of_school(2, 0.6).as_dict()])
    with pytest.raises(UserError, match="两个不同的值"):
        refuse_ambiguous([one, other])
