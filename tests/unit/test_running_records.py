"""A document is made again for each reason alone, and for none else; records outlive the process that wrote them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running_helpers import notebook

from analysis.house import UserError
from analysis.running import records as module
from analysis.running.editions import Job
from analysis.running.records import PARTS, Records, only_one


class Place:
    """One document, its packet and the digests of what it read."""

    def __init__(self, folder: Path) -> None:
        source = notebook(folder / "notebooks" / "small.ipynb", ["1 + 1"])
        self.folder, self.file = folder / "reports" / "small" / "district", folder / "reports" / ".state" / "records.db"
        self.job = Job("small", "district", "小报告", "小报告", str(source), str(self.folder), {"term": "甲"})
        self.slices = {("homework", ""): "h1", ("schools", ""): "s1", ("homework", "9"): "o1"}
        self.quoted_the_same, self.asked = True, []
        self.folder.mkdir(parents=True)
        for name in ("index.html", "manifest.json"):
            (self.folder / name).write_text("1", encoding="utf-8")
        self.record = {
            "snapshot": "0123",
            "slices": [{"table": "homework", "school": "", "digest": "h1"}, {"table": "schools", "school": "", "digest": "s1"}],
            "outside": [{"table": "homework", "school": "9", "digest": "o1"}],
            "quoted": [{"indicator": "homework.within_cap"}],
            "files": ["index.html"],
        }  # fmt: skip

    def open(self) -> Records:
        return Records(self.file, lambda table, school: self.slices[table, school], self.quoted_now)

    def quoted_now(self, job: Job, snapshot: str, figures: list[dict[str, Any]]) -> bool:
        self.asked.append((job.name, snapshot, figures))
        return self.quoted_the_same


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def saved(place: Place) -> Records:
    records = place.open()
    records.save(place.job, place.record)
    return records


def test_what_was_never_made_is_made_and_then_not_again(place: Place) -> None:
    records = place.open()
    assert records.reasons(place.job) == ["尚未生成"]
    assert records.quoted(place.job) == (place.job, "", [])
    records.save(place.job, place.record)
    assert records.reasons(place.job) == []
    assert place.asked == []  # what was read outside the scope is the same: figures need not be measured again
    assert records.quoted(place.job) == (place.job, "0123", [{"indicator": "homework.within_cap"}])


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda job: replace(job, parameters={"term": "乙"}), "parameters"),
        (lambda job: replace(job, formats=("html",)), "formats"),
        (lambda job: replace(job, notebook="/nowhere.ipynb"), "notebook"),
    ],
)
def test_a_changed_job_is_told(place: Place, change: Any, part: str) -> None:
    assert PARTS[part] in saved(place).reasons(change(place.job))


def test_the_snapshot_s_own_id_is_no_reason(place: Place) -> None:
    records = saved(place)
    assert records.reasons(replace(place.job, parameters={"term": "甲", "snapshot": "4567"})) == []


@pytest.mark.parametrize(("name", "part"), [("code_digest", "code"), ("library_versions", "libraries")])
def test_a_changed_program_is_told(place: Place, monkeypatch: pytest.MonkeyPatch, name: str, part: str) -> None:
    records = saved(place)
    monkeypatch.setattr(module, name, lambda: "another")
    assert records.reasons(place.job) == [PARTS[part]]


@pytest.mark.parametrize(("name", "part"), [("reference_of", "reference"), ("notebook_digest", "notebook")])
def test_a_changed_file_is_told(place: Place, monkeypatch: pytest.MonkeyPatch, name: str, part: str) -> None:
    records = saved(place)
    monkeypatch.setattr(module, name, lambda file: "another")
    assert records.reasons(place.job) == [PARTS[part]]


def test_changed_slices_are_told(place: Place) -> None:
    records = saved(place)
    place.slices["schools", ""] = "s2"
    assert records.reasons(place.job) == ["所读的数据有变化"]


def test_what_a_page_quotes_counts_only_where_it_would_be_printed_otherwise(place: Place) -> None:
    records = saved(place)
    place.slices["homework", "9"] = "o2"
    assert records.reasons(place.job) == []
    assert place.asked == [("small/district", "0123", [{"indicator": "homework.within_cap"}])]
    place.quoted_the_same = False
    assert records.reasons(place.job) == ["所引的全区数字有变化"]


@pytest.mark.parametrize("name", ["index.html", "manifest.json"])
def test_a_missing_file_is_told(place: Place, name: str) -> None:
    records = saved(place)
    (place.folder / name).unlink()
    assert records.reasons(place.job) == [f"缺少文件 {name}"]


def test_all_reasons_are_told_in_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    records = saved(place)
    for name in ("code_digest", "library_versions"):
        monkeypatch.setattr(module, name, lambda: "another")
    for name in ("reference_of", "notebook_digest"):
        monkeypatch.setattr(module, name, lambda file: "another")
    place.slices, place.quoted_the_same = dict.fromkeys(place.slices, "x"), False
    (place.folder / "index.html").unlink()
    changed = replace(place.job, parameters={}, formats=())
    assert records.reasons(changed) == [*PARTS.values(), "缺少文件 index.html"]


def test_a_record_is_there_at_once_for_whoever_comes_next(place: Place) -> None:
    first = saved(place)
    second = place.open()
    assert second.reasons(place.job) == []
    second.forget(place.job)
    assert first.reasons(place.job) == ["尚未生成"]
    first.close()
    with pytest.raises(Exception, match="closed"):
        first.reasons(place.job)


def test_a_damaged_database_is_told(place: Place) -> None:
    place.file.parent.mkdir(parents=True)
    place.file.write_bytes(b"no database at all, but long enough to be read as one" * 100)
    with pytest.raises(UserError, match=r"生成记录“.*records\.db”已损坏；请删去该文件"):
        place.open()


HOLDER = """
import sys, time
from pathlib import Path
from analysis.running.records import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holding(file: Path, seconds: float) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", HOLDER, str(file), str(seconds)]
    other = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    return other


def test_a_second_build_in_the_same_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    file = tmp_path / "reports" / ".state" / "lock"
    other = holding(file, 60)
    try:
        with pytest.raises(UserError, match=f"另一个 build 正在“{tmp_path / 'reports'}”中运行") as told, only_one(file):
            raise AssertionError("two builds at once")
        assert told.value.exit_status == 3
    finally:
        other.kill()
        other.wait()
    with only_one(file):  # the lock went with the process
        pass


def test_a_build_that_is_just_ending_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "reports" / ".state" / "lock"
    other = holding(file, 0.5)
    with only_one(file):
        assert other.wait(timeout=30) == 0


class Clock:
    """A clock that goes only while somebody sleeps."""

    def __init__(self, start: float) -> None:
        self.now, self.naps = start, []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(1000.0)
    monkeypatch.setattr(module, "time", made)
    return made


def test_a_lock_that_stays_held_is_waited_for_three_seconds(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_lock", lambda handle: False)
    with pytest.raises(UserError) as told, only_one(tmp_path / "reports" / ".state" / "lock"):
        raise AssertionError("the lock is held")
    assert told.value.message == f"另一个 build 正在“{tmp_path / 'reports'}”中运行；请等它结束后再试。"
    assert told.value.exit_status == 3
    assert set(clock.naps) == {0.1}
    assert len(clock.naps) in (30, 31)  # tenths of a second do not add up exactly


def test_the_clock_s_last_instant_is_no_more_waited_in(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_lock", lambda handle: False)
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with pytest.raises(UserError), only_one(tmp_path / "lock"):
        raise AssertionError("the lock is held")
    assert clock.naps == []


def test_a_free_lock_is_not_waited_for(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "reports" / ".state" / "lock"
    with only_one(file), open(file, "a+", encoding="utf-8") as other:
        assert module._lock(other) is False
    assert clock.naps == []
    with open(file, "a+", encoding="utf-8") as other:
        assert module._lock(other) is True


def test_a_lock_that_is_let_go_is_taken_at_the_next_trial(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = iter([False, False, True])
    monkeypatch.setattr(module, "_lock", lambda handle: next(trials))
    with only_one(tmp_path / "lock"):
        assert clock.naps == [0.1, 0.1]


class Region:
    """The locking of Windows, where a region of a file is locked or an error is raised."""

    LK_NBLCK = 2

    def __init__(self, free: bool) -> None:
        self.free, self.asked = free, []

    def locking(self, number: int, mode: int, length: int) -> None:
        self.asked.append((number, mode, length))
        if not self.free:
            raise OSError


@pytest.mark.parametrize("free", [True, False])
def test_windows_locks_one_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: bool) -> None:
    region = Region(free)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", region)
    with open(tmp_path / "lock", "a+", encoding="utf-8") as handle:
        assert module._lock(handle) is free
        assert region.asked == [(handle.fileno(), 2, 1)]


def test_records_are_kept_as_they_read(place: Place) -> None:
    records = saved(place)
    rows = records._database.execute("select name, record from packets").fetchall()
    assert [name for name, _ in rows] == ["small/district"]
    assert '"term": "甲"' in rows[0][1]
    again = replace(place.job, parameters={"term": "乙"})
    records.save(again, place.record)
    assert len(records._database.execute("select name from packets").fetchall()) == 1
    assert records.reasons(again) == []


def test_figures_are_not_asked_for_where_a_slice_inside_differs_only(place: Place) -> None:
    records = saved(place)
    place.slices["homework", ""] = "h2"
    assert records.reasons(place.job) == ["所读的数据有变化"]
    assert place.asked == []


def test_a_notebook_that_cannot_be_read_has_no_digest(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(file: str) -> str:
        raise ValueError(file)

    assert module._of_file(fails, place.job) == ""
    assert module._fixed(replace(place.job, notebook="/nowhere.ipynb"))["notebook"] == ""


@pytest.mark.parametrize("kept", ["", "reports", "reports/.state"])
def test_the_folder_of_the_records_is_made_as_far_as_it_is_missing(tmp_path: Path, kept: str) -> None:
    (tmp_path / kept).mkdir(parents=True, exist_ok=True)
    file = tmp_path / "reports" / ".state" / "records.db"
    Records(file, lambda table, school: "", lambda job, snapshot, figures: True).close()
    assert file.is_file()
