"""What the fitted weights look at in a message: words, their neighbours and letters, concepts, shape and context.

Each feature is a short readable key, so that the table of weights can be read and every term explained:

==================  ==========================================================
``w:stem``          a word; ``w:stem@state`` and ``w:stem@open`` in a conversation that has begun
``v:word``          a word with its ending: "uploaded" is not "upload"
``b:stem stem``     two neighbours, `<` and `>` marking the message's ends
``c:letters``       three to five neighbouring letters of a word, `#` marking its ends
``z:stem``          a word of the last sentence, where the ask usually stands; ``y:stem stem`` a pair there
``a:stem stem``     how the last sentence opens
``n:stem``          a word inside a negation
``k:concept``       a concept; ``k:concept@state`` the same in a state
``p:act object``    an act and an object of one clause
``e:slot``          a slot that the message fills; ``e:slot@state`` in a state
``f:...``           the message's shape: length class, whether it is a question
``s:state``, ``r:role``, ``s:open``  the context
==================  ==========================================================
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import isqrt
from typing import NamedTuple

from growqr_router.lexicon import Hit
from growqr_router.memo import Memo
from growqr_router.names import Names
from growqr_router.reading import Reading, Stated

UNIT = 1000
"""A feature's full value."""
NUMBER = "<n>"
"""All numbers are one word."""
_HIDDEN = frozenset({"emails", "session_id", "assignment_ids", "target_role", "company_name"})
"""Slots whose own words say nothing about the ask."""
NOT_BEGUN = "none"
"""The state in which a conversation has nothing open."""
_LETTERS, _CONCEPT, _PAIR, _NEGATED, _OPENING = 300, 60, 150, 200, 300
_LAST, _AT_STATE, _SHAPE, _ROLE, _ENTITY = 500, 400, 500, 500, 300
_GRAM_SIZES = (3, 4, 5)
_LONGEST_WORD = 24
"""Letters of a word that are looked at: longer "words" are URLs or noise."""
_REPLY = 6
"""Words: in a longer message the concepts of short replies mean nothing."""
_LENGTHS = (2, 5, 10, 20, 40)
"""Upper ends of the length classes, in words."""
_SENTENCE_ENDS = frozenset({".", "!", "?", "\n"})


class Group(NamedTuple):
    """Features of one kind and value. One may stand several times in `numbers`; only its first place counts."""

    kind: str
    value: int
    """In thousandths."""
    numbers: Sequence[int]
    """What the features are about: names, or pairs of words, by their numbers."""
    place: Callable[[int], tuple[int, int] | None]
    """From an index of `numbers` to the word range where it is; None: nowhere."""
    paired: bool = False


class Situation(NamedTuple):
    """What a message's features are besides its words."""

    state: str
    role: str
    slots: tuple[str, ...]
    """Those it fills, sorted."""
    size: int
    """Its length class."""
    asks: bool
    """Whether it ends in a question mark."""


class Features:
    """Every feature of a message but the letters, by the numbers of `names`."""

    def __init__(self, names: Names, kinds: Mapping[str, str]) -> None:
        """`kinds` maps concepts to their kind."""
        self._names = names
        self._kinds = kinds
        self._concept_numbers = cache(self._numbers_in)

    def stated(self, reading: Reading) -> Stated:
        """The message's words with their numbers."""
        stems = [NUMBER if stem.isdigit() else stem for stem in reading.stems]
        for entity in reading.entities:
            if entity.slot in _HIDDEN:
                first = bisect_left(reading.words, entity.start)
                for i in range(first, bisect_left(reading.words, entity.end, lo=first)):
                    stems[i] = f"<{entity.slot}>"
        words = self._names.ids(stems)
        last = _last_start(reading)
        opening, closing = self._names.ends
        first = words[last] if words else closing
        *pairs, _, opened = self._names.pairs([opening, *words, closing, opening, first])
        return Stated(stems, words, pairs, last, opened, _length(stems))

    def __call__(self, reading: Reading) -> list[Group]:
        """All of them."""
        return [*self.of_words(reading), *self.of_situation(situation(reading))]

    def key(self, group: Group, number: int) -> str:
        """A feature, as the table of weights and explanations call it."""
        return f"{group.kind}:{self._names.pair(number) if group.paired else self._names.name(number)}"

    def of_words(self, reading: Reading) -> list[Group]:
        """Those that stand at a place of the message."""
        said, names, norms = reading.stated, self._names, reading.document.norms
        last = len(said.words)
        value = UNIT * UNIT // said.length
        groups = [
            Group("w", value, said.words, _word),
            Group("b", value, said.pairs, lambda i: (max(i - 1, 0), min(i + 1, last)), paired=True),
            Group("v", value, names.ids([norms[i] for i in reading.words]), _word),
        ]
        if said.words:
            groups += self._last_sentence(reading)
        if reading.document.negated:
            at = [i for i, index in enumerate(reading.words) if index in reading.document.negated]
            groups.append(Group("n", _NEGATED, names.ids([reading.stems[i] for i in at]), lambda i: (at[i], at[i] + 1)))
        if reading.hits:
            groups += self._concepts(reading)
        state = reading.context.state
        if state != NOT_BEGUN:
            value = _AT_STATE * UNIT // max(isqrt(last * UNIT * UNIT), UNIT)
            both = [name for stem in said.stems for name in (f"{stem}@{state}", f"{stem}@open")]
            groups.append(Group("w", value, names.ids(both), lambda i: _word(i // 2)))
        return groups

    def of_situation(self, situation: Situation) -> list[Group]:
        """The others. Where slots are is left out: it is where many words are."""
        state, role, slots, size, asks = situation
        filled = [name for slot in slots for name in (slot, f"{slot}@{state}")]
        groups = (
            ("e", _ENTITY, filled),
            ("s", UNIT, [state] if state == NOT_BEGUN else [state, "open"]),
            ("r", _ROLE, [role]),
            ("f", _SHAPE, [str(size), "?"] if asks else [str(size)]),
        )
        return [Group(kind, value, self._names.ids(about), _nowhere) for kind, value, about in groups]

    def _last_sentence(self, reading: Reading) -> list[Group]:
        said = reading.stated
        start = said.last
        last, count = said.words[start:], len(said.words)
        value = _LAST * UNIT // isqrt(len(last) * UNIT * UNIT)
        pairs = [said.opening, *said.pairs[start + 1 :]]
        both = len(last) > 1
        opening = pairs[1:2] if both else last
        return [
            Group("z", value, last, lambda i: (start + i, start + i + 1)),
            Group("y", value, pairs, lambda i: (start + max(i - 1, 0), start + max(i - 1, 0) + 1), paired=True),
            Group("a", _OPENING, opening, lambda _: (start, min(start + 2, count)), paired=both),
            Group("a", _OPENING, last[:1], lambda _: (start, start + 1)),
        ]

    def _concepts(self, reading: Reading) -> list[Group]:
        short = len(reading.words) <= _REPLY
        numbers = self._concept_numbers(reading.context.state)
        told = [hit for hit in reading.hits if short or self._kinds[hit.concept] != "reply"]
        said = [number for hit in told for number in numbers[hit.concept]]
        groups = [Group("k", _CONCEPT, said, lambda i: (told[i // 2].start, told[i // 2].end))] if told else []
        pairs = self._act_object_pairs(reading) if told else []
        if pairs:
            about = self._names.ids([f"{act.concept} {thing.concept}" for act, thing in pairs])
            groups.append(Group("p", _PAIR, about, lambda i: _extent(pairs[i])))
        return groups

    def _numbers_in(self, state: str) -> dict[str, list[int]]:
        """Each concept's number, and that of the concept in this state."""
        return {concept: self._names.ids((concept, f"{concept}@{state}")) for concept in self._kinds}

    def _act_object_pairs(self, reading: Reading) -> list[tuple[Hit, Hit]]:
        """Each act with each object of its clause, each concept once per clause."""
        acts: dict[tuple[int, str], Hit] = {}
        objects: dict[int, dict[str, Hit]] = {}
        starts = [start for start, _ in reading.document.clauses]
        for hit in reading.hits:
            kind = self._kinds[hit.concept]
            if kind == "act":
                acts.setdefault((bisect_right(starts, reading.words[hit.start]), hit.concept), hit)
            elif kind == "object":
                clause = bisect_right(starts, reading.words[hit.start])
                objects.setdefault(clause, {}).setdefault(hit.concept, hit)
        return [(act, thing) for (clause, _), act in acts.items() for thing in objects.get(clause, {}).values()]


def situation(reading: Reading) -> Situation:
    """What the message's features are besides its words."""
    context = reading.context
    slots = tuple(sorted({e.slot for e in reading.entities if not e.negated})) if reading.entities else ()
    asks = reading.document.text.rstrip().endswith("?")
    return Situation(context.state, context.role, slots, bisect_left(_LENGTHS, len(reading.words)), asks)


def letter_value(said: Stated) -> int:
    """The value of one letter group of a message."""
    return _LETTERS * UNIT // said.length


def letter_features(stem: str) -> tuple[str, ...]:
    """The letter groups of one word, with repeats; as features their kind is `c`."""
    marked = f"#{stem[:_LONGEST_WORD]}#"
    return tuple(marked[i : i + n] for n in _GRAM_SIZES for i in range(len(marked) - n + 1))


def _count_letters(stem: str) -> int:
    """How many letter groups a word has."""
    marked = len(stem[:_LONGEST_WORD]) + 2
    return sum([max(marked - n + 1, 0) for n in _GRAM_SIZES])


_LETTER_COUNTS = Memo(_count_letters)


def _length(stems: Sequence[str]) -> int:
    """A message's Euclidean length in thousandths: words and pairs count fully, letter groups less."""
    groups = sum(map(_LETTER_COUNTS.__getitem__, set(stems)))
    squared = (2 * len(stems) + 1) * UNIT * UNIT + groups * _LETTERS * _LETTERS
    return max(isqrt(squared), UNIT)


def _word(i: int) -> tuple[int, int]:
    return i, i + 1


def _nowhere(_: int) -> None:
    return None


def _last_start(reading: Reading) -> int:
    """The number of the first word of the last sentence that has words."""
    norms, words = reading.document.norms, reading.words
    if not words or _SENTENCE_ENDS.isdisjoint(norms):
        return 0
    end = words[-1]
    ends = [i for i, norm in enumerate(norms[:end]) if norm in _SENTENCE_ENDS]
    return bisect_left(words, ends[-1]) if ends else 0


def _extent(hits: tuple[Hit, Hit]) -> tuple[int, int]:
    return min(hit.start for hit in hits), max(hit.end for hit in hits)
