"""Stage 8: how much the message looks like the pack's examples, by weights fitted to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from growqr_router.features import UNIT, features, letter_features, letter_value
from growqr_router.reading import Reading, Scores, Weighed
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
        if not self._weights.tables:
            return
        reading.weighed = table = self._weigh(reading)
        reading.scores = reading.scores + table.sum(axis=0)

    def terms(self, reading: Reading, column: Sequence[int]) -> Iterator[Weighed]:
        """Each known feature's key and word range, with its weight from one class's column of `Reading.weighed`."""
        if not column:
            return
        weights = iter(column)
        for group in features(reading, reading.stated, self._kinds):
            known = self._weights.tables.get(group.kind, {})
            for name, place in group.places().items():
                if name in known:
                    yield f"{group.kind}:{name}", place, next(weights)
        yield BIAS, None, next(weights)
        for stem in dict.fromkeys(reading.stated):
            at = reading.stated.index(stem)
            yield f"c:{stem}", (at, at + 1), next(weights)

    def _weigh(self, reading: Reading) -> Scores:
        """A row for each known feature, in their order, one for the bias, and one for each word's letters."""
        tables = self._weights.tables
        rows: list[int] = []
        values: list[int] = []
        for kind, value, names, _ in features(reading, reading.stated, self._kinds):
            known = tables.get(kind, {})
            found = [known[name] for name in dict.fromkeys(names) if name in known]
            rows += found
            values += [value] * len(found)
        rows.append(tables[BIAS][""])
        values.append(UNIT)
        letters = [self.letters(stem) for stem in dict.fromkeys(reading.stated)]
        values += [letter_value(reading.stated)] * len(letters)
        weights = self._weights.rows[rows]
        if letters:
            weights = np.concatenate([weights.ravel(), *letters]).reshape(len(values), -1)
        thousandths: Scores = weights * np.array(values, dtype=np.int64)[:, None]
        return (thousandths + UNIT // 2) // UNIT

    def _letters(self, stem: str) -> Scores:
        """The summed weights of a word's letter groups."""
        known = self._weights.tables.get("c", {})
        found = [known[name] for name in letter_features(stem) if name in known]
        return self._weights.rows[found].sum(axis=0, dtype=np.int64) if found else self._nothing
