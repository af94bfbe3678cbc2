"""A child serves call after call, and is replaced when it fails."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from running_helpers import apart_from_pytest

from analysis.house import UserError
from analysis.running.calls import Callee, CallError


def twice_in_one_child() -> tuple[int, int, int]:
    callee = Callee()
    first, second = (callee.run(os.getpid)[0] for _ in range(2))
    return os.getpid(), first, second


def a_new_child_after_each(calls: int, times: int) -> list[int]:
    callee = Callee(calls)
    return [callee.run(os.getpid)[0] for _ in range(times)]


def surroundings(folder: str) -> tuple[str, str]:
    callee = Callee()
    callee.run(os.getpid)
    os.environ["SOURCE_DATE_EPOCH"] = "17"
    os.chdir(folder)
    return callee.run(os.getcwd)[0], callee.run(os.getenv, "SOURCE_DATE_EPOCH")[0]


def refuse() -> None:
    raise UserError("表里没有这一列；请核对。", exit_status=3)


def leave() -> None:
    os._exit(4)


def fall() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def failing(name: str, seconds: float) -> tuple[str, bool]:
    callee = Callee()
    before = callee.run(os.getpid)[0]
    wrong = {"leave": leave, "fall": fall, "sleep": time.sleep}[name]
    given = (30.0,) if name == "sleep" else ()
    try:
        callee.run(wrong, *given, seconds=seconds)
    except CallError as told:
        return str(told), callee.run(os.getpid)[0] != before
    return "", False


def refused() -> tuple[str, bool]:
    callee = Callee()
    before = callee.run(os.getpid)[0]
    try:
        callee.run(refuse)
    except UserError as told:
        return told.message, callee.run(os.getpid)[0] == before
    return "", False


def test_one_child_serves_call_after_call() -> None:
    own, first, second = apart_from_pytest(twice_in_one_child)
    assert first == second != own


def test_a_new_child_takes_over_after_a_number_of_calls() -> None:
    pids = apart_from_pytest(a_new_child_after_each, 2, 5)
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_it_runs_in_the_environment_and_folder_of_who_asks(tmp_path: Path) -> None:
    assert apart_from_pytest(surroundings, str(tmp_path)) == (str(tmp_path), "17")


@pytest.mark.parametrize(
    ("name", "told"), [("leave", "自行退出"), ("fall", "SIGSEGV"), ("sleep", "超过0.2秒仍未完成，已终止。")]
)
def test_a_child_that_fails_is_told_and_replaced(name: str, told: str) -> None:
    said, replaced = apart_from_pytest(failing, name, 0.2 if name == "sleep" else 60.0)
    assert told in said and replaced


def test_a_mistake_of_the_user_comes_back_as_it_is_and_the_child_stays() -> None:
    assert apart_from_pytest(refused) == ("表里没有这一列；请核对。", True)
