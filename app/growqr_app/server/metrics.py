"""Counts and times, for Prometheus. Labels are names of the pack and of the table of endpoints: never a person's."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from growqr_router import Decision
from growqr_workflows import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """What one server counts."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._decisions = Counter(
            "growqr_decisions", "Decisions made.", ["route", "stage", "abstained"], registry=registry
        )
        self._calls = Counter(
            "growqr_calls",
            "Calls to the interview-service and other agents.",
            ["operation", "outcome"],
            registry=registry,
        )
        self._call_seconds = Histogram(
            "growqr_call_seconds",
            "Duration of a call, all attempts.",
            ["operation"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._turn_seconds = Histogram(
            "growqr_turn_seconds", "Duration of a turn, from its claim.", ["kind"], buckets=_SECONDS, registry=registry
        )
        self._requests = Counter(
            "growqr_requests", "Requests answered.", ["method", "endpoint", "status"], registry=registry
        )
        self._reloads = Counter("growqr_rules_reloads", "Changed packs.", ["outcome"], registry=registry)
        self._rules = Gauge("growqr_rules", "The rules in force: 1.", ["name", "version", "hash"], registry=registry)

    def decided(self, decisions: Iterable[Decision]) -> None:
        """Decisions that were made."""
        for decision in decisions:
            self._decisions.labels(decision.route, decision.stage, str(decision.abstained).lower()).inc()

    def finished(self, answer: Answer, seconds: float) -> None:
        """A turn is done."""
        self._turn_seconds.labels(answer.outcome.kind).observe(seconds)
        if answer.decision is not None:
            self.decided([answer.decision])
        for call in answer.calls:
            self._calls.labels(call.operation, call.outcome).inc()
            self._call_seconds.labels(call.operation).observe(call.milliseconds / 1000)

    def answered(self, method: str, endpoint: str, status: int) -> None:
        """A request is answered; `endpoint` is a path template."""
        self._requests.labels(method, endpoint, str(status)).inc()

    def rules(self, name: str, version: str, content_hash: str) -> None:
        """These rules are in force now."""
        self._rules.clear()
        self._rules.labels(name, version, content_hash).set(1)

    def reloaded(self, outcome: str) -> None:
        """A changed pack was `taken` or `refused`."""
        self._reloads.labels(outcome).inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)
