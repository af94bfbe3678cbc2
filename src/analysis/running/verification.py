"""A packet proved again: rerun from its own notebook, parameters and snapshot, and compared figure by figure.

1. The packet's files must be those that its manifest lists, and its notebook the one that the manifest names.
2. The notebook, without what was injected and put out, runs again on the same snapshot.
3. Every statistic and every table cell is compared: **identical** in full precision; the same in print but not beyond
   it (**rounding**: another version of a library, another machine); or it **differs**.
4. Every statistic of the manifest is computed again from the snapshot by its identity alone, without the notebook
   (`analysis.running.recomputation`): what the engine does not give is no figure.
5. The packet's page and executed notebook show the figures and tables of the manifest, no others.
6. What cannot be rerun (the snapshot is gone, the notebook stops) is told as such, never as a difference.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.house import UserError, path
from analysis.house.content import Json, digest
from analysis.running.calls import Callee, CallError
from analysis.running.comparing import IN_NOTEBOOK, Compared, compare_statistics, compare_tables
from analysis.running.editions import Job
from analysis.running.manifest import (
    code_digest,
    library_versions,
    notebook_digest,
    reference_of,
    statistics,
    tables,
)
from analysis.running.parameters import INJECTED
from analysis.running.production import EXECUTED, MANIFEST, NotebookError, environment, execute, read_notebook

VERDICTS = {
    "identical": "一致",
    "rounding": "仅舍入不同",
    "unchecked": "数字一致，文件是另一版程序所排，未逐字核对",
    "differs": "不一致",
    "cannot be rerun": "无法重算",
}
_engine = Callee()  # computes again; what it has measured serves the next packet
STATUSES = {"identical": 0, "rounding": 3, "unchecked": 5, "differs": 1, "cannot be rerun": 4}


@dataclass(slots=True)
class Verification:
    """What a verification found.

    Parameters
    ----------
    packet
        The packet's folder.
    verdict
        A key of `VERDICTS`.
    counts
        How many statistics, cells and recomputed statistics are identical, the same in print, different.
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

    def as_dict(self) -> Json:
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
    try:
        recomputed, page = _engine.run(_proved, folder, whole)[0]
    except CallError as failure:
        result.verdict, result.reason = "cannot be rerun", str(failure)
        return result
    for part, found in (
        ("statistics", compare_statistics(whole["statistics"], statistics(again))),
        ("cells", compare_tables(whole["tables"], tables(again))),
        ("recomputed", recomputed),
    ):
        kinds = Counter(kind for kind, _ in found)
        result.counts[part] = {kind: kinds.get(kind, 0) for kind in ("identical", "rounding", "differs")}
        told = {finding["place"] for finding in result.findings}
        result.findings += [finding for _, finding in found if finding and finding["place"] not in told]
    told = {finding["place"] for finding in result.findings}
    result.findings += [finding for finding in page if finding["place"].removeprefix(IN_NOTEBOOK) not in told]
    found_kinds = {finding["kind"] for finding in result.findings}
    result.verdict = next((kind for kind in ("differs", "unchecked", "rounding") if kind in found_kinds), "identical")
    return result


def _proved(folder: Path, whole: Json) -> tuple[Compared, list[dict[str, str]]]:
    """Return the manifest's figures computed again from the snapshot, and what the packet shows that it does not say."""
    from analysis.running.recomputation import recomputed
    from analysis.running.shown import shown

    with environment(whole["engine"], str(whole["parameters"].get("as_of", ""))):
        return recomputed(whole["parameters"], whole["engine"], whole["statistics"]), shown(folder, whole)


def read_manifest(file: Path) -> Json:
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


def _surroundings(packet: Path, whole: Json) -> Iterator[str]:
    if whole["code"] != code_digest():
        yield "程序与制作时不是同一版本"
    executed = packet / EXECUTED
    if executed.is_file() and whole["reference"] != reference_of(str(executed)):
        yield "规则、指标或参考资料与制作时不同"
    now = library_versions()
    for name, then in whole["libraries"].items():
        if now.get(name, "") != then:
            yield f"{name} 制作时为 {then or '未安装'}，现为 {now.get(name) or '未安装'}"


def _files(folder: Path, whole: Json) -> Iterator[dict[str, str]]:
    for name, then in whole["files"].items():
        file = folder / name
        now = digest(file.read_bytes()) if file.is_file() else ""
        if now != then:
            yield {"kind": "differs", "place": f"文件 {name}", "packet": then[:12], "again": now[:12] or "缺少"}


def _undeclared(whole: Json) -> Iterator[dict[str, str]]:
    """Give the figures that claim to be of an indicator that neither the catalogue nor the document declares."""
    from analysis.indicators.provenance import declared

    for name, label in {item["indicator"]: item["label"] for item in whole["statistics"]}.items():
        if not declared(name):
            place = f"统计量“{label}”"
            yield {"kind": "differs", "place": place, "packet": name, "again": "指标目录中没有，也没有标明为自定指标"}


def _rerun(folder: Path, whole: Json, result: Verification) -> Any:
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


def packet_folder(name: str) -> Path:
    """Return the folder of a packet given by its path, or by ``edition/scope`` below ``reports``."""
    given = Path(name)
    if given.exists():
        return given
    below = path("reports", name)
    if below.exists():
        return below
    raise UserError(f"找不到成品包“{name}”；请给出其目录，如 reports/evaluation/district。")
