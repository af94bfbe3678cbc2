"""What was made from what: a small database beside the reports, and the reasons for which a document is made again.

1. Each packet has one record: what its job, its notebook, the code and the reference files were, and what it read.
2. A part that differs from the one saved with the packet is a reason, told in Chinese; so is a file that is gone.
3. Records are committed one by one, so a run that is killed goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.house import UserError
from analysis.house.content import Json
from analysis.running.editions import Job
from analysis.running.manifest import code_digest, library_versions, notebook_digest, reference_of

PATIENCE = 3.0  # seconds in which a run that was just killed lets go of its lock
PARTS = {
    "notebook": "笔记本有改动",
    "parameters": "参数有改动",
    "formats": "所需格式有改动",
    "code": "程序有改动",
    "reference": "规则、指标或参考资料有改动",
    "libraries": "所用程序库的版本有变化",
    "slices": "所读的数据有变化",
    "quoted": "所引的全区数字有变化",
}


class Records:
    """The records of one reports folder.

    Parameters
    ----------
    file
        The database.
    slice_now
        ``(table, school) -> digest`` on the snapshot that is being built.
    quoted_now
        Given a job, the snapshot that its packet was made from and the figures that it quotes: whether they would still
        be printed the same.

    Raises
    ------
    UserError
        If the database is damaged.
    """

    def __init__(
        self,
        file: Path,
        slice_now: Callable[[str, str], str],
        quoted_now: Callable[[Job, str, list[Json]], bool],
    ) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(file, isolation_level=None)  # every statement is a transaction of its own
        try:
            self._database.execute("create table if not exists packets (name text primary key, record text not null)")
        except sqlite3.DatabaseError:
            self._database.close()
            raise UserError(f"生成记录“{file}”已损坏；请删去该文件，下次会把全部报告重新生成。") from None
        self._slice_now = slice_now
        self._quoted_now = quoted_now

    def reasons(self, job: Job) -> list[str]:
        """Return why a document has to be made; nothing if what is there is what would be made."""
        known = self._known(job)
        if not known:
            return ["尚未生成"]
        same = {part: value == known.get(part) for part, value in _fixed(job).items()}
        same["slices"] = self._same(known["slices"])
        same["quoted"] = self._same(known["outside"]) or self._quoted_now(job, known["snapshot"], known["quoted"])
        targets = (Path(job.folder, name) for name in (*known["files"], "manifest.json"))
        missing = [f"缺少文件 {target.name}" for target in targets if not target.exists()]
        return [PARTS[part] for part, kept in same.items() if not kept] + missing

    def save(self, job: Job, record: Json) -> None:
        """Remember what a finished packet was made from."""
        text = json.dumps({**_fixed(job), **record}, ensure_ascii=False)
        self._database.execute("insert or replace into packets values (?, ?)", (job.name, text))

    def forget(self, job: Job) -> None:
        """Forget a packet, so that the next build makes it."""
        self._database.execute("delete from packets where name = ?", (job.name,))

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def quoted(self, job: Job) -> tuple[Job, str, list[Json]]:
        """Return the snapshot that a packet was made from, and the figures from outside its scope that it quotes."""
        known = self._known(job)
        return job, str(known.get("snapshot", "")), list(known.get("quoted", ()))

    def _known(self, job: Job) -> Json:
        row = self._database.execute("select record from packets where name = ?", (job.name,)).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def _same(self, slices: list[dict[str, str]]) -> bool:
        return all(self._slice_now(part["table"], part["school"]) == part["digest"] for part in slices)


def _fixed(job: Job) -> Json:
    """Return the parts of a job's key that do not depend on what its notebook reads."""
    parameters = {key: value for key, value in job.parameters.items() if key != "snapshot"}
    return {
        "notebook": _of_file(notebook_digest, job),
        "parameters": parameters,
        "formats": list(job.formats),
        "code": code_digest(),
        "reference": _of_file(reference_of, job),
        "libraries": library_versions(),
    }


def _of_file(digest: Callable[[str], str], job: Job) -> str:
    try:
        return digest(job.notebook)
    except (OSError, ValueError):
        return ""  # the run itself will say what is wrong with it


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold the lock of a reports folder; it goes with the process, however that ends.

    Raises
    ------
    UserError
        If another build is at work there.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a+", encoding="utf-8") as handle:
        patience = time.monotonic() + PATIENCE
        while not (free := _lock(handle)) and time.monotonic() < patience:
            time.sleep(0.1)
        if not free:
            raise UserError(f"另一个 build 正在“{file.parent.parent}”中运行；请等它结束后再试。", exit_status=3)
        yield


def _lock(handle: Any) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
