"""Which lines each test executes, and how long it takes: a plugin of pytest that `tools/mutants.py` asks.

Loaded with ``-p executed``; the environment names the files to watch (``EXECUTED_FILES``, divided by ``:``) and where the
answer is to be written (``EXECUTED_RESULT``, JSON by test). What a shared fixture executes counts for each test that uses
it. Caches of the suite are emptied before each test, so that what an earlier test left there hides no line. Lines of modules
and classes themselves run at import, for every test: they stand under the empty name. Other processes are not watched.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

Lines = set[tuple[str, int]]
FILES = frozenset(os.environ.get("EXECUTED_FILES", "").split(":"))
_now: Lines = set()
_always: Lines = set()
_fixtures: dict[str, Lines] = defaultdict(set)
_tests: dict[str, Lines] = {}
_seconds: dict[str, float] = defaultdict(float)


def _trace(frame: FrameType, event: str, arg: object) -> Any:
    """Follow the frames of the watched files only."""
    file = frame.f_code.co_filename
    if file not in FILES:
        return None
    own = _now if frame.f_code.co_flags & inspect.CO_OPTIMIZED else _always
    own.add((file, frame.f_lineno))

    def line(frame: FrameType, event: str, arg: object) -> Any:
        own.add((file, frame.f_lineno))
        return line

    return line


def _watch(on: bool) -> None:
    sys.settrace(_trace if on else None)
    threading.settrace(_trace if on else None)


def _take() -> Lines:
    taken = set(_now)
    _now.clear()
    return taken


def pytest_configure() -> None:
    """Watch what is imported while the tests are collected."""
    _watch(True)


def pytest_collection_finish() -> None:
    """What ran so far (a decorator, say) ran for every test."""
    _always.update(_take())


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """Keep what a shared fixture executes apart from the test that happens to be the first to use it."""
    if fixturedef.scope == "function":
        yield
        return
    before = _take()
    yield
    _fixtures[fixturedef.argname] |= _take()
    _now.update(before)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Write down one test's lines."""
    for name, module in list(sys.modules.items()):
        if name.startswith("analysis."):
            for each in list(vars(module).values()):
                if callable(clear := getattr(each, "cache_clear", None)) and not isinstance(each, type):
                    clear()
    _take()
    _watch(True)
    yield
    _tests[item.nodeid] = _take().union(*(_fixtures[name] for name in getattr(item, "fixturenames", ())))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up how long a test takes, its fixtures with it."""
    _seconds[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Write what was found."""
    _watch(False)
    told = {"": {"seconds": 0.0, "lines": sorted(_always)}}
    told |= {id: {"seconds": _seconds[id], "lines": sorted(lines)} for id, lines in _tests.items()}
    with open(os.environ["EXECUTED_RESULT"], "w", encoding="utf-8") as file:
        json.dump(told, file)


class Executed:
    """What was written, read again: which tests execute a line."""

    def __init__(self, file: Path, tree: Path) -> None:
        self.seconds: dict[str, float] = {}
        self._lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))  # by file and test
        for id, one in json.loads(file.read_text(encoding="utf-8")).items():
            self.seconds[id] = one["seconds"]
            for name, line in one["lines"]:
                self._lines[Path(name).relative_to(tree).as_posix()][id].add(line)

    def tests(self, file: str, source: str, line: int, budget: float) -> list[str]:
        """Return the tests that execute the statement on a line, the fastest first, up to so many seconds together."""
        start, end = _statement(source, line)
        runs = self._lines[file]
        hit = [id for id, lines in runs.items() if any(start <= line <= end for line in lines)]
        if "" in hit:  # at import
            hit = [id for id in runs if id] or [id for id in self.seconds if id]
        chosen: list[str] = []
        spent = 0.0
        for id in sorted(hit, key=self.seconds.__getitem__):
            spent += self.seconds[id]
            if chosen and spent > budget:
                break
            chosen.append(id)
        return chosen


def _statement(source: str, line: int) -> tuple[int, int]:
    """Return the first and last line of the smallest statement on a line; of a compound one, its head."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            body = getattr(node, "body", None)
            last = max(first, body[0].lineno - 1) if isinstance(body, list) else node.end_lineno or first
            if first <= line <= last:
                spans.append((last - first, first, last))
    return min(spans)[1:] if spans else (line, line)
