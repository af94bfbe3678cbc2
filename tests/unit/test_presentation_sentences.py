from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from presentation_figures import by_grade, by_school, edition, share, text

from analysis.house import UserError
from analysis.indicators.comparison import Comparison, Comparisons
from analysis.indicators.statistic import Statistics
from analysis.letters.evidence import Every
from analysis.presentation import (
    all_within,
    compare,
    comparisons,
    every_at_least,
    judged,
    judged_each,
    say,
    scorecard,
)
from analysis.presentation import edition as editions
from analysis.presentation.changes import SinceBefore
from analysis.presentation.references import literal
from analysis.rules import Rule
from analysis.statistics.estimate import Estimate

RULE = Rule("satisfaction.target", "满意度目标", "满意率不低于94%。", "工作目标", 0.94, "%", date(2021, 9, 1))


def said(template, audience="internal", school="", **refs):
    written = edition(audience, school)
    say(template, **refs)
    return text(written.objects[-1])


def test_a_sentence_carries_value_interval_and_base():
    figure = share(0.913, 0.899, 0.926, base=11214, nature="survey")
    found = said("共{s.base}，达标的占{s}（{s.level}区间{s.interval}）。", s=figure)
    assert found == "共11,214个班级日，达标的占91.3%（95%区间89.9%–92.6%）。"


def test_every_number_is_a_run_with_its_statistic():
    written = edition()
    say("达标的占{s.full}，基数{s:base}。", s=share(0.913, 0.899, 0.926, nature="survey"))
    runs = written.objects[-1]["runs"]
    with_digits = [run for run in runs if any(sign.isdigit() for sign in run["text"])]
    assert len(with_digits) == 3
    assert all(run["statistic"]["indicator"] == "homework.within_cap" for run in with_digits)
    assert [run["part"] for run in with_digits] == ["value", "range", "base"]


@pytest.mark.parametrize("template", ["超出973个班级日", "共７所", "有三所学校未报", "{s}，约百分之九十"])
def test_a_typed_number_is_refused_with_the_word_that_is_wrong(template):
    edition()
    with pytest.raises(ValueError, match="手写的数字"):
        say(template, s=share(0.9))


def test_a_typed_number_in_the_other_wording_is_refused_as_well():
    edition()
    with pytest.raises(ValueError, match="手写的数字"):
        say("{s}", otherwise="少于10人", s=share(0.9))


def test_a_literal_is_declared_and_marked():
    written = edition()
    say(
        "{day}起执行{paper}。",
        day=date(2026, 7, 20),
        paper=literal("城政办发〔2021〕37号", "document"),
    )
    runs = written.objects[-1]["runs"]
    assert [run.get("literal") for run in runs] == ["date", None, "document", None]
    assert runs[0]["text"] == "2026年7月20日"


def test_a_literal_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="literal"):
        literal("12", kind="number")


def test_a_bare_number_or_word_cannot_be_referred_to():
    edition()
    with pytest.raises(TypeError):
        say("共{n}所", n=7)


def test_a_slip_in_a_part_is_an_error_and_no_silence():
    edition()
    with pytest.raises(AttributeError, match="interwal"):
        say("{s.interwal}", s=share(0.9))


def test_an_unknown_figure_is_told_as_lacking_data_never_as_a_dash():
    assert said("达标的占{s}。", s=share(None)) == "班级日达标率：没有数据，不作说明。"


def test_the_other_wording_is_taken_where_a_figure_is_unknown():
    assert said("平均超出{s}。", otherwise="没有超出的日子。", s=share(None)) == "没有超出的日子。"


def test_a_clause_in_brackets_goes_when_its_figure_is_unknown():
    few = share(0.9)
    assert said("占{s}[（区间{s.interval}）]。", s=few) == "占90.0%。"
    assert (
        said("占{s}[（区间{s.interval}）]。", s=share(0.9, 0.85, 0.94, nature="survey"))
        == "占90.0%（区间85.0%–94.0%）。"
    )


@pytest.mark.parametrize("template", ["{s}[", "{s}]", "[a[b]]"])
def test_brackets_must_match(template):
    edition()
    with pytest.raises(ValueError, match="bracket"):
        say(template, s=share(0.9))


def test_groups_give_their_extremes():
    found = said("{g.lowest.group}最低（{g.lowest}），共比较{g.count}。", g=by_grade(0.99, None, 0.91))
    assert found == "三年级最低（91.0%），共比较2个年级。"


def test_a_public_sentence_names_no_school_and_no_absent_one():
    figures = by_school(0.99, 0.85)
    found = said(
        "{g.lowest.group}最低（{g.lowest}）；未报：{s.missing}。",
        "public",
        g=figures,
        s=share(0.9, missing=("石桥小学",)),
    )
    assert found == "一所学校最低（85.0%）；未报：1所学校。"


def test_a_public_object_holds_neither_name_nor_code_of_a_school():
    written = edition("public")
    say("{g.lowest.group}最低（{g.lowest}）。", g=by_school(0.99, 0.85))
    assert "湖滨小学" not in str(written.objects) and "2199" not in str(written.objects)


def test_a_small_count_is_not_told_in_public():
    figure = share(0.99, 0.98, 0.995, base=500)
    assert said("有{s.rest}个班级日超出。", s=figure) == "有5个班级日超出。"
    assert said("有{s.rest}个班级日超出。", "public", s=figure) == "有少量个班级日超出。"


def test_what_is_meant_for_a_school_is_said_on_its_page_only():
    written = edition()
    say("本校{s}。", only="school", s=share(0.9))
    assert written.objects == []
    written = edition(school="2199000001")
    say("本校{s}。", only="school", s=share(0.9))
    assert text(written.objects[-1]) == "本校90.0%。"


def test_after_the_end_nothing_is_said_and_nothing_raises():
    written = edition()
    written.end("没有数据")
    say("{nowhere.to.be.found}")
    assert [made["kind"] for made in written.objects] == ["end"]


def test_saying_something_before_a_document_is_begun_is_told_in_chinese(monkeypatch):
    monkeypatch.setattr(editions, "_current", None)
    with pytest.raises(UserError, match="begin"):
        say("好。")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ((0.95, 0.99), "数据支持“不低于94%”的说法"),
        ((0.92, 0.97), "数据还不足以说明“不低于94%”"),
        ((0.80, 0.90), "数据不支持“不低于94%”的说法"),
    ],
)
def test_a_verdict_on_what_is_inferred_is_one_of_three_sentences(limits, words):
    figure = share(sum(limits) / 2, *limits, nature="survey")
    figure = replace(figure, estimate=replace(figure.estimate, se=(limits[1] - limits[0]) / 4.2))
    assert said("{v}。", v=judged(figure, RULE)) == f"{words}。"


@pytest.mark.parametrize(
    ("value", "bounds", "at_least", "words"),
    [
        (0.94, None, True, "达到94%的要求"),
        (0.939, None, True, "未达到94%的要求"),
        (0.95, (0.94, 0.96), True, "达到94%的要求"),
        (0.95, (0.93, 0.96), True, "是否达到94%，补齐前不能定论"),
        (0.91, (0.90, 0.93), True, "未达到94%的要求"),
        (0.94, None, False, "在94%的规定以内"),
        (0.95, None, False, "超过94%的规定"),
        (0.93, (0.92, 0.95), False, "是否在94%的规定以内，补齐前不能定论"),
    ],
)
def test_a_count_is_within_the_rule_or_not_or_open_whatever_its_process_varies(value, bounds, at_least, words):
    figure = share(value, 0.1, 0.99, bounds=bounds, unknown=None if bounds is None else 9)
    assert said("{v}。", v=judged(figure, RULE, at_least=at_least)) == f"{words}。"


def test_without_a_rule_there_is_no_verdict():
    assert said("{v}。", v=judged(share(0.9), None)) == "没有适用的规则，不作判断。"


def test_a_verdict_carries_what_was_said_of_which_rule_for_the_gate():
    written = edition()
    say("{v}。", v=judged(share(0.9), RULE))
    assert written.objects[-1]["runs"][0]["judgement"] == {
        "said": "not met",
        "claim": "satisfaction.target",
        "kind": "one",
    }


def test_the_claim_that_all_comply_is_judged_by_the_count():
    assert said("{a}。", a=all_within(share(0.99))) == "未达到“全部达标”的要求：500个班级日中5个超出。"
    assert said("{a}。", a=all_within(share(1.0))) == "达到“全部达标”的要求：500个班级日没有例外。"
    assert said("{a}。", a=all_within(share(1.0, unknown=316, bounds=(0.61, 1.0)))) == (
        "已报的500个班级日都在规定之内；还有316个班级日没有登记或待更正，补齐前不能定论。"
    )
    assert said("{a}。", a=all_within(share(1.0, missing=("石桥小学",)), outside="未满")) == (
        "已报的500个班级日没有未满的；还有1所学校未报，补齐前不能定论。"
    )
    low = share(0.02, unit="所学校", base=500)
    assert said("{a}。", a=all_within(low, "不留作业", breaches=True, outside="留了作业")) == (
        "未达到“不留作业”的要求：500所学校中10所留了作业。"
    )


def test_a_small_number_of_exceptions_is_not_told_in_public():
    assert said("{a}。", "public", a=all_within(share(0.99))) == "未达到“全部达标”的要求：500个班级日中少量超出。"


CAP = {
    grade: Rule("homework.cap", "书面作业总量", "…", "…", 90 if grade > 6 else 60, "分钟", date(2021, 9, 1))
    for grade in range(3, 10)
}


def minutes(*values, **more):
    names = "三四五六七八九"
    return Statistics(
        tuple(
            replace(
                share(0.5, name=f"{name}年级", grade=place, **more),
                indicator="homework.mean_minutes",
                label="平均作业时长",
                estimate=Estimate(value, n=500, status="ok" if value is not None else "no data"),
                unit="分钟",
                decimals=0,
                numerator=None,
                denominator=None,
            )
            for place, (name, value) in enumerate(zip(names, values, strict=True), start=3)
        ),
        ("grade",),
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            (35, 40, 44, 49, 76, 80, 97),
            "三至八年级平均作业时长都在规定以内；九年级97分钟，超过90分钟的规定",
        ),
        (
            (35, 70, 44, 49, 76, 95, 97),
            "三、五至七年级平均作业时长都在规定以内；四年级70分钟，超过60分钟的规定；"
            "八年级95分钟，超过90分钟的规定；九年级97分钟，超过90分钟的规定",
        ),
        ((None, None, None, None, 76, 80, None), "七、八年级平均作业时长都在规定以内"),
        ((None, None, None, None, 76, None, None), "七年级平均作业时长在规定以内"),
        ((None, None, None, None, 96, None, None), "七年级平均作业时长96分钟，超过90分钟的规定"),
    ],
)
def test_grades_are_held_against_their_own_limits_by_fact(values, words):
    assert said("{v}。", v=judged_each(minutes(*values), CAP)) == f"{words}。"


def test_of_grades_that_the_missing_could_carry_over_the_limit_the_margin_is_told():
    values = (35, 40, 44, 49, 76, 80, 97)
    bounds = [(31, 68), (35, 73), (38, 74), (43, 81), (70, 89), (74, 96), (92, 107)]
    figures = minutes(*values)
    figures = Statistics(
        tuple(
            replace(item, bounds=ends, unknown=50, numerator=value * 500, denominator=500)
            for item, value, ends in zip(figures, values, bounds, strict=True)
        ),
        figures.by,
    )
    # (60 * 550 - 49 * 500) / 50 = 170 minutes in grade 6; 310, 260, 220 in 3-5, (90 * 550 - 80 * 500) / 50 = 190 in 8
    assert said("{v}。", v=judged_each(figures, CAP)) == (
        "七年级平均作业时长在规定以内；"
        "九年级97分钟（计入缺报与待更正，在92–107分钟之间），超过90分钟的规定；"
        "三至六、八年级按已报的都没有超过规定，补齐前不能定论："
        "还有250个班级日没有登记或待更正，各年级的这些平均不超过170分钟的，仍在规定以内。"
    )


def test_a_single_grade_left_open_is_told_apart_from_those_within_as_the_table_has_it():
    values, bounds = (35, 40, 44, 49, 76, 77, 90), (86, 100)
    figures = minutes(*values)
    last = replace(figures[6], bounds=bounds, unknown=4, numerator=89.75 * 82, denominator=82)
    each = judged_each(Statistics((*figures[:6], last), figures.by), CAP)
    # (90 * 86 - 89.75 * 82) / 4 = 95.125 minutes
    assert said("{v}。", v=each) == (
        "三至八年级平均作业时长都在规定以内；"
        "九年级90分钟（计入缺报与待更正，在86–100分钟之间），是否在90分钟的规定以内，补齐前不能定论："
        "还有4个班级日没有登记或待更正，平均不超过95分钟的，仍在规定以内。"
    )
    begun = edition()
    say("{v}。", v=each)
    scorecard("card", "判断", [each])
    sentence, table = begun.objects[-2:]
    told = [run["judgement"]["said"] for run in sentence["runs"] if "judgement" in run]
    assert told == ["met", "open"]
    assert [row["cells"][-1]["text"] for row in table["rows"]] == ["达到", "达到", "尚不能定论"]


def test_it_is_said_that_grades_were_judged_by_the_schools_that_reported():
    found = said("{v}。", v=judged_each(minutes(35, 40, 44, 49, 76, 80, 89, missing=("石桥小学",)), CAP))
    assert found == "已报的学校中，三至九年级平均作业时长都在规定以内。"


def test_groups_that_were_asked_are_held_against_their_own_rules():
    figures = Statistics(
        tuple(replace(item, nature="survey") for item in by_grade(0.99, 0.80)),
        ("grade",),
    )
    assert said("{v}。", v=judged_each(figures, {2: RULE})) == ("二年级80.0%，数据还不足以说明“不超过94%”。")


def test_groups_with_exceptions_are_named_with_them_the_most_first():
    figures = by_grade(0.998, 1.0, 0.99, None, 0.9)
    assert said("超出的在{g.exceptions}。", g=figures) == "超出的在五年级（50个）、三年级（5个）、一年级（1个）。"
    assert said("[超出的在{g.exceptions}。]其余没有。", g=by_grade(1.0, 1.0)) == "其余没有。"


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (2.5, 1.0, 4.0, "比上次（2025年12月）上升2.5个百分点（95%区间1.0–4.0个百分点）"),
        (-2.5, -4.0, -1.0, "比上次（2025年12月）下降2.5个百分点（95%区间1.0–4.0个百分点）"),
        (-2.5, -5.3, 0.3, "与上次（2025年12月）相比低2.5个百分点，没有分清升降（95%区间−5.3–0.3个百分点）"),
        (0.0, -2.0, 2.0, "与上次（2025年12月）相比持平，没有分清升降（95%区间−2.0–2.0个百分点）"),
        (2.5, -0.3, 5.3, "与上次（2025年12月）相比高2.5个百分点，没有分清升降（95%区间−0.3–5.3个百分点）"),
    ],
)
def test_a_change_says_which_way_and_since_when(value, low, high, words):
    figure = replace(
        share(0.5, nature="survey"),
        indicator="satisfaction.change",
        unit="个百分点",
        estimate=Estimate(value, lower=low, upper=high, n=900, df=20),
        numerator=None,
        denominator=None,
    )
    assert said("家长满意率{c}。", c=SinceBefore(figure, "2025年12月")) == f"家长满意率{words}。"
    assert said("满意率{c}。", c=SinceBefore(figure, ""), otherwise="没有上次。") == "没有上次。"


def test_where_the_base_was_named_the_verdict_is_short():
    assert said("{a.brief}。", a=all_within(share(0.99))) == "5个超出，未达到“全部达标”的要求。"
    assert said("{a.brief}。", a=all_within(share(1.0))) == "没有例外，达到“全部达标”的要求。"
    assert said("{a.brief}。", a=all_within(share(1.0, unknown=316))) == (
        "都在规定之内；还有316个班级日没有登记或待更正，补齐前不能定论。"
    )


def test_where_the_sentence_tells_no_share_the_count_comes_first():
    def told(value, **more):
        item = share(value, **more)
        return said("{a.counted}。", a=all_within(item, "不留书面作业", breaches=True, outside="有书面作业"))

    assert told(0.0) == "500个班级日都没有书面作业，达到“不留书面作业”的要求。"
    assert told(0.0, unknown=1) == (
        "已登记的500个班级日都没有书面作业；还有1个班级日没有登记或待更正，补齐前不能定论。"
    )
    assert told(0.01) == "500个班级日中5个有书面作业，占1.0%，未达到“不留书面作业”的要求。"


def test_a_count_has_no_interval_but_bounds_where_something_is_missing():
    assert said("占{s.full}。", s=share(0.9, 0.8, 0.95)) == "占90.0%。"
    figure = share(0.852, 0.8, 0.95, unknown=316, bounds=(0.812, 0.886))
    assert said("占{s.full}。", s=figure) == "占85.2%（计入缺报与待更正，在81.2%–88.6%之间）。"
    assert said("还有{s.unknown}未知，在{s.bounds}之间[，{s.interval}]。", s=figure) == (
        "还有316个班级日未知，在81.2%–88.6%之间。"
    )
    assert said("占{s.full}。", s=share(0.9, unknown=1, bounds=(0.8999, 0.9001))) == "占90.0%。"


def test_exceptions_are_those_on_the_wrong_side():
    assert said("{s.exceptions}超出。", s=share(0.9)) == "50个班级日超出。"
    low = replace(share(0.02), indicator="homework.written_low_grades")
    assert said("{s.exceptions}有作业。", s=low) == "10个班级日有作业。"


@pytest.mark.parametrize(
    ("value", "base", "unit", "words"),
    [
        (0.625, 8, "所学校", "按期足额的是8所中的5所。"),
        (10 / 13, 13, "个批次", "按期足额的是13批次中的10批次。"),
        (11 / 12, 12, "份有效回答", "按期足额的是12份中的11份。"),
        (1.0, 1, "所学校", "按期足额的有。"),
        (0.0, 1, "所学校", "按期足额的无。"),
        (0.95, 20, "家", "按期足额的占95.0%。"),
        (0.5, 8, "元", "按期足额的占50.0%。"),
    ],
)
def test_a_share_of_a_few_things_is_told_as_counts(value, base, unit, words):
    assert said("按期足额的占{s}。", s=share(value, base=base, unit=unit)) == words


@pytest.mark.parametrize(
    ("judgement", "value", "words"),
    [
        ("higher", 3.24, "按同年级比，比其他学校高3.2个百分点"),
        ("lower", -3.24, "按同年级比，比其他学校低3.2个百分点"),
        ("not apart", 3.24, "与其他学校没有分出高低"),
    ],
)
def test_a_school_is_compared_with_the_others_only_as_far_as_the_data_tell(monkeypatch, judgement, value, words):
    difference = replace(share(0.5, school="2199000001"), unit="个百分点", estimate=Estimate(value, n=500))
    found = Comparisons((Comparison("2199000001", "一小", difference, 0.01, 0.01, judgement),))
    difference = replace(difference, indicator="homework.within_cap.difference")
    found = Comparisons((replace(found[0], difference=difference),))
    monkeypatch.setattr(comparisons, "compared", lambda study, ids: found)
    study = SimpleNamespace(scope=SimpleNamespace(school="2199000001"))
    assert said("{c}。", school="2199000001", c=compare(study, "homework.within_cap")) == f"{words}。"


@pytest.mark.parametrize(
    ("values", "bounds", "judgement", "below"),
    [
        ((0.95, 0.99), (None, None), "met", ()),
        ((0.95, 0.93), (None, None), "not met", ("四年级",)),
        ((0.95, 0.97), ((0.93, 0.96), None), "open", ()),
        ((0.95, 0.90), ((0.93, 0.96), None), "not met", ("四年级",)),
        ((0.95, None), (None, None), "open", ()),
    ],
)
def test_of_counts_every_one_must_be_met(values, bounds, judgement, below):
    figures = tuple(
        replace(share(value, name=f"{name}年级", grade=place), bounds=ends)
        for place, (name, value, ends) in enumerate(zip("三四", values, bounds, strict=True), start=3)
    )
    every = every_at_least(Statistics(figures, ("grade",)), RULE)
    assert (every.judgement, every.below) == (judgement, below)
    assert Every(Statistics(figures, ("grade",)), RULE).judgement == judgement


def test_answers_awaiting_correction_are_said_with_what_they_may_do_and_settle_no_verdict():
    """1,320 of 1,320 answers satisfied, 68 awaiting correction: 95.1 % if none of them is."""
    plain = share(1.0, 0.997, 1.0, base=1320, unit="份有效回答", nature="survey")
    plain = replace(plain, indicator="satisfaction.top2")
    figure = replace(plain, unknown=68, bounds=(0.951, 1.0))
    assert said("{s.full}。", s=plain) == "100.0%（95%区间99.7%–100.0%）。"
    assert (
        said("{s.full}。", s=figure)
        == "100.0%（95%区间99.7%–100.0%；有68份答卷待更正，若都不满意为95.1%，都满意为100.0%）。"
    )
    assert judged(plain, RULE).judgement == "supported" and judged(figure, RULE).judgement == "not shown"
    ledger = replace(figure, indicator="homework.reported_gap", unknown=0)
    assert "；台账有登记待更正，计入后在95.1%–100.0%之间）" in said("{s.full}。", s=ledger)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (None, "上升5.0个百分点"),
        ((1.0, 5.0), "没有分清升降（95%区间3.0–7.0个百分点；有9份答卷待更正，计入后在1.0个百分点–5.0个百分点之间）"),
        ((4.9, 5.0), "上升"),
    ],
)
def test_a_rise_that_unknown_answers_may_undo_is_not_told(bounds, words):
    estimate = Estimate(5.0, se=1.0, lower=3.0, upper=7.0, n=900, df=40, method="t")
    plain = replace(
        share(0.9, nature="survey"), unit="个百分点", estimate=estimate, bounds=bounds, unknown=9 if bounds else None
    )
    assert words in said("{c}。", c=SinceBefore(plain, "2025年12月"))
