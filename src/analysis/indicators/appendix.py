"""The methodology appendix: every indicator and every rule as data, written out for whoever wants to check."""

from __future__ import annotations

from analysis.house import text
from analysis.indicators.catalogue import Entry, entries
from analysis.indicators.dimensions import LABELS, name_of
from analysis.indicators.measuring import groupable
from analysis.indicators.registry import bindings
from analysis.rules import Rule, rules

AREAS = {
    "homework": "作业",
    "service": "课后服务",
    "satisfaction": "满意度",
    "supervision": "督导",
    "institutions": "校外培训机构",
}
_CONDITIONS = {
    "stage": LABELS["stage"],
    "grade_band": {"lower": "一、二年级", "middle": "三至六年级", "junior": "七至九年级"},
}


def appendix() -> str:
    """Return the appendix as Markdown: indicators by area, then rules with their days."""
    parts = [
        "# 指标与规则",
        "本页由 `shuangjian indicators --appendix docs/indicators.md` 从 `data/reference/indicators.toml` 与 "
        "`data/reference/rules.toml` 生成，请勿手改。",
        "占比以 0–1 计算、以百分数印出，保留位数按各指标的规定；未到 0 或 100% 的占比不因四舍五入印成 0 或 100%。"
        "台账是全面登记：数值就是本学期的事实，没有抽样误差。区间说的是这些班级逐周的常态（班级固定，各周随机），只用于超出本学期的判断；"
        "占比用 Agresti–Coull 区间，均值用 t 区间，分位数用 Woodruff 区间；不足三周的只给数值，不给区间。未报的学校不进分母，另行列出。",
    ]
    found = entries()
    for prefix in dict.fromkeys(id.partition(".")[0] for id in found):
        parts.append(f"## {AREAS.get(prefix, prefix)}")
        parts += [_indicator(entry) for id, entry in found.items() if id.partition(".")[0] == prefix]
    parts += ["## 规则", _rule_table()]
    return "\n\n".join(parts) + "\n"


def _indicator(entry: Entry) -> str:
    named = {each.id: each.label for each in rules()}
    bound = bindings().get(entry.id)
    facts = {
        "定义": entry.definition,
        "分子": entry.numerator,
        "分母": entry.denominator,
        "单位": f"{entry.unit}，保留{entry.decimals}位小数（{_ROUNDINGS[entry.rounding]}）",
        "基数单位": "；".join(
            [entry.base_unit, *(f"分{name_of(name)}时为{unit}" for name, unit in entry.base_unit_by)]
        ),
        "总计": "；".join(f"分{name_of(name)}时各组有重叠，总计为{whole}" for name, whole in entry.whole_by),
        "方向": entry.direction.label,
        "区间": entry.interval.label,
        "时段": entry.period.label if entry.period != "term" else "",
        "登记": entry.kept_by.label if entry.kept_by != "school" else "",
        "适用年级": "、".join(map(str, entry.grades)),
        "依据规则": f"{named.get(entry.rule, entry.rule)}（`{entry.rule}`）" if entry.rule else "",
        "取自": "、".join(f"`{table}`" for table in entry.tables),
        "可分": "、".join(name_of(name) for name in (groupable(bound) if bound else [])),
        "说明": entry.note,
    }
    lines = [f"- {name}：{words}" for name, words in facts.items() if words]
    return "\n".join([f"### {entry.label}", "", f"`{entry.id}`", "", *lines])


_ROUNDINGS = {"half_up": "四舍五入", "half_even": "四舍六入五成双"}


def _rule_table() -> str:
    head = ["| 规则 | 适用 | 取值 | 自 | 至 | 区 | 依据 |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_rule_row(each) for each in rules())])


def _rule_row(each: Rule) -> str:
    where = "、".join(_CONDITIONS.get(name, {}).get(value, str(value)) for name, value in each.where) or "全部"
    doubt = "" if each.sure else "（未经核对原文）"
    cells = [
        each.label,
        where,
        limit_text(each),
        each.start,
        each.end or "现行",
        each.district or "全国",
        each.document + doubt,
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def limit_text(each: Rule) -> str:
    """Write a rule's value with its unit: ``60分钟``, ``18:00``, ``94%``."""
    if each.unit == "时刻":
        return f"{int(each.value) // 60}:{int(each.value) % 60:02d}"
    if each.unit == "%":
        return text.number(each.value * 100) + "%"
    return text.number(each.value) + each.unit
