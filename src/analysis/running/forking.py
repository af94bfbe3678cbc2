"""Whether a process may fork, and what its child does first.

A fork carries one thread over. So a process that forks must have no other that may hold a lock: libraries are told to
start none, and once DuckDB has begun threads of its own, functions run in fresh interpreters instead.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

# One thread each: a process that forks must have none besides its own, and several workers share the cores anyway.
# pyarrow's jemalloc starts a thread of its own at import unless it is told not to.
SINGLE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
SINGLE["JE_ARROW_MALLOC_CONF"] = "background_thread:false"


def can_fork() -> bool:
    """Whether this platform can run the warm engine: Linux, where a fork is safe and a child dies with its parent."""
    return sys.platform == "linux" and hasattr(os, "fork") and hasattr(os, "pidfd_open")


def fork_is_safe() -> bool:
    """Whether a child forked here and now can use every library: not after DuckDB has begun threads of its own.

    They may hold a lock that nobody would release in the child. (The thread pools of OpenBLAS and Arrow prepare
    themselves for a fork; Python's own threads hold none of its libraries' locks.)
    """
    return can_fork() and ("duckdb" not in sys.modules or threads() <= len(sys._current_frames()))


def threads() -> int:
    """Return how many threads this process has, those of compiled libraries included."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return threading.active_count()


def stay_single() -> None:
    """Keep libraries that are not loaded yet from starting threads in this process and its children."""
    os.environ.update({name: value for name, value in SINGLE.items() if name not in os.environ})


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when `parent` ends; leave at once if it already has."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of processes that a notebook leaves behind, so that they can be ended."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
