"""Durations in minutes, and limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import compress

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.entities.words import SHIELD, Phrases, unshielded
from growqr_router.memo import Memo
from growqr_router.tokenise import Tokeniser, fold_word
from growqr_rules.entities import Durations

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50,
    "sixty": 60, "ninety": 90, "dozen": 12, "fourty": 40, "fiveteen": 15, "dix": 10, "zehn": 10, "diez": 10,
    "cinco": 5, "quinze": 15, "quince": 15,
}  # fmt: skip
_FRACTIONS = {"1/4": 0.25, "1/2": 0.5, "3/4": 0.75, "\u00bd": 0.5, "\u00bc": 0.25, "half": 0.5, "quarter": 0.25}
_GLUED = re.compile(r"(\d{1,3})-?(m|mi?ns?|minutes?|minuts|hrs?|h|s|secs?)(?:ish|\+)?\Z")
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{1,2}\Z")
_ISH = re.compile(r"(\d{1,3})(?:ish|-ish|\+)\Z")
_MARKS = frozenset({",", ".", "!", "?", ";", ":", "\n", "-", "--", "...", "(", ")", "|", "/", "\u2026"})
_NO_MINUTES_BEFORE = frozenset({"-", ":", "/", "%", ")"})
_CURRENCIES = frozenset({"\u00a3", "$", "\u20ac", "\u20b9"})
_CLAUSE_OPENS = _MARKS | {"", "and", "but", "because"}
_PERSONS = frozenset({"i", "we", "they", "he", "she", "my", "the"})
_JOINERS = frozenset({"-", "to", "or", "\u2013"})
_LINKS = frozenset({":", "=", "to", "of", "half", "a"})
_ITEM_MARKS = frozenset({".", ":", ")", "/", "-"})
_LONGEST_ASKED = 120
_ROUND = frozenset({3, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 45, 60})
"""Numbers that mean minutes even when they stand alone between marks; others are ages, floors, scores."""
_PHRASE = 12
"""Tokens to each side within which a number's phrase is looked for; a longer one is about more than a length."""
_NEAR = 4
"""Tokens before a plain number that may say that it means minutes."""


_Number = tuple[int, int, float]
"""Where a number begins and ends, and what it is."""


class NumberFinder:
    """Finds durations (snapped to the allowed minutes, the wish kept in `requested`), limits and other counts."""

    def __init__(self, rules: Durations, tokeniser: Tokeniser) -> None:
        self._allowed = sorted(rules.allowed)
        self._units = dict(rules.units)
        self._between = frozenset(rules.between)
        self._fillers = frozenset(rules.fillers)
        self._asked_before = _split(rules.asked_before)
        self._asked_after = _split(rules.asked_after)
        self._done_in = frozenset(rules.done_in)
        self._delayed_before = frozenset(rules.delayed_before)
        self._delayed_after = _split(rules.delayed_after)
        self._limit_before = frozenset(rules.limit_before)
        self._limit_after = frozenset(rules.limit_after)
        self._shields = frozenset(fold_word(word) for word in rules.shields)
        self._minutes = dict(rules.idioms)
        self._idioms = Phrases([*((phrase, [phrase]) for phrase in rules.idioms), (SHIELD, rules.not_)], tokeniser)

    def find(self, document: Document, keys: Sequence[str], expects: str | None) -> list[Entity]:
        """Durations and limits.

        `keys` are the document's `singulars`; `expects` is the slot that was asked for: a bare number answers it.
        """
        numbers = _numbers(document)
        if not numbers:
            return self._idiomatic(document, keys)
        stated = self._stated(document, numbers, bare=expects == "duration_minutes") if self._allowed else []
        idiomatic = [] if stated else self._idiomatic(document, keys)
        return [*stated, *self._limits(document, numbers), *idiomatic]

    def snap(self, minutes: float) -> int:
        """The nearest allowed duration; of two as near, the longer (12.5 -> 15)."""
        return min(self._allowed, key=lambda allowed: (abs(allowed - minutes), -allowed))

    def _entity(self, document: Document, start: int, end: int, minutes: float) -> Entity:
        snapped = self.snap(minutes)
        asked = int(minutes) if minutes == int(minutes) else round(minutes, 1)
        bounded = start > 0 and document.norms[start - 1] == "than"  # "no more than five minutes"
        corrected = start > 1 and document.norms[start - 1] == "no" and _VALUES[document.norms[start - 2]]
        negated = not bounded and not corrected and all(i in document.negated for i in range(start, end))
        requested = None if asked == snapped else (asked if isinstance(asked, int) else str(asked))
        return Entity("duration_minutes", snapped, start, end, "stated", requested, negated)

    def _stated(self, document: Document, numbers: list[_Number], *, bare: bool) -> list[Entity]:
        """The numbers that are durations."""
        norms = document.norms
        found: list[Entity] = []
        end = 0
        for i, stop, number in numbers:
            if i < end:
                continue
            end = stop
            while end < len(norms) and norms[end] in self._between:
                end += 1
            unit = self._units.get(_norm(norms, end))
            glued = _GLUED.match(document.lows[i])
            if glued and not self._elsewhere(norms, i, i + 1):
                found.append(self._entity(document, i, i + 1, number * (60 if glued[2].startswith("h") else 1)))
            elif unit is not None and _norm(norms, end + 1) not in self._shields:
                end += 1
                if not self._elsewhere(norms, i, end):
                    found.append(self._entity(document, i, end, number * unit))
            elif self._means_minutes(document, i, bare=bare):
                end = i + 1
                found.append(self._entity(document, i, end, number))
        return found

    def _elsewhere(self, norms: Sequence[str], start: int, end: int) -> bool:
        """Whether the length is that of something else: "my bus is in 6 minutes", "a walk of two minutes", "£2m"."""
        before, further = _norm(norms, start - 1), _norm(norms, start - 2)
        if before in _CURRENCIES or before in self._delayed_before or _starts(norms, end, self._delayed_after):
            return True
        if before == "in":
            return further not in self._done_in
        return before == "for" and further in _CLAUSE_OPENS and _norm(norms, end) in _PERSONS

    def _means_minutes(self, document: Document, i: int, *, bare: bool) -> bool:
        """Whether a number without a unit means minutes: alone between marks, asked for, or a correction."""
        norms = document.norms
        value = _VALUES[norms[i]]
        if value is None or not 1 <= value <= _LONGEST_ASKED or norms[i] == "one" or _in_a_list(document, i):
            return False
        first, last = i, i + 1
        while first > max(i - _PHRASE, 0) and norms[first - 1] not in _MARKS:
            first -= 1
        while last < min(i + _PHRASE, len(norms)) and norms[last] not in _MARKS:
            last += 1
        around = [norms[k] for k in range(first, last) if k != i]
        if self._fillers.issuperset(around) and (bare or around or value in _ROUND):
            return bare or last - first < len(norms) or not around
        return value in self._allowed and self._asked_plainly(norms, i)

    def _asked_plainly(self, norms: Sequence[str], i: int) -> bool:
        """Of "make it 15", "10 no 15", "15 is too long, 5 please": an allowed number where lengths are talked about."""
        after = _norm(norms, i + 1)
        if after in self._shields or after in _NO_MINUTES_BEFORE:
            return False
        before = norms[max(i - _NEAR, 0) : i]
        if any(before[at:] in self._asked_before for at in range(len(before))):
            return True
        if _starts(norms, i + 1, self._asked_after) and self._shields.isdisjoint((*before, "number")):
            return True
        return not {"no", "not"}.isdisjoint(before) and any(_VALUES[norm] in self._allowed for norm in before)

    def _idiomatic(self, document: Document, keys: Sequence[str]) -> list[Entity]:
        """The longest phrase that means a duration."""
        for start, end, phrase in unshielded(self._idioms.find(document, keys)):
            if self._elsewhere(document.norms, start, end):
                continue
            minutes = self._minutes[phrase]
            snapped = self.snap(minutes)
            bounded = start > 0 and document.norms[start - 1] == "than"
            negated = not bounded and not document.negated.isdisjoint(range(start, end))
            asked = int(minutes) if minutes != snapped else None
            return [Entity("duration_minutes", snapped, start, end, "mapped", asked, negated)]
        return []

    def _limits(self, document: Document, numbers: list[_Number]) -> list[Entity]:
        """The whole numbers: limits, or counts of something."""
        norms = document.norms
        found: list[Entity] = []
        end = 0
        for i, stop, number in numbers:
            if i < end or number != int(number) or norms[stop - 1] == "one":
                continue
            end = stop
            linked = _norm(norms, i - 1) in _LINKS
            before = _norm(norms, i - 2 if linked else i - 1)
            said = before in self._limit_before or (_norm(norms, i + 1) in self._limit_after and norms[i] != "one")
            found.append(Entity("limit" if said else "count", int(number), i, i + 1, "stated"))
        return found


def _split(phrases: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in phrases)


def _norm(norms: Sequence[str], i: int) -> str:
    return norms[i] if 0 <= i < len(norms) else ""


def _starts(norms: Sequence[str], at: int, phrases: frozenset[tuple[str, ...]]) -> bool:
    norms = tuple(norms[at : at + _NEAR])
    return any(norms[:size] in phrases for size in range(1, len(norms) + 1))


def _in_a_list(document: Document, i: int) -> bool:
    """Whether a number numbers an item or is part of a time, date or range ("2.", "3)", "5:30", "q-5")."""
    norms, starts, ends = document.norms, document.starts, document.ends
    if i and norms[i - 1] in ("-", ":", "/") and starts[i - 1] == ends[max(i - 2, 0)]:
        return True
    follows = _norm(norms, i + 1)
    tight = i + 2 < len(norms) and starts[i + 2] == ends[i + 1]
    return follows in _ITEM_MARKS and (tight or follows == ")")


def _numbers(document: Document) -> list[_Number]:
    """A number for each token at which one begins."""
    starts = compress(range(len(document.norms)), map(_COUNTS.__getitem__, document.norms))
    read = ((i, *_number(document, i)) for i in starts)
    return [(i, end, number) for i, number, end in read if number is not None]


def _number(document: Document, i: int) -> tuple[float | None, int]:
    """The number that starts at token `i`, and where it ends; of a range ("5-10", "10 to 15") the upper end."""
    norms = document.norms
    value = _VALUES[norms[i]]
    if value is None:
        value = _parted(norms[i])
    if value is None:
        return None, i
    end = i + 1
    if norms[i] == "half":
        dozen = end + 1 if _norm(norms, end) == "a" else end
        if _norm(norms, dozen) == "dozen":
            return 6, dozen + 1
    if end + 1 < len(norms) and norms[end] == "/" and document.starts[end] == document.ends[i]:
        parted = _FRACTIONS.get(f"{norms[i]}/{norms[end + 1]}")
        return (parted, end + 2) if parted else (None, i)
    if end + 1 < len(norms) and norms[end] in _JOINERS:
        upper = _VALUES[norms[end + 1]]
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


_VALUES = Memo(_value)


def _counts(norm: str) -> bool:
    """Whether a number can begin at this word."""
    return _VALUES[norm] is not None or _parted(norm) is not None


_COUNTS = Memo(_counts)
