"""The section of the page about re-screening that tells of Spark, from the figures of `rescreen_spark`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pathlib

FIGURES: Final = "measurements-rescreen-spark.json"

TITLE: Final = "## The archive, judged by Spark"

_NOT_MEASURED: Final = f"""{TITLE}

Not measured yet: `tests/benchmarks/rescreen_spark.py` does it.
"""

_SECTION: Final = """{title}

The job of [the archive](operations/archive.md) over what the role `archive` wrote, in local mode, with the shipped
lexicons and a list of OFAC; every verdict was compared with that of the screener without Spark, and is the same. A test
compares all of a result, to the byte. The rate is that of the rows beyond the first {few:,}: what these take is the
start of Spark and of its Python processes, and the building of what judges. {load:.1f} processes wanted these cores
at the end.

| subjects | cores | rows | seconds by the clock | with {few:,} rows, s | rows/s beyond |
| --- | ---: | ---: | ---: | ---: | ---: |
{rows}

Two cores judge {contents:.2f} times as many contents a second as one, and {registrations:.2f} times as many
registrations. In one process without Spark the screener judges {alone_contents:,.0f} contents or
{alone_registrations:,.0f} registrations in a second of processor time. A cluster was not tried.
"""


def section(folder: pathlib.Path) -> str:
    """Return the section, from the figures in a folder."""
    path = folder / FIGURES
    if not path.is_file():
        return _NOT_MEASURED
    figures = json.loads(path.read_text(encoding="utf-8"))
    few = figures["few"]
    jobs = {(one["subject"], one["cores"], one["rows"] > few): one for one in figures["jobs"]}
    alone = {one["subject"]: one["rows"] / one["processor"] for one in figures["alone"]}
    rates = {key[:2]: _rate(one, jobs[*key[:2], False]) for key, one in jobs.items() if key[2]}
    return _SECTION.format(
        title=TITLE,
        few=few,
        load=figures["load"],
        rows="\n".join(
            f"| {subject} | {cores} | {one['rows']:,} | {one['seconds']:.1f} |"
            f" {jobs[subject, cores, False]['seconds']:.1f} | {rates[subject, cores]:,.0f} |"
            for (subject, cores, more), one in jobs.items()
            if more
        ),
        contents=rates["content", 2] / rates["content", 1],
        registrations=rates["registration", 2] / rates["registration", 1],
        alone_contents=alone["content"],
        alone_registrations=alone["registration"],
    )


def _rate(one: dict[str, Any], least: dict[str, Any]) -> float:
    return float((one["rows"] - least["rows"]) / (one["seconds"] - least["seconds"]))
