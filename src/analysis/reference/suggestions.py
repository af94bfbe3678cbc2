"""``data/suggestions/*.toml``: a deputy's suggestion: who asked what, who answers, and what the answer rests on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from analysis.reference.reading import Entry, Narrowing, OneOrMore, Text, validated


class Table(Entry):
    """A table of the annex: indicator, dimension, narrowing of the scope; `reason` is printed where readers may not see it."""

    indicator: Text
    by: Text
    where: Narrowing = ()
    reason: str = ""


class Question(Entry):
    """One question of a point.

    Parameters
    ----------
    asks
        What is asked.
    answer
        Sentences; figures as ``{name}`` of the point's evidence.
    evidence
        Names of the point's evidence that answer by themselves (one sentence each: what it is, and its value).
    tables
        Tables of the annex.
    reason
        Why (a part of) it cannot be answered in this letter, and where the answer is to be had; printed as it stands.
    """

    asks: Text
    answer: OneOrMore = ()
    evidence: OneOrMore = ()
    tables: tuple[Table, ...] = Field(default=(), alias="table", strict=False)
    reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether anything at all is said to it."""
        return bool(self.answer or self.evidence or self.tables or self.reason)

    def sentences(self) -> tuple[str, ...]:
        """Return the sentences that the letter says, templates as in the register."""
        quoted = tuple(f"{{{name}.label}}：{{{name}.full}}。" for name in self.evidence)
        reason = (self.reason.rstrip("。") + "。",) if self.reason else ()
        return (*self.answer, *quoted, *reason)


class Evidence(Entry):
    """One indicator that a point's answer quotes.

    Parameters
    ----------
    name
        The word in braces that the answer uses for it.
    indicator
        Its id in the catalogue.
    where
        Narrowing of the scope, such as ``{"grade_band": "middle"}``.
    by
        Dimension to compare over (``{grades.lowest.group}``), ``""`` for one figure.
    rule
        Id of the rule that its verdict is about; ``""``: the indicator's own.
    direction
        Which side of the rule is asked for.
    claim
        Whether the point stands or falls with its rule; False for a figure that only informs.
    """

    name: Text
    indicator: Text
    where: Narrowing = ()
    by: str = ""
    rule: str = ""
    direction: Literal["at_least", "at_most"] = "at_least"
    claim: bool = True


class Measure(Entry):
    """Something done, with its date; `document` is the number of the paper that it rests on, ``""`` for none."""

    text: Text
    on: date
    document: str = ""


class Step(Entry):
    """Something that will be done: what, by when, by which office."""

    text: Text
    by: date
    office: Text


class Point(Entry):
    """One thing that the deputy asked, with its answer (see `docs/letters.md` for each field)."""

    asks: str = ""
    heading: str = ""
    answer: OneOrMore = ()
    category: str = ""
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False)] = ()
    tables: tuple[Table, ...] = Field(default=(), alias="table", strict=False)
    questions: tuple[Question, ...] = Field(default=(), alias="question", strict=False)
    documents: OneOrMore = ()
    measures: tuple[Measure, ...] = Field(default=(), alias="measure", strict=False)
    steps: tuple[Step, ...] = Field(default=(), alias="step", strict=False)


class Signatory(Entry):
    """A deputy who is owed a letter."""

    name: Text
    greeting: str = "代表"


class Sent(Entry):
    """A letter that went out: to which signatory (1 = the first), when, under which number, and what came back."""

    signatory: int = 1
    on: date
    number: str = ""
    feedback: str = ""
    feedback_on: date | None = None


class Explanation(Entry):
    """Why a figure differs from an earlier or a neighbouring letter's (indicator id, letter id, reason)."""

    indicator: Text
    letter: Text
    reason: Text


class SuggestionFile(Entry):
    """The whole file.

    `number` is printed as the congress office wrote it. `received` is the day of assignment where it is not given, and
    `due` is set only where the assignment itself names a deadline. `scheme` is the place's set of outcome categories
    (``""``: the usual one).
    """

    number: Text
    session: Text
    title: Text
    kind: Literal["ordinary", "broad"] = "ordinary"
    assigned: date
    received: date = Field(default_factory=lambda read: read["assigned"])
    due: date | None = None
    lead: Text
    assisting: OneOrMore = ()
    category: str = ""
    scheme: str = ""
    secrecy: str = "主动公开"
    document_number: str = ""
    simulated: bool = False
    signatories: tuple[Signatory, ...] = Field(default=(), alias="signatory", strict=False)
    points: tuple[Point, ...] = Field(default=(), alias="point", strict=False)
    sent: Annotated[tuple[Sent, ...], Field(strict=False)] = ()
    explanations: tuple[Explanation, ...] = Field(default=(), alias="difference", strict=False)


class Suggestion(SuggestionFile):
    """One suggestion of the register: its file, and `id`, the file's name (``2026-017``)."""

    id: str
    file: Path

    @property
    def letters(self) -> tuple[str, ...]:
        """One id for each letter owed: ``2026-017`` to the first signatory, ``2026-017-2`` to the second …"""
        rest = (f"{self.id}-{place}" for place in range(2, len(self.signatories) + 1))
        return (self.id, *rest) if self.signatories else ()


def suggestion_file(file: Path) -> Suggestion:
    """Read one entry.

    Raises
    ------
    UserError
        If a key is missing, unknown or of the wrong kind.
    """
    return Suggestion.model_construct(**dict(validated(file, SuggestionFile)), id=file.stem, file=file)
