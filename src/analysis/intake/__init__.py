"""Intake: files in the forms that staff hold become checked tables; every row is accepted or put aside with a reason."""
