"""Shares of eight items from 100,000 answers in 40 schools: this suite against R's `survey`, timed in one run.

Both declare the design and compute every item's top-two share with Korn–Graubard limits, overall and by school; both
are timed without reading the file, best of three, and must give the same numbers.

    python benchmarks/statistics_speed.py        # needs Rscript and the package survey (Debian: r-cran-survey)
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.statistics import SurveyDesign
from analysis.statistics.likert import Scale

ROWS, SCHOOLS, CLASSES, REPEATS = 100_000, 40, 60, 3
ITEMS = [f"q{number}" for number in range(1, 9)]
RESULT = Path(__file__).with_suffix(".json")


def answers() -> pd.DataFrame:
    """Five-point answers with classes of their own level, weights and 3 % gaps."""
    draw = np.random.default_rng(20230728)
    room = np.sort(draw.integers(0, SCHOOLS * CLASSES, ROWS))
    frame = pd.DataFrame({"school": room // CLASSES + 1, "class": room + 1, "w": draw.uniform(0.5, 3, ROWS).round(6)})
    for place, item in enumerate(ITEMS):
        level = 4.2 + place * 0.08 + draw.normal(0, 0.25, SCHOOLS * CLASSES)[room]
        scores = np.clip(np.rint(level + draw.normal(0, 0.8, ROWS)), 1, 5)
        frame[item] = np.where(draw.random(ROWS) < 0.03, np.nan, scores)
    return frame


def shares(frame: pd.DataFrame, by: str | None) -> list:
    """The design and all items' shares."""
    design = SurveyDesign(frame, strata="school", clusters="class", weights="w")
    return [design.proportion(Scale().top(frame[item]), by=by) for item in ITEMS]


def best(call: Callable[[], object]) -> float:
    """Least of three times, in seconds."""
    spans = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        spans.append(time.perf_counter() - start)
    return min(spans)


def r_times(frame: pd.DataFrame) -> tuple[list[float], list[list[float]]]:
    """R's two times and its figures, item by item."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.csv"
        frame.to_csv(file, index=False)
        script = Path(__file__).with_suffix(".R")
        run = subprocess.run(["Rscript", script, file, str(REPEATS)], capture_output=True, text=True, check=True)
    lines = [[float(number) for number in line.split()] for line in run.stdout.splitlines() if line.strip()]
    return lines[0], lines[1:]


def main() -> int:
    """Time both, compare their figures, write the ratios."""
    if not shutil.which("Rscript"):
        print("Rscript is missing: install Debian's r-cran-survey")
        return 2
    frame = answers()
    overall, by_school = shares(frame, None), shares(frame, "school")
    ours = [best(lambda: shares(frame, None)), best(lambda: shares(frame, "school"))]
    theirs, figures = r_times(frame)
    for one, table, row in zip(overall, by_school, figures, strict=True):
        got = [one.value, one.lower, one.upper, *table.iloc[0][["value", "lower", "upper"]]]
        assert np.allclose(np.array(got, dtype=float), row, rtol=1e-6), (got, row)
    ratios = [r / own for r, own in zip(theirs, ours, strict=True)]
    result = {
        "answers": ROWS,
        "items": len(ITEMS),
        "schools": SCHOOLS,
        "classes": SCHOOLS * CLASSES,
        "overall": {
            "seconds": round(ours[0], 4),
            "seconds_r": round(theirs[0], 4),
            "times_faster": round(ratios[0], 1),
        },
        "by_school": {
            "seconds": round(ours[1], 4),
            "seconds_r": round(theirs[1], 4),
            "times_faster": round(ratios[1], 1),
        },
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    return 0 if ratios[0] >= 10 and ratios[1] >= 3 else 1


if __name__ == "__main__":
    sys.exit(main())
