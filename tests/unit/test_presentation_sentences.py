from dataclasses import replace
from datetime import date

import pytest
from presentation_figures import by_grade, by_school, edition, share, text

from analysis.house import UserError
from analysis.presentation import all_within, compare, judged, judged_each, literal, say
from analysis.presentation import edition as editions
from analysis.rules import Rule

RULE = Rule("satisfaction.target", "满意度目标", "满意率不低于94%。", "工作目标", 0.94, "%", date(2021, 9, 1))


def said(template, audience="internal", school="", **refs):
    written = edition(audience, school)
    say(template, **refs)
    return text(written.objects[-1])


def test_a_sentence_carries_value_interval_and_base():
    figure = share(0.913, 0.899, 0.926, base=11214)
    found = said("共{s.base}，达标的占{s}（{s.level}区间{s.interval}）。", s=figure)
    assert found == "共11,214个班级日，达标的占91.3%（95%区间89.9%–92.6%）。"


def test_every_number_is_a_run_with_its_statistic():
    written = edition()
    say("达标的占{s.full}，基数{s:base}。", s=share(0.913, 0.899, 0.926))
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
        day=literal(date(2026, 7, 20), "date"),
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
    assert said("达标的占{s}。", s=share(None)) == "班级日达标率：数据不足，不作说明。"


def test_the_other_wording_is_taken_where_a_figure_is_unknown():
    assert said("平均超出{s}。", otherwise="没有超出的日子。", s=share(None)) == "没有超出的日子。"


def test_a_clause_in_brackets_goes_when_its_figure_is_unknown():
    few = share(0.9)
    assert said("占{s}[（区间{s.interval}）]。", s=few) == "占90.0%。"
    assert said("占{s}[（区间{s.interval}）]。", s=share(0.9, 0.85, 0.94)) == "占90.0%（区间85.0%–94.0%）。"


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
    [((0.95, 0.99), "数据支持"), ((0.92, 0.97), "数据尚不足以说明"), ((0.80, 0.90), "数据不支持")],
)
def test_a_verdict_is_one_of_three(limits, words):
    figure = share(sum(limits) / 2, *limits)
    figure = replace(figure, estimate=replace(figure.estimate, se=(limits[1] - limits[0]) / 4.2))
    assert said("{v}。", v=judged(figure, RULE)) == f"“不低于94%”{words}。"


def test_without_a_rule_there_is_no_verdict():
    assert said("{v}。", v=judged(share(0.9), None)) == "没有适用的规则，不作判断。"


def test_the_claim_that_all_comply_is_judged_by_the_count():
    assert said("{a}。", a=all_within(share(0.99))) == "“全部达标”数据不支持：5个班级日超出。"
    assert said("{a}。", a=all_within(share(1.0, missing=("石桥小学",)))) == (
        "“全部达标”数据尚不足以说明：已报的没有例外，但有1所学校未报。"
    )
    assert said("{a}。", a=all_within(share(1.0))) == "“全部达标”数据支持：应报学校全部报送，500个班级日没有例外。"


def test_groups_are_held_against_their_own_rules():
    figures = by_grade(0.99, 0.80)
    assert said("{v}。", v=judged_each(figures, {2: RULE})).startswith("二年级80.0%，“不超过94%”")


def test_a_school_is_compared_with_the_district_only_as_far_as_its_interval_allows():
    district = share(0.90)
    assert said("{c}。", c=compare(share(0.95, 0.92, 0.97), district)) == "高于全区（90.0%）。"
    assert said("{c}。", c=compare(share(0.92, 0.88, 0.95), district)) == "与全区（90.0%）的差别尚不能分清。"
    assert said("{c}。", c=compare(share(0.92), district)) == "样本过少，不与全区（90.0%）比较。"
