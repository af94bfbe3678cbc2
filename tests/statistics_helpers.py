"""Two simulated waves of a survey, and what every estimate has to be, for the unit tests and for those of many draws."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.statistics import Estimate, SurveyDesign, change


def two_waves(shift: float, seed: int = 0, keep: int = 12, schools: int = 12) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    rows = []
    for school in range(schools):
        for room in range(4):
            effect = draw.normal(0, 0.09)
            for wave in (1, 2):
                if wave == 2 and school >= keep:
                    continue
                p = np.clip(0.85 + effect + shift * (wave == 2), 0.02, 0.99)
                rows += [(school, f"{school}/{room}", wave, float(draw.random() < p)) for _ in range(20)]
    return pd.DataFrame(rows, columns=["school", "class", "wave", "y"])


def changed(frame: pd.DataFrame):
    design = SurveyDesign(frame, strata="school", clusters="class")
    return change(design, "y", wave="wave", before=1, after=2, units="school")


def numbers_of(one: Estimate) -> list[float | None]:
    return [one.value, one.se, one.lower, one.upper, one.df, one.deff]


def sound(one: Estimate) -> None:
    """An estimate is never NaN, its limits hold its value, and its status says what is missing."""
    assert all(number is None or math.isfinite(number) for number in numbers_of(one))
    if one.status == "no data":
        assert one.value is None and one.lower is None
    if one.status == "too few":
        assert one.value is not None and one.lower is None
    if one.status == "ok":
        assert one.lower is not None and one.lower - 1e-12 <= one.value <= one.upper + 1e-12
