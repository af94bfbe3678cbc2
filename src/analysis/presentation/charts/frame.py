"""What all charts share: the figures as the readers may see them, the words around them, the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.indicators.statistic import Statistic
from analysis.presentation import wording
from analysis.presentation.charts.canvas import Canvas, put_figure
from analysis.presentation.content import Refs, Run, figure_run, words
from analysis.presentation.edition import Edition, current
from analysis.presentation.references import UNKNOWN, Unknown
from analysis.presentation.sentences import resolved_template, wanted
from analysis.rules import Rule


@dataclass(frozen=True)
class Frame:
    """A chart before it is drawn.

    Parameters
    ----------
    edition
        The document that it belongs to.
    name
        Its short name.
    items
        The figures, protected for the edition.
    """

    edition: Edition
    name: str
    items: tuple[Statistic, ...]

    def put(
        self,
        sheet: Canvas,
        title: Sequence[Run],
        subtitle: Sequence[Run],
        kind: str,
        *,
        rule: Rule | None = None,
        also: Iterable[Statistic | None] = (),
        extra: str = "",
        notes: Sequence[Sequence[Run]] = (),
        dense: bool = False,
    ) -> None:
        """Put the drawn chart out with its words; `also` names further figures that the words speak of."""
        alt, literals = wording.alt_text(title, kind, self.items, rule, extra)
        sheet.literals.extend(each for each in literals if each not in sheet.literals)
        proof = [*self.items, *(item for item in also if item is not None)]
        put_figure(self.edition, sheet, self.name, title, subtitle, alt, proof, notes=notes, dense=dense)

    def title(self, template: str, refs: Refs, default: Sequence[Run]) -> list[Run]:
        """Return the caller's title if there is one that the data bear out, else the finding that the data give."""
        try:
            return resolved_template(template, refs, self.edition) if template else list(default)
        except Unknown:
            return list(default)


def framed(name: str, statistics: Iterable[Statistic], only: str = "") -> Frame | None:
    """Return the frame of a chart; None where nothing is to be drawn.

    A chart without a single known figure becomes a sentence that says so.
    """
    edition = current()
    if edition.ended or not wanted(edition, only):
        return None
    items = tuple(edition.shown(statistics))
    if any(item.known for item in items):
        return Frame(edition, name, items)
    about = [figure_run(items[0].label, items[0], "label")] if items else []
    hidden = any(item.estimate.status == "suppressed" for item in items)
    reason = "各组人数过少，为保护个人信息不作图。" if hidden else f"{UNKNOWN}，不作图。"
    edition.put("paragraph", role="note", runs=[*about, words(f"：{reason}" if about else reason)])
    return None
