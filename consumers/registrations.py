"""The role `registrations`: registrants and their affiliates against the sanctions lists in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from consumers import topics
from consumers.screening_role import ScreeningRole
from consumers.wire import decode_registrant

if TYPE_CHECKING:
    from collections.abc import Callable

    from consumers.activations import Activation, Activations
    from consumers.dead_letter_limit import DeadLetterLimit
    from consumers.role import Observer
    from consumers.screening_role import Screener
    from screening.subjects import Registrant

NAME: Final = "registrations"

TERRITORIES: Final = "territories"
"""The source of places under embargo, which list nobody."""


def has_watchlist(activation: Activation) -> bool:
    """Say whether an activation is enough for this role: nobody is clear who was compared with no list of parties."""
    return any(source.partition(":")[0] != TERRITORIES for source in activation.watchlists)


def registrations_role(
    activations: Activations,
    screener: Callable[[Activation], Screener[Registrant]],
    tell: Observer,
    limit: DeadLetterLimit | None = None,
) -> ScreeningRole[Registrant]:
    """Return the role; registrations stay unread until a sanctions list is active."""
    return ScreeningRole(
        NAME,
        topics.ACCOUNTS,
        decode=decode_registrant,
        screener=screener,
        activations=activations,
        waits_for="an active watchlist (see `screening watchlist import --help`)",
        tell=tell,
        limit=limit,
    )
