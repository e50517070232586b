"""Find the phrases of many concepts in a message in one pass: a trie over stems, with gaps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import NamedTuple

from growqr_router.document import Token
from growqr_router.tokenise import Tokeniser

GAP = "_"
MAX_GAP = 3
"""A lone `_` in a phrase stands for at most this many words."""


class Hit(NamedTuple):
    """A concept found on the word range [start, end)."""

    start: int
    end: int
    concept: str


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    ends: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()

    def may_end(self, stems: Sequence[str], at: int) -> bool:
        """Whether a phrase ends here or goes on with the word at `at`: of most that begin neither is true."""
        return bool(self.ends or self.blocks or GAP in self.next or (at < len(stems) and stems[at] in self.next))


class Lexicon:
    """Concept phrases, compiled. Immutable after construction."""

    def __init__(
        self,
        concepts: Iterable[tuple[str, Sequence[str], Sequence[str]]],
        tokeniser: Tokeniser,
        key: Callable[[Token], str] = attrgetter("stem"),
    ) -> None:
        """`concepts` are (id, phrases, phrases that block it) triples; `key` is what words are compared by."""
        self._root = _Node()
        self._key = key
        self._stems: dict[str, tuple[str, ...]] = {}
        for concept, phrases, blockers in concepts:
            for phrase in phrases:
                node = self._path(phrase, tokeniser)
                node.ends = (*node.ends, concept)
            for phrase in blockers:
                node = self._path(phrase, tokeniser)
                node.blocks = (*node.blocks, concept)

    def _path(self, phrase: str, tokeniser: Tokeniser) -> _Node:
        node = self._root
        for stem in phrase_keys(phrase, tokeniser, self._key):
            node = node.next.setdefault(stem, _Node())
        return node

    def find(self, stems: Sequence[str]) -> list[Hit]:
        """All concepts in `stems`, sorted; per concept only the longest of overlapping hits, none that is blocked."""
        ends: dict[str, list[tuple[int, int]]] = {}
        blocks: dict[str, list[tuple[int, int]]] = {}
        first = self._root.next
        for start, stem in enumerate(stems):
            if stem in first and first[stem].may_end(stems, start + 1):
                self._walk(first[stem], stems, start, ends, blocks)
        if not ends:
            return []
        blocks = {concept: _longest(spans) for concept, spans in blocks.items()}
        hits = [
            Hit(start, end, concept)
            for concept, spans in ends.items()
            for start, end in _longest(spans)
            if concept not in blocks or not _lies_in(start, end, blocks[concept])
        ]
        return sorted(hits)

    @staticmethod
    def _walk(
        node: _Node,
        stems: Sequence[str],
        start: int,
        ends: dict[str, list[tuple[int, int]]],
        blocks: dict[str, list[tuple[int, int]]],
    ) -> None:
        pending = [(node, start + 1)]
        last = len(stems)
        while pending:
            node, at = pending.pop()
            for concept in node.ends:
                ends.setdefault(concept, []).append((start, at))
            for concept in node.blocks:
                blocks.setdefault(concept, []).append((start, at))
            if at == last or not node.next:
                continue
            if (step := node.next.get(stems[at])) is not None:
                pending.append((step, at + 1))
            if (gap := node.next.get(GAP)) is not None:
                ahead = range(at, min(at + MAX_GAP + 1, last))
                pending.extend((gap.next[stems[i]], i + 1) for i in ahead if stems[i] in gap.next)


def phrase_keys(phrase: str, tokeniser: Tokeniser, key: Callable[[Token], str] = attrgetter("stem")) -> list[str]:
    """What a phrase's words are compared by; a lone `_` stays as `GAP`."""
    stems: list[str] = []
    for part in (f" {phrase} ").split(f" {GAP} "):
        stems.append(GAP)
        stems.extend(map(key, tokeniser.words(part)))
    return stems[1:]


def _lies_in(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether one of `spans`, sorted and none in another, covers [start, end)."""
    last = bisect_right(spans, start, key=itemgetter(0)) - 1
    return last >= 0 and spans[last][1] >= end


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that lie in no other, sorted."""
    if len(spans) == 1:
        return spans
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept
