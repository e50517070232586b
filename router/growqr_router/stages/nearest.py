"""Stage 8, second half: which of the pack's examples the message is most like."""

from __future__ import annotations

import numpy as np

from growqr_router.familiarity import Familiarity
from growqr_router.features import feature_stems
from growqr_router.neighbours import Neighbours
from growqr_router.reading import Reading, Term
from growqr_rules import Pack

WEIGHT = 5000
"""Thousandths of a margin for a class whose three nearest examples are the very message."""


class Nearest:
    """Adds to each class what its nearest examples are worth, and notes which routes know the message's words."""

    name = "similarity"

    def __init__(self, neighbours: Neighbours, pack: Pack) -> None:
        self._neighbours = neighbours
        unit = np.eye(len(pack.classes), dtype=np.int64)
        self._unit = {name: unit[c] for c, name in enumerate(pack.classes)}
        heard = ((pack.route_of(example.name), example.words) for example in neighbours.examples)
        self._familiarity = Familiarity(heard, pack.class_routes)

    def __call__(self, reading: Reading) -> None:
        """Put each class's likest example on record."""
        words = feature_stems(reading)
        reading.familiar = self._familiarity.shares(words)
        near = self._neighbours.like(words, reading.context.state)
        everywhere = (0, len(reading.words))
        for like in near:
            weights = self._unit[like.name] * round(WEIGHT * like.value)
            reading.add(Term(f"near {like.example.source}", everywhere, weights))
