"""Schools beside each other: effective sizes, limits of the funnel, who lies apart, ranks, drawn-in shares, steps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import survey_by_hand as hand
from survey_by_hand import BEFORE, NOW, A, B, C, answer

from analysis.indicators import satisfaction_schools as module
from analysis.indicators import satisfaction_survey as source
from analysis.statistics.estimate import Estimate
from analysis.statistics.funnel import Homogeneity, binomial_band
from analysis.statistics.shrinkage import shrink

# of ten in each class, so many are satisfied
ROOMS = {A: (9, 8, 7, 10), B: (4, 8, 6), C: (2, 5)}
YES, N = {A: 34, B: 18, C: 7}, {A: 40, B: 30, C: 20}


def told(rooms: dict[str, tuple[int, ...]], wave: str = NOW) -> list:
    return [
        answer(school, 1, str(room), f"{wave}{school}{room}{n}", 1, 1, 5 if n < yes else 2, wave=wave)
        for school, own in rooms.items()
        for room, yes in enumerate(own)
        for n in range(10)
    ]


@pytest.fixture(autouse=True)
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = hand.questionnaire(), hand.questionnaire("student")
    monkeypatch.setattr(source, "_described", lambda *_: asked)


@pytest.fixture(scope="module")
def rows() -> list:
    return told(ROOMS)


def effect(rooms: dict[str, tuple[int, ...]]) -> float:
    """Return the design effect of a share: linearised between the classes of each school, over p(1 − p)/n."""
    n = 10 * sum(map(len, rooms.values()))
    p = sum(map(sum, rooms.values())) / n
    variance = 0.0
    for own in rooms.values():
        totals = np.array([(yes - 10 * p) / n for yes in own])
        variance += len(own) * totals.var(ddof=1)
    return variance / (p * (1 - p) / n)


def test_the_size_of_a_school_is_its_answers_over_the_districts_design_effect(rows) -> None:
    value, size, deff = module._schools(hand.study(rows), "parent", "overall")
    assert deff == pytest.approx(effect(ROOMS)) and deff > 1.3
    assert value.to_dict() == pytest.approx({school: YES[school] / N[school] for school in YES})
    assert size.to_dict() == pytest.approx({school: n / effect(ROOMS) for school, n in N.items()})
    alone = module._schools(hand.study(rows, school=B), "parent", "overall")
    assert alone[1].to_dict() == pytest.approx(size.to_dict())


def test_a_design_effect_below_one_counts_as_one_and_no_answers_as_no_schools() -> None:
    alike = hand.study(told({A: (5, 6, 5), B: (5, 5, 6)}))
    value, size, deff = module._schools(alike, "parent", "overall")
    assert deff == 1.0 and size.tolist() == [30, 30] and value.tolist() == pytest.approx([16 / 30, 16 / 30])
    value, size, deff = module._schools(hand.study(told({A: (5,)})), "parent", "overall")  # a class alone: no variance
    assert (value.tolist(), size.tolist(), deff) == ([0.5], [10], 1.0)
    value, size, deff = module._schools(hand.study([]), "parent", "overall")
    assert value.empty and size.empty and deff == 1.0


def test_schools_are_tested_first_and_then_told_apart(rows) -> None:
    found, deff = module.funnel_limits(hand.study(rows)), effect(ROOMS)
    p = sum(YES.values()) / 90
    chi2 = sum((YES[s] / N[s] - p) ** 2 * N[s] for s in N) / deff / (p * (1 - p))
    assert found.homogeneity.chi2 == pytest.approx(chi2) and found.homogeneity.df == 2
    assert found.differ and found.homogeneity.p == pytest.approx(np.exp(-chi2 / 2))  # χ² with 2 degrees of freedom
    assert list(found.limits.columns) == ["n", "lower_95", "upper_95", "lower_998", "upper_998"]
    # sixty sizes from half of the smallest school to a tenth more than the largest
    assert found.limits["n"].to_numpy() == pytest.approx(np.linspace(10, 44, 60))
    for limits, phi in ((found.limits, 1.0), (found.widened, found.phi)):
        for name, level in (("95", 0.95), ("998", 0.998)):
            low, high = binomial_band(p, phi, limits["n"].to_numpy() / deff, level)
            assert limits[f"lower_{name}"].to_numpy() == pytest.approx(low)
            assert limits[f"upper_{name}"].to_numpy() == pytest.approx(high)
    assert found.phi > 1


@pytest.mark.parametrize(
    ("p", "differ", "apart"), [(0.049, True, ("2", "3")), (0.05, False, ()), (0.9, False, ()), (None, False, ())]
)
def test_no_school_is_apart_unless_they_differ(rows, monkeypatch, p: float | None, differ: bool, apart: tuple) -> None:
    told: list[tuple] = []

    def beyond(*, chance: bool = True, alpha: float) -> list[int]:
        told.append((chance, alpha))
        return [2, 3] if chance else [3]

    made = SimpleNamespace(
        homogeneity=None if p is None else Homogeneity(9.0, 2, p),
        dispersion=1.5,
        limits=lambda sizes, chance: pd.DataFrame(
            {"inner_lower": 0.2, "inner_upper": 0.8, "lower": 0.1, "upper": 0.9 - chance / 10}, index=range(60)
        ),
        beyond=beyond,
    )
    monkeypatch.setattr(module, "funnel", lambda *_: made)
    found = module.funnel_limits(hand.study(rows))
    assert (found.differ, found.apart, found.apart_widened, found.phi) == (differ, apart, ("3",), 1.5)
    assert told == ([(True, 0.05)] if differ else []) + [(False, 0.05)]
    assert found.limits[["lower_95", "upper_95", "lower_998", "upper_998"]].iloc[0].tolist() == [0.2, 0.8, 0.1, 0.8]
    assert found.widened["upper_998"].iloc[0] == 0.9


def test_small_schools_are_drawn_from_five_answers_on() -> None:
    few = hand.study(
        [answer(s, 1, str(n % 2), f"{s}{n}", 1, 1, 5 if n else 1) for s, size in ((A, 4), (B, 6)) for n in range(size)]
    )
    assert module.funnel_limits(few).limits["n"].iloc[[0, -1]].tolist() == pytest.approx([5, 6.6])


def test_a_single_school_is_compared_with_none(rows) -> None:
    one = hand.study(told({A: ROOMS[A]}))
    found = module.funnel_limits(one)
    assert found.limits.empty and found.widened.empty and found.homogeneity is None and not found.differ
    assert list(found.limits.columns) == ["n", "lower_95", "upper_95", "lower_998", "upper_998"]
    assert (found.phi, found.apart, found.apart_widened) == (1.0, (), ())
    assert module._shrunken(one, "parent", "overall") is None
    two = hand.study(told({A: ROOMS[A], B: ROOMS[B]}))
    assert module.funnel_limits(two).homogeneity.df == 1 and len(module._shrunken(two, "parent", "overall").table) == 2


def test_shares_are_drawn_in_once_for_the_district(rows, monkeypatch) -> None:
    whole = hand.study(rows)
    deff, calls = effect(ROOMS), []

    def counted(value: pd.Series, size: pd.Series) -> Any:
        calls.append(size.tolist())
        return shrink(value, size, draws=2000)

    monkeypatch.setattr(module, "shrink", counted)
    found = module._shrunken(whole, "parent", "overall")
    assert module._shrunken(whole, "parent", "overall", NOW) is found
    assert calls == [pytest.approx([40 / deff, 30 / deff, 20 / deff])]
    figures = module.shrunken(whole, None, ("school",), {})
    for figure, school in zip(figures, (A, B, C), strict=True):
        row = found.table.loc[school]
        assert (figure.group, figure.base, figure.schools) == ({"school": school}, N[school], 1)
        one = figure.estimate
        assert (one.value, one.lower, one.upper) == (row["value"], row["lower"], row["upper"])
        assert (one.n, one.level, one.method) == (N[school], 0.95, "empirical Bayes")
    (together,) = module.shrunken(whole, None, (), {})
    assert (together.estimate.value, together.estimate.lower, together.base) == (found.mean, None, 90)
    alone = hand.study(rows, school=B)
    (own,) = module.shrunken(alone, None, (), {})
    assert own.estimate == figures[1].estimate and own.group == {}
    (item,) = module.shrunken(whole, None, ("item",), {"item": "work"})
    assert (item.label, item.group, item.base) == ("作业", {"item": "work"}, 90)


def test_a_school_without_answers_is_not_drawn_in_and_has_no_rank(rows) -> None:
    two = hand.study(told({A: ROOMS[A], C: ROOMS[C]}) + told({B: (10,)}, BEFORE))
    figures = module.shrunken(two, None, ("school",), {})
    assert [(each.base, each.schools, each.estimate.status) for each in figures] == [
        (40, 1, "ok"), (0, 0, "no data"), (20, 1, "ok"),
    ]  # fmt: skip
    (then,) = module.shrunken(two, None, (), {"wave": BEFORE})
    assert (then.estimate.status, then.base) == ("no data", 10)
    items = [SimpleNamespace(scope=SimpleNamespace(school=code)) for code in (C, B, A)]
    ranks = module.ranking(items, two)
    assert list(ranks.columns) == ["rank", "lower", "upper"] and ranks["rank"].fillna(0).tolist() == [2, 0, 1]
    found = module._shrunken(two, "parent", "overall").table
    assert ranks.loc[0].tolist() == found.loc[C, ["rank", "rank_lower", "rank_upper"]].tolist()
    nobody = hand.study([])
    assert module.shrunken(nobody, None, (), {})[0].base == 0
    empty = module.ranking(items, nobody)
    assert len(empty) == 3 and empty.isna().all(axis=None) and list(empty.columns) == ["rank", "lower", "upper"]


def test_an_estimate_without_a_row_has_no_data() -> None:
    table = pd.DataFrame({"value": [0.5], "lower": [0.4], "upper": [0.6]}, index=[A])
    found: Any = SimpleNamespace(table=table, mean=0.45, level=0.9)
    assert module._estimate(found, A, 7) == Estimate(
        0.5, lower=0.4, upper=0.6, level=0.9, n=7, method="empirical Bayes"
    )
    assert module._estimate(found, "", 9) == Estimate(0.45, n=9, method="empirical Bayes")
    assert module._estimate(found, B, 1).status == module._estimate(None, A, 1).status == "no data"


def test_the_shares_of_the_steps_from_the_best_to_the_worst() -> None:
    """Grade 1 has four answers for 40 pupils, grade 2 one for 60; one leaves the overall item out."""
    scores = [(5, 5), (4, 5), (2, 1), (2, None)]
    rows = [answer(A, 1, "1", str(n), 3, *own) for n, own in enumerate(scores)] + [answer(A, 2, "1", "z", 3, 1, 4)]
    found = module.answer_shares(hand.study(rows, hand.enrolment((A, 1, 40), (A, 2, 60))))
    assert list(found.columns) == ["非常满意", "满意", "一般", "不满意", "非常不满意"]
    assert list(found.index) == ["作业", "服务", "总体"]
    assert found.loc["作业"].tolist() == pytest.approx([0, 0, 1, 0, 0])
    assert found.loc["服务"].tolist() == pytest.approx([0.1, 0.1, 0, 0.2, 0.6])
    assert found.loc["总体"].tolist() == pytest.approx([20 / 90, 60 / 90, 0, 0, 10 / 90])
    bare = module.answer_shares(hand.study([answer(A, 1, "1", "a", None, 5, None)]))
    assert bare.loc["作业"].tolist() == [0, 0, 0, 0, 0] and bare.loc["服务"].tolist() == [1, 0, 0, 0, 0]
    empty = module.answer_shares(hand.study([]))
    assert empty.empty and list(empty.columns) == list(found.columns)
    then = hand.study([answer(A, 1, "1", "a", 5, 5, 1, wave=BEFORE)])
    assert module.answer_shares(then, wave=BEFORE).loc["总体", "非常不满意"] == 1
