"""Durations in minutes, counts and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.entities.words import SHIELD as _SHIELD
from growqr_router.entities.words import Phrases
from growqr_router.tokenise import Tokeniser, fold_word
from growqr_rules.entities import Durations

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50,
    "sixty": 60, "ninety": 90, "dozen": 12, "fourty": 40, "fiveteen": 15, "dix": 10, "zehn": 10, "diez": 10,
}  # fmt: skip
_UNITS = {
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m", "minuet", "minuets", "mns", "minuts", "minits"), 1.0),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "huor"), 60.0),
    **dict.fromkeys(("second", "seconds", "sec", "secs"), 1 / 60),
}
_GLUED = re.compile(r"(\d{1,3})-?(m|mi?ns?|minutes?|minuts|hrs?|h|s|secs?)(?:ish|\+)?\Z")
_FRACTIONS = {"1/4": 0.25, "1/2": 0.5, "3/4": 0.75, "\u00bd": 0.5, "\u00bc": 0.25, "half": 0.5, "quarter": 0.25}
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{1,2}\Z")
_ISH = re.compile(r"(\d{1,3})(?:ish|-ish|\+)\Z")
_MARKS = frozenset({",", ".", "!", "?", ";", ":", "\n", "-", "--", "...", "(", ")", "|", "/", "\u2026"})
_FILLERS = frozenset({"no", "okay", "so", "say", "max", "maximum", "please", "tops", "long", "ish", "or", "just", "only", "then", "wait", "actually", "sorry", "better", "about", "around", "roughly", "instead", "now"})
_LONGEST_ASKED = 120
_CURRENCIES = frozenset({"\u00a3", "$", "\u20ac", "\u20b9"})
_AFTER_DELAYS = frozenset({"ago", "late", "early", "away", "walk", "drive"})
# "in ten minutes" says when, not how long, after these, or at the head of a clause about a person.
_DELAYED = frozenset(
    {"is", "s", "are", "am", "start", "starts", "on", "begins", "due", "leave", "leaving", "here", "back", "off", "doon",
     "down", "waffled", "answers", "over", "be", "going", "happening", "coming", "call"}
)
_DELAY_OPENS = _MARKS | {"", "and", "but", "because"}
_PERSONS = frozenset({"i", "we", "they", "he", "she", "my", "the"})
_SHIELDING_MARKS = frozenset({"-", ":", "/", "%", ")"})
_LIMIT_BEFORE = frozenset({"top", "best", "first", "last", "highest", "latest", "limit", "leading", "newest", "max", "maximum", "recent", "most"})
_LIMIT_AFTER = frozenset({"best", "highest", "top", "entries", "names", "people", "rows", "results", "scorers", "strongest", "most", "latest", "newest", "recent", "leaders", "winners", "finishers", "scores"})
_JOINERS = frozenset({"-", "to", "or", "\u2013"})


class NumberFinder:
    """Finds durations (snapped to the allowed minutes, the wish kept in `requested`) and limits."""

    def __init__(self, rules: Durations, tokeniser: Tokeniser) -> None:
        self._allowed = sorted(rules.allowed)
        self._shields = frozenset(fold_word(word) for word in rules.shields)
        self._minutes = dict(rules.idioms)
        self._idioms = Phrases([*((phrase, [phrase]) for phrase in rules.idioms), (_SHIELD, rules.not_)], tokeniser)

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
            while end < len(tokens) and tokens[end].norm in ("-", "ish", "odd", "or", "so", "whole", "full", "of", "an", "a"):
                end += 1
            unit = tokens[end].norm if end < len(tokens) else ""
            glued = _GLUED.match(tokens[i].text.lower())
            if glued and not self._elsewhere(document, i, i + 1):
                yield self._entity(document, i, i + 1, number * (60 if glued[2].startswith("h") else 1))
            elif unit in _UNITS and not self._shielded(tokens[end + 1].norm if end + 1 < len(tokens) else ""):
                if not self._elsewhere(document, i, end + 1):
                    yield self._entity(document, i, end + 1, number * _UNITS[unit])
                end += 1
            elif self._plain(document, i, bare=bare):
                yield self._entity(document, i, i + 1, number)
                end = i + 1
            i = max(end, i + 1)

    @staticmethod
    def _elsewhere(document: Document, start: int, end: int) -> bool:
        """Whether the length is that of something else: "my bus is in 6 minutes", "a walk of two minutes", "£2m"."""
        tokens = document.tokens
        before = tokens[start - 1].norm if start else ""
        further = tokens[start - 2].norm if start > 1 else ""
        after = tokens[end].norm if end < len(tokens) else ""
        if before in _CURRENCIES or before in ("every", "past") or after in _AFTER_DELAYS:
            return True
        return before in ("in", "for") and (further in _DELAYED or (further in _DELAY_OPENS and after in _PERSONS))

    def _plain(self, document: Document, i: int, *, bare: bool) -> bool:
        """A number that means minutes without saying so: alone between marks, asked for, or a correction."""
        tokens = document.tokens
        value = _value(tokens[i].norm)
        if value is None or not 1 <= value <= _LONGEST_ASKED or tokens[i].norm == "one":
            return False
        first, last = i, i + 1
        while first > 0 and tokens[first - 1].norm not in _MARKS:
            first -= 1
        while last < len(tokens) and tokens[last].norm not in _MARKS:
            last += 1
        if first and tokens[first - 1].norm in ("-", ":", "/") and tokens[first - 1].start == tokens[max(first - 2, 0)].end:
            return False
        around = [token.norm for k, token in enumerate(tokens[first:last], first) if k != i]
        if last < len(tokens) and tokens[last].norm in (".", ":", ")", "/", "-") and last == i + 1:
            tight = last + 1 < len(tokens) and tokens[last + 1].start == tokens[last].end
            if tight or tokens[last].norm == ")":
                return False
        if all(word in _FILLERS for word in around):
            return bare or last - first < len(tokens) or not around
        return self._asked_plainly(document, i)

    def _asked_plainly(self, document: Document, i: int) -> bool:
        """Of "make it 15", "10 no 15", "15 is too long, 5 please": a plain allowed number where lengths are talked about."""
        tokens = document.tokens
        if _value(tokens[i].norm) not in self._allowed:
            return False
        after = tokens[i + 1].norm if i + 1 < len(tokens) else ""
        if self._shielded(after) or after in _SHIELDING_MARKS:
            return False
        before = [token.norm for token in tokens[max(i - 4, 0) : i]]
        if before[-2:] in (["make", "it"], ["it", "to"], ["thing", "but"], ["it", "at"], ["keep", "it"]):
            return True
        if before[-1:] == ["to"] and {"change", "drop", "cut", "extend", "down", "up", "go"} & set(before):
            return True
        if after in ("long", "is", "not", "please", "instead", "max") and not {"question", "questions", "number"} & set(before):
            return after != "is" or (i + 2 < len(tokens) and tokens[i + 2].norm in ("too", "better", "enough", "fine", "plenty"))
        return bool({"no", "not"} & set(before)) and any(_value(token.norm) in self._allowed for token in tokens[max(i - 4, 0) : i])

    def _shielded(self, word: str) -> bool:
        return word in self._shields

    def _idiomatic(self, document: Document) -> Iterator[Entity]:
        hits = self._idioms.find(document)
        shields = [(start, end) for start, end, phrase in hits if phrase == _SHIELD]
        for start, end, phrase in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0], hit[2])):
            if any(a <= start and end <= b for a, b in shields) or self._elsewhere(document, start, end):
                continue
            minutes = self._minutes[phrase]
            snapped = self.snap(minutes)
            negated = any(i in document.negated for i in range(start, end))
            asked = int(minutes) if minutes != snapped else None
            yield Entity("duration_minutes", snapped, start, end, "mapped", asked, negated)
            return

    @staticmethod
    def _limits(document: Document) -> Iterator[Entity]:
        tokens = document.tokens
        for i, token in enumerate(tokens):
            number, end = _number(document, i)
            if number is None or number != int(number) or end != i + 1:
                continue
            before = tokens[i - 1].norm if i else ""
            if before in (":", "=", "to", "of") and i > 1:
                before = tokens[i - 2].norm
            after = tokens[i + 1].norm if i + 1 < len(tokens) else ""
            if before in _LIMIT_BEFORE or (after in _LIMIT_AFTER and token.norm != "one"):
                yield Entity("limit", int(number), i, i + 1, "stated")


def _number(document: Document, i: int) -> tuple[float | None, int]:
    """The number that starts at token `i`, and where it ends; of a range ("5-10", "10 to 15") the upper end."""
    tokens = document.tokens
    value = _value(tokens[i].norm) if i < len(tokens) else None
    if value is None and i < len(tokens):
        value = _parted(tokens[i].norm)
    if value is None:
        return None, i
    end = i + 1
    if tokens[i].norm == "half" and end < len(tokens) and tokens[end].norm == "dozen":
        return 6, end + 1
    if end + 1 < len(tokens) and tokens[end].norm == "/" and tokens[end].start == tokens[i].end:
        parted = _FRACTIONS.get(f"{tokens[i].norm}/{tokens[end + 1].norm}")
        return (parted, end + 2) if parted else (None, i)
    if end + 1 < len(tokens) and tokens[end].norm in _JOINERS:
        upper = _value(tokens[end + 1].norm)
        if upper is not None and upper > value:
            return upper, end + 2
    return value, end


def _parted(norm: str) -> float | None:
    """A fraction or decimal: "1/4", "0.25", and the words for them."""
    if norm in _FRACTIONS:
        return _FRACTIONS[norm]
    return float(norm.replace(",", ".")) if _DECIMAL.match(norm) else None


def _value(norm: str) -> float | None:
    if norm in _NUMBERS:
        return _NUMBERS[norm]
    if norm.isdigit() and len(norm) <= 3 and norm.isascii():
        return int(norm)
    glued = _GLUED.match(norm) or _ISH.match(norm)
    return int(glued[1]) if glued else None
