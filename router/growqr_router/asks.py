"""A second complete ask in a message: "approve it, and then fix my CV". Offered to the person, never executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from growqr_router.decision import Ask, Decision
from growqr_router.reading import Reading

_FEWEST_WORDS = 3
"""A part with fewer words is no complete ask (splitting finer costs more than it finds: EVIDENCE, clauses)."""
_MOST_WORDS = 60
_MOST_PARTS = 5
_MARKS = frozenset({".", "!", "?", ";", "\n", ","})
_LINKS = frozenset({"and", "then", "also", "plus", "afterwards", "later", "secondly", "after"})
"""Words that join asks; parts that only a mark parts are mostly about one thing."""


def second_asks(
    reading: Reading, decision: Decision, fallback: str, decide: Callable[[str], Decision]
) -> tuple[Ask, ...]:
    """The asks beside the one decided on, in order; `decide` reads one part of the message on its own.

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
    alone = [decide(parts[i][0]) for i in joined]
    asks = [Ask(read.route, read.intent) for read in alone if not read.abstained and read.reason != "state_reply"]
    main = Ask(decision.route, decision.intent)
    if main not in asks:
        return ()
    return tuple(dict.fromkeys(ask for ask in asks if ask != main and ask.route != fallback))


def _parts(reading: Reading) -> Iterator[tuple[str, bool]]:
    """The message cut at marks and linking words, no part shorter than three words; whether a link opens each part."""
    tokens = reading.document.tokens
    text = reading.document.text
    words = frozenset(reading.words)
    left = len(words)
    start = said = 0
    linked = False
    for i, token in enumerate(tokens):
        left -= i in words
        if token.norm in _MARKS or token.norm in _LINKS:
            if said >= _FEWEST_WORDS and left >= _FEWEST_WORDS:
                yield text[tokens[start].start : token.start], linked
                start, said, linked = i + 1, 0, token.norm in _LINKS
            elif not said:
                linked = linked or (token.norm in _LINKS and i > 0)
        else:
            said += i in words
    if start < len(tokens):
        yield text[tokens[start].start : tokens[-1].end], linked
