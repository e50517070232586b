"""The endpoints as a table: the app routes by it and the OpenAPI document is written from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from growqr_app.playground import models as playground
from growqr_app.playground import views
from growqr_app.server import completions, conversations, models, operation, routing
from growqr_app.server.asked import Asked
from growqr_app.server.decisions import DecisionView
from growqr_app.server.metrics import MEDIA_TYPE as METRICS

Run = Callable[[Asked], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint."""

    method: Literal["GET", "POST"]
    path: str
    summary: str
    run: Run
    answer: Any
    """The type of a successful answer; None for one that is no JSON."""
    body: type[BaseModel] | None = None
    problems: tuple[int, ...] = ()
    """Statuses of its own refusals, beside those that every endpoint may answer with."""
    public: bool = False
    """Needs no authentication."""
    media: str = "application/json"
    streams: bool = False
    """May answer as server-sent events instead."""


_CONVERSATION = "/v1/conversations/{conversation_id}"
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("POST", "/v1/route", "The decision on one message",
             routing.route, DecisionView, body=models.RouteRequest),
    Endpoint("POST", "/v1/route:batch", "The decisions on many messages",
             routing.route_batch, models.BatchAnswer, body=models.BatchRequest),
    Endpoint("POST", "/v1/explain", "Stage by stage, how a message was read",
             routing.explain_message, models.ExplainAnswer, body=models.ExplainRequest),
    Endpoint("POST", "/v1/why-not", "What another reading lacked",
             routing.explain_why_not, models.WhyNotAnswer, body=models.WhyNotRequest),
    Endpoint("POST", f"{_CONVERSATION}/messages", "Say something in a conversation",
             conversations.take_message, models.TurnAnswer, body=models.MessageRequest, problems=(404, 409, 503)),
    Endpoint("POST", f"{_CONVERSATION}/events", "Tell what happened at the client",
             conversations.take_event, models.TurnAnswer, body=models.EventRequest, problems=(404, 409, 503)),
    Endpoint("GET", _CONVERSATION, "Where a conversation stands",
             conversations.show, models.ConversationView, problems=(404, 422, 503)),
    Endpoint("GET", "/v1/models", "The pack in force, as a model of the OpenAI protocol",
             completions.list_models, completions.ModelList),
    Endpoint("POST", "/v1/chat/completions", "The decision as a chat completion of the OpenAI protocol",
             completions.complete, completions.Completion, body=completions.CompletionRequest, problems=(404,),
             streams=True),
    Endpoint("GET", "/v1/rules", "The rules in force, and why a changed pack was refused",
             operation.show_rules, models.RulesView),
    Endpoint("GET", "/v1/playground", "What the playground page is drawn from",
             views.describe, playground.PlaygroundView),
    Endpoint("GET", f"{_CONVERSATION}/turns", "A conversation's record",
             views.turns, playground.TurnList, problems=(404, 422, 503)),
    Endpoint("POST", f"{_CONVERSATION}/golden", "A golden conversation of what was said",
             views.golden, playground.GoldenAnswer, body=playground.GoldenRequest, problems=(404, 409, 503)),
    Endpoint("POST", "/v1/sandbox/fault", "How the sandbox's next call is to fail",
             views.arm, playground.FaultArmed, body=playground.FaultRequest, problems=(404,)),
    Endpoint("GET", "/healthz", "Whether the process is up",
             operation.alive, models.Health, public=True),
    Endpoint("GET", "/readyz", "Whether turns can be carried out",
             operation.ready, models.Ready, problems=(503,), public=True),
    Endpoint("GET", "/metrics", "Counts and times for Prometheus",
             operation.metrics, None, media=METRICS),
)  # fmt: skip
