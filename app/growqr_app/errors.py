"""A user's mistakes: shown as one message, never as a traceback."""

from __future__ import annotations

EXIT_DIFFERS = 1
"""Exit code: the input was usable, but what was asked for did not come out."""
EXIT_UNUSABLE = 2
"""Exit code: the command line or a file that it names cannot be used."""


class UserError(Exception):
    """Something that the person at the command line can put right.

    Attributes:
        allowed: the values that would have been accepted, where they are known.
        exit_code: what the process exits with.
    """

    def __init__(self, message: str, *, allowed: tuple[str, ...] = (), exit_code: int = EXIT_UNUSABLE) -> None:
        self.allowed = allowed
        self.exit_code = exit_code
        super().__init__(f"{message} Allowed: {', '.join(allowed)}." if allowed else message)
