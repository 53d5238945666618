"""One port that answers `/metrics`, `/livez` and `/readyz`, from a thread of its own."""

from __future__ import annotations

import errno
import json
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE_SECONDS: Final = 10.0
"""How long a client may take to say what it wants; Prometheus itself gives up after 10 s."""


class PortTaken(Exception):
    """The port that was asked for cannot be listened on; the message says which and why."""


class Endpoint:
    """Listens once it is made, answers once it is started.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one.
        written: returns the metrics and their content type, for an `Accept` header.
        live: says whether the workers live, and why not.
        ready: says whether they are ready, and why not.

    Raises:
        PortTaken: something else listens there, or the address is not of this machine.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        written: Callable[[str], tuple[bytes, str]],
        live: Callable[[], tuple[bool, dict[str, Any]]],
        ready: Callable[[], tuple[bool, dict[str, Any]]],
    ) -> None:
        class Handler(_Handler):
            answers: ClassVar = {
                "/metrics": lambda accept: (HTTPStatus.OK, *written(accept)),
                "/livez": lambda _: _said(*live()),
                "/readyz": lambda _: _said(*ready()),
            }

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            daemon_threads = True

        try:
            self._server = Server((host, port), Handler)
        except OSError as error:
            why = "in use" if error.errno == errno.EADDRINUSE else f"not usable ({error.strerror or error})"
            raise PortTaken(
                f"metrics.port: found {port} on {host} {why}, expected a port that nothing else listens on;"
                " choose another by metrics.port, SCREENING_METRICS_PORT or --metrics-port"
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="endpoint", daemon=True)
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering, and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers a request; keeps no log of them."""

    answers: ClassVar[dict[str, Callable[[str], tuple[HTTPStatus, bytes, str]]]]
    protocol_version = "HTTP/1.1"
    server_version = "screening"
    sys_version = ""
    timeout = _PATIENCE_SECONDS

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answer = self.answers.get(path)
        if answer is None:
            body = f"found {path}, expected one of {', '.join(self.answers)}\n".encode()
            status, type_ = HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8"
        else:
            status, body, type_ = answer(self.headers.get("Accept", ""))
        self.send_response(status)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the library calls it so

    def log_message(self, *_: object) -> None:
        """Write nothing: a line for each scrape would bury what matters."""


def _said(well: bool, body: dict[str, Any]) -> tuple[HTTPStatus, bytes, str]:  # noqa: FBT001 - what a check answers
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return status, json.dumps(body, ensure_ascii=False).encode() + b"\n", "application/json"
