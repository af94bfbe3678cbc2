"""The reports on supervision and institutions, executed on the shipped registers: what they find, and for whom."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from analysis.house import path
from analysis.presentation.edition import current

BLACK, CONFLICTS = "飞跃篮球培训（模拟）", 11


@pytest.fixture
def executed(shipped_snapshot: Path, monkeypatch: pytest.MonkeyPatch):
    def run(name: str, audience: str = "internal", school: str = "") -> list[dict]:
        monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
        space: dict[str, object] = {}
        for cell in nbformat.read(path("notebooks", "reports", f"{name}.ipynb"), as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source, space)
            if "parameters" in cell.metadata.get("tags", ()):
                space |= {"audience": audience, "school": school}
        return current().objects

    return run


def findings(objects: list[dict]) -> str:
    return "".join(run["text"] for each in objects if each["kind"] == "paragraph" for run in each["runs"])


def named(objects: list[dict], name: str) -> dict:
    return next(each for each in objects if each.get("name") == name)


def test_supervision_tells_the_one_task_that_is_not_done(executed) -> None:
    objects = executed("supervision")
    said = findings(objects)
    assert (
        "应完成的462件任务中，已完成的占99.8%（计入待更正、不含缺报，在98.1%–99.8%之间）；1件未完成，未达到“任务全部完成”的要求"
        in said
    )
    assert "未完成的是作业管理任务（1件）" in said
    assert "不一致的在南浦" in said
    assert len(named(objects, "overdue")["rows"]) == 2


def test_institutions_tell_the_register_on_the_day_and_every_conflict(executed) -> None:
    objects = executed("institutions")
    said = findings(objects)
    assert "截至2026年7月20日，在册校外培训机构12家：全日制高考复读4家、非学科类8家" in said
    assert "缺口4.00万元；1家未足额，未达到“每家足额缴存”的要求。" in said
    assert len(named(objects, "conflicts")["rows"]) == CONFLICTS
    told = json.dumps(objects, ensure_ascii=False)
    assert BLACK in told and "检查人员未回避" in told
    assert not re.search(r"(?<![0-9A-Za-z])J[0-9]{2}(?![0-9A-Za-z])", told)  # the codes of those who inspect


def test_the_public_edition_counts_conflicts_and_names_nobody_in_them(executed) -> None:
    objects = executed("institutions", audience="public")
    told = json.dumps(objects, ensure_ascii=False)
    assert not [each for each in objects if each.get("name") == "conflicts"]
    assert named(objects, "conflict_counts")["rows"][-1]["cells"][1]["text"] == str(CONFLICTS)
    assert BLACK not in told and "第一初中" not in told and "J07" not in told
    assert "少量" not in told and not any(
        cell.get("suppressed") for cell in named(objects, "deposits")["rows"][0]["cells"]
    )
