"""Indicators: declared once in a catalogue, counted alike on every engine, each figure with its base and interval."""

from analysis.indicators.statistic import Scope, Statistic, Statistics

__all__ = ["Scope", "Statistic", "Statistics", "Study", "own_figure"]


def __getattr__(name: str) -> object:
    """Import what needs pandas when it is first asked for, so that the package itself stays light."""
    if name == "Study":
        from analysis.indicators.study import Study

        return Study
    if name == "own_figure":
        from analysis.indicators.own import own_figure

        return own_figure
    raise AttributeError(name)
