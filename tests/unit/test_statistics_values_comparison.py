"""Every figure of a comparison of units, worked out a second way: scipy's distributions, root finding, plain numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from analysis.house import UserError
from analysis.statistics import Estimate, SurveyDesign, at_level, effective_n, funnel, shrink
from analysis.statistics.funnel import binomial_band, binomial_tail
from analysis.statistics.multiplicity import holm
from analysis.statistics.shrinkage import _maximum
from analysis.statistics.simultaneous import directions, p_value

SHARES = pd.Series([0.61, 0.74, 0.88, 0.93, 0.82, 0.99, 0.70], index=list("甲乙丙丁戊己庚"))
SIZES = np.array([43.0, 120.0, 77.5, 210.0, 31.0, 95.0, 64.0])
LEVELS = (0.9, 0.99)


def _root(centre: float, size: float, goal: float) -> float:
    def over(yes: float) -> float:
        return float(stats.beta.cdf(1 - centre, size - yes + 0.5, yes + 0.5) - goal)

    return 0.0 if over(0) >= 0 else size if over(size) <= 0 else float(optimize.brentq(over, 0, size, xtol=1e-14))


def test_a_funnel_is_that_of_the_continued_binomial():
    one = funnel(SHARES, SIZES, levels=LEVELS)
    p = SHARES.to_numpy()
    centre = (p * SIZES).sum() / SIZES.sum()
    z = (p - centre) / np.sqrt(centre * (1 - centre) / SIZES)
    ends = np.quantile(z, [0.1, 0.9])
    phi = np.mean(np.clip(z, *ends) ** 2)
    assert (one.centre, one.dispersion) == (pytest.approx(centre, rel=1e-12), pytest.approx(phi, rel=1e-12))
    assert phi > 1.5
    assert one.table["chance_z"].to_numpy() == pytest.approx(z, rel=1e-12)
    assert one.table["z"].to_numpy() == pytest.approx(z / np.sqrt(phi), rel=1e-12)
    for column, factor in (("p", phi), ("chance_p", 1.0)):
        n, yes = SIZES / factor, p * SIZES / factor
        below = stats.beta.cdf(1 - centre, n - yes + 0.5, yes + 0.5)
        assert one.table[column].to_numpy() == pytest.approx(2 * np.minimum(below, 1 - below), rel=1e-9)
        assert one.table[column.replace("p", "holm")].to_numpy() == pytest.approx(holm(one.table[column]), rel=1e-12)
    assert one.homogeneity.chi2 == pytest.approx((z**2).sum(), rel=1e-12)
    assert one.homogeneity.df == 6
    assert one.homogeneity.p == pytest.approx(stats.chi2.sf((z**2).sum(), 6), rel=1e-9)
    for chance, factor in ((False, phi), (True, 1.0)):
        row = one.limits([57.0], chance=chance).iloc[0]
        assert row["n"] == 57
        for name, goal in (("lower", 0.005), ("inner_lower", 0.05), ("inner_upper", 0.95), ("upper", 0.995)):
            assert row[name] == pytest.approx(_root(centre, 57 / factor, goal) / (57 / factor), rel=1e-10)


def test_units_lie_where_the_limits_put_them():
    one = funnel(SHARES, SIZES, levels=LEVELS)
    for column, chance in (("place", False), ("chance", True)):
        limits = one.limits(SIZES, chance=chance)
        for p, said, row in zip(SHARES, one.table[column], limits.itertuples(), strict=True):
            expected = (
                "below"
                if p < row.lower
                else "above"
                if p > row.upper
                else "low"
                if p < row.inner_lower
                else "high"
                if p > row.inner_upper
                else "within"
            )
            assert said == expected
    assert set(one.table["chance"]) >= {"below", "above", "within"}
    adjusted = one.table["chance_holm"]
    between = float(np.sort(adjusted)[2:4].mean())
    assert one.beyond(alpha=between) == list(adjusted.index[adjusted.rank() <= 3])


def test_a_given_centre_leaves_all_degrees_of_freedom_and_no_dispersion_below_one():
    one = funnel(SHARES, SIZES, centre=0.8, overdispersion=False)
    z = (SHARES.to_numpy() - 0.8) / np.sqrt(0.16 / SIZES)
    assert (one.centre, one.dispersion, one.homogeneity.df, one.levels) == (0.8, 1.0, 7, (0.95, 0.998))
    assert one.homogeneity.chi2 == pytest.approx((z**2).sum(), rel=1e-12)
    assert one.table["z"].to_numpy() == pytest.approx(z, rel=1e-12)
    assert one.table["z"].equals(one.table["chance_z"])
    assert funnel([0.80, 0.81, 0.79], [40, 50, 60]).dispersion == 1.0
    two = funnel([0.7, 0.9], [50, 70])
    spread = np.quantile(
        (np.array([0.7, 0.9]) - two.centre) * np.sqrt(np.array([50, 70]) / two.centre / (1 - two.centre)), [0.1, 0.9]
    )
    assert two.dispersion == pytest.approx((spread**2).mean(), rel=1e-12)
    assert two.homogeneity.df == 1
    alone = funnel([0.7], [50])
    assert alone.homogeneity is None and alone.dispersion == 1.0


def test_the_tail_of_a_binomial_and_its_band():
    for centre, n, yes in ((0.3, 17.0, 4.0), (0.85, 40.5, 31.2)):
        assert binomial_tail(centre, n, yes) == pytest.approx(
            stats.beta.cdf(1 - centre, n - yes + 0.5, yes + 0.5), rel=1e-12
        )
    low, high = binomial_band(0.3, 2.5, np.array([75.0]), 0.8)
    assert low[0] * 30 == pytest.approx(_root(0.3, 30, 0.1), rel=1e-11)
    assert high[0] * 30 == pytest.approx(_root(0.3, 30, 0.9), rel=1e-11)
    for flat in (0.0, 1.0):
        low, high = binomial_band(flat, 1.3, np.array([7.0, 9.0]), 0.9)
        assert low.tolist() == high.tolist() == [flat, flat]


def test_units_without_a_share_or_a_size_are_left_out_of_a_funnel():
    one = funnel(pd.Series([0.7, None, 0.9, 0.8], index=list("甲乙丙丁")), [50, 60, 70, 0])
    assert one.table.index.tolist() == ["甲", "丙"]
    assert one.centre == pytest.approx((0.7 * 50 + 0.9 * 70) / 120, rel=1e-12)
    assert funnel([0.7, 0.9], [0.5, 0.25]).table["n"].tolist() == [0.5, 0.25]
    with pytest.raises(UserError, match="有 3 个占比、2 个样本数"):
        funnel([0.7, 0.8, 0.9], [50, 60])


YES = np.array([31.0, 52.0, 70.0, 88.0, 19.0, 47.0])
N = np.array([40.0, 60.0, 75.0, 120.0, 22.0, 80.0])


def _log_likelihood(mean: float, strength: float) -> float:
    return float(stats.betabinom.logpmf(YES, N, mean * strength, (1 - mean) * strength).sum())


def test_the_distribution_between_units_has_the_greatest_likelihood():
    best = optimize.minimize(
        lambda at: -_log_likelihood(1 / (1 + np.exp(-at[0])), np.exp(at[1])),
        [1.0, 3.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12},
    ).x
    one = shrink(YES / N, N)
    assert one.mean == pytest.approx(1 / (1 + np.exp(-best[0])), rel=1e-5)
    assert one.strength == pytest.approx(np.exp(best[1]), rel=1e-3)
    assert one.table["value"].to_numpy() == pytest.approx(
        (one.mean * one.strength + YES) / (one.strength + N), rel=1e-12
    )
    assert _maximum(np.array([0.0, 50.0, 0.0, 50.0]), np.full(4, 50.0))[1] == pytest.approx(0.1, rel=1e-9)
    assert _maximum(np.full(3, 35.0), np.full(3, 50.0)) == pytest.approx((0.7, 1e6), rel=1e-9)
    assert shrink([0.7] * 5, [50] * 5).strength == np.inf


def test_intervals_and_ranks_come_from_the_published_grid_and_seed():
    """The steps of the docstring once more, with scipy's distributions and one loop a cell of the grid."""
    strength = _maximum(YES, N)[1]
    count, seed, level = 3000, 71, 0.9
    centre = (YES.sum() + 0.5) / (N.sum() + 1)
    per_unit = (min(strength, N.mean()) + 1) * len(N)
    known = 1 + 0.25 / (1 / N.sum() + 1 / per_unit)
    proposal = stats.beta(centre * known, (1 - centre) * known)
    levels, spreads = (np.arange(80) + 0.5) / 80, (np.arange(40) + 0.5) / 40
    cells = [(m, N.mean() * (1 / s - 1)) for m in proposal.ppf(levels) for s in spreads]
    log = np.array([_log_likelihood(m, strong) - proposal.logpdf(m) for m, strong in cells])
    weight = np.exp(log - log.max())
    draw = np.random.default_rng(seed)
    picked = draw.choice(3200, size=count, p=weight / weight.sum())
    mu = proposal.ppf(levels[picked // 40] + draw.uniform(-0.5, 0.5, count) / 80)
    strong = np.array([cells[each][1] for each in picked])
    true = draw.beta((mu * strong)[:, None] + YES, ((1 - mu) * strong)[:, None] + N - YES)
    table = shrink(YES / N, N, level=level, draws=count, seed=seed).table
    low, high = np.quantile(true, [0.05, 0.95], axis=0)
    assert table["lower"].to_numpy() == pytest.approx(low, rel=1e-8)
    assert table["upper"].to_numpy() == pytest.approx(high, rel=1e-8)
    ranks = np.array([stats.rankdata(-row) for row in true])
    expected = [np.quantile(ranks, q, axis=0, method="inverted_cdf") for q in (0.5, 0.05, 0.95)]
    assert table[["rank", "rank_lower", "rank_upper"]].to_numpy().T.tolist() == [each.tolist() for each in expected]


def test_too_few_or_unequal_units_are_not_shrunk():
    with pytest.raises(UserError, match="有 3 个占比、2 个样本数"):
        shrink([0.7, 0.8, 0.9], [50, 60])
    with pytest.raises(UserError, match="少于两个单位"):
        shrink([0.7, 0.8, None], [50, 0, 30])
    one = shrink(pd.Series([0.7, 0.8, None, 0.6], index=list("甲乙丙丁")), [50, 20, 30, 0.5], draws=200)
    assert one.table.index.tolist() == ["甲", "乙", "丁"] and one.level == 0.95


def test_a_p_value_is_found_to_ten_digits_over_its_whole_range():
    for t in (0.05, 0.4, 1.7, 4.5):
        half = stats.t.ppf(0.95, 13) * 2.5
        one = Estimate(60 + 2.5 * t, 2.5, 60 + 2.5 * t - half, 60 + 2.5 * t + half, 0.9, n=90, df=13, method="t")
        assert p_value(one, 60) == pytest.approx(stats.t.sf(t, 13), abs=2e-12)
        assert p_value(one, at_most=60) == pytest.approx(stats.t.sf(t, 13), abs=2e-12)
    assert p_value(one) == 0.5


def test_directions_need_a_degree_of_freedom_and_a_standard_error():
    def one(value: float, df: float, se: float = 1.0) -> Estimate:
        return Estimate(value, se, value - 1, value + 1, n=9, df=df, method="t")

    tail = 2 * stats.t.sf(40, 1)
    assert 0.0125 < tail < 0.025
    assert directions({"a": one(40, 1), "b": one(-40, 1)}) == {"a": "up", "b": "down"}
    assert set(directions({each: one(40, 1) for each in "abcd"}).values()) == {"not shown"}
    assert directions({"a": one(900, 0.5), "b": one(0.3, 9, 0.001), "c": one(5, 9, 0.0)}) == {
        "a": "not shown",
        "b": "up",
        "c": "not shown",
    }


def test_the_effective_size_of_a_share_by_hand():
    ratio = (stats.t.ppf(0.95, 79) / stats.t.ppf(0.95, 11)) ** 2
    for p, low, high, limit in ((1.0, 0.93, 1.0, 0.93), (0.0, 0.0, 0.07, 0.93)):
        edge = Estimate(p, 0.0, low, high, 0.9, n=80, df=11, method="beta")
        size = np.log(0.05) / np.log(limit) / ratio
        assert effective_n(edge) == pytest.approx(size, rel=1e-12)
        wide = (stats.t.ppf(0.99, 79) / stats.t.ppf(0.99, 11)) ** 2
        other = at_level(edge, 0.98)
        bound = 0.01 ** (1 / (size * wide))
        assert (other.lower if p else 1 - other.upper) == pytest.approx(bound, rel=1e-9)
    assert effective_n(Estimate(0.8, 0.03, 0.7, 0.9, n=80, df=11, method="beta")) == pytest.approx(
        0.16 / 0.0009, rel=1e-12
    )
    assert effective_n(Estimate(0.8, 0.03, 0.7, 0.9, n=80, df=11, deff=2.5, method="jeffreys")) == 32.0
    assert effective_n(Estimate(0.8, None, None, None, n=80)) is None
    assert effective_n(Estimate(1.0, 0.0, 1.0, 1.0, n=80, df=11, method="mean")) == 80.0
    for n, df in ((1, 11), (80, 0.5)):
        edge = Estimate(1.0, 0.0, 0.93, 1.0, 0.9, n=n, df=df, method="beta")
        assert effective_n(edge) == pytest.approx(np.log(0.05) / np.log(0.93), rel=1e-12)
    pair = Estimate(1.0, 0.0, 0.93, 1.0, 0.9, n=2, df=1.5, method="beta")
    scale = (stats.t.ppf(0.95, 1) / stats.t.ppf(0.95, 1.5)) ** 2
    assert effective_n(pair) == pytest.approx(np.log(0.05) / np.log(0.93) / scale, rel=1e-9)
    pair = Estimate(1.0, 0.0, 0.93, 1.0, 0.9, n=5, df=1, method="beta")
    scale = (stats.t.ppf(0.95, 4) / stats.t.ppf(0.95, 1)) ** 2
    assert effective_n(pair) == pytest.approx(np.log(0.05) / np.log(0.93) / scale, rel=1e-9)


def test_the_likeness_of_answers_with_a_single_answer_and_an_empty_stratum():
    rows = (
        [("东", "a", y) for y in (3, 5, 4, 7)] + [("东", "b", y) for y in (9, 8)] + [("东", "c", y) for y in (2, 6, 1)]
    )
    rows += [("南", "d", 5.0), ("西", "e", 1.0), ("西", "e", 4.0), ("西", "f", 8.0), ("北", "g", 3.0), ("北", "h", 2.0)]
    frame = pd.DataFrame(rows, columns=["stratum", "unit", "y"]).assign(here=lambda all_: all_["stratum"] != "北")
    one = SurveyDesign(frame, strata="stratum", clusters="unit", single_psu="adjust").intraclass("y", where="here")
    seen = frame[frame["here"]]
    unit, stratum = seen.groupby("unit")["y"], seen.groupby("stratum")["y"]
    n = unit.size()
    home = seen.groupby("unit")["stratum"].first()
    df = 6 - 3
    between = (n * (unit.mean() - home.map(stratum.mean())) ** 2).sum() / df
    within = ((seen["y"] - unit.transform("mean")) ** 2).sum() / (len(seen) - 6)
    size = (len(seen) - sum((n[home == each] ** 2).sum() / n[home == each].sum() for each in "东南西")) / df
    assert one.df == df
    assert 0 < one.value == pytest.approx((between - within) / (between + (size - 1) * within), rel=1e-12)
