"""The pack's examples as an index: which of them is a message most like, by the words and word pairs they share.

Cosine of IDF-weighted words and pairs; of each class the mean of its three nearest examples counts, and an example of
another state counts less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from growqr_router.names import Names
from growqr_router.neighbours import Neighbour
from growqr_router.reading import Stated

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
    """Term -> the examples that have it, in one array: `holders[start:end]`, where `spans[term]` is `start, end`."""

    words: NDArray[np.int32]
    """Which term a word is, by its number; -1: none."""
    pairs: NDArray[np.int32]
    """The same for pairs of neighbours."""
    rarity: NDArray[np.float64]
    """The IDF of each term."""
    spans: NDArray[np.int64]
    """Of each term where its holders begin and end."""
    holders: NDArray[Any]
    """Examples by their number, in the smallest type that holds it."""
    parts: NDArray[np.float64]
    """What each term adds to the likeness of each of its holders, before the length of the message counts."""
    sources: list[str]
    """Of each example its `file:line`."""
    columns: NDArray[np.int16]
    """Of each example its class, as its place in the pack's classes."""
    states: list[str]
    """The states that examples stand in, sorted."""
    places: NDArray[np.int16]
    """Of each example its state, as its place in `states`."""

    @classmethod
    def of(cls, examples: Sequence[Neighbour], classes: Sequence[str], names: Names) -> Postings:
        """The index of the words and word pairs of examples; `names` has all of them."""
        held: dict[tuple[bool, int], list[int]] = defaultdict(list)
        for number, example in enumerate(examples):
            words = names.ids(example.words)
            for term in dict.fromkeys(_terms(words, names.pairs([names.ends[0], *words, names.ends[1]]))):
                held[term].append(number)
        total = len(examples)
        rarity = {term: log(total / (1 + len(at))) for term, at in held.items() if 1 + len(at) < total}
        squares = np.zeros(total)
        for term, weight in rarity.items():
            squares[held[term]] += weight * weight
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        kept = [term for term in rarity if len(held[term]) <= _COMMONEST]
        counts = np.array([len(held[term]) for term in kept], dtype=np.int64)
        ends = counts.cumsum()
        rare = np.array([rarity[term] for term in kept], dtype=np.float64)
        holders = np.array([number for term in kept for number in held[term]], dtype=np.min_scalar_type(total))
        states = sorted({example.state for example in examples})
        places = {paired: np.full(1 + size, -1, dtype=np.int32) for paired, size in
                  ((False, len(names.names)), (True, len(names.keys)))}  # fmt: skip
        for i, (paired, number) in enumerate(kept):
            places[paired][number] = i
        return cls(
            words=places[False],
            pairs=places[True],
            rarity=rare,
            spans=np.stack([ends - counts, ends], axis=1),
            holders=holders,
            parts=np.repeat(rare * rare, counts) / lengths[holders],
            sources=[example.source for example in examples],
            columns=np.array([classes.index(example.name) for example in examples], dtype=np.int16),
            states=states,
            places=np.array([states.index(example.state) for example in examples], dtype=np.int16),
        )

    def like(self, said: Stated, state: str) -> list[Likeness]:
        """The classes that have examples like a message, in no order; rounded to 1e-6, so the same anywhere."""
        words, pairs = list(dict.fromkeys(said.words)), list(dict.fromkeys(said.pairs))
        terms = [*self.words.take(words).tolist(), *self.pairs.take(pairs).tolist()]
        found = [term for term in terms if term >= 0]
        if not found:
            return []
        best: dict[int, list[float]] = {}
        for unlike, number, column in sorted(zip(*self._near(found, state), strict=True)):
            likest = best.get(column)
            if likest is None:
                best[column] = [number, -unlike]
            elif len(likest) <= NEAREST:
                likest.append(-unlike)
        return [
            Likeness(column, round(sum(values) / NEAREST / 1e6, 6), self.sources[int(number)])
            for column, (number, *values) in best.items()
        ]

    def _near(self, found: list[int], state: str) -> tuple[list[float], list[int], list[int]]:
        """The examples that are almost as alike as the likest in `state` to a message with these terms.

        How unlike each is, in millionths below 0, its number and its class.
        """
        rarity = self.rarity.take(found).tolist()
        length = sqrt(sum([weight * weight for weight in rarity]))
        spans = [slice(start, end) for start, end in self.spans.take(found, axis=0).tolist()]
        holders = np.concatenate([self.holders[span] for span in spans], dtype=np.intp)
        parts = np.concatenate([self.parts[span] for span in spans])
        likeness = np.bincount(holders, parts)
        # Before the state counts, one that is near has this much at least of what the likest has.
        near = (likeness >= np.maximum.reduce(likeness) * (_ALMOST * _OTHER_STATE * 0.999)).nonzero()[0]
        alike = likeness.take(near)
        if state in self.states:
            alike[self.places.take(near) != self.states.index(state)] *= _OTHER_STATE
        almost = alike >= np.maximum.reduce(alike) * _ALMOST
        near = near[almost]
        unlike: list[float] = np.rint(alike[almost] * (-1e6 / length)).tolist()
        return unlike, near.tolist(), self.columns.take(near).tolist()


def _terms(words: Sequence[int], pairs: Sequence[int]) -> list[tuple[bool, int]]:
    return [*((False, word) for word in words), *((True, pair) for pair in pairs)]
