"""The five core aggregations: this suite, five hand-written DuckDB queries, and pandas, on the same rows in one run.

    python benchmarks/core.py --rows 50 20              # millions of ledger and attendance rows; writes core.json
    python benchmarks/core.py --growth 1 2 5 10 20 50   # this suite alone at several sizes; writes core_growth.json, .svg

The suite runs in one process; every SQL and every pandas query in a process of its own, as the heading of
`core_queries.sql` says. CPU seconds (user and system) are those of the work itself, imports not counted; peak memory is
that of the whole process. The data are simulated (`analysis.simulation.large`) and deleted afterwards. That the answers
agree is checked, not assumed.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
SETTINGS = {"memory_limit": "256MiB", "threads": 1}
MONTHS = (3, 4, 5, 6, 7)
KEYS = {
    "1": ["school", "band"],
    "2": ["school", "grade"],
    "3": ["school", "grade", "weekday"],
    "4": ["school", "month"],
    "5": ["stratum"],
}
COLUMNS = {"1": ["class_days", "over", "minutes"], "2": ["p50", "p90"], "3": ["n", "joined"], "4": ["pupils"], "5": ["mean", "se"]}  # fmt: skip


def suite(data: Path) -> dict[str, pd.DataFrame]:
    """Count with this suite, one district after another: the histogram first, everything else from whole numbers."""
    from analysis.indicators import engine as engines
    from analysis.indicators.load import histogram
    from analysis.indicators.service import participation
    from analysis.indicators.stays import pupils
    from analysis.indicators.strata import school_sums, stratum_means

    engines.settings = lambda: {"engine": {**SETTINGS, "temp_directory": str(data / "spill")}}
    duck = engines.DuckEngine()
    found: dict[str, list[pd.DataFrame]] = {number: [] for number in KEYS}
    ledgers, lists = (sorted((data / name).glob("*.parquet")) for name in ("ledger", "attendance"))
    for loads in gathered(duck.each(ledgers, histogram)):
        loads["school"] = loads["school"].astype("category")
        loads = loads[(loads["written"] == 1) & (loads["gap"] < 2)]  # some minutes are known, as the SQL asks
        found["1"].append(against_cap(loads))
        found["2"].append(tails(loads))
    found["5"].append(engines.tidy(duck.collect(school_sums(duck.scan(data / "ledger" / "*.parquet")))))
    for listed in gathered(duck.each(lists, participation)):
        weekdays = {day: day.isoweekday() for day in listed["date"].unique()}
        listed = listed.assign(weekday=listed["date"].map(weekdays)).rename(columns={"listed": "n", "came": "joined"})
        found["3"].append(listed.groupby(KEYS["3"], as_index=False)[["n", "joined"]].sum())
    for once in gathered(duck.each(lists, lambda attendance: pupils(attendance, ("school",), MONTHS))):
        once = once.drop(columns=["pupils", "came"]).melt("school", value_name="pupils")
        month = once["variable"].str.removeprefix("came_").astype(int)
        found["4"].append(once.assign(month=month).query("pupils > 0").drop(columns="variable"))
    answers = {number: pd.concat(parts, ignore_index=True) for number, parts in found.items()}
    means = stratum_means(answers["5"], pd.read_parquet(data / "schools.parquet")).reset_index()
    return {**answers, "5": means.rename(columns={"value": "mean"})[["stratum", "mean", "se"]]}


def gathered(frames: Iterator[pd.DataFrame], size: int = 8) -> Iterator[pd.DataFrame]:
    """Yield counted frames put together, some at a time: fewer calls of pandas than one by one, memory still small."""
    from analysis.indicators.engine import tidy

    while some := list(itertools.islice(frames, size)):
        yield tidy(pd.concat(some, ignore_index=True))


def against_cap(loads: pd.DataFrame) -> pd.DataFrame:
    """Return class-days, those over the cap and their minutes, by school and band."""
    band = (loads["grade"] > 2).astype(int) + (loads["grade"] > 6) + 1
    over = loads["class_days"] * (loads["total"] > np.array([0, 0, 60, 90])[band])
    told = loads.assign(band=band, over=over, minutes=loads["total"] * loads["class_days"])
    return told.groupby(["school", "band"], observed=True)[["class_days", "over", "minutes"]].sum().reset_index()


def tails(loads: pd.DataFrame) -> pd.DataFrame:
    """Return the median and the 90th percentile by school and grade."""
    from analysis.indicators.load import quantiles

    grouped = loads.groupby(["school", "grade"], observed=True)
    code, values, weights = grouped.ngroup().to_numpy(), loads["total"].to_numpy(float), loads["class_days"].to_numpy()
    p50, p90 = quantiles(code, values, weights, np.array([[0.5], [0.9]]))
    return grouped.size().index.to_frame(index=False).assign(p50=p50, p90=p90)


def sql(data: Path, number: str) -> dict[str, pd.DataFrame]:
    """Run one query of core_queries.sql as it stands."""
    import duckdb

    db = duckdb.connect(config={**SETTINGS, "memory_limit": "12GiB"})
    for table, files in (
        ("ledger", "ledger/*.parquet"),
        ("attendance", "attendance/*.parquet"),
        ("schools", "schools.parquet"),
    ):
        db.execute(f"create view {table} as select * from read_parquet('{data / files}')")
    text = (HERE / "core_queries.sql").read_text(encoding="utf-8")
    query = re.split(r"^-- \d .*$", text, flags=re.MULTILINE)[int(number)]
    return {number: db.execute(query).df()}


def by_pandas(data: Path, number: str) -> dict[str, pd.DataFrame]:
    """Run one of the hand-written pandas functions."""
    import core_pandas

    return {number: core_pandas.QUERIES[number](data)}


def contender(name: str, data: Path, out: Path) -> None:
    """Run one contender in this process; leave its answers and what it cost."""
    kind, _, number = name.partition(" ")
    work = {"suite": lambda: suite(data), "sql": lambda: sql(data, number), "pandas": lambda: by_pandas(data, number)}[
        kind
    ]
    _import(kind)
    cpu, wall = time.process_time(), time.perf_counter()
    answers = work()
    cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    cost["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for key, frame in answers.items():
        frame.to_parquet(out / f"{kind}{key}.parquet")
    (out / f"{name}.json").write_text(json.dumps(cost))


def _import(kind: str) -> None:
    """Import what a contender needs, so that its CPU is that of the work."""
    needed = ["load", "service", "stays", "strata"] if kind == "suite" else []
    for module in ["duckdb", "pyarrow.dataset", *(f"analysis.indicators.{name}" for name in needed)]:
        importlib.import_module(module)


def run(name: str, data: Path, out: Path) -> dict[str, float]:
    """Run one contender in a fresh process and return its cost."""
    words = [sys.executable, str(Path(__file__)), "--contender", name, "--data", str(data), "--out", str(out)]
    subprocess.run(words, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    return json.loads((out / f"{name}.json").read_text())


def least(kinds: list[str], data: Path, out: Path, repeat: int) -> dict[str, dict[str, float]]:
    """Run contenders in turn, several rounds; keep each kind's round with the least CPU (others share the machine)."""
    kept: dict[str, dict[str, dict[str, float]]] = {}
    for _ in range(repeat):
        for kind in kinds:
            names = [kind] if kind == "suite" else [f"{kind} {number}" for number in KEYS]
            costs = {name: run(name, data, out) for name in names}
            if kind not in kept or total(costs) < total(kept[kind]):
                kept[kind] = costs
    return {name: cost for costs in kept.values() for name, cost in costs.items()}


def total(costs: dict[str, dict[str, float]], kind: str = "") -> float:
    """Return the CPU seconds of contenders, or of those of a kind."""
    return sum(cost["cpu"] for name, cost in costs.items() if name.startswith(kind))


def agree(out: Path, other: str) -> dict[str, bool]:
    """Whether each of the suite's answers is the same as another contender's (whole numbers exactly, floats to 1e-9)."""
    same = {}
    for number, keys in KEYS.items():
        ours, theirs = (
            pd.read_parquet(out / f"{kind}{number}.parquet").sort_values(keys, ignore_index=True)
            for kind in ("suite", other)
        )
        theirs = (
            theirs.rename(columns={"pupil": "pupils"}).dropna(subset=COLUMNS[number], how="all").reset_index(drop=True)
        )
        left, right = (
            frame[[*keys, *COLUMNS[number]]].astype(dict.fromkeys(COLUMNS[number], float)) for frame in (ours, theirs)
        )
        try:
            pd.testing.assert_frame_equal(left, right, check_dtype=False, rtol=1e-9 if number in "25" else 0, atol=0)
            same[number] = True
        except AssertionError as difference:
            print(f"{other} {number}: {difference}", file=sys.stderr)
            same[number] = False
    return same


def machine() -> dict[str, object]:
    """Return what it ran on."""
    import duckdb
    import narwhals

    versions = {"duckdb": duckdb.__version__, "narwhals": narwhals.__version__, "pandas": pd.__version__}
    return {"cores": os.cpu_count(), "python": platform.python_version(), **versions, **SETTINGS}


def simulated(folder: Path, ledger: float, attendance: float) -> Path:
    """Write the large tables if they are not there."""
    from analysis.simulation import large

    data = folder / f"{ledger:g}-{attendance:g}"
    if not data.is_dir():
        large.write(data, round(ledger * 1e6), round(attendance * 1e6))
    return data


def compare(folder: Path, ledger: float, attendance: float, *, pandas: bool, repeat: int) -> None:
    """Run all contenders once and keep their costs and ratios."""
    data = simulated(folder, ledger, attendance)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        out = Path(name)
        kinds = ["suite", "sql", *(["pandas"] if pandas else [])]
        costs = least(kinds, data, out, repeat)
        same = {kind: agree(out, kind) for kind in kinds[1:]}
    cpu = {kind: total(costs, kind) for kind in kinds}
    kept = {
        "million_rows": {"ledger": ledger, "attendance": attendance},
        "rounds": repeat,
        "cpu_seconds": {kind: round(seconds, 2) for kind, seconds in cpu.items()},
        "suite_over_sql": round(cpu["suite"] / cpu["sql"], 3),
        "pandas_over_suite": round(cpu["pandas"] / cpu["suite"], 1) if pandas else None,
        "suite_peak_mib": round(costs["suite"]["peak_mib"]),
        "same_answers": same,
        "each": {name: {key: round(value, 2) for key, value in cost.items()} for name, cost in costs.items()},
        "machine": machine(),
    }
    print(json.dumps(kept, ensure_ascii=False, indent=1))
    if ledger >= 50:
        (HERE / "core.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def growth(folder: Path, sizes: list[float]) -> None:
    """Run the suite at several sizes and draw its CPU and memory over the rows."""
    rows = []
    for size in sizes:
        data = simulated(folder, size, size * 0.4)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            cost = run("suite", data, Path(name))
        rows.append({"million_rows": size, **{key: round(value, 2) for key, value in cost.items()}})
        print(rows[-1])
        if size < max(sizes):
            shutil.rmtree(data)
    (HERE / "core_growth.json").write_text(json.dumps({"growth": rows, "machine": machine()}, indent=1) + "\n")
    draw(rows)


def draw(rows: list[dict[str, float]]) -> None:
    """Draw CPU seconds and peak memory over ledger rows."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "core"
    import matplotlib.pyplot as plt

    millions = [row["million_rows"] for row in rows]
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for axis, key, name, limit in (
        (axes[0], "cpu", "CPU seconds", None),
        (axes[1], "peak_mib", "peak memory, MiB", 512),
    ):
        axis.plot(millions, [row[key] for row in rows], "o-", color="black")
        axis.set(xlabel="ledger rows, millions (and 0.4 as many attendance rows)", ylabel=name, ylim=(0, None))
        if limit:
            axis.axhline(limit, linestyle="--", color="grey")
            axis.text(millions[0], limit, " limit 512", va="bottom")
            axis.set_ylim(0, limit * 1.15)
    figure.savefig(HERE / "core_growth.svg", metadata={"Date": None})


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs=2, type=float, metavar=("LEDGER", "ATTENDANCE"), help="millions of rows")
    parser.add_argument("--growth", nargs="+", type=float, metavar="LEDGER", help="millions of rows, several sizes")
    parser.add_argument("--no-pandas", action="store_true")
    parser.add_argument(
        "--repeat", type=int, default=3, help="rounds; of each kind the round with the least CPU counts"
    )
    parser.add_argument("--keep", action="store_true", help="leave the data in benchmarks/data")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, default=HERE / "data" / "core")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.contender:
        contender(args.contender, args.data, args.out)
        return
    args.data.mkdir(parents=True, exist_ok=True)
    try:
        if args.growth:
            growth(args.data, sorted(args.growth))
        if args.rows:
            compare(args.data, *args.rows, pandas=not args.no_pandas, repeat=args.repeat)
    finally:
        if not args.keep:
            shutil.rmtree(args.data, ignore_errors=True)


if __name__ == "__main__":
    main()
