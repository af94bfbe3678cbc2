"""Every figure that a sentence of the shipped documents prints is the one that was last read and kept."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = json.loads((ROOT / "tests" / "notebooks" / "headlines.json").read_text(encoding="utf-8"))
_spec = importlib.util.spec_from_file_location("headlines", ROOT / "tools" / "headlines.py")
assert _spec is not None and _spec.loader is not None
tool = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tool)


@pytest.fixture(scope="module")
def now(shipped: Path) -> dict[str, dict[str, str]]:
    return tool.headlines(shipped / "reports")


def test_the_same_documents_are_made(now: dict[str, dict[str, str]]) -> None:
    assert set(now) == set(KEPT), "read what changed, then run: python tools/headlines.py"


@pytest.mark.parametrize("packet", sorted(KEPT))
def test_each_figure_is_as_it_was_kept(packet: str, now: dict[str, dict[str, str]]) -> None:
    assert now[packet] == KEPT[packet], "read what changed, then run: python tools/headlines.py"
