import re
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import seaborn
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from presentation_figures import by_grade, by_school, edition, share, text

from analysis.indicators.satisfaction_schools import SchoolsApart
from analysis.indicators.statistic import Statistics
from analysis.presentation import (
    calendar,
    distribution,
    diverging,
    funnel,
    heat,
    points,
    ranks,
    set_theme,
    stacked,
    weeks,
)
from analysis.presentation.charts import theme
from analysis.presentation.charts.axes import widened
from analysis.presentation.charts.distribution import _draw
from analysis.rules import rules
from analysis.statistics import Homogeneity

GRID = Statistics(
    tuple(
        share(
            0.5 + 0.05 * grade + 0.01 * weekday,
            name=f"{'一二三'[grade - 1]}年级周{'一二三四五'[weekday - 1]}",
            grade=grade,
            weekday=weekday,
        )
        for grade in (1, 2, 3)
        for weekday in range(1, 6)
    ),
    ("grade", "weekday"),
)
DAYS = Statistics(
    tuple(
        share(
            0.5 + 0.05 * week + 0.01 * weekday,
            name=f"第{week}周周{'一二三四五'[weekday - 1]}",
            week=week,
            weekday=weekday,
        )
        for week in (1, 2, 3)
        for weekday in range(1, 6)
    ),
    ("week", "weekday"),
)
WEEKS = Statistics(tuple(share(0.9 + 0.01 * week, name=f"第{week}周", week=week) for week in range(1, 6)), ("week",))
LIMITS = pd.DataFrame(
    {
        "week": range(1, 6),
        "value": [0.91, 0.92, 0.93, 0.94, 0.95],
        "smoothed": [0.91, 0.92, 0.93, 0.94, 0.95],
        "centre": 0.92,
        "lower": 0.9,
        "upper": 0.94,
        "signal": [False] * 4 + [True],
    }
)
SIZES = pd.DataFrame(
    {"n": [10, 1000], "lower_95": [0.5, 0.85], "upper_95": [1, 0.93], "lower_998": [0.4, 0.8], "upper_998": [1, 0.97]}
)
APART = SchoolsApart(SIZES, SIZES, Homogeneity(9.6, 2, 0.0082), 4.8, ("2199000002",), ())
ANSWERS = ["非常满意", "满意", "一般", "不满意", "非常不满意"]


def chart(draw, audience="internal", school=""):
    written = edition(audience, school)
    draw()
    return written.objects[-1]


CHARTS = {
    "points": lambda: points("a", by_school(0.98, 0.9, None), reference=share(0.92)),
    "weeks": lambda: weeks("a", WEEKS, limits=LIMITS),
    "calendar": lambda: calendar("a", DAYS),
    "heat": lambda: heat("a", GRID),
    "stacked": lambda: stacked("a", GRID, parts="weekday"),
    "funnel": lambda: funnel("a", by_school(0.98, 0.7), APART, target=share(0.9)),
    "ranks": lambda: ranks("a", by_school(0.98, 0.7), pd.DataFrame({"rank": [1, 2], "lower": [1, 1], "upper": [2, 2]})),
    "diverging": lambda: diverging(
        "a", pd.DataFrame([[0.6, 0.3, 0.05, 0.03, 0.02]] * 2, columns=ANSWERS), by_grade(0.9, 0.9), neutral="一般"
    ),
    "distribution": lambda: distribution(
        "a",
        pd.DataFrame({"grade": 1, "minutes": np.arange(90), "class_days": 5}),
        by_grade(0.9),
        panels="grade",
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_each_chart_has_a_finding_an_alt_text_and_its_figures(name):
    found = chart(CHARTS[name])
    assert found["kind"] == "figure"
    title = text({"runs": found["title"]})
    assert len(title) > 5 and "图" not in title
    assert found["alt"].startswith(title) and len(found["alt"]) > len(title) + 10
    assert found["statistics"]


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_data_give_the_same_bytes(name):
    assert chart(CHARTS[name])["data"] == chart(CHARTS[name])["data"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_one_small_svg_that_asks_for_nothing(name):
    svg = chart(CHARTS[name])["data"]
    assert svg.startswith("<svg") and "<text" not in svg and "<metadata" not in svg and "<style" not in svg
    assert not re.search(r"(?:href|url)\W+(?:https?:|data:)", svg)
    assert all(each.startswith("a.") for each in re.findall(r' id="([^"]*)"', svg))
    assert len(svg) < 120_000


@pytest.mark.parametrize("name", ["points", "funnel", "ranks"])
def test_a_public_chart_of_schools_names_none_and_holds_no_code(name):
    found = str(chart(CHARTS[name], "public"))
    for secret in ("第一小学", "湖滨小学", "青岭小学", "2199"):
        assert secret not in found


def test_a_chart_names_the_extremes_and_every_group_in_its_alt_text():
    found = chart(CHARTS["points"])
    assert text({"runs": found["title"]}) == "班级日达标率：第一小学最高（98.0%），湖滨小学最低（90.0%）"
    assert "第一小学98.0%；" in found["alt"] and "无数值：青岭小学" in found["alt"]


def test_a_schools_chart_says_where_it_stands_and_names_no_other():
    found = chart(CHARTS["points"], school="2199000002")
    assert text({"runs": found["title"]}).startswith("本校班级日达标率90.0%，")
    assert "第一小学" not in found["alt"]


def test_schools_without_a_rank_are_said_to_have_none():
    none = pd.DataFrame(np.nan, index=range(2), columns=["rank", "lower", "upper"])
    found = chart(lambda: ranks("a", by_school(0.98, 0.7), none))
    assert (found["kind"], text(found)) == ("paragraph", "班级日达标率：不足以排出名次，不作图。")


def test_a_funnel_says_first_whether_the_schools_differ():
    def titled(apart: SchoolsApart, audience: str = "internal") -> str:
        found = chart(lambda: funnel("a", by_school(0.98, 0.7), apart, target=share(0.9)), audience)
        return text({"runs": found["title"]})

    assert titled(APART) == "班级日达标率：各校差别超出偶然（检验p=0.008），湖滨小学低于全区"
    public = chart(CHARTS["funnel"], "public")
    assert public["kind"] == "paragraph"
    assert text(public) == "班级日达标率：各校差别超出偶然（检验p=0.008），其中1所学校与全区不同。"
    alike = replace(APART, homogeneity=Homogeneity(2.1, 2, 0.35), apart=())
    assert titled(alike) == "班级日达标率：各校之间没有显出差别（检验p=0.350）"
    some = replace(APART, homogeneity=Homogeneity(36.0, 6, 2.8e-6), apart=())
    assert titled(some) == "班级日达标率：各校差别超出偶然（检验p<0.001），但分不出是哪几所"


def test_weeks_above_and_below_the_limits_are_told_apart():
    low = LIMITS.assign(signal=[True, False, False, False, True], smoothed=[0.88, 0.92, 0.93, 0.94, 0.95])
    title = text({"runs": chart(lambda: weeks("a", WEEKS, limits=low))["title"]})
    assert title == "班级日达标率：第5周高于通常的起伏范围，第1周低于通常的起伏范围"


def test_a_title_names_no_extreme_that_the_data_do_not_separate():
    near = chart(lambda: points("a", by_school(0.91, 0.9, 0.89)))
    assert text({"runs": near["title"]}) == "各校的班级日达标率" and "最高" not in near["alt"]
    tied = chart(lambda: points("a", by_school(1.0, 1.0, 0.9)))
    assert text({"runs": tied["title"]}) == "班级日达标率：第一小学、湖滨小学并列最高（100.0%），青岭小学最低（90.0%）"
    asked = chart(lambda: points("a", by_school(0.91, 0.9), title="{it.lowest.group}最低"))
    assert text({"runs": asked["title"]}) == "各校的班级日达标率"


def test_weeks_beyond_the_limits_are_the_finding():
    assert text({"runs": chart(CHARTS["weeks"])["title"]}) == "班级日达标率：第5周高于通常的起伏范围"
    calm = LIMITS.assign(signal=False)
    assert "没有可指认的变化" in text({"runs": chart(lambda: weeks("a", WEEKS, limits=calm))["title"]})


def test_without_a_single_value_there_is_a_sentence_and_no_chart():
    found = chart(lambda: points("a", by_school(None, None)))
    assert found["kind"] == "paragraph" and text(found) == "班级日达标率：没有数据，不作图。"
    hidden = chart(lambda: points("a", by_grade(0.5, 0.5, base=4)), "public")
    assert hidden["kind"] == "paragraph" and "为保护个人信息" in text(hidden)


def test_a_hidden_group_is_not_drawn():
    figures = Statistics((*by_grade(0.8, 0.7), replace(by_grade(0, 0, 0.123)[2], base=4)), ("grade",))
    shown = chart(lambda: points("a", figures), "public")
    assert "12.3%" not in str(shown)


def test_a_character_that_the_first_typeface_lacks_brings_in_the_others():
    assert len(theme.family_for(["第一小学60分钟"])) == 1
    assert theme.family_for(["\U000f0000"]) == list(theme.families())


@pytest.mark.parametrize(
    ("shown", "axis"),
    [
        ((99.6, 100.0), (89.4, 100.6)),  # stays within the whole
        ((84.0, 86.0), (79.4, 90.6)),  # about the middle
        ((-2.0, 3.0), (-5.1, 6.1)),  # differences may be negative
        ((50.0, 90.0), (50.0, 90.0)),  # wide enough
    ],
)
def test_an_axis_of_shares_spans_ten_points_at_least(shown, axis):
    ax = Figure().subplots()
    ax.plot(shown, [0, 1], "o")
    ax.set_xlim(*shown)
    widened(ax.xaxis, "%")
    assert ax.get_xlim() == pytest.approx(axis)
    widened(ax.xaxis, "%", few=True)
    assert ax.get_xlim() == (-3, 103)


def test_minutes_keep_their_axis():
    ax = Figure().subplots()
    ax.set_xlim(1, 2)
    widened(ax.xaxis, "分钟", few=True)
    assert ax.get_xlim() == (1, 2)


def test_the_bar_of_a_count_is_told_as_weekly_movement_and_that_of_answers_is_not():
    count = text({"runs": chart(CHARTS["points"])["subtitle"]})
    assert "逐周起伏" in count and "点为数值" in count
    answers = Statistics(tuple(replace(item, nature="survey") for item in by_school(0.98, 0.9)), ("school",))
    asked = text({"runs": chart(lambda: points("a", answers))["subtitle"]})
    assert "逐周" not in asked and "点为估计值" in asked


def test_where_more_is_better_the_low_fields_are_dark_and_said_to_be():
    assert "颜色越深数值越小" in text({"runs": chart(CHARTS["heat"])["subtitle"]})
    many = Statistics(tuple(replace(item, indicator="homework.median_minutes") for item in GRID), GRID.by)
    assert "颜色越深数值越大" in text({"runs": chart(lambda: heat("a", many))["subtitle"]})


def test_a_histogram_names_minutes_and_no_superlative():
    title = text({"runs": chart(CHARTS["distribution"])["title"]})
    assert title == "每个班级日时长（分钟）的分布；班级日达标率：一年级90.0%"


def test_of_parts_one_is_called_the_greatest_only_if_it_is_in_every_bar():
    def bars(*values):
        made = [
            share(value, value - 0.01, value + 0.01, name=f"{grade}年级{subject}", grade=number, subject=subject)
            for number, (grade, row) in enumerate(zip("一二", values, strict=True), start=1)
            for subject, value in zip(("语文", "数学"), row, strict=True)
        ]
        found = chart(lambda: stacked("a", Statistics(tuple(made), ("grade", "subject")), parts="subject"))
        return text({"runs": found["title"]})

    assert bars((0.7, 0.3), (0.6, 0.4)) == "班级日达标率：各年级都是语文最大"
    assert bars((0.7, 0.3), (0.4, 0.6)) == "各年级、各学科的班级日达标率"


def test_a_researchers_own_chart_has_the_look_of_the_published_ones():
    with mpl.rc_context():
        set_theme()
        ax = seaborn.lineplot(x=[1, 2], y=[60, 55], ax=Figure().subplots())
        assert to_hex(ax.get_lines()[0].get_color()) == theme.SERIES[0]
        assert mpl.rcParams["font.family"] == [theme.families()[0]] and mpl.rcParams["font.size"] == 8.5
        assert not ax.spines["top"].get_visible() and not mpl.rcParams["axes.unicode_minus"]


def test_bars_hold_all_class_days_and_break_at_the_rule():
    """90 values of 5 class-days each: 61 within 60 minutes, 29 beyond."""
    figure = Figure()
    rule = replace(next(each for each in rules() if each.id == "homework.cap"), value=60.0)
    _draw(figure.subplots(), np.arange(90.0), np.full(90, 5), np.arange(0, 95, 5.0), rule)
    bars = [patch for patch in figure.axes[0].patches if patch.get_height()]
    heights = {colour: sum(bar.get_height() for bar in bars if to_hex(bar.get_facecolor()) == colour) for colour in (theme.SERIES[1], theme.ACCENT)}  # fmt: skip
    assert heights == {theme.SERIES[1]: 305, theme.ACCENT: 145}
    assert {bar.get_hatch() for bar in bars if to_hex(bar.get_facecolor()) == theme.ACCENT} == {"////"}
    assert min(bar.get_x() for bar in bars) == pytest.approx(0.2) and bars[0].get_width() == pytest.approx(4.6)
