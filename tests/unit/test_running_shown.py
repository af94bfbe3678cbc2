"""What a packet shows is held against its manifest, and content that a notebook displays by itself is refused."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from rendering import publishing_examples as examples

from analysis.house.content import digest, statistics_in
from analysis.publishing import publication
from analysis.publishing.content import read
from analysis.running import shown as module
from analysis.running.manifest import code_digest, statistics, tables
from analysis.running.production import EXECUTED, NotebookError, _refuse_strange
from analysis.running.shown import shown


def packet(folder: Path) -> dict[str, Any]:
    """Write a packet with a page, and return as much of its manifest as is asked for."""
    executed = examples.report()
    made = publication.files(read(executed), ["html"])
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    nbformat.write(executed, folder / EXECUTED)
    files = {name: digest((folder / name).read_bytes()) for name in made}
    told = {"statistics": statistics(executed), "tables": tables(executed), "files": files}
    return {"code": code_digest(), "formats": ["html"], **told}


def rewritten(folder: Path, whole: dict[str, Any], name: str, old: str, new: str) -> None:
    """Change a file of a packet, and its digest in the manifest: a forger does both."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    if name in whole["files"]:
        whole["files"][name] = digest((folder / name).read_bytes())


def places(found: list[dict[str, str]]) -> list[str]:
    assert {finding["kind"] for finding in found} <= {"differs"}
    return [finding["place"] for finding in found]


def test_an_honest_packet_shows_what_its_manifest_says(tmp_path: Path) -> None:
    assert shown(tmp_path, packet(tmp_path)) == []


def test_a_page_that_says_another_number_is_told(tmp_path: Path) -> None:
    whole = packet(tmp_path)
    rewritten(tmp_path, whole, "index.html", "91.3%", "99.0%")
    assert places(shown(tmp_path, whole)) == ["文件 index.html 的文字"]
    (told,) = shown(tmp_path, {**whole, "code": "another"})  # whatever program is said to have set it
    assert (told["kind"], told["place"]) == ("differs", "文件 index.html 的文字") and "91.3%" in told["again"]


def test_a_table_behind_the_page_that_says_another_number_is_told(tmp_path: Path) -> None:
    whole = packet(tmp_path)
    name = next(name for name in whole["files"] if name.endswith(".csv"))
    first = (tmp_path / name).read_text(encoding="utf-8").splitlines()[1]
    rewritten(tmp_path, whole, name, first, first.replace("0", "1"))
    assert places(shown(tmp_path, whole)) == [f"文件 {name} 的文字"]


def test_a_manifest_forged_without_its_notebook_is_told(tmp_path: Path) -> None:
    whole = packet(tmp_path)
    forged = deepcopy(whole)
    forged["statistics"][0]["estimate"]["value"], forged["statistics"][0]["text"] = 0.99, "99.0%"
    (finding,) = shown(tmp_path, forged)
    assert finding["place"].startswith("已执行的笔记本的统计量") and finding["packet"].startswith("99.0%")
    forged = deepcopy(whole)
    forged["tables"][0]["rows"][0][1]["text"] = "99.0"
    assert places(shown(tmp_path, forged))[0].startswith("已执行的笔记本的表")


def test_a_sentence_of_the_executed_notebook_that_belies_its_figure_is_told(tmp_path: Path) -> None:
    whole = packet(tmp_path)
    cells = nbformat.read(tmp_path / EXECUTED, as_version=4)
    run = next(
        run
        for cell in cells.cells
        for output in cell.get("outputs", ())
        for run in output["data"][examples.MIME].get("runs", ())
        if run["text"] == "91.3%"
    )
    run["text"] = "99.0%"
    nbformat.write(cells, tmp_path / EXECUTED)
    assert {"页面", "文件 index.html 的文字"} <= set(places(shown(tmp_path, whole)))


def test_a_notebook_that_cannot_be_read_as_a_document_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = packet(tmp_path)
    monkeypatch.setattr(module, "statistics", lambda _: whole["statistics"])
    monkeypatch.setattr(module, "tables", lambda _: whole["tables"])
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / EXECUTED)
    assert places(shown(tmp_path, whole)) == ["页面"]


def test_content_that_a_notebook_displays_by_itself_is_refused() -> None:
    made = examples.report()
    put = [digest(output["data"][examples.MIME]) for cell in made.cells for output in cell.get("outputs", ())]
    _refuse_strange(made, put)
    _refuse_strange(made, None)  # another runner does not tell
    with pytest.raises(NotebookError, match="不是由 say、table 或图表函数输出的"):
        _refuse_strange(made, put[1:])


def test_statistics_inside_content_are_found_wherever_they_stand() -> None:
    node = {"a": [{"statistic": {"x": 1}, "text": "1"}], "statistics": [{"x": 2}], "data": {"statistic": {"x": 3}}}
    assert json.dumps(list(statistics_in(node))) == '[{"x": 2}, {"x": 1}]'


def test_a_page_of_another_program_with_other_furniture_is_told_as_unchecked(tmp_path: Path) -> None:
    whole = packet(tmp_path)
    rewritten(tmp_path, whole, "index.html", "</main>", "<p>另一版页脚</p></main>")
    assert [each["kind"] for each in shown(tmp_path, {**whole, "code": "another"})] == ["unchecked"]
    assert [each["kind"] for each in shown(tmp_path, whole)] == ["differs"]


def test_an_honest_page_of_another_program_is_the_same(tmp_path: Path) -> None:
    assert shown(tmp_path, {**packet(tmp_path), "code": "another"}) == []
