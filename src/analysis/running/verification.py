"""A packet proved again: rerun from its own notebook, parameters and snapshot, and compared figure by figure.

1. The packet's files must be those that its manifest lists, and its notebook the one that the manifest names.
2. The notebook, without what was injected and put out, runs again on the same snapshot.
3. Every statistic and every table cell is compared: **identical** in full precision; the same in print but not beyond
   it (**rounding**: another version of a library, another machine); or it **differs**.
4. What cannot be rerun (the snapshot is gone, the notebook stops) is told as such, never as a difference.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.house import UserError, path
from analysis.running.editions import Job
from analysis.running.manifest import (
    code_digest,
    digest,
    library_versions,
    notebook_digest,
    reference_of,
    statistics,
    tables,
)
from analysis.running.parameters import INJECTED
from analysis.running.production import EXECUTED, MANIFEST, NotebookError, execute, read_notebook

VERDICTS = {"identical": "一致", "rounding": "仅舍入不同", "differs": "不一致", "cannot be rerun": "无法重算"}
STATUSES = {"identical": 0, "rounding": 3, "differs": 1, "cannot be rerun": 4}
PRINTED = ("text", "interval_text", "base_text", "missing", "definition", "label", "unit")


@dataclass(slots=True)
class Verification:
    """What a verification found.

    Parameters
    ----------
    packet
        The packet's folder.
    verdict
        ``identical``, ``rounding``, ``differs`` or ``cannot be rerun``.
    counts
        How many statistics and cells are identical, the same in print, different.
    findings
        Each difference: place, what the packet says, what was found, and its kind.
    notes
        What is not the same about the program or the libraries.
    reason
        Why it cannot be rerun.
    """

    packet: str
    verdict: str = "identical"
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def verify(packet: Path) -> Verification:
    """Prove a packet again.

    Parameters
    ----------
    packet
        Its folder, or its ``manifest.json``.

    Raises
    ------
    UserError
        If there is no readable manifest.
    """
    folder = packet.parent if packet.name == MANIFEST else packet
    whole = read_manifest(folder / MANIFEST)
    result = Verification(str(folder))
    result.notes = list(_surroundings(folder, whole))
    result.findings = [*_files(folder, whole), *_undeclared(whole)]
    try:
        again = _rerun(folder, whole, result)
    except UserError as mistake:
        result.reason = mistake.message
    except NotebookError as failure:
        result.reason = f"笔记本未能重新运行：单元格[{failure.cell}]，{failure}"
    if result.reason:
        result.verdict = "differs" if result.findings else "cannot be rerun"
        return result
    for part, found in (
        ("statistics", compare_statistics(whole["statistics"], statistics(again))),
        ("cells", compare_tables(whole["tables"], tables(again))),
    ):
        kinds = Counter(kind for kind, _ in found)
        result.counts[part] = {kind: kinds.get(kind, 0) for kind in ("identical", "rounding", "differs")}
        result.findings += [finding for _, finding in found if finding]
    found_kinds = {finding["kind"] for finding in result.findings}
    result.verdict = next((kind for kind in ("differs", "rounding") if kind in found_kinds), "identical")
    return result


def read_manifest(file: Path) -> dict[str, Any]:
    """Read a packet's manifest and check it against the committed schema.

    Raises
    ------
    UserError
        If it is missing or is no manifest.
    """
    from jsonschema import ValidationError, validate

    from analysis.running.manifest import SCHEMA

    try:
        whole = json.loads(file.read_text(encoding="utf-8"))
        validate(whole, json.loads(SCHEMA.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise UserError(
            f"“{file.parent}”不是成品包：缺少 {MANIFEST}；请给出 reports/<报告>/<范围> 这样的目录。"
        ) from None
    except ValidationError as slip:
        where = "/".join(str(part) for part in slip.absolute_path) or "顶层"
        raise UserError(f"“{file}”的“{where}”不合清单的格式；请从备份恢复该成品包。") from None
    except (ValueError, UnicodeDecodeError):
        raise UserError(f"“{file}”不是可读的清单；请从备份恢复该成品包。") from None
    return dict(whole)


def _surroundings(packet: Path, whole: dict[str, Any]) -> Iterator[str]:
    if whole["code"] != code_digest():
        yield "程序与制作时不是同一版本"
    executed = packet / EXECUTED
    if executed.is_file() and whole["reference"] != reference_of(str(executed)):
        yield "规则、指标或参考资料与制作时不同"
    now = library_versions()
    for name, then in whole["libraries"].items():
        if now.get(name, "") != then:
            yield f"{name} 制作时为 {then or '未安装'}，现为 {now.get(name) or '未安装'}"


def _files(folder: Path, whole: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name, then in whole["files"].items():
        file = folder / name
        now = digest(file.read_bytes()) if file.is_file() else ""
        if now != then:
            yield {"kind": "differs", "place": f"文件 {name}", "packet": then[:12], "again": now[:12] or "缺少"}


def _undeclared(whole: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Give the figures that claim to be of an indicator that neither the catalogue nor the document declares."""
    from analysis.indicators.provenance import declared

    for name, label in {item["indicator"]: item["label"] for item in whole["statistics"]}.items():
        if not declared(name):
            place = f"统计量“{label}”"
            yield {"kind": "differs", "place": place, "packet": name, "again": "指标目录中没有，也没有标明为自定指标"}


def _rerun(folder: Path, whole: dict[str, Any], result: Verification) -> Any:
    import nbformat

    source = read_notebook(str(folder / EXECUTED))
    source.cells = [cell for cell in source.cells if INJECTED not in cell.metadata.get("tags", [])]
    for cell in source.cells:
        cell.metadata.pop("papermill", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    source.metadata.pop("papermill", None)
    with tempfile.TemporaryDirectory(prefix="shuangjian-") as scratch:
        file = Path(scratch, Path(whole["notebook"]["file"]).name)
        nbformat.write(source, file)
        found = notebook_digest(str(file))
        if found != whole["notebook"]["digest"]:
            place, then = "笔记本的单元格", whole["notebook"]["digest"]
            result.findings.append({"kind": "differs", "place": place, "packet": then[:12], "again": found[:12]})
        job = Job(
            edition=whole["edition"],
            scope=whole["scope"],
            title=whole["edition_title"],
            label=whole["label"],
            notebook=str(file),
            folder=scratch,
            parameters=whole["parameters"],
            engine=whole["engine"],
        )
        return execute(job)[0]


Compared = list[tuple[str, dict[str, str]]]


def compare_statistics(then: Iterable[dict[str, Any]], now: Iterable[dict[str, Any]]) -> Compared:
    """Compare statistics, each with the one of the same indicator, scope and group.

    Returns
    -------
    list of pairs
        The kind (``identical``, ``rounding``, ``differs``) and the finding, which is empty where they are identical.
    """
    mine, theirs = _keyed(then), _keyed(now)
    compared: Compared = []
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        a, b = mine.get(key), theirs.get(key)
        kind = _kind(a, b)
        place = f"统计量“{(a or b or {}).get('label', '')}”{_group(a or b or {})}"
        finding = {"kind": kind, "place": place, "packet": _written(a), "again": _written(b)}
        compared.append((kind, {} if kind == "identical" else finding))
    return compared


def _kind(a: dict[str, Any] | None, b: dict[str, Any] | None) -> str:
    if a == b:
        return "identical"
    if a is None or b is None or any(a.get(name) != b.get(name) for name in PRINTED):
        return "differs"
    return "rounding"


def _keyed(items: Iterable[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Key statistics by what they are of; several of the same thing are told apart by their order."""
    seen: Counter[str] = Counter()
    keyed = {}
    for item in items:
        own = digest(
            [item["indicator"], item["scope"], item.get("group_label", ""), item["estimate"].get("method", "")]
        )
        keyed[own, seen[own]] = item
        seen[own] += 1
    return keyed


def _group(item: dict[str, Any]) -> str:
    scope = item.get("scope", {})
    words = [item.get("group_label", ""), scope.get("school", "")]
    told = "，".join(word for word in words if word)
    return f"（{told}）" if told else ""


def _written(item: dict[str, Any] | None) -> str:
    if item is None:
        return "没有"
    value = item["estimate"].get("value")
    return f"{item['text']}（{value!r}），区间{item['interval_text']}，基数{item['base_text']}"


def compare_tables(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> Compared:
    """Compare every table cell, in print and in full precision, as `compare_statistics` does."""
    mine, theirs = (dict(_cells(tables)) for tables in (then, now))
    compared: Compared = []
    for place in [*mine, *(place for place in theirs if place not in mine)]:
        a, b = mine.get(place), theirs.get(place)
        same_print = a is not None and b is not None and a.get("text") == b.get("text")
        kind = "identical" if a == b else "rounding" if same_print else "differs"
        finding = {"kind": kind, "place": place, "packet": _cell(a), "again": _cell(b)}
        compared.append((kind, {} if kind == "identical" else finding))
    return compared


def _cells(tables: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in tables:
        for number, row in enumerate(table["rows"], start=1):
            for key, cell in zip(table["columns"], row, strict=False):
                yield f"表“{table['name']}”第{number}行“{key}”列", cell


def _cell(cell: dict[str, Any] | None) -> str:
    if cell is None:
        return "没有"
    return f"{cell.get('text', '')}（{cell['value']!r}）" if "value" in cell else str(cell.get("text", ""))


def packet_folder(name: str) -> Path:
    """Return the folder of a packet given by its path, or by ``edition/scope`` below ``reports``."""
    given = Path(name)
    if given.exists():
        return given
    below = path("reports", name)
    if below.exists():
        return below
    raise UserError(f"找不到成品包“{name}”；请给出其目录，如 reports/evaluation/district。")
