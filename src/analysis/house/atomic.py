"""Files and folders that are either wholly there or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync_directory(folder: Path) -> None:
    """Ask the file system to keep the entries of a folder (no effect where folders cannot be opened)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def sync_file(file: Path) -> None:
    """Ask the file system to keep the bytes of a file."""
    with open(file, "rb+") as handle:
        os.fsync(handle.fileno())


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`; move it there when the block ends well, else delete it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(draft, 0o666 & ~umask)
        sync_file(draft)
        os.replace(draft, target)
        sync_directory(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def atomic_write(target: Path, content: bytes | str) -> None:
    """Write a whole file, or leave what was there (text is written as UTF-8)."""
    with atomic_path(target) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def atomic_directory(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target`; it takes the target's place when the block ends well.

    A folder that stood there is set aside first and deleted afterwards. A kill between the two renames leaves the
    old folder under a name ending in ``.old``; the next call for the same target puts it back before it begins.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    if old.exists() and not target.exists():
        os.replace(old, target)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield draft
        for file in sorted(draft.rglob("*")):
            if file.is_file() and not file.is_symlink():
                sync_file(file)
            elif file.is_dir():
                sync_directory(file)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(draft, 0o777 & ~umask)
        if old.exists():
            shutil.rmtree(old)
        if target.exists():
            os.replace(target, old)
        os.replace(draft, target)
        sync_directory(target.parent)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
