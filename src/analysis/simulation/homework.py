"""Homework: the ledgers of the schools, and the bureau's sheet on homework control."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from analysis.simulation import truth
from analysis.simulation.district import Day, District, School, band, grade_name
from analysis.simulation.forms import Fault, Sheet, dated, write_csv, write_workbook

KINDS = {
    "primary": ["基础巩固", "阅读积累", "实践操作", "拓展提升"],
    "junior": ["基础巩固", "专题练习", "拓展提升", "实践操作"],
}
TABLE_SUBJECTS = ["语文", "数学", "英语", "道德与法治", "物理"]  # of a class-day in the large tables
ORAL = ["口头朗读", "亲子阅读", "动手实践", "体育锻炼"]
SHARES = {
    "语文": 3.0, "数学": 3.2, "英语": 2.4, "道德与法治": 1.0, "科学": 1.0,
    "物理": 2.2, "化学": 2.0, "历史": 1.2, "地理": 1.0, "生物": 1.0,
}  # fmt: skip
CHANCES = {
    3: {"语文": 0.97, "数学": 0.97, "英语": 0.55, "科学": 0.05, "道德与法治": 0.04},
    7: {"语文": 0.92, "数学": 0.97, "英语": 0.92, "历史": 0.22, "地理": 0.22, "生物": 0.22, "道德与法治": 0.18},
    8: {
        "语文": 0.92,
        "数学": 0.97,
        "英语": 0.92,
        "物理": 0.6,
        "历史": 0.2,
        "地理": 0.2,
        "生物": 0.2,
        "道德与法治": 0.15,
    },
    9: {"语文": 0.95, "数学": 0.98, "英语": 0.95, "物理": 0.7, "化学": 0.65, "历史": 0.3, "道德与法治": 0.25},
}
SPOKEN = {"1.5小时": 90, "半小时": 30, "一小时": 60, "40-50分钟": 45}
ONE_LINE = [
    "班级",
    "日期",
    "学科",
    "是否书面",
    "作业类型",
    "预计时长（分钟）",
    "难度",
    "是否分层",
    "公示日期",
    "批改反馈日期",
]
TWO_LINES = ["学校", "年级", "班级", "日期", "学科", "书面", "类型", "时长", "难度", "分层", "公示日期", "反馈日期"]
CSV_HEADER = [
    "学校",
    "年级",
    "班级",
    "日期",
    "学科",
    "是否书面",
    "作业类型",
    "时长",
    "难度",
    "是否分层",
    "公示日期",
    "反馈日期",
]


def entries(district: District, school: School) -> list[dict[str, Any]]:
    """Return the true ledger of a school: one entry for a class, day and subject, in the order of grade, class, date."""
    random = district.stream("homework", school.code)
    complete = truth.COMPLETE_LOW.get(school.code, truth.COMPLETE)
    found = []
    for grade, name in school.classes:
        for index, day in enumerate(district.days):
            if random.random() > complete:
                continue
            following = district.days[min(index + 1, len(district.days) - 1)].date
            work = (
                _low(random, school, grade, name) if grade <= 2 else _load(district, random, school, grade, name, day)
            )
            for subject, minutes, written, kind in work:
                published = day.date + timedelta(days=int(random.random() > truth.PUBLISHED_SAME_DAY))
                if random.random() < 0.25:
                    published = day.date - timedelta(days=1)
                returned = max(following, day.date) + timedelta(days=int(random.choice([0, 0, 0, 0, 1, 2])))
                found.append(
                    {
                        "school": school.code,
                        "grade": grade,
                        "class": name,
                        "date": day.date,
                        "subject": subject,
                        "written": written,
                        "minutes": minutes,
                        "kind": kind,
                        "difficulty": str(random.choice(["易", "中", "难"], p=[0.35, 0.5, 0.15])),
                        "layered": bool(random.random() < truth.LAYERED[band(grade)]),
                        "published_on": published,
                        "returned_on": returned if random.random() < 0.97 else None,
                    }
                )
    return found


def _low(random: np.random.Generator, school: School, grade: int, name: str) -> list[tuple[str, int, bool, str]]:
    offender = (school.code, grade, name) == truth.LOW_GRADE_OFFENDER
    share = truth.LOW_GRADE_OFFENDER_SHARE if offender else truth.LOW_GRADE_WRITTEN
    subjects = ["语文"] if random.random() < 0.45 else ["语文", "数学"]
    work = [(subject, int(random.choice([5, 10, 10, 15])), False, str(random.choice(ORAL))) for subject in subjects]
    if random.random() < share:
        work[0] = ("语文", int(random.choice([10, 15, 20])), True, "基础巩固")
    return work


def _load(
    district: District, random: np.random.Generator, school: School, grade: int, name: str, day: Day
) -> list[tuple[str, int, bool, str]]:
    stage = band(grade)
    mean = truth.LOAD[grade] + truth.SCHOOL_SD[stage] * school.profile.load
    mean += truth.CLASS_SD[stage] * district.effect("load", school.code, grade, name)
    mean += truth.WEEKDAY[day.weekday] + truth.HEAVIEST_EXTRA * (truth.HEAVIEST.get(grade) == day.weekday)
    mean *= truth.EXAM_FACTOR if day.week in truth.EXAM_WEEKS else 1.0
    chances = truth_chances(grade)
    subjects = [subject for subject, chance in chances.items() if random.random() < chance] or ["语文"]
    total = max(10.0, mean + truth.DAY_SD[stage] * float(random.normal()))
    shares = np.array([SHARES[subject] for subject in subjects]) * random.uniform(0.75, 1.25, len(subjects))
    minutes = np.maximum(5, np.round(total * shares / shares.sum())).astype(int)
    work = []
    for subject, amount in zip(subjects, minutes.tolist(), strict=True):
        extra = subject == truth.TIPPING_SUBJECT and random.random() < truth.TIPPING_SHARE[stage]
        amount += truth.TIPPING_MINUTES[stage] if extra else 0
        kind = "专题练习" if extra and stage == "junior" else str(random.choice(KINDS[stage], p=[0.5, 0.2, 0.15, 0.15]))
        work.append((subject, amount, True, kind))
    if random.random() < 0.12:
        work.append(("科学" if stage == "primary" else "综合实践", int(random.choice([10, 15, 20])), False, "动手实践"))
    return list({entry[0]: entry for entry in reversed(work)}.values())[::-1]


def truth_chances(grade: int) -> dict[str, float]:
    """Return how likely each subject sets homework on a day of a grade (3–9)."""
    return CHANCES[3 if grade <= 6 else grade]


def write(district: District, folder: Path) -> list[Fault]:
    """Write the ledger of each reporting school in its own form; return the faults planted in them."""
    faults: list[Fault] = []
    for school in district.reporting:
        ledger = entries(district, school)
        random = district.stream("ledger form", school.code)
        if school.profile.ledger == "csv":
            faults += _write_csv(district, school, ledger, random, folder)
        else:
            faults += _write_book(district, school, ledger, random, folder)
    return faults


def _cells(entry: dict[str, Any], way: str, random: np.random.Generator) -> list[Any]:
    subject = "道法" if entry["subject"] == "道德与法治" and random.random() < 0.7 else entry["subject"]
    minutes: Any = entry["minutes"]
    spoken = [words for words, value in SPOKEN.items() if value == minutes]
    if spoken and random.random() < 0.15:
        minutes = spoken[0]
    elif random.random() < 0.004:
        minutes = (
            f"{minutes}分钟"
            if random.random() < 0.5
            else str(minutes).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        )
    dates = [dated(entry[name], way) if entry[name] else "—" for name in ("date", "published_on", "returned_on")]
    yes = {True: "是", False: "否"}
    return [
        f"{entry['class']}班", dates[0], subject, yes[entry["written"]], entry["kind"], minutes,
        entry["difficulty"], yes[entry["layered"]], dates[1], dates[2],
    ]  # fmt: skip


def _write_csv(
    district: District, school: School, ledger: list[dict[str, Any]], random: np.random.Generator, folder: Path
) -> list[Fault]:
    file = f"作业台账_{school.short_name}.csv"
    rows = [
        [
            school.aliases[0] if school.aliases else school.name,
            grade_name(entry["grade"]),
            *_cells(entry, school.profile.dates, random),
        ]
        for entry in ledger
    ]
    faults = plant(district, school, file, "", rows, 2, 3) if school.code in truth.PROFILES else []
    write_csv(folder / file, f"{school.name}{district.label}作业台账", CSV_HEADER, rows, "utf-8-sig")
    return faults


def _write_book(
    district: District, school: School, ledger: list[dict[str, Any]], random: np.random.Generator, folder: Path
) -> list[Fault]:
    file = f"作业台账_{school.short_name}.xlsx"
    two = school.profile.ledger == "two lines"
    sheets, faults = [], []
    for grade in school.grades:
        sheet = Sheet(grade_name(grade), f"{school.name}{district.label}作业台账（{grade_name(grade)}）", ONE_LINE)
        if two:
            sheet.header, sheet.merged = TWO_LINES, 2
            sheet.groups = [("", 1), ("", 1), ("", 1), ("", 1), ("作业内容", 6), ("过程", 2)]
        own = [entry for entry in ledger if entry["grade"] == grade]
        for position, entry in enumerate(own):
            cells = _cells(entry, school.profile.dates, random)
            sheet.rows.append([school.name, grade_name(grade), *cells] if two else cells)
            after = own[position + 1] if position + 1 < len(own) else None
            if two and (
                after is None or (after["class"], after["date"].month) != (entry["class"], entry["date"].month)
            ):
                month = [
                    e["minutes"] for e in own if e["class"] == entry["class"] and e["date"].month == entry["date"].month
                ]
                sheet.rows.append(["小计", "", "", "", "", "", "", sum(month), "", "", "", ""])
        if school.code in truth.PROFILES:
            faults += plant(district, school, file, sheet.name, sheet.rows, 2 if two else 0, sheet.first_row)
        sheets.append(sheet)
    write_workbook(folder / file, sheets)
    return faults


PLANTED: dict[tuple[str, str], list[tuple[str, int, Any, str, str, str]]] = {
    ("2199000001", "三年级"): [
        ("negative minutes", 40, -20, "quarantined", "预计时长（分钟）", "时长为负数"),
        ("unreadable minutes", 120, "见黑板", "quarantined", "预计时长（分钟）", "读不出分钟数"),
    ],
    ("2199000001", "五年级"): [("outside term", 60, date(2026, 2, 24), "quarantined", "日期", "日期不在本学期")],
    ("2199000002", "四年级"): [
        ("no school day", 75, date(2026, 4, 11), "quarantined", "日期", "不是上学日（周六）"),
        ("unknown subject", 90, "奥数", "quarantined", "学科", "没有这门学科"),
    ],
    ("2199000002", "六年级"): [("identical duplicate", 130, None, "dropped", "", "与上一行完全相同，只计一次")],
    ("2199000003", "三年级"): [
        ("conflicting duplicate", 33, 25, "quarantined", "预计时长（分钟）", "同一班级、日期、学科有两个不同的时长")
    ],
    ("2199000004", ""): [
        ("unreadable minutes", 700, "一节课左右", "quarantined", "时长", "读不出分钟数"),
        ("unknown school", 900, "望山小学", "quarantined", "学校", "登记册中没有这所学校"),
        ("identical duplicate", 1200, None, "dropped", "", "与上一行完全相同，只计一次"),
    ],
    ("2199000005", "八年级"): [
        ("returned before set", 210, date(2026, 3, 3), "quarantined", "反馈日期", "反馈日期早于布置日期"),
        ("published after set", 260, date(2026, 6, 30), "warned", "公示日期", "公示日期晚于布置日期"),
    ],
    ("2199000006", "九年级"): [
        ("no school day", 150, date(2026, 5, 4), "quarantined", "日期", "不是上学日（劳动节假期）"),
        ("outside term", 160, date(2026, 7, 20), "quarantined", "日期", "日期不在本学期"),
    ],
    ("2199000007", "七年级"): [("negative minutes", 55, -5, "quarantined", "时长", "时长为负数")],
}
# By school and sheet: kind, position among the rows, new value, outcome, column, reason.


def plant(
    district: District, school: School, file: str, sheet: str, rows: list[list[Any]], offset: int, first_row: int
) -> list[Fault]:
    """Plant the faults of one sheet in its rows and return them with the row in which they stand.

    `offset` is the number of columns before 班级, `first_row` the row (1-based) of the first row of cells. Rows are
    inserted below (duplicates) from the last fault to the first, so that positions hold.
    """
    columns = {
        "学校": 0,
        "班级": offset,
        "日期": offset + 1,
        "学科": offset + 2,
        "公示日期": offset + 8,
        "反馈日期": offset + 9,
    }
    planted = []
    for kind, position, value, outcome, column, reason in PLANTED.get((school.code, sheet), []):
        if position >= len(rows) or rows[position][0] == "小计":
            continue
        inserted = kind.endswith("duplicate")
        place = columns.get(column, offset + 5)
        target = list(rows[position])
        if value is not None:
            target[place] = dated(value, school.profile.dates) if isinstance(value, date) else value
        if inserted:
            rows.insert(position + 1, target)
        else:
            rows[position] = target
        row = first_row + position + int(inserted)
        planted.append(
            Fault(file, sheet, row, column, "" if value is None else str(target[place]), kind, outcome, reason)
        )
        if kind == "conflicting duplicate":
            planted.append(Fault(file, sheet, row - 1, column, str(rows[position][place]), kind, outcome, reason))
    return planted


COMPONENTS = ["统筹学科", "总量控制", "结构优化", "审核公示", "分层设计", "批改反馈", "动态监测"]
LACKING = {"2199000003": {"分层设计"}, "2199000006": {"审核公示", "动态监测"}, "2199000007": {"统筹学科"}}


def write_control(district: District, folder: Path) -> list[Fault]:
    """Write the bureau's sheet on the seven components of homework control."""
    sheet = Sheet("作业管理", f"{DISTRICT_NAME}{district.label}作业管理台账", ["学校", "管理环节", "日期", "佐证材料"])
    random = district.stream("control")
    start = district.days[0].date
    for school in district.reporting:
        for component in COMPONENTS:
            if component not in LACKING.get(school.code, set()):
                day = start + timedelta(days=int(random.integers(0, 40)))
                sheet.rows.append([school.short_name, component, dated(day, "chinese"), f"{component}制度及记录"])
    file = "作业管理台账.xlsx"
    faults = []
    if district.size >= 8:
        sheet.rows.append(["澄湖区望山小学", "总量控制", dated(start, "chinese"), "总量控制制度及记录"])
        faults = [
            Fault(
                file,
                sheet.name,
                sheet.first_row + len(sheet.rows) - 1,
                "学校",
                "澄湖区望山小学",
                "unknown school",
                "quarantined",
                "登记册中没有这所学校",
            )
        ]
    write_workbook(folder / file, [sheet])
    return faults


DISTRICT_NAME = "澄湖区"
