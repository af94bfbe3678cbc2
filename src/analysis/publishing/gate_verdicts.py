"""What the gate asks of verdicts: one claim has one verdict in a document, and a whole hides no part that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.disclosure import UNNAMED_DIMENSION
from analysis.house.content import Json
from analysis.publishing.content import Block, Document, Run, runs
from analysis.statistics.verdict import FAILS, PASSES, WORDS, Judgement

APART = ("item", "role", "wave")
"""Dimensions whose values are no parts of a whole: another question, other people, another survey."""

_BANDS = {"lower": range(1, 3), "middle": range(3, 7), "junior": range(7, 10), "primary": range(1, 7)}
# The grades of bands and stages, as the rules have them; a page knows no rules.
_MET = re.compile(r"^达到|^(?:都|均|全部)?(?:在规定[以之]内|没有超过规定|达到规定)|^数据支持")
_NOT_MET = re.compile(r"^未达到|^超过|^数据不支持")
# The words of a run that holds a verdict.


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A verdict as a run holds it: of what, in which scope, and in which block (a sentence or a table)."""

    indicator: str
    claim: str
    kind: str
    said: Judgement
    scope: Json
    block: int
    place: str
    name: str

    @property
    def about(self) -> tuple[str, str, str]:
        return self.indicator, self.claim, self.kind


def contradictions(document: Document) -> Iterator[str]:
    """Tell the verdicts of a document that contradict each other.

    Two verdicts on one claim (same indicator, same rule) contradict each other if they differ on one scope, or if a
    whole passes while a part of it fails, or is left open by what is missing, and the part is not told in the same
    sentence or table. A verdict's words must be those of its judgement: 都在规定以内 is not said of what is open.
    """
    yield from _misworded(document)
    found = list(_verdicts(document))
    first: dict[tuple[Any, ...], _Verdict] = {}
    for one in found:
        before = first.setdefault((*one.about, _identity(one.scope)), one)
        if before.said != one.said:
            yield (
                f"{one.place}：“{one.name}”判为“{WORDS[one.said]}”，{before.place}却判为“{WORDS[before.said]}”；"
                "同一规定在同一范围只能有一个判断"
            )
    lacking = [one for one in found if one.said in FAILS or one.said == "open"]
    for whole in found:
        if whole.said not in PASSES:
            continue
        named = [part for part in lacking if part.block == whole.block]
        for part in lacking:
            if _of_one_claim(whole, part) and _contains(whole.scope, part.scope) and not _among(part, named):
                yield (
                    f"{whole.place}：“{whole.name}”判为“{WORDS[whole.said]}”，其中“{part.name}”在{part.place}判为"
                    f"“{WORDS[part.said]}”；请在同一句或同一表中一并说明"
                )


def _misworded(document: Document) -> Iterator[str]:
    """Tell the verdicts whose words say that something is met while it is not, or is open; or the reverse."""
    for block in document.blocks:
        for run in _judged(block):
            said: Judgement = run["judgement"]["said"]
            heard = "met" if _MET.search(run["text"]) else "not met" if _NOT_MET.search(run["text"]) else ""
            if (heard == "met" and said not in PASSES) or (heard == "not met" and said not in FAILS):
                name = run["statistic"].get("group_label", "") + run["statistic"]["label"]
                yield f"{block['place']}：写的是“{run['text']}”，“{name}”的判断却是“{WORDS[said]}”；请按判断写"


def _of_one_claim(whole: _Verdict, part: _Verdict) -> bool:
    """Tell whether a part that fails speaks against a whole: a claim on each or every case is refuted by a single one."""
    same = (whole.indicator, whole.claim) == (part.indicator, part.claim)
    return same and (whole.kind == part.kind or whole.kind != "one")


def _among(part: _Verdict, named: list[_Verdict]) -> bool:
    return any(other.about == part.about and _identity(other.scope) == _identity(part.scope) for other in named)


def _verdicts(document: Document) -> Iterator[_Verdict]:
    for number, block in enumerate(document.blocks):
        for run in _judged(block):
            statistic, told = run["statistic"], run["judgement"]
            for scope in (statistic["scope"], *told.get("also", ())):
                if UNNAMED_DIMENSION in scope["group"]:
                    continue  # schools that the reader cannot tell apart
                name = statistic.get("group_label", "") if scope is statistic["scope"] else ""
                about = (statistic["indicator"], told["claim"], told["kind"], told["said"])
                yield _Verdict(*about, scope, number, block["place"], name + statistic["label"])


def _judged(block: Block) -> Iterator[Run]:
    cells = [cell for row in block.get("rows", ()) for cell in row["cells"]]
    parts = [block.get(name) for name in ("runs", "title", "subtitle")]
    parts += [part for name in ("items", "notes") for part in block.get(name) or ()]
    words = [*(run for part in parts for run in runs(part)), *cells]
    yield from (run for run in words if "judgement" in run and "statistic" in run)


def _identity(scope: Json) -> tuple[object, ...]:
    return (
        *(scope.get(name) for name in ("district", "school", "term", "start", "end")),
        tuple(sorted((name, str(value)) for name, value in scope["group"].items())),
    )


def _contains(whole: Json, part: Json) -> bool:
    """Tell whether a scope holds another that is smaller: a district its schools, a stage its grades."""
    if _identity(whole) == _identity(part):
        return False
    if any(whole.get(name) != part.get(name) for name in ("district", "term")):
        return False
    if whole["school"] not in ("", part["school"]):
        return False
    if any(name in part["group"] and name not in whole["group"] for name in APART):
        return False
    return all(_holds(name, value, part["group"]) for name, value in whole["group"].items())


def _holds(name: str, value: object, inner: Json) -> bool:
    """Tell whether a narrowing of the whole (`name` = `value`) holds for all that the part speaks of."""
    if name in inner:
        return _values(inner[name]) <= _values(value)
    if name in ("grade_band", "stage", "grade"):
        grades = _grades(inner)
        return bool(grades) and grades <= {grade for each in _values(value) for grade in _BANDS.get(each, (each,))}
    return False


def _grades(group: Json) -> set[Any]:
    for name in ("grade", "grade_band", "stage"):
        if name in group:
            return {grade for each in _values(group[name]) for grade in _BANDS.get(each, (each,))}
    return set()


def _values(told: object) -> set[Any]:
    return set(told) if isinstance(told, (list, tuple)) else {told}
