"""A forked child that runs one notebook: how it begins, what it answers, how it ends.

1. It leads its own process group, dies with its parent (`PR_SET_PDEATHSIG`), and hears Ctrl-C no more than its parent tells.
2. Descriptors 1 and 2 become pipes that the parent reads, so what programs and C code write is caught as well.
3. Requests come as frames (eight bytes of length, then JSON): ``["run", code, cell id]`` or ``["end"]``.
4. Every output travels at once as ``[message type, content]``; a cell ends with ``["reply", …]``.
5. After ``["end"]`` it tells what the notebook put out (``["put", …]``) and read (``["reads", …]``), flushes open files and leaves.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import gc
import json
import os
import signal
import socket
import stat
import struct
import sys
from typing import TYPE_CHECKING, Any

from analysis.running.forking import die_with_parent

if TYPE_CHECKING:
    from analysis.running.shell import WarmShell


def send_frame(link: socket.socket, content: bytes) -> None:
    """Send one frame."""
    link.sendall(struct.pack("!Q", len(content)) + content)


def _receive(link: socket.socket) -> list[Any] | None:
    """Read one frame; None when the other side has gone."""
    header = _exactly(link, 8)
    body = _exactly(link, struct.unpack("!Q", header)[0]) if header else None
    return json.loads(body) if body else None


def _exactly(link: socket.socket, size: int) -> bytes | None:
    parts = []
    while size:
        part = link.recv(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def run_child(shell: WarmShell, link: socket.socket, out: int, err: int, parent: int) -> None:
    """Serve one notebook in the forked child; never returns."""
    status = 70
    try:
        _settle(parent, out, err)
        from analysis.running.shell import connect, run_cell

        inherited = _written()
        connect(shell, lambda content: send_frame(link, content))
        while (request := _receive(link)) is not None:
            if request[0] == "end":
                send_frame(link, json.dumps(["put", _put()]).encode())
                send_frame(link, json.dumps(["reads", _reads()]).encode())
                status = 0
                break
            reply = run_cell(shell, request[1], request[2])
            send_frame(link, json.dumps(["reply", reply]).encode())
            if shell.exit_now:
                status = 0
                break
        _close_files(shell, inherited)
    except BrokenPipeError:
        status = 1
    finally:
        os._exit(status)


def _settle(parent: int, out: int, err: int) -> None:
    os.setpgid(0, 0)
    die_with_parent(parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    faulthandler.enable(2, all_threads=False)
    atexit._clear()
    sys.path[0:1] = [""]
    if "analysis.snapshots" in sys.modules:
        sys.modules["analysis.snapshots"].READS.clear()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    gc.enable()


def _close_files(shell: WarmShell, inherited: set[tuple[int, int]]) -> None:
    """Run what the notebook registered for its exit; if it has files open for writing, let go of its names: they close."""
    atexit._run_exitfuncs()
    if _written() - inherited:
        shell.user_ns.clear()
        shell.user_ns_hidden.clear()
        gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()


def _written() -> set[tuple[int, int]]:
    """Return the descriptor and inode of every plain file that is open for writing."""
    import fcntl

    found = set()
    for handle in map(int, os.listdir("/proc/self/fd")):
        with contextlib.suppress(OSError):
            told = os.fstat(handle)
            if stat.S_ISREG(told.st_mode) and fcntl.fcntl(handle, fcntl.F_GETFL) & (os.O_WRONLY | os.O_RDWR):
                found.add((handle, told.st_ino))
    return found


def _reads() -> list[list[str]]:
    """Which slices of which snapshot the notebook read: [snapshot, table, school]."""
    snapshots = sys.modules.get("analysis.snapshots")
    return sorted(map(list, getattr(snapshots, "READS", ())))


def _put() -> list[str]:
    """Digests of the content objects that the program itself put out for the notebook."""
    return sorted(getattr(sys.modules.get("analysis.presentation.edition"), "PUT", ()))
