"""E-mail addresses, session ids and assignment ids."""

from __future__ import annotations

import re
from collections.abc import Iterable

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Ids

_EMAIL = re.compile(r"[A-Za-z0-9_%+\-][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_SPOKEN = re.compile(
    r"\b[a-z0-9]{1,40}(?: (?:dot|underscore|dash|hyphen) [a-z0-9]{1,40}){0,4}"
    r" at [a-z0-9]{1,40}(?: dot [a-z]{2,12}){1,3}\b",
    re.IGNORECASE,
)
_SAID = re.compile(r" (dot|at|underscore|dash|hyphen) ", re.IGNORECASE)
_SIGNS = {"dot": ".", "at": "@", "underscore": "_", "dash": "-", "hyphen": "-"}
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_CODE = re.compile(
    rf"(?<![\w@./\u00a3$\u20ac])(?:{_UUID}|(?=[A-Za-z0-9_\-#/]{{0,40}}\d)"
    r"[A-Za-z0-9]{1,24}(?:[_\-#/][A-Za-z0-9]{1,24}){0,4})(?![\w@])"
)
_CODED = re.compile(r"[\d-](?:(?<=\d)|(?<=-)[0-9a-fA-F]{4}-)")
"""What every code has."""
# What has a digit and is hardly ever an id: counts, times, dates, levels ("l5"), "24/7", "top-10".
_PLAIN = re.compile(
    r"\d{1,2}|\d+(?:st|nd|rd|th|k|m|am|pm|min|mins|mns|minutes?|hrs?|h|s|x|ish|yrs?|years?|%)|24/7|"
    r"\d{1,4}[-/]\d{1,4}(?:[-/]\d{1,4})?|[a-z]{1,3}\d{1,2}|[a-z]+[-/][a-z]+|(?:\d{1,3}-)?[a-z]+-\d{1,2}|"
    r"\d{1,3}-[a-z]+(?:-[a-z]+)?|[a-z]\d[a-z]?|20\d\d|[a-z]+\d(?:\.\d)?|\d{1,2}[a-z]+",
    re.IGNORECASE,
)
_NEAR = 3
"""Words before a code that say what it is."""
_MOST_BEFORE = 6
_NAMES = 2
"""Words of a person's name that may stand between a phrase and the address."""
_SHORTEST_LETTERED = 4
_SHORTEST_DIGITS = 3

_Phrases = frozenset[tuple[str, ...]]


class IdFinder:
    """Finds addresses and codes; what the message leaves out is negated, the writer's own address is a `sender`."""

    def __init__(self, rules: Ids, tokeniser: Tokeniser) -> None:
        self._own_before, self._own_after = _norms(rules.own_before, tokeniser), _norms(rules.own_after, tokeniser)
        self._out_before, self._out_after = _norms(rules.out_before, tokeniser), _norms(rules.out_after, tokeniser)
        self._wanted = frozenset(rules.wanted)
        self._skipped = frozenset(rules.skipped)
        self._prefixes = {
            "assignment_ids": tuple(rules.assignment_prefixes),
            "session_id": tuple(rules.session_prefixes),
        }
        self._words = {
            "assignment_ids": frozenset(rules.assignment_words),
            "session_id": frozenset(rules.session_words),
        }
        self._numbered = frozenset(rules.numbered)
        self._hints = frozenset(rules.session_hints)
        self._separators = frozenset(rules.separators)

    def find(self, document: Document) -> list[Entity]:
        """Addresses, then codes."""
        addresses = _addresses(document.text)
        return [*self._emails(document, addresses), *self._codes(document, addresses)]

    def _emails(self, document: Document, addresses: list[re.Match[str]]) -> Iterable[Entity]:
        """Each address once, lower case; of several mentions the last, but none that leaves it out."""
        matches = addresses + _spoken(document.text)
        if not matches:
            return ()
        kept: dict[str, Entity] = {}
        for match in sorted(matches, key=re.Match.start):
            start, end = document.tokens_in(match.start(), match.end())
            if start >= end:
                continue
            value = _SAID.sub(lambda said: _SIGNS[said[1].lower()], match[0]).rstrip(".-").lower()
            slot = "sender" if self._is_own(document, start, end) else "emails"
            found = Entity(slot, value, start, end, "stated", negated=self._is_out(document, start, end))
            if value not in kept or found.negated:
                kept[value] = found
        return kept.values()

    def _is_own(self, document: Document, start: int, end: int) -> bool:
        """Whether the address is the writer's, or of somebody who is only to be told."""
        return self._preceded(document, start, self._own_before) or self._followed(document, end, self._own_after)

    def _is_out(self, document: Document, start: int, end: int) -> bool:
        """Whether the message says that nothing is to happen to this address."""
        if self._preceded(document, start, self._out_before):
            return self._wanted.isdisjoint(document.norms[max(start - _MOST_BEFORE, 0) : start])
        return self._followed(document, end, self._out_after)

    def _preceded(self, document: Document, start: int, phrases: _Phrases) -> bool:
        """Whether a phrase stands before `start`, with nothing but skipped words and a name between."""
        names = 0
        stop = start
        first = max(start - 2 * _MOST_BEFORE, 0)
        while stop > first:
            norms = document.norms[max(stop - _MOST_BEFORE, first) : stop]
            if any(norms[at:] in phrases for at in range(len(norms))):
                return True
            stop -= 1
            if "@" in document.texts[stop]:
                return False
            if document.norms[stop] not in self._skipped:
                names += 1 if document.texts[stop][0].isupper() else _NAMES
                if names > _NAMES:
                    return False
        return False

    def _followed(self, document: Document, end: int, phrases: _Phrases) -> bool:
        while end < len(document.norms) and document.norms[end] in (")", ">"):
            end += 1
        norms = document.norms[end : end + _MOST_BEFORE]
        return any(norms[:size] in phrases for size in range(1, len(norms) + 1))

    def _codes(self, document: Document, addresses: list[re.Match[str]]) -> list[Entity]:
        """Session and assignment ids: by their prefix, by the words around, or by standing in a list with one."""
        if not _CODED.search(document.text):
            return []
        hidden = [match.span() for match in addresses]
        assigning = document.has_any(self._words["assignment_ids"])
        found: list[Entity] = []
        for match in _CODE.finditer(document.text):
            start, end = document.tokens_in(match.start(), match.end())
            if start >= end or any(a < match.end() and match.start() < b for a, b in hidden):
                continue
            listed = bool(found) and all(document.norms[i] in self._separators for i in range(found[-1].end, start))
            slot = found[-1].slot if listed else self._slot(document, start, match[0], assigning=assigning)
            if slot is not None:
                negated = self._is_out(document, start, end)
                found.append(Entity(slot, match[0], start, end, "stated", negated=negated))
        return found

    def _slot(self, document: Document, start: int, code: str, *, assigning: bool) -> str | None:
        """Which slot a code fills: `code` when nothing says whose id it is, None when nothing says that it is one."""
        near = set(document.norms[max(start - _NEAR, 0) : start])
        if code.isdigit() and near & self._numbered:
            return "assignment_ids"
        by_prefix = next((slot for slot, starts in self._prefixes.items() if code.lower().startswith(starts)), None)
        if by_prefix:
            return by_prefix
        plain = _PLAIN.fullmatch(code) is not None
        if not plain or len(code) >= _SHORTEST_DIGITS:
            by_word = next((slot for slot, words in self._words.items() if near & words), None)
            if by_word:
                return by_word
        if plain:
            return None
        if code.isdigit():
            return ("session_id" if near & self._hints else "code") if len(code) >= _SHORTEST_LETTERED else None
        if len(code) < _SHORTEST_LETTERED and not assigning:
            return "code"
        return "assignment_ids" if assigning else "session_id"


def _addresses(text: str) -> list[re.Match[str]]:
    return list(_EMAIL.finditer(text)) if "@" in text else []


def _spoken(text: str) -> list[re.Match[str]]:
    return list(_SPOKEN.finditer(text)) if " dot " in text.lower() else []


def _norms(phrases: Iterable[str], tokeniser: Tokeniser) -> _Phrases:
    return frozenset(tuple(token.norm for token in tokeniser.tokens(phrase)) for phrase in phrases)
