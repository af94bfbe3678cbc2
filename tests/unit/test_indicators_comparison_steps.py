"""The steps of a comparison of schools: what is compared, how it is told, and what a page finds among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from indicators_helpers import SCHOOLS, A, B, C, day, fake_study, statistic, table
from scipy import stats

from analysis.house import UserError
from analysis.indicators import comparison, satisfaction
from analysis.indicators.catalogue import describe
from analysis.indicators.comparison import Comparison, Comparisons
from analysis.statistics.contrast import Contrast, contrast
from analysis.statistics.multiplicity import holm

WITHIN, MINUTES = "homework.within_cap", "homework.mean_minutes"


# -- what a page finds -----------------------------------------------------------------------------------------------


def one(school: str, id: str, judgement: Any) -> Comparison:
    return Comparison(school, school[-1], statistic(0.1, indicator=f"{id}.difference"), 0.1, 0.2, judgement)


ALL = Comparisons(
    (one(A, WITHIN, "higher"), one(B, WITHIN, "not apart"), one(C, WITHIN, "no data"), one(A, MINUTES, "lower"))
)


def test_comparisons_are_a_sequence() -> None:
    assert len(ALL) == 4 and [each.school for each in ALL] == [A, B, C, A]
    assert ALL[1].school == B and isinstance(ALL[1:3], Comparisons) and [each.school for each in ALL[1:3]] == [B, C]
    assert len(Comparisons()) == 0


def test_a_comparison_is_found_by_its_school_and_its_indicator() -> None:
    assert ALL.only(A, MINUTES).judgement == "lower" and ALL.only(A, WITHIN).id == WITHIN
    for school, id in ((B, MINUTES), ("x", WITHIN)):
        with pytest.raises(KeyError, match=school):
            ALL.only(school, id)


def test_those_apart_are_higher_or_lower() -> None:
    assert [(each.school, each.id) for each in ALL.apart()] == [(A, WITHIN), (A, MINUTES)]
    assert [(each.school, each.id) for each in ALL.apart(MINUTES)] == [(A, MINUTES)]
    assert len(ALL.apart("service.reach")) == 0


# -- what is compared ------------------------------------------------------------------------------------------------


def rows() -> pd.DataFrame:
    """Two schools with two classes each of grade 3 on a day a week for four weeks, two rows a day; school C teaches grade 7."""
    draw = np.random.default_rng(3)
    found = [
        (school, grade, room, day(2) + pd.Timedelta(weeks=week), week + 10, int(draw.integers(0, 9)) + more, 10)
        for school, grade, more in ((B, 3, 0), (A, 3, 1), (C, 7, 0))
        for room in ("1", "2")
        for week in range(4)
        for _ in range(2)
    ]
    return table("school grade class date week numerator denominator", *found)


def by_hand(frame: pd.DataFrame, of: int, *, share: bool, weekly: bool = True) -> Contrast | None:
    """The comparison of cells numbered here: schools A, B and C are 0, 1 and 2, weeks are counted from the tenth."""
    keys = ["school", "grade", "class", *(["date"] if weekly else [])]
    cells = frame.groupby(keys)[["numerator", "denominator"]].sum().reset_index() if weekly else frame
    code = cells["school"].map({A: 0, B: 1, C: 2}).to_numpy(dtype=int)
    unit = (code * 2 + (cells["class"] == "2")).to_numpy(dtype=int)
    week = ((cells["date"] - day(2)).dt.days // 7).to_numpy(dtype=int) if weekly else None
    top, bottom = (cells[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    return contrast(code, cells["grade"].to_numpy(dtype=int), unit, week, top, bottom, of=of, share=share)


@pytest.mark.parametrize("share", [True, False])
def test_class_days_are_compared_within_their_weeks(share: bool) -> None:
    frame = rows()
    odd = table(
        "school grade class date week numerator denominator",
        (A, 3, "3", day(2), 10, 0, 0),
        (A, 3, None, day(2), 10, 9, 9),
    )
    found = comparison._contrasts(pd.concat([frame, odd]), [A, B, C, "none"], share)
    assert found == [by_hand(frame, 0, share=share), by_hand(frame, 1, share=share), None, None]
    assert found[0] is not None and found[0].classes == 2 and found[0].others == 1
    ratio = frame.groupby(["school"])["numerator"].sum() / 160
    assert found[0].difference == pytest.approx(ratio[A] - ratio[B]) == pytest.approx(-found[1].difference)  # type: ignore[union-attr]


def test_weeks_are_in_order_of_time_whichever_a_school_has_first() -> None:
    frame = rows()
    late = frame[(frame["school"] != A) | (frame["week"] > 10)].sample(frac=1, random_state=5)
    found = comparison._contrasts(late, [A, B, C], False)
    assert found[:2] == [by_hand(late, 0, share=False), by_hand(late, 1, share=False)]
    assert found[0] is not None and found[0].se is not None


def test_a_base_of_one_is_a_base() -> None:
    frame = (
        rows()
        .assign(numerator=lambda each: each["numerator"] % 2, denominator=1)
        .drop_duplicates(["school", "class", "date"])
    )
    assert comparison._contrasts(frame, [A, B, C], True)[0] == by_hand(frame, 0, share=True) is not None


def test_answers_are_compared_one_by_one_without_weeks() -> None:
    frame = rows().drop(columns=["week", "date"])
    found = comparison._contrasts(frame, [A, B, C], True)
    assert found == [by_hand(frame, 0, share=True, weekly=False), by_hand(frame, 1, share=True, weekly=False), None]
    assert found[0] is not None and found[0] != comparison._contrasts(rows(), [A, B, C], True)[0]


def test_without_rows_nothing_is_compared() -> None:
    assert comparison._contrasts(rows().iloc[:0], [A, B], True) == [None, None]
    assert comparison._contrasts(rows().assign(denominator=0), [A, B, C], True) == [None] * 3
    assert comparison._contrasts(pd.DataFrame(), [A], True) == [None]


@pytest.mark.parametrize(
    ("id", "expected"), [("satisfaction.top2", [1.5, 0, 0, 0]), ("satisfaction.mean_score", [6, 3, 0, 0])]
)
def test_an_answer_counts_by_its_weight_where_it_is_told_and_asked_for(
    monkeypatch: pytest.MonkeyPatch, id: str, expected: Any
) -> None:
    answers = pd.DataFrame({"overall": [4, 2, np.nan, 5]}, index=[7, 8, 9, 10])
    survey = SimpleNamespace(
        answers=answers, satisfied=lambda item: np.where(answers[item].isna(), np.nan, answers[item] >= 4)
    )
    frame = pd.DataFrame({"school": [A, A, B, B], "grade": 3, "class": "1", "more": 0}, index=answers.index)
    asked = SimpleNamespace(
        survey=survey,
        design=SimpleNamespace(frame=frame, weights=[1.5, 1.5, 2, 2]),
        item="overall",
        domain=np.array([True, True, True, False]),
    )
    monkeypatch.setattr(satisfaction, "questions", lambda study, by, where: iter([asked]))
    found = comparison._rows(fake_study(), id, {"role": "parent"})
    assert list(found.columns) == ["school", "grade", "class", "numerator", "denominator"]
    assert found["numerator"].tolist() == expected and found["denominator"].tolist() == [1.5, 1.5, 0, 0]


@pytest.mark.parametrize("asked", [[], [SimpleNamespace(survey=SimpleNamespace(answers=pd.DataFrame()))]])
def test_without_answers_there_are_no_rows(monkeypatch: pytest.MonkeyPatch, asked: Any) -> None:
    monkeypatch.setattr(satisfaction, "questions", lambda study, by, where: iter(asked))
    found = comparison._answers(fake_study(), "satisfaction.top2", {})
    assert found.empty and list(found.columns) == ["school", "grade", "class", "numerator", "denominator"]


@pytest.mark.parametrize(
    "id", ["homework.median_minutes", "service.plans", "satisfaction.change", "homework.between_schools"]
)
def test_only_ratios_over_time_and_shares_of_answers_are_compared(id: str) -> None:
    with pytest.raises(UserError, match="不能用于学校之间的比较"):
        comparison._rows(fake_study(describe=describe), id, {})


def test_a_ratio_over_time_is_compared_by_its_judged_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Any] = []
    monkeypatch.setattr(
        comparison.measuring, "check", lambda entry, binding, names: checked.append((entry.id, tuple(names)))
    )
    monkeypatch.setattr(
        comparison.measuring, "judged", lambda study, entry, binding, by, where: (("rows", by, where), "whole")
    )
    told = fake_study(describe=describe)
    assert comparison._rows(told, WITHIN, {"grade": 3}) == ("rows", (), {"grade": 3}) and checked == [
        (WITHIN, ("grade",))
    ]
    monkeypatch.setattr(comparison, "bindings", dict)
    with pytest.raises(UserError, match="不能用于学校之间的比较"):
        comparison._rows(told, WITHIN, {})


# -- how it is told --------------------------------------------------------------------------------------------------


def test_a_difference_has_its_interval_in_its_own_unit() -> None:
    found = comparison._estimate(Contrast(0.05, 0.02, 7.5, 0.04, 40.4, 3, 2), 100.0)
    half = stats.t.ppf(0.975, 7.5) * 2
    assert (found.value, found.se, found.df, found.n, found.level, found.method) == (
        pytest.approx(5),
        pytest.approx(2),
        7.5,
        40,
        0.95,
        "contrast",
    )
    assert (found.lower, found.upper) == pytest.approx((5 - half, 5 + half)) and found.status == "ok"
    few = comparison._estimate(Contrast(0.05, None, None, None, 40.4, 1, 2), 100.0)
    assert (few.value, few.status, few.n, few.lower, few.se) == (5, "too few", 40, None, None)
    assert comparison._estimate(Contrast(0.05, 0.02, None, None, 40.4, 1, 2), 1.0).status == "too few"
    assert comparison._estimate(Contrast(0.05, None, 3.0, None, 40.4, 1, 2), 1.0).status == "too few"
    assert comparison._estimate(None, 1.0).status == "no data"


def study(**changed: Any) -> Any:
    snapshot = SimpleNamespace(id="s1", slice=lambda tables, school: f"{'+'.join(tables)}|{school}")
    scope = statistic(1.0).scope
    told = fake_study(snapshot=snapshot, scope=scope, describe=describe, as_of=date(2026, 4, 1), **changed)
    told.district = told
    return told


def test_a_difference_says_what_it_rests_on() -> None:
    entry = describe(WITHIN)
    found = comparison._difference(
        study(), entry, B, "乙校", Contrast(0.05, 0.02, 7.5, 0.04, 40.4, 3, 2), {"grade": [3], "weekday": [1, 2]}
    )
    assert (found.value, found.unit, found.base, found.base_unit, found.schools, found.classes) == (
        pytest.approx(5),
        "个百分点",
        40,
        "个班级日",
        3,
        3,
    )
    assert (found.indicator, found.nature, found.group_label, found.snapshot) == (
        f"{WITHIN}.difference",
        "model",
        "乙校",
        "s1",
    )
    assert (found.scope.school, found.scope.group) == (B, (("grade", 3), ("weekday", (1, 2)))) and found.slice.endswith(
        "|"
    )
    assert found.label == f"{entry.label}与区内其余学校同年级之差" and found.definition.endswith(entry.definition)
    minutes = comparison._difference(study(), describe(MINUTES), C, "丙中", Contrast(1.5, 0.5, 7.5, 0.04, 40, 3, 2), {})
    assert (minutes.value, minutes.unit, minutes.estimate.se) == (1.5, "分钟", 0.5)
    none = comparison._difference(study(), describe(MINUTES), C, "丙中", None, {})
    assert (none.value, none.unit, none.base, none.schools, none.classes, none.scope.group) == (
        None,
        "分钟",
        0,
        0,
        0,
        (),
    )


@pytest.mark.parametrize(
    ("after", "difference", "said"),
    [(0.05, 1.0, "higher"), (0.05, -0.5, "lower"), (0.05, 0.5, "higher"), (0.0501, -1.0, "not apart")],
)
def test_just_five_per_cent_is_apart(after: float, difference: float, said: str) -> None:
    assert comparison._judged(Contrast(difference, 1.0, 9.0, 0.01, 10.0, 2, 2), after) == said


def test_all_that_is_compared_is_adjusted_together_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    p = {WITHIN: [0.01, None, 0.02], MINUTES: [0.5, 0.012, None]}
    asked: list[Any] = []

    def contrasts(id: str, schools: list[str], share: bool) -> list[Contrast | None]:
        asked.append((id, schools, share))
        made = [
            Contrast(1.0, 0.5, 9.0, each, 10.0, 2, 2) if each else Contrast(1.0, None, None, None, 10.0, 1, 2)
            for each in p[id]
        ]
        return made if id == WITHIN else [*made[:2], None]

    monkeypatch.setattr(comparison, "_rows", lambda study, id, where: id)
    monkeypatch.setattr(comparison, "_contrasts", contrasts)
    monkeypatch.setattr(comparison, "_extremes", lambda rows, entry: {})
    monkeypatch.setattr(comparison, "_settled", lambda study, school, difference, where, ends: school != C)
    told = study()
    found = comparison.compared(told, [WITHIN, MINUTES], grade=3)
    codes = list(SCHOOLS["school"])
    assert asked == [(WITHIN, codes, True), (MINUTES, codes, False)]
    assert [(each.id, each.school) for each in found] == [(id, code) for id in (WITHIN, MINUTES) for code in codes]
    adjusted = holm([0.01, 0.02, 0.5, 0.012])  # 0.04, 0.04, 0.5, 0.04
    assert [each.p for each in found] == [0.01, None, 0.02, 0.5, 0.012, None]
    assert [each.p_adjusted for each in found] == [adjusted[0], None, adjusted[1], adjusted[2], adjusted[3], None]
    assert [each.judgement for each in found] == ["higher", "no data", "not apart", "not apart", "higher", "no data"]
    assert comparison.compared(told, [WITHIN, MINUTES], grade=3) is found and len(asked) == 2
    assert comparison.compared(told, [WITHIN, MINUTES], grade=4) is not found and len(asked) == 4
    for each in found:
        comparison.provenance.need(each.difference)


@pytest.mark.parametrize(
    ("gap", "settled"),
    # own rows: 0.80 could be 0.83; the others, 0.90 of 300 and 0.70 of 100, could be 0.88 and 0.68: 0.02 less together
    [(-4.9, False), (-5.1, True), (4.9, True), (2.9, False), (3.1, True)],
)
def test_what_is_missing_must_not_make_up_for_a_difference(gap: float, settled: bool) -> None:
    told = [
        (A, 3, 0.8, 100, (0.78, 0.83)),
        (B, 3, 0.9, 300, (0.88, 0.91)),
        (C, 3, 0.7, 100, (0.68, 0.71)),
        ("D", 3, None, 0, None),
        (A, 4, 0.8, 900, (0.0, 1.0)),  # nobody else has this grade, and nobody is compared in it
        (B, 5, 0.8, 900, (0.0, 1.0)),
    ]
    items = [
        statistic(
            value, scope=replace(statistic(1.0).scope, school=code, group=(("grade", grade),)), base=base, bounds=bounds
        )
        for code, grade, value, base, bounds in told
    ]
    whole = SimpleNamespace(measure=lambda id, by, **where: items if (id, by) == (WITHIN, ("school", "grade")) else [])
    difference = statistic(gap, indicator=f"{WITHIN}.difference", unit="个百分点")
    assert comparison._settled(whole, A, difference, {}, {}) is settled


def test_grades_weigh_by_the_size_of_the_school() -> None:
    """Grade 3: 300 of the school's 400 rows, 0.02 missing; grade 4: 100, 0.06 and 0.02 of the others: 0.035 in all."""
    told = [(A, 3, 300, (0.78, 0.8)), (B, 3, 50, (0.8, 0.8)), (A, 4, 100, (0.74, 0.8)), (B, 4, 700, (0.8, 0.82))]
    items = [
        statistic(
            0.8, scope=replace(statistic(1.0).scope, school=code, group=(("grade", grade),)), base=base, bounds=bounds
        )
        for code, grade, base, bounds in told
    ]
    whole = SimpleNamespace(measure=lambda id, by, **where: items)
    for gap, settled in ((3.4, False), (3.6, True)):
        difference = statistic(gap, indicator=f"{WITHIN}.difference", unit="个百分点")
        assert comparison._settled(whole, A, difference, {}, {}) is settled


def test_a_missing_load_is_as_light_or_as_heavy_as_the_grade_has_known() -> None:
    """Two of 100 class-days are missing: at 300 minutes 40 becomes 45.2; at the 80 recorded at most 40.8, at 20 39.6."""
    unknown = 2
    items = [
        statistic(
            value,
            unit="分钟",
            scope=replace(statistic(1.0).scope, school=code, group=(("grade", 3),)),
            base=100 - lacking,
            bounds=(value * (100 - lacking) / 100, (value * (100 - lacking) + 300 * lacking) / 100),
        )
        for code, value, lacking in ((A, 40.0, unknown), (B, 46.0, 0))
    ]
    whole = SimpleNamespace(measure=lambda id, by, **where: items)
    ends = {3: (20.0, 80.0, 300.0)}
    for gap, plain, known in (
        (-6.0, True, True),
        (-0.9, False, True),
        (-0.7, False, False),
        (0.5, False, True),
        (0.3, False, False),
    ):
        difference = statistic(gap, indicator=f"{MINUTES}.difference", unit="分钟")
        assert comparison._settled(whole, A, difference, {}, {}) is plain
        assert comparison._settled(whole, A, difference, {}, ends) is known


def test_the_extremes_of_a_grade_are_those_of_its_rows() -> None:
    rows = pd.DataFrame({"grade": [3, 3, 4, 4], "numerator": [60, 30, 90, 0], "denominator": [1, 2, 1, 0]})
    assert comparison._extremes(rows, describe(MINUTES)) == {3: (15, 60, 300), 4: (90, 90, 300), None: (15, 90, 300)}
    assert comparison._extremes(rows, describe(WITHIN)) == comparison._extremes(rows.iloc[:0], describe(MINUTES)) == {}
