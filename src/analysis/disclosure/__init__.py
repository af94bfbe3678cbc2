"""What an audience may see: policy as named constants, protection as one pure function."""

from analysis.disclosure.policy import REASONS, SMALL_GROUP, UNNAMED, of_institutions, threshold, unsafe
from analysis.disclosure.protection import UNNAMED_DIMENSION, Numbering, Protected, forms, protect, unnamed_beside
from analysis.reference.settings import SMALLEST_CELL

__all__ = [
    "REASONS",
    "SMALLEST_CELL",
    "SMALL_GROUP",
    "UNNAMED",
    "UNNAMED_DIMENSION",
    "Numbering",
    "Protected",
    "forms",
    "of_institutions",
    "protect",
    "threshold",
    "unnamed_beside",
    "unsafe",
]
