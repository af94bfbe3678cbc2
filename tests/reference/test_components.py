"""Components of variance against lme4 (`components/components.R`)."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.indicators.variation import components

HERE = Path(__file__).parent / "components"
RECORDED = json.loads((HERE / "components.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("told", RECORDED, ids=lambda told: told["name"])
def test_the_components_are_those_of_lme4(told):
    found = components(pd.read_csv(HERE / f"{told['name']}.csv"))
    assert found.deviance == pytest.approx(told["criterion"], abs=1e-6)
    for name in ("school", "class", "day", "rest"):
        assert found.variances[name] == pytest.approx(told[name], abs=1e-4 * max(told[name], 1)), name
