"""The manifest of a packet: what it was made from and with, and every figure in it in full precision."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import __version__
from analysis.house import UserError, path
from analysis.house.content import Json, digest, statistics_in
from analysis.reference.vocabulary import Audience
from analysis.running.editions import Job

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.snapshots import Snapshot

MIME = "application/vnd.shuangjian.v1+json"
SCHEMA = Path(__file__).with_name("manifest.schema.json")
LIBRARIES = (
    *("duckdb", "ipykernel", "ipython", "matplotlib", "narwhals", "nbconvert", "numpy", "pandas", "papermill"),
    *("pyarrow", "python-docx", "scipy", "typst", "xlsxwriter"),
)
ASIDE = ("intake", "simulation", "running")  # parts of the package that no page's content passes through


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the digest of the package's own code, as far as a page's content can depend on it."""
    package = Path(__file__).resolve().parents[1]
    return _tree(package, ("**/*.py", "**/*.json", "**/*.j2", "**/*.typ", "**/*.css", "**/*.js"), ASIDE)


@lru_cache(maxsize=4)
def reference_digest(*folders: str) -> str:
    """Return the digest of the reference files (and of further folders of `data`)."""
    found = [_tree(path("data", folder), ("**/*",)) for folder in ("reference", *folders)]
    local = path("data", "local", "settings.toml")
    return digest([*found, local.read_text(encoding="utf-8") if local.is_file() else ""])


@lru_cache(maxsize=1)
def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that a page's content depends on."""
    versions = {"python": platform.python_version(), "shuangjian": __version__}
    for name in LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = ""
    return versions


def look_again() -> None:
    """Forget the digests of files; a run begins with this, for the files may have changed since the last one."""
    for known in (code_digest, reference_digest, library_versions, notebook_digest, reference_of):
        known.cache_clear()


def _tree(folder: Path, patterns: Iterable[str], aside: Iterable[str] = ()) -> str:
    files = {file for pattern in patterns for file in folder.glob(pattern) if file.is_file()}
    kept = {f.relative_to(folder).as_posix(): f for f in files if f.relative_to(folder).parts[0] not in aside}
    kept = {name: file for name, file in kept.items() if "__pycache__" not in name}
    return digest({name: digest(file.read_bytes()) for name, file in kept.items()})


@lru_cache(maxsize=64)
def notebook_digest(file: str) -> str:
    """Return the digest of a notebook's cells: kinds, sources and tags (not its outputs or its ids)."""
    notebook = json.loads(Path(file).read_text(encoding="utf-8"))
    cells = notebook.get("cells", [])
    return digest([[c["cell_type"], "".join(c["source"]), c.get("metadata", {}).get("tags", [])] for c in cells])


@lru_cache(maxsize=64)
def reference_of(notebook: str) -> str:
    """Return the digest of the reference files that a notebook can read; one of letters reads their registers too."""
    registers = "analysis.letters" in Path(notebook).read_text(encoding="utf-8")
    return reference_digest("suggestions", "published") if registers else reference_digest()


def contents(notebook: NotebookNode) -> Iterator[Json]:
    """Yield the content objects of an executed notebook, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            found = output.get("data", {}).get(MIME)
            if found is not None:
                yield found


def statistics(notebook: NotebookNode) -> list[Json]:
    """Return every statistic that the document uses, once each, in order of first use."""
    found: dict[str, Json] = {}
    for content in contents(notebook):
        for statistic in statistics_in(content):
            found.setdefault(digest(statistic), statistic)
    return list(found.values())


def identity(statistic: Json) -> str:
    """Return what a statistic is of: its indicator and its scope with every filter and group."""
    return digest([statistic["indicator"], statistic["scope"]])


def refuse_ambiguous(items: Iterable[Json]) -> None:
    """Make sure that no two different figures of a document have one identity.

    Raises
    ------
    UserError
        Naming the first such figure; a trace that leads to two values proves neither.
    """
    values: dict[str, tuple[Any, ...]] = {}
    for item in items:
        own = tuple(json.dumps(item.get(key), sort_keys=True) for key in ("estimate", "numerator", "denominator"))
        if values.setdefault(identity(item), own) != own:
            raise UserError(
                f"指标“{item['label']}”（{item['indicator']}，{item.get('group_label', '') or '全部'}）在同一文中有两个不同的值，"
                "出处无法对应；请检查笔记本中该指标的范围。"
            )


def tables(notebook: NotebookNode) -> list[Json]:
    """Return every table of the document: its name, columns and the cells as printed and in full precision."""
    found = []
    for content in contents(notebook):
        if content.get("kind") != "table":
            continue
        rows = [
            [{key: cell[key] for key in ("text", "value", "suppressed") if key in cell} for cell in row["cells"]]
            for row in content["rows"]
        ]
        found.append({"name": content["name"], "columns": [c["key"] for c in content["columns"]], "rows": rows})
    return found


def slices(reads: Iterable[Iterable[str]], snapshot: Snapshot, *, public: bool = False) -> list[dict[str, str]]:
    """Return what was read of a snapshot, each with the digest of its stored bytes: table, school (or ""), digest.

    For the public whole tables stand in place of a school's part: of which school a document looked something up tells
    whom it speaks of without a name.
    """
    pairs = sorted({(table, "" if public else school) for identity, table, school in reads if identity == snapshot.id})
    return [{"table": table, "school": school, "digest": snapshot.slice(table, school)} for table, school in pairs]


def _public(job: Job) -> bool:
    """Whether the public reads it, and it is of no one school."""
    return Audience.of(job.parameters.get("audience", "internal")).protected and not job.parameters.get("school")


def manifest(job: Job, notebook: NotebookNode, reads: list[list[str]], files: dict[str, str]) -> Json:
    """Return the manifest of a finished document; nothing in it depends on when or where it was made.

    `reads` is what the notebook read (snapshot, table, school), `files` the packet's other files with their digests.
    """
    from analysis.snapshots import Store

    snapshot = Store().open(str(job.parameters.get("snapshot", "latest")))
    figures = statistics(notebook)
    refuse_ambiguous(figures)
    document = next((c for c in contents(notebook) if c.get("kind") == "document"), {})
    return {
        "version": 1,
        "edition": job.edition,
        "scope": job.scope,
        "label": job.label,
        "edition_title": job.title,
        "title": _plain(document.get("title", job.label)),
        "simulated": bool(snapshot.simulated),
        "notebook": {
            "file": Path(job.notebook).relative_to(path()).as_posix(),
            "digest": notebook_digest(job.notebook),
        },
        "parameters": dict(job.parameters),
        "formats": list(job.formats),
        "engine": job.engine,
        "snapshot": snapshot.id,
        "slices": slices(reads, snapshot, public=_public(job)),
        "code": code_digest(),
        "reference": reference_of(job.notebook),
        "libraries": library_versions(),
        "statistics": figures,
        "tables": tables(notebook),
        "files": files,
    }


def _plain(words: Any) -> str:
    return words if isinstance(words, str) else "".join(str(run.get("text", "")) for run in words)
