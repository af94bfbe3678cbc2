"""Functions run in a child process: what they import, start or break stays there.

The child is forked where that is safe (`analysis.running.forking`), else it is a fresh interpreter. It answers one call
after another, so that fonts, templates and compilers which it has loaded serve again; it is replaced when it dies, when
it is too slow, and after a number of calls, so that nothing can pile up in it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from analysis.house import UserError
from analysis.running.forking import die_with_parent, fork_is_safe, stay_single
from analysis.running.orphans import end_group

T = TypeVar("T")

CALLS = 200


class CallError(Exception):
    """A function could not end: too slow, or its process died. The message is Chinese."""


class Callee:
    """A child process that runs functions for this one.

    Parameters
    ----------
    calls
        After how many calls a new child takes over; 0: never.
    spawn
        Always begin a fresh interpreter.
    begin
        What the child does first, given its parent's number (default: it leads a process group and dies with its parent).
    clean
        What ends the processes that it started, given its number.
    """

    def __init__(
        self,
        calls: int = CALLS,
        *,
        spawn: bool = False,
        begin: Callable[[int], None] | None = None,
        clean: Callable[[int], None] = end_group,
    ) -> None:
        self._calls, self._spawn, self._begin, self._clean = calls, spawn, begin or lead_group, clean
        self._done = self._owner = self._pid = 0
        self._process: Any = None  # of a fresh interpreter
        self._link: Connection | None = None

    @property
    def link(self) -> Connection:
        """What becomes readable when an answer comes or the child dies (`multiprocessing.connection.wait`)."""
        assert self._link is not None
        return self._link

    @property
    def pids(self) -> tuple[int, ...]:
        """The process number of this process's child, if there is one."""
        return (self._pid,) if self._link is not None and self._owner == os.getpid() else ()

    def run(self, function: Callable[..., T], *given: object, seconds: float = 600.0) -> tuple[T, float, float]:
        """Run ``function(*given)`` there, in this process's environment and folder.

        Returns
        -------
        tuple
            Its result, CPU seconds, and the child's peak memory in MiB. The function's own exceptions come back as they
            are where they can be pickled.

        Raises
        ------
        CallError
            If it did not end in `seconds`, or the child died.
        """
        try:
            self.send(function, *given)
            if not self.link.poll(seconds):
                raise CallError(f"超过{seconds:g}秒仍未完成，已终止。")
            answer = self.link.recv()
        except (EOFError, ConnectionError):
            raise CallError(f"处理进程{self.end()}，没有结果。") from None
        except BaseException:
            if self._link is not None:
                self.end()
            raise
        return _opened(*answer)

    def send(self, function: Callable[..., object], *given: object) -> None:
        """Begin ``function(*given)``; its answer comes with `receive`."""
        if self._owner != os.getpid():  # forked since: the other's child is not ours
            self._link = None
        if self._link is not None and self._calls and self._done >= self._calls:
            self.end()
        if self._link is None:
            self._start()
        self._done += 1
        self.link.send((function, given, dict(os.environ), os.getcwd()))

    def receive(self) -> tuple[Any, float, float]:
        """Return what the function returned, or raise its exception; see `run`.

        Raises
        ------
        EOFError, ConnectionError
            If the child has died.
        """
        return _opened(*self.link.recv())

    def end(self) -> str:
        """End the child and what it started; return in Chinese how it ended, if it did by itself."""
        self.link.close()
        self._link = None
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        if self._process is not None:
            self._process.join()
            code = self._process.exitcode or 0
        else:
            code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        self._clean(self._pid)
        return f"被信号 {signal.Signals(-code).name} 结束" if code < 0 else "自行退出"

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        parent, self._process = os.getpid(), None
        if self._spawn or not fork_is_safe():
            stay_single()  # the new interpreter takes this over; it may fork in its turn
            self._process = context.Process(target=_serve, args=(theirs, parent, self._begin))
            self._process.start()
            self._pid = self._process.pid
            Finalize(
                None, ours.close, exitpriority=10
            )  # this process waits for its interpreters: let this one go first
        else:
            sys.stdout.flush()
            sys.stderr.flush()
            self._pid = os.fork()
            if self._pid == 0:
                ours.close()
                _serve(theirs, parent, self._begin)
        theirs.close()
        self._owner, self._link, self._done = parent, ours, 0


def call(function: Callable[..., T], *given: object, seconds: float = 600.0) -> tuple[T, float, float]:
    """Run ``function(*given)`` in a child of its own; see `Callee.run` for what comes back and what is raised."""
    callee = Callee(1)
    try:
        return callee.run(function, *given, seconds=seconds)
    finally:
        if callee.pids:
            callee.end()


def _opened(content: bytes, cpu: float, memory: float) -> tuple[Any, float, float]:
    fine, result = pickle.loads(content)
    if not fine:
        raise result
    return result, cpu, memory


def lead_group(parent: int) -> None:
    """Lead a process group, die with the parent, and leave interruptions to it."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _serve(link: Connection, parent: int, begin: Callable[[int], None]) -> None:
    status = 70
    try:
        begin(parent)
        gc.enable()
        while True:
            function, given, environ, folder = link.recv()
            os.environ.clear()
            os.environ.update(environ)
            os.chdir(folder)
            begun = _cpu()
            answer = _answer(function, given)
            link.send((answer, _cpu() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
            sys.stdout.flush()
            sys.stderr.flush()
    except (EOFError, ConnectionError):
        status = 0
    finally:
        os._exit(status)


def _cpu() -> float:
    """Return the CPU seconds of this process and of the children that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _answer(function: Callable[..., object], given: tuple[object, ...]) -> bytes:
    """Run a function and pickle its result, or the exception that it ended with.

    An exception that cannot be pickled so that it comes back becomes a RuntimeError with its traceback.
    """
    try:
        return pickle.dumps((True, function(*given)))
    except UserError as slip:
        return pickle.dumps((False, _ToldError(slip.message, slip.exit_status)))
    except BaseException as slip:
        with suppress(Exception):
            whole = pickle.dumps((False, slip))
            pickle.loads(whole)
            return whole
        text = "".join(traceback.format_exception(slip))
        return pickle.dumps((False, RuntimeError(f"{type(slip).__name__}: {slip}\n{text}")))


class _ToldError(UserError):
    """A `UserError` that can be pickled."""

    def __init__(self, message: str, exit_status: int = 2) -> None:
        super().__init__(message, exit_status=exit_status)

    def __reduce__(self) -> tuple[object, ...]:
        return _ToldError, (self.message, self.exit_status)
