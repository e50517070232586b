"""The structured outcome of a turn, for other agents."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["answer", "question", "refusal", "handover", "handoff", "error", "event"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Handover(_Model):
    """The live room that the client's frontend opens."""

    path: str
    url: str | None = None
    session_id: str


class Handoff(_Model):
    """A message for another agent."""

    agent: str
    message: str
    context: dict[str, Any] = Field(default_factory=dict)


class OutcomeError(_Model):
    """What failed."""

    kind: str
    operation: str
    retryable: bool


class ReviewOutcome(_Model):
    """Where a review stands."""

    session_id: str
    status: str
    overall_score: float | None = None
    summary: str | None = None


class Origin(_Model):
    """Where a configuration value comes from."""

    origin: Literal["stated", "mapped", "inferred", "default", "carried"]
    requested: str | int | None = None


class Outcome(_Model):
    """What a turn came to. Fields are None where they do not apply; all is the service's or the person's."""

    kind: Kind
    reply: str
    """The id of the reply's template."""
    session_id: str | None = None
    status: str | None = None
    interview_type: str | None = None
    target_role: str | None = None
    company_name: str | None = None
    duration_minutes: int | None = None
    difficulty: str | None = None
    persona_id: str | None = None
    question_outline: list[dict[str, Any]] | None = None
    candidate_brief: str | None = None
    review: ReviewOutcome | None = None
    handover: Handover | None = None
    handoff: Handoff | None = None
    error: OutcomeError | None = None
    config_origins: dict[str, Origin] = Field(default_factory=dict)
