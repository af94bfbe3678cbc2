"""The raw files of the simulated district: the same each time, saying what they are, with every fault where the key says."""

import csv
import shutil
import tomllib
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from analysis.cli import main
from analysis.house import path
from analysis.simulation import homework, raw, registers, truth
from analysis.simulation.district import District
from analysis.simulation.faults import ALL_KINDS, KINDS, Fault

SHIPPED = path("data", "raw")
LISTING = tomllib.loads((SHIPPED / "sources.toml").read_text(encoding="utf-8"))
REGISTERS = "--registers" in LISTING["generator"]  # whether those of supervision and institutions are shipped
KEY = tomllib.loads(path("data", "reference", "simulation_faults.toml").read_text(encoding="utf-8"))["fault"]


@lru_cache(maxsize=32)
def cells(folder: Path, file: str, sheet: str) -> list[list[str]]:
    """Read a sheet, or a CSV file, as rows of text from the first row on."""
    if file.endswith(".csv"):
        content = (folder / file).read_bytes()
        encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
        return list(csv.reader(content.decode(encoding).splitlines()))
    book = CalamineWorkbook.from_path(str(folder / file))
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [[plain(cell) for cell in row] for row in rows]


def plain(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def header(rows: list[list[str]], column: str) -> int:
    return next(row.index(column) for row in rows[:4] if column in row)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    folder = tmp_path_factory.mktemp("raw")
    return folder, raw.write_raw(District(truth.SEED, truth.TERM, 8), folder, registers_too=REGISTERS)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        raw.write_raw(District(7, truth.TERM, 2), tmp_path / name)
        found.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert found[0] == found[1]


def test_another_seed_gives_other_data() -> None:
    one, two = (District(seed, truth.TERM, 1) for seed in (1, 2))
    assert homework.entries(one, one.schools[0]) != homework.entries(two, two.schools[0])


def test_the_shipped_files_are_what_the_command_writes(made: tuple[Path, list[Fault]]) -> None:
    assert sorted(file.name for file in SHIPPED.iterdir()) == sorted(file.name for file in made[0].iterdir())
    for file in (
        "作业台账_第一初中.xlsx",
        "作业台账_芦汀小学.csv",
        "课后服务考勤_云溪学校.csv",
        "问卷星_家长_2026-06_按文本.xlsx",
    ):
        sheet = "" if file.endswith(".csv") else "答卷" if "问卷" in file else "八年级"
        assert cells(SHIPPED, file, sheet) == cells(made[0], file, sheet)
    assert [(fault["file"], fault["row"], fault["kind"]) for fault in KEY] == [
        (fault.file, fault.row, fault.kind) for fault in made[1]
    ]


def test_the_shipped_files_are_small() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 6_000_000


def test_every_shipped_file_is_listed_and_says_that_it_is_simulated() -> None:
    listed = LISTING["file"]
    assert {entry["path"] for entry in listed} == {file.name for file in SHIPPED.iterdir()} - {"sources.toml"}
    for entry in listed:
        assert entry["simulated"] is True
        assert entry["tables"]
        assert entry["licence"]
        if entry["path"].endswith(".csv"):
            assert "模拟数据" in cells(SHIPPED, entry["path"], "")[0][0]
        else:
            for sheet in CalamineWorkbook.from_path(str(SHIPPED / entry["path"])).sheet_names:
                assert "模拟数据" in cells(SHIPPED, entry["path"], sheet)[1][0]


@pytest.mark.parametrize("fault", KEY, ids=lambda fault: f"{fault['kind']}-{fault['file']}-{fault['row']}")
def test_a_planted_fault_stands_where_the_key_says(fault: dict) -> None:
    rows = cells(SHIPPED, fault["file"], fault["sheet"])
    row = rows[fault["row"] - 1]
    if fault["kind"] == "identical duplicate":
        assert row == rows[fault["row"] - 2]
    elif fault["column"]:
        assert row[header(rows, fault["column"])] in (fault["value"], fault["value"].removesuffix(".0"))
    assert (fault["outcome"], fault["reason"]) == ALL_KINDS[fault["kind"]]


def test_every_kind_of_fault_is_planted() -> None:
    assert {fault["kind"] for fault in KEY} == set(ALL_KINDS if REGISTERS else KINDS)


def test_few_rows_are_bad() -> None:
    assert 20 <= sum(fault["outcome"] == "quarantined" for fault in KEY) <= 40


def test_the_school_that_reported_nothing_is_in_the_registers_alone() -> None:
    for file in sorted(SHIPPED.iterdir()):
        assert "石桥" not in file.name
        if file.suffix == ".xlsx":
            for sheet in CalamineWorkbook.from_path(str(file)).sheet_names:
                text = str(cells(SHIPPED, file.name, sheet)[2:])
                assert ("石桥" in text) == (file.name in ("学校名册.xlsx", "在校学生.xlsx"))
        elif file.suffix == ".csv":
            assert "石桥" not in str(cells(SHIPPED, file.name, ""))


def test_the_ledgers_come_in_the_forms_that_staff_hold() -> None:
    two_lines = cells(SHIPPED, "作业台账_第一初中.xlsx", "七年级")
    assert two_lines[2][4] == "作业内容"
    assert two_lines[3][4] == "学科"
    assert any(row[0] == "小计" for row in two_lines)
    assert two_lines[5][2] == ""  # a merged cell
    assert CalamineWorkbook.from_path(str(SHIPPED / "作业台账_第一小学.xlsx")).sheet_names == [
        f"{numeral}年级" for numeral in "一二三四五六"
    ]
    everything = str([cells(SHIPPED, "作业台账_第一小学.xlsx", f"{numeral}年级") for numeral in "三四五六"])
    for form in ("道法", "半小时", "40-50分钟", "2026年3月9日"):
        assert form in everything


def test_the_roll_calls_are_gb18030_and_hold_the_make_up_day() -> None:
    content = (SHIPPED / "课后服务考勤_第一小学.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert "20260509," in content.decode("gb18030")


def test_the_survey_comes_as_numbers_and_as_text() -> None:
    numbers = cells(SHIPPED, "问卷星_家长_2025-12_按序号.xlsx", "答卷")
    assert "第4题(作业总量)" in numbers[2]
    assert {row[numbers[2].index("第7题(其他)")] for row in numbers[3:]} == {"0", "1", "-2", "-3"}
    text = str(cells(SHIPPED, "问卷星_家长_2026-06_按文本.xlsx", "答卷"))
    pupils = str(cells(SHIPPED, "问卷星_学生_2026-06_按文本.csv", ""))
    for mark in ("┋", "〖", "(空)", "(跳过)", "192.0.2."):
        assert mark in text
    for mark in ("┋", "→", "(空)"):
        assert mark in pupils


def test_every_address_and_number_belongs_to_nobody() -> None:
    for file in ("问卷星_家长_2026-06_按文本.xlsx", "问卷星_家长_2025-12_按序号.xlsx"):
        rows = cells(SHIPPED, file, "答卷")
        assert all(row[5].startswith("192.0.2.") for row in rows[3:])  # addresses kept for documentation
    assert truth.ID_LIKE.startswith("99")  # no province


def test_more_terms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulate", str(tmp_path / "out"), "--schools", "1", "--terms", "2025-2026-1", "2025-2026-2"]
    assert main(words) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out")
    first, second = tmp_path / "out" / "2025-2026-1", tmp_path / "out" / "2025-2026-2"
    assert [file.name for file in sorted(first.glob("问卷星*"))] == ["问卷星_家长_2025-12_按序号.xlsx"]
    assert len(list(second.glob("问卷星*"))) == 2
    assert "2025—2026学年第一学期" in cells(first, "一校两案.xlsx", "一校两案")[0][0]


@pytest.mark.parametrize("term", ["2020-2021-2", "2024-2025-1"])
def test_an_older_term_with_make_up_days_of_its_own(term: str, tmp_path: Path) -> None:
    district = District(3, term, 1)
    assert {day.weekday for day in district.days} == {1, 2, 3, 4, 5}
    assert not any(fault.outcome == "quarantined" for fault in raw.write_raw(district, tmp_path))
    assert not list(tmp_path.glob("问卷星*"))


def test_a_term_that_no_calendar_knows_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(tmp_path / "out"), "--terms", "2026-2027-2", "--schools", "1"]) == 2
    assert "calendar.toml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_more_schools(tmp_path: Path) -> None:
    district = District(5, truth.TERM, 40)
    assert len({school.code for school in district.schools}) == 40
    assert {school.stage for school in district.schools} == {"primary", "junior", "nine_year"}
    assert 30 < len(district.reporting) < 40
    registers.write(district, tmp_path)
    assert len(cells(tmp_path, "学校名册.xlsx", "学校名册")) == 3 + 40


def test_a_small_district_plants_nothing(tmp_path: Path) -> None:
    assert [fault.outcome for fault in raw.write_raw(District(1, truth.TERM, 1), tmp_path)].count("quarantined") == 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--terms", "2031-2032-1"], "2031-2032-1"),
        (["--schools", "0"], "--schools"),
        (["--seed", "-1"], "--seed"),
        (["--csv"], "--ledger-rows"),
    ],
)
def test_a_wrong_option_is_named(
    words: list[str], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", str(tmp_path / "out"), *words]) == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_files_of_ones_own_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "台账.xlsx"
    own.write_bytes(b"mine")
    assert main(["simulate", str(tmp_path), "--schools", "1"]) == 2
    assert "台账.xlsx" in capsys.readouterr().err
    assert own.read_bytes() == b"mine"


def test_a_folder_of_simulated_files_is_written_anew(tmp_path: Path, made: tuple[Path, list[Fault]]) -> None:
    folder = tmp_path / "raw"
    shutil.copytree(made[0], folder)
    (folder / "一校两案.xlsx").write_bytes(b"")
    assert main(["simulate", str(folder), "--schools", "1"]) == 0
    assert (folder / "一校两案.xlsx").stat().st_size > 1000
    assert not (folder / "作业台账_云溪学校.xlsx").exists()


def test_a_fault_tells_its_outcome() -> None:
    fault = Fault("a.csv", "", 3, "时长", "-5", "negative minutes")
    assert (fault.outcome, fault.reason) == ("quarantined", "时长为负数")
    assert asdict(fault)["row"] == 3
