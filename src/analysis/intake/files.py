"""Which files were handed in, what is known of their source, and how each is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.house import UserError
from analysis.house.content import Json
from analysis.house.paths import read_toml
from analysis.intake import texts, workbooks
from analysis.intake.grids import Grid

SOURCES = "sources.toml"
NO_DATA = ("readme", "sources", "说明")


@dataclass(frozen=True)
class HandedIn:
    """One file.

    Parameters
    ----------
    path
        Where it is.
    name
        How manifests and messages call it: relative to the folder that was named.
    named
        Whether it was named itself (and not found in a folder): then it must be readable.
    told
        What ``sources.toml`` in its folder says of it.
    """

    path: Path
    name: str
    named: bool
    told: Json = field(default_factory=dict, compare=False)

    @property
    def readable(self) -> bool:
        """Whether its name ends like a table's."""
        return self.path.suffix.lower() in (*workbooks.SUFFIXES, *texts.SUFFIXES)


def found(paths: Sequence[str | Path]) -> list[HandedIn]:
    """Return the files behind the paths, folders searched throughout, in order of their names.

    Hidden files, temporary files of an office program, README and ``sources.toml`` are no data and left out.

    Raises
    ------
    UserError
        If a path does not exist, a folder has no file, or a file that was named is no table.
    """
    files: dict[Path, HandedIn] = {}
    for word in paths:
        path = Path(word)
        if not path.exists():
            raise UserError(f"找不到“{path}”；请检查路径是否写对。")
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if file.is_file() and _is_data(file, path)]
            if not inside:
                raise UserError(f"目录“{path}”中没有可读入的文件；请放入 .xlsx、.xls 或 .csv 文件后再试。")
            for file in inside:
                files.setdefault(
                    file.resolve(), HandedIn(file, file.relative_to(path).as_posix(), False, _told(file, path))
                )
        else:
            one = HandedIn(path, path.name, True, _told(path, path.parent))
            if not one.readable:
                raise UserError(f"“{path}”不是电子表格；可读入 .xlsx、.xls、.csv，请另存为其中一种后再试。")
            files.setdefault(path.resolve(), one)
    listed = sorted(files.values(), key=lambda one: one.name)
    names = [one.name for one in listed]
    return [
        one if names.count(one.name) == 1 else HandedIn(one.path, str(one.path), one.named, one.told) for one in listed
    ]


def _is_data(file: Path, folder: Path) -> bool:
    parts = file.relative_to(folder).parts
    if any(part.startswith((".", "~$", "__MACOSX")) for part in parts):
        return False
    stem = file.stem.lower()
    return not (file.name == SOURCES or stem.startswith(NO_DATA[0]) or (file.suffix in (".md", ".toml")))


def _told(file: Path, top: Path) -> Json:
    """Return the entry of the nearest ``sources.toml`` above a file that names it."""
    for folder in file.parents:
        source = folder / SOURCES
        if source.is_file():
            name = file.relative_to(folder).as_posix()
            entries = read_toml(source).get("file", [])
            return next((dict(entry) for entry in entries if entry.get("path") == name), {})
        if folder == top:
            break
    return {}


def grids(one: HandedIn) -> Iterator[Grid]:
    """Read the sheets of a file.

    Raises
    ------
    UserError
        If it is empty or unreadable.
    """
    try:
        if one.path.stat().st_size == 0:
            raise UserError(f"“{one.name}”是空文件（0 字节）；请重新导出或删去后再试。")
        with open(one.path, "rb") as handle:
            start = handle.read(8)
        packed = start[:4] == b"PK\x03\x04" or start == workbooks.OLE
        if one.path.suffix.lower() in workbooks.SUFFIXES or packed:
            yield from workbooks.read(one.path, one.name)
        else:
            yield texts.read(one.path, one.name)
    except PermissionError:
        raise UserError(f"没有权限读“{one.name}”；请检查文件权限。") from None
    except (UserError, GeneratorExit):
        raise
    except Exception as slip:  # whatever a reader makes of a broken file must not stop the other files
        raise UserError(
            f"“{one.name}”读不出来：文件损坏，或有过长的格、全角的分隔符；请在 Excel 或 WPS 中打开核对，另存为 .xlsx 后重交。"
        ) from slip
