"""Vector pictures as PNG, for forms that hold no SVG; drawn by Typst with the same fonts as the PDF."""

from __future__ import annotations

import base64
from functools import lru_cache

import typst

from analysis.house import UserError
from analysis.house.content import Json
from analysis.publishing.html_blocks import svg
from analysis.publishing.html_page import TEMPLATES
from analysis.publishing.typefaces import faces

PIXELS_PER_INCH = 200.0


@lru_cache(maxsize=1)
def compiler() -> typst.Compiler:
    """Return the process's one compiler of single pictures."""
    return typst.Compiler(
        str(TEMPLATES / "picture.typ"), root=str(TEMPLATES), font_paths=[str(faces().folder)], ignore_system_fonts=True
    )


def png(block: Json, width_mm: float) -> bytes:
    """Return a figure's picture as PNG.

    Raises
    ------
    UserError
        If the SVG cannot be drawn.
    """
    if block["media_type"] == "image/png":
        return base64.b64decode(block["data"], validate=True)
    inputs = {"data": svg(block["data"]), "width": str(width_mm)}
    try:
        made = compiler().compile(format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs)
    except typst.TypstError as slip:
        raise UserError(f"{block['place']}：图“{block['name']}”画不出来：{slip}。") from slip
    assert isinstance(made, bytes)
    return made
