"""The role `content`: published texts against the lexicons in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import topics
from consumers.screening_role import ScreeningRole
from consumers.wire import decode_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from consumers.activations import Activation, Activations
    from consumers.dead_letter_limit import DeadLetterLimit
    from consumers.role import Observer
    from consumers.screening_role import Screener
    from screening.subjects import Content

NAME: Final = "content"


def content_role(
    activations: Activations,
    screener: Callable[[Activation], Screener[Content]],
    tell: Observer,
    limit: DeadLetterLimit | None = None,
) -> ScreeningRole[Content]:
    """Return the role; any activation is enough, for the shipped lexicons serve where no other is active."""
    return ScreeningRole(
        NAME,
        topics.CONTENT,
        decode=decode_content,
        screener=screener,
        activations=activations,
        waits_for="an active lexicon",
        tell=tell,
        limit=limit,
    )
