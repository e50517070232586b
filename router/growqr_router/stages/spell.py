"""Stage 3: mend misspelt words that nothing in the pack and no English dictionary knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from growqr_router.document import Token
from growqr_router.reading import Reading
from growqr_router.tokenise import stem_word

SHORTEST = 4
"""Shorter words are never mended."""
_LONG = 8
"""From this many letters two edits are allowed, below it one."""


class Spell:
    """Replaces the `norm` and `stem` of unknown words by the one known word that is nearest."""

    name = "spell"

    def __init__(self, vocabulary: dict[str, int], general: Iterable[str]) -> None:
        """`vocabulary` maps the pack's words to how often they occur; `general` words are never touched."""
        self._known = frozenset(vocabulary) | frozenset(general)
        self._counts = vocabulary
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(vocabulary):
            if word.isalpha() and len(word) >= SHORTEST:
                self._by_length[len(word)].append(word)
        self.mend = lru_cache(maxsize=20_000)(self._mend)

    def __call__(self, reading: Reading) -> None:
        """Mend the document's tokens."""
        document = reading.document
        if self._known.issuperset(document.norms):
            return
        tokens = document.tokens
        strange = [i for i, norm in enumerate(document.norms) if norm not in self._known]
        mended = {i: token for i in strange if (token := self._mend_token(tokens[i], i)) is not tokens[i]}
        if mended:
            changed = tuple([mended.get(i, token) for i, token in enumerate(tokens)])
            norms, stems = tuple([token.norm for token in changed]), tuple([token.stem for token in changed])
            reading.document = document._replace(tokens=changed, norms=norms, stems=stems)

    def _mend_token(self, token: Token, index: int) -> Token:
        norm = token.norm
        if len(norm) < SHORTEST or not norm.isalpha():
            return token
        if index > 0 and token.text[0].isupper() and not token.text.isupper():
            return token  # a name inside a sentence
        better = self.mend(norm)
        return token if better is None else token._replace(norm=better, stem=stem_word(better), mended=True)

    def _mend(self, word: str) -> str | None:
        """The nearest known word, or None if none is near or two are as good (first letter, then frequency, decide)."""
        most = 2 if len(word) >= _LONG else 1
        lengths = range(len(word) - most, len(word) + most + 1)
        candidates = list(chain.from_iterable(self._by_length[n] for n in lengths if n in self._by_length))
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = sorted((d, w[0] != word[0], -self._counts[w], w) for w, d, _ in found)
        if not ranked:
            return None
        if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2] and ranked[0][2] > 3 * ranked[1][2]:
            return None
        return ranked[0][3]
