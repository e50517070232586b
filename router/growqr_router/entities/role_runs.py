"""Where titles may be: the longest runs of words that may belong together in one."""

from __future__ import annotations

import re

from growqr_router.document import Document
from growqr_router.entities.role_words import (
    HEADED,
    LONGEST_PHRASE,
    NEVER,
    NO,
    NUMBER,
    PHRASED,
    RANK,
    STRONG,
    TRUE_HEADS,
    WEAK,
    YES,
    RoleWords,
    Signs,
    at,
)

_RUN = re.compile(f"{YES}+")
_UNSETTLED = re.compile(f"[{PHRASED}{HEADED}{RANK}{NUMBER}]")
_LONGEST_COMPOUND = 8
"""Tokens to each side of a part of a hyphenated word that are looked at."""
_APOSTROPHES = frozenset({"'", "\u2019"})
_TIGHT_LINKS = frozenset({"/", "&", "-", "+"}) | _APOSTROPHES
_POSSESSIVE = frozenset({"'s", "\u2019s"})
_LINKS = _TIGHT_LINKS | _POSSESSIVE | {"of", "in", "to", "."}
_LONGEST_LINK = 2
_COORDINATORS = frozenset({"and", "or"})
_TO = frozenset({"assistant", "secretary", "ea", "pa", "adviser", "advisor", "deputy"})
_HALVES = frozenset({"am", "pm"})
"""Of a day, behind a time; "pm" is a title too."""
_COUNTED = frozenset({"min", "hou", "sec", "que", "hr", "m", "-"})


class RoleRuns:
    """Cuts a message into runs."""

    def __init__(self, words: RoleWords) -> None:
        self._words = words

    def find(self, signs: Signs, taken: set[int]) -> list[tuple[int, int]]:
        """The longest ranges of words that may belong together in a title."""
        runs: list[tuple[int, int]] = []
        for match in _RUN.finditer(self._fits(signs, taken)):
            start, end = match.span()
            if runs and start - runs[-1][1] <= _LONGEST_LINK:
                first, link = runs[-1]
                size = self._link(signs, link)
                if size and start <= link + size < end:
                    runs[-1] = first, end
                    continue
            runs.append((start, end))
        return self._coordinated(signs, runs) if signs.document.has_any(_COORDINATORS) else runs

    def _coordinated(self, signs: Signs, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Join "food" and "beverage manager" at an "and", see `_belong`."""
        norms = signs.document.norms
        joined: list[tuple[int, int]] = []
        for run in runs:
            beside = joined and run[0] - joined[-1][1] == 1 and norms[run[0] - 1] in _COORDINATORS
            if beside and self._belong(signs, joined[-1], run):
                joined[-1] = joined[-1][0], run[1]
            else:
                joined.append(run)
        return joined

    def _belong(self, signs: Signs, left: tuple[int, int], right: tuple[int, int]) -> bool:
        """Whether only the second of two runs around an "and" has a head, or both are one job.

        Two heads are one job where both are plural ("inspectors and testers"), or where what introduces the first one
        or follows the second one speaks of a role ("as a lighting designer and director").
        """
        words, document = self._words, signs.document
        headed = not TRUE_HEADS.isdisjoint(signs.heads[slice(*right)])
        if headed and STRONG not in signs.heads[slice(*left)]:
            return True
        if words.is_plural_head(signs, left[1] - 1) and words.is_plural_head(signs, right[1] - 1):
            return True
        return headed and (at(document.norms, right[1]) in words.after or words.introduced(document, left[0]))

    def _fits(self, signs: Signs, taken: set[int]) -> str:
        """For each token, whether it fits into a title, as one letter."""
        fits = list(signs.fits)
        for match in _UNSETTLED.finditer(signs.fits):
            i = match.start()
            fits[i] = YES if self._fits_here(signs, i) else NO
        if "-" in signs.document.texts:
            self._join_compounds(signs, fits)
        for i in taken:
            fits[i] = NO
        if signs.document.has_any(_HALVES):
            texts, lows = signs.document.texts, signs.document.lows
            for i in (i for i, low in enumerate(lows) if low in _HALVES and at(texts, i - 1)[:1].isdigit()):
                fits[i] = NO
        return "".join(fits)

    def _fits_here(self, signs: Signs, i: int) -> bool:
        """What a word that hangs on the words around says here."""
        kind = signs.fits[i]
        if kind == PHRASED:
            return self._phrased(signs, i)
        if kind == HEADED:
            return self._heads_soon(signs, i)
        if kind == RANK:
            return at(signs.document.texts, i + 1)[:1].isdigit() or self._phrased(signs, i)
        return self._ranked(signs, i)

    def _ranked(self, signs: Signs, i: int) -> bool:
        """Whether a number belongs to a title: "band 6", "developer 2", but not "analyst 15 minutes"."""
        document = signs.document
        if at(document.norms, i - 1) in self._words.ranks:
            return True
        suffix = at(signs.heads, i - 1) == STRONG and document.lows[i] in self._words.suffixes
        return suffix and at(document.norms, i + 1)[:3] not in _COUNTED

    def _join_compounds(self, signs: Signs, fits: list[str]) -> None:
        """The parts of a hyphenated word fit or do not as a whole."""
        hyphens = [i for i, text in enumerate(signs.document.texts) if text == "-"]
        for i in {i + side for i in hyphens for side in (-1, 1)}:
            if at(signs.fits, i) not in ("", NEVER):
                fits[i] = self._compound(signs.document, i) or fits[i]

    def _compound(self, document: Document, i: int) -> str | None:
        """Whether token `i` fits as a part of a hyphenated word; None when it is part of none."""
        texts, starts, ends = document.texts, document.starts, document.ends
        left = i >= 2 and texts[i - 1] == "-" and ends[i - 1] == starts[i]
        right = i + 2 < len(texts) and texts[i + 1] == "-" and starts[i + 1] == ends[i]
        if not left and not right:
            return None
        first = last = i
        least, most = max(i - _LONGEST_COMPOUND, 2), min(i + _LONGEST_COMPOUND, len(texts))
        while first >= least and texts[first - 1] == "-" and ends[first - 2] == starts[first - 1]:
            first -= 2
        while last + 2 < most and texts[last + 1] == "-" and ends[last + 1] == starts[last + 2]:
            last += 2
        described = not self._words.session.isdisjoint(document.lows[first : last + 1 : 2])
        return NO if described or texts[first][0].isdigit() else YES

    def _heads_soon(self, signs: Signs, i: int) -> bool:
        """Whether a head follows at once, or after one more word ("career guidance adviser")."""
        document, words = signs.document, self._words
        near = signs.heads[i + 1 : i + 4]
        if near.isspace():
            return False
        for j, head in enumerate(near, i + 1):
            if head == STRONG or (head == WEAK and j > i + 1):
                return True
            low = document.lows[j]
            if low in words.stop and low not in words.soft and low not in words.left:
                return False
            if not document.texts[j][0].isalpha():
                return False
        return False

    def _phrased(self, signs: Signs, i: int) -> bool:
        """A stop word that is also a modifier or part of a phrase: only right before a word that makes it one."""
        lows, words = signs.document.lows, self._words
        if at(signs.heads, i + 1) in TRUE_HEADS and lows[i] in words.left:
            return True
        if not signs.phrases:
            return False
        spans = [(a, b) for a in range(max(i - LONGEST_PHRASE + 1, 0), i + 1) for b in signs.phrases.get(a, ())]
        return any(i < b and a + 1 < b and lows[a:b] in words.phrases for a, b in spans)

    def _link(self, signs: Signs, i: int) -> int:
        """How many tokens at `i`, between two words that fit, tie them together; 0 if they do not."""
        document, after = signs.document, i + 1
        low = document.lows[i]
        if low not in _LINKS:
            return 0
        before = document.lows[i - 1]
        tight = document.ends[i - 1] == document.starts[i]
        if low in _TIGHT_LINKS and tight:
            return int(document.ends[i] == document.starts[after] or low in _APOSTROPHES)
        if low == "&" or low in _POSSESSIVE:
            return 1
        if low == "of":
            return int(not document.texts[after][0].isdigit())
        if low == "in":
            modified = document.lows[after] in self._words.left and document.texts[after].islower()
            return int(modified and signs.heads[i - 1] == STRONG)
        if low == "to":
            return 2 * (before in _TO and document.norms[after] == "the")
        return int(low == "." and tight and before + "." in self._words.left)
