"""The limits of a process over weeks, against the formula written out once more with plain loops."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.indicators.estimation import figures
from analysis.statistics.contrast import contrast
from analysis.statistics.process import ratios

T = {2: 4.302652729749, 3: 3.182446305284}
"""The .975 quantiles of t (tables)."""


def variance(cells: list[tuple], weeks: list) -> float:
    """Variance of a sum over weeks of Σ (num − r_c · den); cells are (class, week, num, den)."""
    tops, bottoms = {}, {}
    for name, _, num, den in cells:
        tops[name] = tops.get(name, 0) + num
        bottoms[name] = bottoms.get(name, 0) + den
    z = [sum(n - tops[c] / bottoms[c] * d for c, w, n, d in cells if w == week) for week in weeks]
    count = min(3, len(weeks) - 1)
    total = 0.0
    for each in range(1, count + 1):
        wave = sum(z[i] * math.sqrt(2) * math.cos(math.pi * each * (i + 0.5) / len(weeks)) for i in range(len(weeks)))
        total += wave**2
    return 1.3 * total / count


def limits(cells: list[tuple], share: bool) -> tuple[float, float]:
    weeks = sorted({week for _, week, _, _ in cells})
    yes, base = sum(c[2] for c in cells), sum(c[3] for c in cells)
    v, t = variance(cells, weeks), T[min(3, len(weeks) - 1)]
    if not share:
        half = t * math.sqrt(v) / base
        return yes / base - half, yes / base + half
    day = sum(c[3] ** 2 for c in cells) / base
    own = {
        n: sum(c[2] for c in cells if c[0] == n) / sum(c[3] for c in cells if c[0] == n) for n in {c[0] for c in cells}
    }
    seen = sum((n - own[c] * d) ** 2 for c, _, n, d in cells)
    most = sum(own[c] * (1 - own[c]) * d**2 for c, _, n, d in cells)
    cell = day * (seen + day**2) / (most + day**2)
    half = t * math.sqrt(v + cell**2)
    low, high = ((yes + cell + sign * half) / (base + 2 * cell) for sign in (-1, 1))
    return max(low, 0), min(high, 1)


def frame(cells: list[tuple], **more) -> pd.DataFrame:
    rows = pd.DataFrame(cells, columns=["class", "week", "numerator", "denominator"])
    return rows.assign(school="1", grade=3, date=range(len(rows)), **more)


def drawn(seed: int, share: bool, weeks: int = 9, classes: int = 3, pupils: int = 1) -> list[tuple]:
    draw = np.random.default_rng(seed)
    cells = []
    for name in "abcdefgh"[:classes]:
        for week in range(weeks):
            for _ in range(int(draw.integers(1, 6))):
                den = int(draw.integers(1, pupils + 1))
                num = int(draw.binomial(den, 0.7)) if share else int(draw.integers(20, 60)) * den
                cells.append((name, week, num, den))
    return cells


@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize(("weeks", "classes", "pupils"), [(9, 3, 1), (18, 1, 1), (3, 2, 1), (12, 4, 30)])
def test_the_limits_are_those_of_the_formula(share, weeks, classes, pupils):
    cells = drawn(weeks + classes, share, weeks, classes, pupils)
    told = figures(frame(cells), (), "ratio", interval="time", share=share)[0].estimate
    assert (told.lower, told.upper) == pytest.approx(limits(cells, share), abs=1e-10)
    assert told.value == pytest.approx(sum(c[2] for c in cells) / sum(c[3] for c in cells))
    assert told.df == min(3, weeks - 1)
    assert told.se == pytest.approx(math.sqrt(variance(cells, list(range(weeks)))) / sum(c[3] for c in cells))
    assert told.method == "process"


@pytest.mark.parametrize("weeks", [1, 2])
def test_one_or_two_weeks_have_no_limits(weeks):
    told = figures(frame(drawn(1, True, weeks)), (), "ratio", interval="time", share=True)[0].estimate
    assert (told.lower, told.upper, told.status) == (None, None, "too few")
    assert told.value is not None


@pytest.mark.parametrize(("n", "room"), [(13_420, 4.182446 / 13_422), (3_645, 4.182446 / 3_647)])
def test_nought_and_all_leave_room_for_four(n, room):
    """0 of 13,420 class-days and 3,645 of 3,645: (1 + t(3)) / (n + 2) from the end."""
    week = np.arange(n) * 18 // n
    unit = np.arange(n) % 12
    for top in (np.zeros(n), np.ones(n)):
        found = ratios(np.zeros(n, int), unit, week, top, np.ones(n), groups=1, share=True)
        ends = (0, room) if top[0] == 0 else (1 - room, 1)
        assert (found.lower[0], found.upper[0]) == pytest.approx(ends, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_one_class_day_moves_no_limit_by_more_than_ten_of_n(seed):
    draw = np.random.default_rng(seed)
    classes, weeks, days = draw.integers(1, 13), draw.integers(3, 21), draw.integers(1, 6)
    unit, week, _ = (each.ravel() for each in np.indices((classes, weeks, days)))
    n = len(unit)
    top = np.zeros(n)
    bad = (0, 1, 2, 3, n // 2, n)[seed % 6]
    top[(np.argsort(week, kind="stable") if seed % 2 else draw.permutation(n))[:bad]] = 1
    args = np.zeros(n, int), unit, week
    before = ratios(*args, top, np.ones(n), groups=1, share=True)
    for place in draw.permutation(n)[:25]:
        other = top.copy()
        other[place] = 1 - other[place]
        after = ratios(*args, other, np.ones(n), groups=1, share=True)
        assert abs(after.lower - before.lower) * n <= 10 and abs(after.upper - before.upper) * n <= 10
        assert 0 <= after.lower <= after.value <= after.upper <= 1


def test_a_group_has_the_same_limits_alone_and_among_others():
    parts = [frame(drawn(seed, True), weekday=seed) for seed in (1, 2, 3)]
    among = figures(pd.concat(parts), ("weekday",), "ratio", interval="time", share=True)
    for part, one in zip(parts, among, strict=True):
        assert figures(part, (), "ratio", interval="time", share=True)[0].estimate == one.estimate


def test_a_steady_difference_between_classes_is_no_noise():
    """Two classes of 10 and 90 minutes, each the same in every week: nothing varies over time."""
    cells = [(name, week, minutes, 1) for name, minutes in (("a", 10), ("b", 90)) for week in range(6)]
    told = figures(frame(cells), (), "ratio", interval="time", share=False)[0].estimate
    assert (told.lower, told.value, told.upper) == pytest.approx((50, 50, 50))


def test_a_sum_has_the_limits_of_its_ratio_times_its_base():
    cells = drawn(5, True)
    base = sum(c[3] for c in cells)
    told = figures(frame(cells), (), "sum", interval="time", share=True)[0].estimate
    assert (told.lower, told.upper) == pytest.approx([base * each for each in limits(cells, True)])
    assert told.value == sum(c[2] for c in cells)
    assert figures(frame(cells), (), "sum", interval="none", share=True)[0].estimate.lower is None


def test_a_median_has_the_limits_of_the_share_below_it_turned_back():
    """Woodruff: half ± t·se of the share at or below the median, read off the sorted values (definition 7)."""
    cells = drawn(6, False)
    values = sorted(c[2] / c[3] for c in cells)
    middle = float(np.quantile(values, 0.5))
    below = [(c, w, int(n / d <= middle), 1) for c, w, n, d in cells]
    half = T[3] * math.sqrt(variance(below, list(range(9)))) / len(cells)
    rows = frame(cells).rename(columns={"numerator": "value"}).assign(weight=1).drop(columns="denominator")
    told = figures(rows, (), "quantile", interval="time", share=False)[0].estimate
    assert told.value == pytest.approx(middle)
    assert told.lower == pytest.approx(np.quantile(values, max(0.5 - half, 0)))
    assert told.upper == pytest.approx(np.quantile(values, min(0.5 + half, 1)))


def test_without_weeks_a_ledger_has_no_limits_and_dates_tell_the_weeks():
    cells = drawn(7, True)
    rows = frame(cells)
    assert (
        figures(rows.drop(columns=["week", "date"]), (), "ratio", interval="time", share=True)[0].estimate.lower is None
    )
    monday = pd.Timestamp("2026-03-02")
    dated = rows.assign(date=[monday + pd.Timedelta(days=7 * w + i % 7) for i, w in enumerate(rows["week"])])
    told = figures(dated.drop(columns="week"), (), "ratio", interval="time", share=True)[0].estimate
    merged = dated.groupby(["class", "week", "date"])[["numerator", "denominator"]].sum().reset_index()
    same = [tuple(row) for row in merged[["class", "week", "numerator", "denominator"]].to_numpy()]
    assert (told.lower, told.upper) == pytest.approx(limits(same, True))


def plain_contrast(rows: list[tuple], of: int, share: bool, weeks: list) -> tuple[float, float, float]:
    """Difference, variance and degrees of freedom; rows are (school, grade, class, week, num, den)."""
    grades = sorted({r[1] for r in rows if r[0] == of} & {r[1] for r in rows if r[0] != of})
    rows = [r for r in rows if r[1] in grades]
    names = sorted({r[:3] for r in rows})
    top = {c: sum(r[4] for r in rows if r[:3] == c) for c in names}
    den = {c: sum(r[5] for r in rows if r[:3] == c) for c in names}
    side = {
        (mine, g): sum(den[c] for c in names if (c[0] == of) == mine and c[1] == g)
        for mine in (True, False)
        for g in grades
    }
    whole = sum(side[True, g] for g in grades)
    a = {c: (1 if c[0] == of else -1) * den[c] / side[c[0] == of, c[1]] * side[True, c[1]] / whole for c in names}
    difference = sum(a[c] * top[c] / den[c] for c in names)
    schools = sorted({c[0] for c in names})
    model = np.array([[c[0] == s for s in schools] + [c[1] == g for g in grades[1:]] for c in names], dtype=float)
    y = np.array([top[c] / den[c] for c in names])
    left = y - model @ np.linalg.pinv(model) @ y
    df = len(names) - len(schools) - len(grades) + 1
    first = float(left @ left) / df * sum(each**2 for each in a.values())
    cells = [(r[:3], r[3], r[4] * a[r[:3]] / den[r[:3]], r[5]) for r in rows]
    second = variance(cells, weeks) if weeks else 0.0
    v = first + second
    freedom = v**2 / (first**2 / df + second**2 / 3) if weeks else df
    if share:
        n = [sum(r[5] for r in rows if (r[0] == of) == mine) for mine in (True, False)]
        cell = sum(r[5] ** 2 for r in rows) / sum(n)
        p = (sum(r[4] for r in rows) + cell) / (sum(n) + 2 * cell)
        v = max(v, p * (1 - p) * cell * (1 / n[0] + 1 / n[1]))
    return difference, v, freedom


def district(seed: int, share: bool, base: float = 0.6) -> list[tuple]:
    draw = np.random.default_rng(seed)
    rows = []
    for school, grades, classes in ((0, (1, 2, 3), 2), (1, (1, 2, 3), 1), (2, (2, 3, 4), 3), (3, (8, 9), 2)):
        for grade in grades:
            for each in range(classes):
                level = draw.normal(0, 0.08)
                for week in range(6):
                    for _ in range(3):
                        den = int(draw.integers(1, 4))
                        p = min(max(base + level, 0), 1)
                        num = (
                            int(draw.binomial(den, p)) if share else den * (10 * grade + 30 * level + draw.normal(0, 3))
                        )
                        rows.append((school, grade, each, week, num, den))
    return rows


@pytest.mark.parametrize("weekly", [True, False])
@pytest.mark.parametrize(("share", "base"), [(True, 0.6), (True, 0.999), (False, 0.6)])
def test_a_school_less_the_rest_is_that_of_the_formula(share, base, weekly):
    rows = district(3, share, base)
    school, grade, _, week, top, bottom = (np.array(each) for each in zip(*rows, strict=True))
    unit = pd.factorize(pd.Series([r[:3] for r in rows]))[0]
    for of in (0, 1, 2):
        told = contrast(school, grade, unit, week if weekly else None, top * 1.0, bottom * 1.0, of=of, share=share)
        difference, v, df = plain_contrast(rows, of, share, list(range(6)) if weekly else [])
        assert told.difference == pytest.approx(difference)
        assert told.se == pytest.approx(math.sqrt(v))
        assert told.df == pytest.approx(df)
    assert contrast(school, grade, unit, week, top * 1.0, bottom * 1.0, of=3, share=share) is None
    assert contrast(school, grade, unit, week, top * 1.0, bottom * 1.0, of=9, share=share) is None


def test_what_strikes_all_schools_alike_cancels():
    rows = district(4, False)
    school, grade, _, week, top, bottom = (np.array(each) for each in zip(*rows, strict=True))
    unit = pd.factorize(pd.Series([r[:3] for r in rows]))[0]
    even = np.ones(len(rows))
    shock = np.array([0, 5, -9, 20, 3, -30])[week]
    plain = contrast(school, grade, unit, week, top / bottom, even, of=0, share=False)
    shaken = contrast(school, grade, unit, week, top / bottom + shock, even, of=0, share=False)
    assert (shaken.difference, shaken.se) == pytest.approx((plain.difference, plain.se))
