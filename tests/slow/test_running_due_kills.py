"""``due --run`` killed at random moments and run again leaves the files of an undisturbed run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import command
from running_helpers import DOCUMENT, EDITIONS, PARAMETERS, files, house

SLOW = [PARAMETERS, DOCUMENT, "import time\ntime.sleep(0.3)"]
DUE = EDITIONS.replace('title = "小报告"', 'title = "小报告"\ndue = 2026-07-24').replace(
    'title = "另一份"', 'title = "另一份"\ndue = 2026-07-21'
)
SCHOOLS = [f"219900000{number}" for number in range(1, 6)]
WORDS = ("due", "--run", "--on", "2026-07-20", "--jobs", "2")


def start(place: Path) -> subprocess.Popen[bytes]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    words = [sys.executable, "-m", "analysis.cli", *WORDS]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        words,
        cwd=place,
        env={**environ, "SHUANGJIAN_HOME": str(place)},
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )


def test_ten_kills_leave_no_trace(tmp_path: Path) -> None:
    notebooks = {"reports/small": SLOW, "reports/other": SLOW}
    calm = house(tmp_path / "calm", notebooks, DUE, SCHOOLS)
    harried = tmp_path / "harried"
    shutil.copytree(calm, harried)
    begun = time.monotonic()
    assert command(calm, *WORDS).returncode == 0
    length = time.monotonic() - begun
    moments = random.Random(20260720)
    for number in range(10):
        process = start(harried)
        time.sleep(moments.uniform(0.2, 1.0) * length * (number + 1) / 10)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = command(harried, *WORDS)
    assert last.returncode == 0, last.stderr
    assert "生成7份，失败0份" in last.stdout
    assert files(harried / "reports") == files(calm / "reports")
    assert not list((harried / "reports").rglob("*.part"))


def test_a_day_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    place = house(tmp_path, {"reports/small": SLOW, "reports/other": SLOW}, DUE)
    assert "生成4份，失败0份" in command(place, *WORDS).stdout
    packet = place / "reports" / "small" / "district" / "index.html"
    packet.unlink()
    assert "生成4份，失败0份" in command(place, *WORDS).stdout
    assert not packet.exists()
    listed = command(place, "due", "--on", "2026-07-25").stdout
    assert "已办结　2026-07-24　小报告（small）：已于2026-07-20生成。" in listed
    mail = (place / "reports" / ".state" / "due" / "2026-07-20.txt").read_text(encoding="utf-8")
    assert mail.startswith("主题：2026-07-20 到期报告与答复：生成4份，失败0份\n\n")
