"""The pack's examples as an index: which of them is a message most like, by the words and word pairs they share.

Cosine of IDF-weighted words and pairs; of each class the mean of its three nearest examples counts, and an example of
another state counts less.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import log, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from growqr_rules import Problem, RulesError

NEAREST = 3
_OTHER_STATE = 0.6
_COMMONEST = 1500
"""A word or pair in more examples than this tells nothing apart and is left out."""
_ALMOST = 0.3
"""Examples less alike than this share of the likest are not looked at."""
_HEADER = "example\tclass\tstate\twords"


class Neighbour(NamedTuple):
    """One example: where it stands (`file:line`), its class, its state, its words as the features see them."""

    source: str
    name: str
    state: str
    words: tuple[str, ...]


class Likeness(NamedTuple):
    """How much a class's examples are like the message (0..1), and the likest of them."""

    name: str
    value: float
    example: Neighbour


@dataclass(frozen=True, slots=True)
class Postings:
    """Term -> the examples that have it, as one array: `holders[starts[t] : ends[t]]` are those of term `t`."""

    terms: dict[str, int]
    rarity: list[float]
    """The IDF of each term."""
    bounds: list[int]
    """Where each term's holders begin, and, last, where all end."""
    holders: NDArray[np.int64]
    shares: NDArray[np.float64]
    """Beside each holder, the weight that the term has in it."""

    @classmethod
    def of(cls, examples: Sequence[Sequence[str]]) -> Postings:
        """The postings of the words and word pairs of examples."""
        held: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(examples):
            for term in dict.fromkeys(_terms(words)):
                held[term].append(number)
        total = len(examples)
        rarity = {term: log(total / (1 + len(at))) for term, at in held.items() if 1 + len(at) < total}
        squares = np.zeros(total)
        for term, weight in rarity.items():
            squares[held[term]] += weight * weight
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        kept = [term for term in rarity if len(held[term]) <= _COMMONEST]
        counts = [len(held[term]) for term in kept]
        holders = np.array([number for term in kept for number in held[term]], dtype=np.int64)
        shares = np.repeat([rarity[term] for term in kept], counts) / lengths[holders]
        terms = {term: i for i, term in enumerate(kept)}
        return cls(terms, [rarity[term] for term in kept], [0, *accumulate(counts)], holders, shares)

    def likeness(self, words: Sequence[str], examples: int) -> NDArray[np.float64] | None:
        """How alike each of so many examples is, 0..1; None where nothing is shared."""
        found = [self.terms[term] for term in dict.fromkeys(_terms(words)) if term in self.terms]
        if not found:
            return None
        rarity = [self.rarity[term] for term in found]
        length = sqrt(sum([weight * weight for weight in rarity]))
        spans = [slice(self.bounds[term], self.bounds[term + 1]) for term in found]
        parts = np.concatenate([self.shares[span] for span in spans])
        parts *= np.repeat([weight / length for weight in rarity], [span.stop - span.start for span in spans])
        holders = np.concatenate([self.holders[span] for span in spans])
        return np.bincount(holders, parts, examples).astype(np.float64, copy=False)


class Neighbours:
    """The index. Immutable after construction."""

    def __init__(self, examples: Sequence[Neighbour]) -> None:
        self.examples = tuple(examples)

    @cached_property
    def _postings(self) -> Postings:
        return Postings.of([example.words for example in self.examples])

    @cached_property
    def _columns(self) -> tuple[list[str], NDArray[np.int64]]:
        """The states that examples stand in, sorted, and each example's as a place in that list."""
        states = sorted({example.state for example in self.examples})
        places = {state: i for i, state in enumerate(states)}
        return states, np.array([places[example.state] for example in self.examples], dtype=np.int64)

    def like(self, words: Sequence[str], state: str) -> list[Likeness]:
        """The classes that have examples like a message, most alike first; rounded to 1e-6, so the same anywhere."""
        likeness = self._postings.likeness(words, len(self.examples))
        if likeness is None:
            return []
        near, alike = self._near(likeness, state)
        rounded = np.rint(alike * 1e6).astype(np.int64)
        order = np.lexsort((near, -rounded))
        best: dict[str, tuple[list[int], Neighbour]] = {}
        for number, value in zip(near[order].tolist(), rounded[order].tolist(), strict=True):
            example = self.examples[number]
            values, _ = best.setdefault(example.name, ([], example))
            if len(values) < NEAREST:
                values.append(value)
        means = [(round(sum(values) / NEAREST / 1e6, 6), name, likest) for name, (values, likest) in best.items()]
        means.sort(key=lambda mean: (-mean[0], mean[1]))
        return [Likeness(name, value, likest) for value, name, likest in means]

    def _near(self, likeness: NDArray[np.float64], state: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The examples that are almost as alike as the likest, and how alike they are in `state`."""
        states, places = self._columns
        # Before the state counts, one that is near has this much at least of what the likest has.
        near = np.flatnonzero(likeness >= likeness.max() * (_ALMOST * _OTHER_STATE * 0.999))
        alike = likeness[near]
        if state in states:
            alike = alike * np.where(places[near] == states.index(state), 1.0, _OTHER_STATE)
        almost = alike >= alike.max() * _ALMOST
        return near[almost], alike[almost]

    def write(self, path: Path) -> None:
        """Write a tab-separated table."""
        rows = ("\t".join((e.source, e.name, e.state, " ".join(e.words))) for e in self.examples)
        path.write_text("\n".join((_HEADER, *rows)) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path, classes: Iterable[str]) -> Neighbours:
        """Read the table. Raises `RulesError` when it names classes that the pack does not have."""
        known = frozenset(classes)
        lines = path.read_text(encoding="utf-8").split("\n")[1:]
        examples = [
            Neighbour(s, n, t, tuple(w.split(" "))) for s, n, t, w in (line.split("\t") for line in lines if line)
        ]
        unknown = Counter(example.name for example in examples if example.name not in known)
        if unknown:
            message = f"has examples of unknown classes: {', '.join(sorted(unknown))}; run `growqr rules build`."
            raise RulesError([Problem("R201", str(path), 1, "", message, tuple(sorted(known)))])
        return cls(examples)


def _terms(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{left} {right}" for left, right in pairwise(("<", *words, ">")))]
