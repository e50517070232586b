"""The words that job titles are made of, and what each may be in one."""

from __future__ import annotations

from functools import lru_cache

from growqr_router.document import Token
from growqr_rules.entities import Roles

_AGENTIVE = ("er", "or", "ist", "ian", "eer", "ant", "man", "woman", "person", "ess", "eur", "wright", "smith")
_SHORTEST_AGENTIVE = 5
ARTICLES = frozenset({"a", "an", "the", "new", "another"})
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
        self.others = frozenset(tuple(phrase.split()) for phrase in rules.others)
        self.longest_other = max((len(phrase) for phrase in self.others), default=0)
        self._heads = lru_cache(maxsize=20_000)(self._head)

    def head(self, tokens: tuple[Token, ...], i: int) -> str:
        """`strong`, `weak`, `agentive` (by its ending only) or nothing."""
        return self._heads(tokens[i].text, tokens[i].norm)

    def _head(self, text: str, norm: str) -> str:
        found = ""
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

    def is_plural_head(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether the word is a head in the plural: "engineers"."""
        low = tokens[i].low
        return singular(low) != low and low not in self.heads and self.head(tokens, i) == "strong"

    def introduced(self, tokens: tuple[Token, ...], start: int) -> bool:
        """Whether the words before say that a role comes."""
        i = start - 1
        while i >= 0 and (tokens[i].norm in ARTICLES or tokens[i].text in ('"', "'", "\u201c", "(")):
            i -= 1
        if i < 0:
            return False
        last, before = tokens[i].norm, norm(tokens, i - 1)
        if last in (":", "=", "-", "of", "is", "as", "for", "de", "di") and before in self.after:
            return True
        return last not in ("of", "is", ":", "-") and last in self.before


def norm(tokens: tuple[Token, ...], i: int) -> str:
    """The word at `i` as it is looked up; nothing where there is none."""
    return tokens[i].norm if 0 <= i < len(tokens) else ""


def singular(word: str) -> str:
    """Without a plural's s."""
    if word.endswith(("men", "women")):
        return word[:-2] + "an"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
