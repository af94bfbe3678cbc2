"""Every way in which a notebook can fail ends as an error of its cell; the others are made, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running_helpers import apart_from_pytest, notebook

from analysis.running.editions import Job
from analysis.running.pool import LocalPool
from analysis.running.production import NotebookError, execute

GOOD = "print('好')\n1 + 1"
FAULTS = {
    "exception": ("1 / 0", "ZeroDivisionError"),
    "syntax": ("x = = 1", "语法错误"),
    "exit": ("import sys; sys.exit(4)", "sys.exit"),
    "exit_zero": ("import sys; sys.exit(0)", "sys.exit"),
    "hard_exit": ("import os; os._exit(0)", "退出状态为0"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "aborted": ("import os; os.abort()", "SIGABRT"),
    "endless": ("while True: pass", "超过3秒"),
    "deaf": ("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)", "超过3秒"),
    "memory": ("held = bytearray(900 << 20)", "MiB 的上限"),
    "keyboard": ("input('?')", "input"),
    "password": ("import getpass; getpass.getpass()", "input"),
    "flood": ("for _ in range(1600): print('x' * 65535)", "输出超过"),
    "raw_flood": ("import os\nfor _ in range(1600): os.write(1, b'x' * 65536)", "输出超过"),
    "recursion": ("import sys; sys.setrecursionlimit(200)\ndef f(): return f()\nf()", "RecursionError"),
}
SLOW = ("endless", "deaf")  # these end by their time limit, the others long before


def job(source: Path, **more: object) -> Job:
    given = {"seconds": 3.0, "memory": 700, **more}
    return Job("t", source.stem, "测试", source.stem, str(source), str(source.parent / "out" / source.stem), **given)


def running_below(pid: int) -> list[int]:
    """Return the processes that descend from one, by the kernel's own account."""
    rows = [(int(entry.name), stat(entry)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    found: list[int] = []
    border = {pid}
    while border:
        border = {child for child, state in rows if state and int(state[1]) in border and state[0] != "Z"}
        found += border
    return found


def stat(entry: Path) -> list[str]:
    """Return state, parent, group, session … of a process; nothing if it has gone."""
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_cell_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    cell, told = FAULTS[name]
    source = notebook(tmp_path / f"{name}.ipynb", [GOOD, cell, "print('never')"])
    apart_from_pytest(os.getpid)  # the process is there before its children are counted
    before = set(running_below(os.getpid()))
    with pytest.raises(NotebookError, match=told) as caught:
        apart_from_pytest(execute, job(source, seconds=3.0 if name in SLOW else 60.0))
    assert caught.value.cell == 2
    kept = caught.value.notebook
    cells = [c for c in kept.cells if c.cell_type == "code"]
    assert cells[0].outputs[0].text == "好\n"
    assert cells[1].metadata.papermill.exception is True
    assert any(output.output_type == "error" for output in cells[1].outputs)
    assert cells[2].outputs == [] and cells[2].execution_count is None
    assert set(running_below(os.getpid())) - before == set()


def test_the_next_notebook_runs_in_the_same_warm_process(tmp_path: Path) -> None:
    bad = notebook(tmp_path / "bad.ipynb", ["import os; os._exit(1)"])
    good = notebook(tmp_path / "good.ipynb", ["import os\n'x' in globals()", "x = 1\nos.getppid()"])
    parents = []
    for source in (good, bad, good):
        try:
            made, _ = apart_from_pytest(execute, job(source))
        except NotebookError:
            continue
        code = [c for c in made.cells if c.cell_type == "code"]
        assert code[0].outputs[0].data["text/plain"] == "False"
        parents.append(code[1].outputs[0].data["text/plain"])
    assert parents == [str(apart_from_pytest(os.getpid))] * 2


def test_what_a_notebook_leaves_open_is_written(tmp_path: Path) -> None:
    cell = (
        f"file = open({str(tmp_path / 'open.txt')!r}, 'w')\nfile.write('写完')\nimport atexit\n"
        f"atexit.register(lambda: open({str(tmp_path / 'exit.txt')!r}, 'w').write('再见'))"
    )
    apart_from_pytest(execute, job(notebook(tmp_path / "n.ipynb", [cell])))
    assert (tmp_path / "open.txt").read_text() == "写完"
    assert (tmp_path / "exit.txt").read_text() == "再见"


def test_programs_that_a_notebook_starts_end_with_it(tmp_path: Path) -> None:
    cell = "import subprocess\nchild = subprocess.Popen(['sleep', '1000'])\nprint(child.pid)"
    made, _ = apart_from_pytest(execute, job(notebook(tmp_path / "n.ipynb", [cell])))
    pid = int(made.cells[0].outputs[0].text)
    time.sleep(0.2)
    assert alive([pid]) == []


def test_a_worker_that_is_killed_loses_only_its_own_job(tmp_path: Path) -> None:
    kill_parent = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
    bad = notebook(tmp_path / "bad.ipynb", [kill_parent])
    slow = [notebook(tmp_path / f"slow{n}.ipynb", ["import time; time.sleep(0.5)", "1 / 0"]) for n in range(4)]
    before = set(running_below(os.getpid()))
    with LocalPool(2) as pool:
        outcomes = {o.label: o for o in pool.run([job(s, seconds=30.0) for s in (bad, *slow)])}
    assert "被强行结束" in outcomes["bad"].error
    assert all("ZeroDivisionError" in outcomes[f"slow{n}"].error and outcomes[f"slow{n}"].cell == 2 for n in range(4))
    assert set(running_below(os.getpid())) - before == set()


def test_nothing_outlives_the_process_that_builds(tmp_path: Path) -> None:
    sleeper = notebook(tmp_path / "s.ipynb", ["import subprocess\nsubprocess.run(['sleep', '77777'])"])
    script = (
        f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}]\n"
        "from test_running_faults import job\nfrom analysis.running.pool import LocalPool\nfrom pathlib import Path\n"
        f"list(LocalPool(1).run([job(Path({str(sleeper)!r}), seconds=99.0)]))\n"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])}
    process = subprocess.Popen([sys.executable, "-c", script], env=environ)
    deadline = time.monotonic() + 60
    while len(running_below(process.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    family = running_below(process.pid)
    assert len(family) >= 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while alive(family) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = alive(family)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if stat(Path(f"/proc/{pid}"))[:1] not in ([], ["Z"])]
