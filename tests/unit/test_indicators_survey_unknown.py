"""Answers that cannot be read or placed: bounds by hand, and no verdict that they do not settle."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import survey_by_hand as hand
from survey_by_hand import BEFORE, NOW, A, B, answer, put_aside

from analysis.indicators import satisfaction, satisfaction_change
from analysis.indicators.catalogue import describe
from analysis.indicators.registry import Figure
from analysis.indicators.satisfaction_unknown import Cells
from analysis.statistics.estimate import Estimate
from analysis.statistics.levels import at_level, moved
from analysis.statistics.verdict import agreed, every, every_between, verdict

YES, NO = (5, 5, 5), (2, 2, 2)


@pytest.fixture(autouse=True)
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satisfaction.source, "questionnaire", lambda role: hand.questionnaire(role))


def people(school: str, grade: int | None, yes: int, no: int, room: str | None = "1", **more: Any) -> list[dict]:
    told = more.get("wave", NOW)
    rows: list[dict] = []
    for number in range(yes + no):
        rows += answer(
            school, grade, room, f"{told}{school}{grade}{room}{number}", *(YES if number < yes else NO), **more
        )
    return rows


def study(rows: list[dict], *enrolled: tuple[str, int, int], aside: pd.DataFrame | None = None) -> hand.Study:
    tables = {"survey": pd.DataFrame(rows)} | ({"refused": aside} if aside is not None else {})
    if enrolled:
        tables["enrolment"] = hand.enrolment(*enrolled)
    return hand.Study(**tables)


def top2(own: hand.Study, by: tuple[str, ...] = (), **where: Any) -> list[Figure]:
    return satisfaction.top2(own, describe("satisfaction.top2"), by, where)


def test_nothing_unknown_has_no_bounds() -> None:
    (whole,) = top2(study(people(A, 1, 6, 2)))
    assert (whole.unknown, whole.bounds) == (None, None)


def test_a_questionnaire_put_aside_is_satisfied_or_not_in_its_own_cell() -> None:
    """Grade 1 of 30: 6 of 8; grade 2 of 10: 3 of 4. Two of grade 2 put aside: 3 of 6 to 5 of 6 there."""
    rows = people(A, 1, 6, 2) + people(A, 2, 3, 1)
    own = study(rows, (A, 1, 30), (A, 2, 10), aside=put_aside((A, 2, "1", NOW, 2)))
    (whole,) = top2(own)
    assert whole.unknown == 2
    assert whole.bounds == pytest.approx(((30 * 6 / 8 + 10 * 3 / 6) / 40, (30 * 6 / 8 + 10 * 5 / 6) / 40))
    first, second = top2(own, ("grade",))
    assert (first.unknown, first.bounds) == (None, None) and second.bounds == pytest.approx((3 / 6, 5 / 6))


def test_one_of_no_known_grade_stands_where_it_does_most() -> None:
    """Grade 1: 30 × 6/9 falls by 2.5, grade 2: 10 × 3/5 by 1.5. Upwards by 0.83 and 0.5: grade 1 both times."""
    rows = people(A, 1, 6, 2) + people(A, 2, 3, 1)
    own = study(rows, (A, 1, 30), (A, 2, 10), aside=put_aside((A, None, None, NOW, 1)))
    (whole,) = top2(own)
    assert whole.bounds == pytest.approx(((30 * 6 / 9 + 7.5) / 40, (30 * 7 / 9 + 7.5) / 40))


def test_without_an_enrolment_answers_weigh_alike() -> None:
    (whole,) = top2(study(people(A, 1, 6, 2), aside=put_aside((None, None, None, NOW, 4))))
    assert whole.unknown == 4 and whole.bounds == pytest.approx((6 / 12, 10 / 12))


def test_those_of_another_wave_do_not_count_and_those_of_none_may() -> None:
    aside = put_aside((A, 1, "1", BEFORE, 4), (A, 1, "1", None, 2))
    (whole,) = top2(study(people(A, 1, 6, 2), aside=aside))
    assert whole.unknown == 2 and whole.bounds == pytest.approx((6 / 10, 8 / 10))


def test_an_answer_that_cannot_be_read_is_unknown_for_its_item_alone() -> None:
    rows = people(A, 1, 6, 2)
    unread = next(row for row in rows if row["item"] == "work" and row["score"] == 2)
    unread["score"] = None  # given, and none of the options
    work, overall = top2(study(rows), item="work")[0], top2(study(rows))[0]
    assert work.unknown == 1 and work.bounds == pytest.approx((6 / 8, 7 / 8)) and work.denominator == 7
    assert overall.bounds is None and overall.denominator == 8


def test_an_answer_of_no_known_grade_counts_in_its_school_and_may_be_of_any_grade() -> None:
    """Grade 1: 6 of 8. Two of the school who tell no grade are not satisfied, one is."""
    rows = people(A, 1, 6, 2) + people(A, None, 1, 2, room=None)
    own = study(rows, (A, 1, 30), (A, 2, 10))
    (school,) = top2(own, school=A)
    assert school.denominator == 11 and school.numerator == 7
    (grade,) = [each for each in top2(own, ("grade",)) if each.group["grade"] == 1]
    assert grade.denominator == 8 and grade.unknown == 3
    assert grade.bounds == pytest.approx((6 / 10, 7 / 9))
    assert {each.group["grade"] for each in top2(own, ("grade",))} == {1}  # no group of those who tell none


def test_cells_without_answers_lend_their_weight_unless_an_unknown_answer_is_there() -> None:
    cells = Cells({(A, 1): 8.0}, {(A, 1): 8.0}, {(A, 1): 30.0, (A, 2): 10.0, (B, 1): 99.0})
    assert cells.least({}, []) == pytest.approx(1.0)  # grade 2 answers as grade 1; nobody of B has answered
    assert cells.least({(A, 2): 1}, []) == pytest.approx(0.75)
    assert cells.least({}, [(1, [(A, 1), (A, 2)])]) == pytest.approx(0.75)  # 10 of 40, rather than 30/9 of 40


RANK = {"contradicted": 0, "not shown": 1, "supported": 2}
SPOILT = {
    "put aside": lambda rows: (False, put_aside((A, 1, "1", NOW, 3))),
    "of no wave": lambda rows: (False, put_aside((A, 1, "1", None, 3))),
    "of no school": lambda rows: (False, put_aside((None, 1, "1", NOW, 3))),
    "unread": lambda rows: (None, put_aside()),
    "of no grade": lambda rows: (True, put_aside()),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("role_of", ["school", "grade", None])
def test_spoiling_those_who_are_not_satisfied_gains_nothing(how: str, role_of: str | None) -> None:
    enrolled = ((A, 1, 40), (A, 2, 20), (B, 1, 30))
    rest = people(A, 1, 40, 0) + people(A, 2, 19, 1) + people(B, 1, 28, 2) + people(A, 1, 20, 0, room="2")
    spoilt = people(A, 1, 0, 3, room="3")
    keep, aside = SPOILT[how](spoilt)
    changed = [] if keep is False else [row | ({"grade": None} if keep else {"score": None}) for row in spoilt]
    by = (role_of,) if role_of else ()
    before = {tuple(each.group.values()): each for each in top2(study(rest + spoilt, *enrolled), by)}
    after = {tuple(each.group.values()): each for each in top2(study(rest + changed, *enrolled, aside=aside), by)}
    for name, old in before.items():
        if old.estimate.value is None:
            continue
        new = after[name]
        ends = new.bounds or (new.estimate.value, new.estimate.value)
        assert ends[0] <= old.estimate.value + 1e-9, name
        for target in (0.86, 0.9, 0.94, 0.97):
            told = agreed(*(verdict(moved(new.estimate, end), at_least=target).judgement for end in ends))
            assert RANK[told] <= RANK[verdict(old.estimate, at_least=target).judgement] or told == "not shown", (name, target)  # fmt: skip


def test_a_change_is_bounded_by_both_waves() -> None:
    """From 6 of 8 to 8 of 8, two put aside in each wave: at worst 8 of 10 after 8 of 10, at best 1 after 6 of 10."""
    rows = people(A, 1, 6, 2, wave=BEFORE) + people(A, 1, 8, 0) + people(B, 1, 6, 2, wave=BEFORE, room="2") + people(B, 1, 8, 0, room="2")  # fmt: skip
    aside = put_aside((A, 1, "1", BEFORE, 2), (B, 1, "2", BEFORE, 2), (A, 1, "1", NOW, 2), (B, 1, "2", NOW, 2))
    own = study(rows, aside=aside)
    (whole,) = satisfaction_change.since_before(own, describe("satisfaction.change"), (), {})
    assert whole.estimate.value == pytest.approx(25) and whole.unknown == 8
    assert whole.bounds == pytest.approx((0.0, 40.0))


# -- what is said ----------------------------------------------------------------------------------------------------


def test_a_share_moved_has_the_error_of_the_share_that_it_would_be() -> None:
    one = Estimate(0.9, se=0.03, lower=0.82, upper=0.95, n=200, df=20, method="beta", deff=2.0)
    low = moved(one, 0.5)  # worth 0.9 × 0.1 / 0.03² = 100 answers: √(0.25 / 100)
    assert low.value == 0.5 and low.se == pytest.approx(0.05) and low.lower < 0.42 and low.upper > 0.58
    assert moved(one, 0.9) is one and moved(Estimate(0.9, n=3), 0.5).value == 0.9
    all_ = Estimate(1.0, se=0.0, lower=0.98, upper=1.0, n=200, df=20, method="beta")
    assert moved(all_, 0.95).se == pytest.approx((0.95 * 0.05 / 100) ** 0.5)  # as if worth half as many


def test_a_difference_moved_is_less_sure_the_farther_it_is_moved() -> None:
    one = Estimate(4.0, se=1.0, lower=1.0, upper=7.0, n=200, df=20, method="t")
    low = moved(one, -4.0)  # half of it: √(3² + 4²)
    assert (low.value, low.lower, low.upper) == (-4.0, -9.0, 1.0) and low.se == pytest.approx(5 / 3)


def test_only_what_holds_at_both_ends_is_said() -> None:
    assert agreed("supported", "supported") == "supported" and agreed("supported", "not shown") == "not shown"
    good = Estimate(0.98, se=0.005, lower=0.965, upper=0.988, n=800, df=40, method="beta")
    bad = moved(good, 0.80)
    assert every({"a": good}, 0.94).judgement == "supported" and every({"a": bad}, 0.94).judgement == "contradicted"
    assert every_between({"a": good}, {"a": good}, 0.94).judgement == "supported"
    assert every_between({"a": bad}, {"a": bad}, 0.94).judgement == "contradicted"
    between = every_between({"a": bad}, {"a": good}, 0.94)
    assert between.judgement == "not shown" and between.below == ()
    assert at_level(bad, 0.9).upper < 0.94
