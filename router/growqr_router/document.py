"""A message as the stages see it: tokens with offsets into the original text, clauses, negation."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

SMILEYS = frozenset({":)", ":-)", "(:", ";)", ";-)", "=)"})
"""All mean the same pictograph."""


class Token(NamedTuple):
    """One word, number or mark, wherever it stands."""

    text: str
    """As written, after character folding."""
    low: str
    """`text` in lower case."""
    norm: str
    """Lower case, contractions and British spellings folded ("n't" -> "not", "practise" -> "practice")."""
    stem: str
    """Porter2 stem of `norm`."""
    is_word: bool
    """Whether it has a letter or digit, or is a pictograph or a smiley: what people say with, unlike marks."""
    mended: bool = False
    """Whether the spelling stage changed `norm`."""


class Document(NamedTuple):
    """A tokenised message. What the grammars ask of many tokens stands in columns too: one item for each token."""

    text: str
    """The original text."""
    tokens: tuple[Token, ...]
    clauses: tuple[tuple[int, int], ...]
    """Half-open token ranges, in order, covering all tokens."""
    negated: frozenset[int]
    """Indexes of the tokens that stand in a negation's scope."""
    texts: tuple[str, ...]
    lows: tuple[str, ...]
    norms: tuple[str, ...]
    stems: tuple[str, ...]
    starts: Sequence[int]
    ends: Sequence[int]
    """Half-open offsets into the original text, in code points."""
    words: tuple[int, ...]
    """Indexes of the tokens that are words."""

    def has_any(self, norms: frozenset[str]) -> bool:
        """Whether one of these folded words stands in the message: the cheap question before a grammar is tried."""
        return not norms.isdisjoint(self.norms)

    def tokens_in(self, start: int, end: int) -> tuple[int, int]:
        """The range of the tokens that touch the original characters [start, end)."""
        first = bisect_right(self.ends, start)
        return first, bisect_left(self.starts, end, lo=first)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original character span of the token range [start, end)."""
        if start >= end:
            return 0, 0
        return self.starts[start], self.ends[end - 1]


def says_something(text: str) -> bool:
    """Whether a token is a word: see `Token.is_word`."""
    return text in SMILEYS or any(map(_speaks, text))


def _speaks(character: str) -> bool:
    return character.isalnum() or (character > "\u2190" and unicodedata.category(character) == "So")
