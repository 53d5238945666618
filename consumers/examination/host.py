"""This host: room on its disks, the size of the embedded log, and the port of the metrics."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

from consumers.endpoint import Endpoint, PortTaken
from consumers.examination.finding import Finding, Senses, State
from consumers.measures import BUILD_INFO
from consumers.settings import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.settings import Settings
    from consumers.settings.model import MetricsSettings

FREE_BYTES: Final = 1 << 30
"""Below this much free space the disk is a fault, below ten times as much a warning."""
EMBEDDED_BYTES: Final = 64 * FREE_BYTES
"""Above this the embedded log is to be moved. The file could grow to terabytes; a choice, so that its backup, which is
all the safety that one file has, still takes minutes (eleven at 100 MB/s), and so does copying it to Kafka."""

_PATIENCE_SECONDS: Final = 10.0
"""How long a role may take to answer: as long as Prometheus waits."""
_MOST_BYTES: Final = 64 << 20
"""Whatever listens there may send without end."""


def disk(settings: Settings, senses: Senses) -> Finding:
    """Look at the room for the data directory."""
    place = settings.data.absolute()
    while not place.exists():
        place = place.parent
    free = senses.free(place)
    state = State.FAULT if free < FREE_BYTES else State.WARNING if free < 10 * FREE_BYTES else State.OK
    advice = "make room, or move the data directory: what cannot be written stops the roles"
    found = f"{_size(free)} free at {place}"
    return Finding("disk", state, found, "10 GiB or more", "" if state is State.OK else advice)


def embedded_log(settings: Settings, senses: Senses) -> Iterator[Finding]:
    """Look at the ceilings of the embedded log, where it is one: its size, and the room to grow and to be backed up."""
    place = settings.log.place
    if not isinstance(place, SqliteFile) or not place.path.is_file():
        return
    size, free = place.path.stat().st_size, senses.free(place.path.absolute().parent)
    found = f"{_size(size)}, {_size(free)} free beside it"
    expected = f"at most {_size(EMBEDDED_BYTES)}, and as much free as it holds"
    if free < FREE_BYTES:
        advice = "make room now: a log that cannot grow stops every role, and loses nothing"
        yield Finding("log file", State.FAULT, found, expected, advice)
    elif size > EMBEDDED_BYTES or free < size:
        advice = "move to Kafka: `screening log copy`"
        if free < size:
            advice += "; until then make room, for neither a backup nor as many records again would fit"
        yield Finding("log file", State.WARNING, found, expected, advice)
    else:
        yield Finding("log file", State.OK, found, expected)


def metrics_port(metrics: MetricsSettings) -> Iterator[Finding]:
    """Look whether the port of the metrics is free, or a role answers there and says that it is ready."""
    if not metrics.port:
        return
    what, expected = "metrics port", "free, or a role that is ready"
    try:
        Endpoint(metrics.host, metrics.port, written=_nothing, live=_nobody, ready=_nobody).close()
    except PortTaken as error:
        told, _, advice = str(error).partition("; ")
        found = told.removeprefix("metrics.port: found ").partition(", expected ")[0]
        answer = _asked(metrics, "/metrics")[1] if "in use" in found else ""
        if BUILD_INFO.name not in answer:
            yield Finding(what, State.FAULT, f"{found} by something else", expected, advice)
            return
        status, said = _asked(metrics, "/readyz")
        if status == 200:
            yield Finding(what, State.OK, f"a role answers on {metrics.port}, and is ready", expected)
            return
        advice = "a worker that restarts is ready again within a minute; otherwise do what is said there"
        yield Finding(what, State.WARNING, f"a role answers on {metrics.port}: {_why(said)}", expected, advice)
    else:
        yield Finding(what, State.OK, f"{metrics.port} is free", expected)


def _asked(metrics: MetricsSettings, path: str) -> tuple[int, str]:
    """Return status and text of what answers, or 0 where nothing does that speaks HTTP."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(metrics.host, metrics.host)  # noqa: S104 - compared, not bound
    url = f"http://{f'[{host}]' if ':' in host else host}:{metrics.port}{path}"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=_PATIENCE_SECONDS) as answer:
            return answer.status, answer.read(_MOST_BYTES).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(_MOST_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError, http.client.HTTPException):  # whatever it sends, it is no role
        return 0, ""


def _why(said: str) -> str:
    try:
        checks = json.loads(said)["checks"]
        lines = [f"{name}: {', '.join(one['why'])}" for name, one in sorted(checks.items()) if not one["ok"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "it does not say whether it is ready"
    return "; ".join(lines) or "it is not ready"


def _nothing(_accept: str) -> tuple[bytes, str]:
    return b"", "text/plain"


def _nobody() -> tuple[bool, dict[str, object]]:
    return False, {}


def _size(count: int) -> str:
    return f"{count / FREE_BYTES:.1f} GiB"
