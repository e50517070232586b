"""How much of a message's vocabulary each route's examples have: what a route never heard of is hardly for it.

The share is weighted by IDF (EVIDENCE, the L3 recipe, step 7: it separates other domains best).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log


@dataclass(frozen=True, slots=True)
class Familiarity:
    """The words of each route's examples."""

    routes: int
    """How many there are."""
    rarity: dict[str, float]
    """How rare each word is."""
    heard: dict[str, int]
    """Which routes have each word: bit n stands for the nth in the order of the answers."""
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
        return cls(
            len(routes),
            {word: log((1 + total) / (1 + n)) for word, n in holders.items()},
            {word: sum(1 << i for i, there in places if word in there) for word in holders},
            log(1 + total),
        )

    def shares(self, words: Sequence[str]) -> tuple[float, ...]:
        """Per route, 0..1, rounded to 1e-6; all 1 where there are no examples, all 0 for a message without words."""
        if not self.rarity:
            return (1.0,) * self.routes
        total = 0.0
        heard = [0.0] * self.routes
        for word in dict.fromkeys(words):
            weight = self.rarity.get(word, self.rarest)
            total += weight
            for route in _places(self.heard.get(word, 0)):
                heard[route] += weight
        return tuple([round(share / total, 6) for share in heard]) if total else tuple(heard)


@lru_cache(maxsize=4096)
def _places(bits: int) -> tuple[int, ...]:
    """The numbers of the bits that are set."""
    return tuple(i for i in range(bits.bit_length()) if bits >> i & 1)
