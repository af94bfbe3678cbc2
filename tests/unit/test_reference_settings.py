"""The settings and the rules of answering, with what a bureau lays over them: a slip names the file that holds it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.disclosure import threshold
from analysis.house import UserError
from analysis.presentation.offices import office
from analysis.reference.reading import SlipsError
from analysis.reference.replies import replies
from analysis.reference.settings import settings

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = "“data/reference/settings.toml”"
OWN = "“data/local/settings.toml”"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "data" / "local").mkdir()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("SHUANGJIAN_HOME", str(tmp_path))
    return tmp_path


def overlay(place: Path, text: str) -> None:
    (place / "data" / "local" / "settings.toml").write_text(text, encoding="utf-8")


def misspell(place: Path, name: str, right: str, wrong: str) -> None:
    file = place / "data" / "reference" / name
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")


def test_the_bureaus_own_values_go_over_the_shipped_ones_key_by_key(place: Path) -> None:
    assert threshold() == 10
    overlay(
        place,
        '[bureau]\ncontact = "甲"\n[disclosure]\nthreshold = 30\n[follow_up]\ndays = 9\nhomework = { days = 3 }\n'
        '[publishing]\nallowed = ["高考"]\n[replies.deadlines]\nordinary_months = 2\n',
    )
    told = settings()
    assert (told.bureau.contact, told.bureau.name) == ("甲", "澄湖区教育局（模拟）")
    assert threshold() == 30 and told.publishing.allowed == ("高考",)
    assert (office("homework").name, office("homework").days) == ("办公室", 3)
    assert (office("service").days, office("nothing").days, office("nothing").name) == (15, 9, "办公室")
    assert (replies().deadlines.ordinary_months, replies().deadlines.broad_months) == (2, 6)
    overlay(place, "")
    assert threshold() == 10 and replies().deadlines.ordinary_months == 3


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("threshold = 10", "treshold = 30", "第17行，disclosure：不认识“treshold”；是否应为“threshold”？"),
        ("threshold = 10 ", 'threshold = "30"', "第17行，disclosure.threshold：应为整数（不加引号），读到 '30'；请改正。"),
        ("threshold = 10 ", "threshold = 9.5", "第17行，disclosure.threshold：应为整数（不加引号），读到 9.5；请改正。"),
        ("threshold = 10 ", "threshold = 5", "第17行，disclosure.threshold：应不小于10，读到 5；请改正。"),
        ("[disclosure]", "[disclosrue]", "第16行：不认识“disclosrue”；是否应为“disclosure”？"),
        ('telephone = "（模拟，无真实号码）"\n', "", "第2行，bureau.telephone：缺少这一项；请补上。"),
        ('"1GiB"', '"viel"', "第12行，engine.memory_limit：“viel”不是内存大小（如 \"1GiB\"、\"800MB\"）；请改正。"),
        ("threads = 2", "threads = true", "第14行，engine.threads：应为整数（不加引号），读到 true；请改正。"),
        ('"990101"', '"9901"', "第3行，bureau.district：“9901”的写法不对；区代码应为六位数字，请改正。"),
        ("days = 7 }", "day = 7 }", "第22行，follow_up.reporting：不认识“day”；是否应为“days”？"),
        ("homework = {", "homewrok = {", "第23行，follow_up：不认识“homewrok”；是否应为“homework”？"),
    ],
)  # fmt: skip
def test_a_slip_in_the_shipped_file(place: Path, right: str, wrong: str, told: str) -> None:
    misspell(place, "settings.toml", right, wrong)
    with pytest.raises(UserError) as slip:
        settings()
    assert slip.value.message == SHIPPED + told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# 本局\n[disclosure]\ntreshold = 30\n", "第3行，disclosure：不认识“treshold”；是否应为“threshold”？"),
        ("[disclosure]\nthreshold = 3\n", "第2行，disclosure.threshold：应不小于10，读到 3；请改正。"),
        ('disclosure = "十"\n', "第1行，disclosure：应为表（如 [名称] 一节，或写在花括号中），读到 '十'；请改正。"),
        ('[bureau]\ncopies_to = ["甲", 3]\n', "第2行，bureau.copies_to 第2条：应为文字（加引号），读到 3；请改正。"),
    ],
)
def test_a_slip_in_the_bureaus_own_file_names_that_file(place: Path, text: str, told: str) -> None:
    overlay(place, text)
    with pytest.raises(UserError) as slip:
        settings()
    assert slip.value.message == OWN + told


def test_a_slip_of_the_shipped_file_is_not_put_down_to_the_bureaus_own(place: Path) -> None:
    misspell(place, "settings.toml", "threshold = 10", "treshold = 30")
    overlay(place, "[disclosure]\nthreshold = 30\n")
    with pytest.raises(UserError) as slip:
        settings()
    assert slip.value.message.startswith(f"{SHIPPED}第17行")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("soon_days", "son_days", "第7行，deadlines：不认识“son_days”；是否应为“soon_days”？"),
        ('"as_is"  ', '"next_day"', "第6行，deadlines.on_holiday：不能是“next_day”；是否应为“next”？可用的有：as_is、previous、next。"),
        ("broad_months = 6", "broad_months = 0", "第4行，deadlines.broad_months：应不小于1，读到 0；请改正。"),
        ("ordinary_months = 3        #", "#", "第2行，deadlines.ordinary_months：缺少这一项；请补上。"),
        ('"ABC"', '"ABCE"', "第10行，categories.scheme：没有办理类别方案“ABCE”；是否应为“ABC”？"),
        ('["满意", "基本满意", "不满意"]', "[]", "第24行，form.options：应至少有1项，读到 []；请改正。"),
    ],
)  # fmt: skip
def test_a_slip_in_the_rules_of_answering(place: Path, right: str, wrong: str, told: str) -> None:
    misspell(place, "replies.toml", right, wrong)
    with pytest.raises(UserError) as slip:
        replies()
    assert slip.value.message == f"“data/reference/replies.toml”{told}"


def test_a_slip_in_what_is_laid_over_the_rules_of_answering(place: Path) -> None:
    overlay(place, "[replies.deadlines]\nsoon_day = 3\n")
    with pytest.raises(SlipsError) as slip:
        replies()
    assert slip.value.lines == (f"{OWN}第2行，replies.deadlines：不认识“soon_day”；是否应为“soon_days”？",)


@pytest.mark.parametrize("command", [["intake", "nothing"], ["build"], ["check", "nothing.txt"]])
def test_a_misspelt_setting_stops_every_command(
    place: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    overlay(place, "[disclosure]\ntreshold = 30\n")
    before = sorted(place.rglob("*"))
    assert main(command) == 2
    assert capsys.readouterr().err == f"{OWN}第2行，disclosure：不认识“treshold”；是否应为“threshold”？\n"
    assert sorted(place.rglob("*")) == before
    assert main(["reference", "--check"]) == 2
