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
    gap: dict[str, _Node] | None = None
    """What may follow after a gap."""
    stops: bool = False
    """Whether a phrase may end here, or go on after a gap: of most that begin neither is true."""


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
        for concept, phrases, blockers in concepts:
            for phrase in phrases:
                node = self._path(phrase, tokeniser)
                node.ends = (*node.ends, concept)
                node.stops = True
            for phrase in blockers:
                node = self._path(phrase, tokeniser)
                node.blocks = (*node.blocks, concept)
                node.stops = True
        self.first = self._root.next.keys()
        """What a phrase may begin with."""

    def _path(self, phrase: str, tokeniser: Tokeniser) -> _Node:
        node = self._root
        for stem in phrase_keys(phrase, tokeniser, self._key):
            after = node.next.setdefault(stem, _Node())
            if stem == GAP:
                node.gap, node.stops = after.next, True
            node = after
        return node

    def find(self, stems: Sequence[str]) -> list[Hit]:
        """All concepts in `stems`, sorted; per concept only the longest of overlapping hits, none that is blocked."""
        ends: dict[str, list[tuple[int, int]]] = {}
        blocks: dict[str, list[tuple[int, int]]] = {}
        last = len(stems) - 1
        for start, node in enumerate(map(self._root.next.get, stems)):
            if node is not None and (node.stops or (start < last and stems[start + 1] in node.next)):
                _walk(node, stems, start, ends, blocks)
        if not ends:
            return []
        hits = [
            Hit(start, end, concept)
            for concept, spans in ends.items()
            for start, end in (spans if len(spans) == 1 else _longest(spans))
        ]
        if blocks:
            hidden = {concept: _longest(spans) for concept, spans in blocks.items()}
            hits = [hit for hit in hits if not _lies_in(hit.start, hit.end, hidden.get(hit.concept, ()))]
        hits.sort()
        return hits


def _walk(
    node: _Node,
    stems: Sequence[str],
    start: int,
    ends: dict[str, list[tuple[int, int]]],
    blocks: dict[str, list[tuple[int, int]]],
) -> None:
    """Note every phrase that begins at `start`, where `node` is what its first word leads to."""
    last = len(stems)
    at = start + 1
    pending: list[tuple[_Node, int]] = []
    while True:
        if node.stops:
            for concept in node.ends:
                ends.setdefault(concept, []).append((start, at))
            for concept in node.blocks:
                blocks.setdefault(concept, []).append((start, at))
            if node.gap:
                ahead = range(at, min(at + MAX_GAP + 1, last))
                pending += [(node.gap[stems[i]], i + 1) for i in ahead if stems[i] in node.gap]
        after = node.next.get(stems[at]) if at < last else None
        if after is not None:
            node, at = after, at + 1
        elif pending:
            node, at = pending.pop()
        else:
            return


def phrase_keys(phrase: str, tokeniser: Tokeniser, key: Callable[[Token], str] = attrgetter("stem")) -> list[str]:
    """What a phrase's words are compared by; a lone `_` stays as `GAP`."""
    stems: list[str] = []
    for part in (f" {phrase} ").split(f" {GAP} "):
        stems.append(GAP)
        stems.extend(map(key, tokeniser.words(part)))
    return stems[1:]


def _lies_in(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
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
