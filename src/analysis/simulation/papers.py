"""What schools hand in on paper: the two plans, the money of the service, the relief of teachers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from analysis.simulation import truth
from analysis.simulation.district import District, School
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_workbook

PLANS, FUNDS, RELIEF = "一校两案.xlsx", "课后服务经费.xlsx", "教师减负.xlsx"
WITHOUT_PLAN = ("2199000006", "经费方案")
TWICE = ("2199000004", "服务方案")  # the same file handed in twice
AMOUNTS = ["申请金额", "核定金额", "拨付金额"]
BATCHES = {"第一批": (28, 59), "第二批": (88, 120)}  # days from the start of the term to 核定 and to 应付
LATE = {("2199000004", "第二批"), ("2199000006", "第一批")}
SHORT = ("2199000006", "第二批")  # 60 % paid
BACKWARDS = ("2199000007", "第二批")  # paid before it was granted
MEASURES = {"弹性上下班": 0.95, "云教研": 0.8, "减少报表": 0.55, "调休补偿": 0.3}
DATED_LATER = ("2199000005", "弹性上下班")


def write(district: District, folder: Path) -> list[Fault]:
    """Write the three workbooks; return the faults planted in them."""
    return _plans(district, folder) + _funds(district, folder) + _relief(district, folder)


def _plans(district: District, folder: Path) -> list[Fault]:
    header = ["学校", "方案种类", "版本", "提交日期"]
    sheet = Sheet("一校两案", f"澄湖区{district.label}“一校两案”报送情况", header)
    faults = []
    for school in district.reporting:
        random = district.stream("plans", school.code)
        for kind in ("服务方案", "经费方案"):
            day = district.calendar.start + timedelta(days=int(random.integers(0, 18)))
            if (school.code, kind) == WITHOUT_PLAN:
                continue
            sheet.rows.append([school.aliases[0] if school.aliases else school.name, kind, 1, dated(day, "dotted")])
            if district.shipped and (school.code, kind) == TWICE:
                sheet.rows.append(list(sheet.rows[-1]))
                faults.append(sheet.fault(PLANS, "identical duplicate"))
    write_workbook(folder / PLANS, [sheet])
    return faults


def _funds(district: District, folder: Path) -> list[Fault]:
    """Write two batches: one sheet in yuan, one in 万元, where a few amounts carry their own unit."""
    faults, sheets = [], []
    for batch, unit in zip(BATCHES, ("元", "万元"), strict=True):
        header = ["学校", "批次", *(f"{name}（{unit}）" for name in AMOUNTS), "应付日期", "核定日期", "拨付日期"]
        sheet = Sheet(batch, f"澄湖区{district.label}课后服务经费（{batch}，单位：{unit}）", header)
        totals = [0.0, 0.0, 0.0]
        for school in district.reporting:
            amounts, days = _payment(district, school, batch)
            totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
            cells = [_amount(amount, unit, school) for amount in amounts]
            sheet.rows.append([school.short_name, batch, *cells, *(dated(day, "chinese") for day in days)])
            if district.shipped and (school.code, batch) == BACKWARDS:
                faults.append(sheet.fault(FUNDS, "paid before granted", "拨付日期"))
        divisor = 10_000 if unit == "万元" else 1
        sheet.rows.append(["合计", "", *(total / divisor for total in totals), "", "", ""])
        sheets.append(sheet)
    write_workbook(folder / FUNDS, sheets)
    return faults


def _payment(district: District, school: School, batch: str) -> tuple[list[float], list[date]]:
    """Return (applied, granted, paid) in yuan and the days 应付, 核定, 拨付 of a school and batch."""
    random = district.stream("funds", school.code, batch)
    pupils = sum(district.pupils(school, grade, name) for grade, name in school.classes)
    granted_on, due = (district.calendar.start + timedelta(days=days) for days in BATCHES[batch])
    applied = round(pupils * truth.FEE / 2 * float(random.uniform(0.98, 1.06)), -2)
    granted = round(applied * float(random.uniform(0.97, 1.0)), -2)
    paid = round(granted * 0.6, -2) if (school.code, batch) == SHORT else granted
    paid_on = due - timedelta(days=int(random.integers(3, 20)))
    if (school.code, batch) in LATE:
        paid_on = due + timedelta(days=9)
    if district.shipped and (school.code, batch) == BACKWARDS:
        paid_on = granted_on - timedelta(days=6)
    return [applied, granted, paid], [due, granted_on, paid_on]


def _amount(amount: float, unit: str, school: School) -> object:
    """Write an amount in the sheet's unit, or as two schools do it in the sheet in 万元: with a unit of its own."""
    if unit == "元":
        return amount
    if school.code == "2199000001":
        return f"{amount / 10_000:.2f}万元"
    return f"{amount:,.0f}元" if school.code == "2199000003" else amount / 10_000


def _relief(district: District, folder: Path) -> list[Fault]:
    header = ["学校", "措施", "日期", "涉及教师数"]
    sheet = Sheet("教师减负", f"澄湖区{district.label}教师减负措施", header)
    faults = []
    for school in district.reporting:
        random = district.stream("relief", school.code)
        for measure, share in MEASURES.items():
            day = district.calendar.start + timedelta(days=int(random.integers(0, 60)))
            teachers = int(school.profile.teachers * random.uniform(0.4, 0.95))
            later = district.shipped and (school.code, measure) == DATED_LATER
            if later:
                day = district.calendar.end + timedelta(days=69)
            if later or random.random() < share:
                sheet.rows.append([school.short_name, measure, dated(day, "chinese"), teachers])
            if later:
                faults.append(sheet.fault(RELIEF, "outside term", "日期"))
    write_workbook(folder / RELIEF, [sheet])
    return faults
