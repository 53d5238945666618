"""The clients of kafka-python 3.0, each with the settings that keep what the port promises.

Every number says which two limits it lies between:
- a transaction on the broker may be open for 15 s: above any commit of a healthy broker, and short, because readers
  wait behind it when its process was killed;
- a delivery may take 20 s: above that, so that the broker has decided before the client gives up;
- a commit may block for 60 s: above both, and short of a supervisor's patience. It has no timeout of its own, so a
  watchdog ends the process, and the next one finds out what became of it;
- reaching a broker may take 4 s, and as long again for its first answer: above a hiccup, and below the 10 s after
  which people ask what is wrong.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from kafka.errors import (
    FencedInstanceIdError,
    IncompatibleBrokerVersion,
    InvalidProducerEpochError,
    InvalidTimestampError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    ProducerFencedError,
    UnsupportedVersionError,
)

from consumers.log.port import Fatal, Fenced, Retry, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

TRANSACTION_MS = 15_000
DELIVERY_MS = 20_000
COMMIT_SECONDS = 60.0
REACH_MS = 4_000
REQUEST_MS = 10_000
INIT_MS = TRANSACTION_MS
"""How long entering under a transactional name may take: what a dead process left open is aborted first."""
BATCH_BYTES = 64 * 1024
"""Records are sent together up to this size; `kafka_topics.SLACK_BYTES` must lie above it."""
LINGER_MS = 5
"""How long a batch waits for more records; `flush` never waits for it."""
REQUEST_BYTES = 32 * 1024 * 1024
"""The largest request: a record of 10 MiB with its headers, and room for others beside it."""
FETCH_BYTES = 4 * 1024 * 1024
"""What a fetch asks of each partition; a larger record still comes, alone."""

OUT_OF_REACH = 5
"""The exit code for a dependency that is out of reach."""


def end_process(message: str) -> None:
    """End the process at once, without cleaning up: a thread that blocks for ever cannot be stopped otherwise."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()
    os._exit(OUT_OF_REACH)


@dataclass(frozen=True, slots=True)
class Clients:
    """Makes clients for one cluster.

    Attributes:
        bootstrap: `host:port` of some brokers.
        prefix: goes before every topic, group and transactional name.
        security: further settings of every client: TLS and SASL, as kafka-python names them.
        commit_seconds: how long a commit or abort may block before `end` is called.
        end: ends the process; it gets the message to leave behind.
    """

    bootstrap: tuple[str, ...]
    prefix: str
    security: Mapping[str, Any] = field(default_factory=dict)
    commit_seconds: float = COMMIT_SECONDS
    end: Callable[[str], None] = end_process

    def admin(self) -> KafkaAdminClient:
        """Return a client that makes and describes topics."""
        with self.told():
            return KafkaAdminClient(request_timeout_ms=REQUEST_MS, **self._shared())

    def producer(self, transactional_id: str, linger_ms: int = LINGER_MS) -> KafkaProducer:
        """Return a producer that fenced all earlier ones of this id, and completed or aborted what they left.

        Args:
            transactional_id: without the prefix.
            linger_ms: how long a batch waits for more; `flush` never waits for it.
        """
        with self.told():
            producer = self._sender(
                linger_ms,
                transactional_id=self.prefix + transactional_id,
                transaction_timeout_ms=TRANSACTION_MS,
            )
            try:
                producer.init_transactions()
            except BaseException:
                drop(producer)
                raise
            return producer

    def copier(self) -> KafkaProducer:
        """Return a producer outside transactions, whose records stand one behind the other without markers."""
        with self.told():
            return self._sender(LINGER_MS)

    def consumer(
        self,
        group: str | None = None,
        member: str | None = None,
        session_seconds: float = 15.0,
        fetch_bytes: int = FETCH_BYTES,
    ) -> KafkaConsumer:
        """Return a consumer of committed records that commits nothing by itself.

        Args:
            group: without the prefix; None to read without one.
            member: the static member's name in the group.
            session_seconds: how long a member may be silent.
            fetch_bytes: what a fetch asks of each partition.
        """
        names = {}
        if group is not None:
            names["group_id"] = self.prefix + group
        if member is not None:
            names["group_instance_id"] = self.prefix + member
        with self.told():
            return KafkaConsumer(
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                partition_assignment_strategy=(StickyPartitionAssignor,),
                session_timeout_ms=int(session_seconds * 1000),
                heartbeat_interval_ms=min(1_000, int(session_seconds * 1000 / 3)),
                max_partition_fetch_bytes=fetch_bytes,
                request_timeout_ms=REQUEST_MS,
                allow_auto_create_topics=False,
                metrics_enabled=False,
                **names,
                **self._shared(),
            )

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Translate what kafka-python raises where nothing was being committed."""
        try:
            yield
        except (ProducerFencedError, InvalidProducerEpochError, FencedInstanceIdError) as error:
            raise Fenced(f"another one of this name took over ({error!r})") from error
        except (KafkaTimeoutError, KafkaConnectionError) as error:
            raise Unreachable(
                f"log {','.join(self.bootstrap)}: found no answer ({type(error).__name__}: {error}), expected a Kafka"
                " broker; see that it runs, that log.url names it and that its advertised listeners can be reached"
            ) from error
        except (IncompatibleBrokerVersion, UnsupportedVersionError) as error:
            raise Fatal(
                f"log {','.join(self.bootstrap)}: found a broker that is too old or too new for this client ({error}),"
                " expected one that takes its requests; see which releases of Kafka are supported"
            ) from error
        except KafkaError as error:
            raise Fatal(f"log {','.join(self.bootstrap)}: found {error!r}, expected the broker to do it") from error

    def abandon(self, producer: KafkaProducer) -> None:
        """Abort what a producer has open, so that readers need not wait for the broker to do it, and close it.

        A fenced producer has nothing to abort: it refuses at once.
        """
        with contextlib.suppress(KafkaError), self.watched("an abort"):
            producer.abort_transaction()
        drop(producer)

    @contextlib.contextmanager
    def watched(self, what: str) -> Iterator[None]:
        """Do something that has no timeout of its own; the process ends where it takes too long."""
        message = (
            f"log {','.join(self.bootstrap)}: {what} blocked for more than {self.commit_seconds:g} s; the process ends,"
            " so that the next one finds out whether it was committed. See whether the broker can be reached."
        )
        timer = threading.Timer(self.commit_seconds, self.end, (message,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _sender(self, linger_ms: int, **more: Any) -> KafkaProducer:
        return KafkaProducer(
            acks="all",
            enable_idempotence=True,
            max_in_flight_requests_per_connection=5,
            delivery_timeout_ms=DELIVERY_MS,
            request_timeout_ms=REQUEST_MS,
            max_block_ms=INIT_MS,
            max_request_size=REQUEST_BYTES,
            batch_size=BATCH_BYTES,
            linger_ms=linger_ms,
            allow_auto_create_topics=False,
            metrics_enabled=False,
            **more,
            **self._shared(),
        )

    def _shared(self) -> dict[str, Any]:
        self._reach()
        return {"bootstrap_servers": list(self.bootstrap), "bootstrap_timeout_ms": REACH_MS, **self.security}

    def _reach(self) -> None:
        """Connect to any of the brokers first: a client that cannot leaks its sockets and threads.

        Raises:
            KafkaConnectionError: none could be reached.
        """
        deadline = time.monotonic() + REACH_MS / 1000
        while True:
            for address in self.bootstrap:
                host, _, port = address.rpartition(":")
                try:
                    socket.create_connection((host.strip("[]"), int(port)), timeout=REACH_MS / 2000).close()
                except OSError as error:
                    last = error
                else:
                    return
            if time.monotonic() > deadline:
                raise KafkaConnectionError(str(last)) from last
            time.sleep(0.2)


def sent(producer: KafkaProducer, futures: Sequence[Any]) -> list[Any]:
    """Wait until records have arrived and return what the broker said of each.

    `flush` returns when sends are done or failed, so every future is looked at.

    Raises:
        KafkaError: one did not arrive.
    """
    producer.flush(timeout=DELIVERY_MS / 1000 + 5)
    return [future.get(timeout=0.001) for future in futures]


def drop(producer: KafkaProducer) -> None:
    """Close a producer without waiting for what it still has.

    `close` gives up before it stops the sending thread where records are still under way, so that is done here.
    """
    with contextlib.suppress(Exception):
        producer.close(timeout=0)
    producer._sender.force_close()  # noqa: SLF001 - there is no public way


def fenced(producer: KafkaProducer, error: BaseException) -> bool:
    """Say whether a failure means that another producer or member of this name took over."""
    last = getattr(producer, "_transaction_manager").last_error  # noqa: B009 - the only place that keeps the first cause
    kinds = (ProducerFencedError, InvalidProducerEpochError, FencedInstanceIdError)
    return isinstance(error, kinds) or isinstance(last, kinds)


def unfit(error: BaseException) -> Retry | Fatal:
    """Return the error for a transaction that was not committed."""
    if isinstance(error, InvalidTimestampError):  # trying again would give the same answer until the clock is right
        return Fatal(
            f"nothing was committed: found this host's clock further ahead than the broker takes ({error}), expected"
            " both to follow a time server; `screening doctor` says by how much"
        )
    return Retry(f"nothing was committed, poll again (found {error!r})")
