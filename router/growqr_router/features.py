"""What the learned weights look at: the words, word pairs, letter groups and concepts of a message, and its state.

Each feature is a short readable key, so that the table of weights can be read and every term explained:

=========  ==========================================================
``w:``     a word's stem
``b:``     two neighbouring stems, `<` and `>` marking the message's ends
``c:``     three to five neighbouring letters of a word, `#` marking its ends
``k:``     a concept; ``k:concept@state`` the same in a state
``p:``     two concepts of one clause, an act and an object
``s:``     the state
=========  ==========================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from growqr_router.lexicon import Hit

_GRAM_SIZES = (3, 4, 5)
_LONGEST_WORD = 24
"""Letters of a word that are looked at: longer "words" are URLs or noise."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature and the word range where it was found."""

    key: str
    start: int
    end: int


def word_features(stems: Sequence[str]) -> Iterator[Feature]:
    """Distinct stems and stem pairs, at their first place."""
    seen: set[str] = set()
    for i, stem in enumerate(stems):
        key = f"w:{stem}"
        if key not in seen:
            seen.add(key)
            yield Feature(key, i, i + 1)
    padded = ("<", *stems, ">")
    for i in range(len(padded) - 1):
        key = f"b:{padded[i]} {padded[i + 1]}"
        if key not in seen:
            seen.add(key)
            yield Feature(key, max(i - 1, 0), min(i + 1, len(stems)))


@lru_cache(maxsize=50_000)
def letter_features(stem: str) -> tuple[str, ...]:
    """The letter groups of one word, with repeats."""
    marked = f"#{stem[:_LONGEST_WORD]}#"
    return tuple(f"c:{marked[i : i + n]}" for n in _GRAM_SIZES for i in range(len(marked) - n + 1))


def concept_features(hits: Sequence[Hit], pairs: Sequence[tuple[Hit, Hit]], state: str) -> Iterator[Feature]:
    """Distinct concepts, alone and with the state, and the act x object pairs."""
    seen: set[str] = set()
    for hit in hits:
        if hit.concept not in seen:
            seen.add(hit.concept)
            yield Feature(f"k:{hit.concept}", hit.start, hit.end)
            yield Feature(f"k:{hit.concept}@{state}", hit.start, hit.end)
    for act, thing in pairs:
        key = f"p:{act.concept} {thing.concept}"
        if key not in seen:
            seen.add(key)
            yield Feature(key, min(act.start, thing.start), max(act.end, thing.end))


def state_feature(state: str) -> Feature:
    """The state itself."""
    return Feature(f"s:{state}", 0, 0)
