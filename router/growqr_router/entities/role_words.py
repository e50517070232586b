"""The words that job titles are made of, and what each may be in one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from growqr_router.document import Document
from growqr_router.tokenise import fold_word
from growqr_rules.entities import Roles

STRONG, WEAK, AGENTIVE, NO_HEAD = "s", "w", "a", " "
"""A head for sure, one that is a common word too, one by its ending only, none."""
TRUE_HEADS = frozenset({STRONG, WEAK})
YES, NO, NEVER = "y", "n", "x"
"""Whether a word fits into a title. `NEVER` holds for the parts of hyphenated words too."""
PHRASED, HEADED, RANK, NUMBER = "p", "h", "r", "#"
"""It fits where it is part of a phrase, where a head follows, where a number follows, or behind a rank or a head."""
_AGENTIVE = ("er", "or", "ist", "ian", "eer", "ant", "man", "woman", "person", "ess", "eur", "wright", "smith")
_SHORTEST_AGENTIVE = 5
LONGEST_PHRASE = 4
_QUOTES = frozenset({'"', "'", "\u201c", "("})
_LINKED = frozenset({":", "=", "-", "of", "is", "as", "for", "de", "di"})
"""What may stand between "role" and the title: "role: ...", "position of ..."."""
_MERE_LINKS = frozenset({":", "-", "of", "is"})
"""Of these, what says nothing by itself."""
ARTICLES = frozenset({"a", "an", "the", "new", "another"})
DETERMINERS = frozenset({"a", "an", "the", "this", '"'})
BECOMING = frozenset({"as", "becoming", "become"})
MARKS = frozenset(
    {",", ".", "!", "?", ";", ":", "\n", "-", "--", "...", "(", ")", "|", '"', "'", "/", "\u201c", "\u201d"}
)


class Signs(NamedTuple):
    """What in a message can make a title. Strings have one letter for each token."""

    document: Document
    heads: str
    """What kind of head each token is: `STRONG`, `WEAK`, `AGENTIVE` or `NO_HEAD`."""
    fits: str
    """Whether each token fits into a title, or what that hangs on: `YES` to `NUMBER`."""
    phrases: dict[int, list[int]]
    """Start -> ends, rising, of the fixed titles ("cabin crew"), whose last word may be in the plural."""


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
        self._openings = frozenset(opening for phrase in self.phrases for opening in _openings(phrase))
        self._lone = frozenset(word for phrase in self.phrases if len(phrase) == 1 for word in _numbers(phrase[0]))
        self._firsts = frozenset(first for first, _ in self._openings) | self._lone
        self.others = frozenset(tuple(phrase.split()) for phrase in rules.others)
        self.longest_other = max((len(phrase) for phrase in self.others), default=0)
        self.openers = self.before | self.asks | ARTICLES | DETERMINERS
        """What stands right before the words that only their surroundings call a title."""
        self._calling = self.asks | self.called | BECOMING
        self._letters = lru_cache(maxsize=20_000)(self._read)

    def signs(self, document: Document) -> Signs | None:
        """What can make a title; None where nothing can, so that the grammar need not be tried."""
        letters = "".join(map(self._letters, document.texts, document.norms))
        heads, phrases = letters[::2], self._phrases(document.lows)
        if heads.isspace() and not phrases and not document.has_any(self._calling):
            return None
        return Signs(document, heads, letters[1::2], phrases)

    def _phrases(self, lows: tuple[str, ...]) -> dict[int, list[int]]:
        if self._firsts.isdisjoint(lows):
            return {}
        found: dict[int, list[int]] = {}
        for a, low in enumerate(lows):
            if low in self._firsts and (low in self._lone or lows[a : a + 2] in self._openings):
                ends = range(a + 1, min(a + LONGEST_PHRASE, len(lows)) + 1)
                found[a] = [b for b in ends if self._is_phrase(lows[a:b])]
        return found

    def _is_phrase(self, words: tuple[str, ...]) -> bool:
        return words in self.phrases or (*words[:-1], singular(words[-1])) in self.phrases

    def _read(self, text: str, norm: str) -> str:
        """Both letters of a word."""
        return self._head(text, norm) + self._fit(text, norm)

    def _head(self, text: str, norm: str) -> str:
        found = ""
        for word in (text.lower(), norm):
            single = singular(word)
            if word in self.never or single in self.never:
                continue
            if word in self.weak or single in self.weak:
                found = found or WEAK
            elif word in self.heads or single in self.heads or single.endswith(self.endings):
                return STRONG
            elif word in self.abbreviations:
                return STRONG if text.isupper() else (found or WEAK)
            elif (
                len(single) >= _SHORTEST_AGENTIVE
                and single.isalpha()
                and single.endswith(_AGENTIVE)
                and word not in self.left
                and word not in self.stop
            ):
                found = found or AGENTIVE
        return found or NO_HEAD

    def _fit(self, text: str, norm: str) -> str:
        low = text.lower()
        if "@" in low or (not text[0].isalnum() and low not in self.left):
            return NEVER
        if text == "IT" or low[0].isdigit():
            return HEADED if text[-1].isupper() else NUMBER
        if low in self.ranks and low not in self.left:
            return RANK
        if low in self.left or low in self.in_phrases:
            return PHRASED if low in self.stop else YES
        if low in self.soft or singular(low) in self.soft:
            return HEADED
        mended = norm != fold_word(text)
        return NO if low in self.stop or (mended and norm in self.stop) else YES

    def is_plural_head(self, signs: Signs, i: int) -> bool:
        """Whether the word is a head in the plural: "engineers"."""
        low = signs.document.lows[i]
        return signs.heads[i] == STRONG and low not in self.heads and singular(low) != low

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


def at(column: Sequence[str], i: int) -> str:
    """What a column has at `i`; nothing where there is none."""
    return column[i] if 0 <= i < len(column) else ""


def singular(word: str) -> str:
    """Without a plural's s."""
    if word.endswith(("men", "women")):
        return word[:-2] + "an"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _numbers(word: str) -> tuple[str, ...]:
    """All that `singular` might make `word` of."""
    return word, word + "s", word[:-2] + "en"


def _openings(phrase: tuple[str, ...]) -> list[tuple[str, str]]:
    """The first two words of a fixed title, the second in either number when it is the last."""
    seconds = _numbers(phrase[1]) if len(phrase) == 2 else phrase[1:2]
    return [(phrase[0], second) for second in seconds]
