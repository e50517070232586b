"""How much of a message's vocabulary each route's examples have: what a route never heard of is hardly for it.

The share is weighted by IDF (EVIDENCE, the L3 recipe, step 7: it separates other domains best).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from growqr_router.names import UNKNOWN, Names
from growqr_router.reading import Stated


@dataclass(frozen=True, slots=True)
class Familiarity:
    """The words of each route's examples."""

    routes: int
    """How many there are."""
    rarest: float
    """How rare a word is that is in no example; 0: there are no examples."""
    heard: NDArray[np.float64]
    """One row per word: its rarity for each route that has it, else 0, and in the last column its rarity."""

    @classmethod
    def of(cls, examples: Iterable[tuple[str, Sequence[str]]], routes: Sequence[str], names: Names) -> Familiarity:
        """From (route, words) pairs; `routes` are all routes, in the order of the answers; `names` has all words."""
        holders: Counter[int] = Counter()
        heard = np.zeros((1 + len(names.names), len(routes) + 1))
        total = 0
        for route, words in examples:
            distinct = set(names.ids(words))
            holders.update(distinct)
            heard[list(distinct), routes.index(route)] = 1
            total += 1
        heard[:, -1] = log(1 + total)
        for word, n in holders.items():
            heard[word, -1] = log((1 + total) / (1 + n))
        heard[:, :-1] *= heard[:, -1:]
        return cls(len(routes), log(1 + total), heard)

    def shares(self, said: Stated) -> tuple[float, ...]:
        """Per route, 0..1, rounded to 1e-6; all 1 where there are no examples, all 0 for a message without words."""
        if not self.rarest:
            return (1.0,) * self.routes
        known = [word for word in dict.fromkeys(said.words) if word != UNKNOWN]
        strange = len(set(said.stems)) - len(known)
        *heard, total = np.add.reduce(self.heard.take(np.array(known, dtype=np.int64), axis=0)).tolist()
        total += strange * self.rarest
        return tuple([round(share / total, 6) for share in heard]) if total else tuple(heard)
