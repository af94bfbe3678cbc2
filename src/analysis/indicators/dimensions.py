"""The dimensions that figures are grouped by: their values in natural order, and their Chinese names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pandas as pd

from analysis.indicators.statistic import GroupKey
from analysis.reference.tables import tables_file
from analysis.reference.vocabulary import GradeBand, Role, Stage
from analysis.rules import grade_band, stage_of
from analysis.text.calendar import DAYS
from analysis.text.numerals import written

GRADES = {grade: f"{written(grade)}年级" for grade in range(1, 10)}
WEEKDAYS = {day: f"周{DAYS[day - 1]}" for day in range(1, 8)}
LABELS: dict[str, dict[Any, str]] = {
    "grade": GRADES,
    "weekday": WEEKDAYS,
    "grade_band": GradeBand.labels(),
    "stage": Stage.labels(),
    "component": {
        "planning": "学科统筹",
        "total": "总量控制",
        "structure": "结构优化",
        "publication": "审核公示",
        "layering": "分层设计",
        "feedback": "批改反馈",
        "monitoring": "动态监测",
    },
    "role": Role.labels(),
    "plan": {"service": "课后服务方案", "fund": "课后服务经费方案"},
    "action": {"inspection": "督查", "inquiry": "函询", "interview": "约谈", "publication": "公示"},
    "level": {"district": "区级", "school": "校级"},
    "training": {"repeat": "全日制高考复读", "other": "非学科类", "subject": "学科类"},
    "list": {"white": "白名单", "black": "黑名单"},
    "result": {"passed": "合格", "mend": "限期整改", "failed": "不合格"},
    "tier": {"1": "一档", "2": "二档", "3": "三档"},
    "document_kind": {"national": "国家文件", "local": "地方文件", "law": "法律法规"},
    "breach": {
        "months": "时间跨度超限",
        "lessons": "课时超限",
        "amount": "金额超限",
        "early": "收费过早",
        "open": "没有截止日期",
    },
    "conflict": {
        "blacklisted": "黑名单机构开课",
        "unqualified": "提供方无资质",
        "old_authority": "移交后仍在原部门",
        "not_handed_over": "非学科类未移交",
        "no_deposit": "开办时无保证金",
        "shared_account": "共用账户",
        "no_notice": "有承诺无通知",
        "both_lists": "同在黑白名单",
        "stale_list": "不在册仍在名单",
        "interest": "检查人员未回避",
    },
}
ORDERS: dict[str, list[Any]] = {
    "subject": [
        "语文",
        "数学",
        "英语",
        "科学",
        "物理",
        "化学",
        "生物",
        "道德与法治",
        "历史",
        "地理",
        "体育与健康",
        "音乐",
        "美术",
        "艺术",
        "信息科技",
        "劳动",
        "综合实践",
    ],
    "field": list("德智体美劳"),
    **{name: list(labels) for name, labels in LABELS.items()},
}
MONTH = re.compile(r"\d{4}-\d{2}")
OF_GRADE = {"stage": stage_of, "grade_band": grade_band}
COUNTED_FROM = {"stage": "grade", "grade_band": "grade", "week": "date", "weekday": "date"}
NAMES = {
    "school": "学校", "stage": "学段", "grade": "年级", "grade_band": "年级段", "class": "班级", "subject": "学科",
    "weekday": "星期", "week": "周次", "group": "学生类别", "field": "五育类别", "component": "要素", "role": "填答人",
    "item": "题目", "measure": "措施", "plan": "方案", "course": "课程", "kind": "类别", "wave": "轮次", "model": "模式", "provider": "提供方", "batch": "批次",
    "task": "任务", "period": "期间", "return": "填报项", "action": "督查方式", "level": "级别", "channel": "渠道", "year": "年份",
    "document_kind": "文件类别", "training": "机构类别", "authority": "主管部门", "risk": "风险等级", "list": "名单", "round": "检查轮次",
    "result": "检查结果", "tier": "保证金档次", "institution": "机构", "breach": "超限情形", "conflict": "核对事项",
}  # fmt: skip


def name_of(dimension: str) -> str:
    """Return the Chinese name of a dimension: as it is called here, else as the dictionary of tables labels its column."""
    return NAMES.get(dimension) or tables_file().choices.get(dimension, (dimension, {}))[0]


def _labels(name: str) -> Mapping[Any, str]:
    return LABELS.get(name) or tables_file().choices.get(name, ("", {}))[1]


def natural(name: str, values: Iterable[object]) -> list[Any]:
    """Return the values of a dimension, each once, in the order in which people list them."""
    return sorted(set(values), key=lambda value: place(name, value))


def place(name: str, value: object) -> tuple[int, int, Any]:
    """Return what a value sorts by: its place in the list of its dimension, numbers before words."""
    order = ORDERS.get(name) or list(_labels(name))
    known = order.index(value) if value in order else len(order)
    if isinstance(value, int | float):
        return known, 0, value
    text = str(value)
    return (known, 0, int(text)) if text.isdecimal() else (known, 1, text)


def label(name: str, value: Any, schools: Mapping[str, str]) -> str:
    """Return the Chinese name of one value: ``三年级``, ``周三``, ``第5周``, ``2班``, ``2026年3月``, a school's short name."""
    if name == "school":
        return schools.get(str(value), str(value))
    if name == "week":
        return f"第{value}周"
    if name == "class":
        return f"{value}班" if str(value).isdecimal() else str(value)
    if name == "risk" and len(str(value)) == 1:
        return f"{value}级"
    if name == "year":
        return f"{value}年"
    if name == "period" and MONTH.fullmatch(str(value)):
        return f"{value[:4]}年{int(value[5:])}月"
    return _labels(name).get(value, str(value))


def derive(counted: pd.DataFrame, names: Iterable[str], days: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Add the dimensions that follow from grade, date or school.

    Parameters
    ----------
    counted
        Rows with ``school`` and what the dimensions follow from.
    names
        Dimensions wanted; those there already stay as they are.
    days
        The calendar's rows (``date, week, weekday``).
    schools
        The register (``school, stage``).
    """
    wanted = [name for name in names if name not in counted.columns]
    if {"week", "weekday"} & set(wanted):
        calendar = days[["date", "week", "weekday"]].astype({"date": "datetime64[s]"}).set_index("date")
        counted = counted[counted["date"].isin(calendar.index)]
        own = {name: counted["date"].map(calendar[name]) for name in ("week", "weekday") if name in wanted}
        counted = counted.assign(**own)
    if "grade_band" in wanted:
        counted = counted.assign(grade_band=_mapped(counted["grade"], grade_band))
    if "stage" in wanted and "grade" in counted.columns:
        counted = counted.assign(stage=_mapped(counted["grade"], stage_of))
    elif "stage" in wanted:
        counted = counted.merge(schools[["school", "stage"]], on="school", how="left")
    return counted


def _mapped(grades: pd.Series[Any], name: Any) -> pd.Series[Any]:
    return grades.map({grade: name(int(grade)) for grade in grades.dropna().unique()})


def levels(
    by: tuple[str, ...], schools: pd.DataFrame, days: pd.DataFrame, observed: pd.DataFrame, grades: tuple[int, ...]
) -> list[GroupKey]:
    """Return every group that should have a figure, in natural order, whether it has data or not.

    Schools, grades, bands, stages, weeks and weekdays come from the register and the calendar; other dimensions are
    those observed. A school is paired with its own grades only, a grade with its own band and stage, a subject with
    what it is taught in.
    """
    if not by:
        return [()]
    graded = "grade" in observed.columns
    spans = zip(*(schools[name].tolist() for name in ("school", "first_grade", "last_grade")), strict=True)
    taught = [
        (school, grade)
        for school, first, last in spans
        for grade in range(int(first), int(last) + 1)
        if not grades or grade in grades
    ]
    possible = {grade for _, grade in taught}
    known: dict[str, list[Any]] = {
        "school": list(schools["school"]) if not grades else list(dict.fromkeys(code for code, _ in taught)),
        "grade": sorted(possible),
        "grade_band": [band.value for band in GradeBand if any(grade_band(grade) == band for grade in possible)],
        "stage": natural("stage", {stage_of(grade) for grade in possible} if graded else set(schools["stage"])),
        "week": natural("week", days["week"]),
        "weekday": natural("weekday", days["weekday"]),
        "field": ORDERS["field"],
        "component": ORDERS["component"],
        "plan": ORDERS["plan"],
    }
    seen = {
        name: known.get(name) or natural(name, {each for each in observed[name].dropna() if each != ""})
        for name in by
        if name in observed.columns
    }
    choices = [seen.get(name, known.get(name, [])) for name in by]
    combined_names = tuple(by) if "subject" in by and set(by) <= set(observed.columns) else ()
    taught_there = {tuple(row) for row in observed[list(combined_names)].itertuples(index=False, name=None)}
    tied = [name for name in ("school", "grade", "class", "grade_band", "stage") if name in by]
    found = []
    combined = {tuple(row) for row in observed[tied].itertuples(index=False, name=None)} if "class" in tied else set()
    for group in product(*choices):
        told = dict(zip(by, group, strict=True))
        if "class" in told and tuple(told[name] for name in tied) not in combined:
            continue
        if combined_names and group not in taught_there:
            continue
        if not graded or _possible(told, taught):
            found.append(group)
    return found


def _possible(told: Mapping[str, Any], taught: list[tuple[str, int]]) -> bool:
    if not {"grade", "grade_band", "stage"} & set(told):
        return True
    return any(
        told.get("school", school) == school
        and told.get("grade", grade) == grade
        and told.get("grade_band", grade_band(grade)) == grade_band(grade)
        and told.get("stage", stage_of(grade)) == stage_of(grade)
        for school, grade in taught
    )
