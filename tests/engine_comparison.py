"""What an engine gives for the whole catalogue: each indicator alone, by each of its dimensions, in full precision."""

from __future__ import annotations

from typing import Any

import small_district as small

from analysis.indicators import Study
from analysis.indicators.catalogue import entries
from analysis.indicators.measuring import groupable
from analysis.indicators.registry import bindings
from analysis.snapshots import Store


def answers(store: Store, engine: str, dimensions: int = 99) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return every statistic of what engines count as a dictionary, by id and dimension (``""``: ungrouped).

    Survey shares and the bureau's own registers are read by pandas whatever the engine, and are left out.
    """
    study = Study(district=small.DISTRICT, term=small.TERM, as_of=small.UNTIL, store=store, engine=engine)
    found = {}
    for id in entries():
        if bindings()[id].counting is None and not id.startswith("homework."):
            continue
        found[id, ""] = [study.measure(id).as_dict()]
        for by in groupable(bindings()[id])[:dimensions]:
            found[id, by] = [item.as_dict() for item in study.measure(id, by=by)]
    return found
