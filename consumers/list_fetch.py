"""A list from an https address: only from hosts that the operator named, never from inside, never without an end.

Rules of this module:
1. The address is https, its host stands in `watchlist.hosts`, and so does every host that it leads on to.
2. A name is looked up once, every address it has must be a public one, and one of those is connected to: between the
   check and the connection nobody can change where the name leads.
3. Size and time are counted while reading, whatever the server says of either.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import pathlib
import socket
import ssl
import time
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consumers.faults import Exit, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE: Final = 1 << 16
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_STEP_SECONDS: Final = 30.0
"""How long one read may wait, within the time of the whole."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched: where it lies, and the address as it may be shown (no user, no query)."""

    path: pathlib.Path
    shown: str
    sha256: str
    last_modified: str | None


def is_public(address: str) -> bool:
    """Whether an address is one of the internet's: not private, loopback, link-local, reserved or mapped onto those.

    >>> is_public("192.0.2.1"), is_public("10.0.0.8"), is_public("::ffff:127.0.0.1"), is_public("8.8.8.8")
    (False, False, False, True)
    """
    held = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(held, ipaddress.IPv6Address):
        held = held.ipv4_mapped or held.sixtofour or held
    return held.is_global and not held.is_multicast


def connect_tls(host: str, port: int, address: str, timeout: float) -> http.client.HTTPConnection:
    """Return a connection to an address that shows a valid certificate of its host."""
    connection = http.client.HTTPSConnection(host, port, timeout=timeout)
    plain = socket.create_connection((address, port), timeout=timeout)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise
    return connection


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches lists.

    Attributes:
        hosts: from where.
        most_bytes: the most that is read.
        most_seconds: how long, from the first connection to the last byte.
        allows: which addresses may be connected to; all but the tests' are public.
        connect: opens a connection; the tests' need no certificate.
        addresses: looks a name up.
        clock: seconds that only grow.
    """

    hosts: frozenset[str]
    most_bytes: int
    most_seconds: float
    allows: Callable[[str], bool] = is_public
    connect: Callable[[str, int, str, float], http.client.HTTPConnection] = connect_tls
    addresses: Callable[[str, int], list[str]] = addresses_of
    clock: Callable[[], float] = time.monotonic

    def fetch(self, url: str, folder: pathlib.Path) -> Fetched:
        """Fetch one file into a folder.

        Raises:
            Refused: the address is none that may be fetched, does not answer with a file, or with too much of one.
        """
        ends = self.clock() + self.most_seconds
        for _ in range(_MOST_REDIRECTS + 1):
            parts = self._checked(url)
            try:
                onward, fetched = self._once(parts, folder, ends)
            except (OSError, http.client.HTTPException) as error:
                raise Refused(f"{shown(url)}: found {_reason(error)}, expected a file") from None
            if fetched is not None:
                return fetched
            url = urllib.parse.urljoin(url, onward)
        raise Refused(f"{shown(url)}: found more than {_MOST_REDIRECTS} redirections, expected a file")

    def _checked(self, url: str) -> urllib.parse.SplitResult:
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Refused(f"{shown(url)}: found no address ({error}), expected https://HOST/PATH", Exit.USAGE) from None
        if parts.scheme != "https" or parts.username is not None or parts.password is not None:
            found = "a user in it" if parts.username is not None else f"{parts.scheme}://"
            raise Refused(f"{shown(url)}: found {found}, expected https://HOST/PATH", Exit.USAGE)
        host = (parts.hostname or "").rstrip(".").lower()
        if host not in self.hosts:
            known = ", ".join(sorted(self.hosts)) or "none is allowed"
            raise Refused(f"{shown(url)}: found the host {host}, expected one of watchlist.hosts ({known})", Exit.USAGE)
        if not 1 <= (443 if port is None else port) <= 65535:
            raise Refused(f"{shown(url)}: found port {port}, expected one from 1 to 65535", Exit.USAGE)
        return parts

    def _once(self, parts: urllib.parse.SplitResult, folder: pathlib.Path, ends: float) -> tuple[str, Fetched | None]:
        host, port = (parts.hostname or "").rstrip("."), parts.port or 443
        found = self.addresses(host, port)
        inside = [address for address in found if not self.allows(address)]
        if inside or not found:
            where = f"{host} at {', '.join(inside)}" if inside else f"no address of {host}"
            raise Refused(f"{shown(parts.geturl())}: found {where}, expected public addresses only")
        connection = self.connect(host, port, found[0], self._left(ends, parts))
        try:
            target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.request("GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "screening"})
            response = connection.getresponse()
            if response.status in _REDIRECTS and (onward := response.getheader("Location")):
                return onward, None
            if response.status != http.client.OK:
                status = f"{response.status} {response.reason}"
                raise Refused(f"{shown(parts.geturl())}: found the answer {status}, expected 200")
            return "", self._kept(response, connection, parts, folder, ends)
        finally:
            connection.close()

    def _kept(
        self,
        response: http.client.HTTPResponse,
        connection: http.client.HTTPConnection,
        parts: urllib.parse.SplitResult,
        folder: pathlib.Path,
        ends: float,
    ) -> Fetched:
        address = shown(parts.geturl())
        name = pathlib.PurePosixPath(urllib.parse.unquote(parts.path)).name or "list"
        path = folder / "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".")
        stated = response.getheader("Content-Length")
        digest, count = hashlib.sha256(), 0
        with path.open("wb") as file:
            while piece := response.read1(_PIECE):
                count += len(piece)
                if count > self.most_bytes:
                    raise Refused(f"{address}: found more than {self.most_bytes} bytes, expected a smaller list")
                digest.update(piece)
                file.write(piece)
                left = self._left(ends, parts)
                if connection.sock is not None:
                    connection.sock.settimeout(left)
        if stated is not None and stated.isdecimal() and int(stated) != count:
            raise Refused(f"{address}: found {count} bytes, expected the {stated} that the server announced")
        return Fetched(path, address, digest.hexdigest(), response.getheader("Last-Modified"))

    def _left(self, ends: float, parts: urllib.parse.SplitResult) -> float:
        left = ends - self.clock()
        if left <= 0:
            raise Refused(
                f"{shown(parts.geturl())}: found no end after {self.most_seconds:g} seconds, expected one sooner"
            )
        return min(left, _STEP_SECONDS)


def shown(url: str) -> str:
    """Return an address without what may be secret in it: user, query, fragment."""
    parts = urllib.parse.urlsplit(url) if url.isprintable() else urllib.parse.SplitResult("", "", "", "", "")
    host = parts.netloc.rpartition("@")[2]
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", "")) or "the address"


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"a certificate that nobody vouches for ({error.verify_message})"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
