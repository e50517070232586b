"""How much of a message's vocabulary each route's examples have: what a route never heard of is hardly for it.

The share is weighted by IDF (EVIDENCE, the L3 recipe, step 7: it separates other domains best).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Familiarity:
    """The words of each route's examples."""

    routes: int
    """How many there are."""
    words: dict[str, tuple[float, tuple[int, ...]]]
    """Word -> how rare it is, and the routes that have it, as places in the order of the answers."""
    rarest: float
    """How rare an unheard word is."""

    @classmethod
    def of(cls, examples: Iterable[tuple[str, Sequence[str]]], routes: Sequence[str]) -> Familiarity:
        """From (route, words) pairs; `routes` are all routes, in the order of the answers."""
        holders: Counter[str] = Counter()
        heard: dict[str, set[str]] = {route: set() for route in routes}
        total = 0
        for route, words in examples:
            distinct = set(words)
            holders.update(distinct)
            heard[route] |= distinct
            total += 1
        places = list(enumerate(heard.values()))
        known = {
            word: (log((1 + total) / (1 + n)), tuple(i for i, there in places if word in there))
            for word, n in holders.items()
        }
        return cls(len(routes), known, log(1 + total))

    def shares(self, words: Sequence[str]) -> tuple[float, ...]:
        """Per route, 0..1, rounded to 1e-6; all 1 where there are no examples, all 0 for a message without words."""
        if not self.words:
            return (1.0,) * self.routes
        unheard: tuple[float, tuple[int, ...]] = (self.rarest, ())
        total = 0.0
        heard = [0.0] * self.routes
        for word in dict.fromkeys(words):
            weight, routes = self.words.get(word, unheard)
            total += weight
            for route in routes:
                heard[route] += weight
        return tuple(round(share / total, 6) for share in heard) if total else tuple(heard)
