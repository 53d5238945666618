"""Fakes with names: screeners, roles and observers that do what a test needs and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec
from histories import content_result, registration_result
from rulebook import content_hit, name_hit

from consumers.happenings import Happened
from consumers.role import Processed
from screening.decisions import Input, Result
from screening.subjects import Content, Ended, Registrant, content_digest, ended_digest, registrant_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consumers.happenings import Happening
    from consumers.log.port import Batch, Position, TopicPartition

_H = TypeVar("_H")

BAD = "赌博"
"""What the keyword screener finds: in a content's body, or in a registrant's name."""

FATAL = "boom"
"""What breaks the keyword screener."""


@dataclass
class KeywordScreener:
    """Judges by one word, under a version that its results name; one text breaks it."""

    version: str
    finds: bool = True
    batches: list[int] = field(default_factory=list)

    def screen(self, subjects: Sequence[Content | Registrant | Ended]) -> list[Result]:
        self.batches.append(len(subjects))
        return [self._judge(subject) for subject in subjects]

    def _judge(self, subject: Content | Registrant | Ended) -> Result:
        ended = isinstance(subject, Ended)
        given = {"version": self.version, "ended": ended, "account_id": subject.account_id}
        if isinstance(subject, Registrant) or (isinstance(subject, Ended) and subject.subject == "registration"):
            found = [name_hit()] if not ended and self.finds and BAD in subject.name else []
            result = registration_result(*found, **given)
            digest = ended_digest(subject) if ended else registrant_digest(subject)
        else:
            body = "" if ended else subject.body or ""
            if FATAL in body:
                raise ValueError(f"cannot bear {body}")
            found = [content_hit()] if self.finds and BAD in body else []
            result = content_result(*found, id=subject.id, **given)
            digest = ended_digest(subject) if ended else content_digest(subject)
        return msgspec.structs.replace(result, input=Input(digest=digest), activation=None)


@dataclass
class Watcher:
    """Remembers what happened."""

    seen: list[Happening] = field(default_factory=list)

    def __call__(self, happening: Happening) -> None:
        self.seen.append(happening)

    def count(self, what: str) -> int:
        return sum(one.count for one in self.told(Happened) if one.what == what)

    def told(self, kind: type[_H]) -> list[_H]:
        """Return what was told of one kind."""
        return [one for one in self.seen if isinstance(one, kind)]


@dataclass
class Relay:
    """A role that answers each batch with a function, and remembers the batches it was given."""

    answer: Callable[[Batch], Processed] = lambda _: Processed()
    name: str = "relay"
    topics: tuple[str, ...] = ("in",)
    lacks: list[str] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)

    def ready(self) -> str | None:
        return self.lacks[0] if self.lacks else None

    def process(self, batch: Batch, assigned: Mapping[TopicPartition, Position]) -> Processed:
        assert batch.reached.keys() <= assigned.keys()
        self.batches.append(batch)
        return self.answer(batch)
