"""OpenTelemetry spans; the only module that knows it. Where they go is said by the standard OTEL_* variables."""

from __future__ import annotations

from contextlib import AbstractContextManager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from growqr_workflows import Span


class Tracing:
    """Spans of this process, sent in batches."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        """`exporter` defaults to OTLP over HTTP."""
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "growqr"}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("growqr")

    def span(self, name: str) -> AbstractContextManager[Span]:
        """A span inside the one that is open here."""
        return self._tracer.start_as_current_span(f"growqr.{name}", record_exception=False)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
