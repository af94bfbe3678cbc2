"""Who answered a survey, how alike they are to those invited, who looks careless, what silence may hide: counted by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import survey_by_hand as hand
from survey_by_hand import A, B, C, answer

from analysis.indicators import satisfaction, satisfaction_response
from analysis.indicators import satisfaction_survey as source
from analysis.statistics.response import Silence

ENROLLED = hand.enrolment((A, 1, 10), (A, 2, 10), (B, 7, 20), (C, 1, 40))
# complete: a0–a3, b1, b2; partial: a4 (no overall item), b0
ANSWERS = [
    *(answer(A, 1, "1", f"a{n}", 5, 4, score) for n, score in enumerate((5, 4, 1))),
    answer(A, 2, "1", "a3", 3, 3, 4),
    answer(A, 2, "2", "a4", 5, 5, None),
    answer(B, 7, "1", "b0", None, 5, 2),
    answer(B, 7, "1", "b1", 1, 1, 1),
    answer(B, 7, "2", "b2", 4, 5, 5),
]


@pytest.fixture(autouse=True)
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_described", lambda *_: (hand.questionnaire(),))


def measured(name: str, by: tuple[str, ...] = (), rows: list = ANSWERS, enrolled: Any = ENROLLED, **where: Any) -> list:
    study = where.pop("study", None) or hand.study(rows, enrolled)
    entry: Any = SimpleNamespace(rule="satisfaction.target")
    return getattr(satisfaction_response, name)(study, entry, by, where)


def counts(figures: list) -> list[tuple]:
    return [(figure.numerator, figure.denominator) for figure in figures]


def test_everybody_invited_is_complete_partial_or_silent() -> None:
    study = hand.study(ANSWERS, ENROLLED)
    (asked,) = satisfaction.questions(study, (), {})
    for told, where, expected in (
        ({}, {}, (6, 2, 72)),
        ({"school": A}, {}, (4, 1, 15)),
        ({"grade": 7}, {"school": B}, (2, 1, 17)),
        ({"school": C}, {}, (0, 0, 40)),
        ({}, {"grade": ["1", 2]}, (4, 1, 55)),
        ({}, {"wave": "other"}, (6, 2, 72)),  # names no part of the rows
    ):
        found = satisfaction_response.dispositions(asked, told, where)
        assert (found.complete, found.partial, found.not_reached) == expected


def test_the_response_rate_has_all_invited_below() -> None:
    (whole,) = measured("response_rate")
    assert (whole.numerator, whole.denominator, whole.base) == (8, 80, 80)
    assert (whole.estimate.value, whole.estimate.n, whole.estimate.method) == (0.1, 80, "ratio")
    assert (whole.schools, whole.classes, whole.unknown, whole.bounds) == (2, 5, None, None)
    schools = measured("response_rate", ("school",))
    assert counts(schools) == [(5, 20), (3, 20), (0, 40)] and schools[2].estimate.value == 0
    assert (schools[2].schools, schools[2].classes, schools[2].group) == (0, 0, {"school": C})
    grades = measured("response_rate", ("grade",), rows=ANSWERS[3:])
    assert [each.group for each in grades] == [{"grade": 1}, {"grade": 2}, {"grade": 7}]  # grade 1 gave no answer
    assert counts(grades) == [(0, 50), (2, 10), (3, 20)]
    assert counts(measured("response_rate", ("stage",))) == [(5, 60), (3, 20)]
    assert [each.group for each in measured("response_rate", ("grade_band",))] == [
        {"grade_band": "lower"}, {"grade_band": "junior"},
    ]  # fmt: skip


def test_more_answers_than_pupils_count_as_invited_and_no_enrolment_gives_no_rate() -> None:
    few = hand.enrolment((A, 1, 2), (B, 7, 1))
    assert counts(measured("response_rate", ("school",), enrolled=few)) == [(5, 5), (3, 3), (0, 0)]
    assert (
        measured("response_rate", ("school",), enrolled=few)[2].estimate.status == "no data"
    )  # none invited, no share
    (one,) = measured("response_rate", enrolled=ENROLLED[ENROLLED["school"] != B])
    assert (one.estimate.status, one.base, one.schools, one.numerator) == ("no data", 0, 0, None)
    assert [each.estimate.status for each in measured("response_rate", ("grade",), enrolled=None)] == ["no data"] * 3
    assert [each.group["grade"] for each in measured("response_rate", ("grade",), enrolled=None)] == [1, 2, 7]


def unsized(*rows: tuple) -> Any:
    """Return the study beside classes whose row of the enrolment was put aside: school, grade, class, rows."""
    study = hand.study(ANSWERS, ENROLLED)
    frame = pd.DataFrame(rows, columns=["school", "grade", "class", "rows"]).astype({"grade": "Int64"})
    study.source.unsized = frame.assign(date=pd.NaT)
    return study


def test_a_class_of_unknown_size_may_have_invited_as_many_as_a_class_may_have() -> None:
    """120 pupils a row: of a grade that is asked (3 is not), of the group where that is told."""
    study = unsized((C, 2, "1", 2), (B, pd.NA, None, 1), (A, 3, "1", 5))
    (whole,) = measured("response_rate", study=study)
    assert (whole.unknown, whole.bounds) == (360, (8 / 440, 0.1)) and whole.denominator == 440 == whole.base
    schools = measured("response_rate", ("school",), study=study)
    assert [each.unknown for each in schools] == [None, 120, 240]
    assert schools[0].bounds is None and schools[1].bounds == (3 / 140, 3 / 20)
    assert measured("response_rate", study=study, grade=2)[0].unknown == 360  # that of no grade may be of grade 2
    assert measured("response_rate", study=study, grade=7)[0].unknown == 120
    assert measured("response_rate", study=unsized((C, 7, "1", 1)))[0].unknown == 120


def test_answers_are_alike_where_every_grade_answers_as_often() -> None:
    """Rates 3/10, 2/10, 3/20 and 0/40 of cells of 10, 10, 20 and 40: 1 − 2 √(Σ n (rate − 1/10)² / 79)."""
    (whole,) = measured("alike")
    spread = (10 * 0.2**2 + 10 * 0.1**2 + 20 * 0.05**2 + 40 * 0.1**2) / 79
    assert whole.estimate.value == pytest.approx(1 - 2 * math.sqrt(spread))
    assert (whole.base, whole.estimate.n, whole.schools, whole.estimate.method) == (80, 80, 2, "ratio")
    own, _, silent = measured("alike", ("school",))
    # grades of A: rates 3/10 and 2/10, the mean 1/4
    assert own.estimate.value == pytest.approx(1 - 2 * math.sqrt(20 * 0.05**2 / 19)) and own.base == 20
    assert (silent.estimate.value, silent.base, silent.schools) == (None, 40, 0)
    (single,) = measured("alike", rows=ANSWERS[:1], enrolled=hand.enrolment((A, 1, 10)))
    assert (single.estimate.value, single.schools) == (1, 1)
    more = [answer(B, 7, "1", f"m{n}", 1, 1, 1) for n in range(30)]
    (full,) = measured("alike", rows=more, enrolled=hand.enrolment((B, 7, 20)))
    assert full.estimate.value == 1  # more answers than pupils are all of them


def test_no_likeness_where_answers_do_not_tell_their_grade_or_nobody_is_known_to_be_invited() -> None:
    (some,) = measured("alike", rows=[*ANSWERS, answer(A, None, None, "u", 1, 1, 1)])
    assert (some.estimate.status, some.base) == ("no data", 80)
    (none,) = measured("alike", enrolled=None)
    assert (none.estimate.status, none.base) == ("no data", 0)


# -- careless answers -------------------------------------------------------------------------------------------------


@pytest.fixture
def five(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask five items: fewer answers alike mean nothing."""
    items = dict.fromkeys("abcd", "") | {"overall": "总体"}
    rows = tuple((item, item, item) for item in items)
    score = hand.Question(1, "matrix", "score", "", options=hand.SCORE.options, score=(5, 4, 3, 2, 1), rows=rows)
    monkeypatch.setattr(hand, "ITEMS", items)
    monkeypatch.setattr(source, "_described", lambda *_: (hand.questionnaire(questions=(hand.GRADE, score)),))


def careless() -> list:
    """Under ten seconds (two an item) or under three tenths of the school's median (100 in A, 1,000 in B) is fast."""
    return [
        answer(A, 1, "1", "a", 5, 5, 5, 5, 5),
        answer(A, 1, "1", "b", 5, 5, 5, 5, 4, seconds=29),
        answer(A, 1, "2", "c", 5, 5, 5, 5, 1, seconds=30),
        answer(A, 1, "2", "d", 5, 5, 5, 5, 4),
        answer(A, 1, "2", "d2", 5, 5, 5, 5, 2),
        answer(B, 7, "1", "e", 1, 1, 1, 1, 1, seconds=299),
        answer(B, 7, "1", "f", 1, 1, 1, 1, 4, seconds=1000),
        answer(B, 7, "2", "g", 1, 1, 1, 1, 5, seconds=1000),
        answer(B, 7, "2", "h", 1, 1, 1, 1, None, seconds=None),  # four alike mean nothing
    ]


def test_careless_questionnaires_are_marked_within_their_school(five) -> None:
    study = hand.study(careless())
    marks = satisfaction_response.screened(source.survey(study))
    assert marks["straight"].tolist() == [True, False, False, False, False, True, False, False, False]
    assert marks["fast"].tolist() == [False, True, False, False, False, True, False, False, False]
    assert counts(measured("straight", study=study)) == [(2, 9)]
    assert counts(measured("fast", study=study)) == [(2, 8)]  # of h it is not known
    assert counts(measured("fast", ("school",), study=study)) == [(1, 5), (1, 3), (None, None)]
    # without a, b and e: c and d2 are not satisfied, d, f and g are, h has no answer
    (rest,) = measured("without_careless", study=study)
    assert (rest.numerator, rest.denominator) == (3, 5) and rest.estimate.value == pytest.approx(0.6)
    kept = satisfaction_response._careful(source.survey(study), "overall")
    assert np.isnan(kept).tolist() == [True, True, False, False, False, True, False, False, True]
    assert {place[3] for place in study._kept if place[0] == "alike"} == {"straight", "fast", "overall screened"}


def test_a_questionnaire_of_unknown_time_may_be_fast_or_not_and_shifts_the_median(five) -> None:
    """A's median of 100 allows 30. Without d and d2 it is 30 (allowing 10); it is 29 or 100 if they took none or for ever."""
    rows = careless()
    for row in (each for one in rows for each in one):
        row["seconds"] = None if row["respondent"] in ("d", "d2") else row["seconds"]
    own = hand.study(rows[:5])
    (found,) = measured("fast", study=own)
    assert (found.numerator, found.denominator, found.unknown) == (0, 3, 2)
    assert found.bounds == pytest.approx((0, 3 / 5))  # d, d2, and b if the median is 100
    (rest,) = measured("without_careless", study=own)
    # a is alike in all; b satisfied (or fast), c not; d (satisfied) and d2 (not) may be careless
    assert (rest.numerator, rest.denominator, rest.unknown) == (2, 4, 2)
    assert rest.bounds == pytest.approx((0, 3 / 4))
    (known,) = measured("fast", study=hand.study(careless()[:5]))
    assert (known.numerator, known.denominator, known.unknown, known.bounds) == (1, 5, None, None)


# -- silence ----------------------------------------------------------------------------------------------------------


def test_silence_of_a_group_is_counted_over_all_invited() -> None:
    """Satisfied with the whole: a0, a1, a3, b2 of seven answers; 80 invited."""
    study = hand.study(ANSWERS, ENROLLED)
    (asked,) = satisfaction.questions(study, (), {})
    assert satisfaction_response.silence(asked, {}, {}) == Silence(4, 7, 80)
    assert satisfaction_response.silence(asked, {"school": B}, {}) == Silence(1, 3, 20)
    assert satisfaction_response.silence(asked, {"school": C}, {}) is None
    (bare,) = satisfaction.questions(hand.study(ANSWERS, hand.enrolment((A, 1, 3))), (), {})
    assert satisfaction_response.silence(bare, {}, {}) is None
    assert satisfaction_response.silence(bare, {"school": A}, {}) == Silence(3, 4, 5)


def test_the_least_and_the_greatest_share_and_how_many_are_needed() -> None:
    assert counts(measured("lowest", ("school",))) == [(3, 20), (1, 20), (None, None)]
    assert counts(measured("highest", ("school",))) == [(3 + 16, 20), (1 + 17, 20), (None, None)]
    # 94 % of 20 are 18.8: 19 less 3, 19 less 1; of 80 are 75.2: 76 less 4
    assert counts(measured("tipping", ("school",))) == [(16, 16), (18, 17), (None, None)]
    assert counts(measured("lowest", ("school",), rows=ANSWERS[5:])) == [(None, None), (1, 20), (None, None)]
    (whole,) = measured("tipping")
    assert counts([whole]) == [(72, 73)] and whole.estimate.value == pytest.approx(72 / 73)
    (low,) = measured("lowest", ("item",), item="overall")
    assert (low.label, low.base, low.schools, low.estimate.n, low.estimate.method) == ("总体", 80, 2, 80, "count")
    assert (low.unknown, low.bounds) == (None, None)
    silent = measured("lowest", ("school",))[2]
    assert (silent.estimate.status, silent.base, silent.schools) == ("no data", 0, 0)


def test_pupils_of_unknown_number_widen_what_silence_may_hide() -> None:
    study = unsized((B, 7, "3", 1))
    (low,), (high,), (needed,) = (measured(name, study=study) for name in ("lowest", "highest", "tipping"))
    assert (low.unknown, low.bounds) == (120, (4 / 200, 4 / 80))
    assert high.bounds == (77 / 80, 197 / 200)
    # 94 % of 200 are 188: 184 of the 193 silent
    assert needed.bounds == (184 / 193, 72 / 73)
    assert measured("lowest", ("school",), study=study)[0].bounds is None


def test_where_everybody_answered_nobody_is_needed(monkeypatch) -> None:
    rows = [answer(B, 7, "1", str(n), 1, 1, 5) for n in range(3)]
    (one,) = measured("tipping", rows=rows, enrolled=hand.enrolment((B, 7, 3)))
    assert (one.numerator, one.denominator, one.estimate.status, one.bounds) == (0, 0, "no data", None)
    monkeypatch.setattr(hand.Study, "judge", lambda self, rule: SimpleNamespace(value=lambda: None))
    assert measured("tipping") == []
