"""Personal data: every kind in each use, what only looks like one, and how it is masked; check digits worked out by hand."""

import time

import pytest

from analysis.text.personal import KINDS, find, hint, masked

# 11010519491231002X is the example of GB 11643: 1×7+1×9+0×10+1×5+0×8+5×4+1×2+9×1+4×6+9×3+1×7+2×9+3×10+1×5+0×8+0×4+2×2 = 167,
# 167 mod 11 = 2, and 2 stands for X. 4111111111111111: Luhn 7 × 2 (each second 1) + 8 (the doubled 4) + 8 = 30.
FOUND = {
    "身份证 11010519491231002X。": "identity",
    "110105 19491231 002x": "identity",
    "G11010519491231002X": "student",
    "护照号：E12345678": "passport",
    "邮箱a.b@example.com": "mail",
    "微信号：abc123": "chat",
    "QQ群 123456": "chat",
    "tel13812345678": "mobile",
    "+86 138-1234-5678": "mobile",
    "0353-2296688": "landline",
    "（0353）2296688": "landline",
    "010 — 62296688": "landline",
    "来自192.0.2.7": "ip",
    "卡号4111111111111111": "bank",
    "4111 1111 1111 1111": "bank",
    "张小明同学": "name",
    "城区某街12号楼3单元402室": "home",
    "阳光小区3号楼2单元": "home",
    "某某路8号院5号楼": "home",
    "家住东山脚下": "home",
    "110105194912310021": None,
    "4111111111111112": None,
    "2023 2024 2025 2026": None,
    "学生12345678人": None,
    "300.1.2.3": None,
    "1.2.3.4.5": None,
    "高年级同学与许多同学": None,
    "学生：减负，家长：满意。": None,
    "户籍地学校就近入学": None,
    "某某路12号": None,
}


@pytest.mark.parametrize(("text", "kind"), FOUND.items())
def test_kinds_in_a_cell_or_a_sentence(text, kind):
    assert [hit.kind.name for hit in find(text)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("110105194912310021", [("identity", False)]),
        ("账号411111111111111112", [("bank", False)]),
        ("现住某某村东头", [("residence", True)]),
        ("学生姓名：王小明。", [("child", True)]),
        ("11010519491231002X", [("identity", True)]),
    ],
)
def test_a_draft_is_told_of_what_is_doubtful_too(text, kinds):
    assert [(hit.kind.name, hit.certain) for hit in find(text, doubtful=True)] == kinds


@pytest.mark.parametrize(
    "text", ["tel13812345678", "9c013812345678f", "4111 1111 1111 1111", "1.13812345678", "5 1381234567"]
)
def test_in_a_published_file_a_number_stands_alone(text):
    assert find(text, published=True) == []


def test_masking_names_the_kind_and_keeps_the_rest():
    assert masked("请打13812345678给我") == "请打［已去除：电话］给我"
    assert masked("请写a@b.cn或192.0.2.7") == "请写［已去除：邮箱］或［已去除：IP 地址］"
    assert masked("共1350000元") == "共1350000元"


def test_a_hint_shows_two_characters_and_the_length():
    assert hint("13812345678") == "13…（共11位）"
    assert masked("卡号4111 1111 1111 11…", hinted=True) == "卡号41…（共17位）…"


def test_names_of_kinds_are_unique():
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "1-" * 25_000, "a.b" * 20_000, "路" * 20_000, "小区1" * 8_000, "1 " * 25_000]
)
def test_any_text_is_searched_quickly(text):
    begun = time.process_time()
    find(text, doubtful=True)
    assert time.process_time() - begun < 2
