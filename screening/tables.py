"""Reading the tables of a TOML data file, so that whoever keeps it hears of all its faults at once.

A wrong value becomes a fault and a harmless stand-in, and reading goes on: whoever reads looks at the faults before
using anything that was read.
"""

from __future__ import annotations

import enum
import tomllib
from typing import TYPE_CHECKING, TypeVar

from screening.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

Choice = TypeVar("Choice", bound=enum.StrEnum)


def read_tables(where: str, text: str, faults: list[Fault]) -> Table:
    """Read a whole data file; text that is not TOML is a fault and an empty table.

    Args:
        where: the file's name, the beginning of every place.
        text: the file's text.
        faults: gathers what is wrong.
    """
    try:
        values: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(where, str(error), "TOML"))
        values = {}
    return Table(where, values, faults)


class Table:
    """One table of a data file. Take every value by its name, then `close`: what was not taken is unknown.

    Args:
        where: its place, as people find it in the file.
        values: what it holds.
        faults: gathers what is wrong.
    """

    def __init__(self, where: str, values: Mapping[str, object], faults: list[Fault]) -> None:
        self.where = where
        self._values = values
        self._faults = faults
        self._taken: list[str] = []

    def allow(self, *names: str) -> None:
        """Let names stand in the table that need not."""
        self._taken.extend(names)

    def has(self, name: str) -> bool:
        """Say whether a name stands in the table."""
        return name in self._values

    def names(self) -> tuple[str, ...]:
        """Return all names of the table, in the order of the file."""
        return tuple(self._values)

    def place(self, name: str) -> str:
        """Return the place of one of its values."""
        return f"{self.where}: {name}"

    def fault(self, name: str, found: str, expected: str) -> None:
        """Note that a value is wrong."""
        self._faults.append(Fault(self.place(name), found, expected))

    def text(self, name: str) -> str:
        """Take a text that must be there and must not be empty."""
        value = self._take(name)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(name, _shown(value), "a text that is not empty")
        return ""

    def flag(self, name: str) -> bool:
        """Take a true or false that must be there."""
        value = self._take(name)
        if isinstance(value, bool):
            return value
        self.fault(name, _shown(value), "true or false")
        return False

    def integer(self, name: str, least: int, most: int) -> int:
        """Take a whole number that must be there, within two bounds, both allowed."""
        value = self._take(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(name, _shown(value), f"a whole number from {least} to {most}")
        return least

    def integers(self, name: str, least: int, most: int) -> tuple[int, ...]:
        """Take a list of whole numbers, each within two bounds and none twice; places count from 0."""
        found: list[int] = []
        for index, value in enumerate(self._list(name)):
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most or value in found:
                self.fault(f"{name}[{index}]", _shown(value), f"a whole number from {least} to {most}, each once")
                continue
            found.append(value)
        return tuple(found)

    def score(self, name: str) -> float:
        """Take a score that must be there, from 0.0 to 1.0."""
        value = self._take(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self.fault(name, _shown(value), "a score from 0.0 to 1.0")
        return 1.0

    def percentage(self, name: str) -> float:
        """Take a percentage that must be there, above 0 and up to 100."""
        value = self._take(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100:
            return float(value)
        self.fault(name, _shown(value), "a percentage above 0 and up to 100")
        return 100.0

    def choice(self, name: str, among: type[Choice]) -> Choice | None:
        """Take one of some words that must be there; None where it is another."""
        return self._chosen(name, self._take(name), among)

    def choices(self, name: str, among: type[Choice]) -> tuple[Choice, ...]:
        """Take a list of words, each one of some and none twice; places count from 0."""
        found: list[Choice] = []
        for index, value in enumerate(self._list(name)):
            chosen = self._chosen(f"{name}[{index}]", value, among)
            if chosen is None:
                continue
            if chosen in found:
                self.fault(f"{name}[{index}]", f"{chosen.value!r} again", "each once")
            found.append(chosen)
        return tuple(found)

    def table(self, name: str) -> Table:
        """Take a table that must be there."""
        value = self._take(name)
        if isinstance(value, dict):
            return Table(self.place(name), value, self._faults)
        self.fault(name, _shown(value), "a table")
        # One fault is enough: what the missing table would hold is read from nothing, into nothing.
        return Table(self.place(name), {}, [])

    def tables(self, name: str, titled: str) -> tuple[Table, ...]:
        """Take a list of tables (none where the name is absent).

        Args:
            name: the name of the list.
            titled: the value in each table that tells people which one it is, added to its place.
        """
        found: list[Table] = []
        for index, value in enumerate(self._list(name) if self.has(name) else [], start=1):
            if not isinstance(value, dict):
                self.fault(f"{name} {index}", _shown(value), "a table")
                continue
            title = value.get(titled)
            where = f"{name} {index} ({title})" if isinstance(title, str) else f"{name} {index}"
            found.append(Table(self.place(where), value, self._faults))
        return tuple(found)

    def close(self) -> None:
        """Note every name that nobody took."""
        for name in self._values:
            if name not in self._taken:
                self.fault(name, "an unknown key", f"one of {', '.join(sorted(set(self._taken)))}")

    def _take(self, name: str) -> object:
        self._taken.append(name)
        return self._values.get(name)

    def _list(self, name: str) -> list[object]:
        value = self._take(name)
        if isinstance(value, list):
            return value
        self.fault(name, _shown(value), "a list")
        return []

    def _chosen(self, name: str, value: object, among: type[Choice]) -> Choice | None:
        for word in among:
            if value == word.value:
                return word
        self.fault(name, _shown(value), f"one of {', '.join(word.value for word in among)}")
        return None


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)
