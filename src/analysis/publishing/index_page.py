"""The front door of the folder of editions: what there is, for whom, made from what, and where."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from analysis.house import atomic_write, home
from analysis.house.content import Json
from analysis.publishing.front import AUDIENCES, date
from analysis.publishing.html_page import asset, environment

FORMS = (
    ("index.html", "网页"),
    ("report.pdf", "PDF"),
    ("report.docx", "DOCX"),
    ("tables/tables.xlsx", "数据表"),
    ("tables/datapackage.json", "开放数据"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One edition in the list."""

    edition: str
    heading: str
    label: str
    title: str
    audience: str
    date: str
    simulated: bool
    snapshot: str
    links: tuple[tuple[str, str], ...]


def _short(label: str, title: str) -> str:
    """Return a label without the edition's title before it: the title is the heading of the list already."""
    return label.removeprefix(title).lstrip(" ·") or label


def _entry(manifest: Path, root: Path) -> Entry:
    told: Json = json.loads(manifest.read_text(encoding="utf-8"))
    folder = manifest.parent
    parameters, scope = told.get("parameters", {}), str(told["scope"])
    links = tuple(
        (f"{folder.relative_to(root).as_posix()}/{name}", words) for name, words in FORMS if (folder / name).is_file()
    )
    return Entry(
        edition=told["edition"],
        heading=told.get("edition_title") or told["edition"],
        label=_short(told.get("label", scope), told.get("edition_title", "")),
        title=told["title"],
        audience=AUDIENCES.get(parameters.get("audience", ""), ""),
        date=date(parameters["as_of"]) if parameters.get("as_of") else "",
        simulated=bool(told.get("simulated")),
        snapshot=str(told.get("snapshot", ""))[:12],
        links=links,
    )


def _told(item: Json) -> dict[str, str]:
    """Return what failed without the place of the project's folder on this machine."""
    return {name: str(item.get(name) or "").replace(f"{home()}/", "") for name in ("label", "error", "look")}


def page(entries: Iterable[Entry], run: Json | None = None) -> str:
    """Return the index page.

    Parameters
    ----------
    entries
        The editions, those of one edition one after another.
    run
        What the last run made, skipped and failed (``{"failed": [{"label", "error", "look"} …]}``), or None.
    """
    found = list(entries)
    groups = [(edition, list(group)) for edition, group in groupby(found, key=lambda entry: entry.edition)]
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            groups=groups,
            total=len(found),
            simulated=any(entry.simulated for entry in found),
            failed=[_told(item) for item in (run or {}).get("failed", [])],
            css=asset("page.css") + asset("index.css"),
        )
    )


def write_index(reports: str | Path) -> Path:
    """Write ``index.html`` over all editions under a folder (``<edition>/<scope>/manifest.json``); return its path."""
    root = Path(reports)
    entries = [_entry(manifest, root) for manifest in sorted(root.glob("*/*/manifest.json"))]
    state = root / ".state" / "run.json"
    run = json.loads(state.read_text(encoding="utf-8")) if state.is_file() else None
    target = root / "index.html"
    atomic_write(target, page(entries, run))
    return target
