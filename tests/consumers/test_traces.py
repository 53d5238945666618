"""Spans: one for a batch, linked to the traces of its events; nothing of OpenTelemetry without being asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fakes import KeywordScreener
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from streams import activation, content, drained, open_stream

from consumers import observers
from consumers.activations import Activations, activate
from consumers.content import content_role
from consumers.faults import Exit, Refused
from consumers.happenings import Aborted
from consumers.observers import check_tracing, traced
from consumers.settings import load_settings
from consumers.traces import Traces

TRACES = tuple(b"00-0af7651916cd43dd8448eb211c8031%02x-b7ad6b7169203331-01" % n for n in range(3))


@pytest.fixture
def spans():
    """A function that returns the spans made, and the observer that makes them."""
    exporter = InMemorySpanExporter()
    made = Traces(exporter, worker="content-0")

    def finished():
        made.close()
        return {span.name: span for span in exporter.get_finished_spans()}

    return made, finished


def test_a_batch_is_a_span_with_its_transaction_below(spans, tmp_path):
    """Real batches of a role on a real log: times, counts and links are those of the batch."""
    observer, finished = spans
    log = open_stream(tmp_path)
    activate(log, lambda _: activation())
    log.append([content(f"c-{n}", headers=(("traceparent", TRACES[n % 3]),)) for n in range(6)])
    log.append([content("c-9", headers=(("traceparent", b"no trace at all"),)), content("c-10")])
    role = content_role(Activations(log, lambda _: True), lambda _: KeywordScreener("1"), lambda _: None)
    drained(log, role, tell=observer)
    log.close()
    found = finished()
    batch, transaction = found["content batch"], found["transaction"]
    assert batch.attributes["messaging.batch.message_count"] == 8 + 3, "with the markers of the activation"
    assert batch.attributes["screening.records_written"] == 8
    assert {f"{link.context.trace_id:032x}" for link in batch.links} == {trace[3:35].decode() for trace in TRACES}
    assert transaction.parent.span_id == batch.context.span_id
    assert batch.start_time <= transaction.start_time <= transaction.end_time == batch.end_time
    assert batch.resource.attributes["service.instance.id"] == "content-0"


def test_an_abort_is_a_span_that_failed(spans):
    """What kept a batch from its commit is seen as an error."""
    observer, finished = spans
    observer(Aborted("content", "not yet"))
    span = finished()["content aborted"]
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "not yet")


def settings(**flags):
    return load_settings(None, "", {}, {name.replace("__", "."): value for name, value in flags.items()})


def test_without_being_asked_for_nothing_is_imported():
    """A worker whose settings want no spans never loads OpenTelemetry."""
    code = (
        "import sys, consumers.cli, consumers.station\n"
        "from consumers.observers import traced\nfrom consumers.settings import load_settings\n"
        "with traced(load_settings(None, '', {}, {})) as made: assert made == ()\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_asked_for_without_the_extra(monkeypatch):
    """Wrong configuration, told with what to install."""
    check_tracing(settings())
    check_tracing(settings(tracing__export="otlp"))
    monkeypatch.setattr(observers.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Refused, match=r"pip install 'screening-pipeline\[otel\]'") as caught:
        check_tracing(settings(tracing__export="otlp"))
    assert caught.value.code == Exit.USAGE


def test_asked_for_spans_are_made(monkeypatch):
    """`tracing.export = "otlp"` gives one observer; an endpoint that is not there stops nobody."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with traced(settings(tracing__export="otlp"), worker="content-0") as made:
        assert len(made) == 1
