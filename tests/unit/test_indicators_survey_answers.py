"""The survey as a study sees it: which wave, which questions, which answers, and how they are weighted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import survey_by_hand as hand
from survey_by_hand import BEFORE, NOW, A, B, C, answer

from analysis.house import UserError
from analysis.indicators import satisfaction_survey as source


@pytest.fixture(autouse=True)
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    parents, pupils = hand.questionnaire(), hand.questionnaire("student", waves=())
    monkeypatch.setattr(source, "_described", lambda *_: (parents, pupils))


def ask(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    monkeypatch.setattr(source, "_described", lambda *_: (hand.questionnaire(**changed),))


def seen(start: str, until: str) -> Any:
    day = date.fromisoformat
    return SimpleNamespace(
        calendar=SimpleNamespace(start=day(start)), source=SimpleNamespace(answered_until=day(until))
    )


@pytest.mark.parametrize(
    ("start", "until", "wave"),
    [
        ("2026-03-02", "2026-07-03", NOW),
        ("2026-06-08", "2026-06-08", NOW),  # begun on the term's first day, and on the last that counts
        ("2026-03-02", "2026-06-07", ""),
        ("2026-06-09", "2026-07-03", ""),
        ("2025-12-08", "2026-06-07", BEFORE),
        ("2025-09-01", "2026-07-03", NOW),
        ("2025-09-01", "2025-12-07", ""),
    ],
)
def test_a_study_speaks_of_the_last_wave_begun_within_its_days(start: str, until: str, wave: str) -> None:
    assert source.wave_of(seen(start, until), "parent") == wave
    assert source.wave_of(seen(start, until), "student") == ""


def test_the_wave_before_is_none_for_the_first_and_for_one_that_has_not_begun() -> None:
    late, early = seen("2026-03-02", "2026-07-03"), seen("2026-03-02", "2026-06-07")
    assert source.wave_before(late, "parent", NOW) == BEFORE
    assert source.wave_before(late, "parent", BEFORE) == ""
    assert source.wave_before(early, "parent", NOW) == ""
    third = [("a", date(2026, 1, 3), None), ("c", date(2026, 1, 1), None), ("b", date(2026, 1, 2), None)]
    with pytest.MonkeyPatch.context() as patch:
        ask(patch, waves=third)
        assert source.waves(late, "parent") == ["c", "b", "a"]
        assert [source.wave_before(late, "parent", wave) for wave in "cba"] == ["", "c", "b"]


def test_a_role_without_a_questionnaire_has_neither_items_nor_waves_nor_grades(monkeypatch) -> None:
    ask(monkeypatch)
    assert source.questionnaire("parent").role == "parent"
    assert source.questionnaire("student") is None and source.confirmed("student") is None
    assert source.items("student") == {} and source.grades("student") == []
    assert source.waves(seen("2026-03-02", "2026-07-03"), "student") == []
    assert source.scale("student").satisfied == (4, 5)
    with pytest.raises(UserError, match="填答人“teacher”不可用；可用：parent、student"):
        source.questionnaire("teacher")


def test_the_questionnaires_of_the_project_are_read_by_their_role(monkeypatch) -> None:
    monkeypatch.undo()
    assert [source.questionnaire(role).role for role in ("parent", "student")] == ["parent", "student"]
    assert source.items("parent")["overall"] == "总体满意"


def test_only_scored_questions_are_items_and_the_best_two_steps_satisfied(monkeypatch) -> None:
    assert source.items("parent") == {"work": "作业", "care": "服务", "overall": "总体"}
    five = source.scale("parent")
    assert five.labels == ("非常不满意", "不满意", "一般", "满意", "非常满意") and five.satisfied == (4, 5)
    single = hand.SCORE.__class__(9, "single", "score", "总体满意吗", "overall", ("差", "中", "好"), (1, 2, 3))
    ask(monkeypatch, questions=(hand.GRADE, hand.MINUTES, single))
    assert source.items("parent") == {"overall": "总体满意吗"}
    three = source.scale("parent")
    assert three.labels == ("差", "中", "好") and three.satisfied == (2, 3)


def test_points_that_nobody_confirmed_are_refused(monkeypatch) -> None:
    ask(monkeypatch, questions=(hand.GRADE, replace(hand.SCORE, score=())))
    for each in (source.items, source.scale, source.confirmed):
        with pytest.raises(UserError, match="第 3 题的分值还没有人确认"):
            each("parent")
    assert source.grades("parent") == [1, 2, 7]


def test_the_grades_asked_are_those_offered_else_all(monkeypatch) -> None:
    assert source.grades("parent") == [1, 2, 7]
    ask(monkeypatch, questions=(hand.MINUTES, hand.SCORE))
    assert source.grades("parent") == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_answers_stand_one_row_a_respondent_in_order_of_school_grade_and_class() -> None:
    rows = [
        answer(B, 7, "1", "b1", 5, 4, None),
        answer(A, 2, "1", "a3", 3, 3, 3),
        answer(A, 1, "2", "a2", 1, 2, 3, seconds=7),
        answer(A, 1, "1", "a1", None, None, 4),
        answer(A, 1, "1", "a0", None, None, None),  # answered nothing
        answer(A, 1, "1", "last", 5, 5, 5, submitted_on=pd.Timestamp("2026-07-03")),
        answer(A, 1, "1", "late", 5, 5, 5, submitted_on=pd.Timestamp("2026-07-04")),
        answer(A, 1, "1", "old", 5, 5, 5, wave=BEFORE),
        answer(A, 1, "1", "pupil", 5, 5, 5, role="student"),
        answer("other", 1, "1", "far", 5, 5, 5),
        [row | {"item": "minutes"} for row in answer(A, 1, "1", "clock", 30, 30, 30)[:1]],
    ]
    rows[1][0] |= {"state": "skipped"}  # its score does not count
    found = source.survey(hand.study(rows))
    answers = found.answers
    assert (found.wave, found.role, list(found.items)) == (NOW, "parent", ["work", "care", "overall"])
    assert list(answers.columns) == [
        "respondent", "wave", "role", "school", "grade", "class", "seconds", "work", "care", "overall",
        "_class", "stage", "grade_band", "_cell",
    ]  # fmt: skip
    assert answers["respondent"].tolist() == ["a1", "last", "a2", "a3", "b1"]
    assert answers["_class"].tolist() == ["S1/1/1", "S1/1/1", "S1/1/2", "S1/2/1", "S2/7/1"]
    assert answers["work"].fillna(0).tolist() == [0, 5, 1, 0, 5]
    assert answers["overall"].fillna(0).tolist() == [4, 5, 3, 3, 0]
    assert answers["seconds"].tolist() == [100, 100, 7, 100, 100]
    assert answers["stage"].tolist() == ["primary"] * 4 + ["junior"]
    assert answers["grade_band"].tolist() == ["lower"] * 4 + ["junior"]
    assert answers["_cell"].tolist() == [1, 1, 1, 2, 7] and answers["grade"].dtype == "int64"
    one = source.survey(hand.study(rows, school=B))
    assert one.answers["respondent"].tolist() == ["b1"]


def test_a_school_with_an_answer_of_no_grade_is_one_cell_and_the_others_keep_theirs() -> None:
    rows = [answer(A, 1, "1", "a", 5, 5, 5), answer(A, None, None, "u", 4, 4, 4), answer(B, 7, "1", "b", 3, 3, 3)]
    answers = source.survey(hand.study(rows)).answers
    assert answers["respondent"].tolist() == ["a", "u", "b"] and answers["_cell"].tolist() == [0, 0, 7]
    assert answers["_class"].tolist() == ["S1/1/1", "S1//", "S2/7/1"]
    assert answers["grade"].dtype == "Int64" and answers["grade"].isna().tolist() == [False, True, False]
    assert answers["stage"].isna().tolist() == [False, True, False]


def test_scores_stored_without_points_are_refused_and_single_missing_ones_are_not() -> None:
    bare = [[row | {"score": None} for row in answer(A, 1, "1", "a", 1, 1, 1)]]
    with pytest.raises(UserError, match="“2026-06”一轮答卷读入时分值还没有确认"):
        source.survey(hand.study(bare))
    some = source.survey(hand.study([*bare, answer(A, 1, "1", "b", 2, 2, 2)]))
    assert some.answers["respondent"].tolist() == ["b"]
    assert source.survey(hand.study([answer(A, 1, "1", "a", None, None, None)])).answers.empty


def test_without_answers_the_survey_is_empty_and_has_its_columns() -> None:
    names = [*source.BESIDE, "work", "care", "overall"]
    nobody, other = hand.Study(), hand.study([answer(A, 1, "1", "a", 5, 5, 5, wave=BEFORE)])
    for one in (nobody, other, hand.study([])):
        assert source.survey(one).answers.empty and list(source.survey(one).answers.columns) == names
    assert source.survey(other, BEFORE).answers["respondent"].tolist() == ["a"]
    assert source.survey(other, BEFORE) is source.survey(other, BEFORE)
    assert source.survey(other).wave == NOW and source.survey(other, role="student").wave == ""


def test_invited_are_the_pupils_of_the_grades_that_are_asked() -> None:
    rows = pd.concat(
        [
            hand.enrolment((A, 1, 20), (A, 1, 12), (A, 2, 5), (A, 3, 99), (B, 7, 8), ("other", 1, 50)),
            hand.enrolment((A, 1, 1000)).assign(term="2025-2026-1"),
        ]
    )
    invited = source.survey(hand.study([], rows)).invited
    assert invited[["school", "grade", "invited"]].to_numpy().tolist() == [[A, 1, 32], [A, 2, 5], [B, 7, 8]]
    assert invited["stage"].tolist() == ["primary", "primary", "junior"]
    assert invited["grade_band"].tolist() == ["lower", "lower", "junior"]
    assert source.survey(hand.study([], rows, school=B)).invited["invited"].tolist() == [8]
    other = rows.assign(term="2025-2026-1")
    for none in (hand.study([]), hand.study([], other)):
        empty = source.survey(none).invited
        assert empty.empty and list(empty.columns) == ["school", "grade", "stage", "grade_band", "invited"]


def cells(*told: tuple[str, int], invited: list[tuple[str, int, int]]) -> dict:
    answers = pd.DataFrame(told, columns=["school", "_cell"])
    return source.enrolled_cells(answers, pd.DataFrame(invited, columns=["school", "grade", "invited"]))


def test_a_grade_without_answers_is_lent_to_its_nearest_neighbour() -> None:
    """Grade 3 of A lies one from 2 and two from 5; grade 6 one from 5; grade 7 of B between 6 and 8: the lower one."""
    told = [(A, 2), (A, 5), (A, 5), (B, 8), (B, 6)]
    invited = [(A, 1, 10), (A, 2, 20), (A, 3, 30), (A, 5, 50), (A, 6, 60), (B, 6, 6), (B, 7, 7), (B, 8, 8), (C, 1, 99)]
    found = cells(*told, invited=invited)
    assert found == {(A, 2): 60.0, (A, 5): 110.0, (B, 6): 13.0, (B, 8): 8.0}
    assert list(found) == [(A, 2), (A, 5), (B, 6), (B, 8)]
    assert cells((A, 0), invited=[(A, 1, 10), (A, 9, 5)]) == {(A, 0): 15.0}


@pytest.mark.parametrize(
    ("told", "invited"),
    [([], [(A, 1, 5)]), ([(A, 1)], []), ([(A, 1), (B, 1)], [(A, 1, 5)]), ([(A, 1), (B, 1)], [(A, 1, 5), (B, 1, 0)])],
)
def test_no_weights_where_an_answering_school_has_no_enrolment(told: list, invited: list) -> None:
    assert cells(*told, invited=invited) == {}
    assert cells((A, 1), invited=[(A, 1, 1)]) == {(A, 1): 1.0}


def test_answers_stand_for_the_pupils_of_their_grade_in_their_school() -> None:
    """Two answers stand for 20 pupils of grade 1, three for 30 of grade 2 and 15 of grade 7, one for 8 in school B."""
    rows = [answer(A, 1, "1", f"a{n}", 5, 5, 5) for n in range(2)] + [answer(B, 7, "1", "b", 1, 1, None)]
    rows += [answer(A, 2, str(n), f"c{n}", 4, 3, 2) for n in range(3)]
    study = hand.study(rows, hand.enrolment((A, 1, 20), (A, 2, 30), (A, 7, 15), (B, 7, 8)))
    design = source.design(study)
    assert design.weights == pytest.approx([10, 10, 15, 15, 15, 8])
    (first,) = design.stages
    assert first.size.tolist() == [4, 1] and np.isinf(first.population).all()  # classes by school; all were invited
    assert first.row_stratum().tolist() == [0, 0, 0, 0, 0, 1] and design.single_psu == "adjust"
    assert source.survey(study).satisfied("overall").tolist()[:5] == [1, 1, 0, 0, 0]
    assert np.isnan(source.survey(study).satisfied("overall")[5])
    assert source.design(study) is source.design(study, NOW)
    assert source.design(hand.study(rows)).weights.tolist() == [1.0] * 6
