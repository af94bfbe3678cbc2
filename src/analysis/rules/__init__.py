"""Rules with effective dates, terms and school days: kept as data that people edit, read here."""

from analysis.rules.calendar import Calendar, calendar, school_days, term_ids, term_of, terms, working_day
from analysis.rules.rule import Rule, grade_band, rule, rules, rules_applied, stage_of

__all__ = [
    "Calendar",
    "Rule",
    "calendar",
    "grade_band",
    "rule",
    "rules",
    "rules_applied",
    "school_days",
    "stage_of",
    "term_ids",
    "term_of",
    "terms",
    "working_day",
]
