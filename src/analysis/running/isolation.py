"""A function run in a forked child of the warm process: what it imports, starts or breaks stays there.

Where DuckDB has threads in this process (a notebook in JupyterLab that has counted something, say), a fork may inherit a
lock that nobody releases: there the function runs in a fresh interpreter instead.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from analysis.house import UserError
from analysis.running.child import die_with_parent
from analysis.running.strays import end_group
from analysis.running.warm import stay_single, threads


class ApartError(Exception):
    """A function run apart could not end: too slow, or its process died. The message is Chinese."""


def fork_is_safe() -> bool:
    """Whether a child forked here can use every library: not after DuckDB has begun threads of its own.

    They may hold a lock that nobody would release in the child. (The thread pools of OpenBLAS and Arrow prepare
    themselves for a fork; Python's own threads hold none of its libraries' locks.)
    """
    return "duckdb" not in sys.modules or threads() <= len(sys._current_frames())


def apart(function: Callable[..., Any], *given: Any, seconds: float = 600.0) -> tuple[Any, float, float]:
    """Run ``function(*given)`` in a forked child and return its result, CPU seconds and peak memory in MiB.

    The function's own exceptions come back as they are where they can be pickled.

    Raises
    ------
    ApartError
        If it did not end in `seconds`, or its process died.
    """
    if not fork_is_safe():
        return _elsewhere(function, given, seconds)
    source, sink = os.pipe()
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        os.close(source)
        _serve(function, given, sink, parent)
    os.close(sink)
    parts: list[bytes] = []
    end = time.monotonic() + seconds
    late = False
    try:
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([source], [], [], left)[0]:
                late = True
                break
            part = os.read(source, 1 << 20)
            if not part:
                break
            parts.append(part)
    finally:
        os.close(source)
        if late or sys.exc_info()[0] is not None:
            os.kill(pid, signal.SIGKILL)
        _, status, used = os.wait4(pid, 0)
        end_group(pid)
    if late:
        raise late_error(seconds)
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) != 0:
        raise ended_error(status)
    return unpacked(b"".join(parts)), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _elsewhere(function: Callable[..., Any], given: tuple[Any, ...], seconds: float) -> tuple[Any, float, float]:
    """Run a function in a fresh interpreter; it and what it is given must be such as can be pickled."""
    stay_single()  # it may fork in its turn
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(function, given, theirs, os.getpid()))
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise late_error(seconds)
        content, cpu, memory = ours.recv()
    except EOFError:
        raise ApartError("处理进程自行退出，没有结果。") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    return unpacked(content), cpu, memory


def _answer(function: Callable[..., Any], given: tuple[Any, ...], link: Any, parent: int) -> None:
    die_with_parent(parent)
    content = packed(function, given)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    link.send((content, sum(each.ru_utime + each.ru_stime for each in used), peak_memory()))


def late_error(seconds: float) -> ApartError:
    """Return what tells that a function took too long."""
    return ApartError(f"超过{seconds:g}秒仍未完成，已终止。")


def ended_error(status: int) -> ApartError:
    """Return what tells how a process ended that owed a result, by its wait status."""
    how = f"被信号 {signal.Signals(os.WTERMSIG(status)).name} 结束" if os.WIFSIGNALED(status) else "自行退出"
    return ApartError(f"处理进程{how}，没有结果。")


def packed(function: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    """Run a function and pickle its result, or the exception that it ended with (`unpacked` gives or raises it)."""
    try:
        return pickle.dumps((True, function(*given)))
    except BaseException as slip:
        return _slip(slip)


def unpacked(content: bytes) -> Any:
    """Return the result of a function that ran elsewhere, or raise its exception."""
    fine, result = pickle.loads(content)
    if not fine:
        raise result
    return result


def _serve(function: Callable[..., Any], given: tuple[Any, ...], sink: int, parent: int) -> None:
    status = 70
    try:
        os.setpgid(0, 0)
        die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.enable()
        answer = packed(function, given)
        with os.fdopen(sink, "wb") as pipe:
            pipe.write(answer)
        sys.stdout.flush()
        sys.stderr.flush()
        status = 0
    finally:
        os._exit(status)


def _slip(slip: BaseException) -> bytes:
    """Pickle an exception; one that cannot be so that it comes back becomes a RuntimeError with its traceback."""
    if isinstance(slip, UserError):
        return pickle.dumps((False, _ToldError(slip.message, slip.exit_status)))
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

    def __reduce__(self) -> tuple[Any, ...]:
        return _ToldError, (self.message, self.exit_status)


def peak_memory() -> float:
    """Return this process's peak resident memory in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
