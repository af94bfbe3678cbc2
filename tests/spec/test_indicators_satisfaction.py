"""The satisfaction indicators on a survey small enough to count by hand: two schools answer, one is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from small_district import DISTRICT, NINE, NORTH, SILENT, TERM, store

from analysis.house import UserError
from analysis.indicators import Study
from analysis.indicators import satisfaction_survey as source
from analysis.indicators.judge import Judge
from analysis.indicators.satisfaction_schools import answer_shares, funnel_limits, ranking
from analysis.indicators.satisfaction_survey import items
from analysis.intake import questionnaires
from analysis.rules import rule

ITEMS = list(items("parent"))
NOW, BEFORE = "2026-06", "2025-12"
# school, grade, class, enrolled, scores of the overall item (None: opened the questionnaire, answered nothing)
CLASSES = [
    (NORTH, 1, "1", 10, [5, 5, 4, 4, 3]),
    (NORTH, 1, "2", 10, [5, 4, 4, 2, 5]),
    (NORTH, 2, "1", 20, [5, 5, 4, 4, None]),
    (NORTH, 2, "2", 20, [4, 4, 5, 3, 5]),
    (NINE, 7, "1", 30, [5, 4, 1, 2]),
    (NINE, 7, "2", 30, [5, 5, 5, 4]),
    (SILENT, 1, "1", 40, []),
]


def _answer(wave: str, place: tuple, number: int, score: int | None) -> list[dict]:
    school, grade, room = place
    beside = {
        "wave": wave,
        "respondent": f"{wave}-{school}-{grade}-{room}-{number}",
        "questionnaire": "parent-satisfaction",
        "role": "parent",
        "school": school,
        "grade": grade,
        "class": room,
        "submitted_on": pd.Timestamp("2026-06-10" if wave == NOW else "2025-12-10"),
        "seconds": 6 if number == 0 and school == NORTH and grade == 1 and room == "1" else 150,
    }
    rows = []
    for place_of, item in enumerate(ITEMS):
        value = None if score is None else float(score if item == "overall" or place_of % 2 else max(score - 1, 1))
        if score == 5 and number == 1:
            value = 5.0  # one answer to every item
        state = "empty" if value is None else "ok"
        rows.append(beside | {"item": item, "state": state, "score": value, "option": ""})
    return rows


def _survey(waves: dict[str, float]) -> pd.DataFrame:
    rows = []
    for wave, lowered in waves.items():
        for school, grade, room, _, scores in CLASSES:
            for number, score in enumerate(scores):
                own = None if score is None else max(1, score - int(number < lowered * len(scores)))
                rows += _answer(wave, (school, grade, room), number, own)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Study:
    enrolment = pd.DataFrame(
        [(TERM, school, grade, room, pupils) for school, grade, room, pupils, _ in CLASSES],
        columns=["term", "school", "grade", "class", "pupils"],
    )
    made, _ = store(tmp_path_factory.mktemp("survey"), enrolment=enrolment, survey=_survey({NOW: 0.0, BEFORE: 0.4}))
    return Study("latest", district=DISTRICT, term=TERM, as_of="2026-07-03", store=made)


def test_the_share_is_weighted_to_the_enrolment_of_every_grade(study):
    one = study.measure("satisfaction.top2")
    # 8 of 10 in grade 1 (20 pupils), 8 of 9 in grade 2 (40), 6 of 8 in grade 7 (60)
    assert one.value == pytest.approx((20 * 8 / 10 + 40 * 8 / 9 + 60 * 6 / 8) / 120)
    assert (one.numerator, one.denominator, one.base, one.schools, one.classes) == (22, 27, 27, 2, 6)
    assert one.estimate.lower < one.value < one.estimate.upper
    assert one.estimate.df == 4  # six classes less two schools
    assert one.missing == ("未报",)


def test_no_finite_population_correction_makes_the_variance_vanish(study):
    design = study.design()
    assert all(np.isinf(stage.population).all() for stage in design.stages)
    assert study.measure("satisfaction.top2").estimate.se > 0.02


def test_a_school_has_the_same_figure_alone_and_among_the_others(study):
    for id in (
        "top2",
        "top2_narrow",
        "mean_score",
        "alpha",
        "response_rate",
        "shrunken",
        "top2_screened",
        "straight_lining",
        "if_silent_for",
    ):
        for figure in study.measure(f"satisfaction.{id}", by="school"):
            alone = study.at(figure.scope.school).measure(f"satisfaction.{id}")
            assert (alone.text, alone.interval_text, alone.base_text) == (
                figure.text,
                figure.interval_text,
                figure.base_text,
            )


def test_a_silent_school_has_no_data_and_a_response_of_none(study):
    assert study.at(SILENT).measure("satisfaction.top2").estimate.status == "no data"
    silent = study.measure("satisfaction.response_rate", by="school").only(school=SILENT)
    assert (silent.value, silent.numerator, silent.denominator) == (0.0, 0, 40)
    for id in ("change", "alpha", "if_silent_for", "needed_of_silent", "straight_lining"):
        assert study.at(SILENT).measure(f"satisfaction.{id}").estimate.status == "no data"
    assert answer_shares(study.at(SILENT)).empty


def test_the_response_rate_counts_all_invited_and_nobody_who_answered_nothing(study):
    one = study.measure("satisfaction.response_rate")
    assert (one.numerator, one.denominator) == (27, 160)
    by_grade = study.measure("satisfaction.response_rate", by="grade")
    assert [(item.numerator, item.denominator) for item in by_grade] == [(10, 60), (9, 40), (8, 60)]


def test_the_bounds_hold_whatever_the_silent_think(study):
    """22 satisfied of 27 answers; 160 invited, the 40 of the silent school and the one without an answer among them."""
    against, for_ = (study.measure(f"satisfaction.if_silent_{side}") for side in ("against", "for"))
    assert (against.value, against.numerator, against.denominator, against.base) == (22 / 160, 22, 160, 160)
    assert (for_.value, for_.numerator, for_.denominator, for_.nature) == (155 / 160, 155, 160, "count")
    needed = study.measure("satisfaction.needed_of_silent")
    assert (needed.numerator, needed.denominator) == (151 - 22, 133)  # 0.94 · 160 = 150.4
    by_item = study.measure("satisfaction.if_silent_against", by="item")
    assert {item.denominator for item in by_item} == {160}
    assert by_item.only(item="overall").numerator == 22
    one_school = study.measure("satisfaction.if_silent_for", by="school").only(school=NORTH)
    assert (one_school.numerator, one_school.denominator) == (16 + 41, 60)


def test_the_target_is_of_the_district_that_set_it():
    on = date(2026, 6, 1)
    assert rule("satisfaction.target", on, DISTRICT).value == 0.94
    assert rule("satisfaction.target", on, "140302") is None
    assert rule("satisfaction.target", on) is None


def test_without_a_target_no_verdict_and_nothing_needed_of_the_silent(study, monkeypatch):
    monkeypatch.setattr(Judge, "value", lambda self, *_, **__: None)
    other = Study("latest", district=DISTRICT, term=TERM, as_of="2026-07-03", store=study._store)
    assert other.measure("satisfaction.needed_of_silent").estimate.status == "no data"
    assert other.measure("satisfaction.if_silent_against").value == 22 / 160


def test_items_stand_in_the_questionnaires_order_under_their_short_names(study):
    by_item = study.measure("satisfaction.top2", by="item")
    assert [item.group_label for item in by_item] == list(items("parent").values())
    assert by_item.only(item="overall").value == study.measure("satisfaction.top2").value
    assert [item.group_label for item in study.measure("satisfaction.top2", by="wave")] == ["2025年12月", "2026年6月"]


def test_the_answers_of_an_item_add_up_to_all(study):
    shares = answer_shares(study)
    assert list(shares.columns) == ["非常满意", "满意", "一般", "不满意", "非常不满意"]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(ITEMS)))
    assert shares.loc["总体满意", ["非常满意", "满意"]].sum() == pytest.approx(study.measure("satisfaction.top2").value)


def test_the_narrow_interval_lies_inside(study):
    wide, narrow = study.measure("satisfaction.top2").estimate, study.measure("satisfaction.top2_narrow").estimate
    assert narrow.level == 0.9 and wide.lower < narrow.lower < narrow.upper < wide.upper


def test_change_is_told_in_percentage_points_of_the_schools_in_both_waves(study):
    one = study.measure("satisfaction.change")
    before, after = study.measure("satisfaction.top2", by="wave")
    assert one.value == pytest.approx(100 * (after.value - before.value))
    assert (one.schools, one.unit) == (2, "个百分点")
    assert one.estimate.lower < one.value < one.estimate.upper


def test_careless_questionnaires_are_counted_not_dropped(study):
    straight = study.measure("satisfaction.straight_lining")
    fast = study.measure("satisfaction.speeding")
    assert (straight.numerator, fast.numerator) == (4, 1)  # three all fives, one all ones; one in six seconds
    assert study.measure("satisfaction.top2").base - study.measure("satisfaction.top2_screened").base == 5


def test_schools_are_drawn_together_and_their_ranks_are_open(study):
    shares = study.measure("satisfaction.top2", by="school")
    shrunken = study.measure("satisfaction.shrunken", by="school")
    raw = [shares.only(school=code).value for code in (NORTH, NINE)]
    drawn = [shrunken.only(school=code).value for code in (NORTH, NINE)]
    assert abs(drawn[0] - drawn[1]) < abs(raw[0] - raw[1])
    table = ranking(shares, study)
    assert len(table) == 3 and table.iloc[:2][["lower", "upper"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    found = funnel_limits(study)
    for limits in (found.limits, found.widened):
        assert (limits["lower_998"] <= limits["lower_95"]).all() and limits["upper_998"].between(0, 1).all()
    assert found.homogeneity.df == 1 and not found.differ and found.apart == ()


def test_a_term_without_a_wave_has_no_figures(study):
    early = Study("latest", district=DISTRICT, term=TERM, as_of="2026-05-01", store=study._store)
    assert early.measure("satisfaction.top2").estimate.status == "no data"
    assert early.measure("satisfaction.change").estimate.status == "no data"


EVERY = ("top2", "mean_score", "alpha", "change", "response_rate", "representativeness", "straight_lining", "shrunken")


def _study_of(folder, survey: pd.DataFrame) -> Study:
    enrolment = pd.DataFrame(
        [(TERM, school, grade, room, pupils) for school, grade, room, pupils, _ in CLASSES],
        columns=["term", "school", "grade", "class", "pupils"],
    )
    made, _ = store(folder, enrolment=enrolment, survey=survey)
    return Study("latest", district=DISTRICT, term=TERM, as_of="2026-07-03", store=made)


def test_one_school_alone_in_a_wave_has_its_own_figures_and_no_comparison(tmp_path):
    rows = _survey({NOW: 0.0, BEFORE: 0.4})
    one = _study_of(tmp_path, rows[(rows["school"] == NORTH) | (rows["wave"] == BEFORE)])
    assert one.measure("satisfaction.top2").value == pytest.approx((20 * 8 / 10 + 40 * 8 / 9) / 60)
    found = funnel_limits(one)
    assert found.homogeneity is None and found.limits.empty and not found.differ
    ranks = ranking(one.measure("satisfaction.top2", by="school"), one)
    assert len(ranks) == 3 and ranks.isna().all(axis=None)
    assert [item.estimate.status for item in one.measure("satisfaction.top2", by="school")] == [
        "ok",
        "no data",
        "no data",
    ]
    for id in EVERY:
        one.measure(f"satisfaction.{id}", by="school")
    assert one.measure("satisfaction.change").schools == 1
    assert one.measure("satisfaction.if_silent_against").denominator == 160


def test_answers_without_a_grade_count_for_no_grade_and_give_no_sham_interval(tmp_path):
    rows = _survey({NOW: 0.0, BEFORE: 0.4})
    bare = _study_of(
        tmp_path / "bare", rows.assign(grade=pd.array([pd.NA] * len(rows), dtype="Int64"), **{"class": None})
    )
    whole = bare.measure("satisfaction.top2")
    # 16 of 19 in a school of 60, 6 of 8 in one of 60; each school is one class: no interval
    assert whole.value == pytest.approx((60 * 16 / 19 + 60 * 6 / 8) / 120)
    assert (whole.estimate.status, whole.estimate.lower) == ("too few", None)
    assert all(item.estimate.status == "no data" for item in bare.measure("satisfaction.top2", by="grade"))
    assert bare.measure("satisfaction.representativeness").estimate.status == "no data"
    some = rows["respondent"].str.endswith("1-1-0")  # one answer of class 1 in grade 1
    part = _study_of(tmp_path / "part", rows.assign(grade=rows["grade"].astype("Int64").mask(some)))
    assert part.measure("satisfaction.top2").base == 27
    assert sum(item.base for item in part.measure("satisfaction.top2", by="grade")) == 26
    for id in EVERY:
        bare.measure(f"satisfaction.{id}", by="school")
        part.measure(f"satisfaction.{id}", by="school")


@pytest.mark.parametrize("role,question", [("student", None), ("parent", None), (None, "grade")])
def test_a_role_or_a_question_that_is_not_asked_gives_figures_with_a_status(study, monkeypatch, role, question):
    described = source._described

    def fewer(*arguments):
        return tuple(
            replace(each, questions=tuple(one for one in each.questions if one.role != question))
            for each in described(*arguments)
            if each.role != role
        )

    monkeypatch.setattr(source, "_described", fewer)
    other = Study("latest", district=DISTRICT, term=TERM, as_of="2026-07-03", store=study._store)
    for id in EVERY:
        for asked in ("parent", "student"):
            other.measure(f"satisfaction.{id}", role=asked)
    known = question == "grade" or role == "student"
    assert other.measure("satisfaction.top2").estimate.status == ("ok" if known else "no data")
    assert answer_shares(other).empty is not known
    with pytest.raises(UserError, match="填答人“teacher”不可用"):
        other.measure("satisfaction.top2", role="teacher")


def test_pupils_without_a_questionnaire_have_no_figures(study):
    assert study.measure("satisfaction.top2", role="student").estimate.status == "no data"
    assert [item.group_label for item in study.measure("satisfaction.top2", by="role")] == ["家长", "学生"]


def test_without_a_questionnaire_for_pupils_their_figures_are_unknown_and_the_parents_stand(study, monkeypatch):
    before = study.measure("satisfaction.top2").text
    monkeypatch.setattr(source, "_described", lambda *_: tuple(f for f in questionnaires.read() if f.role == "parent"))
    study._kept.clear()
    assert study.measure("satisfaction.top2").text == before
    for id in ("top2", "response_rate", "change", "representativeness"):
        assert not study.measure(f"satisfaction.{id}", role="student").known
    with pytest.raises(UserError, match="teacher"):
        source.questionnaire("teacher")
