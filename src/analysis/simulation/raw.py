"""The whole folder of raw files of one term, with its list of sources and the key to the faults planted in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from analysis.house import atomic_write
from analysis.simulation import attendance, control, ledgers, menu, papers, registers, survey, truth
from analysis.simulation.district import District
from analysis.simulation.faults import Fault

TABLES = {
    "作业台账": ["homework"], "作业管理台账": ["homework_control"], "课后服务考勤": ["attendance"], "课后服务日报": ["service_daily"],
    "学校名册": ["schools"], "在校学生": ["enrolment"], "教师情况": ["teachers"],
    "课程菜单": ["courses", "service_models", "providers"], "一校两案": ["plans"], "课后服务经费": ["funds"], "教师减负": ["relief"],
    "问卷星": ["survey", "survey_text"],
}  # fmt: skip


def write_raw(
    district: District,
    folder: Path,
    *,
    every_week: bool = False,
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
    faults: list[Fault] = []
    for name, writer in writers.items():
        tell(name)
        faults += writer(district, folder)
    atomic_write(folder / "sources.toml", sources(district, folder))
    return faults


def tables_of(file: str) -> list[str]:
    """Return the tables that a raw file holds, by its name."""
    stem = file.split(".")[0].split("_")[0]
    return TABLES.get(stem, [])


def sources(district: District, folder: Path) -> str:
    """Return the list of sources of a folder: each file with its tables, origin, licence and digest."""
    lines = [
        "# Where each raw file comes from. All of them are simulated.",
        f'mark = "{truth.MARK}"',
        f'generator = "shuangjian simulate --seed {district.seed} --schools {district.size} --terms {district.term}"',
        "",
    ]
    for file in sorted(folder.iterdir()):
        if file.name == "sources.toml" or not tables_of(file.name):
            continue
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines += [
            "[[file]]",
            f'path = "{file.name}"',
            f"tables = {_quoted(tables_of(file.name))}",
            f'term = "{district.term}"',
            'source = "模拟数据，由 shuangjian simulate 生成"',
            f'licence = "{truth.LICENCE}"',
            "simulated = true",
            f'sha256 = "{digest}"',
            "",
        ]
    return "\n".join(lines)


def _quoted(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
