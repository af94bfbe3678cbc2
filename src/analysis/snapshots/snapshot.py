"""A snapshot: an immutable data set, known by the hash of its stored bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.house import UserError
from analysis.house.content import Json

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
RECEIVED = "received.json"
ID_LENGTH = 16
CHUNK = 1 << 20
QUARANTINE = ("file", "sheet", "row", "table", "column", "value", "reason", "suggestion", "key", "known", "cells")
REFUSED = ("table", "term", "school", "grade", "class", "date", "subject", "wave", "role", "pupil", "weight", "rows")

READS: set[tuple[str, str, str]] = set()
"""What this process has read through `Snapshot.frame` and `Snapshot.slice`: (snapshot id, table, school or ``""``)."""


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with open(file, "rb") as handle:
        while piece := handle.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def canonical(manifest: Json) -> bytes:
    """Write a manifest in the one form that is stored and hashed."""
    return (json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def identity(manifest: bytes) -> str:
    """Return the id of a snapshot from the stored bytes of its manifest, which holds the hash of every other file."""
    return hashlib.sha256(manifest).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True)
class Snapshot:
    """One data set as it was stored; nothing in it ever changes.

    Parameters
    ----------
    id
        The first 16 hex digits of the SHA-256 of the stored manifest.
    folder
        Where it is stored.
    """

    id: str
    folder: Path

    @cached_property
    def manifest(self) -> Json:
        """What the snapshot holds: tables with hashes and slices, raw files, sheets with their counts, versions.

        Raises
        ------
        UserError
            If the stored manifest is not the one that the id was made from.
        """
        try:
            stored = (self.folder / MANIFEST).read_bytes()
        except OSError:
            raise UserError(f"快照 {self.id} 缺少 {MANIFEST}；请从备份恢复，或重新执行 shuangjian intake。") from None
        if identity(stored) != self.id:
            raise UserError(
                f"快照 {self.id} 的 {MANIFEST} 已被改动（与编号不符）；请用 shuangjian snapshots verify 核验，并从备份恢复。"
            )
        return dict(json.loads(stored))

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables, in alphabetical order (free text, which is kept apart, is not among them)."""
        return tuple(sorted(self.manifest["tables"]))

    @property
    def simulated(self) -> bool:
        """Whether any of its raw files is simulated: then everything made from it must say so."""
        return bool(self.manifest["simulated"])

    @property
    def received(self) -> str:
        """When it was last handed in, an ISO time; not part of its identity."""
        try:
            return str(json.loads((self.folder / RECEIVED).read_text(encoding="utf-8"))["at"])
        except (OSError, ValueError, KeyError):
            return ""

    def path(self, table: str) -> Path:
        """Return the Parquet file of a table.

        Raises
        ------
        UserError
            If there is no such table.
        """
        return self.folder / str(self._entry(table)["file"])

    def frame(self, table: str, columns: Sequence[str] | None = None, school: str = "") -> pd.DataFrame:
        """Read a table.

        Parameters
        ----------
        table
            Its name, such as ``homework``.
        columns
            The columns wanted (default: all), in this order.
        school
            A school's code: only its rows are read (``""``: all). A table without a school column is read whole.

        Returns
        -------
        pandas.DataFrame
            Sorted by school and the rest of the key. Dates are ``datetime64``; a missing value is NaN, NaT or None
            (an integer column with missing values comes as float).

        Raises
        ------
        UserError
            If there is no such table or column.
        """
        entry = self._entry(table)
        for name in columns or ():
            if name not in entry["columns"]:
                raise UserError(
                    f"快照 {self.id} 的表 {table} 没有“{name}”列；现有各列：{'、'.join(entry['columns'])}。"
                )
        only = school if "school" in entry["columns"] else ""
        READS.add((self.id, table, only))
        from analysis.snapshots import tables

        found: pd.DataFrame = tables.read(self.folder / entry["file"], columns, only).to_pandas(date_as_object=False)
        return found

    def slice(self, names: str | Iterable[str], school: str = "") -> str:
        """Return the digest of what a figure is computed from: these tables, and of them one school's rows or all.

        It is made from the hashes of the stored bytes of each school's rows, so it stays the same in a later snapshot
        in which only other schools' rows, or other tables, differ. A table that is not there counts as such.
        """
        wanted = [names] if isinstance(names, str) else sorted(set(names))
        lines = []
        for name in wanted:
            READS.add((self.id, name, school))
            entry = self.manifest["tables"].get(name)
            if entry is None:
                lines.append(f"{name} absent")
                continue
            own = entry["slices"]
            keys = [school] if school and "school" in entry["columns"] else sorted(own)
            lines += [f"{name} {key} {own[key]['sha256'] if key in own else 'absent'}" for key in keys]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def free_text(self, table: str = "survey_text") -> pd.DataFrame:
        """Read a table that is kept apart because it holds free text; it must never reach a published page."""
        entry = self.manifest["private"].get(table)
        if entry is None:
            raise UserError(f"快照 {self.id} 中没有单独保管的表 {table}。")
        from analysis.snapshots import tables

        found: pd.DataFrame = tables.read(self.folder / entry["file"]).to_pandas(date_as_object=False)
        return found

    def quarantine(self) -> pd.DataFrame:
        """Return the rows that were not accepted, one line a fault: ``file, sheet, row, column, value, reason …``."""
        import pandas as pd

        from analysis.snapshots import tables

        file = self.folder / "quarantine.parquet"
        if not file.exists():
            return pd.DataFrame(columns=list(QUARANTINE))
        found: pd.DataFrame = tables.read(file).to_pandas(date_as_object=False)
        return found

    def refused(self) -> pd.DataFrame:
        """Return what is known of the keys of the rows in quarantine: the table `refused`, empty where none was put aside.

        One line a distinct key with the number of its ``rows``; what is not known of a key is missing. A row whose
        school is not known is not among those of `frame("refused", school=...)`.
        """
        import pandas as pd

        return self.frame("refused") if "refused" in self.tables else pd.DataFrame(columns=list(REFUSED))

    def _entry(self, table: str) -> Json:
        found = self.manifest["tables"].get(table)
        if found is None:
            if table in self.manifest["private"]:
                raise UserError(f"表 {table} 含开放题原文，单独保管，不进入报告；确需查阅请用 Snapshot.free_text。")
            raise UserError(f"快照 {self.id} 中没有表 {table}；现有：{'、'.join(self.tables) or '无'}。")
        return dict(found)
