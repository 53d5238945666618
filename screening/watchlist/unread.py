"""Which names nobody could compare: those without a word in a script that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.subjects import affiliates_of
from screening.watchlist.names import Part, read_name

if TYPE_CHECKING:
    from screening.subjects import Affiliate, Registrant


def unread_names(registrant: Registrant) -> tuple[str, ...]:
    """Return the places of names that could not be screened, as a result gives them in `unscreened`.

    A person registered under such a name was compared with nobody by it, so nobody may call them clear for it.

    >>> from screening.subjects import Registrant
    >>> unread_names(Registrant(account_id="a-1", kind="person", name="Anna Maier", aliases=("†††",)))
    ('aliases[0]',)
    """
    places = list(_unread("", registrant))
    for tied in affiliates_of(registrant):
        places += _unread(f"{tied.place}.", tied.affiliate)
    return tuple(places)


def _unread(before: str, party: Registrant | Affiliate) -> list[str]:
    named = [("name", party.name), *((f"aliases[{index}]", alias) for index, alias in enumerate(party.aliases))]
    return [before + place for place, name in named if not _can_be_compared(name)]


def _can_be_compared(name: str) -> bool:
    return any(word.part is not Part.UNREAD for word in read_name(name, person=True).words)
