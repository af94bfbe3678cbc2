"""A child kept from one document to the next: fonts, templates and compilers that it has loaded serve again.

It is forked from a warm process and may start threads, for it never forks in its turn. It is replaced when it dies, when
it is too slow, and after a number of calls, so that nothing can pile up in it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

from analysis.running.child import die_with_parent
from analysis.running.isolation import apart, ended_error, fork_is_safe, late_error, packed, peak_memory, unpacked

CALLS = 200


class Kept:
    """Runs functions one after another in a child of the process that asks.

    Parameters
    ----------
    calls
        After how many calls a new child takes over.
    """

    def __init__(self, calls: int = CALLS) -> None:
        self._calls, self._done = calls, 0
        self._owner = self._pid = 0
        self._link: Connection | None = None

    @property
    def pids(self) -> tuple[int, ...]:
        """The process number of this process's child, if there is one."""
        return (self._pid,) if self._link is not None and self._owner == os.getpid() else ()

    def run(self, function: Callable[..., Any], *given: Any, seconds: float = 600.0) -> tuple[Any, float, float]:
        """Run ``function(*given)`` there, in this process's environment and folder; see `apart` for what comes back.

        Raises
        ------
        ApartError
            If it did not end in `seconds`, or the child died.
        """
        if not fork_is_safe():
            return apart(function, *given, seconds=seconds)
        link = self._begun()
        self._done += 1
        try:
            link.send((function, given, dict(os.environ), os.getcwd()))
            if not link.poll(seconds):
                raise late_error(seconds)
            content, cpu, memory = link.recv()
        except (EOFError, ConnectionError):
            raise ended_error(self._end()) from None
        except BaseException:
            self._end()
            raise
        return unpacked(content), cpu, memory

    def _begun(self) -> Connection:
        if self._owner != os.getpid():  # forked since: the other's child is not ours
            self._link = None
        if self._link is not None and self._done < self._calls:
            return self._link
        if self._link is not None:
            self._end()
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            _serve(theirs, parent)
        theirs.close()
        self._owner, self._pid, self._link, self._done = parent, pid, ours, 0
        return ours

    def _end(self) -> int:
        """End the child and return its wait status, which tells how it ended by itself if it did."""
        assert self._link is not None
        self._link.close()
        self._link = None
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return os.waitpid(self._pid, 0)[1]


def _serve(link: Connection, parent: int) -> None:
    status = 70
    try:
        os.setpgid(0, 0)
        die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        gc.enable()
        while True:
            function, given, environ, folder = link.recv()
            os.environ.clear()
            os.environ.update(environ)
            os.chdir(folder)
            begun = time.process_time()
            answer = packed(function, given)
            link.send((answer, time.process_time() - begun, peak_memory()))
            sys.stdout.flush()
            sys.stderr.flush()
    except (EOFError, ConnectionError):
        status = 0
    finally:
        os._exit(status)
