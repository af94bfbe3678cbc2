"""Verdicts: the 90 % limits decide, both intervals are told, several items are judged together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.house import UserError
from analysis.statistics import Estimate, SurveyDesign, at_level, effective_n, every, needed, verdict


def _share(p: float, se: float, n: int = 2000, df: float = 60) -> Estimate:
    start = Estimate(p, se, 0.0, 1.0, level=0.5, n=n, df=df, method="beta")
    return at_level(start, 0.95)


def _survey(p: float, rows: int = 900, classes: int = 30) -> SurveyDesign:
    y = np.zeros(rows)
    y[: round(p * rows)] = 1
    np.random.default_rng(5).shuffle(y)
    return SurveyDesign(pd.DataFrame({"c": np.arange(rows) % classes, "y": y}), clusters="c")


@pytest.mark.parametrize(
    "p,se,judgement",
    [
        (0.960, 0.005, "supported"),
        (0.940, 0.005, "not shown"),
        (0.945, 0.005, "not shown"),
        (0.920, 0.005, "contradicted"),
    ],
)
def test_the_limits_of_the_90_percent_interval_decide(p, se, judgement):
    one = verdict(_share(p, se), at_least=0.94)
    assert one.judgement == judgement
    assert (one.wide.level, one.narrow.level) == (0.95, 0.9)
    assert one.wide.lower < one.narrow.lower < p < one.narrow.upper < one.wide.upper


def test_between_95_and_90_percent_the_one_sided_test_speaks():
    one = verdict(_share(0.9495, 0.005), at_least=0.94)
    assert one.wide.lower < 0.94 <= one.narrow.lower
    assert one.judgement == "supported"


def test_a_bare_point_estimate_above_the_claim_supports_nothing():
    one = verdict(_share(0.945, 0.01), at_least=0.94)
    assert one.judgement == "not shown"
    assert one.needed > 2000
    assert "数据还不足以说明“不低于94%”" in one.sentence and "需" not in one.sentence
    assert f"约需{one.needed:,}份回答" in verdict(_share(0.945, 0.01), at_least=0.94, invited=one.needed).sentence
    fewer = verdict(_share(0.945, 0.01), at_least=0.94, invited=2015).sentence
    assert "即使应邀的2,015人全部作答，也不足以说明" in fewer and "约需" not in fewer


def test_the_sentence_tells_figure_both_intervals_and_base():
    sentence = verdict(_share(0.96, 0.005), at_least=0.94).sentence
    for part in ("估计值96.0%", "95%区间", "90%区间", "2,000份有效回答", "数据支持“不低于94%”的说法"):
        assert part in sentence
    assert verdict(Estimate(None), at_least=0.94).sentence == "没有可用的数据，数据还不足以说明“不低于94%”。"
    few = verdict(Estimate(0.97, n=5, status="too few"), at_least=0.94)
    assert (few.judgement, few.needed) == ("not shown", None)
    assert "数据太少" in few.sentence


def test_a_claim_may_be_an_upper_bound_with_a_unit():
    mean = Estimate(48.0, 1.0, 46.0, 50.0, n=400, df=40, method="t")
    assert verdict(mean, at_most=60, unit="分钟").judgement == "supported"
    assert "“不超过60分钟”" in verdict(mean, at_most=60, unit="分钟").sentence
    assert verdict(mean, at_most=40, unit="分钟").judgement == "contradicted"
    with pytest.raises(UserError, match="只给一个"):
        verdict(mean)


@pytest.mark.parametrize("method", ["beta", "xlogit", "asin", "mean"])
@pytest.mark.parametrize("p", [0.9, 0.96, 1.0, 0.0])
def test_another_level_is_what_the_design_would_give(method, p):
    design = _survey(p)
    again = at_level(design.proportion("y", method=method, level=0.95), 0.9)
    direct = design.proportion("y", method=method, level=0.9)
    assert (again.lower, again.upper) == pytest.approx((direct.lower, direct.upper), rel=1e-9)


def test_another_level_of_a_mean_is_what_the_design_would_give():
    design = _survey(0.7)
    again, direct = at_level(design.mean("y"), 0.8), design.mean("y", level=0.8)
    assert (again.lower, again.upper) == pytest.approx((direct.lower, direct.upper), rel=1e-12)


def test_what_would_be_needed_is_enough():
    """With that many answers of the same design effect, some 80 % of surveys would show the claim."""
    estimate = _share(0.95, 0.01, n=950)
    n = needed(estimate, 0.94)
    deff = estimate.n / effective_n(estimate)
    draws = np.random.default_rng(7).binomial(round(n / deff), 0.95, 4000) / round(n / deff)
    shown = [verdict(_share(p, (p * (1 - p) * deff / n) ** 0.5, n=n, df=10_000), at_least=0.94) for p in draws[:400]]
    assert 0.72 < np.mean([one.judgement == "supported" for one in shown]) < 0.88
    assert needed(_share(0.93, 0.01), 0.94) is None


def test_every_item_needs_each_item():
    good, open_, bad = _share(0.97, 0.004), _share(0.945, 0.004), _share(0.90, 0.004)
    assert every({"甲": good, "乙": good}, 0.94).judgement == "supported"
    mixed = every({"甲": good, "乙": open_}, 0.94)
    assert (mixed.judgement, mixed.open) == ("not shown", ("乙",))
    worst = every({"甲": good, "乙": open_, "丙": bad}, 0.94)
    assert (worst.judgement, worst.below) == ("contradicted", ("丙",))
    assert "丙明显低于" in worst.sentence


def test_one_item_low_by_chance_among_many_is_no_contradiction_of_all():
    low = _share(0.931, 0.0052)
    assert verdict(low, at_least=0.94).judgement == "contradicted"
    many = {f"项{number}": _share(0.97, 0.004) for number in range(9)} | {"低项": low}
    assert every(many, 0.94).judgement == "not shown"
