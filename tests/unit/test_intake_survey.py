"""问卷星 exports: a text and a number export of one survey give one table; nothing said freely leaves its own place."""

import pytest
from handed_in import csv_bytes, write_xlsx

from analysis.intake import choices, questionnaires
from analysis.intake.reception import receive
from analysis.snapshots import Store

FIXED = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
PARENT = next(form for form in questionnaires.read() if form.id == "parent-satisfaction")
MATRIX = next(question for question in PARENT.questions if question.kind == "matrix")
REASONS = next(question for question in PARENT.questions if question.kind == "multiple")


def headers(form):
    found = list(FIXED)
    for question in PARENT.questions:
        if question.kind == "matrix":
            found += [
                f"{question.number}、({n}){long}" if form == "text" else f"第{question.number}题({short})"
                for n, (_, long, short) in enumerate(question.rows, start=1)
            ]
        elif question.kind == "multiple" and form == "number":
            found += [f"第{question.number}题({option})" for option in question.options]
        else:
            found.append(f"{question.number}、{question.wording}")
    return found


def fixed(number, time="2026/6/9 18:16:52", seconds="2分3秒"):
    return [str(number), time, seconds, "微信", "N/A", "192.0.2.7(某省-某市)"]


def text_row(number, scores, *, part="参加", reasons="接送时间合适┋其他〖路远〗", minutes="40", remark="(空)", **told):
    words = [MATRIX.options[5 - score] if isinstance(score, int) else score for score in scores]
    return [*fixed(number, **told), "澄湖区第一小学", "三年级", "2班", *words, minutes, part, reasons, remark]


def number_row(
    number, scores, *, part="1", reasons=("1", "0", "0", "0", "1〖路远〗"), minutes="40", remark="(空)", **told
):
    codes = [str(6 - score) if isinstance(score, int) else score for score in scores]
    return [*fixed(number, **told), "1", "3", "2", *codes, minutes, part, *reasons, remark]


SCORES = [5, 4, 3, 2, 1, 5, 4, 3]


def take(tmp_path, rows, name="问卷.csv", encoding="gb18030"):
    (tmp_path / name).write_bytes(csv_bytes(rows, encoding))
    return receive([tmp_path / name], Store(tmp_path / "store"))


def answers(outcome):
    frame = outcome.snapshot.frame("survey").drop(columns=["respondent"])
    return frame.set_index("item")


def test_text_and_number_export_give_the_same_table(tmp_path):
    text = take(
        tmp_path,
        [headers("text"), text_row(1, SCORES), text_row(2, [5] * 7 + ["(空)"], part="不参加", reasons="(跳过)")],
    )
    (tmp_path / "n").mkdir()
    skipped = ("-2",) * 5
    number = take(
        tmp_path / "n",
        [headers("number"), number_row(1, SCORES), number_row(2, [5] * 7 + ["-3"], part="2", reasons=skipped)],
    )
    one, two = text.snapshot, number.snapshot
    assert one.manifest["tables"]["survey"]["sha256"] == two.manifest["tables"]["survey"]["sha256"]
    assert one.free_text().values.tolist() == two.free_text().values.tolist()
    assert len(one.frame("survey")) == 2 * (8 + 1 + 1 + 5 + 1)


def test_both_exports_handed_in_together_count_each_respondent_once(tmp_path):
    folder = tmp_path / "两种"
    folder.mkdir()
    (folder / "按文本.csv").write_bytes(csv_bytes([headers("text"), text_row(1, SCORES)], "gb18030"))
    write_xlsx(folder / "按序号.xlsx", {"答卷": [["家长问卷"], headers("number"), number_row(1, SCORES)]})
    outcome = receive([folder], Store(tmp_path / "store"))
    assert sum(sheet.duplicates for sheet in outcome.sheets) == 1
    assert outcome.quarantined == 0


def test_scores_states_and_fixed_columns(tmp_path):
    frame = answers(take(tmp_path, [headers("text"), text_row(1, [5, 4, 3, 2, 1, "(空)", "(跳过)", 5])]))
    items = [row[0] for row in MATRIX.rows]
    assert frame.loc[items[:5], "score"].tolist() == [5, 4, 3, 2, 1]
    assert frame.loc[items[5:7], "state"].tolist() == ["empty", "skipped"]
    assert frame["seconds"].unique().tolist() == [123]
    assert frame["wave"].unique().tolist() == ["2026-06"]
    assert frame["school"].unique().tolist() == ["2199000001"]
    assert (frame["grade"].unique().tolist(), frame["class"].unique().tolist()) == ([3], ["2"])
    assert frame.loc["homework_minutes", "score"] == 40
    assert frame.loc["takes_part", "option"] == "参加"


def test_several_choices_and_the_text_beside_one(tmp_path):
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES)])
    frame = answers(outcome)
    chosen = [frame.loc[f"reasons.{place}", "score"] for place in range(1, 6)]
    assert chosen == [1, 0, 0, 0, 1]
    assert outcome.snapshot.free_text()[["item", "text"]].values.tolist() == [["reasons.5", "路远"]]


def test_free_text_is_nowhere_but_in_its_own_table_and_masked(tmp_path):
    remark = "请打13812345678给我"
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES, remark=remark)])
    folder = outcome.snapshot.folder
    texts = outcome.snapshot.free_text().set_index("item")["text"]
    assert texts["remarks"] == "请打［已去除：电话］给我"
    for file in folder.rglob("*"):
        if file.is_file() and "private" not in file.parts:
            assert "请打".encode() not in file.read_bytes(), file
    assert not outcome.snapshot.frame("survey")["option"].astype(str).str.contains("请打").any()


def test_the_address_of_the_sender_is_dropped_and_reported(tmp_path):
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES)])
    assert "来自IP" in outcome.sheets[0].ignored_columns
    assert any("IP 地址" in entry["message"] for entry in outcome.warnings)
    assert all(b"192.0.2.7" not in f.read_bytes() for f in outcome.snapshot.folder.rglob("*") if f.is_file())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scores": ["好", 4, 3, 2, 1, 5, 4, 3]}, "不是这道题的选项"),
        ({"time": "2026/7/30 10:00:00"}, "提交日期不在这份问卷的任何一轮内"),
        ({"time": "不详"}, "读不出日期"),
        ({"reasons": "接送时间合适┋顺路"}, "不是这道题的选项"),
    ],
)
def test_an_answer_that_is_none_puts_the_whole_row_aside(tmp_path, change, reason):
    change = dict(change)
    bad = text_row(2, change.pop("scores", SCORES), **change)
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES), bad])
    assert outcome.sheets[0].rows_quarantined == 1
    assert outcome.snapshot.quarantine()["reason"].tolist() == [reason]
    assert outcome.snapshot.frame("survey")["respondent"].nunique() == 1


def test_minutes_that_cannot_be_read_are_kept_as_text_and_told(tmp_path):
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES, minutes="看情况")])
    assert outcome.quarantined == 0
    row = answers(outcome).loc["homework_minutes"]
    assert (row["state"], str(row["score"])) == ("ok", "nan")
    assert "看情况" in outcome.snapshot.free_text()["text"].tolist()
    assert any("原文另存" in entry["message"] for entry in outcome.warnings)


def test_hasty_and_broken_off_answers_are_kept_and_told(tmp_path):
    rows = [
        headers("text"),
        text_row(1, [5] * 8, seconds="9秒"),
        text_row(2, [5, 4, 3, 2, "(空)", "(空)", "(空)", "(空)"]),
    ]
    outcome = take(tmp_path, rows)
    told = {entry["reason"]: entry["rows"] for entry in outcome.warnings}
    assert told["各题同一选项且作答过快（每题不足 2 秒），已照录"] == [2]
    assert told["没有答完（有评分题为空或跳过），已照录"] == [3]
    assert outcome.quarantined == 0


def test_ranking_by_arrows_and_by_places_agree():
    question = questionnaires.Question(6, "ranking", "choice", "排序", "order", ("语文", "数学", "英语"))
    text = choices.chosen(question, -1, "数学→语文", True)
    assert [(a[0], a[2], a[3]) for a, _ in text] == [
        ("order.1", 2, "语文"),
        ("order.2", 1, "数学"),
        ("order.3", None, "英语"),
    ]
    places = [choices.chosen(question, part, code, True)[0] for part, code in enumerate(("2", "1", "0"))]
    assert places == text


def test_a_questionnaire_that_is_not_described_is_drafted(tmp_path):
    rows = [
        ["食堂满意度问卷（学生）"],
        [*FIXED, "1、你的学校", "2、(1)口味", "2、(2)卫生", "3、喜欢的菜（可多选）", "4、建议"],
        *[[*fixed(n), "澄湖区第一小学", "满意", "非常满意", "豆腐┋土豆", f"建议{n}"] for n in range(1, 12)],
    ]
    outcome = take(tmp_path, rows)
    assert outcome.snapshot is None
    assert outcome.sheets[0].table is None
    draft = outcome.drafts[0]
    assert str(draft) in outcome.warnings[0]["message"]
    form = questionnaires.read(draft.parent)[0]
    kinds = {question.number: (question.kind, question.role) for question in form.questions}
    assert kinds == {1: ("single", "school"), 2: ("matrix", "score"), 3: ("multiple", "choice"), 4: ("text", "text")}
    matrix = form.questions[1]
    assert dict(zip(matrix.options, matrix.score, strict=True))["非常满意"] == 5
    assert [wording for _, wording, _ in matrix.rows] == ["口味", "卫生"]
    assert "建议1" not in draft.read_text(encoding="utf-8")


def test_a_refused_answer_sheet_leaves_what_is_known_of_it(tmp_path):
    rows = [
        headers("text"),
        text_row(1, SCORES),
        text_row(2, SCORES, minutes="40"),
        text_row(3, SCORES, time="2020/1/1 8:00:00"),
    ]
    rows[2][len(FIXED) + 3] = "还行吧"  # none of the options
    lines = take(tmp_path, rows).snapshot.refused()
    named = lines[["table", "wave", "role", "school", "grade", "class", "rows"]].astype(object)
    assert named.where(named.notna(), None).values.tolist() == [
        ["survey", None, "parent", "2199000001", 3, "2", 1],
        ["survey", PARENT.waves[-1][0], "parent", "2199000001", 3, "2", 1],
    ]
