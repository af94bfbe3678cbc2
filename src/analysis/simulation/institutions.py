"""Off-campus institutions: the register, notices and pledges, lists, deposits and prepaid contracts.

On the last day of the shipped term 12 institutions are open: 4 full-time schools for those who repeat grade 12 and 8 of other
kinds, 5 of which were handed over to the culture bureau. The registers are the same in every term, their faults included;
only the contracts are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.simulation.district import District
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_csv, write_workbook

REGISTER, NOTICES, LISTS = "校外培训机构名册.xlsx", "停训通知与承诺.xlsx", "黑白名单.csv"
DEPOSITS, CONTRACTS = "风险保证金.xlsx", "预收费合同.csv"
EDUCATION, CULTURE, SPORT = "区教育局", "区文化和旅游局", "区体育局"
HANDED_OVER = date(2026, 4, 1)
TIERS = {"一档": 10.0, "二档": 20.0, "三档": 50.0}  # 万元
CONTRACT_COUNT = 160


@dataclass(frozen=True)
class Institution:
    """An institution: how it is registered, under whom (`handed`: at first under the education bureau), how risky."""

    code: str
    name: str
    kind: str
    stage: str
    authority: str
    opened: date
    closed: date | None
    tier: str
    risk: str
    handed: bool = False


INSTITUTIONS = [
    Institution(
        "M01", "明湖高考复读学校（模拟）", "全日制高中复读", "高中", EDUCATION, date(2019, 8, 1), None, "三档", "B"
    ),
    Institution(
        "M02", "云台高考复读学校（模拟）", "全日制高中复读", "高中", EDUCATION, date(2020, 8, 1), None, "三档", "A"
    ),
    Institution(
        "M03", "松岭高考复读学校（模拟）", "全日制高中复读", "高中", EDUCATION, date(2018, 8, 1), None, "二档", "A"
    ),
    Institution(
        "M04", "启明高考复读学校（模拟）", "全日制高中复读", "高中", EDUCATION, date(2021, 3, 1), None, "二档", "C"
    ),
    Institution("M05", "听泉艺术培训（模拟）", "非学科", "小学", CULTURE, date(2020, 5, 6), None, "一档", "A", True),
    Institution("M06", "青禾美术培训（模拟）", "非学科", "小学", CULTURE, date(2021, 9, 1), None, "一档", "B", True),
    Institution("M07", "鹿鸣音乐培训（模拟）", "非学科", "小学", CULTURE, date(2022, 3, 1), None, "一档", "A", True),
    Institution("M08", "墨白书法培训（模拟）", "非学科", "小学", CULTURE, date(2022, 6, 1), None, "一档", "A", True),
    Institution("M09", "羽衣舞蹈培训（模拟）", "非学科", "小学", CULTURE, date(2023, 2, 1), None, "二档", "C", True),
    Institution("M10", "飞跃篮球培训（模拟）", "非学科", "初中", SPORT, date(2022, 9, 1), None, "一档", "B"),
    Institution("M11", "逐浪游泳培训（模拟）", "非学科", "小学", SPORT, date(2023, 6, 1), None, "二档", "A"),
    Institution("M12", "格致科技培训（模拟）", "非学科", "初中", EDUCATION, date(2024, 3, 1), None, "一档", "A"),
    Institution(
        "M13", "思远学科培训（模拟）", "学科", "初中", EDUCATION, date(2018, 3, 1), date(2021, 12, 31), "一档", "C"
    ),
    Institution(
        "M14", "博文学科培训（模拟）", "学科", "小学", EDUCATION, date(2017, 9, 1), date(2022, 1, 31), "一档", "C"
    ),
]
TWO_AUTHORITIES = "M09"  # handed over, yet its first entry was not ended
NO_NOTICE, STRANGER = "M14", "M77"  # a pledge without a notice; no such institution
OFF_TIER, SHARED, LATE_DEPOSIT, SHORTFALL = "M06", ("M07", "M08"), "M11", "M10"
BOTH_LISTS, BLACK = "M10", "M04"


def write(district: District, folder: Path) -> list[Fault]:
    """Write the five files; return the faults planted in them."""
    faults = _register(district, folder) + _notices(district, folder) + _lists(district, folder)
    return faults + _deposits(district, folder) + _contracts(district, folder)


def _register(district: District, folder: Path) -> list[Fault]:
    """Write one row for each institution and authority: a handed-over one has two."""
    header = ["机构编号", "机构名称", "类别", "学段", "主管部门", "状态", "起", "止", "风险等级"]
    sheet = Sheet("机构名册", "澄湖区校外培训机构名册", header)
    faults: list[Fault] = []
    for own in INSTITUTIONS:
        state = "注销" if own.closed else "正常"
        before: list[Any] = [own.code, own.name, own.kind, own.stage]
        if own.handed:
            end = "" if own.code == TWO_AUTHORITIES else dated(HANDED_OVER - timedelta(days=1), "chinese")
            sheet.rows.append([*before, EDUCATION, state, dated(own.opened, "chinese"), end, own.risk])
            sheet.rows.append([*before, own.authority, state, dated(HANDED_OVER, "chinese"), "", own.risk])
            if own.code == TWO_AUTHORITIES:
                faults.append(sheet.fault(REGISTER, "two authorities", "主管部门"))
        else:
            end = dated(own.closed, "chinese") if own.closed else ""
            sheet.rows.append([*before, own.authority, state, dated(own.opened, "chinese"), end, own.risk])
            if own.closed:
                faults.append(sheet.fault(REGISTER, "closed institution", "状态"))
    write_workbook(folder / REGISTER, [sheet])
    return faults


def _notices(district: District, folder: Path) -> list[Fault]:
    sheet = Sheet("通知与承诺", "澄湖区停止线下学科类培训通知与承诺", ["机构编号", "种类", "日期"])
    faults: list[Fault] = []
    served = date(2021, 9, 6)
    for own in INSTITUTIONS:
        if own.kind == "非学科" or own.code == NO_NOTICE:
            continue
        sheet.rows.append([own.code, "停训通知", dated(served, "chinese")])
    for own in INSTITUTIONS:
        if own.kind == "非学科":
            continue
        sheet.rows.append([own.code, "承诺书", dated(served + timedelta(days=4), "chinese")])
        if own.code == NO_NOTICE:
            faults.append(sheet.fault(NOTICES, "pledge without notice", "机构编号"))
    sheet.rows.append([STRANGER, "承诺书", dated(served, "chinese")])
    faults.append(sheet.fault(NOTICES, "unknown institution", "机构编号"))
    write_workbook(folder / NOTICES, [sheet])
    return faults


def _lists(district: District, folder: Path) -> list[Fault]:
    header = ["机构编号", "名单", "列入日期", "移出日期", "依据"]
    sheet = Sheet("", "澄湖区校外培训机构黑白名单", header, csv=True)
    faults: list[Fault] = []
    for own in INSTITUTIONS:
        if own.closed:
            continue
        if own.code != BLACK:
            sheet.rows.append([own.code, "白名单", "2026-01-15", "", "年度检查合格"])
        if own.code in (BLACK, BOTH_LISTS):
            sheet.rows.append([own.code, "黑名单", "2026-05-20", "", "超范围培训"])
        if own.code == BOTH_LISTS:
            faults.append(sheet.fault(LISTS, "on both lists", "名单"))
    write_csv(folder / LISTS, sheet, "gb18030")
    return faults


def _deposits(district: District, folder: Path) -> list[Fault]:
    header = [
        "机构编号",
        "档次",
        "应缴金额（万元）",
        "账户余额（万元）",
        "开户银行",
        "账户",
        "三方协议日期",
        "开办日期",
    ]
    sheet = Sheet("风险保证金", "澄湖区校外培训机构风险保证金", header)
    faults: list[Fault] = []
    for number, own in enumerate((each for each in INSTITUTIONS if not each.closed), start=1):
        required = TIERS[own.tier]
        balance = required * 0.6 if own.code == SHORTFALL else required
        account = f"模拟账户{number - 1 if own.code == SHARED[1] else number:02d}"
        agreed = own.opened + timedelta(days=40 if own.code == LATE_DEPOSIT else -12)
        if own.code == OFF_TIER:
            required = balance = 12.0
        days = [dated(day, "chinese") for day in (agreed, own.opened)]
        sheet.rows.append([own.code, own.tier, required, balance, "澄湖农商银行（模拟）", account, *days])
        if own.code == OFF_TIER:
            faults.append(sheet.fault(DEPOSITS, "amount off tier", "应缴金额（万元）"))
        if own.code == SHARED[1]:
            faults.append(sheet.fault(DEPOSITS, "one account for two", "账户"))
        if own.code == LATE_DEPOSIT:
            faults.append(sheet.fault(DEPOSITS, "deposit after opening", "三方协议日期"))
    sheet.rows.append(
        ["合计", "", sum(row[2] for row in sheet.rows), sum(row[3] for row in sheet.rows), "", "", "", ""]
    )
    write_workbook(folder / DEPOSITS, [sheet])
    return faults


def _contracts(district: District, folder: Path) -> list[Fault]:
    """Write the prepaid contracts of the term: about one in twelve exceeds a limit, and four rows are faulty."""
    header = ["合同编号", "机构编号", "签订日期", "金额（元）", "课时", "起", "止"]
    sheet = Sheet("", f"澄湖区{district.label}预收费合同登记", header, csv=True)
    random = district.stream("contracts")
    offered = [own for own in INSTITUTIONS if own.kind == "非学科"]
    faults: list[Fault] = []
    for number in range(1, CONTRACT_COUNT + 1):
        own = offered[int(random.integers(0, len(offered)))]
        signed = district.calendar.start + timedelta(days=int(random.integers(0, 110)))
        first = signed + timedelta(days=int(random.integers(1, 20)))
        length, lessons, fee = (
            int(random.integers(28, 88)),
            int(random.integers(8, 48)),
            100 * int(random.integers(8, 46)),
        )
        beyond = int(random.integers(0, 36))
        if beyond == 0:
            length = 180
        elif beyond == 1:
            lessons = 72
        elif beyond == 2:
            fee = 6800
        row: list[Any] = [f"YS2026{number:04d}", own.code, f"{signed}", fee, lessons]
        row += [f"{first}", f"{first + timedelta(days=length)}"]
        column, kind = "", ""
        if number == 30:
            row[6], column, kind = "—", "止", "open-ended contract"
        elif number == 60:
            row[3], column, kind = -800, "金额（元）", "negative fee"
        elif number == 90:
            row[1], column, kind = STRANGER, "机构编号", "unknown institution"
        sheet.rows.append(row)
        if number == 120:
            sheet.rows.append(list(row))
            kind = "identical duplicate"
        if kind:
            faults.append(sheet.fault(CONTRACTS, kind, column))
    write_csv(folder / CONTRACTS, sheet, "gb18030")
    return faults
