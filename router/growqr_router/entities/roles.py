"""Job titles by grammar: modifiers, a head noun, suffixes."""

from __future__ import annotations

from collections.abc import Iterator

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_rules.entities import Roles

_MOST_BEFORE = 5
_LINKS = frozenset({"of", "&", "/", "-"})
_AFTER_ROLE = frozenset(
    {"role", "job", "position", "post", "interview", "vacancy", "opening", "gig", "mock", "roles", "apprenticeship"}
)
_INTRODUCES = frozenset({"as", "for", "become", "becoming", "role", "position", "job", "post", ":"})
_ARTICLES = frozenset({"a", "an", "the", "my"})
_AGENTIVE = ("er", "or", "ist", "ian", "eer", "ant", "man", "woman")


class RoleFinder:
    """Finds titles; a title that is somebody else's comes out negated."""

    def __init__(self, rules: Roles) -> None:
        self._heads = frozenset(rules.heads)
        self._endings = tuple(rules.endings)
        self._abbreviations = frozenset(rules.abbreviations)
        self._left = frozenset(rules.modifiers) | frozenset(rules.seniority)
        self._suffixes = frozenset(rules.suffixes)
        self._never = frozenset(rules.never)
        self._stop = frozenset(rules.stop)
        self._others = frozenset(tuple(phrase.split()) for phrase in rules.others)

    def find(self, document: Document) -> Iterator[Entity]:
        """Titles in order, not overlapping."""
        tokens = document.tokens
        last = 0
        for i in range(len(tokens)):
            if i < last or not self._is_head(tokens, i):
                continue
            end = self._right(tokens, i + 1)
            start = self._leftmost(tokens, i, last)
            last = end
            if end - start == 1 and tokens[start].norm in self._left and not self._introduced(tokens, start, end):
                continue
            yield self._entity(document, start, end)

    def _entity(self, document: Document, start: int, end: int) -> Entity:
        tokens = document.tokens
        text = document.text[tokens[start].start : tokens[end - 1].end]
        value = " ".join(text.lower().split())
        value = value.removesuffix("'s")
        negated = self._is_others(tokens, start) or any(i in document.negated for i in range(start, end))
        return Entity("target_role", value, start, end, "stated", negated=negated)

    def _is_head(self, tokens: tuple[Token, ...], i: int) -> bool:
        word = tokens[i].text.lower()
        single = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
        if word in self._never or single in self._never:
            return False
        if word in self._heads or single in self._heads or word in self._abbreviations:
            return word not in self._abbreviations or self._introduced(tokens, i, i + 1) or tokens[i].text.isupper()
        if not word.isalpha() or len(word) < 5 or word in self._stop:
            return False
        if single.endswith(self._endings):
            return True
        return single.endswith(_AGENTIVE) and self._introduced(tokens, i, i + 1)

    def _introduced(self, tokens: tuple[Token, ...], start: int, end: int) -> bool:
        """Whether the words around say that a role is named here."""
        if end < len(tokens) and tokens[end].norm in _AFTER_ROLE:
            return True
        j = start - 1
        while j >= 0 and (tokens[j].norm in _ARTICLES or tokens[j].norm in self._left):
            j -= 1
        return j >= 0 and tokens[j].norm in _INTRODUCES

    def _leftmost(self, tokens: tuple[Token, ...], head: int, bound: int) -> int:
        start = head
        while start > max(bound, head - _MOST_BEFORE):
            word = tokens[start - 1].text.lower()
            if word in _LINKS and start - 2 >= bound and self._part(tokens[start - 2]):
                start -= 2
            elif self._part(tokens[start - 1]):
                start -= 1
            else:
                break
        return start

    def _part(self, token: Token) -> bool:
        word = token.text.lower()
        if word in self._left:
            return True
        return (
            token.is_word
            and word not in self._stop
            and token.norm not in self._stop
            and not word[0].isdigit()
            and "@" not in word
        )

    def _right(self, tokens: tuple[Token, ...], end: int) -> int:
        while end < len(tokens):
            word = tokens[end].text.lower()
            if word in self._suffixes and not (
                word.isdigit() and end + 1 < len(tokens) and tokens[end + 1].norm == "minutes"
            ):
                end += 1
            elif word == "of" and end + 1 < len(tokens) and self._part(tokens[end + 1]):
                end += 2
                while end < len(tokens) and (
                    tokens[end].text.lower() in self._left
                    or (tokens[end].text[0].isupper() and self._part(tokens[end]))
                ):
                    end += 1
            elif self._is_plain_head(word):
                end += 1
            else:
                break
        return end

    def _is_plain_head(self, word: str) -> bool:
        return word in self._heads and word not in self._never

    def _is_others(self, tokens: tuple[Token, ...], start: int) -> bool:
        before = tuple(token.text.lower() for token in tokens[max(start - 6, 0) : start])
        return any(before[-len(phrase) :] == phrase for phrase in self._others)
