"""A kill at any moment, a full disk, two intakes at once: the store holds either the old state or the new one."""

import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest

from analysis.house import path
from analysis.snapshots import Store
from analysis.snapshots.verification import verify

RAW = path("data", "raw")


def command(store, *words):
    return [sys.executable, "-m", "analysis.cli", "intake", *(words or [str(RAW)]), "--store", str(store)]


def start(store, *words, **options):
    return subprocess.Popen(
        command(store, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The state before: a store with one snapshot, how long it took, and its id."""
    folder = tmp_path_factory.mktemp("whole")
    begun = time.monotonic()
    process = start(folder / "store")
    _, slip = process.communicate()
    assert process.returncode == 0, slip
    return Store(folder / "store").open().id, time.monotonic() - begun


def sound(store):
    """Every snapshot that the store lists is whole."""
    for snapshot in store.list():
        assert verify(store, snapshot) == []


def test_ten_kills_at_random_moments(tmp_path, whole):
    name, seconds = whole
    folder = tmp_path / "store"
    chance = random.Random(20260302)
    killed = 0
    for _ in range(10):
        process = start(folder)
        time.sleep(chance.uniform(0.3, 1.0) * seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        store = Store(folder)
        assert {snapshot.id for snapshot in store.list()} <= {name}
        sound(store)
    assert killed >= 3
    process = start(folder)
    process.communicate()
    assert process.returncode == 0
    assert [snapshot.id for snapshot in Store(folder).list()] == [name]
    assert [entry.name for entry in folder.iterdir() if entry.name.startswith(".draft")] == []


def test_kills_while_the_draft_is_written_and_renamed(tmp_path, whole):
    """The last moments are met more closely: the kill comes some milliseconds after the draft appears."""
    name, _ = whole
    for number, wait in enumerate((0.0, 0.05, 0.15, 0.3, 0.5)):
        folder = tmp_path / f"store{number}"
        process = start(folder)
        while process.poll() is None and not list(folder.glob(".draft-*")):
            time.sleep(0.002)
        time.sleep(wait)
        process.kill()
        process.communicate()
        store = Store(folder)
        assert {snapshot.id for snapshot in store.list()} <= {name}
        sound(store)


@pytest.mark.parametrize("limit", [20_000, 200_000])
def test_a_full_disk_leaves_what_was_there(tmp_path, limit):
    """A limit on the size of a file stands for a full disk: the write fails with an error of the system."""
    small = tmp_path / "台账.csv"
    small.write_text(
        "学校,学期,年级,班级,日期,学科,是否书面,时长\n第一小学,2025-2026-2,三,1,2026-03-09,语文,是,20\n",
        encoding="utf-8",
    )
    folder = tmp_path / "store"
    first = start(folder, str(small))
    first.communicate()
    assert first.returncode == 0
    before = [snapshot.id for snapshot in Store(folder).list()]

    def tighten():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = start(folder, preexec_fn=tighten)
    out, slip = process.communicate()
    assert process.returncode == 2, out + slip
    assert "快照没有写成" in slip
    assert "Traceback" not in slip
    store = Store(folder)
    assert [snapshot.id for snapshot in store.list()] == before
    sound(store)
    assert not list(folder.glob(".draft-*"))


def test_a_small_real_disk_that_is_full(tmp_path):
    """The same on a file system of 2 MB, where the machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("no right to mount a small file system here; the limit on file size above stands for it")
    try:
        process = start(disk / "store")
        _, slip = process.communicate()
        assert process.returncode == 2
        assert "快照没有写成" in slip
        assert Store(disk / "store").list() == ()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_intakes_at_once(tmp_path, whole):
    name, _ = whole
    folder = tmp_path / "store"
    other = tmp_path / "台账.csv"
    other.write_text(
        "学校,学期,年级,班级,日期,学科,是否书面,时长\n第一小学,2025-2026-2,三,1,2026-03-09,语文,是,20\n",
        encoding="utf-8",
    )
    processes = [start(folder), start(folder), start(folder, str(other))]
    for process in processes:
        _, slip = process.communicate()
        assert process.returncode == 0, slip
    store = Store(folder)
    assert len(store.list()) == 2
    assert name in {snapshot.id for snapshot in store.list()}
    sound(store)
