"""The registers of supervision and off-campus institutions: what is true in them, and the faults where the key says."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.simulation import inspections, institutions, supervision, truth
from analysis.simulation.district import District
from analysis.simulation.faults import REGISTER_KINDS, Fault
from analysis.simulation.raw import tables_of

PARTS = (supervision, institutions, inspections)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    folder = tmp_path_factory.mktemp("registers")
    district = District(truth.SEED, truth.TERM, 8)
    return folder, [fault for part in PARTS for fault in part.write(district, folder)]


def rows(folder: Path, file: str, sheet: str | int = 0) -> list[list[str]]:
    if file.endswith(".csv"):
        content = (folder / file).read_bytes()
        encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
        return list(csv.reader(content.decode(encoding).splitlines()))
    frame = pd.read_excel(folder / file, sheet_name=sheet or 0, header=None, dtype=str, engine="calamine")
    return frame.fillna("").to_numpy().tolist()


def table(folder: Path, file: str, sheet: str | int = 0) -> pd.DataFrame:
    found = rows(folder, file, sheet)
    start = 1 if file.endswith(".csv") else 2
    return pd.DataFrame(found[start + 1 :], columns=found[start])


def day(text: str) -> date | None:
    parts = text.replace("年", "-").replace("月", "-").replace("日", "").split("-")
    return date(*map(int, parts)) if len(parts) == 3 else None


def test_every_fault_stands_where_the_key_says(made: tuple[Path, list[Fault]]) -> None:
    folder, faults = made
    for fault in faults:
        found = rows(folder, fault.file, fault.sheet)
        head = found[1 if fault.file.endswith(".csv") else 2]
        if fault.column:
            value = found[fault.row - 1][head.index(fault.column)]
            assert value == fault.value or float(value) == float(fault.value), fault
        else:
            assert found[fault.row - 1] == found[fault.row - 2], fault
    assert set(REGISTER_KINDS) <= {fault.kind for fault in faults}


def test_every_file_says_that_it_is_simulated_and_has_a_table(made: tuple[Path, list[Fault]]) -> None:
    files = sorted(made[0].iterdir())
    assert len(files) == 11
    for file in files:
        assert "模拟数据" in str(rows(made[0], file.name)[:2])
        assert tables_of(file.name)


def test_the_same_seed_gives_the_same_bytes(made: tuple[Path, list[Fault]], tmp_path: Path) -> None:
    for part in PARTS:
        part.write(District(truth.SEED, truth.TERM, 8), tmp_path)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {f.name: f.read_bytes() for f in made[0].iterdir()}


def test_one_task_is_short_of_all_and_one_is_not(made: tuple[Path, list[Fault]]) -> None:
    tasks = table(made[0], supervision.TASKS).astype({"应完成": float, "已完成": float})
    sums = tasks.groupby("任务")[["应完成", "已完成"]].sum()
    assert sums.loc["作业管理任务"].tolist() == [250, 249]
    assert sums.loc["教学常规任务"].tolist() == [140, 140]


def test_the_platform_is_late_lacking_and_overwritten_once_each(made: tuple[Path, list[Fault]]) -> None:
    returns = table(made[0], supervision.PLATFORM)
    reported = pd.to_datetime(returns["上报时间"]).dt.date
    late = returns[reported > pd.to_datetime(returns["填报截止"]).dt.date]
    assert set(late["学校"]) == {"湖滨小学"}
    assert returns.duplicated(["学校", "期间", "填报项"]).sum() == 1
    assert returns.groupby("学校")["期间"].nunique()["云溪学校"] == returns["期间"].nunique() - 1
    assert max(reported) <= date(2026, 7, 15)


def test_one_school_returns_more_than_its_ledger(made: tuple[Path, list[Fault]]) -> None:
    district = District(truth.SEED, truth.TERM, 8)
    returns = table(made[0], supervision.PLATFORM)
    returns = returns[returns["填报项"] == "台账班级日数"].drop_duplicates(["学校", "期间"], keep="last")
    differences = {}
    for school in district.reporting:
        ledger = supervision._ledger_days(district, school)
        own = returns[returns["学校"] == school.short_name]
        pairs = zip(own["期间"], own["上报值"], strict=True)
        differences[school.short_name] = sum(int(value) - ledger[int(period[-2:])] for period, value in pairs)
    assert [name for name, difference in differences.items() if difference] == ["南浦初中"]
    assert differences["南浦初中"] > 20


def test_the_institutions_at_the_end_of_the_term(made: tuple[Path, list[Fault]]) -> None:
    register = table(made[0], institutions.REGISTER)
    on = date(2026, 7, 3)
    standing = register[
        [
            (day(start) <= on) and ((day(end) or on) >= on)
            for start, end in zip(register["起"], register["止"], strict=True)
        ]
    ]
    kinds = standing.drop_duplicates("机构编号")["类别"].value_counts()
    assert kinds.to_dict() == {"非学科": 8, "全日制高中复读": 4}
    twice = standing["机构编号"].value_counts()
    assert twice[twice > 1].index.tolist() == [institutions.TWO_AUTHORITIES]


def test_most_contracts_keep_the_limits(made: tuple[Path, list[Fault]]) -> None:
    contracts = table(made[0], institutions.CONTRACTS)
    contracts = contracts[contracts["止"] != "—"]
    length = (pd.to_datetime(contracts["止"]) - pd.to_datetime(contracts["起"])).dt.days
    beyond = (length > 92) | (contracts["课时"].astype(int) > 60) | (contracts["金额（元）"].astype(int) > 5000)
    assert 0.03 < beyond.mean() < 0.2


def test_one_inspector_should_have_stood_back(made: tuple[Path, list[Fault]]) -> None:
    results, people = (table(made[0], inspections.FILE, name) for name in ("检查结果", "检查人员"))
    interest = dict(zip(people["人员编号"], people["利害关系机构"], strict=True))
    guilty = [
        person
        for code, sent in zip(results["机构编号"], results["检查人员"], strict=True)
        for person in sent.split("、")
        if interest[person] == code
    ]
    assert guilty == ["J07"]
    assert not results.duplicated(["轮次", "机构编号"]).any()


def test_one_provider_of_courses_is_on_the_black_list(made: tuple[Path, list[Fault]]) -> None:
    from analysis.simulation.menu import PROVIDERS, SERVED_BY

    lists = table(made[0], institutions.LISTS)
    black = set(lists.loc[lists["名单"] == "黑名单", "机构编号"])
    names = {own.name for own in institutions.INSTITUTIONS if own.code in black}
    serving = {code for code, name, *_ in PROVIDERS if name in names} & set(SERVED_BY.values())
    assert serving == {"T04"}
