"""Handing in again never loses: what would disappear is named and asked for, mends stay, rows go only when withdrawn."""

import json
import os

import openpyxl
import pytest
from handed_in import LEDGER, csv_bytes, hand_in, ledger_row, write_xlsx

from analysis.house import UserError
from analysis.intake import command
from analysis.intake.admission import LOSES
from analysis.intake.reception import receive
from analysis.snapshots import Store
from analysis.snapshots.snapshot import RECEIVED

AUTUMN = {"学期": "2025-2026-1", "日期": "2025-10-13"}
OTHER = {"学校": "湖滨小学"}


def rows(*changes):
    return [list(LEDGER), *(ledger_row(**change) for change in changes)]


def lines(snapshot):
    frame = snapshot.frame("homework")
    return sorted(zip(frame["term"], frame["school"].str[-1], frame["subject"], frame["minutes"], strict=True))


def run(*words):
    import argparse

    parser = argparse.ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args([str(word) for word in words]))


def test_a_second_term_alone_is_not_taken_for_the_whole(tmp_path):
    first = hand_in(tmp_path, rows(AUTUMN, {**AUTUMN, **OTHER}), "秋季.csv").snapshot
    with pytest.raises(UserError, match="2025-2026-1") as told:
        hand_in(tmp_path, rows({}), "春季.csv")
    assert told.value.exit_status == LOSES == 4
    for word in ("作业台账2行", "第一小学、湖滨小学", "--onto latest", "--fresh"):
        assert word in told.value.message
    store = Store(tmp_path / "store")
    assert [one.id for one in store.list()] == [first.id]
    assert len(list((store.folder / "raw").iterdir())) == 1
    assert not list(store.folder.glob(".draft*"))
    both = hand_in(tmp_path, rows({}), "春季.csv", onto="latest").snapshot
    assert [term for term, *_ in lines(both)] == ["2025-2026-1", "2025-2026-1", "2025-2026-2"]
    alone = hand_in(tmp_path, rows({}), "春季.csv", fresh=True).snapshot
    assert [term for term, *_ in lines(alone)] == ["2025-2026-2"]
    assert store.open().id == alone.id


def test_one_school_alone_is_asked_for(tmp_path):
    hand_in(tmp_path, rows({}, OTHER), "两校.csv")
    with pytest.raises(UserError, match="作业台账1行（2025-2026-2，湖滨小学）"):
        hand_in(tmp_path, rows({}, {"学科": "数学"}), "一校.csv")


def test_a_larger_hand_in_becomes_the_latest(tmp_path):
    hand_in(tmp_path, rows({}), "一.csv")
    more = hand_in(tmp_path, rows({}, OTHER), "二.csv").snapshot
    assert Store(tmp_path / "store").open().id == more.id
    changed = hand_in(tmp_path, rows({"时长": "25"}, OTHER), "三.csv").snapshot
    assert Store(tmp_path / "store").open().id == changed.id, "a changed file that lacks nothing is no loss"


def mended(tmp_path, first):
    """Mend the minutes of the first row to mend and hand the workbook in."""
    book = openpyxl.load_workbook(first.snapshot.folder / "quarantine.xlsx")
    sheet = book["作业台账"]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(2, next(i for i, word in enumerate(headers, start=1) if "时长" in word), "45")
    book.save(tmp_path / "改好.xlsx")
    return receive([tmp_path / "改好.xlsx"], Store(tmp_path / "store"), onto=first.snapshot.id).snapshot


def test_the_same_folder_once_more_keeps_the_mends(tmp_path):
    folder = tmp_path / "交来"
    first = hand_in(folder, rows({}, {"学科": "数学", "时长": "很多"}))
    (folder / "store").rename(tmp_path / "store")
    store = Store(tmp_path / "store")
    first.snapshot = store.open()
    mend = mended(tmp_path, first)
    for _ in range(2):
        again = receive([folder], store)
        assert again.unchanged and again.snapshot.id == mend.id == store.open().id
    onto = receive([folder], store, onto="latest")
    assert onto.unchanged and onto.snapshot.id == mend.id
    assert lines(store.open()) == [("2025-2026-2", "1", "数学", 45.0), ("2025-2026-2", "1", "语文", 20.0)]


def test_the_folder_with_one_more_file_names_the_mend_and_onto_keeps_it(tmp_path):
    folder = tmp_path / "交来"
    store = Store(tmp_path / "store")
    folder.mkdir()
    (folder / "一.csv").write_bytes(csv_bytes(rows({}, {"学科": "数学", "时长": "30"})))
    receive([folder], store)
    (tmp_path / "改.csv").write_bytes(csv_bytes(rows({"学科": "数学", "时长": "35"})))
    receive([tmp_path / "改.csv"], store, onto="latest")
    (folder / "二.csv").write_bytes(csv_bytes(rows(OTHER)))
    with pytest.raises(UserError, match="作业台账已更正的1行（2025-2026-2，第一小学）"):
        receive([folder], store)
    onto = receive([folder], store, onto="latest").snapshot
    assert [(school, minutes) for _, school, _, minutes in lines(onto)] == [("1", 35.0), ("1", 20.0), ("2", 20.0)]


def test_files_read_before_by_other_descriptions_are_read_again_and_yield_to_the_mends(tmp_path, monkeypatch):
    folder = tmp_path / "交来"
    store = Store(tmp_path / "store")
    folder.mkdir()
    (folder / "一.csv").write_bytes(csv_bytes(rows({}, {"学科": "数学", "时长": "30"})))
    receive([folder], store)
    (tmp_path / "改.csv").write_bytes(csv_bytes(rows({"学科": "数学", "时长": "35"})))
    receive([tmp_path / "改.csv"], store, onto="latest")
    monkeypatch.setattr("analysis.intake.admission._rules", lambda: {"terms.toml": "other"})
    again = receive([folder], store, onto="latest")
    assert not again.unchanged
    assert [minutes for *_, minutes in lines(again.snapshot)] == [35.0, 20.0]


def test_a_correction_onto_an_older_snapshot_does_not_lose_what_came_since(tmp_path):
    first = hand_in(tmp_path, rows({}), "一.csv").snapshot
    hand_in(tmp_path, rows(OTHER), "二.csv", onto=first.id)
    with pytest.raises(UserError, match="湖滨小学"):
        hand_in(tmp_path, rows({"学科": "英语"}), "三.csv", onto=first.id)
    assert hand_in(tmp_path, rows({"学科": "英语"}), "三.csv", onto="latest").snapshot.frame("homework").shape[0] == 3


@pytest.mark.parametrize("name", ["台账.csv", "台账更正.csv"])
def test_rows_that_a_corrected_file_lacks_are_told_and_go_only_when_withdrawn(tmp_path, name):
    days = [f"2026-03-{day:02}" for day in range(9, 14)]
    first = hand_in(tmp_path, rows(*({"日期": day} for day in days), {**OTHER, "日期": days[2]}), "台账.csv").snapshot
    corrected = rows(*({"日期": day, "时长": "30"} for day in days if day != days[2]))
    kept = hand_in(tmp_path, corrected, name, onto=first.id)
    assert kept.missing == ["作业台账1行（2025-2026-2，第一小学）"] and not kept.withdrawn
    assert len(kept.snapshot.frame("homework")) == 6
    without = hand_in(tmp_path, corrected, name, onto="latest", withdraw=True)
    frame = without.snapshot.frame("homework")
    assert len(frame) == 5 and set(frame["school"]) == {"2199000001", "2199000002"}
    assert without.snapshot.manifest["withdrawn"] == {"homework": 1}


def test_the_last_class_that_a_corrected_file_of_the_same_name_lacks_is_told(tmp_path):
    first = hand_in(tmp_path, rows({}, {"班级": "2班"}), "台账.csv").snapshot
    assert hand_in(tmp_path, rows({"时长": "25"}), "台账.csv", onto=first.id).missing == [
        "作业台账1行（2025-2026-2，第一小学）"
    ]


def test_a_supplement_lacks_nothing(tmp_path):
    first = hand_in(tmp_path, rows({"日期": "2026-03-09"}, {"日期": "2026-03-11"}), "三月.csv").snapshot
    assert (
        hand_in(tmp_path, rows({"日期": "2026-03-10"}, {"日期": "2026-03-12"}), "补.csv", onto=first.id).missing == []
    )
    assert hand_in(tmp_path, rows({"日期": "2026-04-09"}), "四月.csv", onto="latest").missing == []


def test_nothing_is_withdrawn_while_rows_are_to_be_mended(tmp_path):
    first = hand_in(tmp_path, rows({}, {"学科": "数学"}), "台账.csv").snapshot
    with pytest.raises(UserError, match="先改好这些行"):
        hand_in(tmp_path, rows({"时长": "很多"}), "台账.csv", onto=first.id, withdraw=True)
    with pytest.raises(UserError, match="--onto"):
        hand_in(tmp_path, rows({}), "台账.csv", withdraw=True)


def test_rows_deleted_from_the_quarantine_file_are_dismissed_only_when_withdrawn(tmp_path):
    first = hand_in(tmp_path, rows({}, {"学科": "数学", "时长": "很多"}, {"学科": "英语", "时长": "签名"}))
    book = openpyxl.load_workbook(first.snapshot.folder / "quarantine.xlsx")
    sheet = book["作业台账"]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(2, next(i for i, word in enumerate(headers, start=1) if "时长" in word), "45")
    sheet.delete_rows(3)
    book.save(tmp_path / "改好.xlsx")
    store = Store(tmp_path / "store")
    assert len(receive([tmp_path / "改好.xlsx"], store, onto=first.snapshot.id).snapshot.quarantine()) == 1
    dismissed = receive([tmp_path / "改好.xlsx"], store, onto="latest", withdraw=True).snapshot
    assert len(dismissed.quarantine()) == 0
    assert dismissed.manifest["dismissed"] == [["作业台账.csv", "", 4]]


def test_one_unreadable_file_does_not_stop_the_others(tmp_path, capsys):
    folder = tmp_path / "交来"
    folder.mkdir()
    (folder / "好.csv").write_bytes(csv_bytes(rows({})))
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    (folder / "空.csv").write_bytes(b"")
    assert run(folder, "--store", tmp_path / "store") == 1
    told = capsys.readouterr().err
    assert "坏.xlsx" in told and "空.csv" in told and "2 个文件没有读入" in told
    snapshot = Store(tmp_path / "store").open()
    assert len(snapshot.frame("homework")) == 1
    assert [entry["path"] for entry in snapshot.manifest["raw"]] == ["好.csv"]
    (folder / "好.csv").unlink()
    with pytest.raises(UserError, match=r"坏\.xlsx"):
        run(folder, "--store", tmp_path / "store")


def test_the_command_tells_what_is_unchanged_missing_and_withdrawn(tmp_path, capsys):
    store = tmp_path / "store"
    file = tmp_path / "台账.csv"
    file.write_bytes(csv_bytes(rows({}, {"日期": "2026-03-10"}, {"日期": "2026-03-11"})))
    assert run(file, "--store", store) == 0
    file.write_bytes(csv_bytes(rows({}, {"日期": "2026-03-11"})))
    assert run(file, "--store", store, "--onto", "latest") == 0
    assert "仍保留：原有的作业台账1行（2025-2026-2，第一小学）" in capsys.readouterr().out
    assert run(file, "--store", store, "--onto", "latest", "--withdraw") == 0
    assert "已撤回：作业台账1行" in capsys.readouterr().out
    assert run(file, "--store", store, "--onto", "latest", "--json") == 0
    assert json.loads(capsys.readouterr().out)["missing"] == []


def stamped(snapshot, at, first=None):
    noted = json.loads((snapshot.folder / RECEIVED).read_text(encoding="utf-8"))
    os.chmod(snapshot.folder / RECEIVED, 0o600)
    (snapshot.folder / RECEIVED).write_text(json.dumps({**noted, "at": at, "first": first or at}), encoding="utf-8")


def test_a_correction_is_later_than_what_it_corrects_whatever_the_clock_said(tmp_path):
    first = hand_in(tmp_path, rows({}), "一.csv").snapshot
    second = hand_in(tmp_path, rows(OTHER), "二.csv", onto=first.id).snapshot
    store = Store(tmp_path / "store")
    stamped(first, "2026-03-10T08:00:00+08:00")
    stamped(second, "2026-03-09T23:00:00+00:00")  # an hour before by the clock, and a day before by its letters
    assert [one.id for one in store.list()] == [first.id, second.id]
    stamped(first, "2026-03-12T08:00:00+08:00", first="2026-03-10T08:00:00+08:00")
    assert store.open().id == first.id, "handed in once more on purpose"


def test_to_begin_anew_with_files_of_before_is_possible_on_purpose(tmp_path):
    first = hand_in(tmp_path, rows({}), "一.csv").snapshot
    second = hand_in(tmp_path, rows(OTHER), "二.csv", onto=first.id).snapshot
    store = Store(tmp_path / "store")
    assert hand_in(tmp_path, rows({}), "一.csv").snapshot.id == second.id
    assert hand_in(tmp_path, rows({}), "一.csv", fresh=True).snapshot.id == first.id == store.open().id


def test_a_school_that_was_handed_in_with_a_register_is_not_lost(tmp_path):
    headers = ["学校标识码", "学校名称", "简称", "学段", "起始年级", "终止年级", "区代码"]
    register = [headers, ["2199000099", "澄湖区东风小学", "东风小学", "小学", "1", "6", "990101"]]
    write_xlsx(tmp_path / "一.xlsx", {"作业台账": rows({}), "学校名册": register})
    first = receive([tmp_path / "一.xlsx"], Store(tmp_path / "store")).snapshot
    assert "2199000099" in first.frame("schools")["school"].tolist()
    with pytest.raises(UserError, match="学校名册1行（东风小学）"):
        hand_in(tmp_path, rows({}), "二.csv")
