"""On which line of a TOML file each of its keys and entries stands: tomllib tells values, but no positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|' + r"'''.*?'''|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|"
    r"\#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.\"'#]+",
    re.DOTALL,
)


def line_of(text: str, parts: Sequence[str | int]) -> int:
    """Return the line, from 1, on which something stands in a TOML text that can be parsed.

    Parameters
    ----------
    text
        The file's content.
    parts
        Keys and, in lists, places counted from 0: ``("rules", "homework.cap", "values", 1, "from")``.

    Returns
    -------
    int
        The line of what was asked or, if it is not there, of the nearest thing around it; 0 where that is the whole file.
    """
    known = _positions(text)
    return next((known[place] for n in range(len(parts), 0, -1) if (place := tuple(parts[:n])) in known), 0)


@lru_cache(maxsize=32)
def _positions(text: str) -> dict[Place, int]:
    return _Positions(text).found


class _Positions:
    """Walks once through a TOML text; `found` is the line of every key, table and entry of a list."""

    def __init__(self, text: str) -> None:
        self.found: dict[Place, int] = {}
        self.words: list[str] = []
        self.rows: list[int] = []
        row, before = 1, 0
        for match in _TOKEN.finditer(text):
            row, before = row + text.count("\n", before, match.start()), match.start()
            if not match[0].startswith("#"):
                self.words.append(match[0])
                self.rows.append(row)
        self.at = 0
        self._arrays: dict[Place, int] = {}
        self._file()

    def _file(self) -> None:
        table: Place = ()
        while self._skip("\n"):
            if self.words[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        """Read ``[a.b]`` or ``[[a.b]]``; below a list of tables, the last of them is meant."""
        row, depth = self.rows[self.at], 0
        while self.words[self.at] == "[":
            self.at, depth = self.at + 1, depth + 1
        keys = self._keys()
        self.at += depth
        place: Place = ()
        for order, key in enumerate(keys, start=1):
            place = (*place, key)
            self.found.setdefault(place, row)
            if order == len(keys) and depth == 2:
                self._arrays[place] = self._arrays.get(place, -1) + 1
            if place in self._arrays:
                place = (*place, self._arrays[place])
                self.found.setdefault(place, row)
        return place

    def _pair(self, table: Place) -> None:
        place, row = table, self.rows[self.at]
        for key in self._keys():
            place = (*place, key)
            self.found.setdefault(place, row)
        self.at += 1
        self._value(place)

    def _value(self, place: Place) -> None:
        opened = self.words[self.at]
        if opened not in ("[", "{"):
            while self.at < len(self.words) and self.words[self.at] not in (",", "]", "}", "\n"):
                self.at += 1
            return
        self.at += 1
        order = 0
        while self._skip("\n", ",") and self.words[self.at] not in ("]", "}"):
            if opened == "{":
                self._pair(place)
            else:
                self.found[*place, order] = self.rows[self.at]
                self._value((*place, order))
                order += 1
        self.at += 1

    def _keys(self) -> list[str]:
        keys = [_bare(self.words[self.at])]
        self.at += 1
        while self.words[self.at] == ".":
            keys.append(_bare(self.words[self.at + 1]))
            self.at += 2
        return keys

    def _skip(self, *words: str) -> bool:
        """Go on to the next word that is none of these; say whether there is one."""
        while self.at < len(self.words) and self.words[self.at] in words:
            self.at += 1
        return self.at < len(self.words)


def _bare(key: str) -> str:
    return key[1:-1] if key[0] in "\"'" else key
