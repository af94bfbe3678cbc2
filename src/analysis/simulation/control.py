"""The bureau's sheet on homework control: which of the seven components each school has in place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from analysis.simulation.district import District
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_workbook

FILE = "作业管理台账.xlsx"
COMPONENTS = ["统筹学科", "总量控制", "结构优化", "审核公示", "分层设计", "批改反馈", "动态监测"]
LACKING = {"2199000003": {"分层设计"}, "2199000006": {"审核公示", "动态监测"}, "2199000007": {"统筹学科"}}
STRANGER = "澄湖区望山小学"  # a school that the register does not have


def write(district: District, folder: Path) -> list[Fault]:
    """Write the sheet; return the fault planted in it."""
    sheet = Sheet("作业管理", f"澄湖区{district.label}作业管理台账", ["学校", "管理环节", "日期", "佐证材料"])
    random = district.stream("control")
    start = district.days[0].date
    for school in district.reporting:
        for component in COMPONENTS:
            day = start + timedelta(days=int(random.integers(0, 40)))
            if component not in LACKING.get(school.code, set()):
                sheet.rows.append([school.short_name, component, dated(day, "chinese"), f"{component}制度及记录"])
    faults = []
    if district.shipped:
        sheet.rows.append([STRANGER, "总量控制", dated(start, "chinese"), "总量控制制度及记录"])
        faults.append(sheet.fault(FILE, "unknown school", "学校"))
    write_workbook(folder / FILE, [sheet])
    return faults
