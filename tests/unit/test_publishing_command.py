"""`shuangjian publish`, and the index page over what was published."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from rendering import publishing_examples as examples

from analysis import cli
from analysis.house import UserError
from analysis.publishing import gate_files, write_index
from analysis.publishing.rendering import render


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    file = tmp_path / "作业.ipynb"
    nbformat.write(examples.report(), file)
    return file


def test_publish_writes_every_form_and_tells_the_folder(
    notebook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["publish", str(notebook), "--to", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out")
    made = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert {"index.html", "report.pdf", "report.docx", "tables/datapackage.json", "tables/tables.xlsx"} <= made
    assert "tables/by_grade.csv" in made


def test_one_refused_notebook_does_not_stop_the_others(
    notebook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "坏.ipynb"
    nbformat.write(examples.notebook(examples.head(), examples.paragraph("body", "共7所")), bad)
    words = ["publish", str(bad), str(notebook), "--to", str(tmp_path / "out"), "--format", "html"]
    assert cli.main(words) == 1
    told = capsys.readouterr()
    assert "坏.ipynb" in told.err
    assert "未予发布" in told.err
    assert sorted(folder.name for folder in (tmp_path / "out").iterdir()) == ["作业"]


@pytest.mark.parametrize(("name", "content"), [("没有.ipynb", None), ("空.ipynb", ""), ("表.ipynb", "a,b\n1,2\n")])
def test_a_file_that_is_no_notebook_is_named(name: str, content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=name):
        render(tmp_path / name)


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UserError, match="没有“odt”这种格式"):
        render(examples.report(), ("odt",))


def manifest(reports: Path, edition: str, scope: str, **more: object) -> None:
    folder = reports / edition / scope
    folder.mkdir(parents=True)
    (folder / "index.html").touch()
    told = {
        "edition": edition,
        "scope": scope,
        "label": f"作业报告 · {scope}",
        "edition_title": "作业报告",
        "title": "题<b>",
    }
    told |= {"simulated": True, "snapshot": "abcd" * 16, "parameters": {"audience": "public", "as_of": "2026-07-20"}}
    (folder / "manifest.json").write_text(json.dumps({**told, **more}), encoding="utf-8")


def test_the_index_tells_what_for_whom_when_and_from_what(tmp_path: Path) -> None:
    manifest(tmp_path, "homework", "全区")
    manifest(tmp_path, "homework", "第一小学", simulated=False)
    (tmp_path / ".state").mkdir()
    failed = {"failed": [{"label": "甲", "error": "坏了", "look": "failed.txt"}]}
    (tmp_path / ".state" / "run.json").write_text(json.dumps(failed), encoding="utf-8")
    page = write_index(tmp_path).read_text(encoding="utf-8")
    assert gate_files.requests(page) == []
    assert page.count('href="homework/全区/index.html"') == 1
    assert page.count("模拟数据</span>") == 1
    for told in ("共2份", "公开版", "2026年7月20日", "快照abcdabcdabcd", "题&lt;b&gt;", "甲：坏了（详见 failed.txt）"):
        assert told in page
    assert '<th scope="row">第一小学</th>' in page
    assert "report.pdf" not in page


def test_an_empty_folder_has_an_index_that_says_so(tmp_path: Path) -> None:
    assert "还没有文件" in write_index(tmp_path).read_text(encoding="utf-8")
