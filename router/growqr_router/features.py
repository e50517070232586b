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
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import isqrt
from typing import NamedTuple

from growqr_router.lexicon import Hit
from growqr_router.reading import Reading

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
    """Features of one kind and value. A name may stand several times in `names`; only its first place counts."""

    kind: str
    value: int
    """In thousandths."""
    names: Sequence[str]
    """Feature keys without the kind."""
    place: Callable[[int], tuple[int, int] | None]
    """From an index of `names` to the word range where it is; None: the context."""

    def places(self) -> dict[str, tuple[int, int] | None]:
        """Each name with its place."""
        found: dict[str, tuple[int, int] | None] = {}
        for i, name in enumerate(self.names):
            if name not in found:
                found[name] = self.place(i)
        return found


def features(reading: Reading, stems: Sequence[str], kinds: Mapping[str, str]) -> Iterator[Group]:
    """Every feature but the letters; `stems` are the message's `feature_stems`, `kinds` maps concepts to their kind."""
    value = UNIT * UNIT // length(stems)
    last = len(stems)
    yield Group("w", value, stems, _word)
    yield Group("b", value, _pairs(stems), lambda i: (max(i - 1, 0), min(i + 1, last)))
    tokens = reading.document.tokens
    yield Group("v", value, [tokens[i].norm for i in reading.words], _word)
    yield from _last_sentence(reading, stems)
    negated = reading.document.negated
    if negated:
        at = [i for i, index in enumerate(reading.words) if index in negated]
        yield Group("n", _NEGATED, [reading.stems[i] for i in at], lambda i: (at[i], at[i] + 1))
    yield from _concepts(reading, kinds)
    yield from _entities(reading)
    yield from _context(reading, stems)
    shape = ["?"] if reading.document.text.rstrip().endswith("?") else []
    yield Group("f", _SHAPE, [str(bisect_left(_LENGTHS, last)), *shape], _nowhere)


def feature_stems(reading: Reading) -> list[str]:
    """The message's stems as the features see them: numbers are one word, and so is each stated slot."""
    stems = [NUMBER if stem.isdigit() else stem for stem in reading.stems]
    for entity in reading.entities:
        if entity.slot in _HIDDEN:
            first = bisect_left(reading.words, entity.start)
            for i in range(first, bisect_left(reading.words, entity.end, lo=first)):
                stems[i] = f"<{entity.slot}>"
    return stems


def letter_value(stems: Sequence[str]) -> int:
    """The value of one letter group of a message with these stems."""
    return _LETTERS * UNIT // length(stems)


@lru_cache(maxsize=50_000)
def letter_features(stem: str) -> tuple[str, ...]:
    """The letter groups of one word, with repeats; as features their kind is `c`."""
    marked = f"#{stem[:_LONGEST_WORD]}#"
    return tuple(marked[i : i + n] for n in _GRAM_SIZES for i in range(len(marked) - n + 1))


@lru_cache(maxsize=50_000)
def _letter_groups(stem: str) -> int:
    return len(letter_features(stem))


def length(stems: Sequence[str]) -> int:
    """The message's Euclidean length in thousandths: words and pairs count fully, letter groups less."""
    groups = sum(map(_letter_groups, set(stems)))
    squared = (2 * len(stems) + 1) * UNIT * UNIT + groups * _LETTERS * _LETTERS
    return max(isqrt(squared), UNIT)


def _word(i: int) -> tuple[int, int]:
    return i, i + 1


def _nowhere(_: int) -> None:
    return None


def _pairs(stems: Sequence[str]) -> list[str]:
    return [f"{left} {right}" for left, right in pairwise(("<", *stems, ">"))]


def _last_sentence(reading: Reading, stems: Sequence[str]) -> Iterator[Group]:
    start = _last_start(reading)
    last = stems[start:]
    if not last:
        return
    value = _LAST * UNIT // isqrt(len(last) * UNIT * UNIT)
    yield Group("z", value, last, lambda i: (start + i, start + i + 1))
    yield Group("y", value, _pairs(last), lambda i: (start + max(i - 1, 0), start + max(i - 1, 0) + 1))
    yield Group("a", _OPENING, [" ".join(last[:2])], lambda _: (start, min(start + 2, len(stems))))
    yield Group("a", _OPENING, [last[0]], lambda _: (start, start + 1))


def _last_start(reading: Reading) -> int:
    """The number of the first word of the last sentence that has words."""
    tokens, words = reading.document.tokens, reading.words
    if not words:
        return 0
    end = words[-1]
    ends = [i for i, token in enumerate(tokens[:end]) if token.norm in _SENTENCE_ENDS]
    return bisect_left(words, ends[-1]) if ends else 0


def _concepts(reading: Reading, kinds: Mapping[str, str]) -> Iterator[Group]:
    short = len(reading.words) <= _REPLY
    told = [hit for hit in reading.hits if short or kinds[hit.concept] != "reply"]
    if not told:
        return
    state = reading.context.state
    names = [name for hit in told for name in (hit.concept, f"{hit.concept}@{state}")]
    yield Group("k", _CONCEPT, names, lambda i: (told[i // 2].start, told[i // 2].end))
    pairs = act_object_pairs(reading, kinds)
    yield Group(
        "p",
        _PAIR,
        [f"{act.concept} {thing.concept}" for act, thing in pairs],
        lambda i: (min(hit.start for hit in pairs[i]), max(hit.end for hit in pairs[i])),
    )


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


def _entities(reading: Reading) -> Iterator[Group]:
    """Which slots are filled, alone and in the state; places are left out: they are those of many words."""
    slots = {e.slot for e in reading.entities if not e.negated}
    if slots:
        state = reading.context.state
        yield Group("e", _ENTITY, [name for slot in sorted(slots) for name in (slot, f"{slot}@{state}")], _nowhere)


def _context(reading: Reading, stems: Sequence[str]) -> Iterator[Group]:
    state = reading.context.state
    yield Group("s", UNIT, [state], _nowhere)
    yield Group("r", _ROLE, [reading.context.role], _nowhere)
    if state == NOT_BEGUN:
        return
    yield Group("s", UNIT, ["open"], _nowhere)
    value = _AT_STATE * UNIT // max(isqrt(len(stems) * UNIT * UNIT), UNIT)
    names = [name for stem in stems for name in (f"{stem}@{state}", f"{stem}@open")]
    yield Group("w", value, names, lambda i: _word(i // 2))
