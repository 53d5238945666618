"""Who registers, is edited and goes while every real update of a list comes in force, one after the other.

Nothing of the real lists is kept: registrations are made of them at the time of proving.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

from crowds import Crowd
from datafolder import data_folder

from consumers import topics, watchlists
from consumers.log.port import Outgoing
from screening.watchlist.formats import ofac_csv
from screening.watchlist.parties import PartyKind

if TYPE_CHECKING:
    from integration.streams import Stream

    from screening.watchlist.parties import ListedParty

SOURCE: Final = "us-ofac-sdn"

_FIRST_SHARE: Final = 0.6
"""Of all, those who registered before the first update."""

_STEADY: Final = 2_000
"""Parties on every day's list, unchanged, of whom somebody has the name."""

_WITH_AFFILIATE: Final = 600
_EDITED: Final = 600
_AGAIN: Final = 300
_ERASED: Final = 150


class Registrants:
    """A plan of what happens.

    Args:
        count: how many register.
        seed: decides everything.
    """

    subject: Final = "registration"
    role: Final = "registrations"

    def __init__(self, count: int, seed: int) -> None:
        self._days = sorted((data_folder() / "sanctions" / "lists" / "ofac_history").glob("sdn_*.csv"))
        self._lists = [_parties(day.read_bytes()) for day in self._days]
        self._chance = random.Random(seed)
        self._counts: dict[str, int] = {}
        self._phases: list[list[Outgoing]] = [[] for _ in self._days]
        self._make(count)

    @property
    def versions(self) -> int:
        """How many lists come in force, the first one included."""
        return len(self._days)

    def begun(self) -> list[Outgoing]:
        """Return who registered before the first update."""
        return self._phases[0]

    def came(self, version: int) -> tuple[list[Outgoing], list[Outgoing]]:
        """Return who comes, is edited or goes before a version's markers, and after them."""
        held = self._phases[version]
        return held[: len(held) // 2], held[len(held) // 2 :]

    def all_came(self) -> list[Outgoing]:
        """Return everything that comes after the first version, in order."""
        return [record for phase in self._phases[1:] for record in phase]

    def put_in_force(self, stream: Stream, version: int) -> dict[str, Any]:
        """Import a day's list as the command does."""
        day = self._days[version]
        with watchlists.opened(stream.installation.settings, str(day)) as (files, origin):
            parsed = watchlists.parse(SOURCE, files)
        done = watchlists.import_list(stream.installation, SOURCE, parsed, origin)
        change = done.change
        counts = {} if change is None else {
            "added": len(change.added), "altered": len(change.changed), "removed": len(change.removed)
        }  # fmt: skip
        return {"name": day.stem.removeprefix("sdn_"), "entries": parsed.counts.entries} | counts

    def told(self) -> dict[str, int]:
        """Return how many there are of each sort."""
        return self._counts

    def _make(self, count: int) -> None:
        chance = self._chance
        everybody = {entry: party for held in self._lists for entry, party in held.items()}
        steady = sorted(
            entry for entry, party in self._lists[0].items() if all(held.get(entry) == party for held in self._lists)
        )
        moved = sorted(everybody.keys() - set(steady))
        moved = sorted(chance.sample(moved, min(len(moved), count // 6)))
        made = [_registration(f"right-{entry}", everybody[entry], everybody[entry].names[0].text) for entry in moved]
        made += [self._near(f"near-{entry}", everybody[entry]) for entry in moved]
        kept = chance.sample(steady, min(_STEADY, count // 20))
        made += [self._near(f"steady-{entry}", everybody[entry]) for entry in kept]
        crowd_size = max(0, count - len(made))
        crowd = list(
            Crowd(tuple(self._lists[0].values()), data_folder() / "sanctions" / "labelled").parties(crowd_size, seed=6)
        )
        ordinary = [_registration(f"crowd-{at:06}", party, party.names[0].text) for at, party in enumerate(crowd)]
        share = max(1, count // 100_000)
        firms = [one for one in ordinary if one["kind"] == "organization"]
        for firm in chance.sample(firms, min(_WITH_AFFILIATE * share, len(firms))):
            firm["affiliates"] = [self._affiliate(everybody[chance.choice(moved)])]
        made += ordinary
        chance.shuffle(made)
        first = int(len(made) * _FIRST_SHARE)
        for at, fields in enumerate(made):
            phase = 0 if at < first else chance.randrange(1, len(self._phases))
            self._phases[phase].append(_record(fields))
        self._later(made, first, ordinary, {f"steady-{entry}": everybody[entry] for entry in kept}, everybody, moved)
        self._counts |= {
            "registered": len(made), "moved": len(moved), "near": 2 * len(moved) + len(kept), "ordinary": len(ordinary),
            "first": first,
        }  # fmt: skip

    def _later(
        self,
        made: list[dict[str, Any]],
        first: int,
        ordinary: list[dict[str, Any]],
        steady: dict[str, ListedParty],
        everybody: dict[str, ListedParty],
        moved: list[str],
    ) -> None:
        """Let some of those who registered first be edited, be sent again, or go.

        An edit that would clear what was ordered is for a person, and what then stands depends on whether it was
        ordered before the edit. So those who become ordinary are parties that stand on every list.
        """
        chance = self._chance
        early = made[:first]
        plain = {one["account_id"] for one in ordinary if "affiliates" not in one}
        settled = [one for one in early if one["account_id"] in plain]
        steadily = [one for one in early if one["account_id"] in steady]
        size = len(made)
        edited = again = erased = 0
        chosen = iter(
            chance.sample(settled, min(len(settled), max(30, size * (_EDITED + _AGAIN + _ERASED) // 100_000)))
        )
        for at, one in enumerate(chosen):
            phase = self._phases[chance.randrange(1, len(self._phases))]
            match at % 7:
                case 0 | 1 | 2:  # an ordinary person takes the name of a party that comes or goes
                    party = everybody[chance.choice(moved)]
                    record = _record(_registration(one["account_id"], party, party.names[0].text))
                    edited += 1
                case 3 | 4:  # something that is not compared changes
                    record = _record(one | {"phone": f"+86 10 {chance.randrange(10**8):08}"})
                    edited += 1
                case 5:
                    record = _record(one)
                    again += 1
                case _:
                    record = Outgoing(topics.ACCOUNTS, one["account_id"].encode(), None)
                    erased += 1
            phase.insert(chance.randrange(len(phase) + 1), record)
        for at, one in enumerate(steadily[: len(steadily) // 2]):
            phase = self._phases[chance.randrange(1, len(self._phases))]
            fields = one | {"phone": f"+86 10 {at:08}"}
            if at % 3 == 0:  # who was listed all along becomes somebody else
                fields = {"account_id": one["account_id"], "kind": one["kind"], "name": chance.choice(ordinary)["name"]}
            phase.insert(chance.randrange(len(phase) + 1), _record(fields))
            edited += 1
        self._counts |= {"edited": edited, "again": again, "erased": erased}

    def _near(self, account: str, party: ListedParty) -> dict[str, Any]:
        """Register with a party's name as somebody may write it, with or without what corroborates it."""
        chance, name = self._chance, party.names[0].text
        match chance.randrange(4):
            case 0:
                name = " ".join(reversed(name.replace(",", "").split()))
            case 1:
                at = chance.randrange(len(name))
                name = name[:at] + name[at + 1 :] or name
            case 2 if len(words := name.replace(",", "").split()) > 2:
                words.pop(chance.randrange(len(words)))
                name = " ".join(words)
            case _:
                pass
        fields = _registration(account, party, name)
        if chance.random() < 0.4:
            fields.pop("birth_date", None)
        if chance.random() < 0.15 and party.kind is PartyKind.PERSON:
            fields["birth_date"] = f"{chance.randrange(1950, 2000)}-{chance.randrange(1, 13):02}"
        if chance.random() < 0.3 and party.identifiers:
            fields["identifiers"] = [{"type": "passport", "value": party.identifiers[0].value}]
        return fields

    def _affiliate(self, party: ListedParty) -> dict[str, Any]:
        chance = self._chance
        fields: dict[str, Any] = {
            "kind": "person" if party.kind is PartyKind.PERSON else "organization",
            "name": party.names[0].text,
            "relation": chance.choice(["owner", "director", "subsidiary"]),
        }
        if fields["relation"] == "owner":
            fields["ownership_percent"] = chance.choice([10, 30, 50, 75, 100])
        return fields


def _parties(data: bytes) -> dict[str, ListedParty]:
    return {party.entry: party for party in ofac_csv.parse({"sdn.csv": data}).parties}


def _registration(account: str, party: ListedParty, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "account_id": account,
        "kind": "person" if party.kind is PartyKind.PERSON else "organization",
        "name": name,
    }
    if party.births and party.births[0].first == party.births[0].last:
        fields["birth_date"] = party.births[0].first
    return fields


def _record(fields: dict[str, Any]) -> Outgoing:
    return Outgoing(topics.ACCOUNTS, fields["account_id"].encode(), json.dumps(fields).encode())
