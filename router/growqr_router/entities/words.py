"""Entities that are known words: phrases that map to values (`values.yaml`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_router.lexicon import Lexicon
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Values

SHIELD = "not"
"""The name of the phrases that hide what they cover."""
_NEGATOR = "negator"
_SEPARATOR = "="
_REACH = 3
"""Words after a negator that it may negate."""
_BOUNDS = frozenset({",", ".", "!", "?", ";", ":", "\n", "-", "--", "(", ")", "but", "and"})


def singular(token: Token) -> str:
    """What phrases are compared by where inflections mean something else ("opener" is not "opening")."""
    return _singular(token.norm)


@lru_cache(maxsize=50_000)
def _singular(norm: str) -> str:
    return norm[:-1] if len(norm) > 3 and norm.endswith("s") and not norm.endswith(("ss", "us", "is")) else norm


class Phrases:
    """Phrases by name, found in singular or plural, or as `key` compares them."""

    def __init__(
        self,
        named: Iterable[tuple[str, Sequence[str]]],
        tokeniser: Tokeniser,
        key: Callable[[Token], str] = singular,
    ) -> None:
        self._key = key
        self._lexicon = Lexicon([(name, phrases, ()) for name, phrases in named], tokeniser, key=key)

    def find(self, document: Document) -> list[tuple[int, int, str]]:
        """(start, end, name) on tokens, by place."""
        words = [i for i, token in enumerate(document.tokens) if token.is_word]
        hits = self._lexicon.find([self._key(document.tokens[i]) for i in words])
        if not hits:
            return []
        return [(words[hit.start], words[hit.end - 1] + 1, hit.concept) for hit in hits]


class MappedWords:
    """Finds mapped phrases; a longer `not` phrase hides what it covers, a negator before negates."""

    def __init__(self, values: Values, tokeniser: Tokeniser) -> None:
        named = [
            (f"{slot}{_SEPARATOR}{value}", phrases)
            for slot, table in values.slots.items()
            for value, phrases in table.items()
        ]
        self._phrases = Phrases([*named, (SHIELD, values.not_), (_NEGATOR, values.negators)], tokeniser)

    def find(self, document: Document) -> Iterator[Entity]:
        """Every mapped phrase, in order; of one slot's overlapping phrases the longest."""
        hits = self._phrases.find(document)
        shields = [(start, end) for start, end, name in hits if name == SHIELD]
        negators = [end for _, end, name in hits if name == _NEGATOR]
        kept: list[tuple[str, int, int]] = []
        for start, end, name in sorted(hits, key=lambda h: (h[0] - h[1], h[0], h[2])):
            slot, _, value = name.partition(_SEPARATOR)
            if not value or any(a <= start and end <= b for a, b in shields):
                continue
            if any(s == slot and start < b and a < end for s, a, b in kept):
                continue
            kept.append((slot, start, end))
            negated = start in document.negated or any(self._reaches(document, at, start) for at in negators)
            yield Entity(slot, value, start, end, "mapped", negated=negated)

    @staticmethod
    def _reaches(document: Document, at: int, start: int) -> bool:
        between = document.tokens[at:start]
        return at <= start <= at + _REACH and not any(token.norm in _BOUNDS for token in between)
