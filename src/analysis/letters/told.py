"""What the program itself says of letters on a page: how those owed stand, and why claims of those sent were judged so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from analysis.house import UserError
from analysis.house.content import Json
from analysis.letters.judgement import judge
from analysis.letters.owed import owed
from analysis.letters.published import letters
from analysis.letters.published_command import study_of


def told(head: Json) -> Iterator[str]:
    """Give the sentences that a document about letters may hold, composed again from the registers and the snapshot.

    Parameters
    ----------
    head
        The document object.
    """
    if head["class"] != "page":
        return
    try:
        yield from (row.note for row in owed(date.fromisoformat(head["date"])))
        for sent in letters():
            study = study_of(sent, head.get("snapshot") or "latest", head["date"])
            yield from (item.reason for item in judge(sent, study))
    except UserError:  # what cannot be composed is not believed
        return
