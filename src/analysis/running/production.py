"""One document, from a job to a finished packet in its place: execute, render behind the gate, write down, move.

1. The notebook runs through papermill with the warm engine, in a forked child.
2. Rendering runs in a second child, kept for the next document: fonts and compilers start threads there, never here.
3. Everything is written to a draft beside the target, which takes the old packet's place in one step.
4. A failure leaves the old packet as it was, and beside it ``failed.ipynb`` with the error in its cell.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.house import UserError, atomic_directory, atomic_write
from analysis.house.content import Json, digest
from analysis.house.paths import home
from analysis.running.calls import Callee, call
from analysis.running.editions import Job
from analysis.running.forking import can_fork, fork_is_safe
from analysis.running.replacing import lost

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.running.client import Usage

FAILED = "failed.ipynb"
EXECUTED = "executed.ipynb"
MANIFEST = "manifest.json"
EVERYWHERE = ("schools",)  # small tables that every page reads whole
ADDED = {"injected-parameters", "papermill-error-cell-tag"}  # cells that papermill puts in, with random ids
TIMINGS = ("start_time", "end_time", "duration")
typesetter = Callee()


@dataclass(slots=True)
class Outcome:
    """What became of a job.

    Parameters
    ----------
    name, label
        The job's.
    made
        Whether the packet is in its place.
    seconds, cpu, memory
        Wall-clock seconds; CPU seconds and peak MiB of the processes that made it.
    files
        The packet's files, relative to its folder.
    kept
        Whether the document that is there stays, because the new one would have no figures; `error` says why.
    error, cell, look
        If it failed: the Chinese line, the cell's number as Jupyter shows it, ``[5]`` (0: none), the file to look into.
    record
        What the next build compares with: slices read and figures of other scopes quoted.
    """

    name: str
    label: str
    made: bool = False
    kept: bool = False
    seconds: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    files: list[str] = field(default_factory=list)
    error: str = ""
    cell: int = 0
    look: str = ""
    record: Json = field(default_factory=dict)

    def as_dict(self) -> Json:
        """Return it as JSON holds it, without the record."""
        kept = ("name", "label", "made", "kept", "seconds", "cpu", "memory", "files", "error", "cell", "look")
        plain = {key: getattr(self, key) for key in kept}
        return plain | {key: round(plain[key], 3) for key in ("seconds", "cpu", "memory")}


class NotebookError(Exception):
    """A notebook ended with an error: the Chinese line, the number of the cell, the notebook with its error."""

    def __init__(self, message: str, cell: int, notebook: NotebookNode) -> None:
        super().__init__(message)
        self.cell = cell
        self.notebook = notebook

    def __reduce__(self) -> tuple[object, ...]:
        return NotebookError, (str(self), self.cell, self.notebook)


def produce(job: Job) -> Outcome:
    """Make one document; every failure becomes part of the outcome."""
    outcome = Outcome(job.name, job.label)
    begun, folder = time.monotonic(), Path(job.folder)
    notebook = None
    try:
        notebook, usage = execute(job)
        outcome.cpu, outcome.memory = usage.cpu, usage.memory
        if not job.replace and (why := lost(job, notebook)):
            outcome.kept, outcome.error, outcome.look = True, why, str(folder)
            return outcome
        with atomic_directory(folder) as draft:
            outcome.record = _packet(job, notebook, usage, draft, outcome)
            outcome.files = sorted(f.relative_to(draft).as_posix() for f in draft.rglob("*") if f.is_file())
        outcome.made = True
    except NotebookError as failure:
        outcome.error, outcome.cell = str(failure), failure.cell
        outcome.look = str(folder / FAILED)
        _keep(failure.notebook, folder / FAILED)
    except UserError as mistake:
        outcome.error = mistake.message
        outcome.look = job.notebook
        if notebook is not None:  # it ran, and was refused by the gate or could not be set
            outcome.look = str(folder / FAILED)
            _keep(notebook, folder / FAILED)
    except Exception as slip:
        outcome.error = f"{type(slip).__name__}：{slip}".splitlines()[0]
        outcome.look = str(folder / "failed.txt")
        atomic_write(folder / "failed.txt", traceback.format_exc())
    finally:
        outcome.seconds = time.monotonic() - begun
    return outcome


def execute(job: Job) -> tuple[NotebookNode, Usage]:
    """Run a job's notebook through papermill and return it with what it used.

    Raises
    ------
    NotebookError
        If a cell ended with an error; the notebook up to there goes with it.
    UserError
        If a parameter is not allowed, or the notebook cannot be read.
    """
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from analysis.running.client import Limits, Usage
    from analysis.running.engine import QUIET_KERNEL
    from analysis.running.parameters import check_parameters, settle_parameters

    if job.runner == "shuangjian" and can_fork() and not fork_is_safe():
        return call(execute, job, seconds=job.seconds + 60)[0]
    usage, name = Usage(), Path(job.notebook).name
    check_parameters(read_notebook(job.notebook), job.parameters, name)
    options: dict[str, Any] = {"limits": Limits(seconds=job.seconds, memory=job.memory), "usage": usage}
    if job.runner != "shuangjian":
        options = {"execution_timeout": job.seconds, "extra_arguments": list(QUIET_KERNEL)}
    with (
        tempfile.TemporaryDirectory(prefix="shuangjian-") as scratch,
        environment(job.engine, str(job.parameters.get("as_of", ""))),
    ):
        output = Path(scratch, EXECUTED)
        try:
            notebook = papermill.execute_notebook(
                job.notebook,
                str(output),
                parameters=job.parameters,
                engine_name=job.runner or None,
                progress_bar=False,
                request_save_on_cell_execute=False,
                cwd=str(home()),
                **options,
            )
        except PapermillExecutionError as failure:
            notebook = nbformat.read(output, as_version=4)
            raise NotebookError(_told(failure.ename, failure.evalue), failure.exec_count or 0, notebook) from None
    settle_parameters(notebook, name)
    for cell in notebook.cells:
        if cell.metadata.get("papermill", {}).get("exception"):
            raise NotebookError(_told("SystemExit", "0"), cell.get("execution_count") or 0, notebook)
    _refuse_strange(notebook, usage.put)
    return notebook, usage


def _refuse_strange(notebook: NotebookNode, put: list[str] | None) -> None:
    """Refuse content that a notebook displayed by itself, past `say`, `table` and the charts."""
    from analysis.running.manifest import MIME

    if put is None:
        return
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            found = output.get("data", {}).get(MIME)
            if found is not None and digest(found) not in put:
                why = "本单元格有一处内容不是由 say、table 或图表函数输出的，不能发布；请改用这些函数。"
                raise NotebookError(why, cell.get("execution_count") or 0, notebook)


def read_notebook(file: str) -> NotebookNode:
    """Read a notebook's file.

    Raises
    ------
    UserError
        If it is missing or is no notebook.
    """
    import nbformat

    try:
        notebook: NotebookNode = nbformat.read(file, as_version=4)
        return notebook
    except FileNotFoundError:
        raise UserError(f"找不到笔记本“{file}”；请检查 reports/editions.toml 中的 notebook。") from None
    except Exception:
        raise UserError(f"“{file}”不是可用的笔记本（.ipynb）；请用 JupyterLab 打开检查，或从版本库恢复。") from None


def _packet(job: Job, notebook: NotebookNode, usage: Usage, draft: Path, outcome: Outcome) -> Json:
    """Write a document's files to a draft and return the record for the next build."""
    from analysis.running.manifest import manifest

    without_timings(notebook)
    with environment(job.engine, str(job.parameters.get("as_of", ""))):
        _, cpu, memory = typesetter.run(_publish, notebook, draft, job.formats, seconds=job.seconds)
    outcome.cpu, outcome.memory = outcome.cpu + cpu, max(outcome.memory, memory)
    (draft / EXECUTED).write_text(_written(notebook), encoding="utf-8")
    found = sorted(file for file in draft.rglob("*") if file.is_file())
    files = {file.relative_to(draft).as_posix(): digest(file.read_bytes()) for file in found}
    whole = manifest(job, notebook, usage.reads, files)
    (draft / MANIFEST).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return record(job, whole)


def record(job: Job, whole: Json) -> Json:
    """Return what the next build compares with: the slices read, and the figures quoted from outside the scope."""
    school = str(job.parameters.get("school", ""))
    inside = [s for s in whole["slices"] if not school or s["school"] == school or s["table"] in EVERYWHERE]
    kept = ("indicator", "scope", "text", "interval_text", "base_text")
    quoted = [s for s in whole["statistics"] if school and s["scope"]["school"] != school]
    return {
        "snapshot": whole["snapshot"],
        "slices": inside,
        "outside": [s for s in whole["slices"] if s not in inside],
        "quoted": [{key: s.get(key) for key in kept} for s in quoted],
        "files": list(whole["files"]),
    }


def without_timings(notebook: NotebookNode) -> None:
    """Take out what differs from run to run: times, paths of this machine, random cell ids."""
    notebook.metadata.get("papermill", {}).pop("environment_variables", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        for key in TIMINGS:
            cell.metadata.get("papermill", {}).pop(key, None)
        if ADDED & set(cell.metadata.get("tags", ())):
            cell.id = f"added-{number}"
    for key in (*TIMINGS, "input_path", "output_path"):
        notebook.metadata.get("papermill", {}).pop(key, None)


def _publish(notebook: NotebookNode, folder: Path, formats: tuple[str, ...]) -> None:
    from analysis.publishing import publish
    from analysis.snapshots import Store

    publish(notebook, folder, formats=formats, known_names=Store().known_names(), own=own_words(notebook))


def own_words(notebook: NotebookNode) -> Iterator[str]:
    """Give what the program itself says in a document about letters; composed only when the gate asks for it."""
    from analysis.letters.told import told
    from analysis.running.manifest import contents

    for found in contents(notebook):
        if found["kind"] == "document":
            yield from told(found)


def _written(notebook: NotebookNode) -> str:
    import nbformat

    found: str = nbformat.writes(notebook)
    return found


def _keep(notebook: NotebookNode, file: Path) -> None:
    without_timings(notebook)
    atomic_write(file, _written(notebook))


def _told(name: str, value: str) -> str:
    """Say in Chinese how a cell failed; a `UserError` says it itself."""
    own = {
        "SystemExit": f"笔记本自行退出（sys.exit，状态 {value or 0}），其后的单元格没有执行",
        "SyntaxError": f"语法错误：{value}",
        "StdinNotImplementedError": "笔记本要求键盘输入（input），报告运行时没有人能回答",
        "MemoryError": "内存不足",
    }
    if name in ("UserError", "NotebookTimeout", "MemoryLimit", "OutputLimit", "NotebookDied", "NotebookExited"):
        return value.strip()
    return own.get(name) or f"{name}：{value}".splitlines()[0]


@contextmanager
def environment(engine: str, as_of: str) -> Iterator[None]:
    """Hand a notebook its engine, and let libraries that write a date into files write the document's day.

    So equal data give equal bytes on every day.
    """
    told = {"SHUANGJIAN_ENGINE": engine}
    if as_of:
        told["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp()))
    kept = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
