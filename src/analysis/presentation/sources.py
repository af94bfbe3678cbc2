"""Where words with digits in them may come from: the reference files, the letters' registers, the snapshot's registers.

A declared number (of a name, a quotation, a document) is believed only where a source says the same clause. The sources
are read one after another, the cheapest first, and only when a document holds a number that no earlier one has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from analysis.house import UserError, home
from analysis.house.content import Json
from analysis.indicators.crosschecks import findings
from analysis.indicators.registered import Registers
from analysis.indicators.study import Study
from analysis.presentation.references import rule_value
from analysis.rules import rules
from analysis.rules.rule import Rule

_MARKS = re.compile(r"[：；，。、（）()“”‘’《》〈〉！？\n]")
_PUPILS = ("attendance", "survey", "homework")  # tables of single pupils and days hold no words for a page
_LETTERS = ("letter", "page")  # documents that quote letters


def clauses(text: str) -> Iterator[str]:
    """Give the pieces of a text between its marks."""
    yield from (piece for part in _MARKS.split(text) if (piece := part.strip()))


class Sourcebook:
    """The clauses that a document may quote with their digits.

    Parameters
    ----------
    head
        The document object.
    own
        Further texts that are believed: what the program itself says in the document. They are asked for last.
    """

    def __init__(self, head: Json, own: Iterable[str] = ()) -> None:
        self.head = head
        self._known: set[str] = set()
        letters = [_letters] if head["class"] in _LETTERS else []
        self._stages: list[Callable[[], Iterable[str]]] = [_reference, *letters, self._registers, lambda: own]

    def holds(self, clause: str) -> bool:
        """Tell whether a source says a clause."""
        while clause not in self._known and self._stages:
            self._known |= {piece for text in self._stages.pop(0)() for piece in clauses(text)}
        return clause in self._known

    def _registers(self) -> Iterator[str]:
        """Give the words in the snapshot's registers, and what the program finds when it compares them."""
        head = self.head
        if not head.get("snapshot") or not head.get("term"):
            return
        try:
            study = Study(head["snapshot"], district=head["district"], term=head["term"], as_of=head["date"])
            for table in study.snapshot.tables:
                frame = None if table in _PUPILS else study.snapshot.frame(table)
                for name in () if frame is None else frame.columns:
                    if frame is not None and frame[name].dtype.kind not in "iufbM":
                        yield from map(str, frame[name].dropna().unique())
            yield from map(str, findings(Registers(study))["detail"])
        except UserError:  # another store's snapshot: nothing is known of it
            return


def rule_forms() -> frozenset[str]:
    """Return the values of all rules as pages write them."""
    return _rule_forms(rules())


@lru_cache(maxsize=4)
def _rule_forms(known: tuple[Rule, ...]) -> frozenset[str]:
    return frozenset(map(rule_value, known))


def _reference() -> Iterator[str]:
    yield from _strings_of("data/reference/**/*.toml", "data/local/*.toml")


def _letters() -> Iterator[str]:
    patterns = ("data/suggestions/*.toml", "data/published/*.toml")
    yield from (file.stem for pattern in patterns for file in home().glob(pattern))
    yield from _strings_of(*patterns)


def _strings_of(*patterns: str) -> Iterator[str]:
    for file in sorted(file for pattern in patterns for file in home().glob(pattern)):
        try:
            yield from _strings(tomllib.loads(file.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
