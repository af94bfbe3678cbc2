"""The engine against stock papermill and nbconvert, and against plain functions, in CPU time on the same documents.

    python benchmarks/engine.py                    # writes engine.json and engine.md; about half an hour on two idle cores
    python benchmarks/engine.py --rounds 1 --only reports

1. The three subject reports of one school, interleaved round by round:
   *ours*: the warm process executes the notebook in a forked child and renders it;
   *plain*: the same cells as plain Python in one warm process that is kept, without Jupyter, rendered alike: the bound;
   *stock*: ``papermill`` and ``jupyter nbconvert --to html`` (or ``--to webpdf`` through Debian's chromium).
   That all three put out the same content objects is checked, not assumed. What the warm process costs before its first
   document (its imports) is told apart, and is in the projection.
2. 120 reports of 40 simulated schools: the whole build, a build without any change, and one after a change of one school.

CPU is user and system time of all processes that took part, by the kernel's own account (getrusage).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BIN = Path(sys.executable).parent
SUBJECTS = ("homework_load", "after_school", "satisfaction")
SCHOOL = "2199000002"
GIVEN = {"school": SCHOOL, "audience": "internal"}
COUNTRY = 600_000
EDITIONS = """
[defaults]
district = "990101"
term = "2025-2026-2"
as_of = "2026-07-20"
""" + "".join(f'[{name}]\ntitle = "{name}"\nnotebook = "reports/{name}"\nscopes = ["school"]\n\n' for name in SUBJECTS)


def cpu() -> float:
    """Return the CPU seconds of this process, of its children that have ended, and of the one that it keeps to render."""
    from analysis.running.production import typesetter

    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = os.sysconf("SC_CLK_TCK")
    kept = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in typesetter.pids]
    return sum(each.ru_utime + each.ru_stime for each in used) + sum(int(t) for row in kept for t in row) / ticks


def measured(work: Callable[[], Any]) -> tuple[float, Any]:
    before = cpu()
    result = work()
    return cpu() - before, result


def house(folder: Path, words: list[str]) -> Path:
    """Lay out a project with the shipped notebooks and the snapshot of some simulated raw files."""
    for part in ("data/reference", "data/suggestions", "data/published", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "reports").mkdir()
    (folder / "reports" / "editions.toml").write_text(EDITIONS, encoding="utf-8")
    environ = {**os.environ, "SHUANGJIAN_HOME": str(folder)}
    if words:
        subprocess.run([BIN / "shuangjian", "simulate", "data/raw", *words], cwd=folder, env=environ, check=True)
    else:
        shutil.copytree(ROOT / "data/raw", folder / "data/raw")
    subprocess.run([BIN / "shuangjian", "intake", "data/raw"], cwd=folder, env=environ, check=True, stdout=sys.stderr)
    return folder


def objects(notebook: Any) -> list[Any]:
    from analysis.running.manifest import contents

    return list(contents(notebook))


# --- the three contenders ---------------------------------------------------------------------------------------------


def ours(place: Path, name: str, formats: tuple[str, ...]) -> Any:
    """Execute in a forked child and render in the kept one, as a build does (without gate, tables and manifest)."""
    from analysis.publishing import render
    from analysis.running.editions import Job
    from analysis.running.production import execute, typesetter

    source = str(place / "notebooks" / "reports" / f"{name}.ipynb")
    notebook, _ = execute(
        Job("bench", SCHOOL, name, name, source, str(place), parameters={**GIVEN, "as_of": "2026-07-20"})
    )
    typesetter.run(render, notebook, formats)
    return notebook


def packet(place: Path, name: str, formats: tuple[str, ...]) -> Any:
    """Make the whole packet: gate, open tables, workbook and manifest as well."""
    from analysis.running.editions import Job
    from analysis.running.production import produce

    source = str(place / "notebooks" / "reports" / f"{name}.ipynb")
    job = Job(
        "bench", SCHOOL, name, name, source, str(place / "out"), {**GIVEN, "as_of": "2026-07-20"}, formats=formats
    )
    outcome = produce(job)
    assert outcome.made, outcome.error
    return outcome


def plain(place: Path, name: str, formats: tuple[str, ...]) -> Any:
    """Run the cells as plain Python in this process and render what they put out."""
    from analysis.presentation import edition
    from analysis.publishing import render

    notebook = json.loads((place / "notebooks" / "reports" / f"{name}.ipynb").read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    seen = 0
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        exec(cell["source"], names)
        if "parameters" in cell["metadata"].get("tags", ()):
            names.update(GIVEN)
        made = edition._current.objects[seen:] if edition._current is not None else []
        seen += len(made)
        cell["outputs"] = [
            {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.shuangjian.v1+json": one}}
            for one in made
        ]
    edition._current = None
    render(notebook, formats)
    return notebook


def serve_plain(link: Any, place: Path) -> None:
    """The one warm process of the plain functions: it is asked for a document and tells its CPU time."""
    while (request := link.recv()) is not None:
        begun = time.process_time()
        notebook = plain(place, *request)
        spent = time.process_time() - begun
        made = [o["data"] for cell in notebook["cells"] for o in cell.get("outputs", ())]
        link.send((spent, [one["application/vnd.shuangjian.v1+json"] for one in made]))


def stock(place: Path, name: str, to: str, environ: dict[str, str]) -> Any:
    """Run the two stock commands."""
    import nbformat

    output = place / "stock.ipynb"
    given = [word for key, value in GIVEN.items() for word in ("-r", key, value)]
    source = place / "notebooks" / "reports" / f"{name}.ipynb"
    quiet = {"cwd": place, "env": environ, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([BIN / "papermill", "--no-progress-bar", source, output, *given], **quiet)
    more = ["--disable-chromium-sandbox"] if to == "webpdf" else []
    subprocess.run([BIN / "jupyter", "nbconvert", "--to", to, *more, output], **quiet)
    return nbformat.read(output, as_version=4)


def browser(folder: Path) -> dict[str, str]:
    """Let playwright find Debian's chromium where it looks for its own."""
    from playwright.sync_api import Error, sync_playwright

    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)
    for _ in range(3):
        with sync_playwright() as tool:
            try:
                tool.chromium.launch(args=["--no-sandbox"]).close()
                break
            except Error as missing:
                expected = next(word for word in str(missing).split() if word.startswith(str(folder)))
            Path(expected).parent.mkdir(parents=True, exist_ok=True)
            Path(expected).symlink_to(shutil.which("chromium") or "/usr/bin/chromium")
    return {"PLAYWRIGHT_BROWSERS_PATH": str(folder)}


# --- the two parts ----------------------------------------------------------------------------------------------------


def reports(place: Path, rounds: int, warm_up: float) -> dict[str, Any]:
    """Measure the contenders on the three reports of a school, interleaved."""
    from analysis.running.manifest import digest

    context = multiprocessing.get_context("fork")
    near, far = context.Pipe()
    keeper = context.Process(target=serve_plain, args=(far, place))
    keeper.start()
    environ = {**os.environ, **browser(place / "browsers")}

    def bound(name: str, formats: tuple[str, ...]) -> tuple[float, Any]:
        near.send((name, formats))
        return near.recv()

    for name in SUBJECTS:  # once unmeasured: caches of the file system, and of the kept process
        bound(name, ("html", "pdf"))
        ours(place, name, ("html", "pdf"))
    found: dict[str, dict[str, list[float]]] = {}
    equal = True
    for _ in range(rounds):
        for name in SUBJECTS:
            for kind, formats, to in (("html", ("html",), "html"), ("html+pdf", ("html", "pdf"), "webpdf")):
                spent, mine = measured(lambda n=name, f=formats: ours(place, n, f))
                floor, theirs = bound(name, formats)
                whole, _ = measured(lambda n=name, f=formats: packet(place, n, f))
                usual, other = measured(lambda n=name, t=to: stock(place, n, t, environ))
                if kind == "html+pdf":  # the stock route makes a page as well
                    more, _ = measured(lambda n=name: stock_page(place, environ))
                    usual += more
                row = found.setdefault(f"{name} {kind}", {"ours": [], "plain": [], "packet": [], "stock": []})
                for key, value in zip(row, (spent, floor, whole, usual), strict=True):
                    row[key].append(value)
                equal &= digest(objects(mine)) == digest(theirs) == digest(objects(other))
                print(
                    name, kind, f"{spent:.2f} plain {floor:.2f} packet {whole:.2f} stock {usual:.2f}", file=sys.stderr
                )
    near.send(None)
    keeper.join()
    totals = {
        kind: {
            key: sum(statistics.median(found[f"{name} {kind}"][key]) for name in SUBJECTS)
            for key in ("ours", "plain", "packet", "stock")
        }
        for kind in ("html", "html+pdf")
    }
    return {"rounds": rounds, "equal_outputs": equal, "warm_up_cpu": warm_up, "documents": found, "totals": totals}


def stock_page(place: Path, environ: dict[str, str]) -> None:
    subprocess.run(
        [BIN / "jupyter", "nbconvert", "--to", "html", place / "stock.ipynb"],
        **{"cwd": place, "env": environ, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL},
    )


def rebuilding(place: Path) -> dict[str, Any]:
    """Measure 120 reports: made, made again without a change, and after a change of one school."""
    environ = {**os.environ, "SHUANGJIAN_HOME": str(place)}

    def run(*words: str) -> tuple[float, float, str]:
        begun = time.monotonic()
        spent, done = measured(
            lambda: subprocess.run(
                [BIN / "shuangjian", "build", *words],
                cwd=place,
                env=environ,
                check=True,
                text=True,
                capture_output=True,
            )
        )
        return spent, time.monotonic() - begun, done.stdout

    built, wall, _ = run("--json")
    state = json.loads((place / "reports" / ".state" / "run.json").read_text(encoding="utf-8"))
    assert len(state["made"]) == 3 * 40 and not state["failed"], state["failed"][:3]
    empty = min(measured(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))[0] for _ in range(5))
    idle = [run("--json")[0] - empty for _ in range(5)]
    change_one_row(place)
    _, _, plan = run("--dry-run", "--json")
    again = [event["name"] for event in map(json.loads, plan.splitlines()) if event["make"]]
    changed, _, _ = run("--json")
    return {
        "reports": len(state["made"]),
        "build_cpu": built,
        "build_seconds": wall,
        "cpu_a_report": built / len(state["made"]),
        "memory_a_report_mib": statistics.median(entry["memory"] for entry in state["made"]),
        "no_change_cpu": statistics.median(idle),
        "one_changed_row": {"made": sorted(again), "cpu": changed},
    }


def change_one_row(place: Path) -> None:
    """Store the snapshot again with one written homework of one school three minutes longer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from analysis.snapshots import Store

    store = Store(place / "data" / "snapshots")
    old = store.open("latest")
    tables = {name: pq.read_table(old.path(name)) for name in old.tables}
    rows = tables["homework"]
    times, written, schools = (rows[name].to_pylist() for name in ("minutes", "written", "school"))
    at = next(n for n in range(len(times)) if written[n] and (times[n] or 0) > 20 and schools[n] == schools[-1])
    times[at] += 3
    tables["homework"] = rows.set_column(
        rows.column_names.index("minutes"), "minutes", pa.array(times, rows["minutes"].type)
    )
    store.add(tables, keys={name: old.manifest["tables"][name]["key"] for name in old.tables}, simulated=True)


def written(result: dict[str, Any]) -> str:
    """Return the table for the README."""
    lines = []
    if "reports" in result:
        lines = ["| what | ours | stock | ratio | plain functions | ours ÷ plain |", "|---|---:|---:|---:|---:|---:|"]
        for kind, words in (("html", "three reports of a school, HTML"), ("html+pdf", "the same, HTML and PDF")):
            row = result["reports"]["totals"][kind]
            lines.append(
                f"| {words} (CPU s) | {row['ours']:.2f} | {row['stock']:.2f} | {row['stock'] / row['ours']:.1f} × less "
                f"| {row['plain']:.2f} | {row['ours'] / row['plain']:.2f} |"
            )
    if "rebuilding" in result:
        again = result["rebuilding"]
        hours = again["cpu_a_report"] * COUNTRY / 3600
        lines += [
            "",
            f"120 reports (HTML, PDF, tables, manifest): {again['build_cpu']:.0f} CPU s, {again['cpu_a_report']:.2f} CPU s and "
            f"{again['memory_a_report_mib']:.0f} MiB a report; a build without any change costs {again['no_change_cpu']:.2f} CPU s "
            f"beyond starting Python; after a change of one row of one school {len(again['one_changed_row']['made'])} are made. "
            f"{COUNTRY:,} reports (a country) would take {hours:,.0f} core-hours.",
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("reports", "rebuilding"), help="measure one part, keep the other's results")
    args = parser.parse_args()
    file = HERE / "engine.json"
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    result |= {"python": platform.python_version(), "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="shuangjian-bench-") as scratch:
        if args.only != "reports":
            result["rebuilding"] = rebuilding(house(Path(scratch, "large"), ["--schools", "40"]))
            keep(result)
        if args.only != "rebuilding":
            from analysis.running.forking import threads
            from analysis.running.warm import cool, warm

            place = house(Path(scratch, "shipped"), [])
            os.environ |= {"SHUANGJIAN_HOME": str(place), "SOURCE_DATE_EPOCH": "1784505600"}
            os.chdir(place)
            spent, _ = measured(warm)
            assert threads() == 1
            result["reports"] = reports(place, args.rounds, spent)
            cool()
            os.chdir(HERE)
            keep(result)
    print(written(result))


def keep(result: dict[str, Any]) -> None:
    (HERE / "engine.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (HERE / "engine.md").write_text(written(result), encoding="utf-8")


if __name__ == "__main__":
    main()
