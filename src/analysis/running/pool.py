"""Warm workers on this machine: each is one single-threaded process that forks a child for every notebook.

No thread runs in the process that builds, nor in a worker, so every fork is safe. (The standard library's process pool
starts a thread in the process that feeds it, and one dead worker ends the whole pool; here only its own job is lost,
and is tried once more.)
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait

from analysis.running.calls import Callee
from analysis.running.editions import Job
from analysis.running.forking import adopt_orphans, die_with_parent, fork_is_safe
from analysis.running.orphans import end_orphans, end_session
from analysis.running.production import Outcome, produce, typesetter

TRIES = 2


@dataclass(slots=True)
class Worker:
    """One warm process and the job that it is at."""

    process: Callee
    job: Job | None = None


class LocalPool:
    """Makes jobs on this machine's cores.

    Parameters
    ----------
    jobs
        How many workers; 0: one for each core.
    spawn
        Start workers as fresh interpreters instead of forks (always where DuckDB's threads run in this process).
    """

    def __init__(self, jobs: int = 0, *, spawn: bool = False) -> None:
        self.size = jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else jobs or os.cpu_count()
        self._spawn, self._warm = spawn or not fork_is_safe(), False
        self._workers: list[Worker] = []

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Make the jobs and yield each outcome as it comes."""
        waiting: deque[tuple[Job, int]] = deque((job, 1) for job in jobs)
        tries: dict[str, int] = {}
        while waiting or any(worker.job for worker in self._workers):
            while waiting and (worker := self._idle()):
                job, tries[job.name] = waiting.popleft()
                worker.job = job
                with contextlib.suppress(BrokenPipeError):
                    worker.process.send(make, job)
            for worker in self._ready():
                outcome = self._take(worker)
                if outcome is not None:
                    yield outcome
                elif worker.job is not None:
                    job, worker.job = worker.job, None
                    if tries[job.name] < TRIES:
                        waiting.append((job, tries[job.name] + 1))
                    else:
                        yield Outcome(job.name, job.label, error="执行进程被强行结束两次，已放弃。", look=job.notebook)

    def close(self) -> None:
        """End every worker and what it runs, at once."""
        for worker in self._workers:
            worker.process.end()
        self._workers = []
        if self._warm:
            from analysis.running.warm import cool

            cool()
            self._warm = False

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _idle(self) -> Worker | None:
        for worker in self._workers:
            if worker.job is None:
                return worker
        if len(self._workers) < (self.size or 1):
            if not self._spawn:
                self._warm_up()
            self._workers.append(Worker(Callee(0, spawn=self._spawn, begin=begin, clean=end_session)))
            return self._workers[-1]
        return None

    def _warm_up(self) -> None:
        """Load the libraries here, once, before the first worker is forked: all workers share that memory."""
        from analysis.running.warm import warm

        if not self._warm:
            warm()
            self._warm = True

    def _ready(self) -> list[Worker]:
        handles = {worker.process.link: worker for worker in self._workers if worker.job}
        return [handles[link] for link in wait(list(handles))]  # type: ignore[index]

    def _take(self, worker: Worker) -> Outcome | None:
        """Return a worker's outcome; None if the worker has died (it is taken out)."""
        try:
            outcome: Outcome = worker.process.receive()[0]
        except (EOFError, ConnectionResetError):
            worker.process.end()
            self._workers.remove(worker)
            return None
        worker.job = None
        return outcome


def begin(parent: int) -> None:
    """Be a worker: lead a session, adopt what notebooks leave behind, and load what most documents need."""
    if sys.platform == "linux":
        os.setsid()
        signal.signal(signal.SIGTERM, _leave)
        die_with_parent(parent, signal.SIGTERM)
        adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from analysis.running.client import is_warm

    if not is_warm():  # a fresh interpreter, not a fork of a warm process
        from analysis.running.warm import warm

        warm()


def make(job: Job) -> Outcome:
    """Make a document, and end whatever its notebook left running."""
    outcome = produce(job)
    end_orphans(but=typesetter.pids)
    return outcome


def _leave(*_: object) -> None:
    """When the parent has died: end the notebook at work and whatever it started, then this worker."""
    end_session(os.getpid())
    os._exit(1)
