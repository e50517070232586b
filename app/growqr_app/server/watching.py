"""The server's observer of turns: counts them, and times them as OpenTelemetry spans where that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Protocol

from growqr_app.errors import UserError
from growqr_app.server.metrics import Metrics
from growqr_workflows import Answer, Span, Unobserved


class Spans(Protocol):
    """Where spans come from."""

    def span(self, name: str) -> AbstractContextManager[Span]:
        """Time a piece of work."""


class Watch:
    """See `growqr_workflows.Observer`."""

    def __init__(self, metrics: Metrics, spans: Spans) -> None:
        self._metrics = metrics
        self._spans = spans

    def span(self, name: str) -> AbstractContextManager[Span]:
        """See `Observer.span`."""
        return self._spans.span(name)

    def finished(self, answer: Answer, seconds: float) -> None:
        """See `Observer.finished`."""
        self._metrics.finished(answer, seconds)


@contextmanager
def spans_for(*, tracing: bool) -> Iterator[Spans]:
    """Spans that are sent on, to the last one at the end; or none.

    Raises:
        UserError: OpenTelemetry is asked for and not installed.
    """
    if not tracing:
        yield Unobserved()
        return
    try:
        from growqr_app.server.tracing import Tracing  # noqa: PLC0415 - needs the extra [otel]
    except ImportError as error:
        raise UserError("Tracing needs OpenTelemetry: pip install 'growqr-interview-agent[otel]'.") from error
    with closing(Tracing()) as spans:
        yield spans
