"""What stands in the registers that should not, as staff would hand it in: put aside or warned of, nothing lost.

Each case is one cell of the column "Bad input to expect": the files, the row that is faulty, what becomes of it.
"""

from pathlib import Path

import pytest
from handed_in import csv_bytes, reasons

from analysis.intake.reception import Outcome, receive
from analysis.snapshots import Store

TERM, FIRST = "2025-2026-2", "澄湖区第一小学"
REGISTER = (
    "校外培训机构名册.csv",
    ["机构编号", "机构名称", "类别", "主管部门", "状态", "起", "止"],
    [
        ["M01", "模拟甲", "非学科", "区文化和旅游局", "正常", "2024-01-01", ""],
        ["M02", "模拟乙", "非学科", "区文化和旅游局", "正常", "2024-01-01", ""],
    ],
)
PUPILS = ("在校学生.csv", ["学校", "学期", "年级", "班级", "学生数"], [[FIRST, TERM, "三年级", "1班", "40"]])
SCHOOL_TERM = ["学校", "学期"]
MODELS = ["学校", "学期", "模式", "环节", "顺序", "时长（分钟）"]

PUT_ASIDE = {
    "S10 time that is none": (
        [
            (
                "监测平台填报.csv",
                ["学校", "学期", "期间", "填报项", "填报截止", "上报时间", "上报值"],
                [[FIRST, TERM, "2026-03", "台账班级日数", "2026-04-05", "见附件", "261"]],
            )
        ],
        "不是上报时间",
    ),
    "S4 enrolled > capacity": (
        [
            (
                "课程菜单.csv",
                [*SCHOOL_TERM, "课程", "星期", "领域", "容量", "报名人数"],
                [[FIRST, TERM, "合唱", "周一", "美", "20", "21"]],
            )
        ],
        "报名人数多于容量",
    ),
    "S4 overlapping segments": (
        [
            (
                "服务模式.csv",
                MODELS,
                [[FIRST, TERM, "三段", "作业", "1", "30"], [FIRST, TERM, "三段", "社团", "1", "60"]],
            )
        ],
        "同一模式有两个环节用了同一顺序",
    ),
    "S6 paid before granted": (
        [
            (
                "课后服务经费.csv",
                [*SCHOOL_TERM, "批次", "申请金额", "核定金额", "拨付金额", "应付日期", "核定日期", "拨付日期"],
                [[FIRST, TERM, "1", "100", "100", "100", "2026-05-31", "2026-04-10", "2026-04-01"]],
            )
        ],
        "拨付日期早于核定日期",
    ),
    "S9 done > due": (
        [("任务完成情况.csv", ["任务", "责任单位", "学期", "应完成", "已完成"], [["作业管理", FIRST, TERM, "8", "9"]])],
        "已完成多于应完成",
    ),
    "S10 missing school": (
        [
            (
                "监测平台填报.csv",
                ["学校", "学期", "期间", "填报项", "填报截止", "上报时间", "上报值"],
                [["", TERM, "2026-03", "台账班级日数", "2026-04-05", "2026-04-03 09:00", "12"]],
            )
        ],
        "学校",
    ),
    "S11 closed before opened": (
        [
            (
                "督查台账.csv",
                ["编号", "日期", "方式", "对象", "整改期限", "办结日期"],
                [["督〔2026〕1号", "2026-04-10", "督查", "第一小学", "2026-04-25", "2026-04-09"]],
            )
        ],
        "办结早于发出",
    ),
    "S14 reach > households": (
        [
            PUPILS,
            (
                "宣传情况.csv",
                ["学校", "学期", "渠道", "日期", "覆盖户数"],
                [[FIRST, TERM, "公众号", "2026-04-10", "41"]],
            ),
        ],
        "覆盖户数多于学生家庭数",
    ),
    "S16 no such institution": (
        [REGISTER, ("停训通知与承诺.csv", ["机构编号", "种类", "日期"], [["M77", "停训通知", "2021-09-06"]])],
        "名册中没有这家机构",
    ),
    "S17 mended before inspected": (
        [
            (
                "双随机检查结果.csv",
                ["轮次", "机构编号", "检查人员", "检查日期", "结果", "整改期限", "整改完成日期"],
                [["2026-03第1轮", "M01", "J01、J02", "2026-03-20", "限期整改", "2026-04-10", "2026-03-18"]],
            )
        ],
        "整改完成早于检查",
    ),
    "S20 negative fee": (
        [
            REGISTER,
            (
                "预收费合同.csv",
                ["合同编号", "机构编号", "签订日期", "金额（元）", "课时", "起", "止"],
                [["H1", "M01", "2026-03-10", "-800", "20", "2026-03-20", "2026-05-20"]],
            ),
        ],
        "负",
    ),
}
PLATFORM = ["学校", "学期", "期间", "填报项", "填报截止", "上报时间", "上报值"]
BODIES = ["专班", "级别", "成员单位", "成员单位数"]
DEPOSITS = ["机构编号", "档次", "应缴金额（元）", "账户余额（元）", "账户", "三方协议日期", "开办日期"]
WARNED = {
    "S10 overwritten": (
        [
            (
                "监测平台填报.csv",
                PLATFORM,
                [
                    [FIRST, TERM, "2026-03", "台账班级日数", "2026-04-05", "2026-04-01 09:00", "12"],
                    [FIRST, TERM, "2026-03", "台账班级日数", "2026-04-05", "2026-04-03 09:00", "14"],
                ],
            )
        ],
        "以后一次为准",
    ),
    "S13 partial list": ([("工作专班.csv", BODIES, [["区专班", "区级", "区教育局、区财政局等", "23"]])], "与总数不符"),
    "S13 renamed department": ([("工作专班.csv", BODIES, [["区专班", "区级", "区教育局、区文体局", "2"]])], "改名前"),
    "S15 two authorities": (
        [
            (
                REGISTER[0],
                REGISTER[1],
                [
                    ["M01", "模拟甲", "非学科", "区教育局", "正常", "2024-01-01", ""],
                    ["M01", "模拟甲", "非学科", "区文化和旅游局", "正常", "2026-04-01", ""],
                ],
            )
        ],
        "同一天有两个主管部门",
    ),
    "S16 pledge without notice": (
        [REGISTER, ("停训通知与承诺.csv", ["机构编号", "种类", "日期"], [["M01", "承诺书", "2021-09-10"]])],
        "有承诺书而没有通知",
    ),
    "S17 inspector with an interest": (
        [
            ("检查人员名录.csv", ["人员编号", "所在单位", "利害关系机构"], [["J07", "区教育局", "M01"]]),
            (
                "双随机检查结果.csv",
                ["轮次", "机构编号", "检查人员", "检查日期", "结果"],
                [["2026-03第1轮", "M01", "J07、J02", "2026-03-20", "合格"]],
            ),
        ],
        "利害关系",
    ),
    "S18 on both lists": (
        [
            (
                "黑白名单.csv",
                ["机构编号", "名单", "列入日期", "移出日期", "依据"],
                [["M01", "白名单", "2026-01-15", "", "年检"], ["M01", "黑名单", "2026-05-20", "", "超范围"]],
            )
        ],
        "同一天既在白名单又在黑名单",
    ),
    "S19 amount off tier": (
        [("风险保证金.csv", DEPOSITS, [["M01", "一档", "120000", "120000", "甲1", "2024-01-01", "2024-02-01"]])],
        "不在规定档次",
    ),
    "S19 one account for two": (
        [
            (
                "风险保证金.csv",
                DEPOSITS,
                [
                    ["M01", "一档", "100000", "100000", "甲1", "2024-01-01", "2024-02-01"],
                    ["M02", "一档", "100000", "100000", "甲1", "2024-01-01", "2024-02-01"],
                ],
            )
        ],
        "共用一个账户",
    ),
    "S20 open-ended contract": (
        [
            REGISTER,
            (
                "预收费合同.csv",
                ["合同编号", "机构编号", "签订日期", "金额（元）", "课时", "起", "止"],
                [["H1", "M01", "2026-03-10", "800", "20", "2026-03-20", "—"]],
            ),
        ],
        "没有截止日期",
    ),
    "S5 the same file handed in twice": (
        [
            (name, [*SCHOOL_TERM, "方案种类", "版本", "提交日期"], [[FIRST, TERM, "服务方案", "1", "2026-03-05"]])
            for name in ("一校两案.csv", "一校两案_再交.csv")
        ],
        "完全相同",
    ),
}


def handed_in(folder: Path, files: list[tuple[str, list[str], list[list[str]]]]) -> Outcome:
    paths = []
    for name, header, rows in files:
        file = folder / name
        file.write_bytes(csv_bytes([header, *rows]))
        paths.append(file)
    return receive(paths, Store(folder / "store"))


def nothing_lost(outcome: Outcome) -> None:
    for sheet in outcome.sheets:
        assert sheet.table is not None
        assert sheet.rows_read == sheet.rows_accepted + sheet.rows_quarantined


@pytest.mark.parametrize("case", PUT_ASIDE)
def test_a_row_that_cannot_be_is_put_aside_with_its_reason(case: str, tmp_path: Path) -> None:
    files, reason = PUT_ASIDE[case]
    outcome = handed_in(tmp_path, files)
    nothing_lost(outcome)
    assert outcome.quarantined == (2 if "overlapping" in case else 1)
    assert any(reason in told for told in reasons(outcome)[2]), reasons(outcome)


@pytest.mark.parametrize("case", WARNED)
def test_a_row_that_is_odd_is_kept_with_a_warning(case: str, tmp_path: Path) -> None:
    files, reason = WARNED[case]
    outcome = handed_in(tmp_path, files)
    nothing_lost(outcome)
    assert outcome.quarantined == 0
    assert any(reason in warning["message"] for warning in outcome.warnings), [w["message"] for w in outcome.warnings]


def test_yuan_and_ten_thousand_yuan_become_yuan(tmp_path: Path) -> None:
    header = [*SCHOOL_TERM, "批次", "申请金额（万元）", "核定金额（万元）", "拨付金额（万元）", "应付日期"]
    outcome = handed_in(
        tmp_path, [("课后服务经费.csv", header, [[FIRST, TERM, "1", "3.5", "3.2", "32000元", "2026-05-31"]])]
    )
    assert outcome.snapshot is not None
    funds = outcome.snapshot.frame("funds")
    assert funds[["applied", "granted", "paid"]].iloc[0].tolist() == [35_000, 32_000, 32_000]
