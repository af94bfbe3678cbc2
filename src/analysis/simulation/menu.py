"""The course menu of the after-school service, its models, and the providers from outside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analysis.simulation import truth
from analysis.simulation.district import District
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, write_workbook
from analysis.text.calendar import DAYS

FILE = "课程菜单.xlsx"
COURSES = {
    "德": ["红色故事会", "小小讲解员"],
    "智": ["数学思维游戏", "科学实验社", "编程入门", "英语戏剧"],
    "体": ["篮球", "足球", "跳绳", "武术"],
    "美": ["合唱", "国画", "书法", "舞蹈"],
    "劳": ["种植园", "木工坊"],
}
WITHOUT_FIELD = {"2199000003": "劳", "2199000006": "德"}
MODELS = {
    "30+60+30": [("自主阅读", 30), ("作业辅导", 60), ("体育锻炼", 30)],
    "1+2+N": [("作业辅导", 60), ("社团活动", 60)],
    "阳光+": [("阳光体育", 40), ("作业辅导", 80)],
}
SHORT_MODEL = ("45+35", [("作业辅导", 45), ("社团活动", 35)])  # of the school that ends early
PROVIDERS = [
    ["T01", "澄湖少年宫（模拟）", date(2025, 1, 1), date(2027, 12, 31)],
    ["T02", "格致科技培训（模拟）", date(2025, 9, 1), date(2026, 8, 31)],
    ["T03", "听泉艺术培训（模拟）", date(2024, 5, 1), date(2026, 4, 30)],
    ["T04", "飞跃篮球培训（模拟）", date(2025, 3, 1), date(2027, 2, 28)],
]
NONE = "—"  # taught by the school itself
EXPIRED = "T03"  # its qualification ends within the term of the shipped example
SERVED_BY = {("2199000001", "国画"): EXPIRED, ("2199000005", "书法"): EXPIRED, ("2199000005", "篮球"): "T04"}
OVERFULL = ("2199000002", "合唱")


def write(district: District, folder: Path) -> list[Fault]:
    """Write the workbook of courses, models and providers; return the faults planted in it."""
    header = ["学校", "课程", "星期", "领域", "容量", "报名人数", "提供方"]
    groups = [("", 1), ("课程安排", 3), ("人数", 2), ("", 1)]
    menu = Sheet("课程菜单", f"澄湖区{district.label}课后服务课程菜单", header, groups=groups)
    header = ["学校", "模式", "环节", "顺序", "时长（分钟）"]
    models = Sheet("服务模式", f"澄湖区{district.label}课后服务模式", header)
    header = ["提供方编号", "名称", "资质起", "资质止"]
    providers = Sheet("提供方", f"澄湖区{district.label}课后服务第三方机构", header, [list(row) for row in PROVIDERS])
    faults = []
    for position, school in enumerate(district.reporting):
        random = district.stream("menu", school.code)
        for field, names in COURSES.items():
            if WITHOUT_FIELD.get(school.code) == field:
                continue
            for name in names if school.profile.classes > 1 else names[:2]:
                weekday = f"周{DAYS[int(random.integers(0, 5))]}"
                capacity = int(random.choice([20, 25, 30, 40]))
                enrolled = int(capacity * random.uniform(0.55, 1.0))
                provider = str(random.choice([NONE, NONE, "T01", "T02"])) if field in "智体美" else NONE
                provider = SERVED_BY.get((school.code, name), provider)
                overfull = district.shipped and (school.code, name) == OVERFULL
                enrolled = capacity + 7 if overfull else enrolled
                menu.rows.append([school.short_name, name, weekday, field, capacity, enrolled, provider])
                if overfull:
                    faults.append(menu.fault(FILE, "enrolled > capacity", "报名人数"))
        model, segments = list(MODELS.items())[position % len(MODELS)]
        if school.code == truth.ENDS_EARLY:
            model, segments = SHORT_MODEL
        for place, (segment, minutes) in enumerate(segments, start=1):
            models.rows.append([school.short_name, model, segment, place, minutes])
    if district.shipped:
        faults.append(
            providers.fault(FILE, "expired qualification", "资质止", [row[0] for row in PROVIDERS].index(EXPIRED))
        )
    write_workbook(folder / FILE, [menu, models, providers])
    return faults
