"""The catalogue of indicators: what each is called, what it means, how it is printed, what it is judged by."""

from __future__ import annotations

from pathlib import Path

from analysis.house import UserError
from analysis.reference.indicators import Indicator as Entry
from analysis.reference.indicators import indicators_file

__all__ = ["Entry", "describe", "entries"]


def entries(file: Path | None = None) -> dict[str, Entry]:
    """Return the catalogue by id, in the file's order (`analysis.reference.indicators.indicators_file`)."""
    return indicators_file(file)


def describe(id: str) -> Entry:
    """Return the catalogue's entry of an indicator.

    Raises
    ------
    UserError
        If no indicator of that id is declared.
    """
    catalogue = entries()
    if id not in catalogue:
        raise UserError(
            f"指标目录 data/reference/indicators.toml 中没有“{id}”；请用 shuangjian indicators 查看全部指标。"
        )
    return catalogue[id]
