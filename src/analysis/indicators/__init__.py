"""Indicators: declared once in a catalogue, counted alike on every engine, each figure with its base and interval."""

from analysis.indicators.statistic import Scope, Statistic, Statistics

__all__ = ["Scope", "Statistic", "Statistics", "Study"]


def __getattr__(name: str) -> object:
    """Import `Study` when it is first asked for, so that the package itself stays light."""
    if name == "Study":
        from analysis.indicators.study import Study

        return Study
    raise AttributeError(name)
