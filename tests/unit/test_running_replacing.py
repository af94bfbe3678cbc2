"""A page that says that nothing was handed in does not replace a report with figures, unless told."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.presentation.content import MIME
from analysis.running.editions import Job
from analysis.running.replacing import lost

SCOPE = {"district": "990101", "school": "2199000001", "term": "2025-2026-2", "audience": "internal"}
END = {"kind": "end", "reason": "该范围未报送所需数据"}
FIGURE = {"kind": "figure", "statistics": [{"indicator": "homework.within_cap", "text": "94.1%"}]}


def page(*contents):
    outputs = [new_output("display_data", {MIME: content}) for content in contents]
    return new_notebook(cells=[new_code_cell("x", outputs=outputs)])


def job(folder, **changed):
    parameters = {"snapshot": "new", **SCOPE, **changed}
    return Job("load", "2199000001", "作业", "作业 · 一小", "load.ipynb", str(folder), parameters)


@pytest.fixture
def report(tmp_path):
    def written(statistics=({"indicator": "homework.within_cap"},), **changed):
        told = {
            "snapshot": "old",
            "parameters": {"snapshot": "old", **SCOPE, **changed},
            "statistics": list(statistics),
        }
        (tmp_path / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        return tmp_path

    return written


def test_a_report_with_figures_stays_and_the_line_says_what_to_do(report):
    told = lost(job(report()), page(END))
    for word in ("快照 new", "快照 old", "1 个数", "--onto latest", "--replace"):
        assert word in told


@pytest.mark.parametrize("changed", [{"term": "2025-2026-1"}, {"audience": "public"}, {"school": ""}])
def test_a_document_of_another_scope_term_or_audience_is_no_reason(report, changed):
    assert lost(job(report(**changed)), page(END)) == ""


def test_a_document_with_figures_or_in_the_place_of_none_may_be_put(report, tmp_path):
    assert lost(job(tmp_path), page(END)) == "", "nothing is there"
    assert lost(job(report()), page(FIGURE)) == ""
    assert lost(job(report()), page(FIGURE, END)) == ""
    assert lost(job(report(statistics=())), page(END)) == ""
    assert lost(job(report(), snapshot="old"), page(END)) == "", "the data are there: the notebook was changed"
