"""Only figures that a study computed are published; a researcher's own are marked; a public packet holds no more than is printed."""

from dataclasses import replace

import pandas as pd
import pytest
from small_district import DISTRICT, NORTH, TERM, UNTIL, ledger, registers, store

from analysis.disclosure import protect
from analysis.house import UserError
from analysis.indicators import Scope, Statistic, Statistics, Study, own_figure, provenance
from analysis.indicators.own import _values
from analysis.presentation import peers, table
from analysis.presentation.cells import Column, cell
from analysis.presentation.content import figure_run, plain
from analysis.presentation.edition import Edition, current, start
from analysis.presentation.references import counted
from analysis.presentation.sentences import composed
from analysis.running.manifest import refuse_ambiguous
from analysis.statistics.estimate import Estimate


@pytest.fixture(scope="module")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    kept, snapshot = store(tmp_path_factory.mktemp("store"), homework=ledger())
    return Study(snapshot.id, district=DISTRICT, term=TERM, as_of=UNTIL, store=kept)


@pytest.fixture(scope="module")
def register_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    tables = registers()
    kept, snapshot = store(tmp_path_factory.mktemp("registers"), funds=tables["funds"], survey=tables["survey"])
    return Study(snapshot.id, district=DISTRICT, term=TERM, as_of=UNTIL, store=kept)


def edition(audience: str = "internal") -> Edition:
    return Edition(audience, DISTRICT)


def test_a_typed_in_figure_is_not_published(small_study: Study) -> None:
    fake = Statistic("my.fake", "满意率", "随手写的", Estimate(0.99), small_study.scope)
    with pytest.raises(UserError, match="不是由数据算出"):
        edition().shown([fake])


ALTERED = {
    "indicator": "satisfaction.top2", "label": "满意率", "definition": "别的口径", "unit": "分钟", "decimals": 2,
    "rounding": "half_even", "numerator": 0, "denominator": 1, "base": 1, "base_unit": "人", "schools": 9, "classes": 9,
    "days": 9, "missing": ("某校",), "snapshot": "0", "slice": "0", "rule": "service.days", "group_label": "九年级",
    "nature": "survey", "unknown": 999, "bounds": (0.98, 1.0), "formula": (("told", "甲"),),
}  # fmt: skip
OF_ESTIMATE = {
    "value": 0.99, "se": 0.5, "lower": 0.98, "upper": 1.0, "level": 0.5, "n": 1, "df": 1.0, "deff": 9.0, "method": "x",
    "status": "too few",
}  # fmt: skip
OF_SCOPE = {
    "district": "1", "school": NORTH, "term": "x", "start": "2026-03-03", "end": "2026-03-04", "group": (("grade", 9),)
}  # fmt: skip


def test_a_measured_figure_that_was_changed_anywhere_is_not_published(small_study: Study) -> None:
    true = small_study.measure("homework.within_cap")
    assert edition().shown([true]) == [true]
    forged = {name: replace(true, **{name: value}) for name, value in ALTERED.items()}
    forged |= {name: replace(true, estimate=replace(true.estimate, **{name: v})) for name, v in OF_ESTIMATE.items()}
    forged |= {name: replace(true, scope=replace(true.scope, **{name: value})) for name, value in OF_SCOPE.items()}
    every = {*Statistic.__dataclass_fields__, *Estimate.__dataclass_fields__, *Scope.__dataclass_fields__}
    assert every - {"estimate", "scope"} == set(forged)  # a new field needs a case here
    for name, other in forged.items():
        with pytest.raises(UserError, match="不能发布"):
            edition().shown([other])
            pytest.fail(name)


def test_nobody_outside_the_package_can_have_a_figure_taken_for_computed(small_study: Study) -> None:
    fake = replace(small_study.measure("homework.within_cap"), group_label="伪造")
    with pytest.raises(UserError, match="不能自行登记"):
        provenance.keep([fake])
    with pytest.raises(UserError, match="不能发布"):
        edition().shown([fake])
    with pytest.raises(UserError, match="不能发布"):
        counted([fake], fake, "有例外的学校数")


def test_content_with_a_figure_written_by_hand_is_not_put_out(small_study: Study) -> None:
    made = start(edition())
    true = small_study.measure("homework.within_cap")
    run = figure_run(true.text, true)
    made.put("paragraph", role="body", runs=[run])
    for forged in ({"text": "99.0%"}, {"group_label": "九年级"}, {"indicator": "my.fake"}):
        with pytest.raises(UserError, match="不是由数据算出的统计量"):
            made.put("paragraph", role="body", runs=[{**run, "statistic": {**run["statistic"], **forged}}])
    with pytest.raises(UserError, match="不能发布"):
        figure_run("99.0%", replace(true, group_label="九年级"))


def test_the_same_grades_of_the_district_are_named_so_and_remain_figures(small_study: Study) -> None:
    beside = peers(small_study.at(NORTH), "homework.within_cap")
    assert beside.group_label == "全区同年级" and edition().shown([beside]) == [beside]


def test_only_declared_ids_are_indicators() -> None:
    assert all(
        map(provenance.declared, ("homework.within_cap", "homework.within_cap.groups", "own.x", "reporting.plans"))
    )
    assert not any(map(provenance.declared, ("my.fake", "fake.groups", "", ".difference")))


FUNDS = {"table": "funds", "numerator": "paid", "denominator": "applied"}


def test_an_own_figure_is_computed_from_a_register_and_marked(register_study: Study) -> None:
    own = own_figure(register_study, "paid", "拨付占申请", "已拨付÷申请", **FUNDS, where="paid > 0", base_unit="元")
    assert (own.numerator, own.denominator, own.base, own.estimate.n) == (37500.57, 60000.1, 60000, 2)
    assert (own.value, own.text, own.indicator) == (37500.57 / 60000.1, "62.5%", "own.paid")
    assert own.label == "拨付占申请（自定指标）"
    assert own.definition == ("自定指标，不在指标目录之中：已拨付÷申请（funds表中paid > 0的行，Σ(paid)÷Σ(applied)）")
    assert own.snapshot == register_study.snapshot.id and own.slice
    assert edition().shown([own]) == [own]


def test_an_own_figure_counts_the_rows_for_which_a_condition_holds(register_study: Study) -> None:
    own = own_figure(register_study, "full", "足额批次", "足额批次÷批次", table="funds", numerator="granted == applied")
    assert (own.numerator, own.denominator, own.text) == (1, 3, "3行中的1行")


def test_a_row_of_which_a_condition_is_unknown_does_not_meet_it(register_study: Study) -> None:
    rows = register_study.rows("funds").astype({"paid": "Float64"})
    held, condition = _values(rows, "paid > 0", "甲")
    assert condition and sorted(held) == [0, 1, 1]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"label": "满意率"}, "指标目录中的名称"),
        ({"label": "达到99.0%的比例"}, "不得有数字“99.0%”"),
        ({"formula": "三所学校÷全部"}, "不得有数字“三所”"),
        ({"formula": " "}, "算式"),
        ({"name": "Paid"}, "小写字母"),
        ({"numerator": "99"}, "不得有“99”"),
        ({"numerator": "paid * 2"}, "不得有“2”"),
        ({"numerator": "'x' == 'x'"}, "没有列名"),
        ({"numerator": "open('x')"}, r"不得有“open\('x'\)”"),
        ({"numerator": "profit"}, "表中没有profit"),
        ({"numerator": "paid +"}, "写法有误"),
        ({"where": ""}, "有缺值"),
        ({"where": "paid"}, "不是条件"),
        ({"numerator": "due"}, "算不出数"),
        ({"table": "survey"}, "逐人数据"),
    ],
)
def test_an_own_figure_borrows_no_name_and_holds_no_typed_number(register_study, told, why) -> None:
    asked = {"name": "paid", "label": "甲", "formula": "甲÷乙", "where": "paid > 0", **FUNDS, **told}
    with pytest.raises(UserError, match=why):
        own_figure(register_study, **asked)


def test_no_rows_can_be_handed_to_an_own_figure(register_study: Study) -> None:
    rows = pd.DataFrame({"numerator": [99], "denominator": [100]})
    with pytest.raises(UserError, match="不收自带的数据行"):
        own_figure(register_study, "paid", "甲", "甲÷乙", rows, **FUNDS)
    with pytest.raises(UserError, match="不收自带的数据行"):
        own_figure(register_study, "paid", "甲", "甲÷乙")


def test_the_mark_stands_beside_an_own_figure_wherever_it_is_printed(register_study: Study) -> None:
    start(edition())
    own = own_figure(register_study, "paid", "拨付占申请", "已拨付÷申请", **FUNDS, where="paid > 0", base_unit="元")
    said = plain(composed("已拨付的占{own}，申请{own.base}。", {"own": own}, current()))
    assert said == "已拨付的占62.5%（自定指标），申请60,000元（自定指标）。"
    table("own", "拨付", [own])
    columns = Statistics((own,))
    assert cell(own, Column(columns), current())["text"] == "62.5（自定指标）"
    assert current().objects[-1]["rows"][0]["cells"][1]["text"] == "62.5%（自定指标）"


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
