"""Which snapshot comes after which: a correction after what it corrects, whatever the clocks said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from analysis.house import UserError
from analysis.house.content import Json
from analysis.snapshots.snapshot import RECEIVED, Snapshot

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def stamp(one: Snapshot) -> Json:
    """Return what is noted of a snapshot's reception: ``at`` (last), ``first``, ``parent``; empty if it cannot be read."""
    try:
        return dict(json.loads((one.folder / RECEIVED).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def parent(one: Snapshot) -> str:
    """Return the id of the snapshot that one corrects (``""``: none); stores of old note it in the manifest alone."""
    noted = stamp(one)
    if "parent" in noted:
        return str(noted["parent"] or "")
    try:
        return str(one.manifest["parent"] or "")
    except UserError:
        return ""


def ordered(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Return snapshots in the order of their reception, each correction after what it corrects.

    A correction counts as received no earlier than its parent was received first, so a clock that was set back does not
    make the parent the latest. A parent that is handed in once more on purpose (then its ``at`` is newer) comes last.
    """
    known = {one.id: one for one in snapshots}
    stamps = {name: stamp(one) for name, one in known.items()}
    parents = {name: parent(one) for name, one in known.items()}

    def chain(name: str) -> list[str]:
        found = [name]
        while (up := parents.get(found[-1], "")) in known:
            found.append(up)
        return found

    def place(name: str) -> tuple[datetime, int, str]:
        above = chain(name)
        begun = max(_time(stamps[each], "first") for each in above)
        return max(_time(stamps[name], "at"), begun), len(above), name

    return [known[name] for name in sorted(known, key=place)]


def ancestors(one: Snapshot, snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Return a snapshot, what it corrects, what that corrects …, as far as they are still there."""
    known = {each.id: each for each in snapshots}
    found = [one]
    while (up := parent(found[-1])) in known:
        found.append(known[up])
    return found


def _time(noted: Mapping[str, object], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(noted.get(name) or noted["at"]))
    except (KeyError, ValueError):
        return LONG_AGO
    return found if found.tzinfo else found.replace(tzinfo=UTC)
