"""Rows that were put aside can be mended in Excel and handed in again; a correction makes a new snapshot."""

import json

import jsonschema
import openpyxl
import pytest
from handed_in import BAD, LEDGER, csv_bytes, hand_in, ledger_row, mend, reasons, write_xlsx

from analysis.cli import main
from analysis.house import path
from analysis.intake.quarantine import LIST
from analysis.intake.reception import receive
from analysis.snapshots import Store
from analysis.snapshots.comparison import compare
from analysis.snapshots.verification import verify


def test_the_workbook_lists_every_fault_and_holds_every_row_as_text(tmp_path):
    outcome = hand_in(tmp_path, BAD)
    book = openpyxl.load_workbook(outcome.snapshot.folder / "quarantine.xlsx")
    listed = [[cell.value for cell in row] for row in book[LIST].iter_rows(min_row=2)]
    assert [(row[0], row[2], row[4]) for row in listed] == [
        ("作业台账.csv", "3", "时长"),
        ("作业台账.csv", "4", "日期"),
        ("作业台账.csv", "5", "时长"),
        ("作业台账.csv", "6", "时长"),
    ]
    cells = [cell for row in book["作业台账"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert "=1+1" in [cell.value for cell in cells]


def test_mended_rows_replace_what_was_put_aside(tmp_path):
    first = hand_in(tmp_path, BAD)
    store = Store(tmp_path / "store")
    changes = {("数学", "=1+1"): {"时长": "20"}, ("英语", "20"): {"日期": "2026-04-10"}, ("科学", "15"): "delete"}
    mended = mend(first, tmp_path / "待更正.xlsx", changes)
    second = receive([mended], store, onto=first.snapshot.id)
    assert second.snapshot.manifest["parent"] == first.snapshot.id
    frame = second.snapshot.frame("homework")
    assert dict(zip(frame["subject"], frame["minutes"], strict=True)) == {
        "语文": 20,
        "数学": 20,
        "英语": 20,
        "科学": 25,
    }
    assert len(second.snapshot.quarantine()) == 0
    change = next(one for one in compare(first.snapshot, second.snapshot) if one.table == "homework")
    assert (change.added, change.removed, change.changed) == (3, 0, 0)


def test_rows_that_are_still_wrong_stay_with_their_first_origin(tmp_path):
    first = hand_in(tmp_path, BAD)
    mended = mend(first, tmp_path / "待更正.xlsx", {("数学", "=1+1"): {"时长": "很久"}})
    second = receive([mended], Store(tmp_path / "store"), onto=first.snapshot.id)
    lines = second.snapshot.quarantine()
    assert lines.loc[lines["row"] == 3, ["file", "value"]].values.tolist() == [["作业台账.csv", "很久"]]
    assert second.snapshot.manifest["quarantined"] == 4


def test_a_correction_replaces_rows_by_key_and_leaves_the_others(tmp_path):
    first = hand_in(tmp_path, [list(LEDGER), ledger_row(), ledger_row(学科="数学")])
    right = tmp_path / "更正.csv"
    right.write_bytes(csv_bytes([list(LEDGER), ledger_row(时长="35")]))
    second = receive([right], Store(tmp_path / "store"), onto=first.snapshot.id)
    frame = second.snapshot.frame("homework")
    assert dict(zip(frame["subject"], frame["minutes"], strict=True)) == {"语文": 35, "数学": 20}
    change = next(one for one in compare(first.snapshot, second.snapshot) if one.table == "homework")
    assert (change.added, change.removed, change.changed) == (0, 0, 1)
    assert change.examples[0]["columns"] == {"minutes": [20.0, 35.0]}


def test_a_correction_that_is_itself_wrong_replaces_nothing(tmp_path):
    first = hand_in(tmp_path, [list(LEDGER), ledger_row()])
    wrong = tmp_path / "更正.csv"
    wrong.write_bytes(csv_bytes([list(LEDGER), ledger_row(时长="-5")]))
    second = receive([wrong], Store(tmp_path / "store"), onto=first.snapshot.id)
    assert second.snapshot.frame("homework")["minutes"].tolist() == [20]
    assert reasons(second) == {2: ["时长为负数"]}


def test_the_same_files_give_the_same_snapshot(tmp_path):
    first = hand_in(tmp_path, BAD)
    (tmp_path / "anders").mkdir()
    second = hand_in(tmp_path / "anders", BAD)
    again = receive([tmp_path / "作业台账.csv"], Store(tmp_path / "store"))
    assert first.snapshot.id == second.snapshot.id == again.snapshot.id
    assert len(Store(tmp_path / "store").list()) == 1


def test_the_answer_for_programs_follows_its_schema(tmp_path, capsys):
    (tmp_path / "作业台账.csv").write_bytes(csv_bytes(BAD))
    (tmp_path / "食堂.csv").write_bytes(csv_bytes([["菜名", "价格"], ["土豆", "3"]]))
    words = ["intake", str(tmp_path), "--store", str(tmp_path / ".store"), "--json"]
    assert main(words) == 0
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, json.loads(path("src/analysis/intake/answer.schema.json").read_text()))
    ledger = next(one for one in answer["files"] if one["path"] == "作业台账.csv")
    assert ledger == {
        "path": "作业台账.csv", "sheet": None, "table": "homework", "rows_read": 5, "rows_accepted": 1,
        "rows_quarantined": 4, "duplicates": 0, "ignored_columns": [], "encoding": "utf-8",
    }  # fmt: skip
    assert Store(tmp_path / ".store").open(answer["snapshot"]).tables
    assert main([*words, "--strict"]) == 3
    manifest = Store(tmp_path / ".store").open().manifest
    jsonschema.validate(manifest, json.loads(path("src/analysis/snapshots/manifest.schema.json").read_text()))


def test_the_command_prints_one_line_of_result_and_where_to_mend(tmp_path, capsys):
    (tmp_path / "作业台账.csv").write_bytes(csv_bytes(BAD))
    assert main(["intake", str(tmp_path / "作业台账.csv"), "--store", str(tmp_path / "s")]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "读 5 行 = 收 1（其中重复 0）+ 待更正 4" in printed[-1]
    assert any("quarantine.xlsx" in line and "--onto" in line for line in printed)


@pytest.mark.parametrize("words", [[], ["--json"], ["--nonsense", "x"]])
def test_a_wrong_call_ends_with_2(words):
    with pytest.raises(SystemExit) as end:
        main(["intake", *words])
    assert end.value.code == 2


def test_an_unknown_snapshot_to_correct(tmp_path, capsys):
    (tmp_path / "作业台账.csv").write_bytes(csv_bytes(BAD))
    assert main(["intake", str(tmp_path / "作业台账.csv"), "--store", str(tmp_path / "s"), "--onto", "abc"]) == 2
    assert "还没有快照" in capsys.readouterr().err


def test_snapshots_are_listed_shown_compared_and_verified(tmp_path, capsys):
    first = hand_in(tmp_path, BAD)
    right = write_xlsx(tmp_path / "更正.xlsx", {"台账": [list(LEDGER), ledger_row(时长="35")]})
    second = receive([right], Store(tmp_path / "store"), onto=first.snapshot.id)
    store = ["--store", str(tmp_path / "store")]
    schema = json.loads(path("src/analysis/snapshots/answer.schema.json").read_text())
    for words in ([], ["show"], ["compare", first.snapshot.id], ["verify", second.snapshot.id[:8]]):
        assert main(["snapshots", *words, *store, "--json"]) == 0
        jsonschema.validate(json.loads(capsys.readouterr().out), schema)
    for words in ([], ["show"], ["compare", first.snapshot.id], ["verify"]):
        assert main(["snapshots", *words, *store]) == 0
    told = capsys.readouterr().out
    assert f"更正自 {first.snapshot.id}" in told
    assert "改动 1 行" in told
    assert "minutes 20.0 → 35.0" in told
    assert "完好" in told


@pytest.mark.parametrize(
    ("which", "told"),
    [
        ("tables/homework.parquet", "学校 2199000001"),
        ("quarantine.xlsx", "quarantine.xlsx"),
        ("manifest.json", "manifest.json"),
        ("raw", "原始文件“作业台账.csv”"),
    ],
)
def test_a_flipped_byte_is_found_and_named(tmp_path, capsys, which, told):
    snapshot = hand_in(tmp_path, BAD).snapshot
    store = Store(tmp_path / "store")
    assert verify(store, snapshot) == []
    file = store.raw(snapshot.manifest["raw"][0]["sha256"]) if which == "raw" else snapshot.folder / which
    content = bytearray(file.read_bytes())
    content[40] ^= 0x01
    file.write_bytes(content)
    assert main(["snapshots", "verify", snapshot.id, "--store", str(tmp_path / "store")]) == 1
    assert told in capsys.readouterr().err


def test_a_missing_and_an_added_file_are_named(tmp_path):
    snapshot = hand_in(tmp_path, BAD).snapshot
    (snapshot.folder / "tables" / "homework.parquet").unlink()
    (snapshot.folder / "neu.txt").write_text("x")
    wrong = verify(Store(tmp_path / "store"), snapshot)
    assert "缺少 tables/homework.parquet" in wrong
    assert any("neu.txt" in line for line in wrong)


def test_the_data_dictionary_page_is_current(capsys):
    assert main(["dictionary", "--check"]) == 0
    assert "最新" in capsys.readouterr().out


def test_a_stale_data_dictionary_page_is_told(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("old")
    assert main(["dictionary", "--check", "--out", str(page)]) == 1
    assert main(["dictionary", "--out", str(page)]) == 0
    assert "作业台账" in page.read_text(encoding="utf-8")
