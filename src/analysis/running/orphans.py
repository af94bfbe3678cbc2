"""Processes that a notebook started and left behind: found, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path


def end_group(leader: int) -> None:
    """End what is left of a finished child's process group, which the programs that it started belong to."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_session(leader: int) -> None:
    """End what is left of a finished worker's session: its notebooks' children, and what these started."""
    if sys.platform != "linux":
        return
    for pid in _members(leader):
        if pid == os.getpid():
            continue
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def end_orphans(but: Collection[int] = ()) -> None:
    """End every child of this process, `but` some: those that it adopted. For a worker between two notebooks only."""
    file = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        orphans = [int(pid) for pid in file.read_text().split()]
    except (OSError, ValueError):
        return
    for pid in set(orphans) - set(but):
        with contextlib.suppress(ProcessLookupError, PermissionError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _members(session: int) -> list[int]:
    """Return the processes of a session."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                found.append(int(entry.name))
    return found
