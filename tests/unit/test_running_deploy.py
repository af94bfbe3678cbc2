"""The ready units name commands that exist."""

from __future__ import annotations

import ast
import configparser
import re
from pathlib import Path

import pytest

from analysis.running import due_command

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def options(words: list[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    due_command.arguments(parser)
    parser.parse_args(words)


def test_systemd_runs_what_is_due() -> None:
    service = unit("shuangjian-due.service")
    program, command, *words = service["Service"]["ExecStart"].split()
    assert program.endswith("/.venv/bin/shuangjian") and command == "due"
    options(words)
    house = service["Service"]["WorkingDirectory"]
    assert program.startswith(house)
    assert {f"{house}/reports", f"{house}/data/snapshots"} <= set(service["Service"]["ReadWritePaths"].split())
    assert re.fullmatch(r"Mon\.\.Sat \d\d:\d\d", unit("shuangjian-due.timer")["Timer"]["OnCalendar"])


def test_cron_lines_are_whole() -> None:
    lines = (DEPLOY / "shuangjian.cron").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if re.match(r"\d", line)]
    assert len(jobs) == 2
    for line in jobs:
        assert len(line.split(maxsplit=5)) == 6
        options(line.split("shuangjian due ")[1].split()[:1])


def test_the_airflow_file_is_python_with_one_task() -> None:
    tree = ast.parse((DEPLOY / "airflow_dag.py").read_text(encoding="utf-8"))
    tasks = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BashOperator"
    ]
    assert len(tasks) == 1
    command = next(word.value.value for word in tasks[0].keywords if word.arg == "bash_command")
    options(["--run", *re.sub(r"\{\{.*?\}\}", "2026-07-20", command).split("--run ")[1].split()])


@pytest.mark.parametrize("name", ["scheduling.md", "clusters.md"])
def test_the_pages_name_files_that_exist(name: str) -> None:
    text = (DEPLOY.parent / "docs" / name).read_text(encoding="utf-8")
    for file in re.findall(r"`(deploy/[\w.\-]+)`", text):
        assert (DEPLOY.parent / file).is_file(), file
