"""Each check of a draft at its limits: what it finds, where, in which words; both sides worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.letters.checker import check

BASE = "请补上，四舍五入成100%的不能写100%。"
OPEN = "比例{}没有写明分母（基数），请补上，或注明见附表。"


def found(text: str, folder: Path, kind: str, suffix: str = ".txt") -> list[tuple[int, str, str, bool, str]]:
    file = folder / f"draft{suffix}"
    file.write_text(text, encoding="utf-8")
    return [(i.line, i.text, i.severity, i.holds, i.message) for i in check(file) if i.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们采取1项措施：作业管理、课后服务。", None),  # one thing is no list
        ("我们采取2项措施：作业管理、课后服务。", ("note", "写明2项，列出2项，相符。")),
        ("我们采取3项措施：作业管理、课后服务。", ("error", "写明3项，实际列出2项；请核对数目或补全所列。")),
        ("我们采取60项措施：作业管理、课后服务。", ("error", "写明60项，实际列出2项；请核对数目或补全所列。")),
        ("我们采取61项措施：作业管理、课后服务。", None),  # more than 60 are listed elsewhere
        (f"我们采取3项措施：{'管' * 24}、课后服务。", ("error", "写明3项，实际列出2项；请核对数目或补全所列。")),
        (f"我们采取3项措施：{'管' * 25}、课后服务。", None),  # 25 characters are a clause, not an entry
        ("建设小学、初中等3类学校。", ("warning", "写明3类，只列出2类，以“等”收尾；请列全，或以附件列明。")),
    ],
)
def test_an_announced_count_and_its_list(text, expected, tmp_path):
    told = [(severity, message) for _, words, severity, _, message in found(text, tmp_path, "count") if words == text]
    assert told == ([expected] if expected else [])


def test_a_finding_names_its_line_and_words(tmp_path):
    text = "第一行。\n我们采取3项措施：作业管理、课后服务。"
    ((line, words, *_),) = found(text, tmp_path, "count")
    assert (line, words) == (2, "我们采取3项措施：作业管理、课后服务。")


@pytest.mark.parametrize(
    ("span", "wrong"),
    [
        ("2026年5月31日至2026年5月1日", True),
        ("2026年5月1日至2026年5月31日", False),
        ("2026年5月1日至2026年5月1日", False),
        ("2026年5月至2026年5月", False),
        ("2026年6月至2026年5月", True),
        ("2026年6月至2025年7月", True),
        ("2025年7月至2026年6月", False),
    ],
)
def test_a_span_of_days_runs_forward(span, wrong, tmp_path):
    said = [(2, f"督查自{span}进行。", "error", False, "起止日期前后颠倒；请核对。")]
    assert found(f"第一行。\n督查自{span}进行。", tmp_path, "date") == (said if wrong else [])


def test_totals_of_rows_and_columns(tmp_path):
    table = "| 学校 | 小学 | 初中 | 合计 |\n|---|---|---|---|\n| 甲 | 1 | 2 | 3 |\n| 乙 | 4 | 5 | 10 |\n| 合计 | 5 | 8 | 13 |\n"
    assert sorted(found(table, tmp_path, "sum", ".md")) == sorted(
        [
            (3, "合计 3", "note", True, "表中该行相加为3，与合计相符。"),
            (4, "合计 10", "error", False, "表中该行相加为9，与合计10不符；请核对。"),
            (5, "合计 5", "note", True, "表中该列相加为5，与合计相符。"),
            (5, "合计 8", "error", False, "表中该列相加为7，与合计8不符；请核对。"),
            (5, "合计 13", "note", True, "表中该列相加为13，与合计相符。"),
            (5, "合计 13", "note", True, "表中该行相加为13，与合计相符。"),
        ]
    )
    single = "| 学校 | 数 |\n|---|---|\n| 甲 | 1 |\n| 合计 | 2 |\n"
    assert found(single, tmp_path, "sum", ".md") == []  # one part is no sum


@pytest.mark.parametrize(
    ("text", "severity", "holds", "message"),
    [
        ("全区学校100%开展课后服务。", "error", False, f"“100%”没有写明基数（应有多少、已有多少、截至何日）；{BASE}"),
        ("1所学校100%开展课后服务。", "error", False, f"“100%”没有写明基数（应有多少、已有多少、截至何日）；{BASE}"),
        ("2所学校100%开展课后服务。", "note", True, "“100%”所在句写明了基数；是否属实可用 --against 与数据核对。"),
        ("满分100%。", "note", True, "“100%”所在句写明了基数；是否属实可用 --against 与数据核对。"),
        ("按100%折算。", "", False, ""),
        ("我区8所学校都开展了课后服务。", "", False, ""),
        ("我区所有学校都开展了课后服务。", "warning", False,
         "“所有”是绝对化表述，句中没有基数；请写明“应…所，已…所”，或改用据实的说法。"),
    ],
)  # fmt: skip
def test_an_absolute_word_and_its_base(text, severity, holds, message, tmp_path):
    assert found(text, tmp_path, "absolute") == ([(1, text, severity, holds, message)] if severity else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("由2024年的45件增加到60件，增加15件。", ["由45到60，变化15，相符。"]),
        ("由45件增加到60件，增加16件，其中5件。", ["由45到60，变化应为15，文中写16；请核对。"]),
        (
            "由45件增加到60件，增加15件；由60件减少到50件，减少11件。",
            ["由45到60，变化15，相符。", "由60到50，变化应为10，文中写11；请核对。"],
        ),
        ("由45%提高到60%，提高15个百分点。", ["由45到60，变化15，相符。"]),
        ("由45%提高到60%，提高16个百分点。", ["由45到60，变化应为15，文中写16；请核对。"]),
        ("由45.1%提高到60%，提高14.8个百分点。", ["由45.1到60，变化应为14.9，文中写14.8；请核对。"]),
        ("由3件增加到4件，增长33.3%。", ["由3到4，变化33.3%，相符。"]),
        ("由3件增加到4件，增长33.4%。", ["由3到4，变化应为33.3%，文中写33.4%；请核对。"]),
        ("由3件增加到4件，增长33%。", ["由3到4，变化33%，相符。"]),
        ("由3件增加到4件，增长34%。", ["由3到4，变化应为33%，文中写34%；请核对。"]),
        ("由0件增加到4件，增长34%。", []),  # of nothing there is no rise in per cent
        ("由45件增加到60所，增加16件。", []),
        ("由约45件增加到60件，增加16件。", []),
    ],
)
def test_a_rise_follows_from_its_ends(text, expected, tmp_path):
    told = found(text, tmp_path, "sum")
    assert sorted(message for *_, message in told) == sorted(expected)
    assert {(line, words) for line, words, *_ in told} <= {(1, text)}
    assert all(holds == message.endswith("相符。") for *_, holds, message in told)


def test_a_share_without_a_base_is_asked_for_one(tmp_path):
    assert found("由45%提高到60%，提高15个百分点。", tmp_path, "share") == [
        (1, "由45%提高到60%，提高15个百分点。", "warning", False, OPEN.format("45%"))
    ]
    assert found("8所中7所，占87.5%。", tmp_path, "share") == []


@pytest.mark.parametrize(
    ("text", "severity", "message"),
    [
        ("印发《甲办法》《乙办法》等3份文件。", "warning", "写明3份，只列出2份，以“等”收尾；请列全，或以附件列明。"),
        ("印发3份文件：《甲办法》《乙办法》。", "error", "写明3份，实际列出2份；请核对数目或补全所列。"),
        ("印发2份文件，即《甲办法》和《乙办法》。", "note", "写明2份，列出2份，相符。"),
        ("先后印发3份《甲办法》《乙办法》。", "error", "写明3份，实际列出2份；请核对数目或补全所列。"),
        # twelve characters between two titles are one list, thirteen are not
        (f"印发3份文件：《甲办法》{'和' * 12}《乙办法》。", "error", "写明3份，实际列出2份；请核对数目或补全所列。"),
        (f"印发3份文件：《甲办法》{'和' * 13}《乙办法》。", "error", "写明3份，实际列出1份；请核对数目或补全所列。"),
        ("作业、服务两项工作。", "note", "写明2项，列出2项，相符。"),
        ("作业、服务三项工作。", "error", "写明3项，实际列出2项；请核对数目或补全所列。"),
        ("作业、服务和培训等三项工作。", "note", "写明3项，列出3项，相符。"),
    ],
)
def test_titles_and_entries_before_and_after_a_count(text, severity, message, tmp_path):
    assert [(told[2], told[4]) for told in found(text, tmp_path, "count")] == [(severity, message)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一是作业，二是服务，四是培训。", ["序号不连续：“四是”之前缺少“三是”；请补上该部分或改正序号。"]),
        ("一是作业。一是服务。二是乙。", ["序号“一是”重复；请改为“二是”并顺改以下各号。"]),
        ("一是作业。二是服务。一是甲。二是乙。", []),  # a second list begins again
        ("一是作业，二是服务，三是培训。", []),
    ],
)
def test_ordinals_run_on(text, expected, tmp_path):
    assert [message for *_, message in found(text, tmp_path, "section")] == expected


@pytest.mark.parametrize(
    ("datum", "severity", "message", "contact"),
    [
        ("学籍号G110105201001010011", "error", "含学籍号；请删去，答复中不得出现学生个人信息。", False),
        ("身份证号11010519491231002X", "error", "含身份证号（校验位相符）；请删去。", False),
        ("号码110105194912310021", "warning", "形似身份证号（校验位不符）；如确为证件号码请删去。", False),
        ("身份证110105194912310021", "error", "形似身份证号（校验位不符）；如确为证件号码请删去。", False),
        ("护照E12345678", "error", "含护照号；请删去。", False),
        ("邮箱a.b@example.com", "error", "含电子邮箱；请删去，单位邮箱请放在文末联系方式一行。", True),
        ("微信：abc12345", "error", "含微信号、QQ号或昵称；请删去。", False),
        ("手机13812345678", "error", "含手机号码；请删去，承办人电话请放在文末联系方式一行。", True),
        ("电话010-62345678", "warning", "含电话号码；如为个人电话请删去，单位电话请放在文末联系方式一行。", True),
        ("家中电话010-62345678", "error", "含电话号码；如为个人电话请删去，单位电话请放在文末联系方式一行。", True),
        ("地址10.1.2.3", "error", "含网络地址（IP）；请删去。", False),
        ("编号6222021234567890128", "error", "含银行账号；请删去。", False),
        ("账号6222021234567890123", "error", "含银行账号；请删去。", False),
        ("编号6222021234567890123", "", "", False),  # no check digit and no word for an account
        ("家住幸福小区3号楼", "error", "含住址；请删去，代表、学生与家长的住址不得写入答复。", True),
        ("张明同学", "error", "含学生或家长姓名；请删去或改称“某同学”。", False),
    ],
)
def test_personal_data_and_what_a_line_of_contact_may_hold(datum, severity, message, contact, tmp_path):
    alone = [(told[0], told[2], told[4]) for told in found(f"第一行。\n{datum}。", tmp_path, "personal")]
    assert alone == ([(2, severity, message)] if severity else [])
    beside = [(told[2], told[4]) for told in found(f"联系人：李主任，{datum}。", tmp_path, "personal")]
    assert beside == ([] if contact or not severity else [(severity, message)])
