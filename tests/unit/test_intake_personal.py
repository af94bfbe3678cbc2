"""Personal data stop at the door: in columns, in cells, in messages, in the quarantine and in every stored file."""

import json

import pytest
from handed_in import LEDGER, csv_bytes, hand_in, ledger_row, write_xlsx
from stdnum import luhn
from stdnum.cn import ric

from analysis.cli import main
from analysis.intake import personal
from analysis.intake.reception import receive
from analysis.snapshots import Store, keys

STEM = "99010120000101001"
NUMBER = STEM + ric.calc_check_digit(STEM + "0")
BANK = "622202020011223345" + luhn.calc_check_digit("622202020011223345")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("学籍号 G" + NUMBER, "学籍号"), ("手机13812345678", "电话"), ("0353-1234567", "电话"), ("a.b@example.com", "邮箱"),
        ("来自192.0.2.7", "IP 地址"), ("微信号：abc123", "微信"), ("１３８１２３４５６７８", "电话"), ("卡号" + BANK, "银行账号"),
    ],
)  # fmt: skip
def test_what_looks_personal(text, kind):
    assert kind in personal.kinds(text)
    assert f"［已去除：{kind}］" in personal.masked(text)


def test_the_check_digit_of_an_id_number_is_tested():
    wrong = STEM + ("1" if NUMBER[-1] != "1" else "2")
    assert personal.kinds(f"身份证{NUMBER}") == ["身份证号"]
    assert personal.kinds(f"流水号{wrong}") == []


@pytest.mark.parametrize(
    "text", ["20260309", "2199000001", "共1350000元", "第12345678号", "1.5小时", "2026-03-09 12:30:00"]
)
def test_what_only_looks_like_a_number(text):
    assert personal.masked(text) == text


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("学生姓名", "姓名"),
        ("家长电话", "电话"),
        ("身份证号码", "身份证号"),
        ("来自IP", "IP 地址"),
        ("微信昵称", "昵称"),
        ("学校名称", ""),
    ],
)
def test_headers(header, kind):
    assert personal.header_kind(header) == kind


def test_columns_are_dropped_reported_and_their_names_kept_as_hashes_only(tmp_path):
    rows = [[*LEDGER, "教师姓名", "联系电话"], [*ledger_row(), "欧阳澄湖", "13812345678"]]
    outcome = hand_in(tmp_path, rows)
    assert outcome.sheets[0].ignored_columns == ["教师姓名", "联系电话"]
    told = [entry["message"] for entry in outcome.warnings]
    assert any("姓名" in line and "没有读入" in line for line in told)
    for file in outcome.snapshot.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert "欧阳澄湖".encode() not in content, file
            assert b"13812345678" not in content, file
    names = Store(tmp_path / "store").known_names()
    assert names("欧阳澄湖")
    assert not names("欧阳")
    assert names.found("据悉欧阳澄湖老师已到会。") == ["欧阳澄湖"]
    assert names.found("据悉各校均已上报。") == []


def test_pupils_are_kept_as_keyed_hashes_that_agree_between_files(tmp_path):
    header = ["学校", "学期", "年级", "班级", "日期", "学籍辅号", "到"]
    row = ["澄湖区第一小学", "2025-2026-2", "三", "1"]
    one = hand_in(
        tmp_path, [header, [*row, "2026-03-09", "X0001", "1"], [*row, "2026-03-09", "X0002", "0"]], "考勤.csv"
    )
    (tmp_path / "b").mkdir()
    two = hand_in(tmp_path / "b", [header, [*row, "2026-03-10", " x0001 ", "1"]], "考勤.csv")
    first, second = one.snapshot.frame("attendance"), two.snapshot.frame("attendance")
    assert first["pupil"].nunique() == 2
    assert set(second["pupil"]) <= set(first["pupil"])
    assert not first["pupil"].str.contains("X0001").any()
    assert all(b"X0001" not in f.read_bytes() for f in one.snapshot.folder.rglob("*") if f.is_file())


def test_a_cell_is_masked_where_text_is_kept_and_in_what_is_printed(tmp_path, capsys):
    (tmp_path / "台账.csv").write_bytes(
        csv_bytes(
            [[*LEDGER, "作业类型"], [*ledger_row(), "打13812345678"], [*ledger_row(学科="打13912345678"), "练习"]]
        )
    )
    assert main(["intake", str(tmp_path / "台账.csv"), "--store", str(tmp_path / "s"), "--json"]) == 0
    printed = capsys.readouterr()
    assert "1381234" not in printed.out + printed.err
    assert "1391234" not in printed.out + printed.err
    snapshot = Store(tmp_path / "s").open()
    assert snapshot.frame("homework")["kind"].tolist() == ["打［已去除：电话］"]
    assert snapshot.quarantine()["value"].tolist() == ["打［已去除：电话］"]
    assert all(b"1391234" not in f.read_bytes() for f in snapshot.folder.rglob("*") if f.is_file())
    assert json.loads(printed.out)["warnings"]


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    file = tmp_path / "local" / "key"
    first = keys.key(file)
    assert first == keys.key(file)
    assert len(first) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.keyed("a", first, "pupil") != keys.keyed("a", first, "name")


def test_a_workbook_with_names_in_a_pupils_column(tmp_path):
    """Where a roll call has names in the place of numbers, they are hashed and known to the gate."""
    rows = [
        ["学校", "学期", "年级", "班级", "日期", "学生姓名", "到"],
        ["第一小学", "2025-2026-2", "三", "1", "2026-03-09", "慕容青岭", "到"],
    ]
    outcome = receive([write_xlsx(tmp_path / "考勤.xlsx", {"考勤": rows})], Store(tmp_path / "store"))
    assert outcome.snapshot.frame("attendance")["pupil"].str.match("p[0-9a-f]{16}$").all()
    assert Store(tmp_path / "store").known_names()("慕容青岭")
