"""Entities that are known words: phrases that map to values (`values.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.lexicon import Lexicon
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Values

_SEPARATOR = "="
_SHIELD = "not"


class MappedWords:
    """Finds mapped phrases; a longer `not` phrase hides what it covers."""

    def __init__(self, values: Values, tokeniser: Tokeniser) -> None:
        triples = [
            (f"{slot}{_SEPARATOR}{value}", phrases, ())
            for slot, table in values.slots.items()
            for value, phrases in table.items()
        ]
        self._lexicon = Lexicon([*triples, (_SHIELD, values.not_, ())], tokeniser)

    def find(self, document: Document) -> Iterator[Entity]:
        """Every mapped phrase, in order; of one slot's overlapping phrases the longest."""
        words = [i for i, token in enumerate(document.tokens) if token.is_word]
        hits = self._lexicon.find([document.tokens[i].stem for i in words])
        shields = [(h.start, h.end) for h in hits if h.concept == _SHIELD]
        kept: list[tuple[str, int, int]] = []
        for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, h.concept)):
            slot, _, value = hit.concept.partition(_SEPARATOR)
            if not value or any(a <= hit.start and hit.end <= b for a, b in shields):
                continue
            if any(s == slot and hit.start < b and a < hit.end for s, a, b in kept):
                continue
            kept.append((slot, hit.start, hit.end))
            start, end = words[hit.start], words[hit.end - 1] + 1
            negated = any(i in document.negated for i in range(start, end))
            yield Entity(slot, value, start, end, "mapped", negated=negated)
