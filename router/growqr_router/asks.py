"""A second complete ask in a message: "approve it, and then fix my CV". Offered to the person, never executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from growqr_router.decision import Ask
from growqr_router.reading import Reading

_FEWEST_WORDS = 3
"""A part with fewer words is no complete ask (splitting finer costs more than it finds: EVIDENCE, clauses)."""
_MOST_WORDS = 60
_MOST_PARTS = 5
_MARKS = frozenset({".", "!", "?", ";", "\n", ","})
_LINKS = frozenset({"and", "then", "also", "plus", "afterwards", "later", "secondly", "after"})
"""Words that join asks; parts that only a mark parts are mostly about one thing."""


def second_asks(reading: Reading, main: Ask, fallback: str, decide: Callable[[str], Ask | None]) -> tuple[Ask, ...]:
    """The asks beside the `main` one, in order; `decide` reads one part of the message on its own.

    A part counts when a linking word joins it to its neighbour, it is decided without abstaining, and it is for
    something else than `fallback`; and only where another part alone says what was decided: otherwise the parts are
    details of one ask.
    """
    if len(reading.words) > _MOST_WORDS or not reading.document.has_any(_LINKS):
        return ()
    parts = list(_parts(reading))
    joined = [i for i in range(len(parts)) if parts[i][1] or (i + 1 < len(parts) and parts[i + 1][1])]
    if not 2 <= len(joined) <= _MOST_PARTS:
        return ()
    others: dict[int, Ask] = {}
    said = False
    shortest_first = sorted(joined, key=lambda i: len(parts[i][0]))  # the least to read, and mostly no ask
    for left, i in enumerate(shortest_first, 1 - len(joined)):
        ask = decide(parts[i][0])
        if ask == main:
            said = True
        elif ask is not None and ask.route != fallback:
            others[i] = ask
        if -left < (not said) + (not others):
            return ()  # too few parts are left to say both
    return tuple(dict.fromkeys(others[i] for i in sorted(others)))


def _parts(reading: Reading) -> Iterator[tuple[str, bool]]:
    """The message cut at marks and linking words, no part shorter than three words; whether a link opens each part."""
    norms, starts, text = reading.document.norms, reading.document.starts, reading.document.text
    words = frozenset(reading.words)
    left = len(words)
    start = said = 0
    linked = False
    for i, norm in enumerate(norms):
        left -= i in words
        if norm in _MARKS or norm in _LINKS:
            if said >= _FEWEST_WORDS and left >= _FEWEST_WORDS:
                yield text[starts[start] : starts[i]], linked
                start, said, linked = i + 1, 0, norm in _LINKS
            elif not said:
                linked = linked or (norm in _LINKS and i > 0)
        else:
            said += i in words
    if start < len(norms):
        yield text[starts[start] : reading.document.ends[-1]], linked
