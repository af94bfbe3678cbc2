"""The sheet that a chart is drawn on, and how it becomes a content object."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import TightLayoutEngine
from matplotlib.text import Text

from analysis.indicators import provenance
from analysis.indicators.statistic import Statistic
from analysis.presentation.charts import theme
from analysis.presentation.content import LITERALS, Run, words
from analysis.presentation.edition import Edition
from analysis.presentation.references import Literal

MM = 25.4
_HEAD = re.compile(r"<\?xml.*?<svg", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_STYLE = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_LONG = re.compile(r"(scale\([^)]*\))|(-?\d+\.\d{2})\d+")
_SPACE = re.compile(r"\n\s*")


@dataclass
class Canvas:
    """A chart in the making.

    Parameters
    ----------
    figure
        The sheet.
    axes
        Its fields, row by row.
    """

    figure: Figure
    axes: list[Axes]
    literals: list[Literal] = field(default_factory=list)

    @property
    def ax(self) -> Axes:
        """The first field."""
        return self.axes[0]


@contextmanager
def canvas(name: str, height_mm: float, *, rows: int = 1, columns: int = 1, **options: Any) -> Iterator[Canvas]:
    """Give a sheet of the page's width under the house's theme; nothing of it stays in matplotlib's state."""
    with mpl.rc_context(theme.parameters(name)):
        figure = Figure(figsize=(theme.WIDTH_MM / MM, height_mm / MM), layout=TightLayoutEngine(pad=0.25))
        grid = figure.subplots(rows, columns, squeeze=False, **options)
        yield Canvas(figure, [ax for row in grid for ax in row])


def put_figure(
    edition: Edition,
    sheet: Canvas,
    name: str,
    title: Sequence[Run],
    subtitle: Sequence[Run],
    alt: str,
    statistics: Iterable[Statistic],
    *,
    notes: Sequence[Sequence[Run]] = (),
    dense: bool = False,
) -> None:
    """Put a drawn chart out as a content object (call it while the sheet is open)."""
    declared = [{"text": each.text, "literal": each.kind} for each in sheet.literals if each.kind in LITERALS]
    edition.put(
        "figure",
        name=name,
        title=list(title),
        subtitle=list(subtitle) or [words("")],
        alt=alt,
        media_type="image/png" if dense else "image/svg+xml",
        data=as_png(sheet.figure) if dense else as_svg(sheet.figure, name),
        width_mm=theme.WIDTH_MM,
        notes=[list(note) for note in notes],
        statistics=[provenance.written(item) for item in statistics],
        literals=declared,
    )


def as_svg(figure: Figure, name: str) -> str:
    """Return a figure as a small SVG that says nothing of when it was made; its ids begin with the chart's name."""
    _laid_out(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = _HEAD.sub("<svg", buffer.getvalue(), count=1)
    svg = _COMMENT.sub("", _METADATA.sub("", _STYLE.sub("", svg)))
    svg = svg.replace("<svg ", '<svg style="stroke-linejoin:round;stroke-linecap:butt" ', 1)
    svg = _SPACE.sub("\n", _LONG.sub(_shorter, svg))
    for mark in (' id="', 'href="#', "url(#"):
        svg = svg.replace(mark, f"{mark}{name}.")
    return svg


def _laid_out(figure: Figure) -> None:
    """Choose the typefaces and place everything once; matplotlib itself would do so twice and draw in between."""
    texts = figure.findobj(Text)
    family = theme.family_for(text.get_text() for text in texts)
    if len(family) > 1:
        for text in texts:
            text.set_fontfamily(family)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)  # "none" would leave a stand-in, for which savefig draws everything once more


def _shorter(number: re.Match[str]) -> str:
    """Cut a coordinate to hundredths of a point; scales stay as they are."""
    return number[1] or number[2]


def as_png(figure: Figure) -> str:
    """Return a figure as a PNG (200 dots an inch) in base64, for clouds of points that would make a heavy SVG."""
    _laid_out(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=200, metadata={"Software": None})
    return b64encode(buffer.getvalue()).decode()
