"""Domains, stages and tables of a design at their edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.house import UserError
from analysis.statistics import Estimate, SurveyDesign, benjamini_hochberg, holm

FRAME = pd.DataFrame(
    {
        "stratum": list("甲甲甲甲甲甲乙乙乙乙乙乙"),
        "unit": list("aabbccddeeff"),
        "pupil": range(12),
        "y": [1.0, 3, 2, 5, 4, 6, 2, 2, 7, 3, 1, 0],
        "v": [2.0, 1, 1, 4, 3, 5, 1, 2, 5, 3, 2, 1],
        "s": [1.0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0],
        "r": list("xyxxyyxyxyxx"),
        "c": list("uvuuvuvvuvuv"),
        "here": [True] * 6 + [False] * 6,
        "N": 9.0,
        "M": 2.0,
    }
)


def test_means_take_the_degrees_of_freedom_of_the_design_and_shares_those_of_the_domain() -> None:
    """Six units less two strata; in stratum 甲 three less one."""
    design = SurveyDesign(FRAME, strata="stratum", clusters="unit")
    for one in (
        design.mean("y", where="here"),
        design.total("y", where="here"),
        design.ratio("y", "v", where="here"),
        design.variance("y", where="here"),
    ):
        assert one.df == 4
        assert one.upper - one.value == pytest.approx(stats.t.ppf(0.975, 4) * one.se)
    assert design.proportion("s", where="here").df == design.quantile("y", 0.5, where="here").df == 2
    assert design.cronbach_alpha(["y", "v"], where="here").df == 2
    assert design.degrees_of_freedom() == 4 and design.degrees_of_freedom("here") == 2


def test_the_likeness_is_that_of_first_stage_units_where_there_are_two_stages() -> None:
    two = SurveyDesign(FRAME, strata="stratum", clusters=["unit", "pupil"], fpc=["N", "M"])
    one = SurveyDesign(FRAME, strata="stratum", clusters="unit")
    assert two.intraclass("y") == one.intraclass("y")
    alike = one.intraclass("s")
    for design in (one, two):
        told = design.proportion("s", alike=alike, where="here")
        cells = (alike.value * 3 * 4 + (1 - alike.value) * 6) / 36  # three units of two, weights of one size
        assert told.se**2 >= 2 / 3 * (1 / 3) * cells * (1 - 1e-12) and told.method == "jeffreys"


def test_tables_of_arrays_are_those_of_columns() -> None:
    design = SurveyDesign(FRAME, strata="stratum", clusters="unit")
    named = design.chisq("r", "c")
    given = design.chisq(FRAME["r"].to_numpy(), FRAME["c"].to_numpy())
    assert given.shares.to_numpy().tolist() == named.shares.to_numpy().tolist()
    assert (given.statistic, given.p, given.n) == (named.statistic, named.p, 12)
    count = pd.crosstab(FRAME["r"], FRAME["c"])
    assert named.shares.to_numpy() * 12 == pytest.approx(count.to_numpy())
    assert named.pearson == pytest.approx(stats.chi2_contingency(count, correction=False).statistic)
    mixed = design.chisq("r", FRAME["c"].to_numpy())
    assert mixed.p == named.p and mixed.shares.index.tolist() == ["x", "y"]
    none = design.chisq("r", "c", where=np.zeros(12, bool))
    assert (none.status, none.n, none.p, none.statistic) == ("no data", 0, None, None)


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5, -0.2, 95])
def test_levels_lie_between_none_and_one(level: float) -> None:
    design = SurveyDesign(FRAME, clusters="unit")
    for ask in (design.mean, design.total, design.proportion, design.variance):
        with pytest.raises(UserError, match="应在 0 与 1 之间"):
            ask("s", level=level)


def test_totals_means_and_ratios_are_those_of_the_sample_with_its_weights() -> None:
    """Two stages with 9 units a stratum: three drawn, both pupils of each; weights of 3."""
    design = SurveyDesign(FRAME, strata="stratum", clusters=["unit", "pupil"], fpc=["N", "M"])
    assert design.weights.tolist() == [3.0] * 12
    total = design.total("y")
    sums = FRAME.groupby(["stratum", "unit"])["y"].sum()
    variance = sum(9 * (1 - 3 / 9) * 9 / 3 * part.var() for _, part in sums.groupby(level=0))
    assert (total.value, total.se) == (3 * 36, pytest.approx(variance**0.5))
    assert design.mean("y").value == 3 and design.mean("y").se == pytest.approx(variance**0.5 / 36)
    assert design.ratio("y", "v").value == pytest.approx(36 / 30)


def test_a_domain_of_two_classes_has_limits_and_one_of_a_single_class_has_none() -> None:
    design = SurveyDesign(FRAME, clusters="unit")
    two, one = (design.proportion("s", where=FRAME["unit"].isin(list(units))) for units in ("ab", "a"))
    assert (two.df, two.status, one.df, one.status) == (1, "ok", 0, "too few")
    assert two.value == 0.75 and one.value == 0.5 and one.lower is None
    assert design.mean("y", where=FRAME["unit"] == "a").status == "ok"  # five degrees of freedom of the design


def test_replicates_need_two_and_a_known_kind() -> None:
    design = SurveyDesign(FRAME, clusters="unit")
    assert design.replicates("bootstrap", count=2, seed=1).mean("y").value == 3
    with pytest.raises(UserError, match="count=1 太少"):
        design.replicates("bootstrap", count=1)
    with pytest.raises(UserError, match="“x”不可用"):
        design.replicates("x")
    assert design.replicates().mean("y").se == pytest.approx(
        (5 / 6 * ((3 - (36 - FRAME.groupby("unit")["y"].sum()) / 10) ** 2).sum()) ** 0.5
    )  # the jackknife of six units of equal size: leaving one out leaves ten answers


def test_whatever_is_missing_in_an_estimate_is_none() -> None:
    one = Estimate(0.5, None, np.nan, np.float64(0.7), n=np.int64(3), df=pd.NA)
    assert (one.se, one.lower, one.upper, one.df, one.n, one.status) == (None, None, 0.7, None, 3, "ok")
    assert type(one.upper) is float and type(one.n) is int
    assert Estimate(np.nan).status == Estimate(None, status="too few").status == "no data"
    assert Estimate(None, status="suppressed").status == "suppressed"


def test_adjusted_p_values_by_hand() -> None:
    """Holm: 3·0.01, 2·0.03, and no less than that before; Benjamini–Hochberg: 0.01·3/1, 0.03·3/2, 0.04·3/3."""
    p = [0.04, 0.01, 0.03]
    assert holm(p) == pytest.approx([0.06, 0.03, 0.06])
    assert benjamini_hochberg(p) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.6, 0.7]).tolist() == [1, 1] and benjamini_hochberg([0.6, 0.7]).tolist() == [0.7, 0.7]
    for adjust in (holm, benjamini_hochberg):
        assert adjust([]).tolist() == [] and adjust([0.0, 1.0]).tolist() == [0, 1]
        for wrong in ([-0.01, 0.5], [0.5, 1.01], [np.nan]):
            with pytest.raises(UserError, match="p 值应在 0 与 1 之间"):
                adjust(wrong)


@pytest.mark.parametrize("rule", ["math", "hf7"])
def test_limits_of_quantiles_end_at_the_least_and_the_greatest_value(rule: str) -> None:
    """Four answers: the share below has limits beyond 0 and 1."""
    frame = pd.DataFrame({"y": [3.0, 8.0, 5.0, 9.0], "g": list("aaab")})
    one = SurveyDesign(frame).quantile("y", 0.5, rule=rule)
    assert (one.lower, one.upper) == (3, 9) and one.value == (5 if rule == "math" else 6.5)
    assert one.se == pytest.approx(6 / 2 / stats.t.ppf(0.975, 3))
    parts = SurveyDesign(frame).quantile("y", 0.5, rule=rule, by="g")
    assert (parts["lower"].iloc[0], parts["upper"].iloc[0]) == (3, 8) and parts["value"].tolist() == [5, 9]
