"""The router by itself: decisions and why they came out. Worked out in threads, so that nobody else waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from growqr_app.server.asked import Asked
from growqr_app.server.backend import Backend
from growqr_app.server.decisions import decision_view
from growqr_app.server.models import BatchAnswer, Candidate, ExplainAnswer, StageTold, Thresholds, WhyNotAnswer
from growqr_app.server.problems import ApiProblem, invalid
from growqr_router import Context, Decision, UnknownContextError, explain, why_not
from growqr_rules import Pack
from growqr_rules.violations import nearest_first

T = TypeVar("T")
_LONGEST_TOLD = 80
"""Characters of a value that is told back."""


async def decide(backend: Backend, text: str, context: Context) -> Decision:
    """Route one message and count it. Raises `ApiProblem` on an unknown state or role."""
    with backend.watch.span("route") as span:
        decision = await _aside(lambda: backend.router.route(text, context))
        span.set_attribute("growqr.route", decision.route)
    backend.metrics.decided([decision])
    return decision


async def route(asked: Asked) -> Decision:
    """The decision on one message."""
    return await decide(asked.backend, asked.body.text, asked.body.context.context())


async def route_batch(asked: Asked) -> BatchAnswer:
    """The decisions on many."""
    backend, items = asked.backend, asked.body.items
    limit = backend.settings.batch_limit
    if len(items) > limit:
        raise invalid("items", f"has at most {limit} messages")
    messages = [(item.text, item.context.context()) for item in items]
    decisions = await _aside(lambda: backend.router.route_batch(messages))
    backend.metrics.decided(decisions)
    return BatchAnswer(decisions=[decision_view(decision) for decision in decisions])


async def explain_message(asked: Asked) -> ExplainAnswer:
    """Stage by stage, how a message was read."""
    router, body = asked.backend.router, asked.body
    found = await _aside(lambda: explain(router, body.text, body.context.context()))
    pack = router.pack
    return ExplainAnswer(
        text=found.text,
        decision=decision_view(found.decision),
        stages=[StageTold(stage=report.stage, did=report.did) for report in found.stages],
        candidates=[_candidate(pack, name, score) for name, score in found.scores],
        thresholds=_thresholds(pack),
    )


async def explain_why_not(asked: Asked) -> WhyNotAnswer:
    """What another reading lacked."""
    router, body = asked.backend.router, asked.body
    if body.wanted not in router.pack.classes:
        raise _unknown("wanted", body.wanted, "is no intent or route of this pack", router.pack.classes)
    found = await _aside(lambda: why_not(router, body.text, body.wanted, body.context.context()))
    return WhyNotAnswer(
        wanted=found.wanted,
        decision=decision_view(found.decision),
        score=found.score,
        best=found.best,
        vetoes=list(found.vetoes),
        missing=list(found.missing),
        change=found.change,
        thresholds=_thresholds(router.pack),
    )


def _candidate(pack: Pack, name: str, score: int) -> Candidate:
    return Candidate(route=pack.route_of(name), intent=name if name in pack.intents else None, score=score)


def _thresholds(pack: Pack) -> Thresholds:
    return Thresholds.model_validate(pack.manifest.thresholds.model_dump())


async def _aside(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except UnknownContextError as error:
        raise _unknown(f"context.{error.field}", error.value, "is not known to this pack", error.allowed) from None


def _unknown(field: str, given: str, what: str, known: Sequence[str]) -> ApiProblem:
    """A name that is none of those that there are."""
    return invalid(field, f"{given[:_LONGEST_TOLD]!r} {what}", nearest_first(given, known))
