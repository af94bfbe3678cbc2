"""`shuangjian reference --check` lists every slip; no command writes anything while there is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.cli import GUARDED, main
from analysis.reference.files import every, refuse_slips

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports").mkdir()
    monkeypatch.setenv("SHUANGJIAN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def misspell(place: Path, *pairs: tuple[str, str]) -> None:
    file = place / "data" / "reference" / "rules.toml"
    text = file.read_text(encoding="utf-8")
    for right, wrong in pairs:
        assert right in text
        text = text.replace(right, wrong, 1)
    file.write_text(text, encoding="utf-8")


def test_the_shipped_files_are_right(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference", "--check"]) == 0
    assert capsys.readouterr().out == f"参考数据{len(list(every()))}个文件，没有问题。\n"


def test_every_slip_has_its_line(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    misspell(
        place, ('grade_band = "middle"', 'grade_bnad = "middle"'), ("value = 90, grade_band", 'value = "x", grade_band')
    )
    assert main(["reference", "--check"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert told[0].endswith("rules.homework.cap.values 第2条：不认识“grade_bnad”；是否应为“grade_band”？")
    assert told[1].endswith('rules.homework.cap.values 第3条 value：“x”不是数，也不是时刻（如 "17:30"）；请改正。')


def test_a_slip_in_a_register_is_listed_but_stops_no_other_work(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "data" / "suggestions").mkdir()
    (place / "data" / "suggestions" / "2026-001.toml").write_text('titel = "某事"\n', encoding="utf-8")
    refuse_slips()
    assert main(["reference", "--check"]) == 2
    assert capsys.readouterr().err == "“data/suggestions/2026-001.toml”第1行：不认识“titel”；是否应为“title”？\n"


def test_a_file_that_is_no_toml_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "data" / "reference" / "rules.toml").write_text("[rules", encoding="utf-8")
    assert main(["reference"]) == 2
    assert "的写法有误" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["intake", "nothing"], ["build"], ["check", "nothing.txt"], ["due"], ["publish", "nothing.ipynb"]]
)
def test_no_command_goes_on_with_a_misspelt_word(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert words[0] in GUARDED
    misspell(place, ('grade_band = "middle"', 'grade_bnad = "middle"'))
    before = sorted(place.rglob("*"))
    assert main(words) == 2
    told = capsys.readouterr()
    assert "不认识“grade_bnad”；是否应为“grade_band”？" in told.err and told.err.count("\n") == 1
    assert sorted(place.rglob("*")) == before
