"""Durations in minutes, counts and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.lexicon import Lexicon
from growqr_router.tokenise import Tokeniser, fold_word
from growqr_rules.entities import Durations

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50,
    "sixty": 60, "ninety": 90,
}  # fmt: skip
_UNITS = {
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m", "minuet", "minuets"), 1.0),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), 60.0),
    **dict.fromkeys(("second", "seconds", "sec", "secs"), 1 / 60),
}
_GLUED = re.compile(r"(\d{1,3})(m|mins?|minutes?|hrs?|h|s|secs?)\Z")
_LIMIT_BEFORE = frozenset({"top", "best", "first", "last", "highest", "latest", "limit", "leading"})
_LIMIT_AFTER = frozenset({"best", "highest", "top", "entries", "names", "people", "rows", "results", "of", "scorers"})
_JOINERS = frozenset({"-", "to", "or"})


class NumberFinder:
    """Finds durations (snapped to the allowed minutes, the wish kept in `requested`) and limits."""

    def __init__(self, rules: Durations, tokeniser: Tokeniser) -> None:
        self._allowed = sorted(rules.allowed)
        self._shields = frozenset(fold_word(word) for word in rules.shields)
        self._minutes = dict(rules.idioms)
        self._idioms = Lexicon([(phrase, [phrase], ()) for phrase in rules.idioms], tokeniser)

    def find(self, document: Document, expects: str | None) -> Iterator[Entity]:
        """Durations and limits; `expects` is the slot that was asked for, so that a bare number answers it."""
        stated = list(self._stated(document, bare=expects == "duration_minutes"))
        yield from stated
        yield from self._limits(document)
        if not stated:
            yield from self._idiomatic(document)

    def snap(self, minutes: float) -> int:
        """The nearest allowed duration; of two as near, the longer (12.5 -> 15)."""
        return min(self._allowed, key=lambda allowed: (abs(allowed - minutes), -allowed))

    def _entity(self, document: Document, start: int, end: int, minutes: float) -> Entity:
        snapped = self.snap(minutes)
        asked = int(minutes) if minutes == int(minutes) else round(minutes, 1)
        negated = all(i in document.negated for i in range(start, end))
        requested = None if asked == snapped else (asked if isinstance(asked, int) else str(asked))
        return Entity("duration_minutes", snapped, start, end, "stated", requested, negated)

    def _stated(self, document: Document, *, bare: bool) -> Iterator[Entity]:
        if not self._allowed:
            return
        tokens = document.tokens
        i = 0
        while i < len(tokens):
            number, end = _number(document, i)
            if number is None:
                i += 1
                continue
            unit = tokens[end].norm if end < len(tokens) else ""
            if unit == "-" and end + 1 < len(tokens):
                unit, end = tokens[end + 1].norm, end + 1
            glued = _GLUED.match(tokens[i].text.lower())
            if glued:
                yield self._entity(document, i, i + 1, number * (60 if glued[2].startswith("h") else 1))
            elif unit in _UNITS and not self._shielded(tokens[end + 1].norm if end + 1 < len(tokens) else ""):
                yield self._entity(document, i, end + 1, number * _UNITS[unit])
                end += 1
            elif (bare and len([t for t in tokens if t.is_word]) <= 4 and not self._shielded(unit)) or self._corrected(
                document, i, end
            ):
                yield self._entity(document, i, i + 1, number)
            i = max(end, i + 1)

    def _corrected(self, document: Document, i: int, end: int) -> bool:
        """Of "make it 15" or "10 no 15": a plain allowed number where lengths are talked about."""
        tokens = document.tokens
        if not tokens[i].norm.isdigit() or int(tokens[i].norm) not in self._allowed:
            return False
        if end < len(tokens) and (self._shielded(tokens[end].norm) or tokens[end].norm in ("-", ":", ".", "/")):
            return False
        before = [t.norm for t in tokens[max(i - 3, 0) : i]]
        made = before[-2:] in (["make", "it"], ["it", "to"]) or (before[-1:] == ["to"] and "change" in before)
        return made or ("no" in before and any(t.norm.isdigit() for t in tokens[max(i - 4, 0) : i]))

    def _shielded(self, word: str) -> bool:
        return word in self._shields

    def _idiomatic(self, document: Document) -> Iterator[Entity]:
        words = [i for i, token in enumerate(document.tokens) if token.is_word]
        hits = self._idioms.find([document.tokens[i].stem for i in words])
        hits.sort(key=lambda hit: (hit.start - hit.end, hit.start))
        if hits:
            hit = hits[0]
            start, end = words[hit.start], words[hit.end - 1] + 1
            minutes = self._minutes[hit.concept]
            snapped = self.snap(minutes)
            negated = any(i in document.negated for i in range(start, end))
            asked = int(minutes) if minutes != snapped else None
            yield Entity("duration_minutes", snapped, start, end, "mapped", asked, negated)

    @staticmethod
    def _limits(document: Document) -> Iterator[Entity]:
        tokens = document.tokens
        for i, token in enumerate(tokens):
            number, end = _number(document, i)
            if number is None or number != int(number) or end != i + 1:
                continue
            before = tokens[i - 1].norm if i else ""
            after = tokens[i + 1].norm if i + 1 < len(tokens) else ""
            if before in _LIMIT_BEFORE or (after in _LIMIT_AFTER and token.norm != "one"):
                yield Entity("limit", int(number), i, i + 1, "stated")


def _number(document: Document, i: int) -> tuple[float | None, int]:
    """The number that starts at token `i`, and where it ends; of a range ("5-10", "10 to 15") the upper end."""
    tokens = document.tokens
    value = _value(tokens[i].norm) if i < len(tokens) else None
    if value is None:
        return None, i
    end = i + 1
    if end + 1 < len(tokens) and tokens[end].norm in _JOINERS:
        upper = _value(tokens[end + 1].norm)
        if upper is not None and upper > value:
            return upper, end + 2
    return value, end


def _value(norm: str) -> float | None:
    if norm in _NUMBERS:
        return _NUMBERS[norm]
    if norm.isdigit() and len(norm) <= 3 and norm.isascii():
        return int(norm)
    glued = _GLUED.match(norm)
    return int(glued[1]) if glued else None
