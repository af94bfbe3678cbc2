"""The store: a folder of snapshots, of the raw bytes they were made from, and the way a new one gets into it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.house import UserError, atomic_path, path
from analysis.house.atomic import sync_directory, sync_file
from analysis.house.content import Json
from analysis.snapshots import ancestry
from analysis.snapshots.snapshot import MANIFEST, RECEIVED, Snapshot, canonical, identity, sha256

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from analysis.snapshots.keys import KnownNames

DRAFT = ".draft-"


class Store:
    """A folder of snapshots.

    Parameters
    ----------
    folder
        Where it is (default: ``data/snapshots`` of the project). It is created when first written to.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder else path("data", "snapshots")

    def list(self) -> tuple[Snapshot, ...]:
        """Return all snapshots, the one handed in last at the end (a correction after what it corrects)."""
        if not self.folder.is_dir():
            return ()
        whole = [entry for entry in self.folder.iterdir() if not entry.name.startswith(DRAFT)]
        found = [Snapshot(entry.name, entry) for entry in whole if (entry / MANIFEST).is_file()]
        return tuple(ancestry.ordered(found))

    def ancestors(self, one: Snapshot) -> tuple[Snapshot, ...]:
        """Return a snapshot and those that it corrects, the newest first."""
        return tuple(ancestry.ancestors(one, self.list()))

    def open(self, name: str = "latest") -> Snapshot:
        """Return one snapshot.

        Parameters
        ----------
        name
            ``latest``, an id, or the beginning of one that no other has.

        Raises
        ------
        UserError
            If there is none, or more than one.
        """
        known = self.list()
        if not known:
            raise UserError(f"“{self.folder}”中还没有快照；请先执行 shuangjian intake data/raw。")
        if name == "latest":
            return known[-1]
        found = [snapshot for snapshot in known if snapshot.id.startswith(name)] if name else []
        if len(found) == 1:
            return found[0]
        listed = "、".join(snapshot.id for snapshot in (found or known)[-5:])
        if found:
            raise UserError(f"“{name}”是 {len(found)} 个快照编号的开头（{listed}）；请多写几位。")
        raise UserError(f"没有编号为“{name}”的快照；最近的有：{listed}。")

    def add(
        self,
        tables: Mapping[str, pa.Table | pd.DataFrame],
        *,
        keys: Mapping[str, Sequence[str]] | None = None,
        private: Mapping[str, pa.Table] | None = None,
        files: Mapping[str, bytes | Path] | None = None,
        raw: Mapping[str, bytes | Path] | None = None,
        simulated: bool = False,
        parent: str | None = None,
        facts: Mapping[str, object] | None = None,
        admit: Callable[[Snapshot], None] | None = None,
    ) -> Snapshot:
        """Store a snapshot: written to a draft, synced, renamed; what is there already is not stored twice.

        Parameters
        ----------
        tables
            The tables by name; they are sorted by school and key before they are written.
        keys
            The key columns of each table.
        private
            Tables with free text; stored apart and listed under ``private`` in the manifest.
        files
            Further files by name in the snapshot, such as ``quarantine.xlsx``: bytes, or a path to copy.
        raw
            The raw files as received, by the name under which they were handed in: bytes, or a path to copy.
        simulated
            Whether any raw file is simulated.
        parent
            Id of the snapshot that this one corrects.
        facts
            Further entries of the manifest; they are part of the identity, so no time and no machine's path.
        admit
            Called with the whole draft before it takes its place; what it raises leaves the store as it was.

        Returns
        -------
        Snapshot
            The new snapshot, or the one that was there with the same content.

        Raises
        ------
        UserError
            If it cannot be written (disk full, no permission); nothing half-written stays.
        """
        from analysis.snapshots import writing

        try:
            with self._draft() as draft:
                manifest: Json = {
                    **(facts or {}),
                    "version": 1,
                    "simulated": bool(simulated),
                    "parent": parent,
                    "tables": {
                        n: writing.table(t, n, (keys or {}).get(n, ()), draft, "tables") for n, t in tables.items()
                    },
                    "private": {n: writing.table(t, n, (), draft, "private") for n, t in (private or {}).items()},
                    "files": {n: writing.copy(source, draft / n) for n, source in sorted((files or {}).items())},
                    "raw": [_entry(name, source) for name, source in sorted((raw or {}).items())],
                }
                written = canonical(manifest)
                (draft / MANIFEST).write_bytes(written)
                if admit is not None:
                    admit(Snapshot(identity(written), draft))
                for entry in manifest["raw"]:
                    self._keep(entry, (raw or {})[entry["path"]])
                return self._settle(draft, identity(written), parent)
        except OSError as slip:
            raise UserError(
                f"快照没有写成：{slip.strerror or slip}（{self.folder}）；原有快照不受影响，请腾出磁盘空间或检查权限后重试。"
            ) from None

    def known_names(self) -> KnownNames:
        """Return the names of people that intake has met and dropped, as keyed hashes; for the gate before publishing."""
        from analysis.snapshots import keys

        files = (snapshot.folder / "names.txt" for snapshot in self.list())
        return keys.read((file for file in files if file.is_file()), keys.key())

    def raw(self, digest: str) -> Path:
        """Return where the raw file with this SHA-256 is kept."""
        return self.folder / "raw" / digest

    def _settle(self, draft: Path, name: str, parent: str | None) -> Snapshot:
        target = self.folder / name
        _stamp(draft, parent)
        for entry in sorted(draft.rglob("*"), reverse=True):
            entry.chmod(0o700 if entry.is_dir() else 0o600)
            (sync_directory if entry.is_dir() else sync_file)(entry)
        sync_directory(draft)
        try:
            if (target / MANIFEST).is_file():
                raise FileExistsError
            os.rename(draft, target)
            sync_directory(self.folder)
        except OSError:
            if not (target / MANIFEST).is_file():
                raise
            _stamp(target, parent)
        return Snapshot(target.name, target)

    def _keep(self, entry: Json, source: bytes | Path) -> None:
        """Keep the bytes of a raw file under their hash, readable by the owner only."""
        target = self.raw(entry["sha256"])
        if not (target.is_file() and target.stat().st_size == entry["bytes"]):
            _private_folder(target.parent)
            with atomic_path(target) as part:
                part.write_bytes(source) if isinstance(source, bytes) else shutil.copyfile(source, part)
            target.chmod(0o600)

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """Give a folder to write to, locked while its writer lives; drafts of writers that died are swept away."""
        _private_folder(self.folder)
        with ExitStack() as held:
            with ExitStack() as briefly:
                briefly.enter_context(_locked(self.folder, wait=True))
                for old in self.folder.glob(f"{DRAFT}*"):
                    with _locked(old) as abandoned:
                        if abandoned:
                            shutil.rmtree(old, ignore_errors=True)
                draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=self.folder))
                held.callback(shutil.rmtree, draft, ignore_errors=True)
                held.enter_context(_locked(draft))
            yield draft


@contextmanager
def _locked(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a lock on a folder, if nobody else does; it goes with the process.

    Where the system has no such locks (Windows), a folder counts as abandoned when it is a day old.
    """
    try:
        import fcntl
    except ImportError:
        yield datetime.now().timestamp() - folder.stat().st_mtime > 24 * 3600
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        yield free
    finally:
        os.close(handle)


def _private_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _entry(name: str, source: bytes | Path) -> Json:
    """Return what a manifest says of a raw file."""
    digest = hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else sha256(source)
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return {"path": name, "sha256": digest, "bytes": size}


def _stamp(folder: Path, parent: str | None) -> None:
    """Write down when the snapshot was handed in, last and first, and what it corrects (outside its identity)."""
    at = datetime.now().astimezone().isoformat(timespec="microseconds")
    noted = ancestry.stamp(Snapshot(folder.name, folder))
    told = {"at": at, "first": noted.get("first") or noted.get("at") or at, "parent": parent or ""}
    with atomic_path(folder / RECEIVED) as part:
        part.write_text(json.dumps(told) + "\n", encoding="utf-8")
    (folder / RECEIVED).chmod(0o600)
