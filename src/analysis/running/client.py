"""papermill's client over a forked child: the same walk through the cells, without ports, event loop or kernel.

`PapermillNotebookClient` stays in charge: it marks the cells, folds messages into outputs (display ids, clearing,
logging) and stops at the first error. Only the running of a cell differs: it goes to a child forked from this warm,
single-threaded process, and every way in which that child can fail ends as an error output of the cell that did it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from dataclasses import dataclass, field

from ipykernel.ipkernel import IPythonKernel
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient

from analysis.house.content import Json
from analysis.running.child import run_child, send_frame
from analysis.running.orphans import end_group
from analysis.running.shell import WarmShell, build_shell

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
WATCH = 0.05  # seconds between two looks at the child's memory
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one notebook may use.

    Parameters
    ----------
    seconds
        Wall-clock time of the whole notebook.
    cell_seconds
        Wall-clock time of one cell; None: only the whole counts.
    memory
        Resident memory of its process in MiB, what it shares with the warm process included.
    output
        Text and display data that it may put out, in MiB.
    """

    seconds: float = 600.0
    cell_seconds: float | None = None
    memory: int = 2048
    output: int = 32


@dataclass(slots=True)
class Usage:
    """What one notebook used: CPU seconds, peak resident memory in MiB, and the slices that it read.

    `put` are the digests of the content objects that the program put out for it (None: not told by this runner).
    """

    cpu: float = 0.0
    memory: float = 0.0
    reads: list[list[str]] = field(default_factory=list)
    put: list[str] | None = None


class ChildError(Exception):
    """The child cannot go on: its short name and the Chinese line that says why."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


_shell: WarmShell | None = None


def warm_shell() -> WarmShell:
    """Return this process's shell, built at the first call (in the process that will fork)."""
    global _shell
    if _shell is None:
        _shell = build_shell()
    return _shell


def is_warm() -> bool:
    """Whether this process, or the one that it was forked from, has built its shell."""
    return _shell is not None


class ForkedClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Runs a notebook's cells in one forked child."""

    def __init__(self, nb_man: object, limits: Limits, **kwargs: object) -> None:
        super().__init__(nb_man, **kwargs)
        self.limits = limits
        self.usage = Usage()
        self._pid = 0
        self._buffer = bytearray()
        self._received = 0
        self._cell: tuple[NotebookNode, int] | None = None
        self._reply: Json | None = None
        self._finished = False

    def execute(self, **kwargs: object) -> NotebookNode:
        """Run every cell up to the first that fails; outputs and papermill's marks are in the notebook."""
        self.reset_execution_trackers()
        self._fork()
        try:
            self.papermill_execute_cells()
            if self._pid:
                self._ask(["end"], None)
        except ChildError:
            pass  # every cell was done; the child fell while leaving
        finally:
            self._stop()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        found: NotebookNode = self.nb
        return found

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: object) -> NotebookNode:
        """Run one cell; raise `CellExecutionError` as nbclient does if it fails and may not."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        cell.outputs = []
        cell.metadata["execution"] = {"iopub.status.busy": timestamp()}
        self.clear_before_next_output = False
        self._cell = cell, cell_index
        try:
            reply = self._ask(["run", cell.source, cell.get("id")], self.limits.cell_seconds)
        except ChildError as fault:
            self._stop()
            reply = {"status": "error", "ename": fault.name, "evalue": str(fault), "traceback": [str(fault)]}
            cell.outputs.append(new_output("error", **{k: reply[k] for k in ("ename", "evalue", "traceback")}))
            raise CellExecutionError.from_cell_and_msg(cell, reply) from None
        finally:
            cell.outputs = _joined(cell.outputs)
            cell.metadata["execution"] |= {"iopub.status.idle": timestamp(), "shell.execute_reply": timestamp()}
            self._cell = None
        allowed = "raises-exception" in cell.metadata.get("tags", [])
        if reply["status"] == "error" and not allowed:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _fork(self) -> None:
        shell = warm_shell()
        ours, theirs = socket.socketpair()
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        gc.disable()
        pid = os.fork()
        if pid == 0:
            ours.close()
            run_child(shell, theirs, out_end, err_end, parent)
        gc.enable()
        theirs.close()
        os.close(out_end)
        os.close(err_end)
        self._pid, self._link, self._pipes = pid, ours, {out: "stdout", err: "stderr"}
        self._death = os.pidfd_open(pid)
        for handle in (ours.fileno(), out, err):
            os.set_blocking(handle, False)
        self._poll = select.poll()
        for handle in (ours.fileno(), out, err, self._death):
            self._poll.register(handle, select.POLLIN)
        self._deadline = time.monotonic() + self.limits.seconds

    def _ask(self, request: list[object], seconds: float | None) -> Json:
        """Send a request and fold messages into the cell until the reply comes.

        Raises
        ------
        ChildError
            If the child ended, was too slow, took too much memory or wrote too much.
        """
        if not self._pid:
            raise ChildError("NotebookEnded", "笔记本进程已提前退出，本单元格未能执行。")
        own = time.monotonic() + seconds if seconds else float("inf")
        self._reply = None
        try:
            self._link.setblocking(True)
            send_frame(self._link, json.dumps(request).encode())
        except (BrokenPipeError, ConnectionResetError):
            raise self._death_notice() from None
        finally:
            self._link.setblocking(False)
        last = request[0] == "end"
        while self._reply is None and not (last and self._finished):
            ready = {handle for handle, _ in self._poll.poll(WATCH * 1000)}
            moving = self._drain(ready)
            if self._reply is not None or (last and self._finished):
                break
            if self._death in ready and not moving:
                raise self._death_notice()
            now = time.monotonic()
            if now > self._deadline or now > own:
                limit = self.limits.seconds if now > self._deadline else seconds
                raise ChildError(
                    "NotebookTimeout", f"运行超过{limit:g}秒的上限，已终止；请检查是否有死循环，或放宽时限。"
                )
            self._watch_memory()
        for handle in self._pipes:
            self._drain_pipe(handle)
        return self._reply or {}

    def _drain(self, ready: set[int]) -> bool:
        """Read what is there; the answer is whether anything was."""
        moving = False
        for handle in self._pipes:
            if handle in ready:
                moving |= self._drain_pipe(handle)
        if self._link.fileno() in ready:
            moving |= self._drain_link()
        return moving

    def _drain_pipe(self, handle: int) -> bool:
        parts = []
        with contextlib.suppress(BlockingIOError):
            while part := os.read(handle, 1 << 16):
                parts.append(part)
                self._count(len(part))
        if not parts:
            return False
        self._fold("stream", {"name": self._pipes[handle], "text": b"".join(parts).decode(errors="replace")})
        return True

    def _drain_link(self) -> bool:
        try:
            part = self._link.recv(1 << 20)
        except (BlockingIOError, ConnectionResetError):
            return False
        if not part:
            self._poll.unregister(self._link.fileno())
            return False
        self._count(len(part))
        self._buffer += part
        while len(self._buffer) >= 8:
            size = struct.unpack_from("!Q", self._buffer)[0]
            if len(self._buffer) < 8 + size:
                break
            kind, content = json.loads(self._buffer[8 : 8 + size])
            del self._buffer[: 8 + size]
            if kind == "reply":
                self._reply = content
            elif kind == "put":
                self.usage.put = content
            elif kind == "reads":
                self.usage.reads, self._finished = content, True
            else:
                self._fold(kind, content)
        return True

    def _fold(self, kind: str, content: Json) -> None:
        if self._cell is None:
            return
        header = {"msg_type": kind}
        message = {"msg_type": kind, "header": header, "parent_header": {}, "content": content, "buffers": []}
        self.process_message(message, *self._cell)

    def _count(self, size: int) -> None:
        self._received += size
        if self._received > self.limits.output * MIB:
            raise ChildError("OutputLimit", f"输出超过{self.limits.output} MiB 的上限，已终止；请减少打印的内容。")

    def _watch_memory(self) -> None:
        try:
            with open(f"/proc/{self._pid}/statm", "rb") as file:
                used = int(file.read().split()[1]) * PAGE / MIB
        except (OSError, IndexError):
            return
        if used > self.limits.memory:
            raise ChildError("MemoryLimit", f"内存用到{used:.0f} MiB，超过{self.limits.memory} MiB 的上限，已终止。")

    def _death_notice(self) -> ChildError:
        status = self._reap()
        if status is None:
            return ChildError("NotebookDied", "笔记本进程意外结束。")
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            name = signal.Signals(number).name
            hint = {
                "SIGSEGV": "（内存访问错误）",
                "SIGKILL": "（被强行结束，可能是系统内存不足）",
                "SIGABRT": "（程序自行中止）",
            }
            return ChildError("NotebookDied", f"笔记本进程被信号 {name} 结束{hint.get(name, '')}。")
        return ChildError("NotebookExited", f"笔记本进程自行退出，退出状态为{os.WEXITSTATUS(status)}。")

    def _reap(self) -> int | None:
        """Wait for the child, keep what it used, end what it left behind; its wait status."""
        if not self._pid:
            return None
        pid, self._pid = self._pid, 0
        _, status, used = os.wait4(pid, 0)
        self.usage.cpu = used.ru_utime + used.ru_stime
        self.usage.memory = used.ru_maxrss / 1024
        end_group(pid)
        self._link.close()
        for handle in (*self._pipes, self._death):
            os.close(handle)
        return status

    def _stop(self) -> None:
        """End the child if it is still there: it has a moment to leave by itself once every cell is done."""
        if not self._pid:
            return
        if not (self._finished and select.select([self._death], [], [], 2.0)[0]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        self._reap()


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of the same stream: where a kernel cuts them depends on the clock alone."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last is not None and last.output_type == output.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined
