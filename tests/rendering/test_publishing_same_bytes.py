"""Two builds of one content give the same bytes: in another process, with another hash seed, on another day."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rendering.publishing_examples import letter, report

from analysis.publishing.content import read
from analysis.publishing.publication import files

FORMATS = ("html", "pdf", "docx")
SCRIPT = """
import hashlib, sys, time
sys.path.insert(0, {tests!r})
clock, local = time.time, time.localtime
time.time = lambda: clock() + 40 * 86400
time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
from analysis.publishing.content import read
from analysis.publishing.publication import files
from rendering.publishing_examples import letter, report
for make in (report, letter):
    for name, content in files(read(make()), ("html", "pdf", "docx")).items():
        print(make.__name__, name, hashlib.sha256(content).hexdigest())
"""


def digests() -> list[str]:
    return [
        f"{make.__name__} {name} {hashlib.sha256(content).hexdigest()}"
        for make in (report, letter)
        for name, content in files(read(make()), FORMATS).items()
    ]


def test_another_process_forty_days_later_makes_the_same_bytes() -> None:
    tests = Path(__file__).resolve().parents[1]
    environ = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "America/Lima"}
    script = SCRIPT.format(tests=str(tests))
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == digests()


def test_a_changed_number_changes_the_bytes() -> None:
    changed = report()
    changed.cells[1].outputs[0]["data"]["application/vnd.shuangjian.v1+json"]["runs"][1]["text"] = "6"
    assert files(read(changed), FORMATS)["index.html"] != files(read(report()), FORMATS)["index.html"]


def test_source_date_epoch_sets_the_moment_of_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(read(report()), FORMATS)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    made = files(read(report()), FORMATS)
    assert made["index.html"] == before["index.html"]
    assert made["report.pdf"] != before["report.pdf"]
    for name in ("report.docx", "tables/tables.xlsx"):
        with zipfile.ZipFile(io.BytesIO(made[name])) as archive:
            assert {member.date_time for member in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
            assert "2026-01-01T00:00:00Z" in archive.read("docProps/core.xml").decode()
