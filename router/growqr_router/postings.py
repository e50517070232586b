"""The pack's examples as an index: which of them is a message most like, by the words and word pairs they share.

Cosine of IDF-weighted words and pairs; of each class the mean of its three nearest examples counts, and an example of
another state counts less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from growqr_router.neighbours import Neighbour

NEAREST = 3
_OTHER_STATE = 0.6
_COMMONEST = 1500
"""A word or pair in more examples than this tells nothing apart and is left out."""
_ALMOST = 0.3
"""Examples less alike than this share of the likest are not looked at."""


class Likeness(NamedTuple):
    """How much a class's examples are like the message (0..1), and the likest of them."""

    column: int
    """The class, as its place in the pack's classes."""
    value: float
    source: str
    """`file:line` of the likest."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Term -> the examples that have it, in one array: `holders[bounds[t] : bounds[t + 1]]` are those of term `t`."""

    terms: dict[str, int]
    rarity: NDArray[np.float64]
    """The IDF of each term."""
    bounds: NDArray[np.int64]
    """Where each term's holders begin, and, last, where all end."""
    holders: NDArray[np.int64]
    lengths: NDArray[np.float64]
    """Of each example its Euclidean length."""
    sources: list[str]
    """Of each example its `file:line`."""
    columns: NDArray[np.int64]
    """Of each example its class, as its place in the pack's classes."""
    states: list[str]
    """The states that examples stand in, sorted."""
    places: NDArray[np.int64]
    """Of each example its state, as its place in `states`."""

    @classmethod
    def of(cls, examples: Sequence[Neighbour], classes: Sequence[str]) -> Postings:
        """The index of the words and word pairs of examples."""
        held: dict[str, list[int]] = defaultdict(list)
        for number, example in enumerate(examples):
            for term in dict.fromkeys(_terms(example.words)):
                held[term].append(number)
        total = len(examples)
        rarity = {term: log(total / (1 + len(at))) for term, at in held.items() if 1 + len(at) < total}
        squares = np.zeros(total)
        for term, weight in rarity.items():
            squares[held[term]] += weight * weight
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        kept = [term for term in rarity if len(held[term]) <= _COMMONEST]
        counts = [len(held[term]) for term in kept]
        rare = np.array([rarity[term] for term in kept], dtype=np.float64)
        holders = np.array([number for term in kept for number in held[term]], dtype=np.int64)
        states = sorted({example.state for example in examples})
        return cls(
            terms={term: i for i, term in enumerate(kept)},
            rarity=rare,
            bounds=np.array([0, *accumulate(counts)], dtype=np.int64),
            holders=holders,
            lengths=lengths,
            sources=[example.source for example in examples],
            columns=np.array([classes.index(example.name) for example in examples], dtype=np.int64),
            states=states,
            places=np.array([states.index(example.state) for example in examples], dtype=np.int64),
        )

    def like(self, words: Sequence[str], state: str) -> list[Likeness]:
        """The classes that have examples like a message, in no order; rounded to 1e-6, so the same anywhere."""
        found = [self.terms[term] for term in dict.fromkeys(_terms(words)) if term in self.terms]
        if not found:
            return []
        near, alike = self._near(self._likeness(found), state)
        rounded = np.rint(alike * 1e6).astype(np.int64)
        best: dict[int, tuple[int, list[int]]] = {}
        for value, number, column in sorted(
            zip((-rounded).tolist(), near.tolist(), self.columns[near].tolist(), strict=True)
        ):
            _, values = best.setdefault(column, (number, []))
            if len(values) < NEAREST:
                values.append(-value)
        return [
            Likeness(column, round(sum(values) / NEAREST / 1e6, 6), self.sources[number])
            for column, (number, values) in best.items()
        ]

    def _likeness(self, found: list[int]) -> NDArray[np.float64]:
        """How alike each example is to a message with these terms, 0..1."""
        rarity = self.rarity[found]
        length = sqrt(sum([weight * weight for weight in rarity.tolist()]))
        starts, ends = self.bounds[found], self.bounds[1:][found]
        spans = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        holders = np.concatenate([self.holders[span] for span in spans])
        parts = np.repeat(rarity, ends - starts) / self.lengths[holders]
        parts *= np.repeat(rarity / length, ends - starts)
        return np.bincount(holders, parts, len(self.sources)).astype(np.float64, copy=False)

    def _near(self, likeness: NDArray[np.float64], state: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The examples that are almost as alike as the likest, and how alike they are in `state`."""
        # Before the state counts, one that is near has this much at least of what the likest has.
        near = np.flatnonzero(likeness >= likeness.max() * (_ALMOST * _OTHER_STATE * 0.999))
        alike = likeness[near]
        if state in self.states:
            alike = alike * np.where(self.places[near] == self.states.index(state), 1.0, _OTHER_STATE)
        almost = alike >= alike.max() * _ALMOST
        return near[almost], alike[almost]


def _terms(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{left} {right}" for left, right in pairwise(("<", *words, ">")))]
