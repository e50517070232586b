"""Stage 5: short answers ("yes", "go", "nah") that mean what the conversation's state, or its question, makes them."""

from __future__ import annotations

from growqr_router.reading import Reading, Verdict
from growqr_rules import Pack

_LONGEST = 7
"""Words: what is longer is a full request and goes on to the evidence."""
# fmt: off
_INTRODUCING = frozenset({
    "a", "address", "addresses", "an", "and", "are", "as", "assignment", "be", "e", "email", "emails", "for", "here",
    "id", "ids", "is", "it", "job", "mail", "my", "number", "of", "or", "please", "position", "role", "s", "session",
    "that", "the", "their", "they", "this", "title", "to", "with", "would", "yes",
})
# fmt: on
"""What may stand beside what was asked for: "the role is payroll officer"."""


class StateReply:
    """Settles a message that wholly consists of one class's reply concepts for this state, plus filler.

    A message that is what was asked for, and little else, is for the intent that asked.
    """

    name = "state"

    def __init__(self, pack: Pack) -> None:
        self._classes = frozenset(pack.classes)
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
        if self._answers(reading):
            reading.verdict = Verdict(str(reading.context.last_intent), "state", "slot_answer")
            return
        claims = [name for name, concepts in self._replies[reading.context.state] if self._covers(reading, concepts)]
        if len(set(claims)) == 1:
            reading.verdict = Verdict(claims[0], "state", "state_reply")

    def _answers(self, reading: Reading) -> bool:
        context = reading.context
        if context.expects is None or context.last_intent not in self._classes:
            return False
        given = {
            i for e in reading.entities if e.slot == context.expects and not e.negated for i in range(e.start, e.end)
        }
        norms = reading.document.norms
        around = {norms[index] for index in reading.words if index not in given}
        return bool(given) and _INTRODUCING.issuperset(around)

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
