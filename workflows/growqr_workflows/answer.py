"""What goes into the agent and what comes out, and how both are stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import AfterValidator, TypeAdapter

from growqr_router import Decision
from growqr_workflows.outcome import Outcome
from growqr_workflows.service import CallRecord

EventKind = Literal["session_live", "session_ended", "video_uploaded"]


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """Something that happened at the client's frontend."""

    kind: EventKind
    session_id: str | None = None
    """Default: the current session."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent says, for people and for other agents."""

    text: str
    outcome: Outcome
    decision: Decision | None
    """None for client events."""
    state: str
    calls: tuple[CallRecord, ...] = ()


def _as_it_was(answer: Answer) -> Answer:
    """JSON has no tuples: the evidence comes back as a list, and a stored answer equals the one that was given."""
    if answer.decision is None:
        return answer
    return replace(answer, decision=replace(answer.decision, evidence=tuple(answer.decision.evidence)))


Message = str | ClientEvent
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, AfterValidator(_as_it_was)])
MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
