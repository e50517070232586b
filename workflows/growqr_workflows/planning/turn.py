"""Everything a step is decided from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from growqr_router import Decision, SlotSpan
from growqr_rules import Pack
from growqr_rules.workflow import Workflow
from growqr_workflows.outcome import Origin
from growqr_workflows.principal import Principal
from growqr_workflows.snapshot import Request, SessionRecord, Snapshot

Fill = Callable[[str], tuple[dict[str, Any], Mapping[str, tuple[SlotSpan, ...]]]]
"""Intent -> the slots that the message would fill if it were for that intent."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, what it was read as, and what the conversation knows. Plain data: deciding on it has no effects."""

    snapshot: Snapshot
    decision: Decision
    text: str
    principal: Principal
    pack: Pack
    workflow: Workflow
    fill: Fill

    @property
    def intent(self) -> str:
        """The decision's intent; empty off the home route."""
        return self.decision.intent or ""

    @property
    def slots(self) -> dict[str, Any]:
        """The decision's slots."""
        return dict(self.decision.slots)

    @property
    def session(self) -> SessionRecord | None:
        """The current session, while it has a state."""
        session = self.snapshot.session
        return session if session and session.state != self.workflow.initial else None

    @property
    def open_draft(self) -> SessionRecord | None:
        """The current session while it can still be changed."""
        session = self.session
        return session if session and session.state in ("draft", "edited") else None

    @property
    def words(self) -> int:
        """How many words the message has."""
        return len(self.text.split())

    def cue(self, *names: str) -> bool:
        """Whether one of the cues is in the message."""
        return any(name in self.decision.cues for name in names)

    @property
    def subject(self) -> str | None:
        """The session that the message is about: named in it, or in focus, or current."""
        return self.decision.slots.get("session_id") or self.snapshot.focus or self.snapshot.current  # type: ignore[return-value]

    def origins(self) -> dict[str, Origin]:
        """Where each slot's value comes from."""
        return {
            name: Origin(origin=spans[-1].origin, requested=spans[-1].requested)
            for name, spans in self.decision.spans.items()
            if spans
        }

    def request(self, expects: str | None = None) -> Request:
        """The ask of this turn, to be kept; `expects` is the slot that the person is asked for."""
        return Request(
            intent=self.intent,
            text=self.text,
            slots=self.slots,
            origins=self.origins(),
            cues=list(self.decision.cues),
            expects=expects,
        )

    def as_request(self, request: Request, **changes: Any) -> Turn:  # noqa: ANN401 - any slot values
        """This turn, read as an earlier request; `changes` are slots that the message adds to it."""
        kept = {name: (SlotSpan(0, 0, "stated", origin.requested),) for name, origin in request.origins.items()}
        _, filled = self.fill(request.intent)
        label = self.pack.label(request.intent)
        spans = {**kept, **{name: filled[name] for name in changes if name in filled}}
        decision = replace(
            self.decision,
            route=label.route,
            intent=label.intent,
            slots={**request.slots, **changes},
            spans=spans,
            cues=tuple(request.cues),
            confidence=1.0,
            abstained=False,
            alternatives=(),
        )
        return replace(self, decision=decision, text=request.text)
