"""What the shipped reports hold: for the district, a school, a silent school and in public."""

import json
import re
from pathlib import Path

import pytest

from analysis.presentation.content import MIME, plain

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ("homework_load", "after_school", "satisfaction", "evaluation")
SUBJECTS = REPORTS[:3]
NAMED = re.compile("第一小学|湖滨小学|青岭小学|芦汀小学|第一初|南浦初|云溪学校|石桥小学|21990000")
SCHOOL, NINE_YEAR, SILENT = "2199000003", "2199000007", "2199000008"
CLOSING = ("definitions", "rules")


def objects(notebook):
    """Return the content objects of an executed notebook up to the document's end."""
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                found.append(output["data"][MIME])
                if found[-1]["kind"] == "end":
                    return found
    return found


def built(shipped, edition, scope):
    file = shipped / "reports" / edition / scope / "executed.ipynb"
    return objects(json.loads(file.read_text(encoding="utf-8")))


def of(found, kind):
    return [made for made in found if made["kind"] == kind]


def paragraphs(found, role=""):
    return [plain(made["runs"]) for made in of(found, "paragraph") if role in ("", made["role"])]


def run(report, **changed):
    """Run a notebook's cells in this process and return what it put out."""
    from analysis.presentation.edition import current

    notebook = json.loads((ROOT / "notebooks" / "reports" / f"{report}.ipynb").read_text(encoding="utf-8"))
    names = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", ()):
                names.update(changed)
    return current().objects


@pytest.fixture(scope="module")
def published(shipped_snapshot):
    """Run a report in public once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
        yield {report: run(report, audience="public") for report in REPORTS}


@pytest.mark.parametrize("report", REPORTS)
def test_a_district_report_has_findings_four_charts_and_two_tables(shipped, report):
    found = built(shipped, report, "district")
    assert found[0]["kind"] == "document" and found[0]["mark"] and found[0]["simulated"]
    assert paragraphs(found, "finding")
    assert len(of(found, "figure")) >= 4
    assert len([made for made in of(found, "table") if made["name"] not in CLOSING]) >= 2
    assert "石桥小学" in str([made for made in found if made["kind"] in ("paragraph", "table")])
    assert {made["name"] for made in of(found, "table")} >= set(CLOSING)
    assert found[0]["snapshot"][:12] in "".join(paragraphs(found))


@pytest.mark.parametrize("report", SUBJECTS)
def test_a_schools_report_speaks_of_it_and_names_no_other(shipped, report):
    found = built(shipped, report, SCHOOL)
    assert found[0]["scope_label"] == "澄湖区青岭小学"
    assert "本校" in "".join(paragraphs(found, "finding"))
    assert len(of(found, "figure")) >= 4
    others = set(NAMED.findall(json.dumps(found, ensure_ascii=False))) - {"青岭小学", "21990000"}
    assert others == set()


@pytest.mark.parametrize("report", SUBJECTS)
def test_a_silent_schools_report_says_what_is_missing_and_ends(shipped, report):
    found = built(shipped, report, SILENT)
    assert [found[0]["kind"], found[-1]["kind"]] == ["document", "end"]
    assert "没有报送" in paragraphs(found, "finding")[0]
    assert of(found, "figure") == []


def test_a_schools_evaluation_is_short(shipped_snapshot, monkeypatch):
    monkeypatch.setenv("SHUANGJIAN_HOME", str(shipped_snapshot))
    found = run("evaluation", school=NINE_YEAR)
    assert found[0]["class"] == "page" and found[-1]["kind"] == "end"
    assert len(of(found, "figure")) == 1
    assert [made["name"] for made in of(found, "table")] == ["follow_up", "scorecard"]
    assert "适用规则" in "".join(paragraphs(found))


@pytest.mark.parametrize("report", REPORTS)
def test_a_public_report_names_no_school_and_says_so(published, report):
    found = published[report]
    assert found[0]["audience"] == "public"
    assert NAMED.findall(json.dumps(found, ensure_ascii=False)) == []
    assert "公开版不点名" in "".join(paragraphs(found))
    assert len(of(found, "figure")) >= 4


@pytest.mark.parametrize("report", REPORTS)
def test_a_public_report_shows_no_small_cell(published, report):
    from analysis.disclosure import SMALLEST_CELL, policy

    statistics = [
        run_["statistic"]
        for made in published[report]
        for run_ in [*made.get("runs", ()), *(cell for row in made.get("rows", ()) for cell in row["cells"])]
        if "statistic" in run_
    ] + [statistic for made in published[report] for statistic in made.get("statistics", ())]
    assert len(statistics) > 20
    for statistic in statistics:
        unit = statistic["base_unit"].removeprefix("个")
        if statistic["estimate"]["value"] is not None and not unit.startswith(policy.INSTITUTIONS):
            assert statistic["base"] is None or not 0 < statistic["base"] < SMALLEST_CELL


@pytest.mark.parametrize("report", REPORTS)
def test_no_chart_says_chart_of_and_each_names_its_figures(shipped, report):
    for made in of(built(shipped, report, "district"), "figure"):
        assert made["alt"].startswith(plain(made["title"])) and made["statistics"]
        assert len(made["data"]) < 250_000
