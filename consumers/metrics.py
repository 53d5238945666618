"""Counts what is measured and writes it for Prometheus; the door of prometheus-client.

Values are kept here, not in the library's own metrics: a batch of observations is one call under one lock, what a
worker's process sends can be added as it comes, and a gauge can be taken away together with the worker it spoke of.
The library checks and writes the exposition. See decision 0020.
"""

from __future__ import annotations

import bisect
import threading
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from consumers.measures import MEASURES, Kind, Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from prometheus_client.metrics_core import Metric

Labels = tuple[str, ...]
"""The values of a measure's labels, in their order."""

Gauges = dict[tuple[Measure, Labels], float]
"""Measure and label values → value, as they are at one moment."""


class Metrics:
    """Counters and histograms that only grow, and gauges that are asked for when somebody looks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[tuple[Measure, Labels], float] = {}
        self._histograms: dict[tuple[Measure, Labels], _Buckets] = {}
        self._gauges: list[Callable[[], Gauges]] = []
        self._registry: Final = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def add(self, measure: Measure, labels: Labels, number: float = 1) -> None:
        """Let a counter grow."""
        with self._lock:
            self._counters[measure, labels] = self._counters.get((measure, labels), 0.0) + number

    def observe(self, measure: Measure, labels: Labels, values: Sequence[float]) -> None:
        """Add observations to a histogram."""
        with self._lock:
            if (measure, labels) not in self._histograms:
                self._histograms[measure, labels] = _Buckets(measure.bounds)
            self._histograms[measure, labels].add(values)

    def ask(self, gauges: Callable[[], Gauges]) -> None:
        """Have gauges asked for at each scrape; they must be at hand, for a scrape waits for nothing."""
        self._gauges.append(gauges)

    def written(self, accept: str = "") -> tuple[bytes, str]:
        """Return the exposition and its content type.

        Args:
            accept: what the scraper says it understands.
        """
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def collect(self) -> Iterator[Metric]:
        """Yield every metric of the table, with or without samples; the library calls this at each scrape."""
        gauges: Gauges = {}
        for asked in self._gauges:
            gauges |= asked()
        with self._lock:
            counters = dict(self._counters)
            histograms = {key: held.copied() for key, held in self._histograms.items()}
        for measure in MEASURES:
            match measure.kind:
                case Kind.COUNTER:
                    yield _counter(measure, counters)
                case Kind.GAUGE:
                    yield _gauge(measure, gauges)
                case Kind.HISTOGRAM:
                    yield _histogram(measure, histograms)


class _Buckets:
    """A histogram's counts: of each bucket by itself, and the sum of all values."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, values: Iterable[float]) -> None:
        for value in values:
            self.counts[bisect.bisect_left(self.bounds, value)] += 1
            self.total += value

    def copied(self) -> _Buckets:
        held = _Buckets(self.bounds)
        held.counts, held.total = list(self.counts), self.total
        return held

    def cumulative(self) -> list[tuple[str, float]]:
        """Return upper bound → how many values are at most that."""
        found, sum_ = [], 0
        for bound, count in zip([*map(str, self.bounds), "+Inf"], self.counts, strict=True):
            sum_ += count
            found.append((bound, float(sum_)))
        return found


def _counter(measure: Measure, values: Mapping[tuple[Measure, Labels], float]) -> Metric:
    family = CounterMetricFamily(measure.name, measure.help, labels=measure.labels)
    for labels, value in _of(measure, values):
        family.add_metric(labels, value)
    return family


def _gauge(measure: Measure, values: Mapping[tuple[Measure, Labels], float]) -> Metric:
    family = GaugeMetricFamily(measure.name, measure.help, labels=measure.labels)
    for labels, value in _of(measure, values):
        family.add_metric(labels, value)
    return family


def _histogram(measure: Measure, values: Mapping[tuple[Measure, Labels], _Buckets]) -> Metric:
    family = HistogramMetricFamily(measure.name, measure.help, labels=measure.labels)
    for (held, labels), buckets in sorted(values.items(), key=lambda item: item[0][1]):
        if held is measure:
            family.add_metric(labels, buckets.cumulative(), buckets.total)
    return family


def _of(measure: Measure, values: Mapping[tuple[Measure, Labels], float]) -> list[tuple[Labels, float]]:
    return sorted((labels, value) for (held, labels), value in values.items() if held is measure)
