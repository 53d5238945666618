"""Spans of batches for OpenTelemetry; its door, opened only where `tracing.export` asks for it.

A batch is one span, linked to the trace of each event in it that had one, with a span for its transaction below. The
events' own `traceparent` travels on to results and orders as it came, so that a trace leads from an upload to the
deletion, with what we did linked beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from consumers.happenings import Aborted, Committed, FencedOut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opentelemetry.sdk.trace.export import SpanExporter

    from consumers.happenings import Happening

_NANO: Final = 1_000_000_000


class Traces:
    """An observer that makes spans of what happened.

    Args:
        exporter: where spans go; None: over OTLP, as OpenTelemetry's own variables say.
        worker: the worker's name, which every span of its process says.
    """

    def __init__(self, exporter: SpanExporter | None = None, *, worker: str = "") -> None:
        if exporter is None:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - reads its variables
                OTLPSpanExporter,
            )

            exporter = OTLPSpanExporter()
        held = Resource.create({"service.name": "screening", **({"service.instance.id": worker} if worker else {})})
        self._provider = TracerProvider(resource=held, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("screening")

    def __call__(self, happening: Happening) -> None:
        """Make a span of a batch, and of what kept one from its commit."""
        match happening:
            case Committed() if happening.read:
                self._committed(happening)
            case Aborted(role=role, why=why) | FencedOut(role=role, why=why):
                span = self._tracer.start_span(f"{role} aborted")
                span.set_status(Status(StatusCode.ERROR, why))
                span.end()
            case _:
                pass

    def close(self) -> None:
        """Send what has not been sent yet."""
        self._provider.shutdown()

    def _committed(self, done: Committed) -> None:
        began, ended = round(done.began * _NANO), round((done.began + done.seconds) * _NANO)
        attributes: dict[str, str | int | Sequence[str]] = {
            "messaging.operation.type": "process",
            "messaging.batch.message_count": sum(count for _, count in done.read),
            "screening.role": done.role,
            "screening.topics": [topic for topic, _ in done.read],
            "screening.records_written": sum(count for _, count in done.written),
        }
        span = self._tracer.start_span(
            f"{done.role} batch",
            kind=SpanKind.CONSUMER,
            links=list(_links(done.traces)),
            attributes=attributes,
            start_time=began,
        )
        sending = ended - round(done.transaction_seconds * _NANO)
        context = set_span_in_context(span)
        self._tracer.start_span("transaction", context=context, start_time=sending).end(ended)
        span.end(ended)


def _links(traces: Sequence[bytes]) -> Iterator[Link]:
    """Yield a link to each trace; what is no `traceparent` is passed over."""
    read = TraceContextTextMapPropagator()
    for held in traces:
        context = read.extract({"traceparent": held.decode("latin-1")})
        found = get_current_span(context).get_span_context()
        if found.is_valid:
            yield Link(found)
