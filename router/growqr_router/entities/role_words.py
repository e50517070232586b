"""The words that job titles are made of, and what each may be in one."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from growqr_router.document import Document
from growqr_router.tokenise import fold_word
from growqr_rules.entities import Roles

Head = Literal["", "agentive", "weak", "strong"]
"""No head, one by its ending only, one that is a common word too, one for sure."""
_AGENTIVE = ("er", "or", "ist", "ian", "eer", "ant", "man", "woman", "person", "ess", "eur", "wright", "smith")
_SHORTEST_AGENTIVE = 5
_QUOTES = frozenset({'"', "'", "\u201c", "("})
_LINKED = frozenset({":", "=", "-", "of", "is", "as", "for", "de", "di"})
"""What may stand between "role" and the title: "role: ...", "position of ..."."""
_MERE_LINKS = frozenset({":", "-", "of", "is"})
"""Of these, what says nothing by itself."""
ARTICLES = frozenset({"a", "an", "the", "new", "another"})
BECOMING = frozenset({"as", "becoming", "become"})
MARKS = frozenset(
    {",", ".", "!", "?", ";", ":", "\n", "-", "--", "...", "(", ")", "|", '"', "'", "/", "\u201c", "\u201d"}
)


class RoleWords:
    """The pack's word lists, for looking up."""

    def __init__(self, rules: Roles) -> None:
        self.heads = frozenset(rules.heads) | frozenset(rules.weak)
        self.weak = frozenset(rules.weak)
        self.people = frozenset(rules.people)
        self.endings = tuple(rules.endings)
        self.abbreviations = frozenset(rules.abbreviations)
        self.left = frozenset(rules.modifiers) | frozenset(rules.seniority)
        self.seniority = frozenset(rules.seniority)
        self.suffixes = frozenset(rules.suffixes)
        self.never = frozenset(rules.never)
        self.stop = frozenset(rules.stop)
        self.soft = frozenset(rules.soft)
        self.session = frozenset(rules.session)
        self.ranks = frozenset(rules.ranks)
        self.before = frozenset(rules.before)
        self.after = frozenset(rules.after)
        self.called = frozenset(rules.called)
        self.asks = frozenset(rules.asks)
        self.phrases = frozenset(tuple(phrase.replace("'s", " 's").split()) for phrase in rules.phrases)
        self.in_phrases = frozenset(word for phrase in self.phrases for word in phrase)
        self.phrase_starts = frozenset(start for phrase in self.phrases for start in _starts(phrase))
        self.others = frozenset(tuple(phrase.split()) for phrase in rules.others)
        self.longest_other = max((len(phrase) for phrase in self.others), default=0)
        self.openers = self.before | ARTICLES | _LINKED | frozenset(map(fold_word, _QUOTES)) | {"this"}
        """What stands right before words that only their surroundings call a title."""
        self._calling = self.asks | self.called | BECOMING
        self._kind = lru_cache(maxsize=20_000)(self._head)

    def kinds(self, document: Document) -> tuple[Head, ...]:
        """What kind of head each word is."""
        return tuple(map(self._kind, document.texts, document.norms))

    def may_stand_in(self, document: Document, heads: tuple[Head, ...]) -> bool:
        """Whether the message has any word that makes a title: the cheap question before the grammar is tried."""
        if any(heads) or not self.phrase_starts.isdisjoint(document.lows):
            return True
        return document.has_any(self._calling)

    def _head(self, text: str, norm: str) -> Head:
        found: Head = ""
        for word in (text.lower(), norm):
            single = singular(word)
            if word in self.never or single in self.never:
                continue
            if word in self.weak or single in self.weak:
                found = found or "weak"
            elif word in self.heads or single in self.heads or single.endswith(self.endings):
                return "strong"
            elif word in self.abbreviations:
                return "strong" if text.isupper() else (found or "weak")
            elif (
                len(single) >= _SHORTEST_AGENTIVE
                and single.isalpha()
                and single.endswith(_AGENTIVE)
                and word not in self.left
                and word not in self.stop
            ):
                found = found or "agentive"
        return found

    def is_plural_head(self, document: Document, heads: tuple[Head, ...], i: int) -> bool:
        """Whether the word is a head in the plural: "engineers"."""
        low = document.lows[i]
        return heads[i] == "strong" and low not in self.heads and singular(low) != low

    def introduced(self, document: Document, start: int) -> bool:
        """Whether the words before say that a role comes."""
        norms, i = document.norms, start - 1
        while i >= 0 and (norms[i] in ARTICLES or document.texts[i] in _QUOTES):
            i -= 1
        if i < 0:
            return False
        last = norms[i]
        if last in _LINKED and i > 0 and norms[i - 1] in self.after:
            return True
        return last in self.before and last not in _MERE_LINKS


def at(column: tuple[str, ...], i: int) -> str:
    """What a column has at `i`; nothing where there is none."""
    return column[i] if 0 <= i < len(column) else ""


def singular(word: str) -> str:
    """Without a plural's s."""
    if word.endswith(("men", "women")):
        return word[:-2] + "an"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _starts(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """The words that a fixed title may start with: its first, and that in the plural when it is all there is."""
    first = phrase[0]
    return (first,) if len(phrase) > 1 else (first, first + "s", first[:-2] + "en")
