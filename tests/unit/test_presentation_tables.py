from dataclasses import replace

import pandas as pd
import pytest
from presentation_figures import by_grade, by_school, edition, share, text

from analysis.indicators.statistic import Statistics
from analysis.presentation import column, table
from analysis.presentation.content import page_rows
from analysis.presentation.references import literal
from analysis.publishing.gate_content import faithful
from analysis.publishing.tables import of_table
from analysis.statistics import Estimate


def made(audience="internal", school="", *args, **options):
    written = edition(audience, school)
    table(*args, **options)
    return written.objects[-1]


def words(row):
    return [cell["text"] for cell in row["cells"]]


def test_a_row_a_group_with_units_in_the_header_and_bare_numbers_in_the_cells():
    figures = by_grade(0.913, 0.8)
    found = made(
        "internal", "", "by_grade", "各年级", {"达标率": figures, "班级日": column(figures, "base")}, first="年级"
    )
    assert [(column["label"], column.get("unit")) for column in found["columns"]] == [
        ("年级", None),
        ("达标率", "%"),
        ("班级日", None),
    ]
    assert words(found["rows"][0]) == ["一年级", "91.3", "500"]
    assert found["rows"][0]["cells"][1]["value"] == pytest.approx(0.913)
    assert found["rows"][0]["cells"][1]["statistic"]["indicator"] == "homework.within_cap"


def test_the_total_is_marked_and_blank_where_there_is_none():
    figures = by_grade(0.9, 0.8)
    columns = {"达标率": column(figures, total=share(0.85)), "班级日": column(figures, "base")}
    last = made("internal", "", "t", "各年级", columns)["rows"][-1]
    assert last["role"] == "total"
    assert words(last) == ["合计", "85.0", ""]


def test_unknown_and_hidden_cells_are_marked_and_explained():
    found = made("internal", "", "t", "各年级", {"达标率": by_grade(None, 0.8)})
    assert words(found["rows"][0])[1] == "—"
    assert [text({"runs": note}) for note in found["notes"]] == ["“—”表示没有数据或不适用。"]
    hidden = made("public", "", "t", "各年级", {"达标率": by_grade(0.5, 0.5, base=5)})
    assert [words(row)[1] for row in hidden["rows"]] == ["…", "…"]
    assert all(row["cells"][1]["suppressed"] for row in hidden["rows"])
    assert "保护个人信息" in text({"runs": hidden["notes"][0]})


def test_schools_come_in_order_of_value_when_asked():
    found = made("internal", "", "t", "各校", {"达标率": by_school(0.8, 0.9)}, order="descending")
    assert [words(row)[0] for row in found["rows"]] == ["湖滨小学", "第一小学"]


def test_a_public_edition_lists_no_schools():
    found = made("public", "", "t", "各校达标率", {"达标率": by_school(0.8, 0.9)})
    assert found["kind"] == "paragraph"
    assert "公开版不逐校列出" in text(found)


def test_more_than_seven_columns_are_refused():
    edition()
    with pytest.raises(ValueError, match="columns"):
        table("t", "宽", {f"列{'甲乙丙丁戊己庚辛'[n]}": by_grade(0.9) for n in range(8)})


def test_two_tables_of_one_name_are_refused():
    edition()
    table("t", "甲", {"达标率": by_grade(0.9)})
    with pytest.raises(ValueError, match="two tables"):
        table("t", "乙", {"达标率": by_grade(0.9)})


def test_a_frame_of_figures_and_literals_and_words():
    frame = pd.DataFrame(
        {"数值": [share(0.9), None], "依据": [literal("城政办发〔2021〕37号", "document"), "无"]}, index=["甲", "乙"]
    )
    found = made("internal", "", "t", "混合", frame, first="项")
    assert [words(row) for row in found["rows"]] == [["甲", "90.0%", "城政办发〔2021〕37号"], ["乙", "—", "无"]]


def test_a_typed_number_in_a_frame_is_refused():
    edition()
    with pytest.raises(ValueError, match="手写的数字"):
        table("t", "混合", pd.DataFrame({"数值": ["九十人"]}, index=["甲"]))


def test_figures_of_different_indicators_stand_one_a_row():
    found = made("internal", "", "t", "一览", [share(0.9, 0.85, 0.94, nature="survey"), share(None)])
    assert words(found["rows"][0]) == ["班级日达标率", "90.0%", "85.0%–94.0%", "500个班级日"]
    assert words(found["rows"][1])[1] == "—"


def test_a_count_shows_its_bounds_or_that_nothing_is_missing_never_an_interval():
    counts = [share(0.9, 0.85, 0.94), share(0.9, 0.1, 0.99, unknown=9, bounds=(0.884, 0.902)), share(0.9, unknown=3)]
    found = made("internal", "", "t", "一览", counts)
    assert [words(row)[2] for row in found["rows"]] == ["无缺报", "88.4%–90.2%", "不含待更正"]
    assert faithful(found["rows"][1]["cells"][2])
    assert [one[2:4] for one in of_table(found | {"label": "表1"}).rows] == [
        ("无缺报", "无缺报"), (0.884, 0.902), ("不含待更正", "不含待更正")
    ]  # fmt: skip


def test_cells_of_a_few_things_are_counts_and_keep_their_exact_value():
    few = by_school(0.625, 0.5, base=8)
    figures = Statistics(tuple(replace(item, base_unit="所学校") for item in few), few.by)
    found = made("internal", "", "t", "各校", {"占比": column(figures, total=share(0.9))})
    assert [words(row)[1] for row in found["rows"]] == ["8所中5所", "8所中4所", "90.0%"]
    assert "unit" not in found["columns"][1] and found["rows"][0]["cells"][1]["value"] == 0.625
    assert all(faithful(row["cells"][1]) for row in found["rows"])
    assert "unit" not in made("internal", "", "t", "各校", {"占比": figures})["columns"][1]


def test_bounds_beside_counts_of_a_few_things_keep_their_unit_too():
    few = replace(share(0.5, base=8, unknown=2, bounds=(0.4, 0.6), name="一年级", grade=1), base_unit="所学校")
    many = share(0.9, unknown=9, bounds=(0.884, 0.902), name="二年级", grade=2)
    figures = Statistics((few, many), ("grade",))
    found = made("internal", "", "t", "各年级", {"上下界": column(figures, "interval")})
    assert [words(row)[1] for row in found["rows"]] == ["10所中4–6所", "88.4%–90.2%"]
    assert "unit" not in found["columns"][1] and all(faithful(row["cells"][1]) for row in found["rows"])


def test_groups_that_overlap_end_in_any_of_them_and_others_in_the_total():
    def contracts(number, **group):
        estimate = Estimate(float(number), n=158, method="count")
        made = replace(share(0.5, name="甲", **group), indicator="institutions.prepaid_beyond", unit="份", decimals=0)
        return replace(made, estimate=estimate, numerator=float(number), denominator=None, base_unit="份合同")

    by_breach = Statistics((contracts(5, breach="lessons"), contracts(4, breach="months")), ("breach",))
    by_training = Statistics((contracts(8, training="other"),), ("training",))
    for figures, name in ((by_breach, "任一情形"), (by_training, "全区")):
        last = made("internal", "", "t", "合同", {"合同": column(figures, total=contracts(8))}, total="全区")["rows"][
            -1
        ]
        assert (last["role"], words(last)) == ("total", [name, "8"])


def test_rows_beyond_the_page_stay_in_the_object_that_the_files_are_made_from():
    figures = by_grade(0.9, 0.8)
    found = made("internal", "", "t", "各年级", {"达标率": column(figures, total=share(0.85))}, limit=1)
    assert [words(row)[0] for row in found["rows"]] == ["一年级", "二年级", "合计"]
    assert [words(row)[0] for row in page_rows(found)] == ["一年级", "合计"]
    assert "表格文件" in text({"runs": found["notes"][-1]})
    assert "page_rows" not in made("internal", "", "t", "各年级", {"达标率": figures}, limit=2)


def test_a_table_without_a_row_is_a_sentence():
    written = edition()
    table("none", "学生各项满意率", {"满意率": Statistics((), ("item",))}, first="题目")
    made = written.objects[-1]
    assert (made["kind"], text(made)) == ("paragraph", "学生各项满意率：没有数据，不列表。")
    names = [each.get("name") for each in written.objects]
    assert "none" not in names


def test_directions_and_verdicts_beside_each_other_allow_for_how_many_there_are():
    """Five items at t = 2.2 to 3.4 (40 df): p = .034 … .0016; Holm shows one of the four items, the overall item stands alone."""

    def change(value: float, item: str):
        return replace(
            share(0.5, name=item, item=item),
            nature="survey",
            unit="个百分点",
            estimate=Estimate(value, 1.0, value - 2.02, value + 2.02, n=500, df=40, method="t"),
        )

    items = Statistics(
        tuple(
            change(value, item) for value, item in ((3.4, "a"), (2.2, "b"), (-2.3, "c"), (0.1, "d"), (2.2, "overall"))
        ),
        ("item",),
    )
    written = edition()
    table("changes", "变化", {"变化": items, "变化方向": column(items, "direction")}, first="题目")
    cells = [row["cells"][2]["text"] for row in written.objects[-1]["rows"]]
    assert cells == ["上升", "没有显出变化", "没有显出变化", "没有显出变化", "上升"]


def test_bounds_of_a_few_things_are_counts_and_bounds_that_print_alike_are_one_number():
    few = share(10 / 13, base=13, unit="个批次", bounds=(10 / 14, 11 / 14))
    assert few.bounds_text == "14批次中10–11批次"
    assert share(0.5, base=2, unit="家次", bounds=(1 / 3, 2 / 3)).bounds_text == "3家次中1–2家次"
    assert share(0.74, bounds=(0.73996, 0.74004)).bounds_text == "74.0%"
