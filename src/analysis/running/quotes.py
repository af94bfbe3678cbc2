"""Figures that a page quotes from outside its own scope: would a new snapshot print them differently?

They are measured anew, all at once and in a process apart, only when the data outside a page's scope have changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from analysis.running.editions import Job

PRINTED = ("text", "interval_text", "base_text", "missing")


def _key(quote: dict[str, Any], as_of: str) -> str:
    return json.dumps([quote["indicator"], quote["scope"], as_of], sort_keys=True, ensure_ascii=False)


class Quotes:
    """Answers whether quoted figures are still printed the same on one snapshot.

    Parameters
    ----------
    snapshot
        Id of the snapshot that is being built.
    everything
        Gives every (job, quoted figures) of the run, so that one pass measures them all.
    """

    def __init__(self, snapshot: str, everything: Callable[[], Iterable[tuple[Job, list[dict[str, Any]]]]]) -> None:
        self._snapshot = snapshot
        self._everything = everything
        self._printed: dict[str, dict[str, Any]] | None = None

    def same(self, job: Job, quoted: list[dict[str, Any]]) -> bool:
        """Whether every figure would be printed as it was."""
        if not quoted:
            return True
        if self._printed is None:
            self._printed = self._measure()
        as_of = str(job.parameters.get("as_of", ""))
        found = [(quote, self._printed.get(_key(quote, as_of))) for quote in quoted]
        return all(now is not None and all(now[k] == quote.get(k) for k in PRINTED) for quote, now in found)

    def _measure(self) -> dict[str, dict[str, Any]]:
        from analysis.running.isolation import apart

        wanted: dict[str, tuple[dict[str, Any], str]] = {}
        for job, quoted in self._everything():
            as_of = str(job.parameters.get("as_of", ""))
            wanted |= {_key(quote, as_of): (quote, as_of) for quote in quoted}
        found, _, _ = apart(measure_again, self._snapshot, wanted)
        return dict(found)


def measure_again(snapshot: str, wanted: dict[str, tuple[dict[str, Any], str]]) -> dict[str, dict[str, Any]]:
    """Measure figures anew, one pass for each indicator and set of dimensions.

    Returns
    -------
    dict
        Key of each figure that could be found again to what would be printed; one that could not is left out, and
        the page that quotes it is made again.
    """
    from analysis.indicators.statistic import Statistics
    from analysis.indicators.study import Study

    passes: dict[tuple[Any, ...], list[tuple[str, dict[str, Any]]]] = {}
    for key, (quote, as_of) in wanted.items():
        scope = quote["scope"]
        by = (*(("school",) if scope["school"] else ()), *sorted(scope["group"]))
        study = (scope["district"], scope["term"], as_of)
        passes.setdefault((study, quote["indicator"], by), []).append((key, scope))
    studies: dict[Any, Any] = {}
    printed: dict[str, dict[str, Any]] = {}
    for (where, indicator, by), members in passes.items():
        district, term, as_of = where
        if where not in studies:
            studies[where] = Study(snapshot, district=district, term=term, as_of=as_of)
        try:
            measured = studies[where].measure(indicator, by=by or None)
        except Exception:
            continue  # what cannot be measured in this way counts as changed
        for key, scope in members:
            group = {**scope["group"], **({"school": scope["school"]} if scope["school"] else {})}
            try:
                found = measured.only(**group) if isinstance(measured, Statistics) else measured
            except KeyError:
                continue
            plain = found.as_dict()
            printed[key] = {name: plain[name] for name in PRINTED}
    return printed
