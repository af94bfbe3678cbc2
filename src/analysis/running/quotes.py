"""Figures that a page quotes from outside its own scope: would a new snapshot print them differently?

They are measured anew, all at once and in a process apart, only when the data outside a page's scope have changed. A page
of a school shows its peers without their names, so a quoted figure does not tell whose it is. Therefore the figures of the
district and of all its schools are measured on the old snapshot and on the new one; a page is out of date if a figure that
it quotes is printed less often than before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from analysis.disclosure import UNNAMED_DIMENSION
from analysis.house.content import Json
from analysis.running.editions import Job

PRINTED = ("text", "interval_text", "base_text")
Printed = tuple[str, ...]
Quoted = list[Json]


def place_of(quote: Json, as_of: str) -> str:
    """Return where a quoted figure is found again: indicator, district, term, group and day, but not the school."""
    scope = quote["scope"]
    group = {name: value for name, value in scope["group"].items() if name != UNNAMED_DIMENSION}
    place = [quote["indicator"], scope["district"], scope["term"], group, as_of]
    return json.dumps(place, sort_keys=True, ensure_ascii=False)


class Quotes:
    """Answers whether quoted figures are still printed the same on one snapshot.

    Parameters
    ----------
    snapshot
        Id of the snapshot that is being built.
    everything
        Gives every (job, id of the snapshot it was made from, quoted figures) of the run, so that one pass measures all.
    """

    def __init__(self, snapshot: str, everything: Callable[[], Iterable[tuple[Job, str, Quoted]]]) -> None:
        self._snapshot = snapshot
        self._everything = everything
        self._printed: dict[str, dict[str, Counter[Printed]]] = {}

    def same(self, job: Job, made_from: str, quoted: Quoted) -> bool:
        """Whether every figure would be printed as it was."""
        if not quoted:
            return True
        if not self._printed:
            self._printed = self._measure()
        then, now = self._printed.get(made_from, {}), self._printed.get(self._snapshot, {})
        for quote in quoted:
            place, figure = place_of(quote, as_of(job)), tuple(quote[name] for name in PRINTED)
            before, after = then.get(place, Counter()), now.get(place, Counter())
            if not before[figure] or after[figure] < before[figure]:
                return False
        return True

    def _measure(self) -> dict[str, dict[str, Counter[Printed]]]:
        from analysis.running.calls import call

        known = list(self._everything())
        places = {place_of(quote, as_of(job)) for job, _, quoted in known for quote in quoted}
        snapshots = {self._snapshot, *(made_from for _, made_from, quoted in known if quoted)}
        found, _, _ = call(_all_again, sorted(snapshots), sorted(places))
        return dict(found)


def as_of(job: Job) -> str:
    """Return the day that a job's document speaks from."""
    return str(job.parameters.get("as_of", ""))


def _all_again(snapshots: Iterable[str], places: Iterable[str]) -> dict[str, dict[str, Counter[Printed]]]:
    from analysis.house import UserError

    found = {}
    for snapshot in snapshots:
        with suppress(UserError):  # a snapshot that is gone: what was made from it counts as changed
            found[snapshot] = measure_again(snapshot, places)
    return found


def measure_again(snapshot: str, places: Iterable[str]) -> dict[str, Counter[Printed]]:
    """Measure figures anew: at each place the district's and each school's.

    Returns
    -------
    dict
        Each place to what would be printed there and how often; nothing for what cannot be measured in this way, so
        that the pages which quote it are made again.
    """
    from analysis.indicators.study import Study
    from analysis.snapshots import Store

    studies: dict[Any, Any] = {}
    printed: dict[str, Counter[Printed]] = {}
    for place in places:
        indicator, district, term, group, as_of = json.loads(place)
        where = (district, term, as_of)
        if where not in studies:
            Store().open(snapshot)
            studies[where] = Study(snapshot, district=district, term=term, as_of=as_of)
        study, found = studies[where], printed.setdefault(place, Counter())
        for by in (None, "school"):
            try:
                measured = study.measure(indicator, by=by, **group)
            except Exception:
                continue  # an indicator that has no such dimension; its figures count as changed
            for item in [measured] if by is None else measured:
                plain = item.as_dict()
                found[tuple(plain[name] for name in PRINTED)] += 1
    return printed
