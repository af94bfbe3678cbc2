"""What several kinds of tests share: the shipped data, read in and built once for all of them.

``shipped`` is a project of its own in a temporary folder (reference files, notebooks, raw files, register, editions),
with the snapshot that `shuangjian intake data/raw` makes and every document that `shuangjian build` makes of it.
``shipped_snapshot`` has the snapshot alone. Both are made once a run of pytest, however many processes it has.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background process ignores it; a person's does not
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("data/reference", "data/raw", "data/suggestions", "data/published", "notebooks")


@pytest.fixture(autouse=True)
def figures_made_by_hand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests of wording show figures that `presentation_figures` writes down; all others show computed ones only."""
    if hasattr(request.module, "presentation_figures") or any(
        getattr(each, "__module__", "") == "presentation_figures" for each in vars(request.module).values()
    ):
        from analysis.indicators import provenance

        monkeypatch.setattr(provenance, "need", lambda item: None)


def command(house: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``shuangjian …`` in a project's folder."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    environ["SHUANGJIAN_HOME"] = str(house)
    words = (sys.executable, "-m", "analysis.cli", *words)
    return subprocess.run(words, cwd=house, env=environ, text=True, capture_output=True, check=False)


def copy_house(target: Path) -> Path:
    """Copy the project's own files, without snapshots and reports."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target / part)
    (target / "reports").mkdir(parents=True)
    shutil.copyfile(ROOT / "reports" / "editions.toml", target / "reports" / "editions.toml")
    return target


def _once(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all processes of this run; the others wait for it."""
    target, mark = folder / name, folder / f"{name}.done"
    with FileLock(str(folder / f"{name}.lock")):
        if not mark.exists():
            make(target)
            mark.touch()
    return target


@pytest.fixture(scope="session")
def _run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def shipped_snapshot(_run_folder: Path) -> Path:
    """A copy of the project with the snapshot of the shipped raw files; nothing is built. Do not change it."""

    def make(house: Path) -> None:
        copy_house(house)
        done = command(house, "intake", "data/raw")
        assert done.returncode == 0, done.stderr

    return _once(_run_folder, "shipped-snapshot", make)


@pytest.fixture(scope="session")
def shipped(_run_folder: Path, shipped_snapshot: Path) -> Path:
    """A copy of the project with every default document built from the shipped raw files. Do not change it."""

    def make(house: Path) -> None:
        shutil.copytree(shipped_snapshot, house)
        done = command(house, "build")
        told = (done.stdout + done.stderr).splitlines()
        failures = "\n".join(line for line in told if "完成" not in line)
        assert done.returncode == 0, failures

    return _once(_run_folder, "shipped", make)
