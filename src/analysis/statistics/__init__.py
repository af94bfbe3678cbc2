"""Survey statistics: estimates from clustered, weighted, incomplete answers, and what may be said of them.

`SurveyDesign` estimates, `verdict` judges a claim, `together` many; `funnel` and `shrink` compare many units, `change` two waves; `ewma`
and `p_prime` watch a series; `analysis.statistics.likert`, `.response` and `.consistency` hold what concerns scales,
non-response and published figures. Formulas, sources and measured coverage: ``docs/methods.md``.
"""

from analysis.statistics.change import Change, change
from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.funnel import Funnel, Homogeneity, funnel
from analysis.statistics.levels import at_level, capped, effective_n, with_df
from analysis.statistics.monitoring import ewma, p_prime
from analysis.statistics.multiplicity import benjamini_hochberg, holm
from analysis.statistics.results import estimates
from analysis.statistics.shrinkage import Shrunken, rank_intervals, shrink
from analysis.statistics.simultaneous import directions, together
from analysis.statistics.verdict import JointVerdict, Verdict, every, needed, verdict

__all__ = [
    "Change",
    "Estimate",
    "Funnel",
    "Homogeneity",
    "JointVerdict",
    "Shrunken",
    "SurveyDesign",
    "Verdict",
    "at_level",
    "benjamini_hochberg",
    "capped",
    "change",
    "directions",
    "effective_n",
    "estimates",
    "every",
    "ewma",
    "funnel",
    "holm",
    "needed",
    "p_prime",
    "rank_intervals",
    "shrink",
    "together",
    "verdict",
    "with_df",
]
