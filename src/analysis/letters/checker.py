"""The draft checker: every kind of check over one draft, findings in order, personal data masked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from analysis.house.content import Json
from analysis.letters.checks import modules
from analysis.letters.draft_readers import read
from analysis.letters.drafts import Draft
from analysis.letters.findings import Finding, ordered
from analysis.text.personal import masked


def findings(draft: Draft) -> list[Finding]:
    """Return everything that is to be said of a draft without looking at data."""
    checks = [module.check for module in modules() if hasattr(module, "check")]
    made = [finding for check in checks for finding in check(draft)]
    if draft.changes:
        told = "、".join(f"{name}{count}处" for name, count in draft.changes.items())
        message = f"文稿中还有修订或批注（{told}），已按接受全部修订检查；定稿前请逐处接受或拒绝，并删去批注。"
        made.append(Finding(0, "", "draft", "warning", message))
    return ordered(
        [replace(item, text=masked(item.text, hinted=True), message=masked(item.message, hinted=True)) for item in made]
    )


def check(file: Path) -> list[Finding]:
    """Read a draft and return its findings.

    Raises
    ------
    UserError
        If the file cannot be read as a draft.
    """
    return findings(read(file))


def summary(found: list[Finding]) -> Json:
    """Return how many findings of each severity, and how many claims hold."""
    counts_of = Counter(item.severity for item in found if not item.holds)
    return {
        **{name: counts_of[name] for name in ("error", "warning", "note")},
        "holds": sum(item.holds for item in found),
    }
