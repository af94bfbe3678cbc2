"""Sentences, tables and charts inside a thin notebook: each puts out one content object and returns nothing."""

from analysis.presentation.all_cases import all_within
from analysis.presentation.beginning import begin, put
from analysis.presentation.causes import cause
from analysis.presentation.cells import column
from analysis.presentation.changes import since_before
from analysis.presentation.charts import (
    calendar,
    distribution,
    diverging,
    funnel,
    heat,
    panels,
    points,
    ranks,
    set_theme,
    stacked,
    weeks,
)
from analysis.presentation.closing import close
from analysis.presentation.comparisons import compare
from analysis.presentation.follow_up import to_do
from analysis.presentation.judged_groups import judged_each
from analysis.presentation.limits import limit, limits
from analysis.presentation.peers import peers
from analysis.presentation.reading import how_to_read
from analysis.presentation.registers import conflicts, overdue_actions
from analysis.presentation.reporting import reported, say_reporting
from analysis.presentation.scorecard import scorecard, tally
from analysis.presentation.sentences import heading, say
from analysis.presentation.tables import table
from analysis.presentation.verdicts import every_at_least, judged

__all__ = [
    "all_within",
    "begin",
    "calendar",
    "cause",
    "close",
    "column",
    "compare",
    "conflicts",
    "distribution",
    "diverging",
    "every_at_least",
    "funnel",
    "heading",
    "heat",
    "how_to_read",
    "judged",
    "judged_each",
    "limit",
    "limits",
    "overdue_actions",
    "panels",
    "peers",
    "points",
    "put",
    "ranks",
    "reported",
    "say",
    "say_reporting",
    "scorecard",
    "set_theme",
    "since_before",
    "stacked",
    "table",
    "tally",
    "to_do",
    "weeks",
]
