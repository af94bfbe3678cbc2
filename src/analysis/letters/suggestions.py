"""A deputy's suggestion as the register holds it: who asked what, who answers, and what the answer rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from analysis.house import UserError, path
from analysis.house.paths import read_toml
from analysis.letters.entries import Entry
from analysis.letters.questions import Question, Table, read_question, read_table
from analysis.reference.messages import shown

NAME = re.compile(r"\d{4}-\d{1,4}")


@dataclass(frozen=True, slots=True)
class Evidence:
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
        ``at_least`` or ``at_most``: which side of the rule is asked for.
    claim
        Whether the point stands or falls with its rule; False for a figure that only informs.
    """

    name: str
    indicator: str
    where: tuple[tuple[str, Any], ...] = ()
    by: str = ""
    rule: str = ""
    direction: str = "at_least"
    claim: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """Something done, with its date; `document` is the number of the paper that it rests on, ``""`` for none."""

    text: str
    on: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that will be done: what, by when, by which office."""

    text: str
    by: date
    office: str


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the deputy asked, with its answer (see `docs/letters.md` for each field)."""

    asks: str
    heading: str = ""
    answer: tuple[str, ...] = ()
    category: str = ""
    evidence: tuple[Evidence, ...] = ()
    tables: tuple[Table, ...] = ()
    questions: tuple[Question, ...] = ()
    documents: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatory:
    """A deputy who is owed a letter."""

    name: str
    greeting: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that went out: to which signatory (1 = the first), when, under which number, and what came back."""

    signatory: int
    on: date
    number: str = ""
    feedback: str = ""
    feedback_on: date | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a figure differs from an earlier or a neighbouring letter's (indicator id, letter id, reason)."""

    indicator: str
    letter: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion of the register.

    `number` is printed as the congress office wrote it; `id` (``2026-017``) is the file's name. `due` is set only where
    the assignment itself names a deadline. `scheme` is the place's set of outcome categories (``""``: the usual one).
    """

    id: str
    file: Path
    number: str
    session: str
    title: str
    kind: str
    assigned: date
    received: date
    lead: str
    signatories: tuple[Signatory, ...]
    points: tuple[Point, ...]
    assisting: tuple[str, ...] = ()
    category: str = ""
    scheme: str = ""
    due: date | None = None
    secrecy: str = "主动公开"
    document_number: str = ""
    simulated: bool = False
    sent: tuple[Sent, ...] = field(default_factory=tuple)
    explanations: tuple[Explanation, ...] = field(default_factory=tuple)

    @property
    def letters(self) -> tuple[str, ...]:
        """One id for each letter owed: ``2026-017`` to the first signatory, ``2026-017-2`` to the second …"""
        rest = (f"{self.id}-{place}" for place in range(2, len(self.signatories) + 1))
        return (self.id, *rest) if self.signatories else ()


def folder() -> Path:
    """Return the folder of the register."""
    return path("data", "suggestions")


def files(where: Path | None = None) -> list[Path]:
    """Return the register's files in order of their names (templates end in ``.template`` and are no entries)."""
    return sorted((where or folder()).glob("*.toml"))


def read(file: Path) -> Suggestion:
    """Read one entry.

    Raises
    ------
    UserError
        If a key is missing, unknown or of the wrong kind; what the entry says is judged by `register.faults`.
    """
    if not NAME.fullmatch(file.stem):
        raise UserError(f"{shown(file)}：文件名应为“年份-编号.toml”，如 2026-017.toml；请改名。")
    top = Entry(read_toml(file), file)
    suggestion = Suggestion(
        id=file.stem,
        file=file,
        number=top.need("number", str),
        session=top.need("session", str),
        title=top.need("title", str),
        kind=top.one_of("kind", ("ordinary", "broad"), "ordinary"),
        assigned=top.need("assigned", date),
        received=top.get("received", date) or top.need("assigned", date),
        lead=top.need("lead", str),
        assisting=top.texts("assisting"),
        category=top.get("category", str, ""),
        scheme=top.get("scheme", str, ""),
        due=top.get("due", date),
        secrecy=top.get("secrecy", str, "主动公开"),
        document_number=top.get("document_number", str, ""),
        simulated=top.get("simulated", bool, False),
        signatories=tuple(_signatory(entry) for entry in top.tables("signatory", "位联名人")),
        points=tuple(_point(entry) for entry in top.tables("point", "条请求")),
        sent=tuple(_sent(entry) for entry in top.tables("sent", "次寄送")),
        explanations=tuple(_explanation(entry) for entry in top.tables("difference", "处差异说明")),
    )
    top.done()
    return suggestion


def find(letter: str, where: Path | None = None) -> tuple[Suggestion, int]:
    """Return the suggestion that a letter id names, and the place of its signatory (1 = the first).

    Raises
    ------
    UserError
        If the register has no such entry, or the entry no such signatory.
    """
    match = re.fullmatch(r"(\d{4}-\d{1,4})(?:[-#](\d{1,2}))?", letter)
    known = [file.stem for file in files(where)]
    if not match or match[1] not in known:
        raise UserError(f"登记册中没有“{letter}”这件建议；现有：{'、'.join(known) or '（空）'}。请核对编号，或先登记。")
    suggestion, place = read((where or folder()) / f"{match[1]}.toml"), int(match[2] or 1)
    if not 1 <= place <= max(1, len(suggestion.signatories)):
        raise UserError(
            f"建议“{match[1]}”共有{len(suggestion.signatories)}位联名人，没有第{place}位；可用：{'、'.join(suggestion.letters)}。"
        )
    return suggestion, place


def _signatory(entry: Entry) -> Signatory:
    made = Signatory(entry.need("name", str), entry.get("greeting", str, "代表"))
    entry.done()
    return made


def _point(entry: Entry) -> Point:
    made = Point(
        asks=entry.get("asks", str, ""),
        heading=entry.get("heading", str, ""),
        answer=entry.texts("answer"),
        category=entry.get("category", str, ""),
        evidence=tuple(_evidence(item) for item in entry.tables("evidence", "项依据")),
        tables=tuple(read_table(item) for item in entry.tables("table", "张附表")),
        questions=tuple(read_question(item) for item in entry.tables("question", "问")),
        documents=entry.texts("documents"),
        measures=tuple(_measure(item) for item in entry.tables("measure", "项已办措施")),
        steps=tuple(_step(item) for item in entry.tables("step", "项下一步")),
    )
    entry.done()
    return made


def _evidence(entry: Entry) -> Evidence:
    where = entry.get("where", dict, {})
    made = Evidence(
        name=entry.need("name", str),
        indicator=entry.need("indicator", str),
        where=tuple(sorted(where.items())),
        by=entry.get("by", str, ""),
        rule=entry.get("rule", str, ""),
        direction=entry.one_of("direction", ("at_least", "at_most"), "at_least"),
        claim=entry.get("claim", bool, True),
    )
    entry.done()
    return made


def _measure(entry: Entry) -> Measure:
    made = Measure(entry.need("text", str), entry.need("on", date), entry.get("document", str, ""))
    entry.done()
    return made


def _step(entry: Entry) -> Step:
    made = Step(entry.need("text", str), entry.need("by", date), entry.need("office", str))
    entry.done()
    return made


def _sent(entry: Entry) -> Sent:
    made = Sent(
        signatory=entry.get("signatory", int, 1),
        on=entry.need("on", date),
        number=entry.get("number", str, ""),
        feedback=entry.get("feedback", str, ""),
        feedback_on=entry.get("feedback_on", date),
    )
    entry.done()
    return made


def _explanation(entry: Entry) -> Explanation:
    made = Explanation(entry.need("indicator", str), entry.need("letter", str), entry.need("reason", str))
    entry.done()
    return made
