"""What a turn is going to do, decided before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from growqr_workflows.configuration import Configuration
from growqr_workflows.outcome import Handoff, Kind
from growqr_workflows.snapshot import Request


@dataclass(frozen=True, slots=True)
class Send:
    """One call to the service."""

    operation: str
    """A name of `growqr_workflows.service.operations`."""
    action: str
    """For the person, after "I couldn't": `prepare the plan`."""
    arguments: dict[str, Any]
    """Keyword arguments of the client's method."""
    session_id: str | None = None
    """The session it is about, where one is known."""
    configuration: Configuration | None = None
    """What a preview or configure asks for."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision of the workflow. With `send`, the reply follows from the service's answer; without, it is `reply`."""

    reply: str = ""
    kind: Kind = "answer"
    facts: Mapping[str, str | None] = field(default_factory=dict)
    send: Send | None = None
    transition: str | None = None
    """Made on success."""
    asked: Request | None = None
    """The question that is now pending."""
    request: Request | None = None
    """What "try again" repeats if the call fails."""
    handoff: Handoff | None = None
    notes: Mapping[str, str | None] = field(default_factory=dict)
    """Facts beside those of the service's answer."""
    lookup: Send | None = None
    """A GET that has to be made before the step can be decided."""
    focus: str | None = None
    """The session that the message named."""
    new_session: bool = False
    """The call makes a session beside the one that is open."""


def say(reply: str, **facts: str | None) -> Step:
    """A plain answer."""
    return Step(reply, facts=facts)


def refuse(reply: str) -> Step:
    """Say no, before any call."""
    return Step(reply, kind="refusal")
