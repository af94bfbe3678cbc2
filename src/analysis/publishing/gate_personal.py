"""Personal data in a published file: numbers of people, and names that intake has met."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from stdnum import luhn
from stdnum.cn import ric

from analysis.house import settings
from analysis.publishing.content import Document

_EDGE = r"(?<![0-9A-Za-z.])(?<![0-9.][ ,-])"
_END = r"(?![0-9A-Za-z]|[ .,-][0-9])"
# An address is found by the last letter before its @: reading on from each letter of a long word would take for ever.
# A number stands alone: not inside a longer one, behind a decimal point, or in a row of numbers.


def _address(text: str) -> bool:
    return all(int(part) <= 255 for part in text.split("."))


KINDS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("身份证号", rf"{_EDGE}[1-9][0-9]{{16}}[0-9Xx]{_END}", ric.is_valid),
    ("学籍号", rf"{_EDGE}[GJL][0-9]{{17}}[0-9Xx]{_END}", lambda text: True),
    ("手机号", rf"{_EDGE}(?:\+?86[- ]?)?1[3-9][0-9]([- ]?)[0-9]{{4}}\1[0-9]{{4}}{_END}", lambda text: True),
    (
        "电话号码",
        rf"{_EDGE}(?:0[0-9]{{2,3}}-[2-9][0-9]{{6,7}}|[（(]0[0-9]{{2,3}}[）)][2-9][0-9]{{6,7}}){_END}",
        lambda text: True,
    ),
    ("IP 地址", rf"{_EDGE}[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}(?![0-9A-Za-z.])", _address),
    ("电子邮箱", r"[A-Za-z0-9_+-]@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}", lambda text: True),
    ("银行账号", rf"{_EDGE}(?:4|5[1-5]|62)[0-9]{{14,17}}{_END}", luhn.is_valid),
)
PATTERNS = [(kind, re.compile(pattern), test) for kind, pattern, test in KINDS]
_CHINESE = re.compile(r"[\u3400-\u9fff·]{2,}")


def masked(text: str) -> str:
    """Return enough of a personal datum to find it, and no more: its first two characters and its length."""
    return f"{text[:2]}…（共{len(text)}位）"


def declared(document: Document) -> list[str]:
    """Return the contacts and addressees that are exempt as such, the longest first.

    They are the strings of ``[bureau]`` and ``[publishing] allowed`` in the settings, and the declared names of a
    letter's addressee, signature, contact and copies (they come from the register).
    """

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for item in value:
                yield from strings(item)

    told = settings()
    own = [*told.get("bureau", {}).values(), *told.get("publishing", {}).get("allowed", [])]
    found = [text for value in own for text in strings(value)]
    if document.head["class"] == "letter":
        for block in document.of("paragraph"):
            if block["role"] in ("addressee", "signature", "contact", "copies"):
                found += [run["text"] for run in block["runs"] if run.get("literal") == "name"]
    return sorted({text for text in found if len(text) > 1}, key=len, reverse=True)


def reasons(texts: Mapping[str, str], exempt: Iterable[str], known_names: Any | None) -> Iterator[str]:
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
        for kind, pattern, test in PATTERNS:
            for match in pattern.finditer(text):
                if test(match.group()):
                    yield f"{name} 中有{kind}“{masked(match.group())}”"
    if known_names is None:
        return
    pieces = dict.fromkeys(run for text in cleared.values() for run in _CHINESE.findall(text))
    for person in known_names.found("\n".join(pieces)):
        where = "、".join(name for name, text in cleared.items() if person in text)
        yield f"{where} 中有人员姓名“{person[0]}某”（共{len(person)}字；若不是人名，请列入设置 [publishing] allowed）"
