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
        weights = np.concatenate([self._tables.rows.take(rows, axis=0).ravel(), *letters], dtype=self._wide)
        sums = np.add.reduce(_thousandths(weights.reshape(len(values), -1), values))
        sums += self._beside(situation(reading))
        reading.scores = list(map(add, reading.scores, sums.tolist()))

    def terms(self, reading: Reading, column: int, most: int) -> tuple[list[Weighed], int]:
        """What features add to one class: the `most` heaviest, and any as heavy, and what the others come to."""
        if not self._tables.bias:
            return [], 0
        groups = self._features(reading)
        rows, values = self._rows(groups)
        letters = list(dict.fromkeys(reading.stated.stems))
        of_letters = [self._letters[stem][column] for stem in letters]
        values += [letter_value(reading.stated)] * len(letters)
        parts = _thousandths(
            np.concatenate([self._tables.rows[rows, column], of_letters], dtype=self._wide), values
        ).tolist()
        bias = int(self._tables.rows[self._tables.bias, column])
        least = sorted((abs(part) for part in (*parts, bias)), reverse=True)[: most + 1][-1]
        heavy = [
            (self._features.key(group, number), group.place(group.numbers.index(number)), part)
            for (group, number), part in zip(self._distinct(groups), parts, strict=False)
            if part and abs(part) >= least
        ]
        at = reading.stated.stems.index
        heavy += [
            (f"c:{stem}", (at(stem), at(stem) + 1), part)
            for stem, part in zip(letters, parts[len(rows) :], strict=True)
            if part and abs(part) >= least
        ]
        heavy.append((BIAS, None, bias))
        return heavy, sum(parts) + bias - sum(weight for _, _, weight in heavy)

    def _rows(self, groups: Iterable[Group]) -> tuple[NDArray[np.int32], list[int]]:
        """The row of each feature, and its value."""
        at: list[int] = []
        values: list[int] = []
        for kind, value, about, _, paired in groups:
            start = self._tables.start(kind, paired=paired)
            if start is not None:
                at += [start + number for number in dict.fromkeys(about)]
                values += [value] * (len(at) - len(values))
        return self._tables.index.take(np.array(at, dtype=np.int64)), values

    def _distinct(self, groups: Iterable[Group]) -> Iterator[tuple[Group, int]]:
        """The features that `_rows` gives rows of, in the same order."""
        for group in groups:
            if self._tables.start(group.kind, paired=group.paired) is not None:
                yield from ((group, number) for number in dict.fromkeys(group.numbers))

    def _sums_of(self, situation: Situation) -> _Sums:
        """The summed weights of what is besides the words, with the bias."""
        rows, values = self._rows(self._features.of_situation(situation))
        weights = self._tables.rows.take(rows, axis=0).astype(self._wide)
        sums: _Sums = np.add.reduce(_thousandths(weights, values)) + self._tables.rows[self._tables.bias]
        return sums

    def _letters_of(self, stem: str) -> _Sums:
        """The summed weights of a word's letter groups."""
        start = self._tables.start("c", paired=False)
        numbers = [] if start is None else self._names.ids(letter_features(stem))
        rows = self._tables.index.take(np.array(numbers, dtype=np.int64) + (start or 0))
        summed: _Sums = self._tables.rows.take(rows, axis=0).sum(axis=0, dtype=self._wide)
        return summed


def _thousandths(weights: _Sums, values: list[int]) -> _Sums:
    """Each weight, or row of weights, times its value; changes `weights`."""
    by_row: _Sums = np.array(values, dtype=weights.dtype)
    weights *= by_row[:, None] if weights.ndim > 1 else by_row
    weights += UNIT // 2
    weights //= UNIT
    return weights
