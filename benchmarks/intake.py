"""Measure intake: a ledger of a million rows against hand-written SQL, an Excel ledger against plain pandas.

Each way runs in a process of its own, in turn, three times; the least CPU time (user and system) of each counts.
Writes ``benchmarks/intake.json`` and ``benchmarks/intake.md``. Usage: ``python benchmarks/intake.py [rows]``.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
ROUNDS = 3
EXCEL_ROWS = 200_000
PANDAS = "import sys, pandas; print(pandas.read_excel(sys.argv[1], engine='calamine', header=1).shape)"
FAST, LEAN, EXCEL = 2.0, 1 << 30, 1.5


def measured(words: list[str], folder: Path) -> tuple[float, int]:
    """Run a command; return its CPU seconds and its peak memory in bytes."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{words[:3]} ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def workbook(ledger: Path, target: Path) -> None:
    """Write the first rows of a ledger as a workbook, numbers as numbers."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book, open(ledger, encoding="gb18030") as stream:
        sheet = book.add_worksheet("台账")
        for number, row in enumerate(itertools.islice(csv.reader(stream), EXCEL_ROWS + 2)):
            for place, cell in enumerate(row):
                if cell.isdigit():
                    sheet.write_number(number, place, float(cell))
                else:
                    sheet.write_string(number, place, cell)


def main(rows: int) -> None:
    """Make the files, measure, and write the results down."""
    project = HERE.parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "analysis.cli", "simulate", str(folder / "in"), "--ledger-rows", str(rows),
             "--attendance-rows", "1000", "--csv"], cwd=project, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        ledger, schools = folder / "in" / "作业台账.csv", folder / "in" / "学校名册.xlsx"
        excel = folder / "作业台账.xlsx"
        workbook(ledger, excel)
        intake = [sys.executable, "-m", "analysis.cli", "intake"]
        results: dict[str, list[tuple[float, int]]] = {"sql": [], "intake": [], "pandas": [], "excel": []}
        for turn in range(ROUNDS):
            out = folder / f"out{turn}"
            out.mkdir()
            base = [sys.executable, str(HERE / "intake_baseline.py"), str(ledger), str(schools), str(out)]
            results["sql"].append(measured(base, project))
            store = ["--store", str(out / "csv")]
            results["intake"].append(measured([*intake, str(ledger), str(schools), *store], project))
            results["pandas"].append(measured([sys.executable, "-c", PANDAS, str(excel)], project))
            store = ["--store", str(out / "xlsx")]
            results["excel"].append(measured([*intake, str(excel), str(schools), *store], project))
    best = {name: (min(cpu for cpu, _ in runs), max(peak for _, peak in runs)) for name, runs in results.items()}
    found = {
        "rows": rows,
        "excel_rows": EXCEL_ROWS,
        "cpu_seconds": {name: round(cpu, 2) for name, (cpu, _) in best.items()},
        "peak_mib": {name: round(peak / 2**20) for name, (_, peak) in best.items()},
        "ratio_to_sql": round(best["intake"][0] / best["sql"][0], 2),
        "ratio_to_pandas": round(best["excel"][0] / best["pandas"][0], 2),
        "python": platform.python_version(),
    }
    found["met"] = {
        "csv": found["ratio_to_sql"] <= FAST,
        "memory": best["intake"][1] < LEAN,
        "excel": found["ratio_to_pandas"] <= EXCEL,
    }
    (HERE / "intake.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (HERE / "intake.md").write_text(told(found), encoding="utf-8")
    print(told(found))
    raise SystemExit(0 if all(found["met"].values()) else 1)


def told(found: dict) -> str:
    """Return the results as a Markdown page."""
    cpu, peak = found["cpu_seconds"], found["peak_mib"]
    return "\n".join(
        [
            "# Intake, measured",
            "",
            "`python benchmarks/intake.py`: each way in a process of its own, least CPU time of three, in one run.",
            "",
            "| what | CPU s | peak MiB |",
            "|---|---|---|",
            f"| {found['rows']:,} ledger rows, GB18030 CSV: hand-written DuckDB SQL | {cpu['sql']} | {peak['sql']} |",
            f"| the same through intake (raw copy, slices, quarantine in Excel too) | {cpu['intake']} | {peak['intake']} |",
            f"| {found['excel_rows']:,} ledger rows, .xlsx: `pandas.read_excel` alone | {cpu['pandas']} | {peak['pandas']} |",
            f"| the same through intake | {cpu['excel']} | {peak['excel']} |",
            "",
            f"Intake ÷ SQL: **{found['ratio_to_sql']}** (at most {FAST}); peak below 1 GiB: {found['met']['memory']}; "
            f"Excel intake ÷ pandas: **{found['ratio_to_pandas']}** (at most {EXCEL}).",
            "",
        ]
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
