"""The topics of the pipeline, their names without prefix, and the settings each must have."""

from __future__ import annotations

from typing import Final

from consumers.log.port import TopicSpec
from screening.decisions import ACCOUNT_ORDERS, NOTICES, OrderType
from screening.subjects import MOST_BYTES

CONTENT: Final = "content.published"
ACCOUNTS: Final = "accounts.registered"
RESULTS: Final = "screening.results"
ACTIVATIONS: Final = "screening.activations"
DEAD_LETTER: Final = "screening.dead-letter"
DEAD_LETTER_DECISIONS: Final = "screening.dead-letter-decisions"
ORDERS_CONTENT: Final = "enforcement.content"
ORDERS_ACCOUNTS: Final = "enforcement.accounts"
NOTICES_TOPIC: Final = "enforcement.notices"
REPORTS: Final = "enforcement.reports"

INPUTS: Final = (CONTENT, ACCOUNTS, RESULTS)
"""What `publish` may write to."""

_ENVELOPE = 64 * 1024
"""Room for what a dead letter adds to a record of the largest size: headers that say where it came from and why."""

ORDER_TOPICS: Final = (ORDERS_CONTENT, ORDERS_ACCOUNTS, NOTICES_TOPIC, REPORTS)
"""Where orders, lifts and notices go."""


def topics(partitions: int) -> tuple[TopicSpec, ...]:
    """Return every topic with the settings it must have.

    Args:
        partitions: how many partitions the keyed topics have; it can never be changed afterwards.
    """
    keyed = (
        TopicSpec(CONTENT, partitions, most_bytes=MOST_BYTES),
        TopicSpec(ACCOUNTS, partitions, compacted=True, most_bytes=MOST_BYTES),
        TopicSpec(RESULTS, partitions, most_bytes=MOST_BYTES + _ENVELOPE),
        *(TopicSpec(name, partitions, most_bytes=MOST_BYTES) for name in ORDER_TOPICS),
    )
    return (
        *keyed,
        # A result may be dead, too, and it has an envelope of its own already.
        TopicSpec(DEAD_LETTER, partitions, most_bytes=MOST_BYTES + 2 * _ENVELOPE),
        TopicSpec(DEAD_LETTER_DECISIONS, 1, most_bytes=_ENVELOPE),
        TopicSpec(ACTIVATIONS, 1, most_bytes=1024 * 1024),
    )


TOPICS: Final = topics(partitions=6)
"""Every topic, with the default number of partitions."""


def topic_of(order_type: OrderType, reverses: OrderType | None = None) -> str:
    """Return the topic on which an order travels; an undoing travels where the order it reverses did."""
    subject = reverses or order_type
    if subject in NOTICES:
        return NOTICES_TOPIC
    if subject is OrderType.REPORT_TO_AUTHORITY:
        return REPORTS
    return ORDERS_ACCOUNTS if subject in ACCOUNT_ORDERS else ORDERS_CONTENT
