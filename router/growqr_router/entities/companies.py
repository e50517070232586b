"""Company names: known ones anywhere, common words and unknown names only where the words around call for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Companies

_LONGEST = 6
_JOINING = frozenset({"&", "of", "and", "the", "for", "'s", "\u2019s", "'", "\u2019", "-", "."})
_SENTENCE_MARKS = frozenset({".", "!", "?", "\n", ":", "...", '"', "\u201c", "(", "-", "--"})
_FRAGMENT_MARKS = _SENTENCE_MARKS | {",", ";", "/", "|", ")", "\u201d"}

_Match = Callable[[tuple[Token, ...], int, set[int]], int]


class CompanyFinder:
    """Finds companies; negated ones, and those that the person has left, are marked."""

    def __init__(self, rules: Companies, tokeniser: Tokeniser) -> None:
        self._common = _keys(rules.common, tokeniser)
        self._known = _keys(rules.known, tokeniser) - self._common
        self._never = _keys(rules.never, tokeniser)
        self._after = frozenset(rules.after)
        self._before = _keys(rules.before, tokeniser)
        self._called = frozenset(rules.called)
        self._kinds = frozenset(rules.kinds)
        self._prefixes = frozenset(rules.prefixes)
        self._left = _keys(rules.left, tokeniser)
        self._rejecting = frozenset(rules.rejecting)

    def known(self, document: Document, taken: set[int]) -> Iterator[Entity]:
        """Names that are companies wherever they stand."""
        yield from self._scan(document, taken, self._match_known)

    def named(self, document: Document, taken: set[int], roles: Iterable[Entity]) -> Iterator[Entity]:
        """Names that the words around make companies; `roles` are the titles found."""
        edges = {e.end for e in roles if not e.negated}, {e.start for e in roles if not e.negated}

        def match(tokens: tuple[Token, ...], i: int, used: set[int]) -> int:
            return self._match_named(tokens, i, used, edges)

        yield from self._scan(document, taken, match)

    def _scan(self, document: Document, taken: set[int], match: _Match) -> Iterator[Entity]:
        tokens = document.tokens
        i = 0
        while i < len(tokens):
            end = i if i in taken else match(tokens, i, taken)
            if end > i:
                yield self._entity(document, i, end)
            i = max(end, i + 1)

    def _entity(self, document: Document, start: int, end: int) -> Entity:
        tokens = document.tokens
        negated = any(n in document.negated for n in range(start, end)) or self._is_left(tokens, start, end)
        text = document.text[tokens[start].start : tokens[end - 1].end]
        return Entity("company_name", text, start, end, "stated", negated=negated)

    def _is_left(self, tokens: tuple[Token, ...], start: int, end: int) -> bool:
        """Whether the person was there, or was turned down there."""
        before = tuple(token.text.lower() for token in tokens[max(start - 4, 0) : start])
        if any(before[-size:] in self._left for size in range(1, len(before) + 1)):
            return True
        return end < len(tokens) and tokens[end].text.lower() in self._rejecting

    def _match_known(self, tokens: tuple[Token, ...], i: int, taken: set[int]) -> int:
        end = self._longest(tokens, i, taken, self._known)
        return self._extended(tokens, end, taken) if end > i else i

    def _match_named(self, tokens: tuple[Token, ...], i: int, taken: set[int], roles: tuple[set[int], set[int]]) -> int:
        if self._longest(tokens, i, taken, self._never) > i:
            return i
        capital = self._capitalised(tokens, i)
        called = self._is_called(tokens, i, roles[0])
        end = self._longest(tokens, i, taken, self._common)
        if end > i:
            inside = capital and i > 0 and tokens[i - 1].norm not in _SENTENCE_MARKS and tokens[i - 1].norm != "i"
            if called or inside or self._followed(tokens, end) or self._fragment(tokens, i, end):
                return self._extended(tokens, end, taken)
            return i
        if not capital:
            return i
        end = self._name(tokens, i, taken)
        words = [token.text.lower() for token in tokens[i:end]]
        if len(words) > 1 and (words[-1] in self._kinds or words[0] in self._prefixes):
            return end
        if called or self._followed(tokens, end):
            return end
        beside = (i >= 2 and i - 1 in roles[0]) or (end + 1 < len(tokens) and end + 1 in roles[1])
        return end if len(words) > 1 and beside and self._fragment(tokens, i, end) else i

    def _is_called(self, tokens: tuple[Token, ...], i: int, role_ends: set[int]) -> bool:
        """Whether the words before say that a company comes."""
        j = i - 1
        if j >= 0 and tokens[j].norm == "the":
            j -= 1
        if j < 0:
            return False
        word = tokens[j].norm
        if word in self._after:
            return True
        before = tokens[j - 1].norm if j else ""
        if word == "in":
            return j in role_ends or before in ("interview", "job", "role", "position", "work")
        if word in ("from", "for", "as", "by"):
            return self._capitalised(tokens, i)
        named = word in (":", "is", "to", "called", "named", "time", "now", "-", "be", "are")
        near = {token.norm for token in tokens[max(j - 4, 0) : j + 1]}
        return named and bool(near & self._called)

    def _followed(self, tokens: tuple[Token, ...], end: int) -> bool:
        """Whether what follows is something that companies do, or have ("wants me", "interview")."""
        words = tuple(token.norm for token in tokens[end : end + 4])
        return any(words[:size] in self._before for size in range(1, len(words) + 1))

    def _longest(self, tokens: tuple[Token, ...], i: int, taken: set[int], names: frozenset[tuple[str, ...]]) -> int:
        for size in range(min(_LONGEST, len(tokens) - i), 0, -1):
            if tuple(token.text.lower() for token in tokens[i : i + size]) in names:
                return i if any(i + k in taken for k in range(size)) else i + size
        return i

    def _extended(self, tokens: tuple[Token, ...], end: int, taken: set[int]) -> int:
        """Past what a known name goes on with: "Motors", "Energy"; after the NHS, its place."""
        while end < len(tokens) and end not in taken and tokens[end].text[0].isupper():
            if tokens[end].text.lower() not in self._kinds and tokens[end - 1].text.lower() not in self._prefixes:
                break
            end += 1
        return end

    @staticmethod
    def _capitalised(tokens: tuple[Token, ...], i: int) -> bool:
        text = tokens[i].text
        return text[0].isupper() or (
            text[0].isdigit() and any(c.isalpha() for c in text[2:]) and text[-1].isalpha() and len(text) > 2
        )

    def _name(self, tokens: tuple[Token, ...], i: int, taken: set[int]) -> int:
        """The end of the capitalised name that starts at `i`."""
        end = i + 1
        while end < len(tokens) and end - i < _LONGEST and end not in taken:
            text = tokens[end].text
            if (
                (text[0].isupper() and (tokens[end].text.lower(),) not in self._never)
                or (text.lower() in self._kinds and tokens[end - 1].text[0].isupper())
                or (text in ("'s", "\u2019s", "'", "\u2019") and tokens[end - 1].end == tokens[end].start)
            ):
                end += 1
            elif (
                text in _JOINING
                and end + 1 < len(tokens)
                and end + 1 not in taken
                and tokens[end + 1].text[0].isupper()
                and (text != "." or len(tokens[end - 1].text) <= 2)
                and (text not in ("and", "for", "the", "-") or tokens[end - 1].text[0].isupper())
            ):
                end += 2
            else:
                break
        while tokens[end - 1].text in ("'s", "\u2019s", "'", "\u2019"):
            end -= 1
        return end

    @staticmethod
    def _fragment(tokens: tuple[Token, ...], start: int, end: int) -> bool:
        opened = start == 0 or tokens[start - 1].norm in _FRAGMENT_MARKS
        return opened and (end == len(tokens) or tokens[end].norm in _FRAGMENT_MARKS)


def _keys(names: Iterable[str], tokeniser: Tokeniser) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(token.text.lower() for token in tokeniser(name).tokens) for name in names)
