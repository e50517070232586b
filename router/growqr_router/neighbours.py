"""The pack's examples as an index: which of them is a message most like, by the words and word pairs they share.

Cosine of IDF-weighted words and pairs; of each class the mean of its three nearest examples counts, and an example of
another state counts less.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log, sqrt
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One example: where it stands (`file:line`), its class, its state, its words as the features see them."""

    source: str
    name: str
    state: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a class's examples are like the message (0..1), and the likest of them."""

    name: str
    value: float
    example: Neighbour


class Neighbours:
    """The index. Immutable after construction."""

    def __init__(self, examples: Sequence[Neighbour]) -> None:
        self.examples = tuple(examples)

    @cached_property
    def _postings(self) -> dict[str, tuple[float, NDArray[np.int64], NDArray[np.float64]]]:
        """Term -> its IDF, the examples that have it, and its weight in each."""
        holders: dict[str, list[int]] = defaultdict(list)
        for number, example in enumerate(self.examples):
            for term in dict.fromkeys(_terms(example.words)):
                holders[term].append(number)
        total = len(self.examples)
        idf = {term: log(total / (1 + len(at))) for term, at in holders.items() if 1 + len(at) < total}
        squares = np.zeros(total)
        for term, weight in idf.items():
            squares[holders[term]] += weight * weight
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        return {
            term: (weight, at, weight / lengths[at])
            for term, weight in idf.items()
            if len(holders[term]) <= _COMMONEST
            for at in [np.array(holders[term], dtype=np.int64)]
        }

    @cached_property
    def _states(self) -> dict[str, NDArray[np.float64]]:
        """State -> what an example's likeness counts there."""
        states = np.array([example.state for example in self.examples])
        return {str(state): np.where(states == state, 1.0, _OTHER_STATE) for state in np.unique(states)}

    def like(self, words: Sequence[str], state: str) -> list[Likeness]:
        """The classes that have examples like a message, most alike first; rounded to 1e-6, so the same anywhere."""
        found = [self._postings[term] for term in dict.fromkeys(_terms(words)) if term in self._postings]
        if not found:
            return []
        length = sqrt(sum(weight * weight for weight, _, _ in found))
        at = np.concatenate([numbers for _, numbers, _ in found])
        parts = np.concatenate([weight / length * shares for weight, _, shares in found])
        likeness: NDArray[np.float64] = np.bincount(at, parts, minlength=len(self.examples)).astype(np.float64)
        if state in self._states:
            likeness = likeness * self._states[state]
        near = np.flatnonzero(likeness >= likeness.max() * _ALMOST)
        rounded = np.rint(likeness[near] * 1e6).astype(np.int64)
        by_class: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for i in np.lexsort((near, -rounded)).tolist():
            best = by_class[self.examples[int(near[i])].name]
            if len(best) < NEAREST:
                best.append((int(rounded[i]), int(near[i])))
        means = ((sum(value for value, _ in best) / NEAREST / 1e6, name, best[0][1]) for name, best in by_class.items())
        ranked = sorted(means, key=lambda m: (-m[0], m[1]))
        return [Likeness(name, round(value, 6), self.examples[number]) for value, name, number in ranked]

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
