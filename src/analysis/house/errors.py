"""A mistake of the user's, told in one Chinese line."""

from __future__ import annotations


class UserError(Exception):
    """A mistake that the person at the keyboard can mend.

    The command line prints `message` alone on standard error, without a traceback, and ends with `exit_status`.

    Parameters
    ----------
    message
        One Chinese line that names the file, sheet, row, column and value concerned, and the remedy.
    exit_status
        What the process ends with; 2 for unusable input.
    """

    def __init__(self, message: str, *, exit_status: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.exit_status = exit_status
