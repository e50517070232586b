"""What a conversation remembers between turns: plain data, versioned."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from growqr_workflows.outcome import Origin
from growqr_workflows.service.models import OutlineItem, Session

SNAPSHOT_VERSION = 2


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SessionRecord(_Model):
    """One session of the conversation, as the service last described it."""

    session_id: str
    state: str
    values: dict[str, Any] = Field(default_factory=dict)
    """Slot name -> what was configured."""
    origins: dict[str, Origin] = Field(default_factory=dict)
    status: str = ""
    opening_prompt: str | None = None
    question_outline: list[OutlineItem] = Field(default_factory=list)
    candidate_brief: str | None = None
    edited: bool = False
    """The one edit is used, or may be."""
    edit_unknown: bool = False
    """An edit was sent and its answer never came."""

    def take(self, answer: Session) -> None:
        """Remember what the service says now."""
        self.status = answer.status
        self.opening_prompt = answer.opening_prompt or self.opening_prompt
        self.question_outline = answer.question_outline or self.question_outline
        self.candidate_brief = answer.candidate_brief or self.candidate_brief


class Request(_Model):
    """An ask with its slots: failed and worth another try, or waiting for an answer."""

    intent: str
    text: str
    slots: dict[str, Any] = Field(default_factory=dict)
    origins: dict[str, Origin] = Field(default_factory=dict)
    cues: list[str] = Field(default_factory=list)
    unknown: bool = False
    """The failed call may have been applied."""
    action: str = ""
    """What failed, for the person: `prepare the plan`."""
    expects: str | None = None
    """The slot that was asked for; `choice` between `options`."""
    options: list[str] = Field(default_factory=list)
    """Two readings of the message, best first."""


class AssignmentRecord(_Model):
    """An assignment that the service has told of."""

    role: str
    round: str


class Snapshot(_Model):
    """A conversation."""

    version: int = SNAPSHOT_VERSION
    sessions: dict[str, SessionRecord] = Field(default_factory=dict)
    current: str | None = None
    focus: str | None = None
    """The session that a message named; reviews, artifacts and videos are about it."""
    failed: Request | None = None
    asked: Request | None = None
    assignments: dict[str, AssignmentRecord] = Field(default_factory=dict)
    listed: list[str] = Field(default_factory=list)
    """The assignments of the last list that can still be taken, in its order."""
    last_intent: str | None = None
    untold: list[str] = Field(default_factory=list)
    """Answers to interrupted messages that were made without the person there; the next reply begins with them."""

    @property
    def session(self) -> SessionRecord | None:
        """The current session."""
        return self.sessions.get(self.current) if self.current else None

    @property
    def state(self) -> str:
        """The current session's state, `none` without one."""
        return self.session.state if self.session else "none"
