"""Personal data in a published file: numbers of people, and names that intake has met."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.publishing.content import Document
from analysis.reference.settings import settings
from analysis.text.personal import find, hint

if TYPE_CHECKING:
    from analysis.publishing.gate import Names

_CHINESE = re.compile(r"[\u3400-\u9fff·]{2,}")


def declared(document: Document) -> list[str]:
    """Return the contacts and addressees that are exempt as such, the longest first.

    They are the strings of ``[bureau]`` and ``[publishing] allowed`` in the settings, and the declared names of a
    letter's addressee, signature, contact and copies (they come from the register).
    """

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            for item in value:
                yield from strings(item)

    told = settings()
    own = [*told.bureau.model_dump().values(), *told.publishing.allowed]
    found = [text for value in own for text in strings(value)]
    if document.head["class"] == "letter":
        for block in document.of("paragraph"):
            if block["role"] in ("addressee", "signature", "contact", "copies"):
                found += [run["text"] for run in block["runs"] if run.get("literal") == "name"]
    return sorted({text for text in found if len(text) > 1}, key=len, reverse=True)


def reasons(texts: Mapping[str, str], exempt: Iterable[str], known_names: Names | None) -> Iterator[str]:
    """Tell the personal data in some texts, masked.

    Parameters
    ----------
    texts
        Name of a file to its text.
    exempt
        Texts that may stand anywhere.
    known_names
        Has ``found(text) -> list`` (see `analysis.publishing.gate.Names`), or None.
    """
    cleared = {}
    for name, text in texts.items():
        for allowed in exempt:
            text = text.replace(allowed, "\u2060")
        cleared[name] = text
    for name, text in cleared.items():
        for hit in find(text, published=True):
            yield f"{name} 中有{hit.kind.label}“{hint(hit.text)}”"
    if known_names is None:
        return
    pieces = dict.fromkeys(run for text in cleared.values() for run in _CHINESE.findall(text))
    for person in known_names.found("\n".join(pieces)):
        where = "、".join(name for name, text in cleared.items() if person in text)
        yield f"{where} 中有人员姓名“{person[0]}某”（共{len(person)}字；若不是人名，请列入设置 [publishing] allowed）"
