"""Whether a document may take the place of the one that is there: a page without figures does not replace a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.running.editions import Job
from analysis.running.manifest import contents, statistics

if TYPE_CHECKING:
    from nbformat import NotebookNode

MANIFEST = "manifest.json"
SAME = ("district", "school", "stage", "term", "audience", "suggestion")


def lost(job: Job, notebook: NotebookNode) -> str:
    """Return why the finished document stays in its place, as one Chinese line; ``""`` if the new one may replace it.

    It stays where the new one ended without a single figure (nothing was handed in), while the one that is there has
    figures for the same scope, term and audience from another snapshot: then the data went missing in between.
    """
    if not any(content.get("kind") == "end" for content in contents(notebook)) or statistics(notebook):
        return ""
    try:
        old = json.loads(Path(job.folder, MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    there, now = old.get("parameters", {}), job.parameters
    if any(there.get(name, "") != now.get(name, "") for name in SAME) or old.get("snapshot") == now.get("snapshot"):
        return ""
    if not old.get("statistics"):
        return ""
    return (
        f"快照 {now.get('snapshot')} 中没有该范围该学期的数据，而已有的文件（快照 {old.get('snapshot')}）"
        f"载有 {len(old['statistics'])} 个数，已保留原件；请补齐数据（shuangjian intake … --onto latest），"
        "确要换成“未报送”页请加 --replace"
    )
