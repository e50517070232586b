"""What goes into the router and what comes out: `Context` and `Decision`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, overload

SCHEMA_VERSION = 1

Scalar = str | int
SlotValue = Scalar | list[str] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the conversation knows when the message arrives."""

    state: str = ""
    """The workflow state of the conversation's current session; empty: the pack's first (`none`)."""
    role: str = ""
    """What the signed-in person is; empty: the pack's first (`seeker`)."""
    last_intent: str | None = None
    expects: str | None = None
    """The pending question: the name of the slot that was asked for, or None."""
    draft: Mapping[str, Any] = field(default_factory=dict)
    """The open draft's values, for relative wishes: slot name -> value."""


class SlotSpan(NamedTuple):
    """Where a slot's value stands in the original text."""

    start: int
    end: int
    """Half-open, in code points of the text as it was given."""
    origin: Literal["stated", "mapped"]
    """`stated`: the value is the person's words; `mapped`: a word of theirs maps to it ("nervous" -> payal)."""
    requested: Scalar | None = None
    """What was asked for, where the value had to be adjusted to an allowed one (20 -> 15)."""


class Ask(NamedTuple):
    """A complete ask: a route and, on the pack's own route, an intent."""

    route: str
    intent: str | None


class Alternative(NamedTuple):
    """Another reading, with its share of confidence."""

    route: str
    intent: str | None
    confidence: float


class Evidence(NamedTuple):
    """One additive term of the winning score."""

    rule: str
    span: tuple[int, int] | None
    """Where it was found in the original text; None for a term of the context."""
    weight: int


class Terms(Sequence[Evidence]):
    """The terms of a score as a tuple that is made when it is first looked at: few callers ask for the reasons."""

    __slots__ = ("_made",)

    def __init__(self, make: Callable[[], tuple[Evidence, ...]]) -> None:
        """`make` gives the same terms whenever it is called, so that threads need no lock."""
        self._made: tuple[Evidence, ...] | Callable[[], tuple[Evidence, ...]] = make

    def _terms(self) -> tuple[Evidence, ...]:
        made = self._made
        if not isinstance(made, tuple):
            self._made = made = made()
        return made

    @overload
    def __getitem__(self, index: int) -> Evidence: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Evidence, ...]: ...
    def __getitem__(self, index: int | slice) -> Evidence | tuple[Evidence, ...]:
        return self._terms()[index]

    def __len__(self) -> int:
        return len(self._terms())

    def __eq__(self, other: object) -> bool:
        return self._terms() == (other._terms() if isinstance(other, Terms) else other)

    def __hash__(self) -> int:
        return hash(self._terms())

    def __repr__(self) -> str:
        return repr(self._terms())

    def __reduce__(self) -> tuple[type[tuple[Evidence, ...]], tuple[tuple[Evidence, ...]]]:
        return tuple, (self._terms(),)


@dataclass(frozen=True, slots=True)
class PackRef:
    """Which rules decided."""

    name: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One message's reading. The same pack and input give the same `to_json()` bytes in any process."""

    schema_version: int = SCHEMA_VERSION
    route: str
    intent: str | None
    slots: Mapping[str, SlotValue]
    """Flat: slot name -> normalised value. Empty off the pack's own route."""
    spans: Mapping[str, tuple[SlotSpan, ...]]
    """Slot name -> where its value (each of its values, for lists) stands."""
    cues: tuple[str, ...]
    """The pack's cues that occur, sorted: small facts a workflow conditions on, such as `shorter` or `retry`."""
    confidence: float
    """Calibrated probability, 0..1, that `route` is right."""
    abstained: bool
    """`confidence` is below the pack's `abstain` threshold; route and intent still hold the best guess."""
    stage: str
    """The stage that decided: `guard`, `state`, `template`, `evidence` or `similarity`."""
    reason: str
    """A code: why this stage decided, such as `too_long`, `state_reply`, `slot_answer`, `best_score`."""
    alternatives: tuple[Alternative, ...]
    also: tuple[Ask, ...]
    """A second complete ask in the message: offered, never executed."""
    evidence: Sequence[Evidence]
    """Heaviest first; the terms add up to the winning score. Immutable."""
    pack: PackRef

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-ready data."""
        return {
            "schema_version": self.schema_version,
            "route": self.route,
            "intent": self.intent,
            "slots": dict(self.slots),
            "spans": {
                name: [{"start": s.start, "end": s.end, "origin": s.origin, "requested": s.requested} for s in spans]
                for name, spans in self.spans.items()
            },
            "cues": list(self.cues),
            "confidence": self.confidence,
            "abstained": self.abstained,
            "stage": self.stage,
            "reason": self.reason,
            "alternatives": [
                {"route": a.route, "intent": a.intent, "confidence": a.confidence} for a in self.alternatives
            ],
            "also": [{"route": a.route, "intent": a.intent} for a in self.also],
            "evidence": [
                {"rule": e.rule, "span": list(e.span) if e.span else None, "weight": e.weight} for e in self.evidence
            ],
            "pack": {"name": self.pack.name, "version": self.pack.version, "hash": self.pack.hash},
        }

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, UTF-8 text."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
