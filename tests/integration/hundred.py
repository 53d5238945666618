"""A hundred invented parties, of whom lists in OFAC's form hold some, and registrations under their names."""

from __future__ import annotations

import json
import pathlib
from typing import TYPE_CHECKING

from consumers import topics
from consumers.log.port import Outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integration.streams import Stream

FIRST = ("Ahmad", "Karim", "Olga", "Pavel", "Meili", "Tariq", "Ingrid", "Bogdan", "Selim", "Marta")
LAST = ("Vasilenko", "Alrashid", "Zhangova", "Haddad", "Petrovic", "Okafor", "Lindqvist", "Moradi", "Castellan", "Ruiz")
ROW = '{},"{}","individual","TESTPROG",' + "-0- ," * 7 + '"DOB {} Jan 1971."\n'


def sdn(numbers: Iterable[int], folder: pathlib.Path) -> pathlib.Path:
    """Write a list that holds some of the parties, each born on a day of its own."""
    rows = (ROW.format(n, f"{LAST[n // 10].upper()}, {FIRST[n % 10]}", f"{n % 27 + 1:02}") for n in sorted(numbers))
    path = folder / "sdn.csv"
    path.write_text("".join(rows) + "\x1a\n", encoding="utf-8")
    return path


def registered(number: int, *, right: bool = True, name: str | None = None) -> Outgoing:
    """Return a registration under a party's name, with its birth date or with another one."""
    day = number % 27 + 1 if right else 28
    fields = {
        "account_id": f"a-{number}{'' if right else '-other'}",
        "kind": "person",
        "name": name or f"{FIRST[number % 10]} {LAST[number // 10]}",
        "birth_date": f"{1971 if right else 1990}-01-{day:02}",
    }
    return Outgoing(topics.ACCOUNTS, fields["account_id"].encode(), json.dumps(fields).encode())


def put_in_force(stream: Stream, numbers: Iterable[int]) -> None:
    """Import a list of some of them."""
    stream.activate_list("us-ofac-sdn", sdn(numbers, pathlib.Path(stream.flags["data"])))
