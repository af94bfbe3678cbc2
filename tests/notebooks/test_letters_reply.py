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
    assert [row["cells"][4]["text"] for row in matrix["rows"]] == ["B", "B", "A", "B", "B"]


def test_every_number_is_a_statistic_or_a_declared_literal(example):
    for item in example["2026-017"]:
        for run in item.get("runs", []):
            if any(sign.isdigit() for sign in run["text"]):
                assert "statistic" in run or "literal" in run, run


def test_verdicts_follow_the_data(example):
    text = plain(example["2026-017"])
    assert "未达到“全部达标”的要求：5,532个班级日中676个超出" in text
    assert "数据不支持“各项都不低于94%”的说法" in text
    assert "平均作业时长都在规定以内" in text


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
        ("达标比例最低的是", "全区共8所学校，达标比例最低的是", "手写了数字“8所”|手写了数字“8”"),
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
