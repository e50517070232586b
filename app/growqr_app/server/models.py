"""What the server takes and gives, with examples for its OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from growqr_app.server.decisions import DecisionView, PackView
from growqr_router import Context
from growqr_workflows import CallRecord, Outcome

MessageId = Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
"""What a client calls a message: printable ASCII without blanks."""


def _examples(*examples: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": list(examples)})


class RouteContext(BaseModel):
    """What is known when a message arrives; empty: a fresh conversation."""

    model_config = _examples({"state": "draft", "role": "seeker"})
    state: str = ""
    role: str = ""
    last_intent: str | None = None
    expects: str | None = None
    draft: dict[str, JsonValue] = {}

    def context(self) -> Context:
        """The router's own form."""
        return Context(**self.model_dump())


class RouteRequest(BaseModel):
    """One message to route."""

    model_config = _examples({"text": "make it harder, and 20 minutes", "context": {"state": "draft"}})
    text: str
    context: RouteContext = RouteContext()


class BatchRequest(BaseModel):
    """Messages to route; each stands alone."""

    model_config = _examples({"items": [{"text": "update my resume"}, {"text": "yes", "context": {"state": "draft"}}]})
    items: list[RouteRequest]


class BatchAnswer(BaseModel):
    """One decision for each message, in order."""

    decisions: list[DecisionView]


class ExplainRequest(BaseModel):
    """A message to explain: at most 2,000 characters."""

    model_config = _examples({"text": "make it harder", "context": {"state": "draft"}})
    text: str = Field(max_length=2000)
    context: RouteContext = RouteContext()


class WhyNotRequest(BaseModel):
    """A message, and the intent or route that was expected of it."""

    model_config = _examples({"text": "give me interview tips for a nurse", "wanted": "practice.preview"})
    text: str = Field(max_length=2000)
    wanted: str
    context: RouteContext = RouteContext()


class Candidate(BaseModel):
    """One class of the pack and what it scored."""

    route: str
    intent: str | None
    score: int


class Thresholds(BaseModel):
    """Confidences below which the pack does not act."""

    abstain: float
    clarify: dict[str, float]
    """Effect of the best reading -> confidence below which the agent asks."""


class StageTold(BaseModel):
    """One stage of the router."""

    stage: str
    did: str


class ExplainAnswer(BaseModel):
    """A decision and how it came about."""

    text: str
    decision: DecisionView
    stages: list[StageTold]
    candidates: list[Candidate]
    """Every class of the pack, best first; empty when the text was not read."""
    thresholds: Thresholds


class WhyNotAnswer(BaseModel):
    """What stood between a message and another reading."""

    wanted: str
    decision: DecisionView
    score: int
    """Of the wanted class; `best` is the winner's."""
    best: int
    vetoes: list[str]
    missing: list[str]
    """Rules of the wanted class that nearly fired, with what they lacked."""
    change: str | None
    """The smallest change of wording found that would flip the decision, as the whole new message."""
    thresholds: Thresholds


class MessageRequest(BaseModel):
    """What a person says. The same `message_id` gets the same answer, and nothing is done twice."""

    model_config = _examples({"text": "mock interview for a nurse, plan first", "message_id": "m-1"})
    text: str
    message_id: MessageId | None = None
    """Default: the `Idempotency-Key` header, else a new one."""


class EventRequest(BaseModel):
    """What happened at the client."""

    model_config = _examples({"kind": "session_live", "session_id": "ses_1", "message_id": "e-1"})
    kind: Literal["session_live", "session_ended", "video_uploaded"]
    session_id: str | None = None
    """Default: the current session."""
    message_id: MessageId | None = None


class TurnAnswer(BaseModel):
    """What came of a message or event."""

    conversation_id: str
    turn_id: str
    """The message id that the turn was made under."""
    reply: str
    state: str
    """The state after the turn."""
    outcome: Outcome
    decision: DecisionView | None
    """None for events."""
    calls: list[CallRecord]


class SessionView(BaseModel):
    """One interview session of a conversation."""

    session_id: str
    state: str
    status: str
    values: dict[str, Any]
    """What was configured."""
    questions: list[str]


class ConversationView(BaseModel):
    """Where a conversation stands."""

    conversation_id: str
    state: str
    session: SessionView | None
    """The current one."""
    sessions: list[SessionView]
    expects: str | None
    """What the person was asked for."""
    failed: str | None
    """The intent that "try again" repeats."""
    turns: int
    """How many messages and events were answered."""


class Health(BaseModel):
    """The process is up."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Turns can be carried out."""

    status: Literal["ready"] = "ready"
    checks: list[str]
    """What was looked at."""
    pack: PackView


class RefusedPack(BaseModel):
    """A changed pack that was not taken."""

    hash: str
    errors: list[str]
    """Each with file, line, key and what is allowed."""


class RulesView(BaseModel):
    """The rules in force."""

    pack: PackView
    refused: RefusedPack | None
