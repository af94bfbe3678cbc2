"""Whole files or none, one-line errors, numbers as pages write them."""

import os

import pytest

from analysis import cli
from analysis.house import UserError, atomic_directory, atomic_write, paths, text


def test_atomic_write_leaves_the_old_file_when_writing_fails(tmp_path):
    target = tmp_path / "a.txt"
    atomic_write(target, "旧")
    with pytest.raises(TypeError):
        atomic_write(target, 5)  # type: ignore[arg-type]
    assert target.read_text(encoding="utf-8") == "旧"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_atomic_directory_replaces_whole_or_not_at_all(tmp_path):
    target = tmp_path / "out"
    with atomic_directory(target) as draft:
        (draft / "one").write_text("1")
    with pytest.raises(ZeroDivisionError), atomic_directory(target) as draft:
        (draft / "two").write_text("2")
        _ = 1 / 0
    assert [p.name for p in target.iterdir()] == ["one"]
    with atomic_directory(target) as draft:
        (draft / "three").write_text("3")
    assert [p.name for p in target.iterdir()] == ["three"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_atomic_directory_puts_back_what_a_kill_left_aside(tmp_path):
    old = tmp_path / ".out.old"
    old.mkdir()
    (old / "kept").write_text("1")
    with pytest.raises(ZeroDivisionError), atomic_directory(tmp_path / "out"):
        _ = 1 / 0
    assert (tmp_path / "out" / "kept").read_text() == "1"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0.913, 1, "91.3%"),
        (0.9996, 1, "99.96%"),  # never 100 % by rounding
        (1.0, 1, "100.0%"),
        (0.0003, 1, "0.03%"),  # never 0 % by rounding
        (0.0, 1, "0.0%"),
        (0.2845, 1, "28.5%"),  # half up on the decimal form
        (-0.012, 1, "−1.2%"),
        (0.996, 0, "99.6%"),
    ],
)
def test_percent(value, decimals, written):
    assert text.percent(value, decimals) == written


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(11214, 0, "11,214"), (-3.25, 1, "−3.3"), (0.285, 2, "0.29"), (-0.0, 0, "0")],
)
def test_number(value, decimals, written):
    assert text.number(value, decimals) == written


def test_unknown_command_names_the_known_ones(capsys):
    assert cli.main(["foo"]) == 2
    said = capsys.readouterr().err
    assert "foo" in said and "intake" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [(["intake"], "缺少参数"), (["due", "--nope"], "不认识的参数：--nope"), (["due", "--on"], "后面要跟一个值")],
)
def test_a_slip_in_the_arguments_is_one_chinese_line(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    line = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in line and line.count("\n") == 1 and "error" not in line


def test_toml_slip_is_told_with_its_place(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text("a = \n", encoding="utf-8")
    with pytest.raises(UserError, match=r"x\.toml.*line 1"):
        paths.read_toml(file)


def test_no_project_folder_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("SHUANGJIAN_HOME", os.fspath(tmp_path))
    with pytest.raises(UserError, match="SHUANGJIAN_HOME"):
        paths.home()
