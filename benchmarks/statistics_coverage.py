"""How often the intervals of shares hold the truth, and how often a verdict is wrong at the boundary.

Twelve schools with four classes of twenty; the classes' true shares follow a beta distribution with the given mean and
intraclass correlation (ICC). Every run is a survey; schools are strata, classes clusters. All runs of a cell are computed
at once, by the same functions that `SurveyDesign.proportion` uses; the first runs are also put through `SurveyDesign`.

Then the layout of the shipped survey: seven schools of 12, 12, 6, 12, 9, 6 and 9 classes with their answers and
enrolment, each school judged by itself: once by its own classes alone, once with the correlation pooled over the
district (`analysis.statistics.intraclass`).

    python benchmarks/statistics_coverage.py          # 4,000 runs a cell, half a minute; writes statistics_coverage.json
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
LAYOUT: tuple[dict[int, tuple[int, list[int]]], ...] = (
    {1: (62, [24, 20]), 2: (63, [25, 23]), 3: (67, [24, 27]), 4: (69, [26, 27]), 5: (69, [30, 26]), 6: (64, [25, 25])},
    {1: (63, [21, 29]), 2: (60, [25, 21]), 3: (62, [21, 24]), 4: (65, [26, 24]), 5: (61, [21, 23]), 6: (61, [25, 22])},
    {1: (15, [15]), 2: (13, [11]), 3: (14, [12]), 4: (14, [12]), 5: (17, [12]), 6: (15, [14])},
    {1: (55, [20, 21]), 2: (52, [24, 17]), 3: (57, [20, 22]), 4: (54, [18, 23]), 5: (57, [18, 21]), 6: (50, [15, 20])},
    {7: (96, [26, 21, 22]), 8: (98, [25, 25, 27]), 9: (96, [28, 32, 25])},
    {7: (57, [15, 12]), 8: (60, [15, 15]), 9: (63, [12, 15])},
    {
        grade: (size, [n])
        for grade, size, n in zip(
            range(1, 10), (27, 25, 22, 25, 21, 26, 25, 27, 26), (21, 19, 19, 22, 15, 17, 22, 24, 23), strict=True
        )
    },
)
"""Grade → (enrolment, answers of each class), school by school: the parents' survey of June 2026 in ``data/raw``."""
LAYOUT_SHARES, LAYOUT_ICCS = (0.90, 0.94, 0.97, 0.99), (0.02, 0.05, 0.10, 0.15)
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


class Layout:
    """The shipped layout as arrays over its classes, and the estimates of all schools in all runs at once."""

    def __init__(self) -> None:
        rows = [
            (school, float(n), size / sum(classes))
            for school, grades in enumerate(LAYOUT)
            for size, classes in grades.values()
            for n in classes
        ]
        school, self.n, self.w = (np.array(column) for column in zip(*rows, strict=True))
        self.school = school.astype(int)
        self.of = (np.arange(len(LAYOUT))[:, None] == self.school).astype(float)
        self.classes = self.of.sum(axis=1)
        self.answers, self.mass = self.of @ self.n, self.of @ (self.n * self.w)
        self.clusters = self.of @ (self.n * self.w) ** 2 / self.mass**2
        self.rows = self.of @ (self.n * self.w**2) / self.mass**2

    def surveys(self, share: float, icc: float, runs: int, seed: int) -> np.ndarray:
        """(runs, classes) numbers of satisfied answers."""
        draw = np.random.default_rng([SEED, 1, seed])
        true = draw.beta(share * (1 / icc - 1), (1 - share) * (1 / icc - 1), (runs, len(self.n)))
        return draw.binomial(self.n.astype(int), true).astype(float)

    def limits(self, yes: np.ndarray, level: float, *, pool: bool) -> tuple[np.ndarray, np.ndarray]:
        """(runs, schools) limits, by each school's own classes or with the pooled correlation as floor."""
        p = (yes * self.w) @ self.of.T / self.mass
        total = self.w * (yes - p[:, self.school] * self.n)
        centred = total - (total @ self.of.T / self.classes)[:, self.school]
        own = centred**2 @ self.of.T * self.classes / (self.classes - 1) / self.mass**2
        answers, df = np.broadcast_to(self.answers, p.shape), np.broadcast_to(self.classes - 1, p.shape)
        plain = p * (1 - p) / answers
        if not pool:
            size = np.broadcast_to(np.minimum(1 / self.rows, self.answers), p.shape)
            return share_limits(p, np.where(own > 0, np.maximum(own, plain), 0.0), answers, df, level, "beta", size)[:2]
        alike = self.correlation(yes)[:, None]
        spread = np.maximum(alike * self.clusters + (1 - alike) * self.rows, 1 / self.answers)
        whole = np.full(p.shape, (self.classes - 1).sum())
        return share_limits(p, np.maximum(own, p * (1 - p) * spread), answers, whole, level, "jeffreys", 1 / spread)[:2]

    def correlation(self, yes: np.ndarray) -> np.ndarray:
        """(runs,) intraclass correlations by analysis of variance within schools."""
        p, df = yes / self.n, (self.classes - 1).sum()
        mean = yes @ self.of.T / self.answers
        between = (self.n * (p - mean[:, self.school]) ** 2).sum(axis=1) / df
        within = (self.n * p * (1 - p)).sum(axis=1) / (self.n - 1).sum()
        size = (self.answers - self.of @ self.n**2 / self.answers).sum() / df
        return np.clip((between - within) / (between + (size - 1) * within), 0, 1)

    def same_as_design(self, yes: np.ndarray, runs: int = 3) -> bool:
        """Whether `SurveyDesign` gives the same limits for the first runs."""
        lower, upper = self.limits(yes[:runs], 0.95, pool=True)
        for run in range(runs):
            frame = pd.DataFrame(
                {
                    "school": np.repeat(self.school, self.n.astype(int)),
                    "class": np.repeat(np.arange(len(self.n)), self.n.astype(int)),
                    "w": np.repeat(self.w, self.n.astype(int)),
                    "y": np.concatenate([np.arange(n) < k for n, k in zip(self.n, yes[run], strict=True)]).astype(
                        float
                    ),
                }
            )
            design = SurveyDesign(frame, strata="school", clusters="class", weights="w")
            table = design.proportion("y", by="school", alike=design.intraclass("y"))
            if not np.allclose(
                table[["lower", "upper"]].astype(float), np.stack([lower[run], upper[run]], 1), rtol=1e-9
            ):
                return False
        return True


def schools(runs: int) -> list[dict[str, object]]:
    """All cells of the shipped layout: coverage and "at least 94 %" supported, by the number of a school's classes."""
    layout, cells = Layout(), []
    sizes = {count: layout.classes == count for count in (12, 9, 6)}
    for number, (share, icc) in enumerate((share, icc) for share in LAYOUT_SHARES for icc in LAYOUT_ICCS):
        yes = layout.surveys(share, icc, runs, number)
        assert layout.same_as_design(yes)
        cell: dict[str, object] = {"share": share, "icc": icc}
        for name, pool in (("own", False), ("pooled", True)):
            lower, upper = layout.limits(yes, 0.95, pool=pool)
            low, _ = layout.limits(yes, 0.90, pool=pool)
            held, said = (lower <= share) & (share <= upper), low >= CLAIM
            for count, which in sizes.items():
                cell[f"coverage_{name}_{count}"] = round(float(held[:, which].mean()), 4)
                cell[f"supported_{name}_{count}"] = round(float(said[:, which].mean()), 4)
        cells.append(cell)
    return cells


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
        "schools_of_the_layout": [len([n for _, classes in each.values() for n in classes]) for each in LAYOUT],
        "layout_cells": schools(runs),
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
    layout = pd.DataFrame(result["layout_cells"])
    print(layout.to_string(index=False))
    wrong = layout.loc[layout["share"] == CLAIM, [f"supported_pooled_{count}" for count in (12, 9, 6)]].to_numpy().max()
    held &= bool(wrong <= 0.07)
    print(f"schools of the shipped layout: most wrong verdicts at .94: {wrong:.3f} (≤ .07)")
    print(
        f"least coverage for p ≤ .97: {usual['coverage_beta'].min():.3f} (≥ .93); most wrong verdicts at .94: {boundary['supported'].max():.3f} (≤ .07)"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
