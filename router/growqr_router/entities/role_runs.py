"""Where titles may be: the longest runs of words that may belong together in one."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from growqr_router.document import Token
from growqr_router.entities.role_words import RoleWords, norm, singular

_LONGEST_COMPOUND = 8
"""Tokens to each side of a part of a hyphenated word that are looked at."""
_TIGHT_LINKS = frozenset({"/", "&", "-", "+", "'", "\u2019"})
_APOSTROPHES = frozenset({"'", "\u2019"})
_POSSESSIVE = frozenset({"'s", "\u2019s"})
_TO = frozenset({"assistant", "secretary", "ea", "pa", "adviser", "advisor", "deputy"})


class RoleRuns:
    """Cuts a message into runs."""

    def __init__(self, words: RoleWords) -> None:
        self._words = words
        self._alone = lru_cache(maxsize=20_000)(self._fits_alone)

    def find(self, tokens: tuple[Token, ...], taken: set[int]) -> list[tuple[int, int]]:
        """The longest ranges of words that may belong together in a title."""
        runs: list[tuple[int, int]] = []
        i = 0
        while i < len(tokens):
            if i in taken or not self._fits(tokens, i):
                i += 1
                continue
            end = i + 1
            while end < len(tokens):
                if end not in taken and self._fits(tokens, end):
                    end += 1
                    continue
                step = self._link(tokens, end)
                if not step or end + step in taken or not self._fits(tokens, end + step):
                    break
                end += step + 1
            runs.append((i, end))
            i = end
        return self._coordinated(tokens, runs)

    def _coordinated(self, tokens: tuple[Token, ...], runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Join "food" and "beverage manager": runs at an "and" that only the second has a head for, or of one job.

        Two heads are one job where both are plural ("inspectors and testers"), or where what introduces the first one
        or follows the second one speaks of a role ("as a lighting designer and director").
        """
        joined: list[tuple[int, int]] = []
        for start, end in runs:
            if joined and start - joined[-1][1] == 1 and tokens[start - 1].norm in ("and", "or"):
                first = joined[-1][0]
                headless = not any(self._words.head(tokens, i) == "strong" for i in range(*joined[-1]))
                headed = any(self._words.head(tokens, i) in ("strong", "weak") for i in range(start, end))
                plurals = all(self._words.is_plural_head(tokens, i) for i in (joined[-1][1] - 1, end - 1))
                one_job = headed and (self._words.introduced(tokens, first) or norm(tokens, end) in self._words.after)
                if (headless and headed) or plurals or one_job:
                    joined[-1] = (first, end)
                    continue
            joined.append((start, end))
        return joined

    def _fits(self, tokens: tuple[Token, ...], i: int) -> bool:
        token = tokens[i]
        alone = self._alone(token.text, token.norm, token.mended)
        if alone == "never":
            return False
        compound = self._compound(tokens, i)
        if compound is not None:
            return compound
        return self._fits_here(tokens, i) if alone == "perhaps" else alone == "yes"

    def _fits_alone(self, text: str, norm: str, mended: bool) -> Literal["never", "no", "yes", "perhaps"]:
        """What can be said of a word wherever it stands; `perhaps` hangs on the words around, `never` does not."""
        low = text.lower()
        if "@" in low or (not text[0].isalnum() and low not in self._words.left):
            return "never"
        if text == "IT" or low[0].isdigit() or low in self._words.ranks:
            return "perhaps"
        stops = low in self._words.stop
        if low in self._words.left or low in self._words.in_phrases:
            return "perhaps" if stops else "yes"
        if low in self._words.soft or singular(low) in self._words.soft:
            return "perhaps"
        return "no" if stops or (mended and norm in self._words.stop) else "yes"

    def _fits_here(self, tokens: tuple[Token, ...], i: int) -> bool:
        token = tokens[i]
        low = token.low
        if token.text == "IT" or low[0].isdigit():
            return self._heads_soon(tokens, i) if token.text[-1].isupper() else self._ranked(tokens, i)
        phrased = low in self._words.in_phrases and self._before_head(tokens, i)
        if low in self._words.ranks and low not in self._words.left and not phrased:
            return i + 1 < len(tokens) and tokens[i + 1].text[0].isdigit()
        if low in self._words.left or low in self._words.in_phrases:
            return low not in self._words.stop or self._before_head(tokens, i)
        if low in self._words.soft or singular(low) in self._words.soft:
            return self._heads_soon(tokens, i)
        return low not in self._words.stop and (token.norm not in self._words.stop or not token.mended)

    def _ranked(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether a number belongs to a title: "band 6", "developer 2", but not "analyst 15 minutes"."""
        if norm(tokens, i - 1) in self._words.ranks:
            return True
        suffix = tokens[i].low in self._words.suffixes and i > 0 and self._words.head(tokens, i - 1) == "strong"
        return suffix and not self._counted(tokens, i)

    def _compound(self, tokens: tuple[Token, ...], i: int) -> bool | None:
        """Whether token `i` fits as a part of a hyphenated word; None when it is part of none."""
        left = i >= 2 and tokens[i - 1].text == "-" and tokens[i - 1].end == tokens[i].start
        right = i + 2 < len(tokens) and tokens[i + 1].text == "-" and tokens[i + 1].start == tokens[i].end
        if not left and not right:
            return None
        first = last = i
        while (
            first >= max(i - _LONGEST_COMPOUND, 2)
            and tokens[first - 1].text == "-"
            and tokens[first - 2].end == tokens[first - 1].start
        ):
            first -= 2
        while (
            last + 2 < min(i + _LONGEST_COMPOUND, len(tokens))
            and tokens[last + 1].text == "-"
            and tokens[last + 2].start == tokens[last + 1].end
        ):
            last += 2
        words = {tokens[k].low for k in range(first, last + 1, 2)}
        return not words & self._words.session and not tokens[first].text[0].isdigit()

    def _heads_soon(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether a head follows at once, or after one more word ("career guidance adviser")."""
        for j in range(i + 1, min(i + 4, len(tokens))):
            low = tokens[j].low
            head = self._words.head(tokens, j)
            if head == "strong" or (head == "weak" and j > i + 1):
                return True
            if low in self._words.stop and low not in self._words.soft and low not in self._words.left:
                return False
            if not tokens[j].text[0].isalpha():
                return False
        return False

    def _before_head(self, tokens: tuple[Token, ...], i: int) -> bool:
        """A stop word that is also a modifier or part of a phrase: only right before a word that makes it one."""
        low = tokens[i].low
        if low in self._words.left and i + 1 < len(tokens) and self._words.head(tokens, i + 1) in ("strong", "weak"):
            return True
        words = [token.low for token in tokens[max(i - 3, 0) : i + 4]]
        at = min(i, 3)
        return any(
            tuple(words[a:b]) in self._words.phrases
            for a in range(at + 1)
            for b in range(max(at + 1, a + 2), min(a + 4, len(words)) + 1)
        )

    @staticmethod
    def _counted(tokens: tuple[Token, ...], i: int) -> bool:
        """Whether the number counts what follows ("analyst 15 minutes")."""
        return i + 1 < len(tokens) and tokens[i + 1].norm[:3] in ("min", "hou", "sec", "que", "hr", "m", "-")

    def _link(self, tokens: tuple[Token, ...], i: int) -> int:
        """How many tokens at `i` tie the words on both sides together; 0 if they do not."""
        if i + 1 >= len(tokens) or i == 0:
            return 0
        low, before, after = tokens[i].low, tokens[i - 1], tokens[i + 1]
        if low in _TIGHT_LINKS and before.end == tokens[i].start:
            return int(tokens[i].end == after.start or low in _APOSTROPHES)
        if low == "&" or low in _POSSESSIVE:
            return 1
        if low == "of":
            return int(not after.text[0].isdigit())
        if low == "in":
            return int(
                self._words.head(tokens, i - 1) == "strong" and after.low in self._words.left and after.text.islower()
            )
        if low == "to" and before.low in _TO and after.norm == "the" and i + 2 < len(tokens):
            return 2
        if low == "." and before.end == tokens[i].start and before.low + "." in self._words.left:
            return 1
        return 0
