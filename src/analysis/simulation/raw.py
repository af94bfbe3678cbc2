"""The whole folder of raw files of one term, with its list of sources and the key to the faults planted in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from analysis.simulation import (
    attendance,
    control,
    inspections,
    institutions,
    ledgers,
    menu,
    papers,
    registers,
    supervision,
    survey,
)
from analysis.simulation.district import District
from analysis.simulation.faults import Fault
from analysis.simulation.sources import write_sources

TABLES = {
    "作业台账": ["homework"], "作业管理台账": ["homework_control"], "课后服务考勤": ["attendance"], "课后服务日报": ["service_daily"],
    "学校名册": ["schools"], "在校学生": ["enrolment"], "教师情况": ["teachers"],
    "课程菜单": ["courses", "service_models", "providers"], "一校两案": ["plans"], "课后服务经费": ["funds"], "教师减负": ["relief"],
    "问卷星": ["survey", "survey_text"],
    "任务完成情况": ["tasks"], "监测平台填报": ["platform"], "督查台账": ["supervision"], "工作专班": ["bodies"],
    "宣传情况": ["outreach"], "校外培训机构名册": ["institutions"], "停训通知与承诺": ["notices"],
    "黑白名单": ["lists"], "风险保证金": ["deposits"], "预收费合同": ["contracts"], "双随机检查": ["inspections", "inspectors"],
}  # fmt: skip


def write_raw(
    district: District,
    folder: Path,
    *,
    every_week: bool = False,
    registers_too: bool = False,
    earlier: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Fault]:
    """Write every raw file of a term and `sources.toml` into a folder; return the planted faults.

    Parameters
    ----------
    district
        The district, its term and its seed.
    folder
        An existing folder.
    every_week
        Call the roll of the after-school service in every school week, not in even ones only.
    registers_too
        Add the registers of supervision and of off-campus institutions.
    earlier
        Add the survey waves that were held before the term.
    tell
        Is called with the Chinese name of each part before it is written.
    """
    writers: dict[str, Callable[[District, Path], list[Fault]]] = {
        "名册": registers.write,
        "作业台账": ledgers.write,
        "作业管理": control.write,
        "课后服务考勤": partial(attendance.write, every_week=every_week),
        "课程菜单": menu.write,
        "方案、经费与减负": papers.write,
        "满意度问卷": partial(survey.write, earlier=earlier),
    }
    if registers_too:
        writers |= {"督查": supervision.write, "校外培训机构": institutions.write, "双随机检查": inspections.write}
    faults: list[Fault] = []
    for name, writer in writers.items():
        tell(name)
        faults += writer(district, folder)
    tables = {file.name: tables_of(file.name) for file in folder.iterdir() if file.is_file()}
    words = f"--seed {district.seed} --schools {district.size} --terms {district.term}"
    words += " --every-week" * every_week + " --registers" * registers_too
    write_sources(folder, tables, term=district.term, words=words)
    return faults


def tables_of(file: str) -> list[str]:
    """Return the tables that a raw file holds, by its name."""
    return TABLES[file.split(".")[0].split("_")[0]]
