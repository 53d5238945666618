"""What running roles write to standard error; the door of structlog.

Rules of this module:
1. A line holds words of ours, numbers, places on the log, and ids that we gave. Never content, a name, or the id of an
   account or a content; so of an error that nobody foresaw only its type and where it came from are written, for its
   message may quote what it choked on.
2. What libraries log comes out in the same form, from warnings on.
3. A line that cannot be written is no reason to stop.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pathlib
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final, Self, TextIO

import structlog

from consumers.happenings import (
    Aborted,
    Assigned,
    Blinded,
    Committed,
    Decided,
    FencedOut,
    Happened,
    Judged,
    Lost,
    Ordered,
    Refused,
    Restarted,
)

if TYPE_CHECKING:
    from structlog.typing import Processor

    from consumers.happenings import Happening
    from consumers.settings import LoggingSettings

_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

_QUIET: Final = frozenset({"applied", "projected"})
"""What roles tell of each batch for tests and tools; the line of the commit says as much."""


class Logs:
    """Writes lines, and is an observer of what happens.

    Args:
        settings: from which level on, and in which form.
        stream: where to; None: standard error as it is now.
        worker: the worker's name, which every line of its process says.
    """

    def __init__(self, settings: LoggingSettings, stream: TextIO | None = None, *, worker: str = "") -> None:
        out = sys.stderr if stream is None else stream
        as_text = settings.format == "text" or (settings.format == "auto" and out.isatty())
        form: Processor = structlog.processors.JSONRenderer()
        if as_text:
            form = structlog.dev.ConsoleRenderer(colors=out.isatty() and "NO_COLOR" not in os.environ)
        self._logger: Final = structlog.wrap_logger(
            _Lines(out),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.add_log_level,
                form,
            ],
            wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[settings.level]),
            context_class=dict,
        ).bind(**({"worker": worker} if worker else {}))
        self._foreign = _Foreign(self)

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self._foreign)
        return self

    def __exit__(self, *_error: object) -> None:
        logging.getLogger().removeHandler(self._foreign)

    def say(self, level: int | str, event: str, **fields: Any) -> None:
        """Write a line.

        Args:
            level: by its name, or as the standard library counts.
            event: what happened, in a word or a line.
            fields: more of it; see the rules of this module.
        """
        self._logger.log(_LEVELS[level] if isinstance(level, str) else level, event, **fields)

    def crashed(self, error: BaseException) -> None:
        """Write of an error that nobody foresaw what may be told of it."""
        root = pathlib.Path(__file__).resolve().parent.parent
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{_short(frame.filename, root)}:{frame.lineno} {frame.name}" for frame in frames]
        caused = error.__cause__ or error.__context__
        more = {} if caused is None else {"caused_by": type(caused).__qualname__}
        self.say("error", "crashed", error=type(error).__qualname__, where=where, **more)

    def __call__(self, happening: Happening) -> None:  # noqa: C901, PLR0912 - one case for each kind
        """Write what is worth a line of what happened."""
        role = happening.role
        match happening:
            case Committed(read=read, written=written, seconds=seconds) if read:
                spent = round(seconds, 4)
                self.say("debug", "committed", role=role, read=dict(read), written=dict(written), seconds=spent)
            case Judged(results=results, seconds=seconds) if results:
                found = {f"{subject} {verdict}": count for (subject, verdict), count in results}
                self.say("debug", "judged", role=role, results=found, seconds=round(seconds, 4))
            case Decided(outcomes=outcomes) if outcomes:
                self.say("debug", "decided", role=role, outcomes=dict(outcomes))
            case Assigned(before=before, now=now):
                self.say("info", "partitions assigned", role=role, before=dict(before), now=dict(now))
            case Ordered():
                self._ordered(happening)
            case Refused(topic=topic, partition=partition, offset=offset, correlation=correlation):
                self.say(
                    "warning",
                    "record refused",
                    role=role,
                    topic=topic,
                    partition=partition,
                    offset=offset,
                    correlation=correlation,
                    todo="screening dead-letter list",
                )
            case Aborted(why=why):
                self.say("warning", "transaction aborted, reading again", role=role, why=why)
            case FencedOut(why=why):
                self.say("error", "fenced", role=role, why=why)
            case Restarted(number=number, signal=signal):
                self.say("warning", "worker killed, starting it again", role=role, number=number, signal=signal)
            case Blinded(what=what, error=error):
                self.say("warning", f"cannot look at the {what}, going on without", error=error)
            case Lost(count=count):
                self.say("warning", "counts lost on the way to the metrics", role=role, count=count)
            case Happened(what=what) if what not in _QUIET:
                self.say("info", what, role=role)
            case _:
                pass

    def _ordered(self, order: Ordered) -> None:
        reverses = {"reverses": order.reverses} if order.reverses else {}
        self.say(
            "info",
            "ordered",
            role=order.role,
            type=order.type,
            **reverses,
            automated=order.automated,
            action_id=order.action_id,
            correlation=order.correlation,
        )


class _Lines:
    """The end of structlog's way: a stream that takes whole lines and never fails."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write a line."""
        with contextlib.suppress(OSError, ValueError):  # closed, or the reader has gone
            self._stream.write(line + "\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


class _Foreign(logging.Handler):
    """Takes what libraries log."""

    def __init__(self, logs: Logs) -> None:
        super().__init__(logging.WARNING)
        self._logs = logs

    def emit(self, record: logging.LogRecord) -> None:
        """Write a library's line, without the error that it may hold."""
        self._logs.say(min(record.levelno, logging.ERROR), record.getMessage(), logger=record.name)


def _short(filename: str, root: pathlib.Path) -> str:
    path = pathlib.Path(filename)
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name
