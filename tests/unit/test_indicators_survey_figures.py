"""The figures of a survey small enough to work out by hand: whom they are asked of, what they rest on, their limits."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import survey_by_hand as hand
from scipy import stats
from survey_by_hand import BEFORE, NOW, A, B, C, answer

from analysis.house import UserError
from analysis.indicators import satisfaction, satisfaction_change
from analysis.indicators import satisfaction_survey as source
from analysis.statistics.estimate import Estimate

ENROLLED = hand.enrolment((A, 1, 30), (A, 2, 20), (B, 7, 60), (C, 1, 40))
# school, grade, class, scores of the overall item; each answer stands for ten pupils
ROOMS = [(A, 1, "1", (5, 4, 3)), (A, 2, "1", (5, 2)), (B, 7, "1", (4, 4, 1, None)), (B, 7, "2", (5, 5))]
THEN = [(A, 1, "1", (3, 3, 5)), (B, 7, "1", (5, 5)), (C, 1, "1", (5,))]


def told(rooms: list, wave: str = NOW) -> list:
    day = pd.Timestamp("2026-06-10" if wave == NOW else "2025-12-10")
    return [
        answer(school, grade, room, f"{wave}{school}{grade}{room}{n}", 5, 1 + n, score, wave=wave, submitted_on=day)
        for school, grade, room, scores in rooms
        for n, score in enumerate(scores)
    ]


@pytest.fixture(autouse=True)
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = hand.questionnaire(), hand.questionnaire("student")
    monkeypatch.setattr(source, "_described", lambda *_: asked)


@pytest.fixture
def study() -> hand.Study:
    return hand.study(told(ROOMS) + told(THEN, BEFORE), ENROLLED)


def asked(study: Any, *by: str, every_item: bool = False, **where: Any) -> list[tuple[str, str, str, dict]]:
    found = satisfaction.questions(study, by, where, every_item=every_item)
    return [(one.survey.role, one.survey.wave, one.item, one.group) for one in found]


def test_without_more_the_overall_item_of_the_parents_in_the_last_wave_is_asked(study) -> None:
    assert asked(study) == [("parent", NOW, "overall", {})]
    assert asked(study, "role") == [
        ("parent", NOW, "overall", {"role": "parent"}),
        ("student", NOW, "overall", {"role": "student"}),
    ]
    assert asked(study, "role", role="student") == [("student", NOW, "overall", {"role": "student"})]
    assert asked(study, "wave") == [
        ("parent", BEFORE, "overall", {"wave": BEFORE}),
        ("parent", NOW, "overall", {"wave": NOW}),
    ]
    assert asked(study, wave=[BEFORE]) == [("parent", BEFORE, "overall", {})]
    assert [each[3] for each in asked(study, "item")] == [{"item": "work"}, {"item": "care"}, {"item": "overall"}]
    assert [(each[2], each[3]) for each in asked(study, every_item=True)] == [
        ("work", {}),
        ("care", {}),
        ("overall", {}),
    ]
    assert [each[2] for each in asked(study, item=("care", "nothing"))] == ["care"]


def test_a_narrowing_keeps_the_rows_of_its_group(study) -> None:
    def rows(**where: Any) -> list[int]:
        (one,) = satisfaction.questions(study, ("grade",), where)
        assert one.rows == ("grade",)
        return np.flatnonzero(one.domain).tolist()

    assert rows() == list(range(11))
    assert rows(grade=2) == [3, 4] and rows(grade=["1", 2]) == [0, 1, 2, 3, 4]
    assert rows(school=B) == [5, 6, 7, 8, 9, 10]
    assert rows(school=B, **{"class": "2"}) == [9, 10] and rows(stage="primary", grade_band="junior") == []


def test_a_questionnaire_without_an_overall_item_is_refused_only_where_it_is_asked(study, monkeypatch) -> None:
    bare = hand.questionnaire(questions=(hand.GRADE, replace(hand.SCORE, rows=hand.SCORE.rows[:2])))
    monkeypatch.setattr(source, "_described", lambda *_: (bare,))
    with pytest.raises(UserError, match="问卷“parent问卷”没有问总体满意度的题"):
        asked(study)
    assert asked(study, item="work") == [("parent", NOW, "work", {})]
    assert asked(study, role="student") == []  # nobody asks them


def test_a_group_is_named_by_its_item_or_its_wave_alone(study) -> None:
    (one,) = satisfaction.questions(study, ("item",), {"item": "care"})
    assert one.label({"item": "care"}) == "服务" and one.label({"wave": "2025-09"}) == "2025年9月"
    assert one.label({"wave": "2026-06-b"}) == "2026年6月"
    assert one.label({"wave": NOW, "item": "care"}) == one.label({}) == one.label({"school": A}) == ""
    assert replace(one, item="gone").label({"item": "gone"}) == ""


def places(study: Any, *by: str, **where: Any) -> list[dict]:
    (one,) = satisfaction.questions(study, by, where)
    return satisfaction.places(study, one)


def test_every_school_has_a_place_and_of_the_rest_what_was_observed(study) -> None:
    assert places(study) == places(study, "role", role="parent") == [{}]
    assert places(study, "school") == [{"school": A}, {"school": B}, {"school": C}]
    assert places(study, "grade") == [{"grade": 1}, {"grade": 2}, {"grade": 7}]
    assert places(study, "school", "grade", grade=[1, 7]) == [{"school": A, "grade": 1}, {"school": B, "grade": 7}]
    alone = hand.study(told(ROOMS), ENROLLED, school=B)
    assert places(alone, "school") == [{"school": B}]
    silent = hand.study(told(ROOMS), ENROLLED, school=C)
    assert places(silent, "school") == [{"school": C}] and places(silent, "grade") == []
    rooms = hand.study(told([(A, 1, room, (5,)) for room in ("10", "2", "1")]), ENROLLED)
    assert [each["class"] for each in places(rooms, "class")] == ["1", "2", "10"]


def test_the_mean_score_of_each_group_and_what_it_rests_on(study) -> None:
    """5 + 4 + 3 + 5 + 2 in A and 4 + 4 + 1 + 5 + 5 in B; one in B leaves the item out."""
    (whole,) = satisfaction.mean_score(study, None, (), {})
    assert whole.estimate.value == pytest.approx(3.8) and (whole.base, whole.schools, whole.classes) == (10, 2, 4)
    assert (whole.numerator, whole.denominator, whole.group, whole.label) == (None, None, {}, "")
    one = whole.estimate
    assert one.df == 2  # four classes less two schools
    half = stats.t.ppf(0.975, 2) * one.se
    assert (one.lower, one.upper) == (pytest.approx(3.8 - half), pytest.approx(3.8 + half))
    first, second, silent = satisfaction.mean_score(study, None, ("school",), {})
    assert (first.estimate.value, first.base, first.schools, first.classes) == (pytest.approx(3.8), 5, 1, 2)
    assert first.estimate.df == 1 and second.group == {"school": B} and second.base == 5
    assert (silent.group, silent.estimate.status, silent.base, silent.schools, silent.classes) == (
        {"school": C}, "no data", 0, 0, 0,
    )  # fmt: skip
    grades = satisfaction.mean_score(study, None, ("grade",), {})
    assert [each.estimate.value for each in grades] == pytest.approx([4.0, 3.5, 3.8])
    assert [(each.base, each.classes, each.estimate.status) for each in grades[:2]] == [
        (3, 1, "too few"), (2, 1, "too few"),
    ]  # fmt: skip
    (care,) = satisfaction.mean_score(study, None, ("item",), {"item": "care", "grade": 1})
    assert care.estimate.value == pytest.approx(2) and (care.group, care.label) == ({"item": "care"}, "服务")
    rooms = satisfaction.mean_score(study, None, ("class", "school"), {})
    assert [each.group for each in rooms] == [{"class": r, "school": s} for s, r in ((A, "1"), (B, "1"), (B, "2"))]
    assert [each.estimate.value for each in rooms] == pytest.approx([3.8, 3, 5])


def test_satisfied_answers_are_counted_and_weighed(study) -> None:
    """Three of five in A, four of five in B; each answer stands for ten."""
    (whole,) = satisfaction.top2(study, None, (), {})
    assert (whole.numerator, whole.denominator, whole.base) == (7, 10, 10)
    assert whole.estimate.value == pytest.approx(0.7) and whole.estimate.lower < 0.7 < whole.estimate.upper
    by_school = satisfaction.top2(study, None, ("school",), {})
    assert [(each.numerator, each.denominator) for each in by_school] == [(3, 5), (4, 5), (None, None)]
    again = satisfaction.top2(study, None, ("school",), {})
    assert again == by_school and again is not by_school
    assert [each.numerator for each in satisfaction.top2(study, None, ("grade",), {"school": A})] == [2, 1]
    (none,) = satisfaction.top2(study, None, (), {"grade": 9})
    assert (none.estimate.status, none.base) == ("no data", 0)
    (narrow,) = satisfaction.top2_narrow(study, None, (), {})
    assert narrow.estimate.level == 0.9 and whole.estimate.level == 0.95
    assert whole.estimate.lower < narrow.estimate.lower < narrow.estimate.upper < whole.estimate.upper


def test_a_silent_school_does_not_hide_those_after_it() -> None:
    late = hand.study(told([(B, 7, "1", (5, 1)), (B, 7, "2", (5, 5))]), ENROLLED)
    figures = satisfaction.top2(late, None, ("school",), {})
    assert [(each.group["school"], each.base, each.numerator) for each in figures] == [(A, 0, None), (B, 4, 3), (C, 0, None)]  # fmt: skip


def test_the_design_effect_is_that_against_drawing_with_replacement(study) -> None:
    """Each answer stands for ten: the variance of ten independent answers is that of the scores, s²/10."""
    scores = np.array([5, 4, 3, 5, 2, 4, 4, 1, 5, 5])
    (mean,) = satisfaction.mean_score(study, None, (), {})
    assert mean.estimate.deff == pytest.approx(mean.estimate.se**2 / (scores.var(ddof=1) / 10))


def test_a_share_is_no_surer_than_that_of_as_many_independent_answers() -> None:
    """Every class is divided alike: between classes nothing varies, and √(p(1 − p)/n) is taken for the error."""
    alike = hand.study(told([(school, 1, room, (5, 5, 1, 1)) for school in (A, B) for room in "123"]), None)
    (one,) = satisfaction.top2(alike, None, (), {})
    assert one.estimate.value == 0.5 and one.estimate.se == pytest.approx(math.sqrt(0.25 / 24))


def test_the_correlation_of_classmates_is_learnt_from_the_whole_district() -> None:
    many = [(school, 1, room, (5, 5, 4, 1) if room < "3" else (1, 2, 2, 5)) for school in (A, B) for room in "1234"]
    whole = hand.study(told(many), ENROLLED)
    alone = hand.study(told(many), ENROLLED, school=A)
    (own,) = satisfaction.top2(alone, None, (), {})
    assert own.estimate == satisfaction.top2(whole, None, ("school",), {})[0].estimate
    place = ("alike", NOW, "parent", "overall")
    assert place in alone.district._kept and place not in alone._kept
    survey = source.survey(whole)
    assert alone.district._kept[place] == source.design(whole).intraclass(survey.satisfied("overall"))
    nobody = hand.study([], ENROLLED)
    assert satisfaction.top2(nobody, None, (), {})[0].estimate.status == "no data"
    assert nobody._kept[place] is None


def test_alpha_needs_two_items_and_those_who_answered_all(monkeypatch) -> None:
    scores = [(5, 4, 5), (1, 2, 1), (3, 3, 4), (4, 5, 4), (2, 2, 3), (5, 5, None)]
    rows = [answer(A, 1, str(n % 2), str(n), *own) for n, own in enumerate(scores)]
    one = hand.study(rows, None)
    (found,) = satisfaction.alpha(one, None, (), {})
    table = np.array(scores[:5], dtype=float)
    alpha = 3 / 2 * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1))
    assert found.estimate.value == pytest.approx(alpha) and found.base == 5
    for count, given in ((2, 1), (1, 0)):
        few = hand.questionnaire(questions=(replace(hand.SCORE, rows=hand.SCORE.rows[-count:]),))
        monkeypatch.setattr(source, "_described", lambda *_, few=few: (few,))
        assert len(satisfaction.alpha(hand.study(rows, None), None, (), {})) == given
    single, pupils = hand.questionnaire(questions=(replace(hand.SCORE, rows=hand.SCORE.rows[-1:]),)), hand.questionnaire("student")  # fmt: skip
    monkeypatch.setattr(source, "_described", lambda *_: (single, pupils))
    assert [each.group for each in satisfaction.alpha(hand.study(rows, None), None, ("role",), {})] == [
        {"role": "student"}
    ]


def test_what_stands_behind_each_group() -> None:
    rows = pd.DataFrame({"school": [A, A, B, A], "_class": list("xyzx"), "grade": [1, 2, 1, 1]})
    yes = np.array([1.0, 0.0, 1.0, 1.0])
    assert satisfaction._behind(rows, [], yes) == {(): (4, 3.0, 2, 3)}
    assert satisfaction._behind(rows, ["grade"], None) == {(1,): (3, 0.0, 2, 2), (2,): (1, 0.0, 1, 1)}
    assert satisfaction._behind(rows, ["school", "grade"], yes) == {
        (A, 1): (2, 2.0, 1, 1), (A, 2): (1, 0.0, 1, 1), (B, 1): (1, 1.0, 1, 1),
    }  # fmt: skip


def test_an_estimate_is_settled_to_twelve_places() -> None:
    long = Estimate(0.1234567890123456, se=1e-13, lower=2 / 3, upper=0.99999999999996, deff=1 / 3)
    found = satisfaction.settled(long)
    assert (found.value, found.se, found.lower) == (0.123456789012, 0.0, 0.666666666667)
    assert (found.upper, found.deff) == (1.0, 0.333333333333)
    assert satisfaction.settled(Estimate(None)).value is None


# -- since the wave before ------------------------------------------------------------------------------------------


def test_a_change_is_that_of_the_schools_in_both_waves_in_points(study) -> None:
    """Before: one of three in A (50 pupils), two of two in B (60); now 3/5 and 4/5, each answer ten. C answered before only."""
    (whole,) = satisfaction_change.since_before(study, None, (), {})
    before = (50 / 3 + 60) / 110
    assert whole.estimate.value == pytest.approx(100 * (0.7 - before), abs=1e-9)
    assert (whole.base, whole.schools, whole.group) == (15, 2, {})
    first, second, third = satisfaction_change.since_before(study, None, ("school",), {})
    assert first.estimate.value == pytest.approx(100 * (3 / 5 - 1 / 3)) and (first.base, first.schools) == (8, 1)
    assert second.estimate.value == pytest.approx(100 * (4 / 5 - 1)) and (second.base, second.schools) == (7, 1)
    assert (third.estimate.status, third.base, third.schools) == ("no data", 0, 0)
    (care,) = satisfaction_change.since_before(study, None, ("item",), {"item": "care"})
    assert (care.label, care.schools) == ("服务", 2)


def test_both_waves_are_one_design_weighed_wave_by_wave(study) -> None:
    before, after, joined, now = satisfaction_change.both_waves(study, "parent")
    assert (before, after, now.wave) == (BEFORE, NOW, NOW)
    # in the wave before: three answers for the 50 of A, two for the 60 of B, one for the 40 of C
    assert joined.weights == pytest.approx([50 / 3] * 3 + [30] * 2 + [40] + [10] * 11)
    assert joined.frame["wave"].tolist() == [BEFORE] * 6 + [NOW] * 11
    assert satisfaction_change.both_waves(study, "parent")[2] is joined
    assert satisfaction_change.both_waves(study, "student")[2].frame.empty
    assert satisfaction_change.compared(study, "student", "overall") is None
    only_a = np.array(joined.frame["school"] == A)
    assert satisfaction_change.compared(study, "parent", "overall", only_a).both == (A,)
    late_only = np.array(joined.frame["wave"] == NOW)
    assert satisfaction_change.compared(study, "parent", "overall", late_only) is None
    assert satisfaction_change.compared(study, "parent", "overall", ~late_only) is None


def test_where_the_enrolment_of_one_wave_is_not_known_both_have_equal_weights() -> None:
    some = hand.study(told(ROOMS) + told(THEN, BEFORE), ENROLLED[ENROLLED["school"] != C])  # C answered before only
    assert satisfaction_change.both_waves(some, "parent")[2].weights.tolist() == [1.0] * 17
    late = hand.study(told(ROOMS), ENROLLED)
    assert satisfaction_change.both_waves(late, "parent")[2].weights == pytest.approx([10] * 11)
    (none,) = satisfaction_change.since_before(late, None, (), {})
    assert (none.estimate.status, none.base, none.schools) == ("no data", 0, 0)


def test_the_first_wave_has_none_before_it(monkeypatch, study) -> None:
    monkeypatch.setattr(source, "_described", lambda *_: (hand.questionnaire(waves=hand.WAVES[1:]),))
    assert satisfaction_change.both_waves(study, "parent") is None
    assert satisfaction_change.compared(study, "parent", "overall") is None
    assert satisfaction_change.since_before(study, None, (), {})[0].estimate.status == "no data"


def test_points_are_a_hundred_times_a_share() -> None:
    found = satisfaction_change.in_points(Estimate(0.25, se=0.01, lower=-0.5, upper=1, n=9, df=3))
    assert (found.value, found.se, found.lower, found.upper, found.n, found.df) == (25, 1, -50, 100, 9, 3)
    assert satisfaction_change.in_points(Estimate(None, status="no data")).value is None
