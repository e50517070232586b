"""One thing that was found in a message."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple


class Entity(NamedTuple):
    """A slot's value on the token range [start, end)."""

    slot: str
    value: Any
    """Normalised: a string, an integer, or a list for questions and their operations."""
    start: int
    end: int
    origin: Literal["stated", "mapped"]
    requested: str | int | None = None
    """What was asked for, where the value was adjusted."""
    negated: bool = False
    """The message says that it is *not* this, or that it is somebody else's."""
    rank: int = 0
    """Of several values of one slot, how plainly the message names this one."""
