"""Questions within a point: each is answered, or the letter stops; tables are printed, or the reason why not."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.house import UserError
from analysis.indicators.statistic import Scope, Statistic
from analysis.letters.checker import check
from analysis.letters.claims import refuse_unmet
from analysis.letters.documents import documents
from analysis.letters.evidence import Proof
from analysis.letters.place import place
from analysis.letters.questions import asked, requested, sentences
from analysis.letters.register import faults
from analysis.letters.suggestions import find, read
from analysis.presentation.all_cases import all_within
from analysis.presentation.verdicts import judged
from analysis.reference.suggestions import Evidence, Question, Table
from analysis.rules.rule import rule
from analysis.statistics.estimate import Estimate

ENTRY = """
number = "第099号"
session = "模拟届次"
title = "关于某事的建议"
assigned = 2026-02-05
received = 2026-02-06
lead = "模拟局"
category = "B"

[[signatory]]
name = "模拟代表甲"

[[point]]
asks = "是否都达标，超出的是哪些学校。"
heading = "关于某事"
category = "B"
documents = ["教基厅函〔2021〕13号"]

[[point.question]]
asks = "是否都达标"
answer = ["占{share}。"]

[[point.question]]
asks = "超出的是哪些学校"
%s

[[point.evidence]]
name = "share"
indicator = "homework.within_cap"
"""


def entry(folder, second):
    file = folder / "2026-099.toml"
    file.write_text(ENTRY % second, encoding="utf-8")
    return read(file)


def told(suggestion):
    return [(item.place, item.severity, item.message) for item in faults(suggestion, place(), documents())]


def test_question_without_an_answer_is_named_with_its_place(tmp_path):
    found = [item for item in told(entry(tmp_path, "")) if "没有答复" in item[2]]
    assert len(found) == 1
    assert found[0][:2] == ("第1条请求第2问", "open")
    assert "超出的是哪些学校" in found[0][2]


@pytest.mark.parametrize(
    "second",
    [
        'answer = ["见{share}。"]',
        'evidence = ["share"]',
        'reason = "公开答复不点名学校，名单另函"',
        '[[point.question.table]]\nindicator = "homework.within_cap"\nby = "grade"',
    ],
)
def test_sentence_figure_table_and_reason_each_answer(tmp_path, second):
    assert not [item for item in told(entry(tmp_path, second)) if item[1] != "warning" and "问" in item[0]]


def test_evidence_that_a_question_names_must_be_there(tmp_path):
    assert any("“shares”没有登记" in item[2] for item in told(entry(tmp_path, 'evidence = ["shares"]')))


@pytest.mark.parametrize(
    ("answer", "words"),
    [("各项数字见附表。", "没有登记任何附表"), ("其余列入下一步逐校核实。", "没有登记下一步")],
)
def test_what_an_answer_promises_is_there(tmp_path, answer, words):
    assert any(words in item[2] and item[1] == "error" for item in told(entry(tmp_path, f'answer = ["{answer}"]')))


def test_point_without_questions_is_one_question():
    point = find("2026-023")[0].points[0].model_copy(update={"answer": ("可以。",)})
    assert asked(point) == (Question(asks=point.asks, answer=("可以。",)),)


def test_reason_of_a_question_stands_for_its_tables_and_is_said(tmp_path):
    point = entry(tmp_path, 'reason = "名单另函"\n\n[[point.question.table]]\nindicator = "a"\nby = "school"').points[0]
    assert list(requested(point)) == [(Table(indicator="a", by="school"), "名单另函")]
    assert sentences(point) == ("占{share}。", "名单另函。")


def figure(value, numerator=None, denominator=None, nature="count", group="", **more):
    return Statistic(
        indicator="homework.within_cap",
        label="班级日达标率",
        definition="",
        estimate=Estimate(value, n=denominator or 100, **more),
        scope=Scope("990101", group=(("grade", group),) if group else ()),
        unit="%",
        decimals=1,
        base=denominator,
        base_unit="个班级日",
        numerator=numerator,
        denominator=denominator,
        nature=nature,
        rule="homework.cap",
        group_label=group,
    )


def solved(tmp_path, references, figures, **evidence):
    suggestion = entry(tmp_path, 'reason = "名单另函"')
    point = suggestion.points[0].model_copy(
        update={
            "category": "A",
            "evidence": (Evidence(name="share", indicator="homework.within_cap", **evidence),),
        }
    )
    suggestion = suggestion.model_copy(update={"points": (point,)})
    refuse_unmet(suggestion, (Proof(figures, references, ()),), place().categories(""))


@pytest.mark.parametrize(("within", "stops"), [(99, True), (100, False)])
def test_solved_point_with_an_exception_is_stopped(tmp_path, within, stops):
    share = figure(within / 100, within, 100)
    case = ({"share_all": all_within(share)}, {"share": share})
    if stops:
        with pytest.raises(UserError, match=r"第1条请求：标为A类.*“班级日达标率”为99.0%，未达到要求"):
            solved(tmp_path, *case)
        solved(tmp_path, *case, claim=False)
    else:
        solved(tmp_path, *case)


@pytest.mark.parametrize(("lower", "stops"), [(0.93, True), (0.945, False)])
def test_solved_point_whose_survey_does_not_support_the_target_is_stopped(tmp_path, lower, stops):
    """0.95 with se (0.95 − lower)/1.96 and 60 df: t = 0.98 or 3.92 against 1.67."""
    target = rule("satisfaction.target", date(2026, 7, 1), "990101")
    share = figure(0.95, 950, 1000, "survey", se=(0.95 - lower) / 1.96, df=60, lower=lower, upper=0.97)
    case = ({"share_verdict": judged(share, target), "share_rule": target}, {"share": share})
    if stops:
        with pytest.raises(UserError, match="数据不足以支持"):
            solved(tmp_path, *case)
    else:
        solved(tmp_path, *case)


def test_promise_of_a_table_that_is_not_there_is_found(tmp_path):
    draft = tmp_path / "a.txt"
    draft.write_text("模拟代表：各项数字见附表。\n", encoding="utf-8")
    assert [item.line for item in check(draft) if item.kind == "annex"] == [1]
    draft.write_text("模拟代表：各项数字见附表。\n附表：各项满意率\n", encoding="utf-8")
    assert not [item for item in check(draft) if item.kind == "annex"]
