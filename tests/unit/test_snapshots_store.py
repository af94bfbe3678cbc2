"""A store keeps what it was given, once, under the hash of its bytes, for its owner only."""

import datetime as dt
import os
import shutil
import stat
import subprocess
import sys
import threading

import pandas as pd
import pytest

from analysis.house import UserError
from analysis.snapshots import Store

DAY = dt.date(2026, 3, 2)


def ledger(minutes=(30.0, 20.0, 10.0, 0.0)):
    return pd.DataFrame(
        {
            "term": "2025-2026-2",
            "school": ["2199000002", "2199000001", "2199000002", "2199000001"],
            "grade": [4, 3, 3, 4],
            "date": [DAY] * 4,
            "minutes": list(minutes),
            "written": [True, None, False, True],
        }
    )


KEYS = {"homework": ("term", "school", "grade", "date")}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "snapshots")


def test_rows_come_back_sorted_by_school_and_key(store):
    frame = store.add({"homework": ledger()}, keys=KEYS).frame("homework")
    assert list(frame["school"] + "/" + frame["grade"].astype(str)) == [
        "2199000001/3",
        "2199000001/4",
        "2199000002/3",
        "2199000002/4",
    ]
    assert frame["minutes"].tolist() == [20.0, 0.0, 10.0, 30.0]
    assert frame["date"].dt.date.tolist() == [DAY] * 4


def test_the_order_of_rows_handed_in_does_not_change_the_id(store):
    first = store.add({"homework": ledger()}, keys=KEYS)
    again = store.add({"homework": ledger().iloc[::-1]}, keys=KEYS)
    assert first.id == again.id
    assert len(store.list()) == 1


def test_one_value_changes_the_id_and_only_its_own_school_s_slice(store):
    old = store.add({"homework": ledger()}, keys=KEYS)
    new = store.add({"homework": ledger((31.0, 20.0, 10.0, 0.0))}, keys=KEYS)
    assert old.id != new.id
    assert old.slice("homework", "2199000001") == new.slice("homework", "2199000001")
    assert old.slice("homework", "2199000002") != new.slice("homework", "2199000002")
    assert old.slice(["homework"]) != new.slice(["homework"])


def test_a_table_that_is_not_there_is_part_of_a_slice(store):
    one = store.add({"homework": ledger()}, keys=KEYS)
    two = store.add({"homework": ledger(), "plans": ledger()[["term", "school"]]}, keys=KEYS)
    assert one.slice(["homework", "plans"]) != two.slice(["homework", "plans"])
    assert one.slice("homework") == two.slice("homework")


def test_one_school_s_rows_can_be_read_alone(store):
    frame = store.add({"homework": ledger()}, keys=KEYS).frame("homework", ["grade", "minutes"], "2199000001")
    assert list(frame.columns) == ["grade", "minutes"]
    assert frame["minutes"].tolist() == [20.0, 0.0]


def test_latest_is_the_one_handed_in_last(store):
    old = store.add({"homework": ledger()}, keys=KEYS)
    new = store.add({"homework": ledger((1.0, 2.0, 3.0, 4.0))}, keys=KEYS)
    assert store.open().id == new.id
    store.add({"homework": ledger()}, keys=KEYS)
    assert store.open("latest").id == old.id
    assert store.open(new.id[:10]).id == new.id


def test_everything_in_the_store_is_the_owner_s_alone(store):
    snapshot = store.add(
        {"homework": ledger()}, keys=KEYS, raw={"甲.csv": b"raw"}, files={"quarantine.xlsx": b"x"}, simulated=True
    )
    assert snapshot.simulated
    for entry in [store.folder, *store.folder.rglob("*")]:
        mode = stat.S_IMODE(os.stat(entry).st_mode)
        assert mode == (0o700 if entry.is_dir() else 0o600), entry
    kept = snapshot.manifest["raw"][0]
    assert store.raw(kept["sha256"]).read_bytes() == b"raw"


def test_no_draft_is_left_and_a_dead_writer_s_draft_is_swept(store):
    store.folder.mkdir()
    (store.folder / ".draft-dead").mkdir()
    (store.folder / ".draft-dead" / "half").write_text("x")
    store.add({"homework": ledger()}, keys=KEYS)
    assert [entry.name for entry in store.folder.iterdir() if entry.name.startswith(".")] == []


def test_a_draft_with_its_manifest_is_no_snapshot_until_it_is_renamed(store):
    made = store.add({"homework": ledger()}, keys=KEYS)
    shutil.copytree(store.folder / made.id, store.folder / ".draft-left-by-a-kill")
    assert [snapshot.id for snapshot in store.list()] == [made.id]
    assert store.open("latest").id == made.id


def test_two_writers_at_once_leave_one_whole_snapshot_each(store):
    contents = [ledger(), ledger((9.0, 9.0, 9.0, 9.0))]
    made = []

    def write(number):
        made.append(store.add({"homework": contents[number % 2]}, keys=KEYS).id)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert {snapshot.id for snapshot in store.list()} == set(made)
    assert len(set(made)) == 2
    for snapshot in store.list():
        assert len(snapshot.frame("homework")) == 4


def test_free_text_is_kept_apart(store):
    text = pd.DataFrame({"respondent": ["a"], "text": ["很好"]})
    import pyarrow as pa

    snapshot = store.add({"homework": ledger()}, private={"survey_text": pa.Table.from_pandas(text)})
    assert snapshot.tables == ("homework",)
    with pytest.raises(UserError, match="单独保管"):
        snapshot.frame("survey_text")
    assert snapshot.free_text()["text"].tolist() == ["很好"]


@pytest.mark.parametrize("name", ["ffff", ""])
def test_an_unknown_id_is_told(store, name):
    store.add({"homework": ledger()})
    with pytest.raises(UserError, match="没有编号"):
        store.open(name)


def test_an_empty_store_names_the_next_step(store):
    with pytest.raises(UserError, match="shuangjian intake"):
        store.open()


def test_an_unknown_table_or_column_is_told(store):
    snapshot = store.add({"homework": ledger()})
    with pytest.raises(UserError, match="没有表 funds"):
        snapshot.frame("funds")
    with pytest.raises(UserError, match="没有“paid”列"):
        snapshot.frame("homework", ["paid"])


def test_a_changed_manifest_is_not_believed(store):
    snapshot = store.add({"homework": ledger()})
    file = snapshot.folder / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b'"simulated": false', b'"simulated": true'))
    with pytest.raises(UserError, match="已被改动"):
        _ = store.open(snapshot.id).simulated


def test_what_was_read_is_remembered(store):
    from analysis.snapshots import READS

    snapshot = store.add({"homework": ledger()}, keys=KEYS)
    READS.clear()
    snapshot.frame("homework", school="2199000001")
    snapshot.slice(["homework", "plans"], "2199000002")
    assert {
        (snapshot.id, "homework", "2199000001"),
        (snapshot.id, "homework", "2199000002"),
        (snapshot.id, "plans", "2199000002"),
    } == READS


def test_asking_for_slices_loads_no_heavy_library(store):
    snapshot = store.add({"homework": ledger()}, keys=KEYS)
    code = (
        "import sys; from analysis.snapshots import Store;"
        f"Store({str(store.folder)!r}).open('latest').slice('homework');"
        "print([name for name in ('pandas', 'pyarrow', 'duckdb', 'numpy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]", snapshot.id
