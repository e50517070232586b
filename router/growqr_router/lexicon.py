"""Find the phrases of many concepts in a message in one pass: a trie over stems, with gaps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
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
        first = self._root.next
        for start, (stem, after) in enumerate(zip_longest(stems, islice(stems, 1, None))):
            node = first.get(stem)
            if node is not None and (node.stops or after in node.next):
                _walk(node, stems, start, ends, blocks)
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


def _walk(
    node: _Node,
    stems: Sequence[str],
    start: int,
    ends: dict[str, list[tuple[int, int]]],
    blocks: dict[str, list[tuple[int, int]]],
) -> None:
    """Note every phrase that begins at `start`, where `node` is what its first word leads to."""
    last = len(stems)
    pending: list[tuple[_Node | None, int]] = [(node, start + 1)]
    while pending:
        at_node, at = pending.pop()
        while at_node is not None:
            for concept in at_node.ends:
                ends.setdefault(concept, []).append((start, at))
            for concept in at_node.blocks:
                blocks.setdefault(concept, []).append((start, at))
            if at == last:
                break
            if at_node.gap:
                ahead = range(at, min(at + MAX_GAP + 1, last))
                pending += [(at_node.gap[stems[i]], i + 1) for i in ahead if stems[i] in at_node.gap]
            at_node = at_node.next.get(stems[at])
            at += 1


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
