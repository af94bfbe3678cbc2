"""The faces that Typst is given: which files, under which family names, and whether they hold every character."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from analysis.house import fonts as house_fonts
from analysis.publishing import font_sources


@dataclass(frozen=True, slots=True)
class Faces:
    """All that one process needs to know of its fonts.

    Parameters
    ----------
    folder
        The one folder that Typst looks into.
    families
        For each role, the family names in the order in which Typst asks them.
    weights
        For each role, the weight of its own face.
    files
        For each role, the files in the same order.
    """

    folder: Path
    families: dict[str, list[str]]
    weights: dict[str, int]
    files: dict[str, tuple[Path, ...]]


@lru_cache(maxsize=1)
def faces() -> Faces:
    """Return the faces of this machine.

    Raises
    ------
    UserError
        If a role has no font.
    """
    font_sources.require()
    chains = {role: tuple(font.file for font in house_fonts.chain(role)) for role in house_fonts.ROLES}
    folder = _folder({file for files in chains.values() for file in files})
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    first = {Path(font.path).name: font for font in reversed(known.fonts()) if font.path}
    return Faces(
        folder,
        {role: list(dict.fromkeys(first[file.name].family for file in files)) for role, files in chains.items()},
        {role: first[files[0].name].weight for role, files in chains.items()},
        chains,
    )


def _folder(files: set[Path]) -> Path:
    """Return a folder that holds just these files: the cache itself, or one of links beside it."""
    if {file.parent for file in files} == {house_fonts.cache()}:
        return house_fonts.cache()
    name = hashlib.sha256("\n".join(sorted(map(str, files))).encode()).hexdigest()[:12]
    folder = house_fonts.cache().with_name(f"fonts-{name}")
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        link = folder / file.name
        if not link.exists():
            try:
                os.link(file, link)
            except OSError:
                shutil.copyfile(file, link)
    return folder


@cache
def characters(file: Path) -> frozenset[int]:
    """Return the code points that a font file has a glyph for."""
    with TTFont(str(file), fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(role: str, text: str) -> list[str]:
    """Return the characters of a text that no font of a role's chain holds, each once, in order of appearance."""
    known = [characters(file) for file in faces().files[role]]
    return [
        char
        for char in dict.fromkeys(text)
        if not char.isspace() and not any(ord(char) in characters for characters in known)
    ]
