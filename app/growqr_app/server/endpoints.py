"""The endpoints as a table: the app routes by it and the OpenAPI document is written from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from growqr_app.server import conversations, health, models, routing
from growqr_app.server.asked import Asked
from growqr_router import Decision

Run = Callable[[Asked], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint."""

    method: Literal["GET", "POST"]
    path: str
    summary: str
    run: Run
    answer: Any
    """The type of a successful answer."""
    body: type[BaseModel] | None = None
    public: bool = False
    """Needs no authentication."""


_CONVERSATION = "/v1/conversations/{conversation_id}"
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("POST", "/v1/route", "The decision on one message",
             routing.route, Decision, body=models.RouteRequest),
    Endpoint("POST", "/v1/route:batch", "The decisions on many messages",
             routing.route_batch, models.BatchAnswer, body=models.BatchRequest),
    Endpoint("POST", "/v1/explain", "Stage by stage, how a message was read",
             routing.explain_message, models.ExplainAnswer, body=models.ExplainRequest),
    Endpoint("POST", "/v1/why-not", "What another reading lacked",
             routing.explain_why_not, models.WhyNotAnswer, body=models.WhyNotRequest),
    Endpoint("POST", f"{_CONVERSATION}/messages", "Say something in a conversation",
             conversations.take_message, models.TurnAnswer, body=models.MessageRequest),
    Endpoint("POST", f"{_CONVERSATION}/events", "Tell what happened at the client",
             conversations.take_event, models.TurnAnswer, body=models.EventRequest),
    Endpoint("GET", _CONVERSATION, "Where a conversation stands",
             conversations.show, models.ConversationView),
    Endpoint("GET", "/healthz", "Whether the process is up",
             health.alive, models.Health, public=True),
    Endpoint("GET", "/readyz", "Whether turns can be carried out",
             health.ready, models.Readiness, public=True),
)  # fmt: skip
