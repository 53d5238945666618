"""Where kafka-python 3.0.12 must be helped to be a good member of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.structs import MemberState

if TYPE_CHECKING:
    from kafka import KafkaConsumer


def keep_finished_joins(consumer: KafkaConsumer) -> None:
    """Make a consumer use a join that ended between two polls.

    It throws such a join away and asks for another one. Where it leads the group that is a rebalance for all, whose end
    it may miss again: members that poll briefly would never agree.
    """
    coordinator = consumer._coordinator  # noqa: SLF001 - there is no public way
    join = coordinator._do_join_and_sync_async  # noqa: SLF001
    kept: list[tuple[Any, bytes]] = []

    async def join_or_keep() -> bytes:
        if kept and coordinator.state == MemberState.REBALANCING and coordinator._generation == kept[0][0]:  # noqa: SLF001
            return kept.pop()[1]
        kept.clear()
        assignment: bytes = await join()
        kept.append((coordinator._generation, assignment))  # noqa: SLF001
        return assignment

    coordinator._do_join_and_sync_async = join_or_keep  # noqa: SLF001


def finish_begun_joins(consumer: KafkaConsumer) -> None:
    """Make a consumer go on with a join for as long as it is under way.

    It asks at every poll whether a join is needed, and where only changed metadata was the reason (the topic was not
    known yet when it first joined), the answer is no as soon as the leader has shared the partitions. Where the poll
    that began the join was over before that, nobody waits for the join's end any more: the member keeps its old
    partitions or none, its heartbeats stay switched off, the broker drops it, and it never notices.
    """
    coordinator = consumer._coordinator  # noqa: SLF001 - there is no public way
    asked = coordinator.need_rejoin
    coordinator.need_rejoin = lambda: coordinator.rejoining or asked()


def leave_on_close(consumer: KafkaConsumer) -> None:
    """Make a static member leave its group when it is closed, so that others take over at once.

    It leaves with its member id, which a newer twin of its name does not have.
    """
    if consumer.group_metadata().member_id:
        consumer._coordinator.is_dynamic_member = lambda: True  # noqa: SLF001
