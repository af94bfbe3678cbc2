"""Notebooks and comparisons that the tests of the running floor share."""

from __future__ import annotations

import atexit
import io
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.running.forking import fork_is_safe

PARAMETERS = (
    'snapshot = "latest"\ndistrict = "990101"\nschool = ""\nterm = "2025-2026-2"\n'
    'audience = "internal"\nas_of = "2026-07-20"'
)
DOCUMENT = """
from analysis.presentation.edition import Edition, start
from analysis.snapshots import Store
data = Store().open(snapshot)
opening = {"class": "report", "title": "测试", "subtitle": "", "language": "zh-CN", "issuer": "测试局", "date": as_of}
scope = {"district": district, "school": school, "scope_label": "全区", "term": term, "term_label": "学期"}
origin = {"snapshot": data.id, "slice": data.slice("homework", school), "simulated": True, "mark": "模拟数据"}
document = start(Edition(audience, district, school, "全区"))
document.put("document", audience=audience, letter=None, **opening, **scope, **origin)
"""
READ = "minutes = data.frame('homework', school=school).minutes.sum()"

EDITIONS = """
[defaults]
district = "990101"
term = "2025-2026-2"
as_of = "2026-07-20"
formats = ["html"]

[small]
title = "小报告"
notebook = "reports/small"
scopes = ["district", "school"]

[other]
title = "另一份"
notebook = "reports/other"
"""
SMALL = [PARAMETERS, DOCUMENT, "#md ## 情况", READ]
NOTEBOOKS = {"reports/small": SMALL, "reports/other": [PARAMETERS, DOCUMENT]}

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(file: Path, cells: Sequence[str], parameters: str = "") -> Path:
    """Write a notebook: code cells, markdown where a cell begins with ``#md ``, and a parameters cell if given."""
    made = new_notebook(metadata=KERNEL)
    if parameters:
        made.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    for source in cells:
        is_text = source.startswith("#md ")
        made.cells.append(new_markdown_cell(source[4:]) if is_text else new_code_cell(source))
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, file)
    return file


RUNNER = """
import json, sys
import papermill
from papermill.exceptions import PapermillExecutionError
for source, output, engine, parameters in json.load(sys.stdin):
    try:
        papermill.execute_notebook(source, output, parameters, engine_name=engine, progress_bar=False)
    except PapermillExecutionError:
        pass
"""


def executed(pairs: Sequence[tuple[Path, Path]], engine: str | None, parameters: dict[str, Any]) -> list[Any]:
    """Run notebooks through papermill in a process of their own and return them as written, errors included.

    (pytest's own process catches warnings, and tells kernels not to catch what programs write.)
    """
    runs = [[str(source), str(output), engine, parameters] for source, output in pairs]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    subprocess.run(
        [sys.executable, "-c", RUNNER], input=json.dumps(runs), text=True, check=True, env=environ, capture_output=True
    )
    return [nbformat.read(output, as_version=4) for _, output in pairs]


def comparable(made: Any) -> dict[str, Any]:
    """Return an executed notebook without what the clock, the process number or the file's path decide.

    Neighbouring pieces of one stream are joined: a kernel cuts them wherever its timer fires.
    """
    plain = nbformat.from_dict(made)
    for cell in plain.cells:
        cell.pop("id", None)
        cell.metadata["execution"] = sorted(cell.metadata.get("execution", {}))
        marks = cell.metadata.get("papermill", {})
        for key in ("start_time", "end_time", "duration"):
            marks[key] = marks.get(key) is not None
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = ""
        if "outputs" in cell:
            cell.outputs = [_plain(output) for output in _joined(cell.outputs)]
    for key in ("start_time", "end_time", "duration", "output_path"):
        plain.metadata.papermill.pop(key, None)
    return dict(plain)


def _joined(outputs: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for output in outputs:
        if joined and joined[-1].output_type == output.output_type == "stream" and joined[-1].name == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _plain(output: Any) -> str:
    """Write an output as text in which neither the kernel's process number nor an address in memory occurs."""
    return re.sub(r"ipykernel_\d+|0x[0-9a-f]+", "…", repr(output))


def house(folder: Path, notebooks: dict[str, Sequence[str]], editions: str, schools: Sequence[str] = ()) -> Path:
    """Lay out a small project of its own: the reference files of the real one, notebooks and editions of the test.

    Its snapshot holds the schools and one row of homework a school.
    """
    import pandas as pd

    from analysis.house import home
    from analysis.snapshots import Store

    real = home()
    shutil.copytree(real / "data" / "reference", folder / "data" / "reference")
    for name, cells in notebooks.items():
        notebook(folder / "notebooks" / f"{name}.ipynb", cells[1:], cells[0])
    (folder / "reports").mkdir(exist_ok=True)
    (folder / "reports" / "editions.toml").write_text(editions, encoding="utf-8")
    codes = list(schools) or ["2199000001", "2199000002"]
    store_tables(Store(folder / "data" / "snapshots"), codes, minutes=dict.fromkeys(codes, 30), pd=pd)
    return folder


def store_tables(store: Any, codes: Sequence[str], minutes: dict[str, int], pd: Any) -> Any:
    """Add a snapshot of two small tables."""
    listed = pd.DataFrame({"school": codes, "name": [f"甲{code[-1]}" for code in codes]})
    rows = pd.DataFrame({"school": codes, "minutes": [minutes[code] for code in codes]})
    return store.add({"schools": listed, "homework": rows}, keys={"schools": ("school",)}, simulated=True)


class Done(NamedTuple):
    """How a command ended."""

    status: int
    output: str
    errors: str


def called(place: Path, *words: str) -> Done:
    """Run ``shuangjian …`` for a project's folder in the kept process."""
    return Done(*apart_from_pytest(_command_line, str(place), words))


def apart_from_pytest(function: Callable[..., Any], *given: Any) -> Any:
    """Run a function in one kept process, whose libraries stay warm from test to test; its errors are raised here.

    (pytest's own process has threads of DuckDB after other tests; a command line has none when it begins. A process in
    which the function left such threads is given up, so that no test depends on the one before it.)
    """
    process, link = _kept_process()
    link.send((function, given))
    fine, result, is_single = link.recv()
    if not is_single:
        link.close()
        process.join()
        _kept_process.cache_clear()
    if not fine:
        raise result
    return result


@cache
def _kept_process() -> Any:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    theirs.close()
    atexit.register(process.join)
    atexit.register(ours.close)
    return process, ours


def _serve(link: Any) -> None:
    for name in [name for name in os.environ if name.startswith("PYTEST")]:
        del os.environ[name]
    while True:
        try:
            function, given = link.recv()
        except EOFError:
            return
        try:
            answer = True, function(*given)
        except Exception as slip:
            answer = False, slip
        link.send((*answer, fork_is_safe()))


def _command_line(place: str, words: Sequence[str]) -> tuple[int, str, str]:
    from analysis.cli import main

    os.environ["SHUANGJIAN_HOME"] = place
    os.chdir(place)
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        status = main(words)
    return status, output.getvalue(), errors.getvalue()


def files(reports: Path) -> dict[str, bytes]:
    """Return every published file and its bytes, without the digest of the code (someone may be editing it)."""
    found = [file for file in reports.rglob("*") if file.is_file() and ".state" not in file.parts]
    code = re.compile(rb'"code": "[0-9a-f]{64}"')
    return {str(file.relative_to(reports)): code.sub(b"", file.read_bytes()) for file in found}
