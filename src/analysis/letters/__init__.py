"""Deputies' suggestions and what the office answers: register, deadlines, letters, drafts, figures already published."""

from analysis.letters.owed import Owed, owed

__all__ = ["Owed", "owed"]
