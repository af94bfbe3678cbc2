"""How alike classmates answer, and what shares of few classes borrow from it: held against statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from analysis.statistics import SurveyDesign, at_level, effective_n, verdict
from analysis.statistics.intraclass import FEW, Intraclass


def _answers(seed: int = 4, classes: tuple[int, ...] = (12, 6, 9), spread: float = 0.2) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    rows = [
        (school, f"{school}/{room}", float(y), 1.0 + 0.2 * (room % 3))
        for school, count in enumerate(classes)
        for room in range(count)
        for p in [np.clip(draw.normal(0.85, spread), 0.3, 1.0)]
        for y in draw.random(draw.integers(8, 30)) < p
    ]
    return pd.DataFrame(rows, columns=["school", "class", "y", "w"])


def _design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign(frame, strata="school", clusters="class", weights="w", single_psu="adjust")


def test_the_correlation_is_that_of_a_nested_analysis_of_variance():
    frame = _answers()
    of_school, of_class = (
        ols(f"y ~ C({name})", data=frame.rename(columns={"class": "room"})).fit() for name in ("school", "room")
    )
    row = anova_lm(of_school, of_class).iloc[1]
    df, between, within = row["df_diff"], row["ss_diff"] / row["df_diff"], of_class.mse_resid
    sizes = frame.groupby(["school", "class"]).size()
    schools = sizes.groupby("school")
    n0 = (schools.sum() - schools.apply(lambda n: (n**2).sum() / n.sum())).sum() / (len(sizes) - 3)
    one = _design(frame).intraclass("y")
    assert df == one.df == 24
    assert one.value == pytest.approx((between - within) / (between + (n0 - 1) * within), rel=1e-9)
    assert one.value > 0.02


def test_classes_more_alike_than_chance_have_a_correlation_of_none():
    frame = pd.DataFrame({"school": 0, "class": np.repeat(range(6), 10), "y": [0.0, 1.0] * 30, "w": 1.0})
    assert _design(frame).intraclass("y") == Intraclass(0.0, 5.0)
    assert _design(frame[frame["class"] == 0]).intraclass("y") == Intraclass(0.0, 0.0)


@pytest.mark.parametrize("rho,own", [(0.90, False), (0.0, True)])
def test_a_share_of_few_classes_has_at_least_the_pooled_variance(rho, own):
    frame = _answers()
    design = _design(frame)
    alike = Intraclass(rho, 24.0)
    plain = design.proportion("y", by="school").loc[1]
    one = design.proportion("y", by="school", alike=alike).loc[1]
    mine = frame[frame["school"] == 1]
    weights = mine.groupby("class")["w"].sum()
    mass, square = mine["w"].sum(), (mine["w"] ** 2).sum()
    factor = max((rho * (weights**2).sum() + (1 - rho) * square) / mass**2, 1 / len(mine))
    p = one["value"]
    variance = p * (1 - p) * factor
    assert bool(plain["se"] ** 2 > variance) is own
    variance = max(variance, plain["se"] ** 2)
    assert one["se"] == pytest.approx(variance**0.5, rel=1e-9)
    scale = (stats.t.ppf(0.975, len(mine) - 1) / stats.t.ppf(0.975, 24)) ** 2
    size = p * (1 - p) / variance * scale
    limits = stats.beta.ppf([0.025, 0.975], size * p + 0.5, size * (1 - p) + 0.5)
    assert [one["lower"], one["upper"]] == pytest.approx(limits.tolist(), rel=1e-9)
    assert (one["df"], one["method"]) == (24.0, "jeffreys")


def test_all_satisfied_is_continuous_with_one_who_is_not():
    """230 of 230 has the effective size of its neighbour 229 of 230; its limit is no leap away."""
    frame = _answers(spread=0.0).assign(y=1.0)
    one_not = frame.assign(y=np.where(np.arange(len(frame)) == frame.index[frame["school"] == 1][0], 0.0, 1.0))
    alike = Intraclass(0.1, 24.0)
    full = _design(frame).proportion("y", by="school", alike=alike).loc[1]
    near = _design(one_not).proportion("y", by="school", alike=alike).loc[1]
    assert (full["value"], full["upper"], full["se"]) == (1.0, 1.0, 0.0)
    n = int(full["n"])
    assert near["lower"] < full["lower"] < near["lower"] + 10 / n
    assert full["deff"] == pytest.approx(n / (n / full["deff"]))
    estimate = _design(frame[frame["school"] == 1]).proportion("y", alike=alike)
    size = effective_n(estimate)
    scale = (stats.t.ppf(0.95, n - 1) / stats.t.ppf(0.95, 24)) ** 2
    expected = stats.beta.ppf(0.05, size * scale + 0.5, 0.5)
    assert at_level(estimate, 0.9).lower == pytest.approx(expected, rel=1e-9)


def test_a_school_is_the_same_alone_and_among_others():
    frame = _answers()
    alike = _design(frame).intraclass("y")
    table = _design(frame).proportion("y", by="school", alike=alike)
    for school in range(3):
        alone = _design(frame[frame["school"] == school].reset_index(drop=True)).proportion("y", alike=alike)
        row = table.loc[school]
        assert (alone.lower, alone.upper, alone.df) == pytest.approx((row["lower"], row["upper"], row["df"]), rel=1e-12)


def test_many_classes_and_single_classes_stay_as_they_are():
    frame = _answers(classes=(FEW + 1, 1))
    design = SurveyDesign(frame, strata="school", clusters="class", weights="w", single_psu="adjust")
    plain, other = design.proportion("y", by="school"), design.proportion("y", by="school", alike=Intraclass(0.5, 60.0))
    assert plain.loc[0].equals(other.loc[0]) and other.loc[0, "method"] == "beta"
    assert other.loc[1, "status"] == "too few"
    unknown = design.proportion("y", by="class", alike=Intraclass(0.0, 0.0))
    assert unknown["method"].ne("jeffreys").all()


def test_a_verdict_takes_the_pooled_limits():
    frame = _answers(classes=(12, 12), spread=0.05)
    design = _design(frame)
    one = design.proportion("y", where=frame["school"] == 0, alike=Intraclass(0.1, 22.0))
    narrow = design.proportion("y", where=frame["school"] == 0, alike=Intraclass(0.1, 22.0), level=0.9)
    assert verdict(one, at_least=0.5).narrow.lower == pytest.approx(narrow.lower, rel=1e-9)
