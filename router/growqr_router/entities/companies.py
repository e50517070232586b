"""Company names: known ones, and capitalised or listed ones in context."""

from __future__ import annotations

from collections.abc import Iterator

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_rules.entities import Companies

_LONGEST = 5
_AFTER = frozenset({"role", "job", "interview", "loop", "position", "onsite", "mock", "screen"})
_JOINING = frozenset({"&", "of", "and", "the", "'s", "-", "."})


class CompanyFinder:
    """Finds companies; negated ones are marked."""

    def __init__(self, rules: Companies) -> None:
        self._known = frozenset(tuple(_fold(name).split()) for name in rules.known)
        self._common = frozenset(tuple(_fold(name).split()) for name in rules.common)
        self._after = frozenset(rules.after)
        self._kinds = frozenset(rules.kinds)
        self._never = frozenset(tuple(_fold(name).split()) for name in rules.never)

    def find(self, document: Document, taken: set[int]) -> Iterator[Entity]:
        """Companies in order; `taken` tokens (titles, e-mails) are not looked at."""
        tokens = document.tokens
        i = 0
        while i < len(tokens):
            end = i if i in taken else self._match(tokens, i, taken)
            if end > i:
                negated = any(n in document.negated for n in range(i, end))
                text = document.text[tokens[i].start : tokens[end - 1].end]
                yield Entity("company_name", text.removesuffix("'s"), i, end, "stated", negated=negated)
            i = max(end, i + 1)

    def _match(self, tokens: tuple[Token, ...], i: int, taken: set[int]) -> int:
        """The end of the name that starts at token `i`, or `i`."""
        before = tokens[i - 1].norm if i else ""
        in_context = before in self._after or (before == "for" and self._name_like(tokens, i))
        for size in range(min(_LONGEST, len(tokens) - i), 0, -1):
            if any(i + k in taken for k in range(size)):
                continue
            words = tuple(_fold(token.text) for token in tokens[i : i + size])
            after = tokens[i + size].norm if i + size < len(tokens) else ""
            context = in_context or after in _AFTER
            if words in self._never:
                return i
            if words in self._known and words not in self._common:
                return i + size
            if words in self._common and context:
                return i + size
        if in_context and self._name_like(tokens, i):
            return self._capitalised(tokens, i, taken)
        return i

    def _name_like(self, tokens: tuple[Token, ...], i: int) -> bool:
        text = tokens[i].text
        return i < len(tokens) and (text[0].isupper() or (text[0].isdigit() and any(c.isalpha() for c in text[1:])))

    def _capitalised(self, tokens: tuple[Token, ...], i: int, taken: set[int]) -> int:
        end = i + 1
        while end < len(tokens) and end - i < _LONGEST and end not in taken:
            text = tokens[end].text
            if text[0].isupper() or text.lower() in self._kinds:
                end += 1
            elif (
                text in _JOINING
                and end + 1 < len(tokens)
                and tokens[end + 1].text[0].isupper()
                and (text != "." or tokens[end].end == tokens[end + 1].start or len(tokens[end - 1].text) <= 2)
            ):
                end += 2
            else:
                break
        return min(end, len(tokens))


def _fold(name: str) -> str:
    return " ".join(name.lower().replace("\u2019", "'").split())
