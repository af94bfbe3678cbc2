"""What a person sees of a run: a bar on a terminal, plain lines elsewhere, JSON lines for machines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import TextIO

from analysis.running.editions import Job
from analysis.running.production import Outcome


class Progress:
    """Plain lines: one for each document, with what is done and the time left."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._total = self._done = 0
        self._begun = time.monotonic()

    def begin(self, jobs: Sequence[Job], skipped: Sequence[Job]) -> None:
        """Say how much there is to do."""
        self._total, self._begun = len(jobs), time.monotonic()
        self._say(f"需生成{len(jobs)}份，{len(skipped)}份没有变化。")

    def done(self, outcome: Outcome) -> None:
        """Say that one document is finished."""
        self._done += 1
        word = _word(outcome)
        left = (time.monotonic() - self._begun) / self._done * (self._total - self._done)
        self._say(f"[{self._done}/{self._total}] {word} {outcome.label}，{outcome.seconds:.1f}秒，剩余约{_clock(left)}")
        if outcome.error:
            self._say(f"  {outcome.error}")

    def end(self) -> None:
        """Finish."""

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class Bar(Progress):
    """A progress bar with the document just made, done/total and the time left."""

    def begin(self, jobs: Sequence[Job], skipped: Sequence[Job]) -> None:
        """Draw the bar."""
        super().begin(jobs, skipped)
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread: this process forks
        shape = "{desc} {bar} {n_fmt}/{total_fmt} 剩余{remaining}"
        self._bar = tqdm(total=len(jobs), file=self._stream, bar_format=shape, disable=not jobs)

    def done(self, outcome: Outcome) -> None:
        """Move the bar on."""
        self._bar.set_description_str(f"{_word(outcome)} {outcome.label}", refresh=False)
        self._bar.update(1)

    def end(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()


class JsonLines(Progress):
    """One JSON object a line (described by ``build.schema.json``)."""

    def begin(self, jobs: Sequence[Job], skipped: Sequence[Job]) -> None:
        """Write what will be done."""
        self._line("start", total=len(jobs), skipped=[job.name for job in skipped])

    def done(self, outcome: Outcome) -> None:
        """Write one outcome."""
        self._line("made" if outcome.made else "kept" if outcome.kept else "failed", **outcome.as_dict())

    def summary(self, **content: object) -> None:
        """Write the end of the run."""
        self._line("end", **content)

    def plan(self, **content: object) -> None:
        """Write what a run would do."""
        self._line("plan", **content)

    def _line(self, event: str, **content: object) -> None:
        print(json.dumps({"event": event, **content}, ensure_ascii=False), file=self._stream, flush=True)


def _word(outcome: Outcome) -> str:
    return "完成" if outcome.made else "保留" if outcome.kept else "失败"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}分{rest:02d}秒" if minutes else f"{rest}秒"


def reporter(*, as_json: bool) -> Progress:
    """Return the right one: JSON on standard output, else a bar or lines on standard error."""
    if as_json:
        return JsonLines(sys.stdout)
    return Bar() if sys.stderr.isatty() else Progress()
