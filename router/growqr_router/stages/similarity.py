"""Stage 8: how much the message looks like the pack's examples, by weights fitted to them."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np

from growqr_router.features import Feature, concept_features, letter_features, state_feature, word_features
from growqr_router.lexicon import Hit
from growqr_router.reading import Reading, Scores, Term
from growqr_router.weights import BIAS, Weights

NUMBER = "<n>"
"""All numbers are one word."""
LETTER_SHARE = 0.09
"""What one letter group adds to the squared length of a message; a word or pair adds 1."""


class Similarity:
    """Adds the weight of every known feature. Words, pairs and letters are divided by the message's length."""

    name = "similarity"

    def __init__(self, weights: Weights, kinds: dict[str, str]) -> None:
        self._weights = weights
        self._kinds = kinds
        self._nothing = np.zeros(len(weights.classes), dtype=np.int64)
        self.letters = lru_cache(maxsize=20_000)(self._letters)

    def __call__(self, reading: Reading) -> None:
        """Put the features' terms on record."""
        if not self._weights.index:
            return
        stems = feature_stems(reading)
        words = list(word_features(stems))
        length = sqrt(max(squared_length(stems, words), 1.0))
        for feature in words:
            self._add(reading, feature, length)
        for i, stem in enumerate(stems):
            if stem not in stems[:i]:
                reading.add(Term(f"c:{stem}", (i, i + 1), _scaled(self.letters(stem), length)))
        pairs = act_object_pairs(reading, self._kinds)
        for feature in concept_features(reading.hits, pairs, reading.context.state):
            self._add(reading, feature, 1.0)
        self._add(reading, state_feature(reading.context.state), 1.0)
        self._add(reading, Feature(BIAS, 0, 0), 1.0)
        known = sum(f"w:{stem}" in self._weights.index for stem in stems)
        reading.known = known / len(stems) if stems else 0.0

    def _add(self, reading: Reading, feature: Feature, length: float) -> None:
        row = self._weights.index.get(feature.key)
        if row is not None:
            words = (feature.start, feature.end) if feature.end else None
            reading.add(Term(feature.key, words, _scaled(self._weights.rows[row], length)))

    def _letters(self, stem: str) -> Scores:
        """The summed weights of a word's letter groups."""
        found = [self._weights.index[key] for key in letter_features(stem) if key in self._weights.index]
        return self._weights.rows[found].sum(axis=0) if found else self._nothing


def _scaled(row: Scores, length: float) -> Scores:
    return np.rint(row / length).astype(np.int64)


def feature_stems(reading: Reading) -> list[str]:
    """The message's stems as the features see them."""
    return [NUMBER if stem.isdigit() else stem for stem in reading.stems]


def squared_length(stems: list[str], words: list[Feature]) -> float:
    """The squared Euclidean length of a message's word, pair and letter features."""
    return len(words) + LETTER_SHARE * sum(len(letter_features(stem)) for stem in set(stems))


def act_object_pairs(reading: Reading, kinds: dict[str, str]) -> list[tuple[Hit, Hit]]:
    """Each act with each object of its clause."""
    clause_of: dict[int, int] = {}
    for number, (start, end) in enumerate(reading.document.clauses):
        clause_of.update(dict.fromkeys(range(start, end), number))
    place = {hit: clause_of[reading.words[hit.start]] for hit in reading.hits}
    acts = [hit for hit in reading.hits if kinds[hit.concept] == "act"]
    objects = [hit for hit in reading.hits if kinds[hit.concept] == "object"]
    return [(act, thing) for act in acts for thing in objects if place[act] == place[thing]]
