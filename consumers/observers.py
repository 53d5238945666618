"""Who is told what a worker does, beside the metrics: its log lines, and spans where they are asked for."""

from __future__ import annotations

import contextlib
import importlib.util
from typing import TYPE_CHECKING

from consumers.faults import Exit, Refused
from consumers.logs import Logs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.happenings import Happening, Observer
    from consumers.settings import Settings


def check_tracing(settings: Settings) -> None:
    """Check that what `tracing.export` asks for is there.

    Raises:
        Refused: it is not installed.
    """
    if settings.tracing.export == "none":
        return
    try:
        found = importlib.util.find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        found = False
    if not found or importlib.util.find_spec("opentelemetry.sdk") is None:
        raise Refused(
            f"tracing.export: found {settings.tracing.export!r} without OpenTelemetry's SDK, expected the extra:"
            " pip install 'screening-pipeline[otel]'",
            Exit.USAGE,
        )


@contextlib.contextmanager
def traced(settings: Settings, *, worker: str = "") -> Iterator[tuple[Observer, ...]]:
    """Give the observers that make spans: none where none are asked for, and then nothing of them is imported.

    Args:
        settings: says whether.
        worker: the worker's name, which every span of its process says.
    """
    if settings.tracing.export == "none":
        yield ()
        return
    from consumers.traces import Traces  # noqa: PLC0415 - an extra, which takes half a second to import

    traces = Traces(worker=worker)
    try:
        yield (traces,)
    finally:
        traces.close()


def all_told(*observers: Observer) -> Observer:
    """Return one observer that tells several."""

    def tell(happening: Happening) -> None:
        for observer in observers:
            observer(happening)

    return tell


def logs_of(settings: Settings, *, short: bool = False, worker: str = "") -> Logs:
    """Return where a process writes its lines.

    Args:
        settings: the level and the form.
        short: the command ends by itself, so that only warnings are wanted unless the level was set.
        worker: the worker's name, which every line of its process says.
    """
    held = settings.logging
    if short and settings.sources["logging.level"] == "default":
        held = type(held)(level="warning", format=held.format)
    return Logs(held, worker=worker)
