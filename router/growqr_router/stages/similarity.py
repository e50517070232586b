"""Stage 8: how much the message looks like the pack's examples, by weights fitted to them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from growqr_router.features import UNIT, feature_stems, features, letter_features, letter_value
from growqr_router.reading import Feature, Reading, Scores
from growqr_router.weights import BIAS, Weights


class Similarity:
    """Adds value x weight of every known feature, in integers."""

    name = "similarity"

    def __init__(self, weights: Weights, kinds: dict[str, str]) -> None:
        self._weights = weights
        self._kinds = kinds
        self._nothing = np.zeros(len(weights.classes), dtype=np.int64)
        self.letters = lru_cache(maxsize=20_000)(self._letters)

    def __call__(self, reading: Reading) -> None:
        """Put the features' weights on record and into the scores."""
        index = self._weights.index
        if not index:
            return
        stems = feature_stems(reading)
        distinct = {stem: i for i, stem in reversed(list(enumerate(stems)))}
        letters = letter_value(stems)
        found = [f for f in features(reading, self._kinds) if f.key in index]
        found.append(Feature(BIAS, 0, 0, UNIT))
        rows = self._weights.rows[[index[f.key] for f in found]]
        if distinct:
            found += [Feature(f"c:{stem}", i, i + 1, letters) for stem, i in sorted(distinct.items())]
            rows = np.concatenate([rows, [self.letters(stem) for stem in sorted(distinct)]])
        values = np.array([f.value for f in found], dtype=np.int64)
        reading.features = found
        reading.weights = (rows * values[:, None] + UNIT // 2) // UNIT
        reading.scores = reading.scores + reading.weights.sum(axis=0)

    def _letters(self, stem: str) -> Scores:
        """The summed weights of a word's letter groups."""
        found = [self._weights.index[key] for key in letter_features(stem) if key in self._weights.index]
        return self._weights.rows[found].sum(axis=0) if found else self._nothing
