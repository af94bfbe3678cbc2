"""The shipped raw data go through; every planted fault is found, for the reason that its answer key gives."""

import tomllib

import pytest

from analysis.house import path
from analysis.snapshots import Store
from analysis.snapshots.verification import verify

REASONS = {
    "negative minutes": "负数", "unreadable minutes": "读不出分钟数", "outside term": "不在本学期", "no school day": "不是上学日",
    "unknown subject": "没有这个学科", "unknown school": "没有这所学校", "conflicting duplicate": "同一条而内容不同",
    "returned before set": "早于布置日期", "ends before it starts": "不晚于开始", "joined > eligible": "多于应参加",
    "unreadable value": "读不出是或否", "enrolled > capacity": "多于容量", "paid before granted": "早于核定",
    "half-finished answer": "没有答完", "straight-liner and speeder": "作答过快", "published after set": "公示日期晚于",
    "identical duplicate": "完全相同",
}  # fmt: skip


def key(outcome):
    content = tomllib.loads(path("data", "reference", "simulation_faults.toml").read_text(encoding="utf-8"))
    return [entry for entry in content["fault"] if entry["outcome"] == outcome]


@pytest.fixture(scope="module")
def snapshot(shipped_snapshot):
    return Store(shipped_snapshot / "data" / "snapshots").open()


def test_every_row_is_accepted_or_put_aside(snapshot):
    sheets = snapshot.manifest["sheets"]
    assert sum(sheet["rows_read"] for sheet in sheets) > 100_000
    for sheet in sheets:
        assert sheet["table"] is not None, sheet
        assert sheet["rows_read"] == sheet["rows_accepted"] + sheet["rows_quarantined"]


def test_every_planted_fault_is_put_aside_for_its_reason_and_nothing_else_is(snapshot):
    lines = snapshot.quarantine()
    found = {(line["file"], line["sheet"], line["row"]) for line in lines.to_dict("records")}
    wanted = {(entry["file"], entry["sheet"], entry["row"]) for entry in key("quarantined")}
    assert found == wanted
    for entry in key("quarantined"):
        at = (lines["file"] == entry["file"]) & (lines["sheet"] == entry["sheet"]) & (lines["row"] == entry["row"])
        told = "；".join(lines.loc[at, "reason"])
        assert REASONS.get(entry["kind"], "") in told, (entry, told)
        assert lines.loc[at, "suggestion"].str.len().gt(0).all()


@pytest.mark.parametrize("outcome", ["warned", "dropped"])
def test_what_is_odd_but_kept_is_told(snapshot, outcome):
    told = snapshot.manifest["warnings"]
    for entry in key(outcome):
        mine = [w for w in told if w["path"] == entry["file"] and (w["sheet"] or "") == entry["sheet"]]
        word = REASONS.get(entry["kind"], "")
        hits = [w for w in mine if word in w["reason"] and (w["count"] > len(w["rows"]) or entry["row"] in w["rows"])]
        assert hits, entry


def test_what_need_not_be_told_is_simply_accepted(snapshot):
    put_aside = snapshot.quarantine()
    for entry in key("accepted"):
        assert not ((put_aside["file"] == entry["file"]) & (put_aside["row"] == entry["row"])).any(), entry


def test_repeats_count_once(snapshot):
    assert sum(sheet["duplicates"] for sheet in snapshot.manifest["sheets"]) == len(key("dropped"))


def test_it_says_that_it_is_simulated_and_every_byte_is_as_stored(snapshot, shipped_snapshot):
    assert snapshot.simulated
    assert verify(Store(shipped_snapshot / "data" / "snapshots"), snapshot) == []


def test_no_personal_datum_of_the_raw_files_is_in_a_table(snapshot):
    entry = next(one for one in key("accepted") if one["kind"] == "number like an ID")
    digits = "".join(char for char in entry["value"] if char.isdigit())
    assert len(digits) >= 17
    for file in snapshot.folder.rglob("*"):
        if file.is_file():
            assert digits.encode() not in file.read_bytes(), file
    assert not snapshot.free_text()["text"].str.contains(digits).any()
    assert snapshot.free_text()["text"].str.contains("已去除").any()
