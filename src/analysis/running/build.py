"""A run: which documents are owed, which of them have to be made, and making them.

1. The declared editions and the snapshot give the jobs; the records say which have changed, and why.
2. An executor makes them; each finished packet is recorded at once, so a run that is stopped goes on where it was.
3. A failure concerns its own document; the run goes on, keeps a report, and tells at the end where to look.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.house import atomic_write, path
from analysis.house.content import Json
from analysis.reference.editions import read_editions
from analysis.running.editions import Job, chosen, pending
from analysis.running.editions import jobs as owed_jobs
from analysis.running.forking import stay_single
from analysis.running.manifest import look_again
from analysis.running.production import Outcome
from analysis.running.progress import Progress
from analysis.running.quotes import Quotes
from analysis.running.records import Records, only_one
from analysis.snapshots import Snapshot, Store

STATE = ".state"
REPORT = "run.json"


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for.

    Parameters
    ----------
    editions, school
        Which documents; none and ``""`` are all.
    only
        Just the documents of these names (``edition/scope``); None is all.
    snapshot
        On which snapshot.
    jobs
        Workers; 0: one for each core.
    force
        Make even what has not changed.
    replace
        Let a page that says that nothing was handed in replace a finished document.
    runner
        ``shuangjian``, or ``stock`` for papermill's own engine.
    engine
        Where tables are counted: ``duckdb``, ``pandas``, a Spark master.
    executor
        ``local``, ``dask``, or the address of a dask scheduler.
    """

    editions: tuple[str, ...] = ()
    school: str = ""
    only: frozenset[str] | None = None
    snapshot: str = "latest"
    jobs: int = 0
    force: bool = False
    replace: bool = False
    runner: str = "shuangjian"
    engine: str = "duckdb"
    executor: str = "local"


@dataclass(slots=True)
class Run:
    """What a run did: `pending` are the suggestions that cannot be answered yet, each with the reason."""

    snapshot: str
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: list[Job] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    index: str = ""

    @property
    def failed(self) -> list[Outcome]:
        """The documents that could not be made."""
        return [outcome for outcome in self.outcomes if not outcome.made and not outcome.kept]

    @property
    def kept(self) -> list[Outcome]:
        """The finished documents that stayed, because their data are not in the snapshot."""
        return [outcome for outcome in self.outcomes if outcome.kept]

    def as_dict(self) -> Json:
        """Return the run report as JSON holds it."""
        return {
            "snapshot": self.snapshot,
            "made": [outcome.as_dict() for outcome in self.outcomes if outcome.made],
            "skipped": [job.name for job in self.skipped],
            "failed": [outcome.as_dict() for outcome in self.failed],
            "kept": [outcome.as_dict() for outcome in self.kept],
            "pending": self.pending,
            "index": self.index,
        }


def reports_folder() -> Path:
    """Return the folder that documents go to."""
    return path("reports")


def plan(request: Request, snapshot: Snapshot, records: Records) -> list[tuple[Job, list[str]]]:
    """Return every document asked for, with the reasons for which it has to be made (none: nothing changed)."""
    look_again()
    found = _jobs(request, snapshot)
    return [(job, records.reasons(job) or (["要求重新生成"] if request.force else [])) for job in found]


def _jobs(request: Request, snapshot: Snapshot) -> list[Job]:
    editions = chosen(read_editions(), request.editions)
    how: Json = {"runner": "" if request.runner == "stock" else request.runner, "engine": request.engine}
    how["replace"] = request.replace
    found = owed_jobs(editions, snapshot, reports_folder(), school=request.school, **how)
    return [job for job in found if request.only is None or job.name in request.only]


def _pending(request: Request) -> list[str]:
    return [] if request.school or request.only is not None else pending(chosen(read_editions(), request.editions))


def planned(request: Request) -> list[tuple[Job, list[str]]]:
    """Return the plan of a run without making anything."""
    snapshot = Store().open(request.snapshot)
    with contextlib.closing(_records(request, snapshot)) as records:
        return plan(request, snapshot, records)


def build(request: Request, progress: Progress) -> Run:
    """Make what is owed.

    Raises
    ------
    UserError
        If there is no snapshot, an edition or school is not known, or another build is at work.
    """
    stay_single()
    reports = reports_folder()
    snapshot = Store().open(request.snapshot)
    with only_one(reports / STATE / "lock"), contextlib.closing(_records(request, snapshot)) as records:
        sweep(reports)
        decided = plan(request, snapshot, records)
        wanted = {job.name: job for job, reasons in decided if reasons}
        skipped = [job for job, reasons in decided if not reasons]
        run = Run(snapshot.id, skipped=skipped, pending=_pending(request))
        order = {name: place for place, name in enumerate(wanted)}
        progress.begin(list(wanted.values()), run.skipped)
        try:
            for outcome in _made(list(wanted.values()), request):
                if outcome.made:
                    records.save(wanted[outcome.name], outcome.record)
                run.outcomes.append(outcome)
                progress.done(outcome)
        finally:
            progress.end()
            sweep(reports)
            run.outcomes.sort(key=lambda outcome: order[outcome.name])
            run.index = str(reports / "index.html")
            atomic_write(reports / STATE / REPORT, json.dumps(run.as_dict(), ensure_ascii=False, indent=1) + "\n")
        if run.outcomes or not Path(run.index).is_file():
            _front_door(reports)
    return run


def _made(jobs: Sequence[Job], request: Request) -> Any:
    if not jobs:
        return
    if request.executor == "local":
        from analysis.running.pool import LocalPool

        with LocalPool(min(request.jobs or len(os.sched_getaffinity(0)), len(jobs))) as pool:
            yield from pool.run(jobs)
        return
    from analysis.running.cluster import Cluster

    with Cluster(request.executor, request.jobs) as cluster:
        yield from cluster.run(jobs)


def _records(request: Request, snapshot: Snapshot) -> Records:
    @lru_cache(maxsize=4096)
    def slice_now(table: str, school: str) -> str:
        return snapshot.slice(table, school)

    quotes = Quotes(snapshot.id, lambda: [records.quoted(job) for job in _jobs(request, snapshot)])
    records = Records(reports_folder() / STATE / "records.db", slice_now, quotes.same)
    return records


def sweep(reports: Path) -> None:
    """Delete drafts that a killed run left, and put back a packet that was caught between two renames."""
    for edition in reports.iterdir() if reports.is_dir() else ():
        if not edition.is_dir() or edition.name.startswith("."):
            continue
        for entry in edition.iterdir():
            if entry.name.endswith(".part"):
                shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)
            elif entry.name.startswith(".") and entry.name.endswith(".old"):
                target = entry.with_name(entry.name[1:-4])
                if target.exists():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.rename(target)


def _front_door(reports: Path) -> None:
    from analysis.publishing import write_index

    write_index(reports)
