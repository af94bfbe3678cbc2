"""Which font file stands for each role of an official page: the official one if installed, else an open substitute.

Finding only: `analysis.publishing.font_sources` gets what is missing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Role:
    """A part that a typeface plays on the page, and the files that can play it.

    Parameters
    ----------
    name
        Short name: ``fang song kai hei bold title``.
    label
        Chinese name of the typeface.
    official
        File names (lower case) of official faces on Windows, macOS and Chinese Linux systems, the best first.
    substitute
        File name of the open substitute in the user's cache.
    behind
        Roles that supply a character that this one lacks, in order.
    """

    name: str
    label: str
    official: tuple[str, ...]
    substitute: str
    behind: tuple[str, ...]


ROLES = {
    role.name: role
    for role in (
        Role(
            "fang",
            "仿宋",
            ("simfang.ttf", "仿宋_gb2312.ttf", "fzfsk.ttf", "stfangso.ttf", "stfangsong.ttf"),
            "FandolFang-Regular.otf",
            ("song", "kai", "hei"),
        ),
        Role(
            "song",
            "宋体",
            ("simsun.ttc", "fzssk.ttf", "stsong.ttf", "songti.ttc"),
            "NotoSerifSC-Regular.otf",
            ("fang", "kai", "hei"),
        ),
        Role(
            "kai",
            "楷体",
            ("simkai.ttf", "楷体_gb2312.ttf", "fzktk.ttf", "stkaiti.ttf", "kaiti.ttc"),
            "LXGWWenKai-Regular.ttf",
            ("song", "fang", "hei"),
        ),
        Role(
            "hei",
            "黑体",
            ("simhei.ttf", "fzhtk.ttf", "stheiti medium.ttc", "stxihei.ttf"),
            "NotoSansSC-Regular.otf",
            ("song", "kai", "fang"),
        ),
        Role("bold", "粗黑体", (), "NotoSansSC-Bold.otf", ("hei", "song", "kai", "fang")),
        Role(
            "title",
            "小标宋",
            ("fzxbsjw.ttf", "fzxbsk.ttf", "方正小标宋简体.ttf", "方正小标宋_gbk.ttf", "stzhongs.ttf"),
            "NotoSerifSC-SemiBold.otf",
            ("song", "kai", "hei", "fang"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class FontFile:
    """A file that plays a role, and whether it is the official face."""

    role: str
    file: Path
    official: bool


def cache() -> Path:
    """Return the user's folder of open substitutes (``~/.cache/shuangjian/fonts``, or under `XDG_CACHE_HOME`)."""
    told = os.environ.get("XDG_CACHE_HOME")
    return (Path(told) if told else Path.home() / ".cache") / "shuangjian" / "fonts"


def system_folders() -> tuple[Path, ...]:
    """Return the folders where this system keeps fonts, the user's own first."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return local / "Microsoft" / "Windows" / "Fonts", Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    if sys.platform == "darwin":
        system = Path("/System/Library")
        return home / "Library" / "Fonts", Path("/Library/Fonts"), system / "Fonts", system / "AssetsV2"
    return home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")


def _walk(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)


@lru_cache(maxsize=1)
def installed() -> dict[str, Path]:
    """Return the font files of this system by lower-case file name; a name found twice keeps its first place."""
    found: dict[str, Path] = {}
    for folder in system_folders():
        for file in sorted(_walk(folder)):
            if file.suffix.lower() in (".ttf", ".otf", ".ttc"):
                found.setdefault(file.name.lower(), file)
    return found


def find(role: str) -> FontFile | None:
    """Return the file that plays a role by itself: an official face, else the substitute; None if neither is there."""
    for name in ROLES[role].official:
        if name in installed():
            return FontFile(role, installed()[name], official=True)
    substitute = cache() / ROLES[role].substitute
    return FontFile(role, substitute, official=False) if substitute.is_file() else None


def chain(role: str) -> tuple[FontFile, ...]:
    """Return the files for a role in the order in which they are asked for a character (a file once only)."""
    files: dict[Path, FontFile] = {}
    for name in (role, *ROLES[role].behind):
        font = find(name)
        if font is not None:
            files.setdefault(font.file, font)
    return tuple(files.values())


def missing() -> tuple[str, ...]:
    """Return the roles that neither an official face nor a substitute plays.

    A system with an official 黑体 needs no heavier one beside it.
    """
    lacking = [name for name in ROLES if find(name) is None]
    hei = find("hei")
    return tuple(name for name in lacking if not (name == "bold" and hei is not None and hei.official))


def forget() -> None:
    """Look at the system's folders again (after fonts were put there)."""
    installed.cache_clear()
