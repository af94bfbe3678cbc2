"""Many machines: batches of jobs as tasks of dask.distributed (the extra ``[cluster]``).

1. ``dask`` starts a cluster of processes on this machine; ``tcp://…`` or ``tls://…`` uses one that is there.
2. A task is 20–50 documents (fewer where there are not so many), tried again if its machine is lost.
3. On the other side each thread keeps one warm process of its own, in which everything runs as in a local run: a
   cluster's node has threads, so nothing is forked from it directly.
4. Every machine must see the project's folder under the same path, and have the package installed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any
from uuid import uuid4

from analysis.house import UserError, home
from analysis.running.editions import Job
from analysis.running.pool import LocalPool
from analysis.running.production import Outcome

SMALLEST, LARGEST = 20, 50  # documents in a task
RETRIES = 2

_own = threading.local()


def batches(jobs: Sequence[Job], workers: int) -> list[list[Job]]:
    """Cut jobs into tasks: four for each worker if that gives 20–50 documents a task, at least one for each worker."""
    size = min(LARGEST, max(SMALLEST, ceil(len(jobs) / (4 * max(workers, 1)))))
    size = max(1, min(size, ceil(len(jobs) / max(workers, 1))))
    return [list(jobs[start : start + size]) for start in range(0, len(jobs), size)]


def make_batch(jobs: Sequence[Job], house: str, run: str) -> list[Outcome]:
    """On a node: make some documents in this thread's warm process, started anew for every run."""
    os.environ["SHUANGJIAN_HOME"] = house
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # dask's are daemons
    if getattr(_own, "run", None) != run:
        if hasattr(_own, "pool"):
            _own.pool.close()
        _own.pool, _own.run = LocalPool(1, spawn=True), run
    return list(_own.pool.run(jobs))


class Cluster:
    """A dask cluster, started here or found at an address.

    Parameters
    ----------
    address
        ``dask``, or a scheduler's address.
    jobs
        Workers of a cluster started here; 0: one for each core.
    """

    def __init__(self, address: str, jobs: int = 0) -> None:
        if address != "dask" and "://" not in address:
            raise UserError(f"--executor 不能是“{address}”；可用 local、dask 或调度器地址（如 tcp://10.0.0.1:8786）。")
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise UserError("要用 --executor dask，请先安装集群组件：pip install 'shuangjian[cluster]'。") from None
        self._local: Any = None
        if address == "dask":
            self._local = LocalCluster(
                n_workers=jobs or os.cpu_count(), threads_per_worker=1, dashboard_address=None, silence_logs=50
            )
        try:
            self._client: Any = Client(self._local or address, timeout="60s" if self._local else "10s")
        except (OSError, TimeoutError):
            raise UserError(f"连不上集群“{address}”；请检查地址，并确认调度器已启动。", exit_status=3) from None

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Make the jobs and yield each outcome when its task is done."""
        from distributed import as_completed

        threads = sum(worker["nthreads"] for worker in self._client.scheduler_info(n_workers=-1)["workers"].values())
        if not threads:
            raise UserError("集群中没有可用的工作进程；请先启动 dask worker。", exit_status=3)
        run = uuid4().hex
        tasks = {
            self._client.submit(make_batch, part, str(home()), run, retries=RETRIES, pure=False): part
            for part in batches(jobs, threads)
        }
        for future in as_completed(tasks):
            failure = future.exception()
            if failure is None:
                yield from future.result()
                continue
            for job in tasks[future]:
                yield Outcome(job.name, job.label, error=f"集群任务失败：{failure}".splitlines()[0], look=job.notebook)

    def close(self) -> None:
        """Leave the cluster; end it if it was started here."""
        with contextlib.suppress(TimeoutError):
            self._client.close(timeout=1)
        if self._local is not None:
            with contextlib.suppress(TimeoutError):  # a slow machine: its processes die with this one
                self._local.close(timeout=1)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
