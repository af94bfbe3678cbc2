"""A simulated district: its truth as named constants, its raw files in the forms that staff hold, and large tables."""
