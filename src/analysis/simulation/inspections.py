"""Random inspections of institutions: the inspectors with their interests, two rounds with results and publication."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from analysis.simulation.district import District
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, dated, write_workbook
from analysis.simulation.institutions import INSTITUTIONS

FILE = "双随机检查.xlsx"
INSPECTORS = [
    (f"J{number:02d}", ["区教育局", "区市场监督管理局", "区文化和旅游局"][number % 3]) for number in range(1, 13)
]
INTERESTS = {"J03": "M05", "J07": "M12"}
ROUNDS = {1: (12, 5), 2: (58, 4)}  # its first school day in the term (from 0), how many institutions
WITH_INTEREST = (2, 1)  # round and position: an inspector who should have stood back
UNPUBLISHED = (1, 3)
BACKWARDS = (1, 2)  # rectified before it was inspected
TO_MEND = {(1, 2), (2, 0), (2, 3)}
STILL_OPEN = (2, 3)


def write(district: District, folder: Path) -> list[Fault]:
    """Write the inspectors and the results of the rounds; return the faults planted in them."""
    header = ["轮次", "机构编号", "检查人员", "检查日期", "结果", "整改期限", "整改完成日期", "公示日期"]
    results = Sheet("检查结果", "澄湖区校外培训机构双随机检查结果", header)
    people = Sheet("检查人员", "澄湖区双随机检查人员名录", ["人员编号", "所在单位", "利害关系机构"])
    people.rows = [[code, office, INTERESTS.get(code, "")] for code, office in INSPECTORS]
    random = district.stream("inspections")
    reserved = "M12"  # for the inspector with an interest in it
    standing = [own.code for own in INSTITUTIONS if not own.closed and own.code != reserved]
    faults: list[Fault] = []
    for number, (first, count) in ROUNDS.items():
        name = f"{district.days[first].date:%Y-%m}第{number}轮"
        sampled = sorted(random.choice(standing, size=count, replace=False).tolist())
        for position, code in enumerate(sampled):
            free = [person for person, _ in INSPECTORS if INTERESTS.get(person) is None]
            sent = sorted(random.choice(free, size=2, replace=False).tolist())
            here = (number, position)
            if here == WITH_INTEREST:
                code, sent = reserved, ["J07", sent[1]]
            day = district.days[first + position].date
            mend = here in TO_MEND
            mended = None if here == STILL_OPEN else day + timedelta(days=-2 if here == BACKWARDS else 12)
            dates = [
                dated(day, "chinese"),
                dated(day + timedelta(days=20), "chinese") if mend else "—",
                dated(mended, "chinese") if mend and mended else "—",
                "" if here == UNPUBLISHED else dated(day + timedelta(days=16), "chinese"),
            ]
            outcome = "限期整改" if mend else "合格"
            results.rows.append([name, code, "、".join(sent), dates[0], outcome, dates[1], dates[2], dates[3]])
            for place, kind, column in (
                (WITH_INTEREST, "inspector with an interest", "检查人员"),
                (UNPUBLISHED, "unpublished result", "公示日期"),
                (BACKWARDS, "mended before inspected", "整改完成日期"),
            ):
                if here == place:
                    faults.append(results.fault(FILE, kind, column))
    write_workbook(folder / FILE, [results, people])
    return faults
