"""What a word may be by itself: the start of a listed name, the misspelling of one, or a capital; how far it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from growqr_router.document import Document
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


class Names:
    """Names as words, and by first word how long they get."""

    def __init__(self, names: Iterable[tuple[str, ...]]) -> None:
        self.all = frozenset(names)
        self.longest: dict[str, int] = {}
        for name in self.all:
            self.longest[name[0]] = max(len(name), self.longest.get(name[0], 0))

    def end(self, lows: tuple[str, ...], i: int, taken: set[int]) -> int:
        """The end of the longest of these names that starts at `i`; `i` when none does, or some of it is taken."""
        longest = self.longest.get(lows[i], 0)
        for size in range(min(longest, len(lows) - i), 0, -1):
            if lows[i : i + size] in self.all:
                return i + size if taken.isdisjoint(range(i, i + size)) else i
        return i


class _Spellings:
    """One-word names, to find those of which a word is a misspelling."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_letter: dict[str, list[str]] = {}
        for name in sorted(name for name in names if len(name) >= _SPELT):
            self._by_letter.setdefault(name[0], []).append(name)

    def near(self, word: str) -> bool:
        """Whether a name with the same first letter is one edit away (optimal string alignment)."""
        return any(OSA.distance(word, name, score_cutoff=1) <= 1 for name in self._by_letter.get(word[0], ()))


class CompanyNames:
    """The lists, and what they say of a word."""

    def __init__(self, rules: Companies, general: frozenset[str], tokeniser: Tokeniser) -> None:
        """`general` are words of general English: a sentence may open with one in capitals."""
        self.general = general
        common, strict = keys(rules.common, tokeniser), keys(rules.strict, tokeniser)
        known = keys(rules.known, tokeniser) - common - strict
        self.known, self.strict, self.listed = Names(known), Names(strict), Names(known | common)
        self.places, self.never = Names(keys(rules.places, tokeniser)), Names(keys(rules.never, tokeniser))
        self.skills = self.never.all | strict
        self.called = frozenset(rules.called)
        self.kinds = frozenset(rules.kinds)
        self.prefixes = frozenset(rules.prefixes)
        self._letters = frozenset(name.lower() for name in rules.known if name.isupper() and len(name) <= _SHORT)
        self._spellings = _Spellings(name[0] for name in known if len(name) == 1)
        self.misspelt = lru_cache(maxsize=20_000)(self._misspelt)
        self.opens_known = lru_cache(maxsize=20_000)(self._opens_known)
        self.opens_named = lru_cache(maxsize=20_000)(self._opens_named)

    def _misspelt(self, text: str) -> bool:
        """Whether a word is one letter from a name, and no word of its own."""
        low = text.lower()
        if len(low) < _SPELT or low in self.general or low.removesuffix("s") in self.general or text.isupper():
            return False
        return (low,) not in self.never.all and (low,) not in self.places.all and self._spellings.near(low)

    def _opens_known(self, text: str) -> bool:
        """Whether a name that is a company wherever it stands may start at a word, or be misspelt by it."""
        low = text.lower()
        longest = self.known.longest.get(low, 0)
        if not longest:
            least = _SPELT if text[0].isupper() else _SPELT_ANYWHERE
            return len(low) >= least and self.misspelt(text)
        return longest > 1 or not self.is_ordinary(text)

    def is_ordinary(self, text: str) -> bool:
        """Whether a name of one word is more likely a common word: "follow-ups" is no UPS; after "at" it would be."""
        low = text.lower()
        plural = low.endswith("s") and low in self._letters
        return not text.isupper() and (plural or text in self.general)

    def _opens_named(self, text: str) -> bool:
        """Whether a name that the words around make a company may start at a word, or be misspelt by it."""
        low = text.lower()
        if low in self.listed.longest:
            return True
        if low in self.strict.longest or text[0].isupper() or _is_numbered(text):
            return self.never.longest.get(low) != 1
        return self.misspelt(text)

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
        owning = end < len(texts) and document.tokens[end].is_word and document.norms[end] not in _NOT_OWNED
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
