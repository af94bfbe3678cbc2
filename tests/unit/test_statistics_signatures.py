"""What is asked comes first, how it is asked by name: arguments of the statistics and what they are unless told."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from analysis.statistics import (
    SurveyDesign,
    change,
    directions,
    every,
    ewma,
    funnel,
    needed,
    p_prime,
    shrink,
    together,
    verdict,
)
from analysis.statistics.contrast import contrast
from analysis.statistics.funnel import LEVELS, Funnel
from analysis.statistics.likert import distribution, speeding, straight_lining
from analysis.statistics.process import ratios
from analysis.statistics.response import Dispositions
from analysis.statistics.shrinkage import rank_intervals
from analysis.statistics.simultaneous import p_value
from analysis.statistics.verdict import counted

NEEDED = inspect.Parameter.empty
DOMAIN = {"where": None, "by": None, "level": 0.95}
SCHOOLS = ["school", "grade", "unit", "week", "top", "bottom"]
BOUNDS = {"at_most": None}

CALLS: list[tuple[Callable[..., object], list[str], dict[str, object]]] = [
    (SurveyDesign.mean, ["self", "y"], DOMAIN | {"replace": False}),
    (SurveyDesign.total, ["self", "y"], DOMAIN | {"replace": False}),
    (SurveyDesign.ratio, ["self", "numerator", "denominator"], DOMAIN | {"replace": False}),
    (SurveyDesign.proportion, ["self", "y"], DOMAIN | {"method": "beta", "replace": False, "alike": None}),
    (SurveyDesign.intraclass, ["self", "y"], {"where": None}),
    (SurveyDesign.quantile, ["self", "y", "q"], DOMAIN | {"rule": "math", "interval": "mean"}),
    (SurveyDesign.variance, ["self", "y"], DOMAIN),
    (SurveyDesign.cronbach_alpha, ["self", "items"], DOMAIN),
    (SurveyDesign.chisq, ["self", "rows", "columns"], {"where": None}),
    (SurveyDesign.setting, ["self", "split", "level"], {"of_domain": NEEDED, "replace": False}),
    (SurveyDesign.calibrate, ["self", "totals", "method", "bounds"], {}),
    (SurveyDesign.replicates, ["self", "kind"], {"count": 1000, "seed": 20230728}),
    (
        SurveyDesign.__init__,
        ["self", "frame"],
        {"strata": None, "clusters": (), "weights": None, "fpc": (), "single_psu": "error"},
    ),
    (
        change,
        ["design", "y"],
        {"wave": NEEDED, "before": NEEDED, "after": NEEDED, "units": NEEDED, "where": None, "level": 0.95},
    ),
    (contrast, SCHOOLS, {"of": NEEDED, "share": NEEDED}),
    (ratios, ["group", "unit", "week", "top", "bottom"], {"groups": NEEDED, "share": NEEDED, "level": 0.95}),
    (
        ewma,
        ["values"],
        {"smoothing": 0.2, "width": 2.8, "baseline": None, "base": None, "centre": None, "sigma": None},
    ),
    (p_prime, ["numerator", "denominator"], {"width": 3.3, "baseline": None}),
    (funnel, ["value", "n"], {"centre": None, "overdispersion": True, "levels": LEVELS}),
    (Funnel.beyond, ["self"], {"chance": True, "alpha": 0.05}),
    (Funnel.limits, ["self", "sizes"], {"chance": False}),
    (shrink, ["value", "n"], {"level": 0.95, "draws": 20_000, "seed": 20230728}),
    (rank_intervals, ["draws", "level"], {}),
    (verdict, ["estimate", "at_least"], BOUNDS | {"unit": "%", "invited": None}),
    (needed, ["estimate", "bound"], {"at_most": False, "power": 0.8}),
    (counted, ["value"], BOUNDS | {"at_least": None, "bounds": None}),
    (p_value, ["estimate", "at_least"], BOUNDS),
    (together, ["items", "at_least"], BOUNDS),
    (every, ["items", "at_least"], {}),
    (directions, ["items"], {}),
    (distribution, ["design", "item", "scale"], DOMAIN),
    (straight_lining, ["answers"], {"least": 5}),
    (speeding, ["seconds", "items"], {"least": 2.0, "of_median": 0.3}),
    (Dispositions.of_all_invited, ["invited", "complete", "partial"], {}),
]


@pytest.mark.parametrize(("call", "first", "by_name"), CALLS, ids=[call.__qualname__ for call, _, _ in CALLS])
def test_what_is_asked_comes_first_and_the_rest_by_name(call, first, by_name) -> None:
    parameters = inspect.signature(call).parameters.values()
    assert [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD] == first
    assert {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY} == by_name
    assert len(first) + len(by_name) == len(parameters)
