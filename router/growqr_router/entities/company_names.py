"""What a word may be by itself: the start of a listed name, a misspelt or a capitalised one; how far a name goes on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress

from rapidfuzz import process
from rapidfuzz.distance import OSA

from growqr_router.document import Document
from growqr_router.entities.words import Sequences
from growqr_router.memo import Memo
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Companies

_LONGEST = 8
_SHORT = 4
"""Letters up to which a name in capitals is read as one only in capitals."""
_SPELT = 5
"""Letters from which a name is recognised misspelt; shorter ones are too near to other words."""
_SPELT_ANYWHERE = 6
"""Letters from which it is recognised with nothing around that calls for a company."""
_OWNING = frozenset({"'s", "\u2019s", "'", "\u2019"})
_JOINING = _OWNING | {"&", "of", "and", "the", "for", "-", ".", "de", "del", "della", "di", "do", "da", "du", "des"}
_JOINING_CAPITALS = frozenset({"and", "for", "the", "-"})
_NOT_OWNED = frozenset(
    {"and", "in", "on", "for", "next", "tomorrow", "today", "this", "please", "with", "as", "or", "at"}
)


class _Spellings:
    """One-word names, to find those of which a word is a misspelling."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_letter: dict[str, list[str]] = {}
        for name in sorted(name for name in names if len(name) >= _SPELT):
            self._by_letter.setdefault(name[0], []).append(name)

    def near(self, word: str) -> bool:
        """Whether a name with the same first letter is one edit away (optimal string alignment)."""
        names = self._by_letter.get(word[0], ())
        return process.extractOne(word, names, scorer=OSA.distance, score_cutoff=1) is not None


class CompanyNames:
    """The lists, and what they say of a word."""

    def __init__(self, rules: Companies, general: frozenset[str], tokeniser: Tokeniser) -> None:
        """`general` are words of general English: a sentence may open with one in capitals."""
        self.general = general
        common, strict = keys(rules.common, tokeniser), keys(rules.strict, tokeniser)
        known = keys(rules.known, tokeniser) - common - strict
        self.known, self.strict, self.listed = Sequences(known), Sequences(strict), Sequences(known | common)
        self.places, self.never = Sequences(keys(rules.places, tokeniser)), Sequences(keys(rules.never, tokeniser))
        self.skills = self.never.all | strict
        self.called = frozenset(rules.called)
        self.kinds = frozenset(rules.kinds)
        self.prefixes = frozenset(rules.prefixes)
        self._letters = frozenset(name.lower() for name in rules.known if name.isupper() and len(name) <= _SHORT)
        self._spellings = _Spellings(name[0] for name in known if len(name) == 1)
        self.misspelt = Memo(self._is_misspelt)
        self._opens_known, self._opens_named = Memo(self._may_be_known), Memo(self._may_be_named)

    def may_be_known(self, document: Document) -> list[int]:
        """The tokens at which a name may start, or be misspelt, that is a company wherever it stands."""
        return list(compress(range(len(document.texts)), map(self._opens_known.__getitem__, document.texts)))

    def may_be_named(self, document: Document) -> list[int]:
        """The tokens at which a name may start, or be misspelt, that the words around make a company."""
        return list(compress(range(len(document.texts)), map(self._opens_named.__getitem__, document.texts)))

    def _is_misspelt(self, text: str) -> bool:
        """Whether a word is one letter from a name, and no word of its own."""
        low = text.lower()
        if len(low) < _SPELT or low in self.general or low.removesuffix("s") in self.general or text.isupper():
            return False
        return (low,) not in self.never.all and (low,) not in self.places.all and self._spellings.near(low)

    def _may_be_known(self, text: str) -> bool:
        low = text.lower()
        sizes = self.known.sizes.get(low)
        if sizes is None:
            least = _SPELT if text[0].isupper() else _SPELT_ANYWHERE
            return len(low) >= least and self.misspelt[text]
        return sizes != (1,) or not self.is_ordinary(text)

    def is_ordinary(self, text: str) -> bool:
        """Whether a name of one word is more likely a common word: "follow-ups" is no UPS; after "at" it would be."""
        low = text.lower()
        plural = low.endswith("s") and low in self._letters
        return not text.isupper() and (plural or text in self.general)

    def _may_be_named(self, text: str) -> bool:
        low = text.lower()
        if low in self.listed.sizes:
            return True
        if low in self.strict.sizes or text[0].isupper() or _is_numbered(text):
            return self.never.sizes.get(low) != (1,)
        return self.misspelt[text]

    def goes_on(self, document: Document, i: int) -> bool:
        """Whether a known name may go on with the word at `i`: a capitalised one that means nothing else."""
        low = document.lows[i]
        return (
            document.texts[i][0].isupper()
            and low not in self.general
            and (low,) not in self.never.all
            and (low,) not in self.places.all
        )

    def extended(self, document: Document, end: int, taken: set[int]) -> int:
        """Past what a known name goes on with: "Motors", "Energy"; after the NHS, its place."""
        texts, lows = document.texts, document.lows
        while end < len(texts) and end not in taken and texts[end][0].isupper():
            if lows[end] not in self.kinds and lows[end - 1] not in self.prefixes:
                break
            end += 1
        return end

    def name(self, document: Document, i: int, taken: set[int]) -> int:
        """The end of the capitalised name that starts at `i`."""
        texts = document.texts
        end = i + 1
        while end < len(texts) and end - i < _LONGEST and end not in taken:
            if self._belongs(document, end):
                end += 1
            elif texts[end] in _JOINING and end + 1 not in taken and _joins(document, end):
                end += 2
            else:
                break
        # "Google's interview" is Google's; "at St. Brendan's." is its name.
        if texts[end - 1] in _OWNING and end < len(texts):
            owning = document.tokens[end].is_word and document.norms[end] not in _NOT_OWNED
            while owning and texts[end - 1] in _OWNING:
                end -= 1
        return end

    def _belongs(self, document: Document, i: int) -> bool:
        """Whether the word at `i` is part of the name that the words before it began."""
        text, low = document.texts[i], document.lows[i]
        if text[0].isupper() and (low,) not in self.never.all:
            return True
        if low in self.kinds and text not in self.called and document.texts[i - 1][0].isupper():
            return True
        return text in _OWNING and document.ends[i - 1] == document.starts[i]


def capitalised(document: Document, i: int) -> bool:
    """Whether a capitalised name may start at `i`: "Three", "10x Genomics"."""
    texts = document.texts
    if texts[i][0].isupper():
        return True
    return _is_numbered(texts[i]) and i + 1 < len(texts) and texts[i + 1][0].isupper()


def _is_numbered(text: str) -> bool:
    return text[0].isdigit() and text[-1].isalpha() and len(text) > 2


def _joins(document: Document, i: int) -> bool:
    """Whether the joining word at `i` links two parts of a name."""
    texts = document.texts
    if i + 1 == len(texts) or not texts[i + 1][0].isupper() or document.norms[i + 1] == "i":
        return False
    if texts[i] == ".":
        return len(texts[i - 1]) <= 2
    return texts[i] not in _JOINING_CAPITALS or texts[i - 1][0].isupper()


def keys(names: Iterable[str], tokeniser: Tokeniser) -> frozenset[tuple[str, ...]]:
    """Names or phrases as words in lower case."""
    return frozenset(tuple(token.low for token in tokeniser.tokens(name)) for name in names)
