"""Stage 8, second half: which of the pack's examples the message is most like."""

from __future__ import annotations

from growqr_router.familiarity import Familiarity
from growqr_router.postings import Postings
from growqr_router.reading import Reading, Term

WEIGHT = 5000
"""Thousandths of a margin for a class whose three nearest examples are the very message."""


class Nearest:
    """Adds to each class what its nearest examples are worth, and notes which routes know the message's words."""

    name = "similarity"

    def __init__(self, postings: Postings, familiarity: Familiarity) -> None:
        self._postings = postings
        self._familiarity = familiarity

    def __call__(self, reading: Reading) -> None:
        """Put each class's likest example on record."""
        reading.familiar = self._familiarity.shares(reading.stated)
        everywhere = (0, len(reading.words))
        for like in self._postings.like(reading.stated, reading.context.state):
            weight = round(WEIGHT * like.value)
            reading.add(Term(f"near {like.source}", everywhere, like.column, weight))
