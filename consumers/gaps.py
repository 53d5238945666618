"""Whether history is whole: what a role has not read yet must still stand on the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import content, enforcement, records, registrations, topics
from consumers.faults import Refused
from consumers.settings import SqliteFile
from consumers.wiring import group_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consumers.wiring import Installation

_READ: Final[Mapping[str, tuple[str, ...]]] = {
    topics.CONTENT: (content.NAME, records.NAME),
    topics.ACCOUNTS: (registrations.NAME, records.NAME),
    topics.RESULTS: (enforcement.NAME, records.NAME),
}
"""Topic → the roles without which nothing on it is known."""


def check_whole(installation: Installation, names: tuple[str, ...]) -> None:
    """Check that nothing has gone from some topics before the roles that must know it had read it.

    What went after that is no loss: it stands in the ledger.

    Raises:
        Refused: something has, with where and what to do.
    """
    found = [line for name in names for line in _gaps(installation, name)]
    if found:
        raise Refused(
            "\n".join(found)
            + "\nhistory is not whole: what is missing was never judged, and no re-screening can judge it. Stop what"
            " deletes it (`screening doctor` names topics that do not keep everything) and restore the log's backup;"
            " where it is gone for good, `screening run --drain` takes what is left, and then this judges that"
        )


def _gaps(installation: Installation, topic: str) -> Iterator[str]:
    """Say of each partition of a topic from which role's position on records are gone."""
    embedded = isinstance(installation.settings.log.place, SqliteFile)
    if topic == topics.ACCOUNTS and embedded:
        return  # where superseded registrations go the first of those that stand comes later
    log = installation.log
    bounds = log.bounds(topic)
    for role in _READ[topic]:
        reached = {place.partition: one.offset for place, one in log.committed(group_of(role), (topic,)).items()}
        for partition, (first, end) in sorted(bounds.items()):
            if partition not in reached and (embedded or first == end):
                continue  # an offset that was given up may come before the first record, and nothing stands or all does
            at = reached.get(partition, 0)
            if at < first:
                yield (
                    f"{topic}, partition {partition}: found its first record at offset {first}, expected one at {at},"
                    f" which {role} has not read yet"
                )
