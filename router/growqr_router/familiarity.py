"""How much of a message's vocabulary each route's examples have: what a route never heard of is hardly for it.

The share is weighted by IDF (EVIDENCE, the L3 recipe, step 7: it separates other domains best).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log


class Familiarity:
    """The words of each route's examples."""

    def __init__(self, examples: Iterable[tuple[str, Sequence[str]]], routes: Sequence[str]) -> None:
        """`examples` are (route, words) pairs; `routes` all routes, in the order of the answers."""
        holders: Counter[str] = Counter()
        total = 0
        self._heard: dict[str, set[str]] = {route: set() for route in routes}
        for route, words in examples:
            distinct = set(words)
            holders.update(distinct)
            self._heard[route] |= distinct
            total += 1
        self._rarity = {word: log((1 + total) / (1 + n)) for word, n in holders.items()}
        self._rarest = log(1 + total)

    def shares(self, words: Sequence[str]) -> tuple[float, ...]:
        """Per route, 0..1, rounded to 1e-6; all 1 where there are no examples, all 0 for a message without words."""
        if not self._rarity:
            return (1.0,) * len(self._heard)
        distinct = list(dict.fromkeys(words))
        weights = [self._rarity.get(word, self._rarest) for word in distinct]
        total = sum(weights)
        if not total:
            return (0.0,) * len(self._heard)
        return tuple(
            round(sum(weight for word, weight in zip(distinct, weights, strict=True) if word in heard) / total, 6)
            for heard in self._heard.values()
        )
