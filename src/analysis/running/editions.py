"""The editions that are owed (`reports/editions.toml`): notebook × scope × audience × formats, and their jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.house import UserError, path
from analysis.house.content import Json
from analysis.reference.editions import Edition
from analysis.reference.schools import schools_file
from analysis.reference.vocabulary import Stage
from analysis.snapshots import Snapshot

if TYPE_CHECKING:
    from analysis.letters import Owed


@dataclass(frozen=True, slots=True)
class Job:
    """One document to be made: everything a worker, here or on another machine, has to know.

    Parameters
    ----------
    edition, scope
        Name of the edition; folder name of the scope (``district``, a school's code, ``stage-primary``, a suggestion).
    title, label
        How the edition and the document are called to people: 「作业负担报告」, 「作业负担报告 · 第一小学」.
    notebook, folder
        The notebook's file; where its output goes.
    parameters
        The notebook's parameters.
    formats, seconds, memory
        As in the edition.
    runner
        Name of the papermill engine that runs the notebook; ``""`` is papermill's own.
    engine
        Where tables are counted (`analysis.indicators.engine`).
    replace
        Whether a page without figures may replace a finished document (`analysis.running.replacing`).
    """

    edition: str
    scope: str
    title: str
    label: str
    notebook: str
    folder: str
    parameters: Json = field(default_factory=dict)
    formats: tuple[str, ...] = ("html", "pdf")
    seconds: float = 600.0
    memory: int = 2048
    runner: str = "shuangjian"
    engine: str = "duckdb"
    replace: bool = False

    @property
    def name(self) -> str:
        """``edition/scope``, which names it in records and messages."""
        return f"{self.edition}/{self.scope}"


def chosen(editions: dict[str, Edition], names: Sequence[str]) -> list[Edition]:
    """Return the editions asked for (all if none is named), in the file's order."""
    for name in names:
        if name not in editions:
            raise UserError(f"没有“{name}”这种报告；可用：{'、'.join(editions)}（见 reports/editions.toml）。")
    return [edition for name, edition in editions.items() if not names or name in names]


def schools(snapshot: Snapshot, district: str) -> dict[str, Json]:
    """Return the schools of a district that the snapshot lists, by code: name, short name, stage."""
    listed = snapshot.manifest["tables"].get("schools", {}).get("slices", {})
    known = {entry.school: entry.model_dump(mode="json", exclude_unset=True) for entry in schools_file()}
    found = {code: known.get(code, {"school": code, "short_name": code}) for code in sorted(listed)}
    return {code: row for code, row in found.items() if str(row.get("district", district)) == district}


def jobs(editions: Iterable[Edition], snapshot: Snapshot, reports: Path, *, school: str = "", **more: Any) -> list[Job]:
    """Return the documents that the editions owe on a snapshot.

    Those of one school only, if `school` is its code, short name or full name; each goes to a folder below `reports`.
    Further fields of the jobs (`runner`, `engine`, `replace`) are taken as given.
    """
    made = []
    for edition in editions:
        rows = schools(snapshot, edition.district)
        only = _school_code(school, rows) if school else ""
        for scope, label, own in _scopes(edition, rows, only):
            shared = {"district": edition.district, "term": edition.term, "as_of": edition.as_of}
            parameters = {"snapshot": snapshot.id, **{k: v for k, v in shared.items() if v}}
            made.append(
                Job(
                    edition=edition.name,
                    scope=scope,
                    title=edition.title,
                    label=f"{edition.title} · {label}",
                    notebook=str(path("notebooks", f"{edition.notebook}.ipynb")),
                    folder=str(reports / edition.name / scope),
                    parameters={**parameters, "audience": edition.audience.value, **own},
                    formats=tuple(each.value for each in edition.formats),
                    seconds=edition.seconds,
                    memory=edition.memory,
                    **more,
                )
            )
    return made


def _school_code(name: str, rows: dict[str, Json]) -> str:
    found = [code for code, row in rows.items() if name in (code, row.get("name"), row.get("short_name"))]
    if len(found) != 1:
        listed = "、".join(f"{row.get('short_name')}（{code}）" for code, row in rows.items())
        raise UserError(f"快照中没有学校“{name}”；可用：{listed}。")
    return found[0]


def _scopes(edition: Edition, rows: dict[str, Json], only: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return folder name, label and own parameters of each document of an edition."""
    found: list[tuple[str, str, dict[str, str]]] = []
    if "district" in edition.scopes and not only:
        found.append(("district", "全区", {"school": ""}))
    if "stage" in edition.scopes and not only:
        present = {row.get("stage") for row in rows.values()}
        found += [
            (f"stage-{stage}", label, {"school": "", "stage": stage})
            for stage, label in Stage.labels().items()
            if stage in present
        ]
    if "school" in edition.scopes:
        found += [
            (code, str(row.get("short_name", code)), {"school": code})
            for code, row in rows.items()
            if only in ("", code)
        ]
    if "suggestion" in edition.scopes and not only:
        found += [
            (letter, f"{deputy}：{entry.title}", {"suggestion": letter})
            for entry in _suggestions(edition)
            if entry.ready
            for letter, deputy in zip(entry.letters, entry.deputies, strict=True)
        ]
    return found


def _suggestions(edition: Edition) -> list[Owed]:
    from analysis.letters import owed

    day = date.fromisoformat(edition.as_of) if edition.as_of else date.today()
    return sorted(owed(day), key=lambda entry: entry.suggestion)


def pending(editions: Iterable[Edition]) -> list[str]:
    """Return, for each suggestion that cannot be answered yet, which it is and what stands in the way."""
    found = [entry for edition in editions if "suggestion" in edition.scopes for entry in _suggestions(edition)]
    told = {entry.suggestion: f"{entry.suggestion} {entry.title}：{entry.note}" for entry in found if not entry.ready}
    return list(told.values())
