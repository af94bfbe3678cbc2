"""A packet is proved again; one changed digit in it is found."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import validate
from running_helpers import called

import analysis.running

SCHEMA = json.loads((Path(analysis.running.__file__).parent / "verify.schema.json").read_text(encoding="utf-8"))
PACKET = "homework_load/2199000002"


@pytest.fixture(scope="module")
def place(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "house"
    shutil.copytree(shipped, folder)
    return folder


@pytest.fixture
def packet(place: Path) -> Path:
    folder = place / "reports" / PACKET
    kept = place / "kept"
    shutil.copytree(folder, kept)
    yield folder
    shutil.rmtree(folder)
    kept.rename(folder)


def told(place: Path, name: str = PACKET) -> tuple[int, dict]:
    done = called(place, "verify", name, "--json")
    answer = json.loads(done.output)
    validate(answer, SCHEMA)
    return done.status, answer


def test_an_untouched_packet_is_identical(place: Path) -> None:
    status, answer = told(place)
    assert (status, answer["verdict"], answer["findings"]) == (0, "identical", [])
    assert answer["counts"]["statistics"]["identical"] > 20 and answer["counts"]["cells"]["identical"] > 20
    assert called(place, "verify", f"reports/{PACKET}").output.startswith(f"reports/{PACKET}：一致。\n  统计量")


@pytest.mark.parametrize("name", ["evaluation/district", "deputy_reply/2026-017", "satisfaction/district"])
def test_every_kind_of_packet_can_be_proved(place: Path, name: str) -> None:
    status, answer = told(place, name)
    assert (status, answer["verdict"], answer["reason"]) == (0, "identical", "")


def test_one_digit_of_a_figure(place: Path, packet: Path) -> None:
    file = packet / "manifest.json"
    text = file.read_text(encoding="utf-8")
    first = re.search(r'"text": "(\d)', text)
    digit = str((int(first.group(1)) + 1) % 10)
    file.write_text(text[: first.start(1)] + digit + text[first.end(1) :], encoding="utf-8")
    status, answer = told(place)
    assert (status, answer["verdict"]) == (1, "differs")
    assert len([finding for finding in answer["findings"] if finding["kind"] == "differs"]) == 1
    assert "不一致：统计量“" in called(place, "verify", PACKET).output


def test_a_digit_beyond_print(place: Path, packet: Path) -> None:
    file = packet / "manifest.json"
    text = file.read_text(encoding="utf-8")
    last = re.search(r'"value": 0\.\d{14,}?(\d),', text)
    digit = str((int(last.group(1)) + 1) % 10)
    file.write_text(text[: last.start(1)] + digit + text[last.end(1) :], encoding="utf-8")
    status, answer = told(place)
    assert (status, answer["verdict"]) == (3, "rounding")


@pytest.mark.parametrize("name", ["index.html", "report.pdf", "tables/datapackage.json"])
def test_one_byte_of_a_file(place: Path, packet: Path, name: str) -> None:
    file = packet / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    status, answer = told(place)
    assert status == 1 and [finding["place"] for finding in answer["findings"]] == [f"文件 {name}"]


def test_another_notebook(place: Path, packet: Path) -> None:
    file = packet / "executed.ipynb"
    file.write_text(file.read_text(encoding="utf-8").replace("homework.mean_minutes", "homework.p90_minutes"), "utf-8")
    status, answer = told(place)
    assert status == 1
    assert {"文件 executed.ipynb", "笔记本的单元格"} <= {finding["place"] for finding in answer["findings"]}


def test_a_snapshot_that_is_gone(place: Path) -> None:
    snapshots = place / "data" / "snapshots"
    snapshots.rename(place / "away")
    try:
        status, answer = told(place)
    finally:
        (place / "away").rename(snapshots)
    assert (status, answer["verdict"]) == (4, "cannot be rerun")
    assert "还没有快照" in answer["reason"]


def test_what_is_no_packet(place: Path, packet: Path) -> None:
    assert called(place, "verify", "nowhere").errors.startswith("找不到成品包“nowhere”")
    (packet / "manifest.json").write_text("{", encoding="utf-8")
    assert "不是可读的清单" in called(place, "verify", PACKET).errors
    (packet / "manifest.json").write_text('{"version": 1}', encoding="utf-8")
    assert "不合清单的格式" in called(place, "verify", PACKET).errors
    (packet / "manifest.json").unlink()
    assert "缺少 manifest.json" in called(place, "verify", PACKET).errors


def test_a_process_with_threads_of_duckdb_proves_as_well(place: Path) -> None:
    program = (
        "import sys, duckdb\n"
        "from pathlib import Path\n"
        "held = duckdb.connect(config={'threads': 4})\n"
        "held.sql('select sum(range) from range(10000000)').fetchall()\n"
        "from analysis.running.forking import fork_is_safe\n"
        "from analysis.running.verification import verify\n"
        "if __name__ == '__main__':\n"
        "    print(fork_is_safe(), verify(Path(sys.argv[1])).verdict)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(place / "reports" / PACKET)],
        env={**os.environ, "SHUANGJIAN_HOME": str(place)},
        text=True,
        capture_output=True,
        timeout=300,
        check=True,
    )
    assert done.stdout.split() == ["False", "identical"]
