"""The shell that notebooks run in: ipykernel's own, built once, speaking into a pipe instead of sockets.

A stock kernel is a fresh interpreter with `ZMQInteractiveShell`, whose outputs travel over ZeroMQ. Here the same class
is built once in the warm process; a forked child gives it a `Wire` in place of the session and runs cells in it. So
display data, results and tracebacks are made by the very code that a stock kernel runs.
"""

from __future__ import annotations

import atexit
import builtins
import getpass
import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

from analysis.house.content import Json

INLINE = "module://matplotlib_inline.backend_inline"
STREAM_BUFFER = 1 << 16


class WarmShell(ZMQInteractiveShell):
    """ipykernel's shell without an event loop behind it: ``%matplotlib`` and its like touch no user interface."""

    environ: dict[str, str]
    deliver: Callable[[str, Json], None]

    def enable_gui(self, gui: Any = None) -> None:
        """Remember the choice; there is no window to open."""
        self.active_eventloop = gui


class Wire(Session):
    """Stands where the kernel's session stood: hands every message to a function instead of a socket."""

    def __init__(self, deliver: Callable[[str, Json], None]) -> None:
        # Nothing is signed, as nothing leaves this process; without a key the session logs a warning into the first cell.
        super().__init__(key=b"unused")
        self.deliver = deliver

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Deliver a message's type and content."""
        own = isinstance(msg_or_type, dict)
        message = msg_or_type if own else {"msg_type": msg_or_type, "content": content or {}}
        self.deliver(message["msg_type"], message["content"])
        return message


class Stream(io.TextIOBase):
    """A text stream whose writes become ``stream`` messages, gathered until a display, the end of a cell, or 64 KiB."""

    def __init__(self, name: str, handle: int, deliver: Callable[[str, Json], None]) -> None:
        self.name = name
        self._handle = handle
        self._deliver = deliver
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._parts: list[str] = []
        self._size = 0

    encoding = "UTF-8"
    errors = None

    def fileno(self) -> int:
        """Return the file descriptor that programs started by the notebook write to."""
        return self._handle

    def isatty(self) -> bool:
        """Return False: nobody is watching."""
        return False

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep text for the next message; a process forked by the notebook writes to the descriptor at once."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:
            os.write(self._handle, text.encode(errors="replace"))
            return len(text)
        with self._lock:
            self._parts.append(text)
            self._size += len(text)
        if self._size > STREAM_BUFFER:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was gathered."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            text, self._parts, self._size = "".join(self._parts), [], 0
            if text:
                self._deliver("stream", {"name": self.name, "text": text})


def build_shell() -> WarmShell:
    """Build the shell with nothing run in it; `sys.modules["__main__"]` and the display hook stay the caller's."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    main, environ = sys.modules.get("__main__"), dict(os.environ)
    config = Config()
    config.HistoryManager.enabled = False
    shell = WarmShell(  # type: ignore[no-untyped-call]
        config=config, kernel=SimpleNamespace(eventloop=None), compiler_class=XCachingCompiler, user_ns={}
    )
    atexit.unregister(shell.atexit_operations)  # they belong to the end of a session at a keyboard
    shell.environ = {key: value for key, value in os.environ.items() if environ.get(key) != value}
    for key in shell.environ:
        if key in environ:
            os.environ[key] = environ[key]
        else:
            del os.environ[key]
    if main is not None:
        sys.modules["__main__"] = main
    return shell


def connect(shell: WarmShell, write: Callable[[bytes], None]) -> None:
    """In the child: make the shell current, send its messages through `write`, refuse questions to the keyboard."""

    def deliver(kind: str, content: Json) -> None:
        if os.getpid() == owner:
            write(json.dumps([kind, content], default=str).encode())

    owner = os.getpid()
    os.environ.update(shell.environ)
    wire = Wire(deliver)
    hooks: Any = shell  # ipykernel's hooks, of which IPython's types do not know
    hooks.displayhook.session = hooks.display_pub.session = wire
    hooks.displayhook.topic = b"execute_result"
    sys.stdout, sys.stderr = Stream("stdout", 1, deliver), Stream("stderr", 2, deliver)
    sys.modules["__main__"] = shell.user_module
    for cls in WarmShell._walk_mro():
        cls._instance = shell  # type: ignore[assignment]  # what `InteractiveShell.instance()` and `initialized()` look at
    shell.deliver = deliver


def run_cell(shell: WarmShell, code: str, cell_id: str | None) -> Json:
    """Run one cell as `ipykernel` does and return the reply: status, and for an error its name, value, traceback."""
    shell.deliver("execute_input", {"execution_count": shell.execution_count})
    with _no_keyboard():
        result = shell.run_cell(  # type: ignore[no-untyped-call]
            code, store_history=True, silent=False, cell_id=cell_id
        )
    sys.stdout.flush()
    sys.stderr.flush()
    if shell.payload_manager is not None:
        shell.payload_manager.clear_payload()
    if result.success and not shell._last_traceback_during_displayhook:
        return {"status": "ok", "execution_count": shell.execution_count - 1}
    error = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
    return {
        "status": "error",
        "execution_count": shell.execution_count - 1,
        "traceback": shell._last_traceback or [],
        "ename": type(error).__name__,
        "evalue": str(error),
    }


@contextmanager
def _no_keyboard() -> Iterator[None]:
    """Let `input` and `getpass` fail as they do in a stock kernel without a frontend."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    kept = builtins.input, getpass.getpass
    builtins.input, getpass.getpass = refuse, refuse
    try:
        yield
    finally:
        builtins.input, getpass.getpass = kept
