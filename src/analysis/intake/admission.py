"""Whether a snapshot may become the latest, and what was read before it: by which files, and by what descriptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.house import UserError, path
from analysis.house.content import Json
from analysis.intake.dictionary import Dictionary
from analysis.intake.files import HandedIn
from analysis.intake.questionnaires import Questionnaire
from analysis.intake.succession import losses
from analysis.snapshots import Snapshot, Store
from analysis.snapshots.snapshot import sha256

LOSES = 4
"""The exit status where a hand-in would take away what the latest snapshot holds."""


class ReadBeforeError(Exception):
    """The files give a snapshot that the latest one corrects: there is nothing new in them."""

    def __init__(self, latest: Snapshot) -> None:
        super().__init__(latest.id)
        self.latest = latest


def admit(new: Snapshot, store: Store, known: Dictionary, *, onto: str, fresh: bool) -> None:
    """Refuse a snapshot that would be the latest, lacks what the latest one holds, and was not asked to begin anew.

    One made onto the latest has what that holds; one made onto an older one may lack what came since.
    """
    there = store.list()
    latest = there[-1] if there else None
    if latest is None or fresh or latest.id in (new.id, onto):
        return
    before = store.ancestors(latest)[1:]
    if new.id in {one.id for one in before}:
        raise ReadBeforeError(latest)
    found = losses(latest, new, before, known)
    if not found:
        return
    listed = "".join(f"\n  {loss.told()}" for loss in found)
    simulated = "（最新快照是模拟数据，开始用自己的数据时就用它）" if latest.simulated and not new.simulated else ""
    raise UserError(
        f"没有形成快照：最新快照 {latest.id} 中的下列数据，这次交来的文件里没有，照此会从报告中消失：{listed}\n"
        f"要在原有数据上补充或更正，请加 --onto latest；确要从头开始、不要这些数据，请加 --fresh{simulated}。",
        exit_status=LOSES,
    )


class History:
    """What was read into a snapshot and into those that it corrects.

    Parameters
    ----------
    chain
        The snapshot and its ancestors, the newest first.
    basis
        By what files are read now (dictionary, questionnaires, rules), as manifests hold it.
    """

    def __init__(self, chain: Sequence[Snapshot], basis: Mapping[str, object]) -> None:
        self._store = chain[0].folder.parent if chain else Path()
        self._read: dict[str, bool] = {}
        self._names: dict[str, list[str]] = {}
        for one in chain:
            same_basis = all(one.manifest.get(name) == value for name, value in basis.items())
            for entry in one.manifest["raw"]:
                digest = entry["sha256"]
                self._read[digest] = self._read.get(digest, False) or same_basis
                self._names.setdefault(entry["path"], []).append(digest)

    def known(self, one: HandedIn) -> bool:
        """Say whether these bytes were read before."""
        return bool(self._read) and sha256(one.path) in self._read

    def settled(self, one: HandedIn) -> bool:
        """Say whether reading a file again is needless: found in a folder, read before, by the same descriptions."""
        return bool(self._read) and not one.named and self._read.get(sha256(one.path), False)

    def of_the_same_name(self, handed_in: Sequence[HandedIn]) -> dict[str, Path]:
        """Return the kept bytes of the file last read under each name, where they are others than now."""
        found = {}
        for one in handed_in:
            digests = self._names.get(one.name, [])
            if digests and sha256(one.path) not in digests and (file := self._store / "raw" / digests[0]).is_file():
                found[one.name] = file
        return found


def basis(known: Dictionary, forms: Sequence[Questionnaire]) -> Json:
    """Return by what files are read: the hashes of dictionary, questionnaires and rules, as manifests hold them."""
    return {
        "dictionary": {"version": known.version, "sha256": known.sha256},
        "questionnaires": {form.id: form.sha256 for form in forms},
        "rules": _rules(),
    }


def _rules() -> Mapping[str, object]:
    """Return the hashes of the reference files that rules, terms and calendar come from."""
    names = ("rules.toml", "terms.toml", "calendar.toml", "schools.toml")
    return {name: sha256(file) for name in names if (file := path("data", "reference", name)).is_file()}
