"""The bureau's own registers: schools, pupils by class, teachers."""

from __future__ import annotations

from pathlib import Path

from analysis.simulation import truth
from analysis.simulation.district import District, grade_name
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, write_workbook

STAGES = {"primary": "小学", "junior": "初中", "nine_year": "九年一贯制"}


def write(district: District, folder: Path) -> list[Fault]:
    """Write the register of schools, the enrolment (every school, from the pupils' register) and the teachers."""
    schools = Sheet(
        "学校名册",
        "澄湖区义务教育学校名册",
        ["学校代码", "学校名称", "简称", "其他名称", "学段", "起始年级", "终止年级", "区代码"],
    )
    schools.rows = [
        [
            s.code,
            s.name,
            s.short_name,
            "、".join(s.aliases),
            STAGES[s.stage],
            s.first_grade,
            s.last_grade,
            truth.DISTRICT,
        ]
        for s in district.schools
    ]
    write_workbook(folder / "学校名册.xlsx", [schools])
    enrolment = Sheet("在校学生", f"澄湖区{district.label}在校学生数", ["学校", "年级", "班级", "学生数"])
    for school in district.schools:
        sizes = [(grade, name, district.pupils(school, grade, name)) for grade, name in school.classes]
        enrolment.rows += [[school.name, grade_name(grade), f"{name}班", size] for grade, name, size in sizes]
        enrolment.rows.append(["小计", "", "", sum(size for *_, size in sizes)])
    write_workbook(folder / "在校学生.xlsx", [enrolment])
    teachers = Sheet(
        "教师情况",
        f"澄湖区{district.label}教师参加课后服务情况",
        ["学校", "教师数", "参加课后服务教师数", "填表人", "联系电话"],
    )
    for school in district.reporting:
        random, count = district.stream("teachers", school.code), school.profile.teachers
        teachers.rows.append(
            [school.name, count, round(count * random.uniform(0.78, 0.93)), "模拟教师", "000-00000000"]
        )
    write_workbook(folder / "教师情况.xlsx", [teachers])
    return []
