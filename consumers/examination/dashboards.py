"""Dashboards against the metrics of this release: a panel whose metric vanished is empty on the day it is needed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from consumers.examination.finding import Finding, State
from consumers.measures import MEASURES, Kind

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`')
_NAME: Final = re.compile(r"(?<![\w:])screening_\w+(?![\w:])")
"""A metric of ours; a recorded one has colons, and its rule says what it is made of."""


def exported() -> frozenset[str]:
    """Return every name that a query can ask for."""
    parts = {Kind.HISTOGRAM: ("_bucket", "_sum", "_count")}
    return frozenset(one.name + part for one in MEASURES for part in parts.get(one.kind, ("",)))


def asked_for(expression: str) -> frozenset[str]:
    """Return the metrics of ours that a query names.

    >>> sorted(asked_for('rate(screening_results_total{job="screening_x"}[5m]) / role:screening_ready:min'))
    ['screening_results_total']
    """
    return frozenset(_NAME.findall(_QUOTED.sub("", expression)))


def dashboards(folder: pathlib.Path) -> Iterator[Finding]:
    """Look at the queries of every dashboard below a folder."""
    what, expected, known = "dashboards", "queries for metrics that this release has", exported()
    paths = sorted(folder.rglob("*.json"))
    if not paths:
        advice = "name the folder that Grafana is provisioned with, such as deploy/grafana"
        yield Finding(what, State.FAULT, f"no *.json in {folder}", "dashboards", advice)
        return
    faults, queries = 0, 0
    for path in paths:
        try:
            panels = list(_panels(json.loads(path.read_bytes()), ""))
        except (OSError, ValueError) as error:
            faults += 1
            yield Finding(what, State.FAULT, f"{path}: {error}", "a dashboard as JSON", "export it anew")
            continue
        queries += len(panels)
        for title, expression in panels:
            if vanished := sorted(asked_for(expression) - known):
                faults += 1
                advice = "the metrics that there are stand in docs/operations/metrics.md: mend the query"
                found = f"{path.name}, {title or 'a panel'}: {', '.join(vanished)} is gone"
                yield Finding(what, State.FAULT, found, expected, advice)
    if not faults:
        yield Finding(what, State.OK, f"{queries} queries in {len(paths)} files", expected)


def _panels(value: Any, title: str) -> Iterator[tuple[str, str]]:
    """Yield each query with the title of the panel around it."""
    if isinstance(value, dict):
        title = value["title"] if isinstance(value.get("title"), str) else title
        if isinstance(value.get("expr"), str):
            yield title, value["expr"]
        for inner in value.values():
            yield from _panels(inner, title)
    elif isinstance(value, list):
        for inner in value:
            yield from _panels(inner, title)
