"""What stands on a first page is what the data bear out: bounds beside counts, bases of what is shown, no rows as things."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from presentation_figures import by_grade, edition, share, text

from analysis.indicators.statistic import Statistics
from analysis.presentation import all_within, say
from analysis.presentation.cells import figure_cells
from analysis.presentation.facts import counted_fact
from analysis.presentation.references import summed_base
from analysis.presentation.wording import drawn, finding, whole_name


def said(template: str, *, opening: bool = True, school: str = "", **refs: object) -> str:
    written = edition(school=school)
    written.opening = opening
    say(template, **refs)
    return text(written.objects[-1])


def plain(runs: list[dict[str, str]]) -> str:
    return "".join(run["text"] for run in runs)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (share(0.889, base=54, bounds=(0.611, 1.0)), "88.9%（计入待更正，在61.1%–100.0%之间）"),
        (
            share(13 / 15, base=15, unit="件", bounds=(13 / 16, 14 / 16)),
            "15件中的13件（计入待更正，为16件中的13至14件）",
        ),
        (share(7 / 8, base=8, unit="所学校", bounds=(7 / 8, 1.0)), "8所中的7所（计入待更正，为8所中的7至8所）"),
        (share(0.889, bounds=(0.8891, 0.8892)), "88.9%"),
        (share(0.889), "88.9%"),
        (share(0.889, 0.85, 0.91, nature="survey"), "88.9%"),
    ],
)
def test_a_count_has_its_bounds_beside_it_among_the_first_findings(figure, words):
    figure = replace(figure, indicator="supervision.closed")  # rows put aside only: no school is silent
    assert said("已办结的{s}。", s=figure) == f"已办结的{words}。"
    assert said("已办结的{s}。", s=figure, opening=False) == f"已办结的{figure.text}。"


def test_groups_among_the_first_findings_have_their_bounds_too():
    groups = Statistics(tuple(replace(item, bounds=(0.7, 0.95)) for item in by_grade(0.9)), ("grade",))
    groups = Statistics(tuple(replace(item, indicator="supervision.closed") for item in groups), ("grade",))
    assert said("{g.each}。", g=groups) == "一年级90.0%（计入待更正，在70.0%–95.0%之间）。"


def test_the_base_below_a_chart_is_that_of_the_groups_shown():
    edition()
    groups = [share(0.8, base=300, name="留守", group="a"), share(0.9, base=200, name="随迁", group="b")]
    assert plain(drawn(groups, "点为数值", share(0.84, base=500))) == "班级日达标率，点为数值；基数500个班级日"
    told = drawn(groups, "点为数值", share(0.84, base=1200))
    assert plain(told) == "班级日达标率，点为数值；各组的基数合计500个班级日，不是全体"
    assert told[-2]["statistic"]["base"] == 500
    overlap = drawn(groups, "点为数值", share(0.84, base=400))
    assert plain(overlap) == "班级日达标率，点为数值；各组有重叠，全体的基数为400个班级日"
    alone = replace(groups[1], estimate=groups[1].estimate.suppressed(), base=None)
    hidden = [replace(groups[0], base=None), alone]
    assert plain(drawn(hidden, "点为数值", share(0.84, base=500))) == "班级日达标率，点为数值"


def test_the_base_of_the_groups_speaks_of_the_scope_of_the_whole():
    made = summed_base([share(0.8, base=300, name="留守"), share(0.9, base=200, name="随迁")], "2199000001")
    assert (made.scope.school, made.label, made.text) == ("2199000001", "留守、随迁的基数合计", "500个班级日")


def test_a_district_beside_a_school_of_its_own_says_so():
    whole = share(0.95)
    assert whole_name(whole, edition(school="2199000001")) == "全区（含本校）"
    assert whole_name(replace(whole, group_label="全区同年级"), edition(school="2199000001")) == "全区同年级（含本校）"
    assert whole_name(whole, edition()) == "全区"
    assert whole_name(share(0.9, school="2199000001"), edition(school="2199000001")) == "本校"


def test_no_title_says_of_all_what_the_missing_leave_open():
    all_met = list(by_grade(1.0, 1.0))
    assert plain(finding(all_met, edition())) == "班级日达标率均为100.0%"
    open_one = [all_met[0], replace(all_met[1], bounds=(0.9, 1.0))]
    assert plain(finding(open_one, edition())) != "班级日达标率均为100.0%"
    faults = [*by_grade(0.99, 1.0)]
    assert plain(counted_fact(faults)) == "班级日达标率：一年级99.0%，其余没有例外"
    faults[1] = replace(faults[1], unknown=1)  # a row put aside, of which no bound can be told
    assert plain(counted_fact(faults)) == "班级日达标率：一年级99.0%、二年级100.0%"


def test_a_row_of_amounts_is_no_single_thing():
    tasks = replace(share(1.0, base=60, unit="件任务", unknown=1), indicator="supervision.tasks_done")
    assert said("{a.lacking}。", a=all_within(tasks)) == "还有1行登记待更正。"
    assert said("{s.unknown}。", s=tasks) == "1行登记。"
    assert said("{a.lacking}。", a=all_within(share(1.0, unknown=1))) == "还有1个班级日没有登记或待更正。"


@pytest.mark.parametrize(
    ("indicator", "alone", "words"),
    [
        ("service.plans", replace(share(0.0, base=1, unit="所学校"), indicator="service.plans"), "未报计为没有"),
        ("service.plans", replace(share(None, base=0), indicator="service.plans"), "不含缺报"),
        ("service.participation", share(0.0), "不含缺报"),  # a ledger waits for the school's rows
    ],
)
def test_a_table_says_whether_a_figure_holds_the_silent(indicator, alone, words):
    silent = SimpleNamespace(school="2199000008")
    study = SimpleNamespace(
        at=lambda school: SimpleNamespace(measure=lambda id: alone),
        district=SimpleNamespace(reporting=lambda table: SimpleNamespace(missing=(silent,))),
    )
    edition().study = study
    whole = replace(share(0.75, base=8, unit="所学校", missing=("石桥小学",)), indicator=indicator)
    assert figure_cells(whole)[1]["text"] == words
    assert figure_cells(replace(whole, missing=()))[1]["text"] == "无缺报"
