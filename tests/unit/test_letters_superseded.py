"""A letter that cites a document which another has replaced is warned of it; the register counts it no more."""

from pathlib import Path

import pytest

from analysis.letters.checks.documents import check
from analysis.letters.documents import documents
from analysis.letters.draft_readers import read


@pytest.mark.parametrize(
    ("cited", "newer"),
    [
        ("澄教字〔2022〕3号", "澄教字〔2025〕6号"),
        ("澄教字[2022]第03号", "澄教字〔2025〕6号"),
        ("澄教字〔2025〕6号", None),
        ("甲乙字〔2020〕1号", None),
        ("没有文号", None),
    ],
)
def test_the_register_knows_what_replaces_a_document(cited: str, newer: str | None) -> None:
    found = documents().successor(cited)
    assert (found.number if found else None) == newer


@pytest.mark.parametrize(("number", "warned"), [("澄教字〔2022〕3号", 1), ("澄教字〔2025〕6号", 0)])
def test_a_draft_that_cites_a_replaced_document_is_warned(number: str, warned: int, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f"根据{number}文件，各校按周公示作业。\n2026年7月20日\n", encoding="utf-8")
    told = [item.message for item in check(read(draft)) if "代替" in item.message]
    assert len(told) == warned
    assert all("澄教字〔2025〕6号" in message for message in told)
