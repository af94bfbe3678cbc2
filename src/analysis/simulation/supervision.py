"""Supervision: tasks done, returns to the monitoring platform, actions, working bodies and outreach.

The truth that a reader should find: one task stands at 249 of 250 (99.6 %, which is not 100 %), one at exactly 100 %; the
platform of one school tells more than its ledger; two actions are open beyond their deadline.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.simulation.attendance import presences
from analysis.simulation.district import District, School
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_csv, write_workbook
from analysis.simulation.homework import entries

TASKS, PLATFORM, ACTIONS = "任务完成情况.xlsx", "监测平台填报.csv", "督查台账.xlsx"
BODIES, OUTREACH = "工作专班.xlsx", "宣传情况.xlsx"
DUE = {"作业管理任务": 250, "教学常规任务": 140}
UNDONE = ("作业管理任务", "2199000006")  # the one task that is not done
NOTHING_DUE = ("课后服务任务", "2199000003")
RETURNED = ["台账班级日数", "参加课后服务人次"]
LATE, LACKING, OVERWRITTEN = ("2199000002", 6), ("2199000007", 5), ("2199000001", 4)  # school and month
TELLS_MORE = "2199000006"  # its platform has the class-days that its ledger lacks
MATTERS = ["作业超时", "课后服务提前结束", "作业未公示", "经费拨付不及时", "台账填报不全"]
KINDS = ["督查", "函询", "约谈", "公示"]
OPEN = {5, 9}  # actions without a closing date
BACKWARDS = 7  # closed before it was opened
MEMBERS = "区教育局、区发展和改革局、区财政局、区市场监督管理局、区文化和旅游局等"
CHANNELS = {"公众号": 0.9, "电子屏": 0.75, "主题班会": 0.85, "致家长的一封信": 0.95}
TOO_FAR = ("2199000003", "致家长的一封信")  # reaches more households than there are


def write(district: District, folder: Path) -> list[Fault]:
    """Write the five files; return the faults planted in them."""
    faults = _tasks(district, folder) + _platform(district, folder) + _actions(district, folder)
    return faults + _bodies(district, folder) + _outreach(district, folder)


def _tasks(district: District, folder: Path) -> list[Fault]:
    sheet = Sheet("任务完成", f"澄湖区{district.label}双减任务完成情况", ["任务", "责任单位", "应完成", "已完成"])
    faults: list[Fault] = []
    schools = district.reporting
    for task, total in DUE.items():
        for position, school in enumerate(schools):
            due = total // len(schools) + (position < total % len(schools))
            sheet.rows.append([task, school.short_name, due, due - ((task, school.code) == UNDONE)])
    for school in schools:
        due = 0 if ("课后服务任务", school.code) == NOTHING_DUE else 12
        sheet.rows.append(["课后服务任务", school.short_name, due, due])
        if not due:
            faults.append(sheet.fault(TASKS, "empty denominator", "应完成"))
    if district.shipped:
        sheet.rows.append(["宣传任务", schools[0].short_name, 8, 9])
        faults.append(sheet.fault(TASKS, "done > due", "已完成"))
    write_workbook(folder / TASKS, [sheet])
    return faults


def months(district: District) -> list[tuple[int, int, date]]:
    """Return the months that were due by ten days after the term, as (year, month, due on the 5th of the next)."""
    found = sorted({(day.date.year, day.date.month) for day in district.days})
    due = [(year, month, date(year + month // 12, month % 12 + 1, 5)) for year, month in found]
    return [entry for entry in due if entry[2] <= district.calendar.end + timedelta(days=10)]


def _platform(district: District, folder: Path) -> list[Fault]:
    header = ["学校", "期间", "填报项", "填报截止", "上报时间", "上报值"]
    sheet = Sheet("", f"澄湖区{district.label}监测平台填报记录", header, csv=True)
    faults: list[Fault] = []
    for school in district.reporting:
        random = district.stream("platform", school.code)
        ledger, joined = _ledger_days(district, school), _joined(district, school)
        for year, month, due in months(district):
            if (school.code, month) == LACKING:
                continue
            late = (school.code, month) == LATE
            day = due + timedelta(days=6) if late else due - timedelta(days=int(random.integers(0, 4)))
            values = [_due_days(district, school, month) if school.code == TELLS_MORE else ledger[month], joined[month]]
            for item, value in zip(RETURNED, values, strict=True):
                stamp = f"{day} {random.integers(8, 18):02d}:{random.integers(0, 60):02d}"
                row: list[Any] = [school.short_name, f"{year}-{month:02d}", item, f"{due}", stamp, value]
                if district.shipped and (school.code, month, item) == (*OVERWRITTEN, RETURNED[0]):
                    earlier = f"{due - timedelta(days=9)} 09:12"
                    sheet.rows.append([*row[:4], earlier, value - 11])
                    faults.append(sheet.fault(PLATFORM, "overwritten", "上报值"))
                sheet.rows.append(row)
    write_csv(folder / PLATFORM, sheet, "utf-8-sig")
    return faults


def _ledger_days(district: District, school: School) -> Counter[int]:
    days = {(entry["grade"], entry["class"], entry["date"]) for entry in entries(district, school)}
    return Counter(day.month for *_, day in days)


def _due_days(district: District, school: School, month: int) -> int:
    return len(school.classes) * sum(day.date.month == month for day in district.days)


def _joined(district: District, school: School) -> Counter[int]:
    joined: Counter[int] = Counter()
    for own in presences(district, school):
        for index, day in enumerate(district.days):
            joined[day.date.month] += int(own.present[:, index].sum())
    return joined


def _actions(district: District, folder: Path) -> list[Fault]:
    header = ["编号", "日期", "方式", "对象", "发现问题", "整改期限", "办结日期"]
    sheet = Sheet("督查台账", f"澄湖区{district.label}督查、函询、约谈、公示台账", header)
    random = district.stream("actions")
    faults = []
    for number in range(1, 17):
        school = district.reporting[int(random.integers(0, len(district.reporting)))]
        opened = district.days[5 * number - 1].date
        deadline = opened + timedelta(days=15)
        closed: date | None = opened + timedelta(days=int(random.integers(4, 15)))
        if number in OPEN:
            closed = None
        if district.shipped and number == BACKWARDS:
            closed = opened - timedelta(days=3)
        cells = [dated(day, "chinese") if day else "—" for day in (opened, deadline, closed)]
        code = f"督〔{opened.year}〕{number}号"
        matter = MATTERS[number % len(MATTERS)]
        sheet.rows.append([code, cells[0], KINDS[number % 4], school.short_name, matter, cells[1], cells[2]])
        if district.shipped and number == BACKWARDS:
            faults.append(sheet.fault(ACTIONS, "closed before opened", "办结日期"))
    write_workbook(folder / ACTIONS, [sheet])
    return faults


def _bodies(district: District, folder: Path) -> list[Fault]:
    header = ["专班", "级别", "负责人职务", "办公室设在", "成员单位", "成员单位数"]
    sheet = Sheet("工作专班", f"澄湖区{district.label}双减工作专班", header)
    sheet.rows.append(["区双减工作专班", "区级", "副区长", "区教育局", MEMBERS, 15])
    faults = [sheet.fault(BODIES, "partial list", "成员单位")]
    sheet.rows.append(["区校外培训治理专班", "区级", "区教育局局长", "区教育局", "区教育局、区文体局、区公安分局", 3])
    faults.append(sheet.fault(BODIES, "renamed department", "成员单位"))
    for school in district.reporting:
        name = f"{school.short_name}双减领导小组"
        sheet.rows.append([name, "校级", "书记、校长", school.short_name, "教务处、德育处、总务处", 3])
    write_workbook(folder / BODIES, [sheet])
    return faults


def _outreach(district: District, folder: Path) -> list[Fault]:
    sheet = Sheet("宣传情况", f"澄湖区{district.label}双减宣传情况", ["学校", "渠道", "日期", "覆盖户数"])
    faults = []
    for school in district.reporting:
        random = district.stream("outreach", school.code)
        households = sum(district.pupils(school, grade, name) for grade, name in school.classes)
        for channel, share in CHANNELS.items():
            day = district.days[int(random.integers(0, 60))].date
            reach = int(households * random.uniform(0.6, 1.0))
            too_far = district.shipped and (school.code, channel) == TOO_FAR
            if random.random() < share or too_far:
                reached = households + 150 if too_far else reach
                sheet.rows.append([school.short_name, channel, dated(day, "dotted"), reached])
            if too_far:
                faults.append(sheet.fault(OUTREACH, "reach > households", "覆盖户数"))
    write_workbook(folder / OUTREACH, [sheet])
    return faults
