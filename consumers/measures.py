"""What is measured: each metric's name, kind, labels and help, in one table; nothing else may be exported.

Rules of this table:
1. Names and units follow Prometheus' conventions: base units, `_total` for counters, `_seconds` for times, `_info` for
   facts whose value is always 1; a point in time is a Unix timestamp, so that its age is `time()` minus it.
2. A label takes its values from a closed set of the project's own (roles, topics, categories, sources of lists, types
   of orders, digests of the versions in force). Never content, never a name, never an account's or a content's id.
3. Names and labels are held on to by alerts and dashboards: they are only added.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Kind(enum.StrEnum):
    """How a metric behaves."""

    COUNTER = "counter"
    """Only grows; starts again at 0 with the process."""
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric. `bounds` are the upper bounds of a histogram's buckets, without the last, infinite one."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str
    bounds: tuple[float, ...] = ()


_WORK_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""From one record on an idle machine to a batch that is about to be taken for a dead worker's."""

_LATENCY_SECONDS: Final = (
    *(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
    *(300.0, 900.0, 3_600.0, 21_600.0, 86_400.0),
)
"""Fine about what is promised (300 and 500 ms), then coarse up to a day, the backlog after a bad weekend."""

_BATCH_RECORDS: Final = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 350.0, 500.0, 1_000.0, 2_500.0, 10_000.0)

RECORDS_READ: Final = Measure(
    "screening_records_read_total",
    Kind.COUNTER,
    ("role", "topic"),
    "Records read and done with: counted once their transaction is committed.",
)
RECORDS_WRITTEN: Final = Measure(
    "screening_records_written_total",
    Kind.COUNTER,
    ("role", "topic"),
    "Records written and committed, dead letters too.",
)
RECORDS_REFUSED: Final = Measure(
    "screening_records_refused_total",
    Kind.COUNTER,
    ("role", "topic"),
    "Records that could not be read and became dead letters, by the topic they stood on.",
)
RECORDS_AHEAD: Final = Measure(
    "screening_records_ahead_total",
    Kind.COUNTER,
    ("role", "topic"),
    "Records written more than 5 s in this machine's future: a clock is wrong, here or where they were written.",
)
RESULTS: Final = Measure(
    "screening_results_total",
    Kind.COUNTER,
    ("role", "subject", "verdict"),
    "Results by verdict: clear, review, enforce, or ended for a deletion or erasure.",
)
CONTENT_HITS: Final = Measure(
    "screening_content_hits_total",
    Kind.COUNTER,
    ("role", "category"),
    "Hits in contents by category, those below the threshold of review too.",
)
NAME_HITS: Final = Measure(
    "screening_name_hits_total",
    Kind.COUNTER,
    ("role", "source"),
    "Hits on sanctions lists by source, those below the threshold of review too.",
)
DECISIONS: Final = Measure(
    "screening_decisions_total",
    Kind.COUNTER,
    ("role", "outcome"),
    "What became of results and directives that were read: decided, superseded, repeated and so on.",
)
ORDERS: Final = Measure(
    "screening_orders_total",
    Kind.COUNTER,
    ("role", "type", "automated"),
    "Orders and notices sent by type; automated is false where a person decided.",
)
LIFTS: Final = Measure(
    "screening_lifts_total",
    Kind.COUNTER,
    ("role", "reverses", "automated"),
    "Lifts and restorations sent, by the type of the order they undo.",
)
TRANSACTIONS: Final = Measure(
    "screening_transactions_total",
    Kind.COUNTER,
    ("role", "outcome"),
    "Transactions on the log by outcome: committed, aborted (read again) or fenced (another worker took over).",
)
REBALANCES: Final = Measure(
    "screening_rebalances_total",
    Kind.COUNTER,
    ("role",),
    "How often a worker's partitions changed after it first had some.",
)
RESTARTS: Final = Measure(
    "screening_worker_restarts_total",
    Kind.COUNTER,
    ("role",),
    "Workers that were killed and started again by their supervisor.",
)
LOST: Final = Measure(
    "screening_metrics_lost_total",
    Kind.COUNTER,
    ("role",),
    "What a worker could not hand to the process that serves metrics: counts are too low by that.",
)
WATCH_FAILURES: Final = Measure(
    "screening_watch_failures_total",
    Kind.COUNTER,
    ("what",),
    "Looks at the log or the ledger that failed; the gauges taken there are left out until one succeeds.",
)
BATCH_RECORDS: Final = Measure(
    "screening_batch_records",
    Kind.HISTOGRAM,
    ("role",),
    "Records in a batch, which are screened together and committed in one transaction.",
    _BATCH_RECORDS,
)
BATCH_SECONDS: Final = Measure(
    "screening_batch_seconds",
    Kind.HISTOGRAM,
    ("role",),
    "Time for a batch, from its records at hand to its commit.",
    _WORK_SECONDS,
)
MATCHING_SECONDS: Final = Measure(
    "screening_matching_seconds",
    Kind.HISTOGRAM,
    ("role",),
    "Time in which a batch's subjects were matched and judged.",
    _WORK_SECONDS,
)
TRANSACTION_SECONDS: Final = Measure(
    "screening_transaction_seconds",
    Kind.HISTOGRAM,
    ("role",),
    "Time in which a batch's outputs and positions were sent and committed.",
    _WORK_SECONDS,
)
LATENCY_SECONDS: Final = Measure(
    "screening_latency_seconds",
    Kind.HISTOGRAM,
    ("role", "since", "mode"),
    "Time from an event to the commit of what a role made of it. `since`: published (its published_at or"
    " registered_at) or appended (when it came onto the log). `mode`: live or rescreening.",
    _LATENCY_SECONDS,
)
LAG_RECORDS: Final = Measure(
    "screening_lag_records",
    Kind.GAUGE,
    ("role", "topic"),
    "Offsets that wait for a role's group; on Kafka the marks of transactions count too.",
)
LAG_SECONDS: Final = Measure(
    "screening_lag_seconds",
    Kind.GAUGE,
    ("role", "topic"),
    "How long the oldest record that waits for a role's group has stood on the log; 0 where none waits.",
)
OPEN_TRANSACTION_SECONDS: Final = Measure(
    "screening_open_transaction_seconds",
    Kind.GAUGE,
    ("role", "topic"),
    "For how long records have stood behind a transaction that was neither committed nor aborted; 0 where none do.",
)
PARTITIONS: Final = Measure(
    "screening_partitions",
    Kind.GAUGE,
    ("role", "topic"),
    "Partitions that the workers of this process own; over all processes of a role they are those of the topic.",
)
DEAD_LETTERS: Final = Measure(
    "screening_dead_letters",
    Kind.GAUGE,
    ("role", "topic"),
    "Dead letters that nobody has replayed or discarded, by the role that refused and the topic they stood on.",
)
DEAD_LETTER_OLDEST: Final = Measure(
    "screening_dead_letter_oldest_timestamp_seconds",
    Kind.GAUGE,
    ("role", "topic"),
    "When the oldest of these dead letters was written.",
)
VERSION_INFO: Final = Measure(
    "screening_version_info",
    Kind.GAUGE,
    ("kind", "source", "digest"),
    "The versions in force, by kind (engine, policy, lexicon, watchlist), source and digest; always 1.",
)
VERSION_ENTRIES: Final = Measure(
    "screening_version_entries",
    Kind.GAUGE,
    ("kind", "source"),
    "Entries of the version in force: terms of a lexicon, parties of a list.",
)
VERSION_IN_FORCE: Final = Measure(
    "screening_version_in_force_timestamp_seconds",
    Kind.GAUGE,
    ("kind", "source"),
    "Since when the version has been in force.",
)
LIST_IMPORTED: Final = Measure(
    "screening_list_imported_timestamp_seconds",
    Kind.GAUGE,
    ("source",),
    "When the sanctions list in force was last imported.",
)
ACTIVATION: Final = Measure(
    "screening_activation_number",
    Kind.GAUGE,
    (),
    "The number of the activation in force at the end of the log.",
)
CASES_OPEN: Final = Measure(
    "screening_cases_open",
    Kind.GAUGE,
    ("subject", "reason"),
    "Cases that wait for a person.",
)
CLEARED: Final = Measure(
    "screening_cleared",
    Kind.GAUGE,
    ("subject",),
    "What people cleared, so that no machine orders the same again: content, registration (on the same evidence) and"
    " pair (a registrant and a listed party).",
)
WORKERS: Final = Measure(
    "screening_workers",
    Kind.GAUGE,
    ("role",),
    "Workers of a role that are up in this process or under it.",
)
READY: Final = Measure(
    "screening_ready",
    Kind.GAUGE,
    ("role",),
    "1 where every worker of a role is ready, as `/readyz` says, else 0.",
)
MOVED: Final = Measure(
    "screening_worker_moved_timestamp_seconds",
    Kind.GAUGE,
    ("role",),
    "When the loop of the slowest worker of a role last moved.",
)
COMMITTED: Final = Measure(
    "screening_last_commit_timestamp_seconds",
    Kind.GAUGE,
    ("role",),
    "When a worker of a role last committed a batch.",
)
WATCHED: Final = Measure(
    "screening_watched_timestamp_seconds",
    Kind.GAUGE,
    ("what",),
    "When the gauges of the log and of the ledger were last taken.",
)
BUILD_INFO: Final = Measure(
    "screening_build_info",
    Kind.GAUGE,
    ("version", "engine"),
    "The release that runs and its engine; always 1.",
)

MEASURES: Final = (
    RECORDS_READ,
    RECORDS_WRITTEN,
    RECORDS_REFUSED,
    RECORDS_AHEAD,
    RESULTS,
    CONTENT_HITS,
    NAME_HITS,
    DECISIONS,
    ORDERS,
    LIFTS,
    TRANSACTIONS,
    REBALANCES,
    RESTARTS,
    LOST,
    WATCH_FAILURES,
    BATCH_RECORDS,
    BATCH_SECONDS,
    MATCHING_SECONDS,
    TRANSACTION_SECONDS,
    LATENCY_SECONDS,
    LAG_RECORDS,
    LAG_SECONDS,
    OPEN_TRANSACTION_SECONDS,
    PARTITIONS,
    DEAD_LETTERS,
    DEAD_LETTER_OLDEST,
    VERSION_INFO,
    VERSION_ENTRIES,
    VERSION_IN_FORCE,
    LIST_IMPORTED,
    ACTIVATION,
    CASES_OPEN,
    CLEARED,
    WORKERS,
    READY,
    MOVED,
    COMMITTED,
    WATCHED,
    BUILD_INFO,
)
"""Every metric, in the order of the documents."""
