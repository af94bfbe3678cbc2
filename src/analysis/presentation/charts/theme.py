"""One look for all charts: Chinese type, 8 points or more, readable in grey and by the colour-blind."""

from __future__ import annotations

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
SERIES = ("#173f5f", "#3f88ba", "#9cc3dd", "#e8a063", "#b9c0c6")
"""At most five series: from dark to light (they differ in grey), hues apart for the colour-blind."""

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)))
HATCHES = ("", "", "", "////", "")
SMALL, BASE, LARGE = 8.0, 8.5, 9.5


@lru_cache(maxsize=1)
def _family() -> tuple[str, ...]:
    from matplotlib import font_manager

    faces = fonts.chain("hei")
    if not faces:
        raise UserError("没有可用的中文字体，图中的汉字无法显示；请先执行 shuangjian fonts --get。")
    bold = fonts.find("bold")
    for face in (*faces, *((bold,) if bold else ())):
        font_manager.fontManager.addfont(str(face.file))
    return tuple(dict.fromkeys(font_manager.get_font(str(face.file)).family_name for face in faces))


def parameters(salt: str) -> Any:
    """Return matplotlib's settings for a chart; the same salt and data give the same bytes."""
    return {
        "font.family": list(_family()),
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
