"""One changed row of a school remakes that school's pages, the district's, and pages that quote a changed figure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running_helpers import called, files

from analysis.snapshots import Store

SCHOOL = "2199000002"
EDITIONS = ("homework_load", "after_school", "satisfaction")
PRINTED = ("text", "interval_text", "base_text", "missing")


def change_one_row(place: Path, minutes: int) -> None:
    """Store the snapshot again with the time of one written homework of one school changed."""
    store = Store(place / "data" / "snapshots")
    old = store.open("latest")
    tables = {name: pq.read_table(old.path(name)) for name in old.tables}
    rows = tables["homework"]
    schools, written = rows["school"].to_pylist(), rows["written"].to_pylist()
    times = rows["minutes"].to_pylist()
    at = next(n for n, code in enumerate(schools) if code == SCHOOL and written[n] and (times[n] or 0) > 20)
    times[at] += minutes
    place_of = rows.column_names.index("minutes")
    tables["homework"] = rows.set_column(place_of, "minutes", pa.array(times, rows["minutes"].type))
    store.add(tables, keys={name: old.manifest["tables"][name]["key"] for name in old.tables}, simulated=True)


def made(place: Path, *words: str) -> set[str]:
    done = called(place, "build", *EDITIONS, "--json", *words)
    told = list(map(json.loads, done.output.splitlines()))
    assert done.status == 0, [event for event in told if event["event"] == "failed"]
    return {event["name"] for event in told if event["event"] == "made"}


def manifests(place: Path) -> dict[str, Any]:
    found = [json.loads(file.read_text(encoding="utf-8")) for file in (place / "reports").glob("*/*/manifest.json")]
    return {f"{packet['edition']}/{packet['scope']}": packet for packet in found}


def printed(packet: dict[str, Any]) -> list[list[Any]]:
    return [[item["indicator"], *(item[name] for name in PRINTED)] for item in packet["statistics"]]


@pytest.fixture(scope="module")
def place(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minimal") / "house"
    shutil.copytree(shipped, folder)
    return folder


def test_one_row_of_a_school(place: Path) -> None:
    before, bytes_before = manifests(place), files(place / "reports")
    change_one_row(place, 1)
    remade = made(place)
    assert {"homework_load/district", f"homework_load/{SCHOOL}"} <= remade
    for name in remade - {"homework_load/district", f"homework_load/{SCHOOL}"}:
        assert printed(before[name]) != printed(manifests(place)[name]), f"{name} was made again without need"
    bytes_after = files(place / "reports")
    kept = {name for name in before if name.split("/")[0] in EDITIONS} - remade
    assert len(kept) > 15
    for file, content in bytes_before.items():
        if "/".join(file.split("/")[:2]) in kept:
            assert bytes_after[file] == content
    assert made(place) == set()
    made(place, "--force")
    for name in kept:
        assert printed(manifests(place)[name]) == printed(before[name]), f"{name} should have been made again"
