"""The satisfaction survey, as 问卷星 exports it: by number or by text."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from analysis.house import path
from analysis.house.content import Json
from analysis.house.paths import read_toml
from analysis.simulation import truth
from analysis.simulation.district import District, School, band
from analysis.simulation.faults import Fault
from analysis.simulation.forms import Sheet, write_csv, write_workbook
from analysis.text.numerals import written

PEOPLE = {"parent": "家长", "student": "学生"}
HEAD = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
REMARKS = [
    "希望课后服务多一些体育活动", "作业量合适，孩子睡得早了", "周三作业偏多", "希望晚一点放学，方便接送", "老师很负责",
    "数学练习单有时太长", "希望多开科技类课程", "期末前作业明显增加", "没有意见", "建议公示每天的作业",
]  # fmt: skip
SAID = ["老人身体不好", "路远", "方便上班", "孩子喜欢"]
OTHER = "其他"


def answers(district: District, role: str, wave: str) -> list[Json]:
    """Return the true answers of one role in one wave: one entry a respondent, scores by item."""
    earlier = wave < "2026"
    items = {
        item: share + (truth.EARLIER_WAVE.get(item, -0.01) if earlier else 0.0)
        for item, share in truth.TOP2[role].items()
    }
    spread = np.sqrt(truth.LATENT_SCHOOL_SD**2 + truth.LATENT_CLASS_SD**2 + truth.LATENT_RESPONDENT_SD**2 + 1)
    cut = {item: -ndtri(share) * spread for item, share in items.items()}
    very = {item: -ndtri(0.58 * share) * spread for item, share in items.items()}
    found = []
    for school in district.reporting:
        if school.code not in truth.PROFILES:
            continue  # the questionnaires list the schools of the register only
        random = district.stream("survey", role, wave, school.code)
        rate = min(0.98, truth.RESPONSE[role] + school.profile.response)
        for grade, name in school.classes:
            if role == "student" and grade < 3:
                continue
            shared = truth.LATENT_SCHOOL_SD * school.profile.satisfied
            shared += truth.LATENT_CLASS_SD * district.effect("satisfied", school.code, grade, name)
            for _ in range(district.pupils(school, grade, name)):
                if random.random() > rate:
                    continue
                own = shared + truth.LATENT_RESPONDENT_SD * random.normal()
                entry: Json = {"school": school, "grade": grade, "class": name, "scores": {}}
                for item in items:
                    feeling = own + random.normal()
                    entry["scores"][item] = (
                        5 if feeling > very[item] else 4 if feeling > cut[item]
                        else 3 if feeling > cut[item] - 0.7 else 2 if feeling > cut[item] - 1.3 else 1
                    )  # fmt: skip
                entry["minutes"] = _reported(random, grade)
                entry["joins"] = bool(random.random() < 0.86)
                entry["seconds"] = int(np.clip(random.lognormal(5.0, 0.45), 45, 1500))
                found.append(entry)
    order = district.stream("survey order", role, wave).permutation(len(found))
    return [found[index] for index in order]


def _reported(random: np.random.Generator, grade: int) -> int:
    """Parents report more than the ledger plans: a factor of about 1.2, in fives."""
    if grade <= 2:
        return int(random.choice([0, 0, 0, 10, 15, 20]))
    planned = truth.LOAD[grade] + 3
    return int(max(10, 5 * round(planned * 1.2 * random.lognormal(0, 0.28 if band(grade) == "primary" else 0.22) / 5)))


def write(district: District, folder: Path, *, earlier: bool = True) -> list[Fault]:
    """Write the exports of the term's waves, and of the waves before it if `earlier`; return the planted faults.

    The wave of 2025-12 was exported by number, later ones by text; the pupils' export is a CSV file.
    """
    faults = []
    for role in ("parent", "student"):
        questionnaire = read_toml(path("data", "reference", "questionnaires", f"{role}-satisfaction.toml"))
        for wave in questionnaire["waves"]:
            if wave["term"] == district.term or (earlier and wave["to"] < district.calendar.start):
                faults += _write(district, folder, role, questionnaire, wave)
    return faults


def _write(district: District, folder: Path, role: str, questionnaire: Json, window: Json) -> list[Fault]:
    wave = window["wave"]
    by_number = wave < "2026"
    ending = ".csv" if role == "student" else ".xlsx"
    file = f"问卷星_{PEOPLE[role]}_{wave}_按{'序号' if by_number else '文本'}{ending}"
    random = district.stream("survey export", role, wave)
    found = answers(district, role, wave)
    start = datetime(window["from"].year, window["from"].month, window["from"].day, 18)
    moments = np.sort(random.uniform(0, ((window["to"] - window["from"]).days + 0.2) * 86400, len(found)))
    rows, unusual = [], _unusual(len(found))
    for number, entry in enumerate(found, start=1):
        trouble = unusual.get(number, "")
        if trouble == "speeder":
            entry["scores"] = dict.fromkeys(entry["scores"], 5 if number % 2 else 3)
            entry["seconds"] = 6 + number % 7
        moment = start + timedelta(seconds=float(moments[number - 1]))
        rows.append(
            [
                number, f"{moment:%Y/%-m/%-d %H:%M:%S}", f"{entry['seconds']}秒", "微信", "N/A",
                f"192.0.2.{random.integers(1, 255)}(模拟省-模拟市)",
                *_replies(questionnaire, entry, random, by_number=by_number, unfinished=trouble == "unfinished"),
            ]
        )  # fmt: skip
    sheet = Sheet(
        "答卷", f"{questionnaire['title']} {wave}", [*HEAD, *_headers(questionnaire, by_number=by_number)], rows
    )
    sheet.csv = file.endswith(".csv")
    faults = [
        sheet.fault(file, "straight-liner and speeder", "所用时间", number - 1)
        if trouble == "speeder"
        else sheet.fault(file, "half-finished answer", "", number - 1)
        for number, trouble in unusual.items()
    ]
    if district.shipped and role == "parent" and not by_number:
        rows[20][-1] = f"请回电，身份证号{truth.ID_LIKE}"
        faults.append(sheet.fault(file, "number like an ID", sheet.header[-1], 20))
    rows.append(list(rows[-1]))
    faults.append(sheet.fault(file, "identical duplicate", "序号"))
    if sheet.csv:
        write_csv(folder / file, sheet, "gb18030")
    else:
        write_workbook(folder / file, [sheet])
    return faults


def _unusual(count: int) -> dict[int, str]:
    step = max(1, count // (truth.SPEEDERS + truth.UNFINISHED + 1))
    kinds = ["speeder", "unfinished"] * truth.SPEEDERS + ["unfinished"] * (truth.UNFINISHED - truth.SPEEDERS)
    return {step * (position + 1): kind for position, kind in enumerate(kinds)}


def _headers(questionnaire: Json, *, by_number: bool) -> list[str]:
    names = []
    for question in questionnaire["question"]:
        number, wording, kind = question["number"], question["wording"], question["kind"]
        if kind == "matrix":
            rows = [row["wording"] for row in question["rows"]]
            names += [
                f"第{number}题({row})" if by_number else f"{number}、({place}){row}"
                for place, row in enumerate(rows, 1)
            ]
        elif kind == "multiple" and by_number:
            names += [f"第{number}题({option})" for option in question["options"]]
        else:
            names.append(f"{number}、{wording}")
    return names


def _replies(
    questionnaire: Json,
    entry: Json,
    random: np.random.Generator,
    *,
    by_number: bool,
    unfinished: bool,
) -> list[object]:
    skipped, empty = (-2, -3) if by_number else ("(跳过)", "(空)")
    cells: list[Any] = []
    for question in questionnaire["question"]:
        options = question.get("options", [])
        gone = unfinished and question["number"] > 4
        if question["kind"] == "matrix":
            for place, row in enumerate(question["rows"]):
                option = question["score"].index(entry["scores"][row["item"]])
                if unfinished and place >= 4:
                    cells.append(empty)
                else:
                    cells.append(option + 1 if by_number else options[option])
        elif question["kind"] == "single":
            option = _single(question, entry)
            cells.append(empty if gone else option + 1 if by_number else options[option])
        elif question["kind"] == "multiple":
            asked = "asked_if" not in question or entry["joins"]
            cells += _multiple(question, random, skipped if not asked else empty if gone else None, by_number=by_number)
        elif question["kind"] == "ranking":
            cells.append(empty if gone else "→".join(random.permutation(options)))
        elif question["role"] == "minutes":
            cells.append(empty if gone or random.random() < 0.03 else _spoken(entry["minutes"], random))
        else:
            cells.append(str(random.choice(REMARKS)) if not gone and random.random() < 0.12 else empty)
    return cells


def _single(question: Json, entry: Json) -> int:
    school: School = entry["school"]
    if question["role"] == "school":
        names = {school.name, school.short_name, *school.aliases}
        return next(place for place, option in enumerate(question["options"]) if option in names)
    if question["role"] == "grade":
        return int(question["options"].index(f"{written(entry['grade'])}年级"))
    return int(entry["class"]) - 1 if question["role"] == "class" else 0 if entry["joins"] else 1


def _multiple(question: Json, random: np.random.Generator, code: object, *, by_number: bool) -> list[object]:
    options = question["options"]
    chances = np.where([option == OTHER for option in options], 0.05, 0.42)
    chosen = random.random(len(options)) < chances
    if not chosen.any():
        chosen[0] = True
    if by_number:
        return [code if code is not None else int(mark) for mark in chosen]
    if code is not None:
        return [code]
    words = [
        f"{option}〖{random.choice(SAID)}〗" if option == OTHER else option
        for option, mark in zip(options, chosen, strict=True)
        if mark
    ]
    return ["┋".join(words)]


def _spoken(minutes: int, random: np.random.Generator) -> str:
    if minutes in (30, 60, 90) and random.random() < 0.4:
        return {30: "半小时", 60: "1小时", 90: "1.5小时"}[minutes]
    return f"{minutes}分钟" if random.random() < 0.5 else str(minutes)
