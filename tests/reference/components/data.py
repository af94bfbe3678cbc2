"""The three ledgers that `components.R` was fitted to: seeded; run to make them anew.

python tests/reference/components/data.py
"""

from pathlib import Path

import numpy as np
import pandas as pd


def ledger(
    seed: int, schools: dict[int, tuple[range, int]], days: int, sd: tuple[float, ...], kept: float
) -> pd.DataFrame:
    """Draw class-days; sd of schools, classes, days, rest; each class-day is kept with a probability."""
    draw = np.random.default_rng(seed)
    common = draw.normal(0, sd[2], days)
    rows = []
    for school, (grades, classes) in schools.items():
        own = draw.normal(0, sd[0])
        for grade in grades:
            for each in range(1, classes + 1):
                level = 20 + 8 * grade + own + draw.normal(0, sd[1])
                for day in range(days):
                    minutes = round(level + common[day] + draw.normal(0, sd[3]))
                    if draw.random() < kept:
                        rows.append((school, grade, each, day, max(minutes, 0)))
    return pd.DataFrame(rows, columns=["school", "grade", "class", "date", "total"])


def main() -> None:
    """Write the three files."""
    here = Path(__file__).parent
    low, high = range(3, 7), range(7, 10)
    even = ledger(1, {1: (low, 2), 2: (low, 2), 3: (low, 2), 4: (low, 2)}, 20, (3, 2, 2.5, 9), 1.0)
    uneven = ledger(
        2, {1: (low, 2), 2: (low, 1), 3: (high, 3), 4: (high, 1), 5: (range(3, 10), 1)}, 25, (5, 3, 3, 11), 0.8
    )
    none = ledger(3, {1: (low, 2), 2: (low, 2), 3: (low, 3)}, 20, (0, 2, 1, 10), 0.9)
    for name, frame in (("even", even), ("uneven", uneven), ("no_school", none)):
        frame.to_csv(here / f"{name}.csv", index=False)


if __name__ == "__main__":
    main()
