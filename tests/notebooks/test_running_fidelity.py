"""The warm engine puts out what papermill's own engine puts out, cell by cell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from running_helpers import comparable, executed, notebook

CELLS = [
    "#md ## 标题",
    'import sys\nprint("甲", place)\nprint("旁", file=sys.stderr)\nprint("乙")\n1 + 1',
    'from IPython.display import HTML, clear_output, display\ndisplay(HTML("<b>粗</b>"))\nprint("后")',
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('t');",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "shown = display('一', display_id='d')\nprint('中')\nshown.update('二')",
    "display('三', display_id='e')",
    "shown.update('四')",
    "import asyncio\nawait asyncio.sleep(0)\n'await'",
    "print('去')\nclear_output(wait=True)\nprint('留')",
    "import warnings\nwarnings.warn('小心')",
    "In[1][:3], _ih[-1][:2], __name__, _",
    "!echo 壳",
    "import os\nos.write(1, '裸'.encode());",
    "%who str",
    "%no_such_magic",
    "%%capture caught\nprint('捕')",
    "caught.stdout",
    "display({'text/plain': 'p', 'application/json': {'数': 1}}, raw=True)",
    "x = 5;",
    "",
    "class Odd:\n    def _repr_html_(self):\n        raise ValueError('坏')\nOdd()",
]
ERRORS = {
    "exception": "def f(n):\n    return 1 / n\nf(0)",
    "syntax": "x = = 1",
    "chained": "try:\n    {}['a']\nexcept KeyError as slip:\n    raise RuntimeError('串') from slip",
    "exit": "import sys\nsys.exit(3)",
    "exit_zero": "import sys\nsys.exit()",
}


def both(folder: Path, sources: list[Path]) -> list[tuple[str, dict, dict]]:
    """Run each notebook with both engines: its name, our result, the stock result."""
    given = {"place": "湖滨"}
    ours = executed([(s, folder / f"{s.stem}-ours.ipynb") for s in sources], "shuangjian", given)
    stock = executed([(s, folder / f"{s.stem}-stock.ipynb") for s in sources], None, given)
    return [(s.stem, comparable(a), comparable(b)) for s, a, b in zip(sources, ours, stock, strict=True)]


def test_outputs_equal_those_of_the_stock_engine(tmp_path: Path) -> None:
    for _, ours, stock in both(tmp_path, [notebook(tmp_path / "all.ipynb", CELLS, 'place = ""')]):
        for mine, theirs in zip(ours["cells"], stock["cells"], strict=True):
            assert mine == theirs
        assert ours["metadata"] == stock["metadata"]
        assert any("image/png" in output for cell in ours["cells"] for output in cell.get("outputs", ()))


def test_errors_equal_those_of_the_stock_engine(tmp_path: Path) -> None:
    sources = [
        notebook(tmp_path / f"{name}.ipynb", ["1", cell, "'never'"], 'place = ""') for name, cell in ERRORS.items()
    ]
    for name, ours, stock in both(tmp_path, sources):
        for mine, theirs in zip(ours["cells"], stock["cells"], strict=True):
            assert mine == theirs, name
        assert ours["metadata"] == stock["metadata"], name
        outputs = [output for cell in ours["cells"] for output in cell.get("outputs", ())]
        assert any("'output_type': 'error'" in output for output in outputs), name
        assert not any("never" in output for output in outputs), name


def test_papermill_s_own_command_puts_nothing_else_into_a_notebook(tmp_path: Path) -> None:
    source = notebook(tmp_path / "one.ipynb", ["print('一')", "1 + 1"])
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    made = {}
    for name, options in {"ours": ["--engine", "shuangjian"], "stock": []}.items():
        target = tmp_path / f"{name}.ipynb"
        command = [sys.executable, "-m", "papermill", *options, str(source), str(target)]
        subprocess.run(command, check=True, env=environ, capture_output=True)
        made[name] = comparable(nbformat.read(target, as_version=4))["cells"]
    assert made["ours"] == made["stock"]


def test_a_document_made_by_papermill_s_own_engine_says_nothing_besides(tmp_path: Path) -> None:
    source = notebook(tmp_path / "one.ipynb", ["print('一')"])
    code = (
        "import sys\nfrom analysis.running.editions import Job\nfrom analysis.running.production import execute\n"
        "made, _ = execute(Job('t', 'one', '', 'one', sys.argv[1], sys.argv[2], runner=''))\n"
        "print(made.cells[0].outputs[0].text)\n"
    )
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    command = [sys.executable, "-c", code, str(source), str(tmp_path / "out")]
    done = subprocess.run(command, check=True, env=environ, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("一\n\n", "")
