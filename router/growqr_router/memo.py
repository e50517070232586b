"""What a word says by itself, remembered: nothing is called for a word that was seen before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_MOST = 20_000
T = TypeVar("T")


class Memo(dict[str, T]):
    """The values of a function of one word, for `map(memo.__getitem__, words)`.

    Remembers 20,000 words at most: when half of them are new, those that nobody has asked for since the last time that
    happened are forgotten.
    """

    def __init__(self, function: Callable[[str], T]) -> None:
        super().__init__()
        self._function = function
        self._older: dict[str, T] = {}

    def __missing__(self, word: str) -> T:
        if len(self) >= _MOST // 2:
            self._older = self.copy()
            self.clear()
        older = self._older  # another thread may put a new one in its place
        value = self[word] = older[word] if word in older else self._function(word)
        return value
