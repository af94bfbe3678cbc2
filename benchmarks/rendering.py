"""Rendering an executed report to HTML and PDF, against stock nbconvert: CPU in one run, and the size of the HTML.

Ours is measured warm: a process that has set another document before (fonts, templates and compiler are there) sets
this one for the first time, as the workers of `shuangjian build` do. Stock is ``jupyter nbconvert --to html`` and
``--to webpdf`` as a person calls them. webpdf knows no setting for the browser's path: `STOCK` starts nbconvert with
Playwright's `launch` told to take Debian's chromium. CPU of the browser's helpers that nobody waits for is not counted,
which favours stock.

Usage: python benchmarks/rendering.py [executed.ipynb]   (default: reports/evaluation/district/executed.ipynb)
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_name("rendering.json")
REPEATS = 3
STOCK = """
import sys
from playwright.async_api import BrowserType
launch = BrowserType.launch
async def with_debian(self, **options):
    return await launch(self, executable_path={chromium!r}, **options)
BrowserType.launch = with_debian
from nbconvert.nbconvertapp import main
sys.exit(main(sys.argv[1:]))
"""
OURS = """
import json, sys, time
sys.path.insert(0, {tests!r})
from rendering.publishing_examples import report
from analysis.publishing import render, warm
from analysis.publishing.rendering import opened
warm()
render(report(), ("html", "pdf"))
notebook = opened({notebook!r})
begun, wall = time.process_time(), time.perf_counter()
html = render(notebook, ("html",))["index.html"]
middle = time.process_time()
pdf = render(notebook, ("pdf",))["report.pdf"]
ended = time.process_time()
print(json.dumps({{"html": middle - begun, "pdf": ended - middle, "wall": time.perf_counter() - wall,
                  "html_bytes": len(html), "pdf_bytes": len(pdf)}}))
"""


def stock(notebook: Path, form: str, folder: Path, chromium: str) -> tuple[float, Path]:
    """CPU seconds of one stock conversion, and the file that it made."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["--to", form, "--output-dir", str(folder), "--log-level", "ERROR", str(notebook)]
    if form == "webpdf":
        words.insert(0, "--WebPDFExporter.disable_sandbox=True")
    subprocess.run([sys.executable, "-c", STOCK.format(chromium=chromium), *words], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = folder / f"{notebook.stem}.{'html' if form == 'html' else 'pdf'}"
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, made


def ours(notebook: Path) -> dict[str, float]:
    """CPU seconds of ours in one warm process, and the sizes."""
    script = OURS.format(tests=str(ROOT / "tests"), notebook=str(notebook))
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> int:
    notebook = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "reports/evaluation/district/executed.ipynb").resolve()
    chromium = shutil.which("chromium")
    if not notebook.is_file() or chromium is None:
        print("needs an executed notebook (shuangjian build evaluation) and Debian's chromium", file=sys.stderr)
        return 2
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        for _ in range(REPEATS):
            html, page = stock(notebook, "html", Path(name), chromium)
            webpdf, _ = stock(notebook, "webpdf", Path(name), chromium)
            rounds.append(
                {"stock_html": html, "stock_webpdf": webpdf, "stock_bytes": page.stat().st_size, **ours(notebook)}
            )
    rounds.sort(key=lambda one: (one["html"] + one["pdf"]) / (one["stock_html"] + one["stock_webpdf"]))
    middle = rounds[len(rounds) // 2]
    told = {
        "measured": time.strftime("%Y-%m-%d"),
        "figures": sum('"kind": "figure"' in line for line in notebook.read_text(encoding="utf-8").splitlines()),
        "rounds": rounds,
        "cpu_ratio": round((middle["html"] + middle["pdf"]) / (middle["stock_html"] + middle["stock_webpdf"]), 4),
        "html_size_ratio": round(middle["html_bytes"] / middle["stock_bytes"], 4),
    }
    RESULT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=1))
    return 0 if told["cpu_ratio"] <= 0.1 and told["html_size_ratio"] < 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
