"""Numbers for names: words, pairs of neighbours, and everything else that a feature may be about.

What was fitted lies in arrays; a name is looked up once, and its number is its place in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0
"""The number of every name and pair that is not known."""
OPEN, CLOSE = "<", ">"
"""Stand for the two ends of a message."""
_BITS = 24
"""A pair's key is the number of the left word, shifted so far, and that of the right one."""


class _Ids(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return UNKNOWN


class Names:
    """Known names, numbered from 1 in the order given, and known pairs of them, numbered from 1 by their keys."""

    def __init__(self, names: Sequence[str], keys: NDArray[np.int64]) -> None:
        """`keys` are the `pair_keys` of all known pairs, sorted."""
        self.names = names
        self.keys = keys
        self._ids = _Ids(zip(names, range(1, len(names) + 1), strict=True))
        self.ends = self._ids[OPEN], self._ids[CLOSE]
        self._sorted = np.append(keys, np.iinfo(np.int64).max)

    @classmethod
    def of(cls, names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Names:
        """Of all these names and pairs, and of the words in the pairs."""
        together = set(pairs)
        known = sorted({OPEN, CLOSE, *names, *(word for pair in together for word in pair)})
        ids = {name: i for i, name in enumerate(known, 1)}
        numbers = np.array([(ids[left], ids[right]) for left, right in together], dtype=np.int64).reshape(-1, 2)
        return cls(known, np.sort(pair_keys(numbers[:, 0], numbers[:, 1])))

    def ids(self, names: Iterable[str]) -> list[int]:
        """The number of each name."""
        return list(map(self._ids.__getitem__, names))

    def pairs(self, words: Sequence[int]) -> list[int]:
        """The number of each pair of neighbours in a row of words, by their numbers."""
        numbers = np.array(words, dtype=np.int64)
        found: list[int] = self.pair_numbers(numbers[:-1], numbers[1:]).tolist()
        return found

    def pair_numbers(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of each pair of words, by theirs."""
        keys = pair_keys(left, right)
        places = self.keys.searchsorted(keys)
        numbers: NDArray[np.int64] = (places + 1) * (self._sorted.take(places) == keys)  # `UNKNOWN` is 0
        return numbers

    def name(self, number: int) -> str:
        """The name with this number."""
        return self.names[number - 1]

    def pair(self, number: int) -> str:
        """The pair with this number."""
        left, right = divmod(self._key(number), 1 << _BITS)
        return f"{self.name(left)} {self.name(right)}"

    def _key(self, number: int) -> int:
        return int(self.keys[number - 1])


class NewNames(Names):
    """Gives every name and pair a number when it is first asked for: for fitting."""

    def __init__(self) -> None:
        """Starts with the two ends alone."""
        self._known: list[str] = []
        self._new_keys: list[int] = []
        self._pairs: dict[int, int] = {}
        super().__init__(self._known, np.zeros(0, dtype=np.int64))
        self.ends = self._number(OPEN), self._number(CLOSE)

    def ids(self, names: Iterable[str]) -> list[int]:
        """The number of each name, old or new."""
        return list(map(self._number, names))

    def pairs(self, words: Sequence[int]) -> list[int]:
        """The number of each pair, old or new."""
        return [self._pair_number(left << _BITS | right) for left, right in pairwise(words)]

    def _number(self, name: str) -> int:
        if name not in self._ids:
            self._known.append(name)
            self._ids[name] = len(self._known)
        return self._ids[name]

    def _pair_number(self, key: int) -> int:
        if key not in self._pairs:
            self._new_keys.append(key)
            self._pairs[key] = len(self._new_keys)
        return self._pairs[key]

    def _key(self, number: int) -> int:
        return self._new_keys[number - 1]


def pair_keys(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """What pairs are looked up by."""
    return left << _BITS | right
