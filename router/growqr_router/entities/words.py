"""Entities that are known words: phrases that map to values (`values.yaml`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_router.lexicon import GAP, Lexicon, phrase_keys
from growqr_router.memo import Memo
from growqr_router.tokenise import INTERJECTIONS, Tokeniser
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
    return _SINGULARS[token.norm]


def _singular(norm: str) -> str:
    return norm[:-1] if len(norm) > 3 and norm.endswith("s") and not norm.endswith(("ss", "us", "is")) else norm


_SINGULARS = Memo(_singular)


def singulars(document: Document) -> list[str]:
    """The words of a document in the singular: what most `Phrases` are found in."""
    norms = document.norms
    return list(map(_SINGULARS.__getitem__, [norms[i] for i in document.words]))


class Phrases:
    """Phrases by name, found among words that are in the singular, or as `key` compares them."""

    def __init__(
        self,
        named: Iterable[tuple[str, Sequence[str]]],
        tokeniser: Tokeniser,
        key: Callable[[Token], str] = singular,
    ) -> None:
        named = list(named)
        self._lexicon = Lexicon([(name, phrases, ()) for name, phrases in named], tokeniser, key=key)
        keys = [phrase_keys(phrase, tokeniser, key) for _, phrases in named for phrase in phrases]
        self._single = frozenset(words[0] for words in keys if len(words) == 1 or GAP in words[:2])
        self._pairs = frozenset((words[0], words[1]) for words in keys if len(words) > 1)

    def find(self, document: Document, keys: Sequence[str]) -> list[tuple[int, int, str]]:
        """(start, end, name) on tokens, by place; `keys` are what the document's words are compared by."""
        if self._single.isdisjoint(keys) and self._pairs.isdisjoint(pairwise(keys)):
            return []  # most messages have nowhere the first two words of a phrase
        words = document.words
        return [(words[start], words[end - 1] + 1, name) for start, end, name in self._lexicon.find(keys)]


class Sequences:
    """Sequences of words, to be found where they start."""

    def __init__(self, sequences: Iterable[tuple[str, ...]]) -> None:
        self.all = frozenset(filter(None, sequences))
        sizes: dict[str, set[int]] = {}
        for words in self.all:
            sizes.setdefault(words[0], set()).add(len(words))
        self.sizes = {first: tuple(sorted(lengths, reverse=True)) for first, lengths in sizes.items()}
        """How many words those have that begin with a word, the longest first."""

    def end(self, words: tuple[str, ...], i: int, taken: AbstractSet[int] = frozenset()) -> int:
        """The end of the longest that starts at `i`; `i` when none does, or some of it is taken."""
        for size in self.sizes.get(words[i], ()):
            found = words[i : i + size]
            if found in self.all:
                end = i + len(found)
                return end if taken.isdisjoint(range(i, end)) else i
        return i

    def follow(self, words: tuple[str, ...], i: int) -> bool:
        """Whether one starts at `i`, where the words may be over."""
        return i < len(words) and self.end(words, i) > i


def unshielded(hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The hits that no `SHIELD` covers, the longest first."""
    shields = [(start, end) for start, end, name in hits if name == SHIELD]
    if shields:
        hits = [hit for hit in hits if not any(a <= hit[0] and hit[1] <= b for a, b in shields)]
    return sorted(hits, key=_longest_first)


def _longest_first(hit: tuple[int, int, str]) -> tuple[int, int, str]:
    start, end, name = hit
    return start - end, start, name


class MappedWords:
    """Finds mapped phrases; a longer `not` phrase hides what it covers, a negator before negates."""

    def __init__(self, values: Values, tokeniser: Tokeniser) -> None:
        named = [
            (f"{slot}{_SEPARATOR}{value}", phrases)
            for slot, table in values.slots.items()
            for value, phrases in table.items()
        ]
        self._phrases = Phrases([*named, (SHIELD, values.not_), (_NEGATOR, values.negators)], tokeniser)

    def find(self, document: Document, keys: Sequence[str]) -> list[Entity]:
        """Every mapped phrase, the longest first; of one slot's overlapping phrases the longest.

        `keys` are the document's `singulars`.
        """
        hits = self._phrases.find(document, keys)
        if not hits:
            return []
        lows = document.lows
        negators = [end for start, end, name in hits if name == _NEGATOR and lows[start] not in INTERJECTIONS]
        found: list[Entity] = []
        for start, end, name in unshielded(hits):
            slot, _, value = name.partition(_SEPARATOR)
            if not value or any(e.slot == slot and start < e.end and e.start < end for e in found):
                continue
            negated = start in document.negated or any(self._reaches(document, at, start) for at in negators)
            found.append(Entity(slot, value, start, end, "mapped", negated=negated))
        return found

    @staticmethod
    def _reaches(document: Document, at: int, start: int) -> bool:
        return at <= start <= at + _REACH and _BOUNDS.isdisjoint(document.norms[at:start])
