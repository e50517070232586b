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

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import isqrt

from growqr_router.lexicon import Hit
from growqr_router.reading import Feature, Reading

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


def features(reading: Reading, kinds: Mapping[str, str]) -> Iterator[Feature]:
    """Every feature but the letters, each once. `kinds` maps concepts to their kind."""
    stems = feature_stems(reading)
    value = UNIT * UNIT // length(stems)
    yield from _words(stems, value)
    yield from _forms(reading, value)
    yield from _last_sentence(reading, stems)
    yield from _negated(reading)
    yield from _concepts(reading, kinds)
    yield from _entities(reading)
    yield from _context(reading, stems)
    yield Feature(f"f:{bisect_left(_LENGTHS, len(stems))}", 0, 0, _SHAPE)
    if reading.document.text.rstrip().endswith("?"):
        yield Feature("f:?", 0, 0, _SHAPE)


def feature_stems(reading: Reading) -> list[str]:
    """The message's stems as the features see them: numbers are one word, and so is each stated slot."""
    slot_of = {i: f"<{e.slot}>" for e in reading.entities if e.slot in _HIDDEN for i in range(e.start, e.end)}
    return [
        slot_of.get(index) or (NUMBER if stem.isdigit() else stem)
        for index, stem in zip(reading.words, reading.stems, strict=True)
    ]


def letter_value(stems: Sequence[str]) -> int:
    """The value of one letter group of a message with these stems."""
    return _LETTERS * UNIT // length(stems)


@lru_cache(maxsize=50_000)
def letter_features(stem: str) -> tuple[str, ...]:
    """The letter groups of one word, with repeats."""
    marked = f"#{stem[:_LONGEST_WORD]}#"
    return tuple(f"c:{marked[i : i + n]}" for n in _GRAM_SIZES for i in range(len(marked) - n + 1))


def length(stems: Sequence[str]) -> int:
    """The message's Euclidean length in thousandths: words and pairs count fully, letter groups less."""
    groups = sum(len(letter_features(stem)) for stem in set(stems))
    squared = (2 * len(stems) + 1) * UNIT * UNIT + groups * _LETTERS * _LETTERS
    return max(isqrt(squared), UNIT)


def _words(stems: Sequence[str], value: int) -> Iterator[Feature]:
    seen: set[str] = set()
    for i, stem in enumerate(stems):
        if stem not in seen:
            seen.add(stem)
            yield Feature(f"w:{stem}", i, i + 1, value)
    for i, (left, right) in enumerate(pairwise(("<", *stems, ">"))):
        key = f"b:{left} {right}"
        if key not in seen:
            seen.add(key)
            yield Feature(key, max(i - 1, 0), min(i + 1, len(stems)), value)


def _forms(reading: Reading, value: int) -> Iterator[Feature]:
    seen: set[str] = set()
    for i, index in enumerate(reading.words):
        norm = reading.document.tokens[index].norm
        if norm not in seen:
            seen.add(norm)
            yield Feature(f"v:{norm}", i, i + 1, value)


def _last_sentence(reading: Reading, stems: Sequence[str]) -> Iterator[Feature]:
    start = len(stems)
    while start and (start == len(stems) or not _ends_between(reading, start - 1, start)):
        start -= 1
    last = stems[start:]
    if not last:
        return
    value = _LAST * UNIT // isqrt(len(last) * UNIT * UNIT)
    seen: set[str] = set()
    padded = ("<", *last, ">")
    pairs = [f"y:{left} {right}" for left, right in pairwise(padded)]
    for i, key in enumerate([f"z:{stem}" for stem in last] + pairs):
        if key not in seen:
            seen.add(key)
            at = start + (i if i < len(last) else max(i - len(last) - 1, 0))
            yield Feature(key, at, at + 1, value)
    yield Feature(f"a:{' '.join(last[:2])}", start, min(start + 2, len(stems)), _OPENING)
    yield Feature(f"a:{last[0]}", start, start + 1, _OPENING)


def _ends_between(reading: Reading, left: int, right: int) -> bool:
    """Whether a sentence ends between two neighbouring words."""
    return any(
        reading.document.tokens[i].norm in _SENTENCE_ENDS for i in range(reading.words[left] + 1, reading.words[right])
    )


def _negated(reading: Reading) -> Iterator[Feature]:
    seen: set[str] = set()
    for i, index in enumerate(reading.words):
        if index in reading.document.negated and reading.stems[i] not in seen:
            seen.add(reading.stems[i])
            yield Feature(f"n:{reading.stems[i]}", i, i + 1, _NEGATED)


def _concepts(reading: Reading, kinds: Mapping[str, str]) -> Iterator[Feature]:
    seen: set[str] = set()
    short = len(reading.words) <= _REPLY
    for hit in reading.hits:
        if hit.concept not in seen and (short or kinds[hit.concept] != "reply"):
            seen.add(hit.concept)
            yield Feature(f"k:{hit.concept}", hit.start, hit.end, _CONCEPT)
            yield Feature(f"k:{hit.concept}@{reading.context.state}", hit.start, hit.end, _CONCEPT)
    for act, thing in act_object_pairs(reading, kinds):
        key = f"p:{act.concept} {thing.concept}"
        if key not in seen:
            seen.add(key)
            yield Feature(key, min(act.start, thing.start), max(act.end, thing.end), _PAIR)


def act_object_pairs(reading: Reading, kinds: Mapping[str, str]) -> list[tuple[Hit, Hit]]:
    """Each act with each object of its clause, each concept once per clause."""
    clause_of: dict[int, int] = {}
    for number, (start, end) in enumerate(reading.document.clauses):
        clause_of.update(dict.fromkeys(range(start, end), number))
    place = {hit: clause_of[reading.words[hit.start]] for hit in reading.hits}
    acts: dict[tuple[int, str], Hit] = {}
    objects: dict[int, dict[str, Hit]] = {}
    for hit in reading.hits:
        if kinds[hit.concept] == "act":
            acts.setdefault((place[hit], hit.concept), hit)
        elif kinds[hit.concept] == "object":
            objects.setdefault(place[hit], {}).setdefault(hit.concept, hit)
    return [(act, thing) for (clause, _), act in acts.items() for thing in objects.get(clause, {}).values()]


def _entities(reading: Reading) -> Iterator[Feature]:
    """Which slots are filled, alone and in the state; places are left out: they are those of many words."""
    for slot in sorted({e.slot for e in reading.entities if not e.negated}):
        yield Feature(f"e:{slot}", 0, 0, _ENTITY)
        yield Feature(f"e:{slot}@{reading.context.state}", 0, 0, _ENTITY)


def _context(reading: Reading, stems: Sequence[str]) -> Iterator[Feature]:
    state = reading.context.state
    yield Feature(f"s:{state}", 0, 0, UNIT)
    yield Feature(f"r:{reading.context.role}", 0, 0, _ROLE)
    if state == NOT_BEGUN:
        return
    yield Feature("s:open", 0, 0, UNIT)
    value = _AT_STATE * UNIT // max(isqrt(len(stems) * UNIT * UNIT), UNIT)
    seen: set[str] = set()
    for i, stem in enumerate(stems):
        if stem not in seen:
            seen.add(stem)
            yield Feature(f"w:{stem}@{state}", i, i + 1, value)
            yield Feature(f"w:{stem}@open", i, i + 1, value)
