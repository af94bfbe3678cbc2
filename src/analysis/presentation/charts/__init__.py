"""Charts, each answering one question; the title says the finding."""

from analysis.presentation.charts.composition import stacked
from analysis.presentation.charts.distribution import distribution
from analysis.presentation.charts.funnels import funnel, ranks
from analysis.presentation.charts.grids import calendar, heat
from analysis.presentation.charts.likert import diverging
from analysis.presentation.charts.points import panels, points
from analysis.presentation.charts.theme import set_theme
from analysis.presentation.charts.weeks import weeks

__all__ = [
    "calendar",
    "distribution",
    "diverging",
    "funnel",
    "heat",
    "panels",
    "points",
    "ranks",
    "set_theme",
    "stacked",
    "weeks",
]
