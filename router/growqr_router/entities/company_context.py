"""What the words around a company's name say: that a company comes, that it acts, that the person has left it."""

from __future__ import annotations

from typing import NamedTuple

from growqr_router.document import Document
from growqr_router.entities.company_names import CompanyNames, capitalised, keys
from growqr_router.entities.words import Sequences
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Companies

_SENTENCE_MARKS = frozenset({".", "!", "?", "\n", ":", "...", '"', "\u201c", "(", "-", "--"})
_FRAGMENT_MARKS = _SENTENCE_MARKS | {",", ";", "/", "|", ")", "\u201d"}
_ASKS = frozenset({"me", "us", "mock", "prep", "practice", "interview", "prepare"})
_CONFIRMING = frozenset({("it", "is"), ("it", "s"), ("it", "'s")})
_CHOSEN = frozenset({"picked", "chose", "choose", "meant"})
_WHERE = frozenset({"in", "on", "near"})
_EXPLAINING = frozenset({",", "(", "-", "--", "\u2013", "\u2014"})
_EXPLAINED = 14
"""Words after a name within which it is explained."""
_APPLYING = frozenset({"applying", "applied", "apply"})
_PLACED = frozenset({"interview", "job", "role", "position", "work"})
_LEADING = frozenset({"in", "for", "from", "as", "by", "to"})
_LINKS = frozenset({":", "is", "to", "called", "named", "time", "now", "-", "be", "are"})


class Edges(NamedTuple):
    """Where the person's own titles start and end."""

    starts: set[int]
    ends: set[int]


class CompanyContext:
    """Questions about the words around the token range of a name."""

    def __init__(self, rules: Companies, names: CompanyNames, tokeniser: Tokeniser) -> None:
        """`names` tell which words may be parts of names."""
        self._general, self._called, self._skills = names.general, names.called, names.skills
        self._after = frozenset(rules.after)
        does = keys(rules.does, tokeniser)
        self._does, self._before = Sequences(does), Sequences(keys(rules.before, tokeniser) | does)
        self._left = keys(rules.left, tokeniser)
        self._rejecting = Sequences(keys(rules.rejecting, tokeniser))
        self._calling = self._after | self._called | _LINKS | _LEADING
        self._people = frozenset(rules.people)
        self._sources = frozenset(rules.sources)

    def plainness(self, document: Document, start: int) -> int:
        """How plainly the words before say that this company is the one: 2 "it's Lyft", 1 "at Lyft", else 0."""
        before = document.norms[max(start - 2, 0) : start]
        if not before:
            return 0
        if before in _CONFIRMING or before[-1] in _CHOSEN:
            return 2
        if before[-1] == "the":
            before = before[:-1]
        return int(bool(before) and before[-1] in self._after)

    def is_left(self, document: Document, start: int, end: int) -> bool:
        """Whether the person was there, or was turned down there."""
        start -= int(start > 0 and document.norms[start - 1] == "the")
        before = document.lows[max(start - 4, 0) : start]
        return any(before[at:] in self._left for at in range(len(before))) or _precedes(document, end, self._rejecting)

    def is_person(self, document: Document, i: int) -> bool:
        """Whether the word before says that the name is a person's: "my mate Chase"."""
        return i > 0 and document.norms[i - 1] in self._people

    def is_called(self, document: Document, i: int) -> bool:
        """Whether the words before say that a company comes."""
        norms = document.norms
        j = i - 2 if i and norms[i - 1] == "the" else i - 1
        if j < 0 or norms[j] not in self._calling:
            return False
        word = norms[j]
        if word in self._after:
            return True
        before = norms[j - 1] if j else ""
        if word == "in":
            return before in _PLACED
        if word == "for" and (j == 0 or before in _ASKS) and _fragment_ends(document, i):
            return True
        if word == "from" and before in self._sources:
            return True
        if word in ("from", "for", "as", "by") or (word in self._called and word != "wrong"):
            return capitalised(document, i)
        if word == "to" and (before in _APPLYING or before in self._called):
            return capitalised(document, i)
        return word in _LINKS and not self._called.isdisjoint(norms[max(j - 4, 0) : j + 1])

    def is_meant(self, document: Document, i: int, end: int, titles: Edges) -> bool:
        """Whether a listed name that nothing announces is meant as one all the same."""
        if self._is_inside(document, i, end) or self._is_explained(document, i, end):
            return True
        if _precedes(document, end, self._does):
            return True
        ordinary = end == i + 1 and document.texts[i] in self._general
        heading = document.norms[end : end + 1] == (":",)
        beside = self.is_beside(document, i, end, titles) and not (ordinary and heading)
        return beside or (end in titles.starts and not ordinary)

    def is_employer(self, document: Document, i: int, end: int, titles: Edges) -> bool:
        """Whether a tool or site stands next to a role as its employer, and not in a row of skills."""
        after = end + 1
        row = after < len(document.texts) and capitalised(document, after) and (document.lows[after],) in self._skills
        return not row and self.is_beside(document, i, end, titles)

    def is_beside(self, document: Document, i: int, end: int, titles: Edges) -> bool:
        """Whether a name between marks stands next to a role ("Civil engineer. L&T.")."""
        beside = (i >= 2 and i - 1 in titles.ends) or (end + 1 < len(document.texts) and end + 1 in titles.starts)
        return beside and _is_fragment(document, i, end)

    def is_followed(self, document: Document, end: int) -> bool:
        """Whether what follows is something that companies do, or have ("wants me", "interview")."""
        return _precedes(document, end, self._before)

    def _is_inside(self, document: Document, i: int, end: int) -> bool:
        """Whether a name that is a common word too is written as a name, or does what companies do."""
        if not capitalised(document, i):
            return False
        opens = opens_sentence(document, i) or document.norms[i - 1] == "i"
        return not opens or self.is_followed(document, end) or _is_fragment(document, i, end)

    def _is_explained(self, document: Document, i: int, end: int) -> bool:
        """Whether a name that opens the message or a part of it is explained ("shell ... (the oil company")."""
        if i and document.norms[i - 1] not in _FRAGMENT_MARKS:
            return False
        words = document.norms[end : end + _EXPLAINED]
        return any(mark in _EXPLAINING and self._explains(words[k + 1 : k + 5]) for k, mark in enumerate(words))

    def _explains(self, words: tuple[str, ...]) -> bool:
        """Whether the words say which meaning is meant: "as in the cards", "the phone company"."""
        if words[:2] == ("as", "in"):
            return True
        kinds = [k for k, word in enumerate(words) if k and word in self._called]
        return words[:1] == ("the",) and bool(kinds) and words[kinds[0] + 1 : kinds[0] + 2] not in (("is",), ("was",))


def opens_sentence(document: Document, i: int) -> bool:
    """Whether a sentence or quotation begins at `i`."""
    return i == 0 or document.norms[i - 1] in _SENTENCE_MARKS


def _precedes(document: Document, end: int, phrases: Sequences) -> bool:
    """Whether one of `phrases` follows, right away or behind the comma that closes an aside."""
    return phrases.follow(document.norms, end + (document.texts[end : end + 1] == (",",)))


def _fragment_ends(document: Document, i: int) -> bool:
    """Whether a mark follows the word at `i` ("prep me for notion.")."""
    return i + 1 >= len(document.norms) or document.norms[i + 1] in _FRAGMENT_MARKS


def _is_fragment(document: Document, start: int, end: int) -> bool:
    """Whether the range stands alone between marks, or before a place ("Lush in Leeds")."""
    texts, norms = document.texts, document.norms
    if start and norms[start - 1] not in _FRAGMENT_MARKS:
        return False
    if end == len(norms):
        return True
    if norms[end] in _WHERE:
        return end + 1 < len(norms) and texts[end + 1][0].isupper()
    hyphened = norms[end] == "-" and document.starts[end] == document.ends[end - 1]  # "Three-bed cottage"
    return norms[end] in _FRAGMENT_MARKS and not hyphened
