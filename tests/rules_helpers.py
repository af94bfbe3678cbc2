"""A project of its own for the tests of rules, terms and days."""

from __future__ import annotations

from pathlib import Path

import pytest

TERMS = '[[term]]\nterm = "t"\nlabel = "学期"\nstart = 2027-03-01\nend = 2027-03-07\n'


def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    """Put a project in place of the real one, with these reference files."""
    (tmp_path / "data" / "reference").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    for name, text in files.items():
        (tmp_path / "data" / "reference" / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHUANGJIAN_HOME", str(tmp_path))
