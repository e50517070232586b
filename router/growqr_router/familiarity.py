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
        self._routes = len(routes)
        holders: Counter[str] = Counter()
        heard: dict[str, set[str]] = {route: set() for route in routes}
        total = 0
        for route, words in examples:
            distinct = set(words)
            holders.update(distinct)
            heard[route] |= distinct
            total += 1
        places = list(enumerate(heard.values()))
        self._words = {
            word: (log((1 + total) / (1 + n)), tuple(i for i, there in places if word in there))
            for word, n in holders.items()
        }
        """Word -> how rare it is, and the routes that have it."""
        self._unheard: tuple[float, tuple[int, ...]] = (log(1 + total), ())

    def shares(self, words: Sequence[str]) -> tuple[float, ...]:
        """Per route, 0..1, rounded to 1e-6; all 1 where there are no examples, all 0 for a message without words."""
        if not self._words:
            return (1.0,) * self._routes
        total = 0.0
        heard = [0.0] * self._routes
        for word in dict.fromkeys(words):
            weight, routes = self._words.get(word, self._unheard)
            total += weight
            for route in routes:
                heard[route] += weight
        return tuple(round(share / total, 6) for share in heard) if total else tuple(heard)
