"""The list of sources beside raw files: what each holds, where it comes from, under which licence, and that it is simulated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.house import atomic_write
from analysis.house.paths import read_toml
from analysis.simulation import truth

NAME = "sources.toml"


def write_sources(folder: Path, tables: Mapping[str, Sequence[str]], *, term: str, words: str) -> None:
    """Write `sources.toml` into a folder.

    Parameters
    ----------
    folder
        The folder of the files.
    tables
        For each file, by its path within the folder, the tables that it holds.
    term
        Term of the data.
    words
        The words after ``shuangjian simulate`` that make the same files again.
    """
    lines = [
        "# Where each raw file comes from. All of them are simulated.",
        f'mark = "{truth.MARK}"',
        f'generator = "shuangjian simulate {words}"',
        "",
    ]
    for name in sorted(tables):
        held = ", ".join(f'"{table}"' for table in tables[name])
        lines += [
            "[[file]]",
            f'path = "{name}"',
            f"tables = [{held}]",
            f'term = "{term}"',
            'source = "模拟数据，由 shuangjian simulate 生成"',
            f'licence = "{truth.LICENCE}"',
            "simulated = true",
            f'sha256 = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"',
            "",
        ]
    atomic_write(folder / NAME, "\n".join(lines))


def strangers(folder: Path) -> list[Path]:
    """Return the files in a folder, and in those below it, that no list of sources there calls simulated."""
    known: set[Path] = set()
    for listing in folder.rglob(NAME):
        entries = read_toml(listing).get("file", [])
        known |= {listing, *(listing.parent / entry["path"] for entry in entries if entry.get("simulated") is True)}
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and file not in known]
