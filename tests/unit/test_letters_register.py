"""The register of suggestions: deadlines, faults, what is owed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from analysis.cli import main
from analysis.house import UserError
from analysis.letters import owed
from analysis.letters.deadlines import deadline, months_later, working_day
from analysis.letters.documents import documents, normal
from analysis.letters.place import place
from analysis.letters.register import faults
from analysis.letters.suggestions import find, read
from analysis.reference.suggestions import Sent

ENTRY = """
number = "第099号"
session = "模拟届次"
title = "关于某事的建议"
assigned = 2026-02-05
received = 2026-02-06
lead = "模拟局"
assisting = ["模拟财政局"]
category = "B"
document_number = "澄教函〔2026〕99号"

[[signatory]]
name = "模拟代表甲"

[[point]]
asks = "请公布某事。"
heading = "关于公布某事"
category = "B"
answer = ["占{share}。"]
documents = ["教基厅函〔2021〕13号"]

[[point.evidence]]
name = "share"
indicator = "homework.within_cap"

[[point.step]]
by = 2026-12-31
office = "模拟科"
text = "公布某事"
"""


@pytest.fixture
def entry(tmp_path):
    def write(text=ENTRY, name="2026-099", **changes):
        for old, new in changes.values():
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_shipped_entries_have_no_faults():
    for name in ("2026-008", "2026-017", "2026-023"):
        suggestion, _ = find(name)
        assert [fault for fault in faults(suggestion, place(), documents()) if fault.severity == "error"] == []


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 4, 10), 3, date(2026, 7, 10)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_later(start, months, end):
    assert months_later(start, months) == end


def test_three_or_six_months_and_a_deadline_of_its_own(entry):
    ordinary = read(entry())
    assert deadline(ordinary, place()).due == date(2026, 5, 5)
    assert deadline(ordinary.model_copy(update={"kind": "broad"}), place()).due == date(2026, 8, 5)
    assert deadline(ordinary.model_copy(update={"due": date(2026, 4, 20)}), place()).due == date(2026, 4, 20)


def test_deadline_on_a_holiday_is_told_and_moved_only_if_the_place_says_so(entry):
    suggestion = read(entry())  # 5 May 2026 is in the Labour Day holiday (1 to 5 May)
    limit = deadline(suggestion, place())
    assert (limit.due, limit.send_by) == (date(2026, 5, 5), date(2026, 4, 30))
    assert "逢休息日" in limit.note
    assert deadline(suggestion, replace(place(), on_holiday="previous")).due == date(2026, 4, 30)
    assert deadline(suggestion, replace(place(), on_holiday="next")).due == date(2026, 5, 6)


def test_a_make_up_saturday_is_a_working_day_and_an_unknown_year_names_the_table(entry):
    assert working_day(date(2026, 5, 9), -1) == date(2026, 5, 9)
    late = read(entry()).model_copy(update={"assigned": date(2028, 9, 10)})
    limit = deadline(late, place())
    assert limit.send_by is None
    assert "calendar.toml" in limit.note


def test_unhappy_feedback_starts_the_clock_again(entry):
    sent = (Sent(on=date(2026, 4, 20), feedback="不满意", feedback_on=date(2026, 4, 28)),)
    suggestion = read(entry()).model_copy(update={"sent": sent})
    assert deadline(suggestion, place()).due == date(2026, 5, 28)
    answered = suggestion.model_copy(update={"sent": (*sent, Sent(on=date(2026, 5, 20), feedback="满意"))})
    assert deadline(answered, place()).due == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("old", "new", "severity", "words"),
    [
        ('assisting = ["模拟财政局"]', 'assisting = ["模拟局"]', "error", "既是主办又是协办"),
        ('answer = ["占{share}。"]', "answer = []", "open", "没有答复"),
        ("{share}", "{other}", "error", "{other}"),
        ("教基厅函〔2021〕13号", "教基厅函〔2021〕99号", "error", "不在文件登记册"),
        (
            'heading = "关于公布某事"\ncategory = "B"',
            'heading = "关于公布某事"\ncategory = "E"',
            "error",
            "“E”不在本地方案",
        ),
        ("by = 2026-12-31", "by = 2026-01-31", "error", "不晚于收到建议之日"),
        ("received = 2026-02-06", "received = 2026-02-04", "error", "早于交办日"),
        ('name = "模拟代表甲"', 'name = "模拟代表甲"\n\n[[signatory]]\nname = "模拟代表甲"', "error", "登记了两次"),
    ],
)
def test_fault_is_found(entry, old, new, severity, words):
    suggestion = read(entry(change=(old, new)))
    assert any(
        fault.severity == severity and words in fault.message for fault in faults(suggestion, place(), documents())
    )


def test_suggestion_without_points_is_a_fault(entry):
    file = entry(ENTRY[: ENTRY.index("[[point]]")])
    assert any("没有登记任何一条请求" in fault.message for fault in faults(read(file), place(), documents()))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lead = ", "leader = ", "不认识“leader”；是否应为“lead”？"),
        ('category = "B"\ndocument', 'categroy = "B"\ndocument', "是否应为“category”"),
        ("assigned = 2026-02-05", 'assigned = "2026-02-05"', "应为日期"),
        ("[[signatory]]", "[signatory]", r"signatory：每一条应各写成一节，用两对方括号"),
    ],
)
def test_slip_in_the_file_names_place_and_remedy(entry, old, new, words):
    with pytest.raises(UserError, match=words):
        read(entry(change=(old, new)))


def test_owed_tells_state_and_letters(entry, tmp_path):
    entry(two=('name = "模拟代表甲"', 'name = "模拟代表甲"\n\n[[signatory]]\nname = "模拟代表乙"'))
    (row,) = owed(date(2026, 4, 25), tmp_path)
    assert (row.state, row.days_left, row.reminder, row.ready) == ("owed", 10, True, True)
    assert row.letters == row.open_letters == ("2026-099", "2026-099-2")
    assert owed(date(2026, 5, 6), tmp_path)[0].state == "overdue"
    text = (tmp_path / "2026-099.toml").read_text(encoding="utf-8")
    (tmp_path / "2026-099.toml").write_text(text + "\n[[sent]]\nsignatory = 1\non = 2026-04-20\n", encoding="utf-8")
    assert owed(date(2026, 4, 25), tmp_path)[0].open_letters == ("2026-099-2",)
    (tmp_path / "2026-099.toml").write_text(
        text + "\n[[sent]]\nsignatory = 1\non = 2026-04-20\n[[sent]]\nsignatory = 2\non = 2026-04-21\n",
        encoding="utf-8",
    )
    (row,) = owed(date(2026, 4, 25), tmp_path)
    assert (row.state, row.answered) == ("done", date(2026, 4, 21))
    json.dumps(row.as_dict())


def test_unreadable_entry_is_blocked_and_told(tmp_path):
    (tmp_path / "2026-001.toml").write_text("number = ", encoding="utf-8")
    (row,) = owed(date(2026, 4, 25), tmp_path)
    assert row.state == "blocked"
    assert not row.ready
    assert "写法有误" in row.note


def test_unknown_letter_and_signatory_are_told():
    with pytest.raises(UserError, match="登记册中没有“2026-999”"):
        find("2026-999")
    with pytest.raises(UserError, match="没有第3位"):
        find("2026-017-3")


def test_document_numbers_in_any_form_resolve():
    for written in ("城政办发[2021]37号", "城政办发（2021）037号", "城政办发【2021】第37号", "城政办发〔2021〕３７号"):
        assert normal(written) == "城政办发〔2021〕37号"
        assert documents().get(written).number == "城政办发〔2021〕37号"


def test_command_checks_the_register_and_makes_a_new_entry(entry, tmp_path, monkeypatch, capsys):
    assert main(["suggestions", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {row["suggestion"] for row in answer["suggestions"]} == {"2026-008", "2026-017", "2026-023"}
    assert main(["suggestions", str(entry(change=("lead = ", "leader = ")))]) == 1
    assert "是否应为“lead”？" in capsys.readouterr().out
    assert main(["suggestions", "--new", "26-1"]) == 2


def test_template_holds_every_key(tmp_path):
    from analysis.letters.suggestions import folder

    text = (folder() / "suggestion.toml.template").read_text(encoding="utf-8")
    filled = text.replace('= ""', '= "x"').replace('    "",\n', '    "x",\n')
    lines = [
        line[2:]
        if line.startswith(
            (
                "# [[",
                "# name",
                "# indicator",
                "# where",
                "# by",
                "# rule",
                "# on ",
                "# text",
                "# document =",
                "# office",
                "# signatory",
                "# number",
                "# feedback",
                "# letter",
                "# reason",
                "# direction",
                "# due",
            )
        )
        else line
        for line in filled.splitlines()
    ]
    file = tmp_path / "2026-500.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    suggestion = read(file)
    assert suggestion.sent
    assert suggestion.explanations
    assert suggestion.points[0].evidence
    assert suggestion.points[0].steps
