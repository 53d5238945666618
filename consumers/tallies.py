"""What results, orders and dead letters amount to, for whoever counts them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from consumers import topics
from consumers.dead_letter import PREFIX
from consumers.happenings import Judged, Ordered, Refused
from consumers.origins import CORRELATION
from screening.evidence import ContentHit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consumers.happenings import Counts
    from consumers.log.port import Outgoing
    from screening.decisions import Result

ENDED = "ended"
"""What stands in place of a verdict for a deletion or an erasure."""


class _Sent(msgspec.Struct, frozen=True):
    """What is counted of an order; the rest of its bytes is passed over."""

    type: str
    action_id: str
    automated: bool
    reverses_type: str | None = None


def judged(role: str, results: Iterable[Result], seconds: float) -> Judged:
    """Return what some results amount to."""
    verdicts: Counter[tuple[str, str]] = Counter()
    categories: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for result in results:
        verdicts[result.subject, ENDED if result.verdict is None else result.verdict.value] += 1
        for hit in result.hits:
            if isinstance(hit, ContentHit):
                categories[hit.category] += 1
            else:
                sources[hit.source] += 1
    return Judged(role, seconds, tuple(sorted(verdicts.items())), counts(categories), counts(sources))


def sent(role: str, outputs: Iterable[Outgoing]) -> Iterator[Ordered | Refused]:
    """Yield the orders and the dead letters among some outputs."""
    for output in outputs:
        if output.topic == topics.RESULTS:
            continue
        if output.topic == topics.DEAD_LETTER:
            yield _refused(role, output)
        elif output.topic in topics.ORDER_TOPICS:
            held = msgspec.json.decode(output.value or b"", type=_Sent)
            correlation = _header(output, CORRELATION)
            yield Ordered(role, held.type, held.reverses_type or "", held.automated, held.action_id, correlation)


def counts(counter: Counter[str]) -> Counts:
    """Return a counter as it is told."""
    return tuple(sorted(counter.items()))


def _refused(role: str, letter: Outgoing) -> Refused:
    topic, partition, offset = (_header(letter, PREFIX + name) for name in ("topic", "partition", "offset"))
    return Refused(role, topic, int(partition), int(offset), f"{topic}/{partition}/{offset}")


def _header(output: Outgoing, name: str) -> str:
    return next((value.decode() for key, value in reversed(output.headers) if key == name), "")
