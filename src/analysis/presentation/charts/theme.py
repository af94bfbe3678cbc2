"""One look for all charts: Chinese type, 8 points or more, readable in grey and by the colour-blind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from analysis.house import UserError, fonts

WIDTH_MM = 150.0
"""Width of a chart on the page, inside the text area of 156 mm."""

INK = "#1f2a33"
MAIN = "#1b5e8c"
ACCENT = "#c2500a"
MUTED = "#8a949c"
PALE = "#d5dbe0"
SERIES = ("#173f5f", "#3f88ba", "#9cc3dd", "#e8a063", "#dfe4e8")
"""At most five series: from dark to light (they differ in grey), hues apart for the colour-blind."""

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)))
HATCHES = ("", "", "", "////", "")
SMALL, BASE, LARGE = 8.0, 8.5, 9.5


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Return the typefaces of charts: 黑体 first, then those that supply a character which it lacks.

    Raises
    ------
    UserError
        If there is no Chinese typeface at all.
    """
    from matplotlib import font_manager

    faces = fonts.chain("hei")
    if not faces:
        raise UserError("没有可用的中文字体，图中的汉字无法显示；请先执行 shuangjian fonts --get。")
    bold = fonts.find("bold")
    for face in (*faces, *((bold,) if bold else ())):
        font_manager.fontManager.addfont(str(face.file))
    return tuple(dict.fromkeys(font_manager.get_font(str(face.file)).family_name for face in faces))


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Return the characters that the first typeface has."""
    from matplotlib import font_manager

    return frozenset(font_manager.get_font(str(fonts.chain("hei")[0].file)).get_charmap())


def family_for(texts: Iterable[str]) -> list[str]:
    """Return the typefaces that texts need: the first alone (much faster to set), all if it lacks a character."""
    needed = {ord(sign) for text in texts for sign in text if sign > " "}
    return list(families()[:1] if needed <= _characters() else families())


def set_theme() -> None:
    """Give charts drawn with seaborn or matplotlib the look of the published ones, in this notebook from here on.

    >>> import seaborn
    >>> from analysis.presentation import set_theme
    >>> set_theme()
    >>> axes = seaborn.lineplot(x=[1, 2, 3], y=[60, 55, 58])
    """
    import seaborn

    seaborn.set_theme(style="ticks", palette=SERIES, font=families()[0], rc=parameters("own"))


def parameters(salt: str) -> Any:
    """Return matplotlib's settings for a chart; the same salt and data give the same bytes."""
    return {
        "font.family": list(families()[:1]),
        "font.size": BASE,
        "axes.unicode_minus": False,
        "axes.titlesize": BASE,
        "axes.labelsize": BASE,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": False,
        "grid.color": PALE,
        "grid.linewidth": 0.5,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 0,
        "lines.linewidth": 1.4,
        "hatch.linewidth": 0.5,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": f"shuangjian.{salt}",
    }
