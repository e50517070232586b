"""What a word says by itself, remembered: nothing is called for a word that was seen before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_MOST = 10_000
T = TypeVar("T")


class Memo(dict[str, T]):
    """The values of a function of one word, for `map(memo.__getitem__, words)`; forgets all when it is full."""

    def __init__(self, function: Callable[[str], T]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, word: str) -> T:
        if len(self) >= _MOST:
            self.clear()
        value = self[word] = self._function(word)
        return value
