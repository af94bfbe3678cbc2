"""The faults planted in the raw files: which kinds there are, what should become of each, and the answer key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = {
    "negative minutes": ("quarantined", "时长为负数"),
    "unreadable minutes": ("quarantined", "读不出分钟数"),
    "spoken minutes": ("accepted", "写成文字的时长，可以读出"),
    "outside term": ("quarantined", "日期不在本学期"),
    "no school day": ("quarantined", "不是上学日"),
    "unknown school": ("quarantined", "登记册中没有这所学校"),
    "unknown subject": ("quarantined", "没有这门学科"),
    "identical duplicate": ("dropped", "与上一行完全相同，只计一次"),
    "conflicting duplicate": ("quarantined", "主键相同而内容不同"),
    "returned before set": ("quarantined", "反馈日期早于布置日期"),
    "published after set": ("warned", "公示日期晚于布置日期"),
    "ends before it starts": ("quarantined", "结束早于开始"),
    "unreadable value": ("quarantined", "读不出到或未到"),
    "joined > eligible": ("quarantined", "实际参加人数多于应参加人数"),
    "enrolled > capacity": ("quarantined", "报名人数多于容量"),
    "paid before granted": ("quarantined", "拨付日期早于核定日期"),
    "expired qualification": ("accepted", "资质在学期中到期，由指标反映"),
    "straight-liner and speeder": ("warned", "作答时间过短且各项同一选项"),
    "number like an ID": ("accepted", "自由文本中有类似身份证号的数字，应遮盖"),
    "half-finished answer": ("warned", "后半部分没有作答"),
}
REGISTER_KINDS = {
    "empty denominator": ("accepted", "应完成为零，不计入完成率"),
    "done > due": ("quarantined", "已完成多于应完成"),
    "overwritten": ("warned", "同一期间、同一项上报两次，以后一次为准"),
    "closed before opened": ("quarantined", "办结早于发出"),
    "partial list": ("warned", "成员单位只列出一部分（“等”），与总数不符"),
    "renamed department": ("warned", "部门用的是改名前的名称"),
    "reach > households": ("quarantined", "覆盖户数多于学生家庭数"),
    "two authorities": ("warned", "同一天有两个主管部门"),
    "closed institution": ("accepted", "已注销，不计入在册数"),
    "pledge without notice": ("warned", "有承诺书而没有通知"),
    "unknown institution": ("quarantined", "名册中没有这家机构"),
    "on both lists": ("warned", "同一天既在白名单又在黑名单"),
    "amount off tier": ("warned", "应缴金额不在规定档次"),
    "one account for two": ("warned", "两家机构共用一个账户"),
    "deposit after opening": ("warned", "开办之后才签三方协议"),
    "open-ended contract": ("warned", "合同没有截止日期"),
    "negative fee": ("quarantined", "金额为负数"),
    "inspector with an interest": ("warned", "检查人员与机构有利害关系"),
    "unpublished result": ("accepted", "结果没有公示，由指标反映"),
    "mended before inspected": ("quarantined", "整改完成早于检查"),
}
ALL_KINDS = KINDS | REGISTER_KINDS
# Kind: outcome, reason. Outcomes: quarantined; dropped (an identical row, counted once); warned (odd but kept); accepted.


@dataclass(frozen=True)
class Fault:
    """One planted fault: where it stands (`row` counts from 1, title rows included), what stands there, of which kind."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    kind: str

    @property
    def outcome(self) -> str:
        """Return what should become of the row."""
        return ALL_KINDS[self.kind][0]

    @property
    def reason(self) -> str:
        """Return why, in Chinese."""
        return ALL_KINDS[self.kind][1]


def answer_key(faults: Sequence[Fault], mark: str) -> str:
    """Return the answer key as TOML: every planted fault with its place and what should become of it."""
    lines = [
        "# The faults planted in the simulated raw files, as the files show them (row counts from 1, title rows included).",
        "# outcome: quarantined; dropped (an identical row, counted once); warned (odd but kept); accepted (as it should be).",
        f'mark = "{mark}"',
        "",
    ]
    for fault in faults:
        lines.append("[[fault]]")
        for name in ("file", "sheet", "row", "column", "value", "kind", "outcome", "reason"):
            value = getattr(fault, name)
            lines.append(f"{name} = {value}" if isinstance(value, int) else f'{name} = "{value}"')
        lines.append("")
    return "\n".join(lines)
