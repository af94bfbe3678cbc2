"""Letters on the shipped data: the worked example, its pages, and what stops a letter."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files

import pytest
from conftest import command
from jsonschema import validate

from analysis.house import UserError
from analysis.letters.reply import letter
from analysis.presentation.edition import current

PARAMETERS = {
    "snapshot": "latest",
    "district": "990101",
    "school": "",
    "term": "2025-2026-2",
    "audience": "public",
    "as_of": "2026-07-20",
}


@pytest.fixture
def house(shipped_snapshot, monkeypatch):
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
    return shipped_snapshot


@pytest.fixture
def changed(shipped_snapshot, tmp_path, monkeypatch):
    """A copy of the project whose register a test may change."""
    target = tmp_path / "house"
    (target / "data").mkdir(parents=True)
    for part in ("data/reference", "data/raw", "data/snapshots", "data/published", "notebooks", "reports"):
        (target / part).symlink_to(shipped_snapshot / part)
    shutil.copytree(shipped_snapshot / "data" / "suggestions", target / "data" / "suggestions")
    monkeypatch.setenv("SHUANGJIAN_HOME", str(target))

    def change(old, new, name="2026-017"):
        file = target / "data" / "suggestions" / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def written(suggestion="2026-017", **more):
    reply = letter(suggestion, **{**PARAMETERS, **more})
    for part in (reply.opening, reply.answers, reply.closing, reply.form, reply.matrix, reply.appendix):
        part()
    return current().objects


@pytest.fixture(scope="module")
def example(shipped_snapshot):
    """The worked example, composed once: the letters to both signatories."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
        return {name: written(name) for name in ("2026-017", "2026-017-2")}


def plain(objects):
    return "\n".join("".join(run["text"] for run in item.get("runs", [])) for item in objects)


def test_worked_example_is_a_letter_in_the_usual_order(example):
    objects = example["2026-017"]
    roles = [
        item["role"]
        for item in objects
        if item["kind"] == "paragraph" and item["role"] not in ("body", "verdict", "note")
    ]
    assert roles == ["addressee", "opening", "closing", "attachment", "signature", "date", "contact", "copies"]
    assert objects[0]["class"] == "letter"
    assert objects[0]["simulated"]
    assert "模拟" in objects[0]["mark"]
    headings = [plain([item]) for item in objects if item["kind"] == "heading" and item["level"] == 1]
    assert headings == [
        "关于控制书面作业总量",
        "关于提升课后服务",
        "关于满意度",
        "关于教师减负与经费",
        "关于校外培训机构",
    ]
    assert [item["kind"] for item in objects].count("form") == 1
    matrix = next(item for item in objects if item.get("name") == "matrix")
    assert [row["cells"][4]["text"] for row in matrix["rows"]] == ["B"] * 13
    asked = [row["cells"][1]["text"] for row in matrix["rows"]]
    assert asked[:3] == ["书面作业是否都控制在规定时长之内", "超出的是哪些年级和学校", "怎样管住总量"]


def test_every_number_is_a_statistic_or_a_declared_literal(example):
    for item in example["2026-017"]:
        for run in item.get("runs", []):
            if any(sign.isdigit() for sign in run["text"]):
                assert "statistic" in run or "literal" in run, run


def test_verdicts_follow_the_data(example):
    text = plain(example["2026-017"])
    assert "没有都控制在规定时长之内。" in text
    assert "676个班级日超出" in text
    assert "数据不支持“各项都不低于94%”的说法" in text
    assert "超出的是九年级329个班级日、八年级103个班级日、六年级91个班级日" in text


def test_schools_are_counted_in_a_public_letter_and_the_reason_is_said_once(example):
    """260 and 195 of the 676 class-days are of two schools: together more than half."""
    text = plain(example["2026-017"])
    assert "有超出的共7所学校，其中2所合计占半数以上" in text
    assert text.count("公开答复不点名学校，各校名单与数字由基础教育科另函送您。") == 1
    for name in ("第一初中", "南浦初中", "湖滨小学"):
        assert name not in json.dumps(example["2026-017"], ensure_ascii=False)


def _identity(figure):
    return figure["indicator"], json.dumps(figure["scope"], sort_keys=True)


def test_every_figure_of_the_body_stands_in_the_annex(example):
    objects = example["2026-017"]
    cut = next(place for place, item in enumerate(objects) if item.get("name") == "matrix")
    body = {  # what follows from a figure's own bounds stands beside it there
        _identity(run["statistic"])
        for item in objects[:cut]
        for run in item.get("runs", [])
        if run.get("part") == "value" and not run["statistic"]["indicator"].endswith((".groups", ".missing", ".margin"))
    }
    cells = [run for item in objects[cut:] if item["kind"] == "table" for row in item["rows"] for run in row["cells"]]
    annex = {_identity(run["statistic"]) for run in cells if "statistic" in run}
    assert body
    assert body <= annex


def test_tables_of_items_say_whose_answers_and_have_no_total(example):
    tables = {item["name"]: item for item in example["2026-017"] if item["kind"] == "table"}
    for who in ("parent", "student"):
        made = tables[f"satisfaction_top2_by_item_{who}"]
        assert {row["role"] for row in made["rows"]} == {"body"}
    titles = [
        "".join(run["text"] for run in tables[f"satisfaction_top2_by_item_{who}"]["title"])
        for who in ("parent", "student")
    ]
    assert titles == ["满意率：家长按项目（2025—2026学年第二学期）", "满意率：学生按项目（2025—2026学年第二学期）"]


def test_table_that_the_public_may_not_see_needs_a_reason(changed):
    changed('reason = "公开答复不点名学校，各校名单与数字由基础教育科另函送您"\n', "")
    with pytest.raises(UserError, match=r"2026-017.toml，第1条请求第2问“超出的是哪些年级和学校”：附表.*reason"):
        letter("2026-017", **PARAMETERS)


def test_point_called_solved_whose_figures_miss_their_rule_stops_the_letter(changed):
    changed('heading = "关于满意度"\ncategory = "B"', 'heading = "关于满意度"\ncategory = "A"')
    with pytest.raises(UserError, match=r"第3条请求：标为A类.*“满意率”.*95\.0%，数据不足以支持"):
        letter("2026-017", **PARAMETERS)


def test_sentence_without_a_value_stops_the_letter(changed):
    changed("分学校看，有超出的共{schools.beyond}。", "各校差异为{schools.lowest}。")
    reply = letter("2026-017", **PARAMETERS)
    reply.opening()
    with pytest.raises(UserError, match=r"第1条请求的答复“分年级看.*答复不得落空"):
        reply.answers()


def test_each_signatory_gets_a_letter(example):
    first, second = plain(example["2026-017"]), plain(example["2026-017-2"])
    assert second.startswith("\n模拟代表乙：")
    assert "由您与模拟代表甲联名提出" in second
    assert second.replace("模拟代表乙", "模拟代表甲").splitlines()[3:] == first.splitlines()[3:]


def test_explained_difference_is_told_in_the_appendix(example):
    lists = [item for item in example["2026-017"] if item["kind"] == "list"]
    assert any("第二批经费还没有拨付" in run["text"] for item in lists for runs in item["items"] for run in runs)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'indicator = "homework.within_cap"\n\n[[point.evidence]]',
            'indicator = "homework.nothing"\n\n[[point.evidence]]',
            "homework.nothing",
        ),
        (
            'documents = ["教基厅函〔2021〕13号", "澄教字〔2025〕6号"]',
            'documents = ["教基厅函〔2021〕31号"]',
            "不在文件登记册",
        ),
        ("分年级看，", "全区共8所学校，分年级看，", "手写了数字“8所”|手写了数字“8”"),
        ("on = 2026-05-20", "on = 2026-08-20", "尚未办成的请改列为下一步"),
        ("by = 2026-09-30", "by = 2026-06-30", "已过"),
        ('document_number = "澄教函〔2026〕12号"\n', "", "没有登记复文文号"),
        (
            '[[difference]]\nindicator = "service.funds_paid"',
            '[[difference]]\nindicator = "service.funds_other"',
            "与已寄出的答复不一致",
        ),
    ],
)
def test_anything_missing_stops_the_letter(changed, old, new, words):
    changed(old, new)
    with pytest.raises(UserError, match=words):
        letter("2026-017", **PARAMETERS)


def test_point_without_an_answer_stops_the_letter(changed):
    with pytest.raises(UserError, match=r"还不能出答复.*没有答复"):
        letter("2026-023", **PARAMETERS)


def test_indicator_without_data_in_the_scope_stops_the_letter(changed):
    changed(
        'name = "within"\nindicator = "homework.within_cap"',
        'name = "within"\nindicator = "homework.within_cap"\nwhere = { subject = "音乐" }',
    )
    with pytest.raises(UserError, match="第1条请求的依据“within”"):
        letter("2026-017", **PARAMETERS)


def test_figure_that_the_public_may_not_see_stops_the_letter(changed, tmp_path):
    local = tmp_path / "house" / "data" / "local"
    local.mkdir()
    (local / "settings.toml").write_text("[disclosure]\nthreshold = 5000\n", encoding="utf-8")
    with pytest.raises(UserError, match="按保护规则不得公布"):
        letter("2026-017", **PARAMETERS)


def test_answer_before_receipt_stops_the_letter(house):
    with pytest.raises(UserError, match="早于收到建议之日"):
        letter("2026-017", **{**PARAMETERS, "as_of": "2026-04-20"})


def test_published_letter_of_the_simulated_district_shows_every_verdict(house):
    done = command(house, "published", "2026-simulated-letter", "--json")
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    validate(answer, json.loads((files("analysis.letters") / "published.schema.json").read_text(encoding="utf-8")))
    verdicts = {claim["verdict"] for claim in answer["letters"][0]["claims"]}
    assert verdicts == {
        "exact",
        "interval",
        "definition",
        "not reproduced",
        "cannot be judged",
        "consistent",
        "inconsistent",
    }


def test_draft_is_held_against_the_snapshot(house, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_text(
        "本学期课后服务参与率84.0%，五天参加率为70.2%。\n家长满意率94%以上，学生满意率94%以上。\n"
        "各校书面作业均控制在规定时长以内。\n七年级课后服务参与率86.1%。\n",
        encoding="utf-8",
    )
    done = command(house, "check", str(draft), "--against", "latest", "--json")
    answer = json.loads(done.stdout)
    validate(answer, json.loads((files("analysis.letters") / "check.schema.json").read_text(encoding="utf-8")))
    told = [(item["line"], item["severity"], item["holds"]) for item in answer["findings"] if item["kind"] == "figure"]
    assert told == [
        (1, "error", False),
        (1, "note", True),
        (2, "warning", False),
        (2, "note", True),
        (3, "error", False),
        (4, "note", True),
    ]
    assert done.returncode == 1
