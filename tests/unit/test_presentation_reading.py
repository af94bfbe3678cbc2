"""How to read the figures: only the terms that a document uses, the days of its figures, after the first findings."""

from dataclasses import replace
from datetime import date

from presentation_figures import edition, share, text
from rendering import publishing_examples as examples

from analysis.presentation import all_within, how_to_read, judged, say, scorecard, tally
from analysis.presentation.judged_groups import JudgedEach
from analysis.presentation.reading import put_reading
from analysis.publishing.content import read
from analysis.rules import Rule

TARGET = Rule("satisfaction.target", "满意度目标", "…", "…", 0.94, "%", date(2021, 9, 1))


def explained(*templates, **refs):
    written = edition()
    for template in templates:
        say(template, **refs)
    how_to_read()
    last = written.objects[-1]
    return text(last) if last.get("role") == "reading" else ""


def test_nothing_is_explained_where_no_term_is_used():
    assert explained("都好。") == ""


def test_only_what_is_used_is_explained():
    assert explained("共{s.base}。", s=share(0.9)) == "怎样读这些数：班级日是一个班的一个上课日。"
    assert explained("占{s}{a}。", s=share(0.9), a=all_within(share(0.9))) == (
        "怎样读这些数：班级日是一个班的一个上课日；“达到”“未达到”是逐一清点的结果。"
    )
    found = explained(
        "占{s.full}，{v}。", s=share(0.9, 0.8, 0.95, nature="survey"), v=judged(share(0.9, nature="survey"), TARGET)
    )
    assert "95%区间是推断的误差范围" in found and "数据支持" in found and "达到" not in found and "班级日" not in found
    found = explained(
        "占{s.full}，{a}。", s=share(1.0, unknown=9, bounds=(0.9, 1.0)), a=all_within(share(1.0, unknown=9))
    )
    assert "缺报、待更正的补齐后可能改变的“不能定论”；上下界按缺报、待更正的全好、全坏计" in found


def test_the_days_of_ledgers_and_of_registers_are_told_apart():
    written = edition()
    register = share(0.9, base=40, unit="项次")
    register = replace(register, indicator="supervision.returns_made", scope=replace(register.scope, end="2026-07-20"))
    say("{a}{b}", a=share(0.9), b=register)
    put_reading(written)
    assert (
        text(written.objects[-1]) == "数据时段：台账与考勤为2026年3月2日至7月3日，登记册、经费与督查截至2026年7月20日。"
    )


def test_a_report_has_them_after_its_first_findings_a_letter_where_they_stand():
    note = examples.block("paragraph", role="reading", runs=[{"text": "怎样读这些数：…"}])
    table = examples.grades_table()
    cells = ("## 主要发现", examples.paragraph("finding", "好。"), examples.paragraph("body", "都好。"), table)
    report = read(examples.notebook(examples.head(), *cells, "## 其余", note))
    assert [block.get("role", block["kind"]) for block in report.blocks] == [
        "heading", "finding", "reading", "body", "table", "heading"
    ]  # fmt: skip
    letter = read(examples.notebook(examples.head(**{"class": "letter", "letter": {}}), *cells, note))
    assert letter.blocks[-1]["role"] == "reading"


def minutes(value, grade):
    name = f"{'一二三四五六七八九'[grade - 1]}年级"
    figure = replace(share(0.5, name=name, grade=grade), label="平均作业时长", unit="分钟", decimals=0)
    return replace(figure, numerator=None, denominator=None, estimate=replace(figure.estimate, value=value))


def by_grade():
    def cap(grade):
        return Rule("homework.cap", "书面作业总量", "…", "…", 90 if grade > 6 else 60, "分钟", date(2021, 9, 1))

    values = {3: 35, 4: 40, 5: 44, 6: 49, 7: 76, 8: 80, 9: 97}
    made = [(minutes(value, grade), cap(grade)) for grade, value in values.items()]
    return JudgedEach(tuple((figure, judged(figure, rule, at_least=False)) for figure, rule in made))


def test_a_scorecard_goes_by_grade_those_within_one_limit_share_a_row():
    written = edition()
    scorecard("card", "判断", [by_grade()])
    rows = [[cell["text"] for cell in row["cells"]] for row in written.objects[-1]["rows"]]
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("三至六年级平均作业时长（最高为六年级）", "49分钟", "不超过60分钟", "达到"),
        ("七、八年级平均作业时长（最高为八年级）", "80分钟", "不超过90分钟", "达到"),
        ("九年级平均作业时长", "97分钟", "不超过90分钟", "未达到"),
    ]
    told = written.objects[-1]["rows"][1]["cells"][5]["judgement"]
    assert told["said"] == "met" and [scope["group"] for scope in told["also"]] == [{"grade": 7}]


def test_a_row_of_several_names_its_greatest_only_where_the_missing_leave_it():
    written = edition()
    each = by_grade()
    figures = [replace(item, bounds=((item.value or 0) - 1, (item.value or 0) + 4)) for item, _ in each.clauses]
    held = (replace(one, figure=item) for item, (_, one) in zip(figures, each.clauses, strict=True))
    scorecard("card", "判断", [JudgedEach(tuple(zip(figures, held, strict=True)))])
    assert written.objects[-1]["rows"][0]["cells"][0]["text"] == "三至六年级平均作业时长（所列为六年级）"


def test_a_tally_counts_what_is_met_and_names_what_is_not():
    written = edition()
    claims = [by_grade(), all_within(share(0.99), "每天不超过规定"), all_within(share(1.0, unknown=3)), share(0.8)]
    say("对照规定，{all}。", all=tally(claims))
    assert text(written.objects[-1]) == (
        "对照规定，5项要求中，2项达到；没有达到的是九年级平均作业时长（97分钟）、班级日达标率（99.0%）；"
        "尚不能定论的是班级日达标率（还有3个班级日没有登记或待更正）。"
    )


def test_what_a_page_counts_of_itself_has_no_days():
    written = edition()
    rows = replace(share(0.9), indicator="reporting.refused", scope=replace(share(0.9).scope, end="2026-07-20"))
    say("{a}", a=rows)
    put_reading(written)
    assert not any("数据时段" in text(each) for each in written.objects if each.get("role") == "reading")
