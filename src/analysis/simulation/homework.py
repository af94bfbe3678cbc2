"""Homework as it truly was: what each class was set on each school day, before anyone wrote it into a ledger."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

import numpy as np

from analysis.house.content import Json
from analysis.simulation import truth
from analysis.simulation.district import Day, District, School, band

KINDS = {
    "primary": ["基础巩固", "阅读积累", "实践操作", "拓展提升"],
    "junior": ["基础巩固", "专题练习", "拓展提升", "实践操作"],
}
ORAL = ["口头朗读", "亲子阅读", "动手实践", "体育锻炼"]
SHARES = {
    "语文": 2.6, "数学": 3.3, "英语": 2.4, "道德与法治": 1.0, "科学": 1.0,
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
        "道德与法治": 0.1,
    },
    9: {"语文": 0.95, "数学": 0.98, "英语": 0.95, "物理": 0.7, "化学": 0.65, "历史": 0.3, "道德与法治": 0.25},
}


@lru_cache(maxsize=16)
def entries(district: District, school: School) -> list[Json]:
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
    chances = CHANCES[3 if grade <= 6 else grade]
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
