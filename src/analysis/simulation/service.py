"""After-school service on paper: courses, service models, providers, the two plans, the money, the relief of teachers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.simulation import truth
from analysis.simulation.district import NUMERALS, District
from analysis.simulation.forms import Fault, Sheet, dated, write_workbook

COURSES = {
    "德": ["红色故事会", "小小讲解员"],
    "智": ["数学思维游戏", "科学实验社", "编程入门", "英语戏剧"],
    "体": ["篮球", "足球", "跳绳", "武术"],
    "美": ["合唱", "国画", "书法", "舞蹈"],
    "劳": ["种植园", "木工坊"],
}
WITHOUT_FIELD = {"2199000003": "劳", "2199000006": "德"}
PROVIDERS = [
    ("T01", "澄湖少年宫（模拟）", date(2025, 1, 1), date(2027, 12, 31)),
    ("T02", "青禾科技活动中心（模拟）", date(2025, 9, 1), date(2026, 8, 31)),
    ("T03", "听泉艺术工作室（模拟）", date(2024, 5, 1), date(2026, 4, 30)),
]
EXPIRED = "T03"  # its qualification ends within the term
MODELS = {
    "30+60+30": [("自主阅读", 30), ("作业辅导", 60), ("体育锻炼", 30)],
    "1+2+N": [("作业辅导", 60), ("社团活动", 60)],
    "阳光+": [("阳光体育", 40), ("作业辅导", 80)],
    "45+45": [("作业辅导", 45), ("社团活动", 45)],
}
MEASURES = ["弹性上下班", "云教研", "减少报表", "调休补偿"]


def write(district: District, folder: Path) -> list[Fault]:
    """Write every workbook of this module; return the faults planted in them."""
    faults = _menu(district, folder) + _plans(district, folder) + _funds(district, folder)
    return faults + _relief(district, folder)


def _menu(district: District, folder: Path) -> list[Fault]:
    file = "课程菜单.xlsx"
    menu = Sheet(
        "课程菜单",
        f"澄湖区{district.label}课后服务课程菜单",
        ["学校", "课程", "星期", "领域", "容量", "报名人数", "提供方"],
    )
    menu.groups = [("", 1), ("课程安排", 3), ("人数", 2), ("", 1)]
    models = Sheet("服务模式", f"澄湖区{district.label}课后服务模式", ["学校", "模式", "环节", "顺序", "时长（分钟）"])
    providers = Sheet("提供方", f"澄湖区{district.label}课后服务第三方机构", ["提供方编号", "名称", "资质起", "资质止"])
    providers.rows = [[code, name, start, end] for code, name, start, end in PROVIDERS]
    faults = []
    for position, school in enumerate(district.reporting):
        random = district.stream("menu", school.code)
        for field, names in COURSES.items():
            if WITHOUT_FIELD.get(school.code) == field:
                continue
            chosen = names if school.profile.classes > 1 else names[:2]
            for name in chosen:
                weekday = int(random.integers(1, 6))
                capacity = int(random.choice([20, 25, 30, 40]))
                enrolled = int(capacity * random.uniform(0.55, 1.0))
                provider = str(random.choice(["", "", "", "T01", "T02"])) if field in "智体美" else ""
                if (school.code, name) in (("2199000001", "国画"), ("2199000005", "书法")):
                    provider = EXPIRED
                if (school.code, name) == ("2199000002", "合唱"):
                    enrolled = capacity + 7
                    row = menu.first_row + len(menu.rows)
                    faults.append(
                        Fault(
                            file,
                            menu.name,
                            row,
                            "报名人数",
                            str(enrolled),
                            "enrolled > capacity",
                            "quarantined",
                            "报名人数多于容量",
                        )
                    )
                menu.rows.append(
                    [
                        school.short_name,
                        name,
                        f"周{NUMERALS[weekday - 1]}",
                        field,
                        capacity,
                        enrolled,
                        provider or "本校",
                    ]
                )
        early = school.code == truth.ENDS_EARLY
        model = "45+45" if early else list(MODELS)[position % 3]
        models.rows += [
            [school.short_name, model, segment, place + 1, minutes]
            for place, (segment, minutes) in enumerate(MODELS[model])
        ]
    expired = PROVIDERS[-1]
    row = providers.first_row + len(PROVIDERS) - 1
    faults.append(
        Fault(
            file,
            providers.name,
            row,
            "资质止",
            f"{expired[3]}",
            "expired qualification",
            "accepted",
            "资质在学期中到期，由指标反映",
        )
    )
    write_workbook(folder / file, [menu, models, providers])
    return faults


def _plans(district: District, folder: Path) -> list[Fault]:
    file = "一校两案.xlsx"
    sheet = Sheet("一校两案", f"澄湖区{district.label}“一校两案”报送情况", ["学校", "方案种类", "版本", "提交日期"])
    faults = []
    start = district.days[0].date
    for school in district.reporting:
        random = district.stream("plans", school.code)
        for kind in ("服务方案", "经费方案"):
            if school.code == "2199000006" and kind == "经费方案":
                continue
            day = start + timedelta(days=int(random.integers(0, 18)))
            row: list[Any] = [school.short_name, kind, 1, dated(day, "dotted")]
            sheet.rows.append(row)
            if school.code == "2199000004" and kind == "服务方案":
                sheet.rows.append(list(row))
                faults.append(
                    Fault(
                        file,
                        sheet.name,
                        sheet.first_row + len(sheet.rows) - 1,
                        "",
                        "",
                        "identical duplicate",
                        "dropped",
                        "与上一行完全相同，只计一次",
                    )
                )
    write_workbook(folder / file, [sheet])
    return faults


def _funds(district: District, folder: Path) -> list[Fault]:
    """Two batches: the first sheet in yuan, the second in 万元 with a few amounts that carry their own unit."""
    file = "课后服务经费.xlsx"
    title = f"澄湖区{district.label}课后服务经费"
    yuan = Sheet(
        "第一批",
        f"{title}（第一批，单位：元）",
        ["学校", "批次", "申请金额（元）", "核定金额（元）", "拨付金额（元）", "应付日期", "核定日期", "拨付日期"],
    )
    wan = Sheet(
        "第二批", f"{title}（第二批，单位：万元）", [name.replace("（元）", "（万元）") for name in yuan.header]
    )
    faults: list[Fault] = []
    for school in district.reporting:
        random = district.stream("funds", school.code)
        pupils = sum(district.pupils(school, grade, name) for grade, name in school.classes)
        for sheet, batch, granted_on, due in (
            (yuan, "第一批", date(2026, 3, 27), date(2026, 4, 30)),
            (wan, "第二批", date(2026, 5, 29), date(2026, 6, 30)),
        ):
            applied = round(pupils * truth.FEE / 2 * float(random.uniform(0.98, 1.06)), -2)
            granted = round(applied * float(random.uniform(0.97, 1.0)), -2)
            late = (school.code, batch) in (("2199000004", "第二批"), ("2199000006", "第一批"))
            short = (school.code, batch) == ("2199000006", "第二批")
            paid = round(granted * 0.6, -2) if short else granted
            paid_on = due + timedelta(days=9) if late else due - timedelta(days=int(random.integers(3, 20)))
            cells: list[Any] = [applied, granted, paid]
            if sheet is wan:
                cells = [amount / 10000 for amount in cells]
                if school.code == "2199000001":
                    cells = [f"{amount:.2f}万元" for amount in cells]
                if school.code == "2199000003":
                    cells = [f"{amount:,.0f}元" for amount in (applied, granted, paid)]
            if (school.code, batch) == ("2199000007", "第二批"):
                paid_on = granted_on - timedelta(days=6)
                faults.append(
                    Fault(
                        file,
                        sheet.name,
                        sheet.first_row + len(sheet.rows),
                        "拨付日期",
                        dated(paid_on, "chinese"),
                        "paid before granted",
                        "quarantined",
                        "拨付日期早于核定日期",
                    )
                )
            dates = [dated(day, "chinese") for day in (due, granted_on, paid_on)]
            sheet.rows.append([school.short_name, batch, *cells, *dates])
    for sheet in (yuan, wan):
        amounts = [sum(row[column] for row in sheet.rows if not isinstance(row[column], str)) for column in (2, 3, 4)]
        sheet.rows.append(["合计", "", *amounts, "", "", ""])
    write_workbook(folder / file, [yuan, wan])
    return faults


def _relief(district: District, folder: Path) -> list[Fault]:
    file = "教师减负.xlsx"
    sheet = Sheet("教师减负", f"澄湖区{district.label}教师减负措施", ["学校", "措施", "日期", "涉及教师数"])
    faults = []
    start = district.days[0].date
    for school in district.reporting:
        random = district.stream("relief", school.code)
        for position, measure in enumerate(MEASURES):
            if random.random() < (0.95, 0.8, 0.55, 0.3)[position]:
                day = start + timedelta(days=int(random.integers(0, 60)))
                if (school.code, measure) == ("2199000005", "弹性上下班"):
                    day = date(2026, 9, 10)
                    faults.append(
                        Fault(
                            file,
                            sheet.name,
                            sheet.first_row + len(sheet.rows),
                            "日期",
                            dated(day, "chinese"),
                            "outside term",
                            "quarantined",
                            "日期不在本学期",
                        )
                    )
                sheet.rows.append(
                    [
                        school.short_name,
                        measure,
                        dated(day, "chinese"),
                        int(school.profile.teachers * random.uniform(0.4, 0.95)),
                    ]
                )
    write_workbook(folder / file, [sheet])
    return faults
