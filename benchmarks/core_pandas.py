"""The five core aggregations as one would write them by hand in pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def one(data: Path) -> pd.DataFrame:
    """Class-days against the cap, by school and grade band."""
    ledger = pd.read_parquet(data / "ledger")
    written = ledger[ledger["written"]]
    keys = ["school", "grade", "class", "date"]
    days = written.groupby(keys, as_index=False, observed=True)["minutes"].sum(min_count=1)
    days = days[days["minutes"].notna()]
    days["band"] = np.select([days["grade"] <= 2, days["grade"] <= 6], [1, 2], 3)
    days["over"] = days["minutes"] > np.select([days["band"] == 1, days["band"] == 2], [0, 60], 90)
    return days.groupby(["school", "band"], as_index=False).agg(
        class_days=("over", "size"), over=("over", "sum"), minutes=("minutes", "sum")
    )


def two(data: Path) -> pd.DataFrame:
    """Median and 90th percentile of the minutes of a class-day, by school and grade."""
    ledger = pd.read_parquet(data / "ledger")
    written = ledger[ledger["written"]]
    days = written.groupby(["school", "grade", "class", "date"], as_index=False, observed=True)["minutes"].sum(
        min_count=1
    )
    tails = days.groupby(["school", "grade"])["minutes"].quantile([0.5, 0.9]).unstack()
    return tails.set_axis(["p50", "p90"], axis=1).reset_index()


def three(data: Path) -> pd.DataFrame:
    """Participation by school, grade and weekday."""
    attendance = pd.read_parquet(data / "attendance", columns=["school", "grade", "date", "present"])
    weekday = pd.to_datetime(attendance["date"]).dt.dayofweek + 1
    grouped = attendance.groupby(["school", "grade", weekday.rename("weekday")], as_index=False, observed=True)[
        "present"
    ]
    return grouped.agg(["count", "sum"]).rename(columns={"count": "n", "sum": "joined"})


def four(data: Path) -> pd.DataFrame:
    """Distinct pupils who came, by school and month."""
    attendance = pd.read_parquet(data / "attendance", columns=["school", "date", "pupil", "present"])
    present = attendance[attendance["present"].fillna(False).astype(bool)]
    month = pd.to_datetime(present["date"]).dt.month.rename("month")
    return present.groupby(["school", month], as_index=False, observed=True)["pupil"].nunique()


def five(data: Path) -> pd.DataFrame:
    """Weighted mean minutes by stratum with its between-school standard error."""
    ledger = pd.read_parquet(data / "ledger", columns=["school", "minutes"])
    ledger = ledger[ledger["minutes"].notna()].merge(pd.read_parquet(data / "schools.parquet"), on="school")
    ledger["y"] = ledger["weight"] * ledger["minutes"]
    sums = ledger.groupby(["stratum", "school"], as_index=False, observed=True).agg(y=("y", "sum"), w=("weight", "sum"))
    whole = sums.groupby("stratum")[["y", "w"]].transform("sum")
    sums["square"] = (sums["y"] - whole["y"] / whole["w"] * sums["w"]) ** 2
    rows = []
    for stratum, part in sums.groupby("stratum"):
        n, total = len(part), part["w"].sum()
        rows.append((stratum, part["y"].sum() / total, n, np.sqrt(n / (n - 1) * part["square"].sum()) / total))
    return pd.DataFrame(rows, columns=["stratum", "mean", "schools", "se"])


QUERIES = {"1": one, "2": two, "3": three, "4": four, "5": five}
