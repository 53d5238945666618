"""Fetching a list: only allowed hosts, only public addresses, never more or longer than the limits."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import http.server
import itertools
import threading
from typing import ClassVar

import pytest

from consumers.faults import Exit, Refused
from consumers.list_fetch import Fetcher, addresses_of, is_public, shown

HOST = "lists.example.org"


class Server(http.server.BaseHTTPRequestHandler):
    """A publisher of lists on loopback. `answers`: path → status, headers, body."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}

    def do_GET(self) -> None:
        status, headers, body = self.answers[self.path]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served():
    """A server, and a fetcher that may reach it: the only way to loopback is what a test puts in by hand."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def plain(host: str, port: int, address: str, timeout: float) -> http.client.HTTPConnection:
        assert (host, port, address) == (HOST, 443, "127.0.0.1")
        return http.client.HTTPConnection(address, server.server_address[1], timeout=timeout)

    yield Fetcher(
        frozenset({HOST}),
        most_bytes=10_000,
        most_seconds=60,
        allows=lambda address: address == "127.0.0.1",
        connect=plain,
        addresses=lambda _host, _port: ["127.0.0.1"],
    )
    server.shutdown()
    server.server_close()
    thread.join()


def answer(path: str, body: bytes = b"a list", status: int = 200, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    Server.answers = {**Server.answers, path: (status, named, body)}
    return f"https://{HOST}{path}"


def test_a_file_is_fetched(served, tmp_path):
    """The bytes as they were sent, their checksum, and an address that shows no secret of the query."""
    url = answer("/lists/sdn.csv?key=secret", b"1,2,3", Last_Modified="Fri, 20 Nov 2026 08:00:00 GMT")
    fetched = served.fetch(url, tmp_path)
    assert fetched.path.read_bytes() == b"1,2,3"
    assert fetched.sha256 == hashlib.sha256(b"1,2,3").hexdigest()
    assert (fetched.shown, fetched.path.name) == (f"https://{HOST}/lists/sdn.csv", "sdn.csv")
    assert fetched.last_modified == "Fri, 20 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://lists.example.org/x", "found http://"),
        ("https://other.example.org/x", "found the host other.example.org"),
        ("https://lists.example.org.evil.test/x", "found the host lists.example.org.evil.test"),
        ("https://lists.example.org@evil.test/x", "found a user"),
        ("https://127.0.0.1/x", "found the host 127.0.0.1"),
        ("https:///x", "found the host "),
        ("https://lists.example.org:0/x", "found port 0"),
        ("https://lists.example.org:99999/x", "found no address"),
        ("ftp://lists.example.org/x", "found ftp://"),
    ],
)
def test_other_addresses_are_refused(served, tmp_path, url, said):
    """Only https to a host of the list is asked at all; anything else is wrong usage."""
    with pytest.raises(Refused) as caught:
        served.fetch(url, tmp_path)
    assert said in str(caught.value)
    assert caught.value.code is Exit.USAGE


def test_no_host_is_allowed_by_default(tmp_path):
    """Without a setting nothing is fetched, and the message names the setting."""
    with pytest.raises(Refused, match=r"watchlist\.hosts"):
        Fetcher(frozenset(), 1, 1).fetch("https://lists.example.org/x", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:0001::",
        "fe80::1%eth0", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address):
    """Loopback, private, link-local, shared and multicast addresses are inside, however they are written."""
    assert not is_public(address)


def test_a_host_that_leads_inside_is_refused(tmp_path):
    """One address inside is enough, though others are public: nothing is connected to."""

    def never(*_: object) -> http.client.HTTPConnection:
        raise AssertionError("connected")

    mixed = Fetcher(frozenset({HOST}), 10, 10, connect=never, addresses=lambda *_: ["8.8.8.8", "10.0.0.5"])
    with pytest.raises(Refused, match=r"lists.example.org at 10\.0\.0\.5, expected public addresses only"):
        mixed.fetch(f"https://{HOST}/x", tmp_path)
    loopback = Fetcher(frozenset({"localhost"}), 10, 10, connect=never, addresses=addresses_of)
    with pytest.raises(Refused, match="expected public addresses only"):
        loopback.fetch("https://localhost/x", tmp_path)


def test_redirections_are_checked_as_the_first_address_is(served, tmp_path):
    """On the same host they are followed; to another host or down to http they are refused; without end too."""
    target = answer("/new.csv", b"new")
    assert served.fetch(answer("/old.csv", b"", 302, Location="/new.csv"), tmp_path).shown == target
    for location in ("https://evil.test/x", f"http://{HOST}/new.csv", "https://127.0.0.1/x"):
        with pytest.raises(Refused):
            served.fetch(answer("/away.csv", b"", 301, Location=location), tmp_path)
    with pytest.raises(Refused, match="redirections"):
        served.fetch(answer("/round.csv", b"", 307, Location="/round.csv"), tmp_path)


def test_too_much_is_refused(served, tmp_path):
    """Bytes are counted, whatever the server announces."""
    with pytest.raises(Refused, match="more than 10000 bytes"):
        served.fetch(answer("/big.csv", b"x" * 20_000), tmp_path)


def test_a_cut_answer_is_refused(served, tmp_path):
    """Fewer bytes than announced are a cut file, not a list."""
    with pytest.raises(Refused, match=r"found 6 bytes, expected the 600|IncompleteRead"):
        served.fetch(answer("/cut.csv", Content_Length="600"), tmp_path)


def test_too_long_is_refused(served, tmp_path):
    """The time of the whole is bounded, however many small steps it takes: here it is over with the first bytes."""
    steps = itertools.count(0, 35)
    hurried = Fetcher(
        served.hosts, served.most_bytes, 60, served.allows, served.connect, served.addresses, lambda: next(steps)
    )
    with pytest.raises(Refused, match="found no end after 60 seconds"):
        hurried.fetch(answer("/slow.csv", b"x" * 9_000), tmp_path)


def test_another_answer_is_told(served, tmp_path):
    """A missing file is told with the server's answer, and a server out of reach with the reason."""
    with pytest.raises(Refused, match="found the answer 404"):
        served.fetch(answer("/none.csv", b"", 404), tmp_path)

    def refusing(*_: object) -> http.client.HTTPConnection:
        raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(Refused, match="Connection refused"):
        Fetcher(served.hosts, 10, 10, served.allows, refusing, served.addresses).fetch(f"https://{HOST}/x", tmp_path)


def test_a_name_in_an_address_never_leaves_the_folder(served, tmp_path):
    """Whatever the path says, the file lies in the folder given."""
    fetched = served.fetch(answer("/a/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), tmp_path)
    assert fetched.path.parent == tmp_path
    assert shown("https://user:word@lists.example.org/x?key=1#y") == "https://lists.example.org/x"
