"""Stage 8: how much the message looks like the pack's examples, by weights fitted to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from growqr_router.features import UNIT, Features, Group, Situation, letter_features, letter_value, situation
from growqr_router.memo import Memo
from growqr_router.names import Names
from growqr_router.reading import Reading, Weighed
from growqr_router.tables import Tables
from growqr_router.weights import BIAS

_Sums = NDArray[Any]
"""Integers, one per class, or rows of them."""


class Similarity:
    """Adds value x weight of every known feature, in integers."""

    name = "similarity"

    def __init__(self, tables: Tables, names: Names, features: Features) -> None:
        """`names` number what `features` gives and `tables` has."""
        self._tables = tables
        self._names = names
        self._features = features
        # A weight of 16 bits times a value of at most `UNIT`, summed over a word's letters, is less than 2**31.
        self._wide = np.int32 if tables.rows.dtype == np.int16 else np.int64
        self._letters = Memo(self._letters_of)
        self._beside = lru_cache(maxsize=4096)(self._sums_of)

    def __call__(self, reading: Reading) -> None:
        """Put the features' weights into the scores."""
        reading.stated = self._features.stated(reading)
        if not self._tables.bias:
            return
        rows, values = self._rows(self._features.of_words(reading))
        letters = list(map(self._letters.__getitem__, set(reading.stated.stems)))
        values += [letter_value(reading.stated)] * len(letters)
        weights = np.concatenate([rows.ravel(), *letters], dtype=self._wide)
        sums = self._summed(weights.reshape(len(values), -1), values) + self._beside(situation(reading))
        reading.scores = list(map(add, reading.scores, sums.tolist()))

    def terms(self, reading: Reading, column: int) -> Iterator[Weighed]:
        """Each known feature's key and word range, with what it adds to one class."""
        if not self._tables.bias:
            return
        for group in self._features(reading):
            for number, place in group.places().items():
                row = self._row(group, number)
                if row:
                    weight = _part(self._tables.rows[row, column], group.value)
                    yield self._features.key(group, number), place, weight
        yield BIAS, None, int(self._tables.rows[self._tables.bias, column])
        stems = reading.stated.stems
        for stem in dict.fromkeys(stems):
            at = stems.index(stem)
            yield f"c:{stem}", (at, at + 1), _part(self._letters[stem][column], letter_value(reading.stated))

    def _rows(self, groups: Iterable[Group]) -> tuple[_Sums, list[int]]:
        """The weights of each feature, one row each, and its value."""
        at: list[int] = []
        values: list[int] = []
        for kind, value, about, _, paired in groups:
            start = self._tables.start(kind, paired=paired)
            if start is not None:
                at += [start + number for number in dict.fromkeys(about)]
                values += [value] * (len(at) - len(values))
        rows = self._tables.index.take(np.array(at, dtype=np.int64))
        return self._tables.rows.take(rows, axis=0), values

    def _row(self, group: Group, number: int) -> int:
        start = self._tables.start(group.kind, paired=group.paired)
        return 0 if start is None else int(self._tables.index[start + number])

    def _summed(self, weights: _Sums, values: list[int]) -> _Sums:
        """The sum of all rows, each times its value."""
        thousandths = weights * np.array(values, dtype=self._wide)[:, None]
        thousandths += UNIT // 2
        thousandths //= UNIT
        sums: _Sums = np.add.reduce(thousandths)
        return sums

    def _sums_of(self, situation: Situation) -> _Sums:
        """The summed weights of what is besides the words, with the bias."""
        rows, values = self._rows(self._features.of_situation(situation))
        sums: _Sums = self._summed(rows.astype(self._wide), values) + self._tables.rows[self._tables.bias]
        return sums

    def _letters_of(self, stem: str) -> _Sums:
        """The summed weights of a word's letter groups."""
        start = self._tables.start("c", paired=False)
        numbers = [] if start is None else self._names.ids(letter_features(stem))
        rows = self._tables.index.take(np.array(numbers, dtype=np.int64) + (start or 0))
        summed: _Sums = self._tables.rows.take(rows, axis=0).sum(axis=0, dtype=self._wide)
        return summed


def _part(weight: int, value: int) -> int:
    return (int(weight) * value + UNIT // 2) // UNIT
