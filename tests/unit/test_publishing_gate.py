"""The gate: each thing that must not be published is planted once, and found."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
import typst
from rendering import publishing_examples as examples
from stdnum import luhn

from analysis.house import UserError
from analysis.publishing import gate, gate_content, gate_files, gate_personal
from analysis.publishing.content import read
from analysis.publishing.publication import publish


def refused(*cells: Any, **head: Any) -> str:
    with pytest.raises(UserError) as told:
        gate.content(read(examples.notebook(examples.head(**head), *cells)))
    return told.value.message


def test_a_clean_report_and_a_clean_letter_pass() -> None:
    gate.content(read(examples.report()))
    gate.content(read(examples.letter()))


@pytest.mark.parametrize("text", ["共7所学校", "共７所学校", "有三所学校", "百分之九十", "①", "60分钟"])
def test_a_typed_number_is_found(text: str) -> None:
    assert "既不是引用的统计量，也没有声明" in refused(examples.paragraph("body", text))


def test_a_typed_number_is_found_wherever_it_stands() -> None:
    table, figure = examples.grades_table(), examples.report().cells[7].outputs[0]["data"][examples.MIME]
    places = {
        "note": {**table, "notes": [[{"text": "另有3所"}]]},
        "title": {**table, "title": "3个年级"},
        "label": {**table, "columns": [{"key": "a", "label": "3年"}, *table["columns"][1:]]},
        "unit": {**table, "columns": [{"key": "a", "label": "甲", "unit": "3元"}, *table["columns"][1:]]},
        "cell": {**table, "rows": [{"cells": [{"text": "3"}] * 4}]},
        "alt": {**figure, "alt": "最高为77.7%"},
        "subtitle": {**figure, "subtitle": "共77个"},
        "list": examples.block("list", ordered=False, items=[[{"text": "3所"}]]),
        "heading": examples.block("heading", level=1, runs=[{"text": "3所学校"}]),
        "option": examples.block("form", title="表", options=["3分"], fields=[{"label": "甲"}]),
        "field": examples.block("form", title="表", options=["甲"], fields=[{"label": "第3项"}]),
    }
    for name, wrong in places.items():
        assert "既不是引用的统计量" in refused(wrong), name
    assert "标题" in refused(title="3所学校的报告")


def test_numbers_of_a_figures_statistics_may_stand_in_its_words() -> None:
    statistic = examples.grouped(5, 0.905, "90.5%")
    figure = examples.block(
        "figure",
        name="a",
        title="五年级只有90.5%",
        subtitle="共1,869个班级日",
        alt="五年级为90.5%，95%区间89.9%–92.6%。",
        media_type="image/svg+xml",
        data=examples.SVG,
        statistics=[statistic],
    )
    gate.content(read(examples.notebook(examples.head(), figure)))
    assert "190.5" in refused({**figure, "title": "五年级只有190.5%"})


def test_a_number_that_is_not_what_its_statistic_says_is_found() -> None:
    assert "与它所引的统计量不符" in refused(examples.paragraph("body", examples.number("93.1%")))


def test_missing_title_alternative_text_header_and_rows_are_found() -> None:
    assert "缺标题" in refused(title="")
    assert "缺标题" in refused({**examples.grades_table(), "title": ""})
    assert "没有一行" in refused({**examples.grades_table(), "rows": []})
    table = examples.grades_table()
    table["columns"][1] = {**table["columns"][1], "label": " "}
    assert "“days”列缺表头" in refused(table)
    figure = examples.report().cells[7].outputs[0]["data"][examples.MIME]
    assert "缺替代文字" in refused({**figure, "alt": ""})


def test_a_language_other_than_chinese_is_refused() -> None:
    with pytest.raises(UserError, match="language"):
        read(examples.notebook(examples.head(language="en")))


def test_a_character_that_no_font_has_is_told_with_code_point_and_place() -> None:
    told = refused(examples.paragraph("body", "好🙂"))
    assert "第2个单元格" in told
    assert "U+1F642 SLIGHTLY SMILING FACE" in told
    gate.content(read(examples.notebook(examples.head(), examples.paragraph("body", "喆堃昇珺玥〔〕┋〖"))))


def test_simulated_data_without_their_mark_are_refused() -> None:
    assert "没有“模拟”标注" in refused(mark="")


def test_a_small_cell_is_refused_in_a_public_edition_only() -> None:
    small = examples.statistic(
        0.5, "50.0%", base=6, denominator=6.0, numerator=3.0, base_unit="名学生", base_text="6名学生"
    )
    sentence = examples.paragraph("body", examples.number("50.0%", source=small))
    told = refused(sentence, audience="public")
    assert "公开版不得出示" in told
    gate.content(read(examples.notebook(examples.head(), sentence)))


PERSONAL = {
    "身份证号": "11010519491231002X",
    "学籍号": "G11010519491231002X",
    "手机号": "13800138000",
    "电话号码": "0353-2296688",
    "IP 地址": "10.20.30.40",
    "电子邮箱": "a.b@example.invalid",
    "银行账号": "6222020000000000000",
}


@pytest.mark.parametrize(("kind", "text"), PERSONAL.items())
def test_personal_numbers_are_found_and_masked(kind: str, text: str) -> None:
    if kind == "银行账号":
        text = next(text[:-1] + digit for digit in "0123456789" if luhn.is_valid(text[:-1] + digit))
    found = list(gate_personal.reasons({"index.html": f"联系{text}。"}, [], None))
    assert len(found) == 1
    assert found[0].startswith(f"index.html 中有{kind}")
    assert text not in found[0]


def test_numbers_of_other_kinds_are_no_personal_data() -> None:
    text = "0.13800138000 9c0113800138000f 1.25.3 2026-07-20 99000000013 14030220260703123 v1.2.3.4.5 11,380,013,800"
    assert list(gate_personal.reasons({"a": text}, [], None)) == []


def test_rows_of_numbers_and_pictures_are_no_personal_data() -> None:
    text = '/W [147 1000 1000 500] M 12 138 0013 8000 L 139 0013 8000 7 value="1.3800138000" 1,138,0013,8000'
    assert list(gate_personal.reasons({"a": text}, [], None)) == []
    told = list(gate_personal.reasons({"a": "电话 138-0013-8000；138 0013 8001"}, [], None))
    assert len(told) == 2


def test_the_words_of_a_vector_picture_are_searched_and_its_coordinates_are_not() -> None:
    picture = '<svg><path d="M 13800138000 1"/><text>甲13900139000乙</text></svg>'
    found = gate_files.notebook_text({"cells": [{"data": {"image/svg+xml": picture, "image/png": "13700137000"}}]})
    assert "13900139000" in found
    assert "13800138000" not in found
    assert "13700137000" not in found


def test_declared_contacts_are_exempt() -> None:
    assert list(gate_personal.reasons({"a": "电话0353-2296688"}, ["0353-2296688"], None)) == []


class Known:
    """Stands for the keyed digests of intake, with one name."""

    def found(self, text: str) -> list[str]:
        return ["欧阳测试"] if "欧阳测试" in text else []


def test_a_known_name_is_found_in_any_file_and_not_printed() -> None:
    texts = {"index.html": "<p>欧阳测试同学</p>", "笔记本": "Traceback 欧阳测试"}
    (found,) = gate_personal.reasons(texts, [], Known())
    assert "index.html、笔记本" in found
    assert "欧阳测试" not in found


def planted(where: str, text: str) -> Any:
    """A report with a text put into one of its parts."""
    made = examples.report()
    if where == "traceback":
        made.cells[0].outputs.append({"output_type": "stream", "name": "stderr", "text": text})
    elif where == "metadata":
        made.metadata["author"] = text
    elif where == "alt":
        made.cells[7].outputs[0]["data"][examples.MIME]["alt"] += text
    elif where == "cell":
        made.cells[5].outputs[0]["data"][examples.MIME]["rows"][0]["cells"][0] = {"text": text, "literal": "name"}
    else:
        made.cells[1].outputs[0]["data"][examples.MIME]["runs"].append({"text": text, "literal": "name"})
    return made


@pytest.mark.parametrize("where", ["traceback", "metadata", "alt", "cell", "text"])
def test_nothing_is_written_when_a_personal_datum_stands_anywhere(where: str, tmp_path: Any) -> None:
    with pytest.raises(UserError, match="人员姓名"):
        publish(planted(where, "欧阳测试"), tmp_path / "a", formats=("html", "pdf", "docx"), known_names=Known())
    if where not in ("alt",):
        with pytest.raises(UserError, match="手机号"):
            publish(planted(where, "13800138000"), tmp_path / "a", formats=("html", "pdf", "docx"), own=["13800138000"])
    with pytest.raises(UserError) as told:
        publish(planted(where, "13800138000"), tmp_path / "a", formats=("html",))
    assert "13800138000" not in told.value.message
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://example.invalid/a.js"></script>',
        '<link rel="stylesheet" href="a.css">',
        '<img src="http://example.invalid/a.png" alt="">',
        "<style>@import 'a.css'</style>",
        '<style>p{background:url("//example.invalid/a")}</style>',
        "<script>fetch('/a')</script>",
        '<p onclick="a()">甲</p>',
        '<a href="javascript:a()">甲</a>',
        '<img src="data:image/svg+xml,%3Csvg%3E%3Cimage href=\'http://example.invalid/a\'/%3E%3C/svg%3E" alt="">',
        '<iframe src="https://example.invalid"></iframe>',
    ],
)
def test_requests_to_a_network_are_found(markup: str) -> None:
    assert gate_files.requests(f"<html><body>{markup}</body></html>")


def test_a_page_of_ours_requests_nothing_and_a_link_is_no_request() -> None:
    assert gate_files.requests('<p><a href="https://example.invalid">甲</a></p>') == []


def test_a_cell_that_a_spreadsheet_would_run_is_found() -> None:
    document = read(examples.report())
    found = list(gate_files.reasons(document, {"tables/a.csv": "a,b\n=1+1,-5\n@x,−3\n".encode()}))
    assert [re.search("“(.*?)”", reason).group(1) for reason in found] == ["=1+1", "@x"]  # type: ignore[union-attr]


def test_a_missing_mark_is_found_in_every_kind_of_file() -> None:
    document = read(examples.report())
    found = list(
        gate_files.reasons(document, {"index.html": b"<p></p>", "tables/datapackage.json": b'{"description": ""}'})
    )
    assert len(found) == 2


def test_many_reasons_are_told_at_once_and_counted() -> None:
    told = refused(*(examples.paragraph("body", f"共{number}所") for number in range(10, 30)))
    assert "共20处须改正" in told
    assert "另有8处" in told


def test_forms_of_a_statistic_are_those_that_pages_print() -> None:
    forms = gate_content.forms(examples.statistic())
    assert {"91.3%", "89.9%–92.6%", "89.9%", "11,214个班级日", "11,214", "10,241", "7", "95%"} <= set(forms)


def test_content_is_not_changed_by_the_gate() -> None:
    document = read(examples.report())
    before = copy.deepcopy(document.blocks)
    gate.content(document)
    assert document.blocks == before


def test_no_identifier_of_a_pdf_is_a_chat_name():
    page = typst.compile(
        "#set document(title: [报告], date: datetime(year: 2026, month: 7, day: 20))\n1".encode(),
        format="pdf",
        pdf_standards=["a-2b"],
    )
    searched = gate_files.text("report.pdf", page)
    identifiers = set(re.findall(rb"[A-Za-z0-9+/]{22}==", page))
    assert identifiers and "报告" in searched  # Typst's digests, in letters and digits: any may begin with qq
    assert not [found for found in identifiers if found.decode() in searched]
