"""Pages without figures: a scope that reported nothing, a public edition of a single school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.indicators.catalogue import entries
from analysis.indicators.statistic import Statistic
from analysis.intake import dictionary
from analysis.presentation.content import Run, figure_run, joined, literal_run, words
from analysis.presentation.edition import Edition
from analysis.presentation.offices import office
from analysis.presentation.references import day_words
from analysis.presentation.silent import alone
from analysis.reference.settings import settings

if TYPE_CHECKING:
    from analysis.indicators.study import Study

EXPECTED = {
    "homework": ("作业台账", "每个班级、每个上课日、每个学科登记一行"),
    "homework_control": ("作业管理台账", "每项管理要素登记日期与佐证材料"),
    "attendance": ("课后服务考勤", "按班级、日期逐名登记到场与起止时间"),
    "service_daily": ("课后服务日报", "按班级、日期登记应参加与实际参加人数"),
    "courses": ("课程菜单", "每门课程登记领域、容量与报名人数"),
    "service_models": ("服务模式表", "按顺序登记各环节的分钟数"),
    "plans": ("一校两案", "分别报送服务方案与经费方案"),
    "funds": ("课后服务经费表", "按批次登记申请、核定与拨付金额及日期"),
    "relief": ("教师减负表", "每项减负措施登记日期与涉及教师数"),
    "teachers": ("教师情况表", "登记教师数与参加课后服务教师数"),
    "tasks": ("任务完成情况", "每项任务登记应完成与已完成的件数"),
    "platform": ("监测平台填报", "按月、按项登记上报时间与上报值"),
    "outreach": ("宣传情况", "按渠道登记日期与覆盖户数"),
    "institutions": ("校外培训机构名册", "由区级部门按机构登记类别、主管部门与起止日期"),
    "supervision": ("督查台账", "由区级部门逐件登记方式、期限与办结日期"),
    "survey": ("满意度问卷", "由家长、学生在线填写，导出答卷后报送"),
}
"""Table → what a school hands in, and how it is filled."""


OF_DISTRICT = ("institutions", "supervision")
"""Tables of `EXPECTED` that the bureau keeps itself."""
EITHER = {"attendance": "service_daily", "service_daily": "attendance"}
"""Table → the one that may stand in its place: a school that sent the daily report lacks no roll call."""


def name_of(table: str) -> str:
    """Return what a table is called on pages: as schools are asked for it, else as the column dictionary calls it."""
    if table in EXPECTED:
        return EXPECTED[table][0]
    return next((each.label for each in dictionary.read().tables if each.name == table), table)


def owed(study: Study, school: str, needed: Sequence[str] = ()) -> tuple[str, ...]:
    """Return all tables that are expected of a school and that it did not hand in for the term.

    Expected are the tables that schools keep, as far as the snapshot has them at all: a district that does not collect
    one asks no school for it, unless the document needs it (`needed`).
    """
    lacks = []
    for table in EXPECTED:
        instead = EITHER.get(table, table)
        if table in OF_DISTRICT or (table not in study.snapshot.tables and table not in needed):
            continue
        if school in _missing(study, table) and (instead == table or school in _missing(study, instead)):
            lacks.append(table)
    return tuple(lacks)


def _missing(study: Study, table: str) -> set[str]:
    if table not in study.snapshot.tables:
        return set(study.schools["school"])
    return {each.school for each in study.district.reporting(table).missing}


def put_nothing_reported(edition: Edition, study: Study) -> None:
    """Put out the page that says what was expected from whom and did not come, then end the document.

    A school reads of everything that it owes, not only of what this document needs: by when, to whom, and where it gets
    the forms.
    """
    lacks = (owed(study, study.scope.school) if edition.school else ()) or edition.tables
    term = literal_run(study.calendar.label, "date")
    scope = literal_run(edition.scope_label, "name")
    needed = "、".join(map(name_of, edition.tables))
    edition.put(
        "paragraph",
        role="finding",
        runs=[scope, words("在"), term, words(f"没有报送{needed}，本期无数据可以分析，也不作任何推断。")],
    )
    _put_owed(edition, study, lacks)
    after = words("收到材料后重新读入并生成，本页即由正式报告取代。")
    edition.put("paragraph", role="body", runs=[after, *(_meanwhile(edition, study, lacks) if edition.school else [])])
    edition.put("heading", level=1, runs=[words("方法与数据来源")])
    edition.put(
        "paragraph",
        role="method",
        runs=[
            words(
                "方法：以数据快照中该单位、该学期的登记行数判断是否报送；一行也没有即为未报。"
                "未报不等于零，本页不以任何数值代替。"
            )
        ],
    )
    put_source(edition, study)
    edition.end("该范围未报送所需数据")


def _meanwhile(edition: Edition, study: Study, lacks: Sequence[str]) -> list[Run]:
    """Say which figures of the district count a silent school as lacking, and how the others stand to it.

    A figure counts the school where it has a value for the school alone: nothing over a denominator that does not wait
    for the school's rows.
    """
    counted = edition.shown(_counted_all_the_same(study, lacks))
    others = words("区级的占比、平均与合计不含该单位，列有上下界的，“计入缺报”的上下界含该单位可能的情形。")
    if not counted:
        return [words("在此之前，"), others]
    named = joined([[figure_run(item.label, item, "label")] for item in counted])
    return [
        words("在此之前，区级的"),
        *named,
        words("按应报单位计算，含该单位，没有报送即计为没有；其余"),
        others,
    ]


def _counted_all_the_same(study: Study, lacks: Sequence[str]) -> list[Statistic]:
    asked = (entry.id for entry in entries().values() if set(lacks) & set(entry.tables))
    return [item for id in asked if (item := alone(study, id)) is not None]


def _put_owed(edition: Edition, study: Study, lacks: Sequence[str]) -> None:
    """Put out what is owed, table by table, by when and to whom."""
    edition.put("heading", level=1, runs=[words("应报内容")])
    who = literal_run(edition.scope_label, "name") if edition.school else words("区内各学校")
    edition.put(
        "table",
        name="expected",
        title="应报而未报的材料",
        columns=[
            {"key": "material", "label": "材料", "align": "left"},
            {"key": "who", "label": "报送单位", "align": "left"},
            {"key": "filling", "label": "填报要求", "align": "left"},
            {"key": "state", "label": "状态", "align": "left"},
        ],
        rows=[
            {
                "role": "body",
                "cells": [words(name_of(table)), who, words(EXPECTED.get(table, ("", ""))[1]), words("未报")],
            }
            for table in lacks
        ],
    )
    charged, bureau = office("reporting"), settings().bureau
    runs = [words("请在"), literal_run(day_words(charged.due(study.as_of)), "date"), words("前报送至")]
    runs += [
        literal_run(f"{bureau.name}{charged.name}", "name"),
        words("；联系人"),
        literal_run(bureau.contact, "name"),
    ]
    runs += [words("，电话"), literal_run(bureau.telephone, "name"), words("。各表的表样与填报说明可向该科室索取。")]
    edition.put("paragraph", role="body", runs=runs)


def put_district_only(edition: Edition) -> None:
    """Put out the page that says that the public edition is of the district only, then end the document."""
    edition.put(
        "paragraph",
        role="finding",
        runs=[words("公开版以全区为单位发布，不单独公布单个学校的数据。")],
    )
    edition.put(
        "paragraph",
        role="body",
        runs=[
            words(
                "学校规模有限，单独公布一校各年级、各班级的数据，可能使人推知具体班级或学生的情况，"
                "也可能使学校因尚未核实的差异受到评价。全区情况见区级公开版；学校自身情况见内部版。"
            )
        ],
    )
    edition.end("公开版不发布单个学校的数据")


def put_source(edition: Edition, study: Study, role: str = "method") -> None:
    """Put out where the data come from."""
    snapshot = study.snapshot
    edition.put(
        "paragraph",
        role=role,
        runs=[
            words("数据来源：各校报送的原始材料，经读入核验形成数据快照"),
            literal_run(snapshot.id[:12], "document"),
            words("。"),
        ],
    )
    if snapshot.simulated:
        edition.put("paragraph", role="caveat", runs=[words("数据为模拟生成，不反映任何真实地区、学校或个人的情况。")])
