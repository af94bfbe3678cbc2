"""Survey statistics: estimates from clustered, weighted, incomplete answers, and what may be said of them."""

from analysis.statistics.design import SurveyDesign
from analysis.statistics.estimate import Estimate
from analysis.statistics.levels import at_level
from analysis.statistics.results import estimates
from analysis.statistics.verdict import JointVerdict, Verdict, every, needed, verdict

__all__ = ["Estimate", "JointVerdict", "SurveyDesign", "Verdict", "at_level", "estimates", "every", "needed", "verdict"]
