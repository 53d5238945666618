"""The section about load on the page of all measurements: `make load` writes it, `make bench` leaves it as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from load import Latency, Run

_HEADING: Final = "## Load of the whole pipeline"
_SECTION: Final = re.compile(rf"^{_HEADING}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)

_TEXT: Final = """\
{heading}

Written by `make load`; how it was measured, what exactly-once costs and where the time goes stands on
[a page of its own](measurements-load.md). {machine}.

| log | what works | workers of each role | contents/s by the clock | in a second of processor time |
|---|---|---:|---:|---:|
{rates}

![Contents in a second, by log and number of workers](measurements-load.svg)

| log, at half load | contents/s | to the | p50, ms | p99, ms | p99.9, ms |
|---|---:|---|---:|---:|---:|
{latencies}

Floors, for one worker of `content` on Kafka: 4,000 contents a second, a 99th percentile of 500 ms at half load.

"""


def section(runs: Sequence[Run], latencies: Sequence[Latency], what: dict[str, str], machine: str) -> str:
    """Return the section.

    Args:
        runs: each is a row, in this order.
        latencies: likewise.
        what: names what worked in a run, in words.
        machine: where and when it was measured.
    """
    return _TEXT.format(
        heading=_HEADING,
        machine=machine,
        rates="\n".join(
            f"| {run.log} | {what[run.what]} | {run.workers} | {run.rate:,.0f} | {run.per_processor:,.0f} |"
            for run in runs
        ),
        latencies="\n".join(
            f"| {one.log} | {one.rate:,.0f} | {one.to} | "
            + " | ".join(f"{held:,.0f}" for held in one.percentiles)
            + " |"
            for one in latencies
        ),
    )


def of(page: str) -> str:
    """Return the section of a page, or nothing where it has none."""
    found = _SECTION.search(page)
    return found[0] if found else ""


def placed(page: str, written: str) -> str:
    """Return a page with a section in the place of the one it has, or before its last section."""
    if _SECTION.search(page):
        return _SECTION.sub(lambda _: written, page)
    at = page.rindex("\n## ") + 1
    return page[:at] + written + page[at:]
