"""The endpoint: three paths on one port, and a plain word where the port cannot be had."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

import pytest

from consumers.endpoint import Endpoint, PortTaken


class State:
    """What the endpoint asks for."""

    def __init__(self):
        self.live, self.ready = True, False

    def endpoint(self, host="127.0.0.1", port=0):
        return Endpoint(
            host, port,
            written=lambda accept: (f"# for {accept}\n".encode(), "text/plain; version=0.0.4"),
            live=lambda: (self.live, {"status": "ok"}),
            ready=lambda: (self.ready, {"status": "failing", "checks": {"content-0": {"ok": False, "why": ["…"]}}}),
        )  # fmt: skip


@pytest.fixture
def state():
    return State()


@pytest.fixture
def endpoint(state):
    made = state.endpoint()
    made.start()
    yield made
    made.close()


def ask(url, **headers):
    """Return status, content type and body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:  # noqa: S310 - ours
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def test_metrics_come_as_asked_for(endpoint):
    """The scraper's `Accept` decides the form."""
    assert ask(endpoint.url + "/metrics?x=1", Accept="application/openmetrics-text") == (
        200,
        "text/plain; version=0.0.4",
        b"# for application/openmetrics-text\n",
    )


def test_health_is_a_status_and_a_reason(endpoint, state):
    """200 where all is well, 503 where not, and JSON that says why."""
    assert ask(endpoint.url + "/livez")[0] == 200
    status, type_, body = ask(endpoint.url + "/readyz")
    assert (status, type_) == (503, "application/json")
    assert json.loads(body)["checks"]["content-0"]["why"] == ["…"]
    state.live = False
    assert ask(endpoint.url + "/livez")[0] == 503


def test_other_paths_name_those_there_are(endpoint):
    """A wrong path is 404 and says what would be right."""
    status, _, body = ask(endpoint.url + "/healthz")
    assert (status, body) == (404, b"found /healthz, expected one of /metrics, /livez, /readyz\n")


def test_a_port_in_use(endpoint, state):
    """A taken port is told with the setting that names it; nothing listens then."""
    port = int(endpoint.url.rpartition(":")[2])
    with pytest.raises(PortTaken, match=rf"metrics.port: found {port} on 127.0.0.1 in use, expected a port"):
        state.endpoint(port=port)


def test_an_address_of_another_machine(state):
    """An address that is not this machine's is told as such."""
    with pytest.raises(PortTaken, match="not usable"):
        state.endpoint("192.0.2.1", 0)


def test_a_client_that_says_nothing_keeps_nobody_waiting(endpoint):
    """One that connects and is silent has a thread of its own."""
    port = int(endpoint.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)):
        assert ask(endpoint.url + "/livez")[0] == 200


def test_a_closed_endpoint_frees_its_port(state):
    """The next one can listen there at once, started or not."""
    first = state.endpoint()
    port = int(first.url.rpartition(":")[2])
    first.start()
    first.close()
    second = state.endpoint(port=port)
    second.close()
