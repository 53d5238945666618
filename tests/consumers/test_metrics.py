"""Metrics: what the table says is what Prometheus reads, and nothing else."""

from __future__ import annotations

import pathlib
import re
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from consumers import measures
from consumers.measures import MEASURES, Kind
from consumers.metrics import Metrics

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "operations" / "metrics.md").read_text("utf-8")

OWN = ("screening_",)
"""How the project's own metrics begin; beside them stand those of the process."""


def read(metrics: Metrics):
    """Return the project's metrics as Prometheus reads them, by their name."""
    text, _ = metrics.written()
    return {one.name: one for one in text_string_to_metric_families(text.decode()) if one.name.startswith(OWN)}


def family(measure) -> str:
    """Return the name under which the text format keeps a metric."""
    return measure.name.removesuffix("_total") if measure.kind is Kind.COUNTER else measure.name


def values(metrics: Metrics, measure):
    """Return the labels and values of a metric's samples."""
    found = read(metrics)[family(measure)].samples
    return {(one.name, *one.labels.values()): one.value for one in found}


def test_the_table_is_what_is_exported():
    """Each metric is exported with its kind and its help, before anything happened, and no other is."""
    exported = {name: (one.type, one.documentation) for name, one in read(Metrics()).items()}
    assert exported == {family(measure): (measure.kind.value, measure.help) for measure in MEASURES}


def test_the_page_names_what_is_exported():
    """The page's table names each metric once, with its kind and its labels."""
    rows = re.findall(r"^\| `(screening_\w+)` \| (\w+) \| ([^|]*) \|", PAGE, re.MULTILINE)
    told = [(name, kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows]
    assert told == [(measure.name, measure.kind.value, measure.labels) for measure in MEASURES]


def test_no_metric_is_left_out_of_the_table():
    """Whatever the module defines stands in the table, once."""
    defined = [held for held in vars(measures).values() if isinstance(held, measures.Measure)]
    assert sorted(measure.name for measure in defined) == sorted(measure.name for measure in MEASURES)
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_names_follow_the_conventions(measure):
    """Base units, `_total` for counters and for them alone, buckets for histograms alone, and no label that names."""
    assert re.fullmatch(r"screening_[a-z_]+", measure.name)
    assert measure.name.endswith("_total") == (measure.kind is Kind.COUNTER)
    assert bool(measure.bounds) == (measure.kind is Kind.HISTOGRAM)
    assert list(measure.bounds) == sorted(set(measure.bounds))
    assert not re.search(r"_(ms|millis\w*|minutes|hours|days)(_|$)", measure.name)
    assert not set(measure.labels) & {"account", "account_id", "id", "name", "partition", "offset", "le"}
    assert measure.help.endswith(".")


def test_counters_grow_by_what_happened():
    """A counter adds up under its labels, from any thread."""
    metrics = Metrics()

    def count():
        for _ in range(1000):
            metrics.add(measures.REBALANCES, ("content",))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    metrics.add(measures.REBALANCES, ("records",), 5)
    assert values(metrics, measures.REBALANCES) == {
        ("screening_rebalances_total", "content"): 4000,
        ("screening_rebalances_total", "records"): 5,
    }


def test_histograms_count_each_value_in_its_bucket():
    """Buckets are cumulative and hold their upper bound; the sum and the number of values stand beside them."""
    metrics = Metrics()
    metrics.observe(measures.BATCH_RECORDS, ("content",), [1, 2, 2, 500, 100_000])
    found = values(metrics, measures.BATCH_RECORDS)
    samples = read(metrics)["screening_batch_records"].samples
    buckets = {one.labels["le"]: one.value for one in samples if one.name.endswith("_bucket")}
    assert (buckets["1.0"], buckets["2.0"], buckets["350.0"], buckets["500.0"], buckets["+Inf"]) == (1, 3, 3, 4, 5)
    assert found["screening_batch_records_sum", "content"] == 100_505
    assert found["screening_batch_records_count", "content"] == 5


def test_gauges_are_asked_for_at_each_scrape():
    """A gauge that is not given any more is gone: nothing stale is told of what has ended."""
    metrics = Metrics()
    held = {(measures.WORKERS, ("content",)): 2.0, (measures.ACTIVATION, ()): 7.0}
    metrics.ask(lambda: dict(held))
    assert values(metrics, measures.WORKERS) == {("screening_workers", "content"): 2}
    assert values(metrics, measures.ACTIVATION) == {("screening_activation_number",): 7}
    del held[measures.WORKERS, ("content",)]
    assert values(metrics, measures.WORKERS) == {}


def test_openmetrics_where_the_scraper_asks_for_it():
    """Both formats that Prometheus asks for are written, each with its content type."""
    plain, type_ = Metrics().written()
    assert type_.startswith("text/plain")
    open_, open_type = Metrics().written("application/openmetrics-text; version=1.0.0")
    assert open_type.startswith("application/openmetrics-text")
    assert open_.endswith(b"# EOF\n")
    assert not plain.endswith(b"# EOF\n")
