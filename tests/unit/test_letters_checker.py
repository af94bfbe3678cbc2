"""The draft checker finds every planted fault and leaves clean letters alone."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.house import UserError
from analysis.letters.checker import check

DRAFTS = Path(__file__).parent / "letters_drafts"
EXPECTED = tomllib.loads((DRAFTS / "expected.toml").read_text(encoding="utf-8"))
FAULTY = sorted(path.name for path in (DRAFTS / "faulty").iterdir())
CLEAN = sorted(path.name for path in (DRAFTS / "clean").iterdir())


def test_sets_are_large_enough_and_each_fault_is_expected():
    assert len(FAULTY) >= 30
    assert len(CLEAN) >= 10
    assert sorted(EXPECTED["faulty"]) == FAULTY


@pytest.mark.parametrize("name", FAULTY)
def test_planted_fault_is_found(name):
    found = check(DRAFTS / "faulty" / name)
    for kind, severity, line, words in EXPECTED["faulty"][name]:
        hits = [
            item
            for item in found
            if (item.kind, item.severity, item.line, item.holds) == (kind, severity, line, False)
            and words in item.message
        ]
        assert hits, (kind, severity, line, words, [item.as_dict() for item in found])


@pytest.mark.parametrize("name", CLEAN)
def test_clean_letter_is_left_alone(name):
    bad = [item for item in check(DRAFTS / "clean" / name) if item.severity != "note" or not item.holds]
    assert bad == []


@pytest.mark.parametrize("name", sorted(EXPECTED["holding"]))
def test_claims_that_hold_are_told(name):
    found = [item for item in check(DRAFTS / name) if item.holds]
    for kind, words in EXPECTED["holding"][name]:
        assert any(item.kind == kind and words in item.message for item in found), (kind, words)


def test_no_personal_datum_is_repeated():
    for name in ("29_personal_phone.txt", "30_addresses.txt", "40_bank_and_chat.txt"):
        told = json.dumps([item.as_dict() for item in check(DRAFTS / "faulty" / name)], ensure_ascii=False)
        for datum in ("13812345678", "11010519491231002X", "parent_one@example.com", "6222 0212 3456 7890 128"):
            assert datum not in told


def test_command_prints_the_agreed_json_and_its_exit_status(capsys):
    assert main(["check", str(DRAFTS / "faulty" / "17_square_brackets.txt"), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["findings"]
    for item in answer["findings"]:
        assert list(item) == ["line", "text", "kind", "severity", "message", "holds"]
        assert item["severity"] in ("error", "warning", "note")
    assert main(["check", str(DRAFTS / "clean" / "01_reply.txt")]) == 0
    assert "错误0处" in capsys.readouterr().out


def test_long_draft_takes_seconds(tmp_path):
    text = (DRAFTS / "clean" / "03_reply_on_training.txt").read_text(encoding="utf-8")
    long = tmp_path / "long.txt"
    long.write_text(text * (40_000 // len(text) + 1), encoding="utf-8")
    assert len(long.read_text(encoding="utf-8")) >= 40_000
    start = time.process_time()
    assert check(long)
    assert time.process_time() - start < 10
    one_line = tmp_path / "one.txt"
    one_line.write_text("全区学校" + "、甲校（模拟）共3所、乙校5所" * 2_400, encoding="utf-8")
    start = time.process_time()
    check(one_line)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("letter.pdf", b"%PDF-1.4", "格式不能检查"),
        ("letter.txt", b"", "没有文字"),
        ("letter.txt", b"\x00\x01\x02\xff\xfe", "不是文本文件"),
        ("letter.docx", b"PK\x03\x04 broken", "不是完好的 docx"),
        ("missing.txt", None, "找不到文稿"),
    ],
)
def test_unreadable_file_is_told_in_chinese(tmp_path, name, content, words):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError, match=words):
        check(file)


def test_gb18030_and_utf16_text_are_read(tmp_path):
    text = "全区机构14家（甲类5家，乙类8家）。"
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        file = tmp_path / f"{encoding}.txt"
        file.write_bytes(text.encode(encoding))
        assert any("5 + 8 = 13" in item.message for item in check(file))


QUIET = (DRAFTS / "quiet_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("number", range(len(QUIET)))
def test_right_sentence_of_a_letter_raises_nothing(number, tmp_path):
    file = tmp_path / "sentence.txt"
    file.write_text(QUIET[number], encoding="utf-8")
    bad = [item.as_dict() for item in check(file) if not item.holds and item.kind != "part"]
    assert bad == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("我区14家校外培训机构中，全日制高考补习5家，非学科类8家。", "sum", "5 + 8 = 13"),
        ("采用“30分钟作业辅导+50分钟社团活动+30分钟体育锻炼”模式，每天共120分钟。", "sum", "= 110"),
        ("全年受理投诉线索47条，办结45条，办结率98.7%。", "sum", "45 ÷ 47"),
        ("经费共计385.6万元，其中：市级120万元，区级255.6万元。", "sum", "375.6"),
        ("成立由23个部门为成员单位的工作专班（教育局、公安局、市场监管局等）。", "count", "只列出3个"),
        ("语文、数学、英语、道德与法治、科学等12个学科全部覆盖。", "count", "只列出5个"),
        ("制定了《甲办法》、《乙方案》、《丙细则》、《丁规定》等三个文件。", "count", "列出4个"),
        ("第一，抓总量。第二，抓公示。第四，抓监测。", "section", "缺少“第三”"),
        ("按照晋教基〔2021〕第08号要求办理。", "document", "不加“第”"),
        ("按照《关于做好课后服务工作的通知》（阳教字〔21〕15号）办理。", "document", "四位"),
        ("全区中小学课后服务覆盖率达到100%，做到了应开尽开。", "absolute", "100%"),
        ("学生参与率达到98%以上，教师参与率达到95%以上。", "share", "分母"),
        ("会议于2023年9月1日（星期日）召开。", "date", "星期五"),
        ("家长电话 139 1234 5678，住址：城区某街12号楼3单元402室。", "personal", "手机"),
    ],
)
def test_planted_slip_in_a_sentence_is_found(text, kind, words, tmp_path):
    file = tmp_path / "sentence.txt"
    file.write_text(text, encoding="utf-8")
    assert any(item.kind == kind and words in item.message and not item.holds for item in check(file))
