"""A real cluster of two workers makes the same files as this machine alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running_helpers import EDITIONS, NOTEBOOKS, called, files, house

from analysis.running.cluster import batches
from analysis.running.editions import Job

distributed = pytest.importorskip("distributed")

SCHOOLS = [f"219900000{number}" for number in range(1, 7)]
FAIL = (
    "if school == '2199000003':\n    raise ValueError('坏了')\nif school == '2199000004':\n    import os; os._exit(1)"
)


def test_two_workers_make_what_one_machine_makes(tmp_path: Path) -> None:
    notebooks = {**NOTEBOOKS, "reports/small": [*NOTEBOOKS["reports/small"], FAIL]}
    place = house(tmp_path / "house", notebooks, EDITIONS, SCHOOLS)
    first = called(place, "build", "--jobs", "2")
    assert first.status == 1 and "生成6份" in first.output and "失败2份" in first.output
    alone = files(place / "reports")

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        second = called(place, "build", "--force", "--json", "--executor", cluster.scheduler_address)
    assert second.status == 1, second.errors
    events = [json.loads(line) for line in second.output.splitlines()]
    assert sum(event["event"] == "made" for event in events) == 6
    told = {event["name"]: event["error"] for event in events if event["event"] == "failed"}
    assert "坏了" in told["small/2199000003"] and "退出状态为1" in told["small/2199000004"]
    assert files(place / "reports") == alone


def test_a_cluster_started_here(tmp_path: Path) -> None:
    place = house(tmp_path / "house", NOTEBOOKS, EDITIONS)
    done = called(place, "build", "--executor", "dask", "--jobs", "2")
    assert done.status == 0 and "生成4份" in done.output


def test_a_cluster_that_does_not_answer_is_named(tmp_path: Path) -> None:
    place = house(tmp_path / "house", NOTEBOOKS, EDITIONS)
    done = called(place, "build", "--executor", "tcp://127.0.0.1:9")
    assert done.status == 3
    assert done.errors.splitlines()[-1] == "连不上集群“tcp://127.0.0.1:9”；请检查地址，并确认调度器已启动。"


@pytest.mark.parametrize(
    ("count", "workers", "sizes"), [(29, 2, {15, 14}), (120, 2, {20}), (10_000, 4, {50}), (3, 8, {1})]
)
def test_a_task_is_twenty_to_fifty_documents_where_there_are_so_many(count: int, workers: int, sizes: set) -> None:
    jobs = [Job("t", str(n), "", "", "", "") for n in range(count)]
    cut = batches(jobs, workers)
    assert [job for batch in cut for job in batch] == jobs
    assert {len(batch) for batch in cut} == sizes
