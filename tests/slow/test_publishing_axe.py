"""axe-core in headless Chromium finds nothing on any shipped page, and no page asks a network for anything.

Chromium is Debian's; axe-core comes from npm by its name. Where either is missing the tests are skipped, in CI they
fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CI = os.environ.get("CI") == "true"
playwright = pytest.importorskip("playwright.sync_api")


def lacking(what: str) -> None:
    """Skip with a reason; in CI a missing tool is a failure."""
    if CI:
        pytest.fail(f"{what} is missing in CI")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    if not shutil.which("npm"):
        lacking("npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(["npm", "pack", "--silent", "axe-core"], cwd=folder, capture_output=True, check=False)
    packed = list(folder.glob("axe-core-*.tgz"))
    if done.returncode or not packed:
        lacking("the npm package axe-core")
    with tarfile.open(packed[0]) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        lacking("chromium")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


def violations(browser: Any, axe: str, file: Path) -> tuple[list[str], list[str]]:
    """What axe-core finds on a page, and what the page asked for besides itself."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    requested = [url for url in asked if url != file.as_uri() and not url.startswith("data:")]
    page.evaluate(axe)
    answer = page.evaluate("axe.run({resultTypes: ['violations']})")
    page.close()
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in answer["violations"]], requested


def test_axe_finds_a_planted_fault(browser: Any, axe: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<html><body><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></body></html>", encoding="utf-8")
    found, _ = violations(browser, axe, bad)
    assert any(fault.startswith("image-alt") for fault in found)


def test_axe_finds_nothing_on_any_shipped_page(browser: Any, axe: str, shipped: Path) -> None:
    pages = [shipped / "reports" / "index.html", *sorted((shipped / "reports").glob("*/*/index.html"))]
    assert len(pages) >= 30
    for file in pages:
        found, requested = violations(browser, axe, file)
        assert found == [], file
        assert requested == [], file


def test_tables_sort_by_number_with_totals_last_and_numbers_show_their_trace(browser: Any, shipped: Path) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 800})
    page.goto((shipped / "reports" / "homework_load" / "district" / "index.html").as_uri())
    table = page.locator(".table table", has=page.locator("tr.total")).first
    button = table.locator("thead th button").nth(1)
    numbers = "rows => rows.map(row => +row.cells[1].dataset.v)"
    button.click()
    rising = table.locator("tbody tr.body").evaluate_all(numbers)
    assert rising == sorted(rising)
    button.click()
    falling = table.locator("tbody tr.body").evaluate_all(numbers)
    assert falling == sorted(rising, reverse=True)
    assert len(set(rising)) > 1
    assert table.locator("tbody tr").last.get_attribute("class") == "total"
    number = page.locator("data").first
    number.focus()
    told = number.evaluate("element => getComputedStyle(element, '::after').content")
    assert "切片" in told
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
