"""Stage 5: short answers ("yes", "go", "nah") that mean what the conversation's state makes them mean."""

from __future__ import annotations

from growqr_router.reading import Reading, Verdict
from growqr_rules import Pack

_LONGEST = 7
"""Words: what is longer is a full request and goes on to the evidence."""


class StateReply:
    """Settles a message that wholly consists of one class's reply concepts for this state, plus filler."""

    name = "state"

    def __init__(self, pack: Pack) -> None:
        self._filler = {name for name, concept in pack.concepts.items() if concept.kind == "filler"}
        self._replies: dict[str, list[tuple[str, frozenset[str]]]] = {state: [] for state in pack.manifest.states}
        for name in pack.classes:
            for reply in pack.rules_of(name).replies:
                for state in reply.states:
                    self._replies[state].append((name, frozenset(reply.concepts)))

    def __call__(self, reading: Reading) -> None:
        """Settle the reading where exactly one class claims the whole message."""
        if not reading.words or len(reading.words) > _LONGEST or reading.verdict:
            return
        claims = [name for name, concepts in self._replies[reading.context.state] if self._covers(reading, concepts)]
        if len(set(claims)) == 1:
            reading.verdict = Verdict(claims[0], "state", "state_reply")

    def _covers(self, reading: Reading, concepts: frozenset[str]) -> bool:
        covered: set[int] = set()
        said = False
        for hit in reading.hits:
            if hit.concept in concepts:
                said = True
            elif hit.concept not in self._filler:
                continue
            covered.update(range(hit.start, hit.end))
        return said and len(covered) == len(reading.words)
