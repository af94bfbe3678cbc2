"""How often the intervals of shares hold the truth, and how often a verdict is wrong at the boundary.

Twelve schools with four classes of twenty; the classes' true shares follow a beta distribution with the given mean and
intraclass correlation (ICC). Every run is a survey; schools are strata, classes clusters. All runs of a cell are computed
at once, by the same functions that `SurveyDesign.proportion` uses; the first runs are also put through `SurveyDesign`.

    python benchmarks/statistics_coverage.py          # 4,000 runs a cell, a few seconds; writes statistics_coverage.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.statistics import SurveyDesign
from analysis.statistics.intervals import METHODS, share_limits

SCHOOLS, CLASSES, PUPILS, SEED = 12, 4, 20, 20230728
SHARES, ICCS, CLAIM = (0.90, 0.92, 0.94, 0.95, 0.97, 0.99), (0.05, 0.10, 0.15), 0.94
RESULT = Path(__file__).with_suffix(".json")


def satisfied(share: float, icc: float, runs: int, seed: int) -> np.ndarray:
    """(runs, schools, classes) numbers of satisfied pupils."""
    draw = np.random.default_rng([SEED, seed])
    size = 1 / icc - 1
    true = draw.beta(share * size, (1 - share) * size, (runs, SCHOOLS, CLASSES))
    return draw.binomial(PUPILS, true)


def limits(yes: np.ndarray, level: float, method: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share and limits of every run."""
    n = SCHOOLS * CLASSES * PUPILS
    p = yes.sum(axis=(1, 2)) / n
    residual = (yes - p[:, None, None] * PUPILS) / n
    spread = residual - residual.mean(axis=2, keepdims=True)
    variance = CLASSES / (CLASSES - 1) * (spread**2).sum(axis=(1, 2))
    whole, df = np.full(len(p), float(n)), np.full(len(p), float(SCHOOLS * (CLASSES - 1)))
    lower, upper, _ = share_limits(p, variance, whole, df, level, method)
    return p, lower, upper


def same_as_design(yes: np.ndarray, method: str, runs: int = 3) -> bool:
    """Whether `SurveyDesign` gives the same limits for the first runs."""
    p, lower, upper = limits(yes[:runs], 0.95, method)
    for run in range(runs):
        rows = [
            {"school": school, "class": school * 100 + room, "y": float(pupil < yes[run, school, room])}
            for school in range(SCHOOLS)
            for room in range(CLASSES)
            for pupil in range(PUPILS)
        ]
        one = SurveyDesign(pd.DataFrame(rows), strata="school", clusters="class").proportion("y", method=method)
        if not np.allclose([one.value, one.lower, one.upper], [p[run], lower[run], upper[run]], rtol=1e-9):
            return False
    return True


def study(runs: int) -> dict[str, object]:
    """All cells: coverage by method, and what the verdict says of "at least 94 %"."""
    cells = []
    for number, (share, icc) in enumerate((share, icc) for share in SHARES for icc in ICCS):
        yes = satisfied(share, icc, runs, number)
        cell: dict[str, object] = {"share": share, "icc": icc}
        for method in METHODS:
            assert same_as_design(yes, method)
            _, lower, upper = limits(yes, 0.95, method)
            cell[f"coverage_{method}"] = float(((lower <= share) & (share <= upper)).mean())
        p, lower, upper = limits(yes, 0.90, "beta")
        cell["supported"] = float((lower >= CLAIM).mean())
        cell["contradicted"] = float((upper < CLAIM).mean())
        cell["point_at_least"] = float((p >= CLAIM).mean())
        cells.append(cell)
    return {
        "schools": SCHOOLS,
        "classes": CLASSES,
        "pupils": PUPILS,
        "seed": SEED,
        "runs": runs,
        "claim": CLAIM,
        "cells": cells,
    }


def main() -> int:
    """Run the study, write it, and say whether what must hold does."""
    result = study(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    table = pd.DataFrame(result["cells"])
    print(table.to_string(index=False))
    usual = table[table["share"] <= 0.97]
    boundary = table[table["share"] == CLAIM]
    held = bool((usual["coverage_beta"] >= 0.93).all() and (boundary["supported"] <= 0.07).all())
    print(
        f"least coverage for p ≤ .97: {usual['coverage_beta'].min():.3f} (≥ .93); most wrong verdicts at .94: {boundary['supported'].max():.3f} (≤ .07)"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
