"""The document being written: who it is for, of what it speaks, what it has put out so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.disclosure import REASONS, Numbering, protect, threshold, unnamed_beside
from analysis.house import UserError
from analysis.house.content import digest, statistics_in
from analysis.indicators import provenance
from analysis.indicators.statistic import Statistic
from analysis.presentation import html
from analysis.presentation.content import MIME, Content, content
from analysis.reference.vocabulary import Audience

PUT: set[str] = set()
"""Digests of what the editions of this process have put out: a document holds nothing else."""


@dataclass
class Edition:
    """One document in the making.

    Parameters
    ----------
    audience
        ``internal`` (schools named) or ``public`` (protected).
    district, school
        Codes; `school` is ``""`` for the whole district.
    scope_label
        Chinese name of what it speaks of.
    study
        The study whose figures it shows; None in a document without data.
    tables
        Tables that the document needs.
    ended
        Whether the document has ended: nothing is put out any more.
    opening
        Whether it is at its first findings, which stand alone on the first page: a count has its bounds beside it there.
        A letter is all findings.
    objects
        What has been put out, in order.
    hidden
        How many figures were hidden, by reason.
    unnamed
        How many figures of schools were shown without the school's name.
    rules
        Ids of the rules that its figures were judged by, in order of use.
    used
        The first figure of each indicator, in order of use.
    numbering
        Numbers of the schools that are not named.
    """

    audience: str
    district: str
    school: str = ""
    scope_label: str = ""
    study: Any = None
    tables: tuple[str, ...] = ()
    ended: bool = False
    opening: bool = False
    objects: list[Content] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)
    unnamed: int = 0
    rules: list[str] = field(default_factory=list)
    used: dict[str, Statistic] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)

    @property
    def public(self) -> bool:
        """Whether it is for others than the bureau itself: its figures are protected."""
        return Audience.of(self.audience).protected

    def put(self, kind: str, **fields: object) -> None:
        """Put out one content object, unless the document has ended.

        Raises
        ------
        ValueError
            If a table or figure has the name of an earlier one: their files would overwrite each other.
        UserError
            If it holds a figure otherwise than it was computed.
        """
        if self.ended:
            return
        name = fields.get("name")
        if name and any(name == known.get("name") and kind == known["kind"] for known in self.objects):
            raise ValueError(f"the document has two {kind}s named {name!r}")
        made = content(kind, **fields)
        for statistic in statistics_in(made):
            if not provenance.is_written(statistic):
                raise UserError(
                    f"“{statistic['label']}”（{statistic['text']}）不是由数据算出的统计量，不能发布；"
                    "请用 say、table 或图表函数引用 study.measure(…) 的结果。"
                )
        PUT.add(digest(made))
        self.objects.append(made)
        _show(made)

    def end(self, reason: str) -> None:
        """End the document here; later calls put out nothing."""
        self.put("end", reason=reason)
        self.ended = True

    def shown(self, statistics: Iterable[Statistic]) -> list[Statistic]:
        """Return figures as this edition's readers may see them, and keep count of what was hidden.

        A public edition is protected; a school's page names no other school.

        Raises
        ------
        UserError
            For a figure that no study computed (`analysis.indicators.provenance`).
        """
        asked = tuple(statistics)
        for item in asked:
            provenance.need(item)
        protected = protect(asked, self.audience, threshold() if self.public else 0, self.numbering)
        for why in protected.hidden.values():
            self.hidden[why] = self.hidden.get(why, 0) + 1
        self.unnamed += protected.unnamed
        items = unnamed_beside(protected.items, self.school, self.numbering) if self.school else protected.items
        provenance.keep(items)
        for item in items:
            self.used.setdefault(item.indicator, item)
            if item.rule and item.rule not in self.rules:
                self.rules.append(item.rule)
        return list(items)

    def one_by_one(self, statistics: Sequence[Statistic]) -> list[Statistic]:
        """Return figures as readers may see them, each in its own place (`shown` puts schools in order of value)."""
        self.shown(statistics)  # numbers the schools by value
        return [shown for item in statistics for shown in self.shown([item])]

    def hidden_words(self) -> str:
        """Return what was hidden and why, without counts (they would help to find it); ``""`` if nothing was."""
        reasons = [REASONS[why] for why in REASONS if self.hidden.get(why)]
        return "；".join(reasons)


_current: Edition | None = None


def has_begun() -> bool:
    """Tell whether a document is being written."""
    return _current is not None


def current() -> Edition:
    """Return the document being written.

    Raises
    ------
    UserError
        If none has been begun.
    """
    if _current is None:
        raise UserError("还没有开始文档：请先运行笔记本中带 begin(…) 的单元格。")
    return _current


def start(edition: Edition) -> Edition:
    """Make an edition the document being written; the one before is left as it is."""
    global _current
    _current = edition
    return edition


def _show(made: Content) -> None:
    """Hand an object to Jupyter, if the code runs in it."""
    from IPython.core.interactiveshell import InteractiveShell

    if InteractiveShell.initialized():
        from IPython.display import display

        display({MIME: made, "text/html": html.rendered(made)}, raw=True)
