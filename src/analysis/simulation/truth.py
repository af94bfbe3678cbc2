"""What is true in the simulated district: every number that the generators draw from, by name.

The verdicts that a reader should reach are settled here: the middle grades keep the 60 minutes on average, grade 9 does
not keep its 90; some items of the survey are clearly above 94 %, one is clearly below, one cannot be told from it.
"""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20260302
DISTRICT = "990101"
TERM = "2025-2026-2"
MARK = "模拟数据：由程序按固定随机种子生成，不对应任何真实的学校、教师、学生或家长"
LICENCE = "CC0-1.0"

# Homework: minutes of written work on a class-day.
LOAD = {1: 0, 2: 0, 3: 32, 4: 36, 5: 40, 6: 44, 7: 65, 8: 71, 9: 89}
SCHOOL_SD = {"primary": 3.2, "junior": 5.5}  # between schools
CLASS_SD = {"primary": 1.6, "junior": 3.0}  # between classes of a school
DAY_SD = {"primary": 7.0, "junior": 11.0}  # between days of a class: with the two above an ICC of about 0.1
WEEKDAY = {1: 0.0, 2: 1.0, 3: 4.0, 4: 0.0, 5: 2.0}
HEAVIEST = {6: 3}  # grade 6: Wednesday is the heaviest day
HEAVIEST_EXTRA = 6.0
EXAM_WEEKS = (9, 17, 18)  # mid-term, and the weeks before the end of the term
EXAM_FACTOR = 1.12
TIPPING_SUBJECT = "数学"  # an extra sheet of which tips days over the cap
TIPPING_SHARE = {"primary": 0.10, "junior": 0.15}
TIPPING_MINUTES = {"primary": 16, "junior": 22}
LOW_GRADE_WRITTEN = 0.004  # class-days of grades 1–2 with written homework, by mistake
LOW_GRADE_OFFENDER = ("2199000004", 2, "1")  # one class that does it oftener
LOW_GRADE_OFFENDER_SHARE = 0.08
COMPLETE = 0.985  # class-days entered
COMPLETE_LOW = {"2199000006": 0.84}  # one school enters fewer
PUBLISHED_SAME_DAY = 0.93
LAYERED = {"primary": 0.62, "junior": 0.48}

# After-school service.
JOINS = {"留守": 0.985, "随迁": 0.89, "其他": 0.925}  # who has joined the service at all
GROUP_SHARE = {"留守": 0.16, "随迁": 0.12, "其他": 0.72}
PRESENT = {1: 0.975, 2: 0.98, 3: 0.975, 4: 0.97, 5: 0.90}  # of those who joined, by weekday
PRESENT_BY_MONTH = {6: 0.985, 7: 0.965}  # fewer towards the end of the second term
PARTIAL = 0.12  # joined, but goes home on two fixed weekdays
EARLY_LEAVER = 0.07  # leaves before the two hours are over on a given day
SERVICE_START = {"primary": "16:10", "junior": "17:00"}
SERVICE_END = {"primary": "18:10", "junior": "19:00"}
ENDS_EARLY = "2199000002"  # this school stops
ENDS_EARLY_AT = "17:30"
OFFICE_CLOSES = "18:00"

# Survey: share of 非常满意 and 满意 for each item, by role.
TOP2 = {
    "parent": {
        "homework_amount": 0.955,
        "homework_design": 0.925,
        "homework_feedback": 0.972,
        "service_content": 0.947,
        "service_time": 0.972,
        "service_safety": 0.988,
        "burden": 0.865,
        "overall": 0.945,
    },
    "student": {
        "homework_amount": 0.925,
        "homework_design": 0.945,
        "homework_feedback": 0.970,
        "service_content": 0.960,
        "service_time": 0.950,
        "service_safety": 0.985,
        "sleep": 0.840,
        "overall": 0.960,
    },
}
EARLIER_WAVE = {"homework_amount": -0.030, "service_content": -0.045, "burden": -0.035, "overall": -0.020}
LATENT_SCHOOL_SD, LATENT_CLASS_SD, LATENT_RESPONDENT_SD = 0.22, 0.18, 0.62
RESPONSE = {"parent": 0.78, "student": 0.92}
# Of no real person: 990101 is no place, though the check digit is right.
ID_LIKE = "990101200001010014"
SPEEDERS, UNFINISHED = 6, 8  # answers planted in each survey file

# Money of the service: yuan for a pupil and a term.
FEE = 240


@dataclass(frozen=True)
class Profile:
    """How one school of the shipped district is: its size, its habits, its effects (in standard deviations)."""

    classes: int
    pupils: int
    load: float = 0.0
    joins: float = 0.0
    satisfied: float = 0.0
    response: float = 0.0
    teachers: int = 40
    ledger: str = "one line"  # form of its ledger: "one line", "two lines" or "csv"
    dates: str = "chinese"  # how it writes dates: chinese, dotted, compact, serial
    reports: bool = True


PROFILES = {
    "2199000001": Profile(2, 33, load=-0.4, joins=0.02, satisfied=0.6, teachers=46),
    "2199000002": Profile(2, 31, load=0.3, joins=0.01, satisfied=-0.2, teachers=42, dates="dotted"),
    "2199000003": Profile(1, 14, load=-1.2, joins=-0.02, satisfied=0.9, response=0.10, teachers=15, dates="serial"),
    "2199000004": Profile(2, 27, load=0.9, joins=-0.04, satisfied=-0.5, teachers=38, ledger="csv", dates="compact"),
    "2199000005": Profile(3, 32, load=0.2, joins=0.00, satisfied=0.1, teachers=44, ledger="two lines"),
    "2199000006": Profile(2, 30, load=1.0, joins=-0.06, satisfied=-1.3, response=-0.3, teachers=30, dates="serial"),
    "2199000007": Profile(1, 26, load=-0.2, joins=0.03, satisfied=0.4, teachers=36, ledger="two lines", dates="dotted"),
    "2199000008": Profile(1, 24, teachers=20, reports=False),
}
