"""Limits of rules on days and grades; what varies between schools, classes and days; a course from week to week."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.house import UserError
from analysis.indicators import judge as module
from analysis.indicators import monitoring, variation
from analysis.indicators.judge import Judge
from analysis.rules import Rule
from analysis.statistics.estimate import Estimate
from analysis.statistics.monitoring import ewma, p_prime

FIRST, CHANGE, LAST = date(2026, 3, 2), date(2026, 4, 1), date(2026, 7, 3)


def value(number: float, start: date, end: date | None = None, district: str = "", id: str = "cap") -> Rule:
    return Rule(id, "上限", "。", "文件", number, "分钟", start, end, district=district)


def judge(patch: pytest.MonkeyPatch, *values: Rule, start: date = FIRST, end: date = LAST, id: str = "cap") -> Judge:
    def rule(id: str, on: date, district: str, **where: Any) -> Rule | None:
        own = [each for each in values if each.id == id and each.holds(on) and where.get("grade", 3) > 2]
        return next((each for each in own if each.district == district), next(iter(own), None))

    patch.setattr(module, "rules", lambda: values)
    patch.setattr(module, "rule", rule)
    return Judge(id, "990101", start, end)


@pytest.mark.parametrize(
    ("own", "applied", "changes"),
    [
        ((value(60, date(2020, 1, 1)),), True, False),
        ((value(60, FIRST),), True, False),
        ((value(60, date(2026, 3, 3)),), True, True),
        ((value(60, LAST),), True, True),
        ((value(60, date(2026, 7, 4)),), False, False),
        ((value(60, date(2020, 1, 1), FIRST),), True, True),
        ((value(60, date(2020, 1, 1), date(2026, 3, 1)),), False, False),
        ((value(60, date(2020, 1, 1), LAST),), True, False),
        ((value(60, date(2020, 1, 1), date(2026, 7, 2)),), True, True),
        ((value(60, CHANGE, district="990101"),), True, True),
        ((value(60, CHANGE, district="140302"),), False, False),
        ((value(60, CHANGE, id="other"),), False, False),
        ((), False, False),
    ],
)
def test_whether_a_rule_holds_or_changes_within_the_days(monkeypatch, own, applied, changes) -> None:
    found = judge(monkeypatch, *own)
    assert (found.applied, found.changes) == (applied, changes)


TWO = value(60, date(2020, 1, 1), date(2026, 3, 31)), value(90, CHANGE)
DAYS = ["2026-03-31", "2026-04-01", "2026-03-31", "2026-04-01"]


def test_each_row_has_the_limit_of_its_grade_on_its_day(monkeypatch) -> None:
    rows = pd.DataFrame({"grade": [3, 3, 1, 4], "date": pd.to_datetime(DAYS)}, index=[7, 5, 3, 1])
    two = judge(monkeypatch, *TWO)
    found = two.limit(rows)
    assert found.fillna(0).to_dict() == {7: 60, 5: 90, 3: 0, 1: 90} and found.dtype == "float64"
    assert found.index.tolist() == [7, 5, 3, 1]
    assert two.limit(rows.drop(columns="date")).fillna(0).tolist() == [60, 60, 0, 60]  # those of the first day
    assert two.limit(rows.drop(columns="grade")).tolist() == [60, 90, 60, 90]
    assert two.limit(rows[["date"]].iloc[:0]).empty and two.limit(rows.iloc[:0]).empty
    same = judge(monkeypatch, value(60, date(2020, 1, 1)))
    assert same.limit(rows).fillna(0).tolist() == [60, 60, 0, 60]
    none = judge(monkeypatch, *TWO, id="")
    assert none.limit(rows).isna().all() and none.limit(rows).index.tolist() == [7, 5, 3, 1]
    assert (none.value(), none.applied) == (None, False)
    assert (two.value(), two.value(CHANGE), two.value(grade=1), two.value(date(2019, 1, 1))) == (60, 90, None, None)


# -- components of variance --------------------------------------------------------------------------------------------


def loads(schools: int = 3, rooms: int = 2, days: int = 4, noise: float = 1.0) -> pd.DataFrame:
    """Return a balanced design of whole effects: school, class within it, day, and the rest."""
    rest = np.random.default_rng(5).normal(0, 4, (schools, rooms, days)) * noise
    told = [
        (f"S{s}", 3, str(c), pd.Timestamp(2026, 3, 2 + d), 30 + 12 * s * s + (7 * (s + 1) - 9) * c + 3 * (d % 3) * d + rest[s, c, d])
        for s in range(schools) for c in range(rooms) for d in range(days)
    ]  # fmt: skip
    return pd.DataFrame(told, columns=["school", "grade", "class", "date", "total"])


def anova(rows: pd.DataFrame) -> dict[str, float]:
    """Return the components that the mean squares of a balanced design imply (Searle, Casella & McCulloch 1992, ch. 4)."""
    y = rows["total"].to_numpy().reshape(3, 2, 4)
    mean, school, room, day = y.mean(), y.mean(axis=(1, 2)), y.mean(axis=2), y.mean(axis=(0, 1))
    of_school = 8 * ((school - mean) ** 2).sum() / 2
    of_class = 4 * ((room - school[:, None]) ** 2).sum() / 3
    of_day = 6 * ((day - mean) ** 2).sum() / 3
    of_rest = ((y - room[:, :, None] - day + mean) ** 2).sum() / (24 - 6 - 3)
    return {
        "school": (of_school - of_class) / 8, "class": (of_class - of_rest) / 4, "day": (of_day - of_rest) / 6,
        "rest": of_rest,
    }  # fmt: skip


def test_the_components_of_a_balanced_design_are_those_of_its_mean_squares() -> None:
    rows = loads()
    expected = anova(rows)
    assert min(expected.values()) > 0
    found = variation.components(rows)
    assert found.variances == pytest.approx(expected, rel=1e-3)
    taught = rows["class"] == "1"  # one class of each school a grade higher, with so much more to do
    shifted = rows.assign(grade=3 + taught, total=rows["total"] + 100 * taught)
    plain = rows.assign(grade=3 + taught)
    assert variation.components(shifted).variances == pytest.approx(variation.components(plain).variances, rel=1e-3)


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        (loads(2, 2, 2), True),
        (loads(1, 4, 4), False),  # one school
        (loads(2, 2, 1), False),  # one day
        (loads(2, 1, 6), False),  # as many schools as classes
        (loads(2, 2, 2).iloc[1:], False),  # fewer than two class-days a class
        (loads(2, 2, 3, noise=0.02), True),  # little is left to chance
        (loads(2, 2, 3).iloc[4:], True),  # eight class-days of three classes
        (loads(2, 2, 3, noise=0.0).assign(total=lambda rows: rows["total"] // 1), False),  # nothing is left to chance
    ],
)
def test_what_components_need(rows: pd.DataFrame, known: bool) -> None:
    assert (variation.components(rows) is not None) is known


def test_grades_without_variation_are_left_out_and_rows_stand_in_order() -> None:
    told = [("B", 1, "1", 2, 0), ("A", 1, "1", 1, 0), ("B", 3, "1", 2, 5), ("A", 3, "2", 2, 9), ("A", 3, "2", 1, 5)]
    found = variation.varying(pd.DataFrame(told, columns=["school", "grade", "class", "date", "total"]))
    assert found["total"].tolist() == [5, 9, 5] and found["school"].tolist() == ["A", "A", "B"]


def test_one_fit_serves_both_shares_of_each_group(monkeypatch) -> None:
    rows = pd.concat(
        [loads().assign(gap=0, week=1), loads(2, 2, 3).assign(gap=0, week=2), loads(1, 2, 2).assign(gap=0, week=10)]
    )
    rows = pd.concat([rows, rows.iloc[:3].assign(gap=1), rows.iloc[:3].assign(grade=9)])
    fitted: list[int] = []

    def components(own: pd.DataFrame) -> Any:
        fitted.append(len(own))
        limits = {"school": (0.1, 0.4), "class": (0.3, 0.7)}
        return SimpleNamespace(
            share={"school": 0.25, "class": 0.5}.get, share_limits=lambda part, level: limits[part] if level == 0.95 else None
        ) if len(own) > 4 else None  # fmt: skip

    monkeypatch.setattr(variation, "components", components)
    monkeypatch.setattr(variation.measuring, "counted", lambda *_, **how: rows if how == {"dated": True} else None)
    study: Any = SimpleNamespace(_kept={})
    entry: Any = SimpleNamespace(grades=(3,))
    schools = variation.between_schools(study, entry, ("week",), {})
    assert [(f.group, f.base, f.schools, f.classes) for f in schools] == [
        ({"week": 1}, 24, 3, 6), ({"week": 2}, 12, 2, 4), ({"week": 10}, 4, 1, 2),
    ]  # fmt: skip
    assert schools[0].estimate == Estimate(0.25, lower=0.1, upper=0.4, n=24, method="reml profile")
    assert schools[2].estimate.status == "no data"
    classes = variation.between_classes(study, entry, ("week",), {})
    assert classes[0].estimate.value == 0.5 and classes[1].estimate.lower == 0.3 and fitted == [24, 12, 4]
    (whole,) = variation.between_schools(study, entry, (), {"week": 1})
    assert (whole.group, whole.base) == ({}, 24) and fitted == [24, 12, 4, 24]
    every: Any = SimpleNamespace(grades=())
    assert variation.between_schools(SimpleNamespace(_kept={}), every, (), {})[0].base == 43
    monkeypatch.setattr(variation.measuring, "counted", lambda *_, **__: rows.iloc[:0])
    (none,) = variation.between_schools(SimpleNamespace(_kept={}), every, (), {})
    assert (none.base, none.schools, none.classes, none.estimate.status) == (0, 0, 0, "no data")


# -- a course from week to week ----------------------------------------------------------------------------------------

TOPS, BASES = [80, 82, 79, 81, 20, 80, 99], [100] * 7


def watched(unit: str = "%", **how: Any) -> pd.DataFrame:
    weeks = [
        SimpleNamespace(scope=SimpleNamespace(group=(("week", n),)), base=base, numerator=top, denominator=base, value=top / 100)
        for n, (top, base) in enumerate(zip(TOPS, [*BASES[:-1], None], strict=True), start=3)
    ]  # fmt: skip
    weeks[-1].denominator = 100
    study: Any = SimpleNamespace(
        describe=lambda id: SimpleNamespace(unit=unit, label="某率"), measure=lambda id, by, **where: weeks if where == {"grade": 3} else None
    )  # fmt: skip
    return monitoring.monitor(study, "own.id", grade=3, **how)


def test_a_course_is_watched_by_the_chart_of_its_kind() -> None:
    found, chart = watched(baseline=4), p_prime(TOPS, BASES, baseline=4)
    assert list(found.columns) == [
        "week", "label", "base", "value", "smoothed", "centre", "lower", "upper", "signal", "side",
    ]  # fmt: skip
    assert found["week"].tolist() == list(range(3, 10)) and found["label"].tolist()[0] == "第3周"
    assert found["base"].tolist() == [100] * 6 + [0]
    for name in ("value", "centre", "lower", "upper"):
        assert found[name].tolist() == pytest.approx(chart[name].tolist())
    assert found["smoothed"].tolist() == found["value"].tolist()
    assert found["side"].tolist() == ["", "", "", "", "below", "", "above"]
    assert found["signal"].tolist() == [side != "" for side in found["side"]]
    smooth = watched("分钟", baseline=4)
    told = ewma([top / 100 for top in TOPS], baseline=4, base=found["base"])
    assert smooth["smoothed"].tolist() == pytest.approx(told["smoothed"].tolist())
    assert watched(kind="ewma")["smoothed"].tolist() != found["smoothed"].tolist()


def test_a_chart_that_does_not_suit_is_refused() -> None:
    with pytest.raises(UserError, match="没有“pie”这种监测图；可用：ewma、p_prime"):
        watched(kind="pie")
    with pytest.raises(UserError, match="指标“某率”不是占比，不能用 p′ 图"):
        watched("分钟", kind="p_prime")
    assert watched(kind="p_prime")["value"].tolist()[0] == 0.8
