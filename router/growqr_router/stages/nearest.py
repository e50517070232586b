"""Stage 8, second half: which of the pack's examples the message is most like."""

from __future__ import annotations

import numpy as np

from growqr_router.features import feature_stems
from growqr_router.neighbours import Neighbours
from growqr_router.reading import Reading, Term

WEIGHT = 6000
"""Thousandths of a margin for a class whose three nearest examples are the very message."""


class Nearest:
    """Adds to each class what its nearest examples are worth."""

    name = "similarity"

    def __init__(self, neighbours: Neighbours, classes: tuple[str, ...]) -> None:
        self._neighbours = neighbours
        unit = np.eye(len(classes), dtype=np.int64)
        self._unit = {name: unit[c] for c, name in enumerate(classes)}

    def __call__(self, reading: Reading) -> None:
        """Put each class's likest example on record."""
        near = self._neighbours.like(feature_stems(reading), reading.context.state)
        reading.alike = near[0].value if near else 0.0
        everywhere = (0, len(reading.words))
        for like in near:
            weights = self._unit[like.name] * round(WEIGHT * like.value)
            reading.add(Term(f"near {like.example.source}", everywhere, weights))
