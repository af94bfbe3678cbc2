"""What people write, read once for all: numerals, quantities, and personal data."""
