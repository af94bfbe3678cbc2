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
        ({"time": "2026/7/30 10:00:00"}, "提交日期不在这份问卷的任何一轮内"),
        ({"time": "不详"}, "读不出日期"),
        ({"time": "2062/6/10 10:00:00"}, "提交日期不在这份问卷的任何一轮内"),
    ],
)
def test_a_questionnaire_of_no_known_wave_is_put_aside(tmp_path, change, reason):
    bad = text_row(2, SCORES, **change)
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES), bad])
    assert outcome.sheets[0].rows_quarantined == 1
    assert outcome.snapshot.quarantine()["reason"].tolist() == [reason]
    assert outcome.snapshot.frame("survey")["respondent"].nunique() == 1


@pytest.mark.parametrize(
    ("column", "word", "unknown", "said"),
    [
        (len(FIXED) + 3, "还行吧", "作业总量", "此题按不明计，其余各题照录"),
        (len(FIXED) + 1, "不清楚", "grade", "年级按不明计，答卷照录，不计入分年级的数"),
    ],
)
def test_a_cell_that_cannot_be_read_makes_itself_unknown_and_nothing_else(tmp_path, column, word, unknown, said):
    whole, bad = text_row(1, SCORES), text_row(2, SCORES)
    bad[column] = word
    outcome = take(tmp_path, [headers("text"), whole, bad])
    assert outcome.quarantined == 0
    told = [entry for entry in outcome.warnings if said in entry["message"]]
    assert [(entry["rows"], word in entry["message"]) for entry in told] == [([3], True)]
    frame = outcome.snapshot.frame("survey")
    first, second = (rows.set_index("item") for _, rows in frame.groupby("respondent", sort=False))
    if (
        first["score"].isna().sum() + first["grade"].isna().sum()
        > second["score"].isna().sum() + second["grade"].isna().sum()
    ):
        first, second = second, first
    if unknown == "grade":
        assert second["grade"].isna().all() and first["grade"].notna().all()
        assert second["score"].equals(first["score"]) and second["class"].equals(first["class"])
        return
    lost = second.index[first["score"].notna() & second["score"].isna()]
    assert len(lost) == 1 and second.loc[lost[0], "state"] == "ok"
    rest = first.index.difference(lost)
    assert second.loc[rest, "score"].equals(first.loc[rest, "score"])


def test_an_option_of_several_that_cannot_be_read_is_no_answer(tmp_path):
    outcome = take(tmp_path, [headers("text"), text_row(1, SCORES, reasons="接送时间合适┋顺路")])
    rows = answers(outcome)
    several = rows[rows.index.str.contains(r"\.\d+$")]
    assert outcome.quarantined == 0 and set(several["state"]) == {"empty"} and several["score"].isna().all()


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


def draft_of(tmp_path, *files):
    for name, rows in files:
        (tmp_path / name).write_bytes(csv_bytes(rows))
    outcome = receive([tmp_path / name for name, _ in files], Store(tmp_path / "store"))
    assert outcome.snapshot is None
    (form,) = questionnaires.read(tmp_path / "store" / "drafts")
    return outcome, form, outcome.drafts[0].read_text(encoding="utf-8")


def test_a_questionnaire_that_is_not_described_is_drafted(tmp_path):
    rows = [
        ["食堂满意度问卷（学生）"],
        [*FIXED, "1、你的学校", "2、(1)口味", "2、(2)卫生", "3、喜欢的菜（可多选）", "4、建议", "总分"],
        *[[*fixed(n), "澄湖区第一小学", "满意", "非常满意", "豆腐┋土豆", f"建议{n}", "9"] for n in range(1, 12)],
    ]
    outcome, form, text = draft_of(tmp_path, ("问卷.csv", rows))
    assert outcome.sheets[0].table is None
    assert str(outcome.drafts[0]) in outcome.warnings[0]["message"]
    kinds = {question.number: (question.kind, question.role) for question in form.questions}
    assert kinds == {1: ("single", "school"), 2: ("matrix", "choice"), 3: ("multiple", "choice"), 4: ("text", "text")}
    assert [wording for _, wording, _ in form.questions[1].rows] == ["口味", "卫生"]
    assert set(form.questions[1].options) == {"满意", "非常满意"} and not form.questions[1].ordered
    assert "建议1" not in text
    assert "没有列入的列：总分" in text
    assert any("总分" in entry["message"] for entry in outcome.warnings)
    assert form.waves[0][0] == "2026-06" and 'term = "2025-2026-2"' in text


def scale(codes, words=None):
    asked = [*FIXED, "1、您的孩子在哪所学校就读？", "2、您对作业总量是否满意？"]
    given = [code if words is None else words[code - 1] for code in codes]
    return [asked, *([*fixed(n), "湖滨小学", str(answer)] for n, answer in enumerate(given, start=1))]


CODES = [5] * 6 + [4] * 3 + [1] * 4 + [2] * 2 + [3] * 2
WORDS = ["很不满意", "不满意", "一般", "满意", "很满意"]


def test_a_draft_invents_no_label_and_no_score(tmp_path):
    _, form, text = draft_of(tmp_path, ("序号.csv", scale(CODES)))
    question = form.questions[1]
    assert (question.role, question.options, question.score) == ("choice", ("1", "2", "3", "4", "5"), ())
    assert "满意" not in text.replace("您对作业总量是否满意", "").replace("满意度", "").replace("最满意", "")
    assert not any(line.startswith(("score", "confirmed")) for line in text.splitlines())
    assert 'role = "score"' in form.unconfirmed


def test_the_order_of_options_comes_from_both_exports_and_never_from_how_often_they_were_chosen(tmp_path):
    _, alone, _ = draft_of(tmp_path, ("文本.csv", scale(CODES, WORDS)))
    assert not alone.questions[1].ordered
    assert alone.questions[1].options == tuple(sorted(WORDS)), "most chosen is 很满意"
    (tmp_path / "两").mkdir()
    _, both, _ = draft_of(tmp_path / "两", ("文本.csv", scale(CODES, WORDS)), ("序号.csv", scale(CODES)))
    assert both.questions[1].ordered and both.questions[1].options == tuple(WORDS)


def test_two_exports_that_contradict_each_other_give_no_order(tmp_path):
    text = scale(CODES, WORDS)
    text[1][-1] = "很不满意"
    _, form, draft = draft_of(tmp_path, ("文本.csv", text), ("序号.csv", scale(CODES)))
    assert not form.questions[1].ordered and "两种导出对不上" in draft


def test_an_option_that_nobody_chose_leaves_the_order_open(tmp_path):
    codes = [code for code in CODES if code != 2]
    _, form, draft = draft_of(tmp_path, ("文本.csv", scale(codes, WORDS)), ("序号.csv", scale(codes)))
    assert not form.questions[1].ordered and "第 2 个选项没有人选" in draft


@pytest.mark.parametrize(
    ("wording", "answers"),
    [
        ("您孩子的姓名", ["王小明", "李大刚"] * 4),
        ("您的联系电话", ["13800000001", "13800000002"] * 4),
        ("哪位对孩子帮助最大", ["张晓明", "刘芳", "赵一鸣"] * 3),
        ("其他", [f"第{n}条" for n in range(8)]),
        ("您还有什么意见？", [f"意见{n % 9}" for n in range(40)]),
        ("家庭邮箱", ["a@b.cn"] * 5),
    ],
)
def test_what_people_wrote_is_never_listed_as_options(tmp_path, wording, answers):
    rows = [[*FIXED, f"1、{wording}"], *([*fixed(n), answer] for n, answer in enumerate(answers, start=1))]
    _, form, text = draft_of(tmp_path, ("问卷.csv", rows))
    assert (form.questions[0].kind, form.questions[0].role) == ("text", "text")
    assert not any(answer in text for answer in answers)


def described(tmp_path, monkeypatch, scored, name="own.toml"):
    folder = tmp_path / "questionnaires"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(
        'questionnaire = "own"\ntitle = "自拟问卷"\nrole = "parent"\n'
        'waves = [{ wave = "2026-06", from = 2026-06-01, to = 2026-06-30, term = "2025-2026-2" }]\n'
        '[[question]]\nnumber = 1\nkind = "single"\nrole = "school"\nitem = "school"\nwording = "您的孩子在哪所学校就读？"\n'
        '[[question]]\nnumber = 2\nkind = "single"\nrole = "score"\nitem = "overall"\nwording = "您对作业总量是否满意？"\n'
        f'options = ["很不满意", "不满意", "一般", "满意", "很满意"]\n{scored}\n',
        encoding="utf-8",
    )
    real = questionnaires.load
    monkeypatch.setattr(questionnaires, "load", lambda place=None: real(folder))
    return folder


CONFIRMED = 'score = [1, 2, 3, 4, 5]\nconfirmed = { by = "张三", on = 2026-06-30 }'


@pytest.mark.parametrize("scored", ["", "score = [5, 4, 3, 2, 1]"])
def test_scores_that_nobody_confirmed_count_for_nothing(tmp_path, monkeypatch, scored):
    from analysis.house import UserError
    from analysis.indicators import satisfaction_survey

    described(tmp_path, monkeypatch, scored)
    outcome = take(tmp_path, scale(CODES), encoding="utf-8")
    frame = outcome.snapshot.frame("survey")
    assert frame["score"].isna().all()
    assert frame["option"].value_counts().to_dict() == {"很满意": 6, "很不满意": 4, "满意": 3, "不满意": 2, "一般": 2}
    assert any("第 2 题的分值还没有人确认" in entry["message"] for entry in outcome.warnings)
    monkeypatch.setattr(satisfaction_survey, "questionnaire", lambda role: questionnaires.read()[0])
    for asked in (satisfaction_survey.items, satisfaction_survey.scale):
        with pytest.raises(UserError, match=r"第 2 题的分值还没有人确认.*own\.toml.*confirmed"):
            asked("parent")


def test_confirmed_scores_are_those_of_the_person_who_confirmed_them(tmp_path, monkeypatch):
    described(tmp_path, monkeypatch, CONFIRMED)
    frame = take(tmp_path, scale(CODES), encoding="utf-8").snapshot.frame("survey")
    assert (frame["score"] >= 4).sum() == 9 and len(frame) == 17
    assert questionnaires.read()[0].unconfirmed == ""


@pytest.mark.parametrize(
    ("scored", "told"),
    [
        (
            'score = [1, 2, 3, 4, 5]\nconfirmed = "是"',
            "第2条 confirmed：应为表（如 [名称] 一节，或写在花括号中），读到 '是'；请改正。",
        ),
        ('score = [1, 2, 3, 4, 5]\nconfirmed = { by = "张三" }', "第2条 confirmed.on：缺少这一项；请补上。"),
        ('confirmed = { by = "张三", on = 2026-06-30 }', "confirmed 之前应写明 score"),
        (f'{CONFIRMED}\norder = "unknown"', "选项次序还未确认"),
    ],
)
def test_a_confirmation_needs_a_person_a_day_points_and_an_order(tmp_path, monkeypatch, scored, told):
    described(tmp_path, monkeypatch, scored)
    assert told in questionnaires.load()[1][0]


def test_codes_are_not_read_against_options_in_no_order(tmp_path, monkeypatch):
    described(tmp_path, monkeypatch, 'order = "unknown"')
    outcome = take(tmp_path, scale(CODES), encoding="utf-8")
    assert outcome.sheets[0].rows_accepted == 0
    assert "次序还没有确认" in outcome.snapshot.quarantine()["reason"][0]


@pytest.mark.parametrize(
    "broken",
    ["questionnaire =", 'title = "无题"', 'questionnaire="a"\ntitle="b"\nrole="parent"\nwaves=[1]\nquestion=[]'],
)
def test_a_description_with_a_slip_does_not_stop_other_files(tmp_path, monkeypatch, broken):
    folder = described(tmp_path, monkeypatch, CONFIRMED)
    (folder / "broken.toml").write_text(broken, encoding="utf-8")
    outcome = take(tmp_path, scale(CODES), encoding="utf-8")
    assert outcome.sheets[0].rows_accepted == 17
    (told,) = [entry["message"] for entry in outcome.warnings if "broken.toml" in entry["message"]]
    assert "其余照常读入" in told and "。。" not in told


def test_a_wave_without_a_term_is_told(tmp_path, monkeypatch):
    folder = described(tmp_path, monkeypatch, CONFIRMED)
    file = folder / "own.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(', term = "2025-2026-2"', ""), encoding="utf-8")
    assert "waves 第1条 term：缺少这一项；请补上。" in questionnaires.load()[1][0]


@pytest.mark.parametrize(("time", "told"), [("", "全部为空"), ("2026/7/20 8:00:00", "都不在问卷")])
def test_what_is_wrong_with_every_answer_is_told_once(tmp_path, monkeypatch, time, told):
    described(tmp_path, monkeypatch, CONFIRMED)
    rows = scale(CODES)
    for row in rows[1:]:
        row[1] = time
    outcome = take(tmp_path, rows, encoding="utf-8")
    assert outcome.snapshot is None
    assert [told in entry["message"] for entry in outcome.warnings] == [True]


def test_a_refused_answer_sheet_leaves_what_is_known_of_it(tmp_path):
    rows = [
        headers("text"),
        text_row(1, SCORES),
        text_row(2, SCORES, minutes="40"),
        text_row(3, SCORES, time="2020/1/1 8:00:00"),
    ]
    rows[2][len(FIXED)] = "某校"  # none that there is: it may be the one of the whole sheet
    lines = take(tmp_path, rows).snapshot.refused()
    named = lines[["table", "wave", "role", "school", "grade", "class", "rows"]].astype(object)
    assert named.where(named.notna(), None).values.tolist() == [
        ["survey", None, "parent", "2199000001", 3, "2", 1],
        ["survey", PARENT.waves[-1][0], "parent", "2199000001", 3, "2", 1],
    ]
