"""Random changes of a lexicon, as policy people make them: entries come, go, weigh otherwise, and count elsewhere.

Changes are made in the files' own tables and written as TOML again, so that each version is read as anybody's would be.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from screening.errors import LexiconError
from screening.lexicon.parse import SHARED, parse_lexicon

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

_Table = dict[str, Any]

_ADDED: Final = dt.date(2026, 1, 1)
_REVIEW_BY: Final = dt.date(2027, 1, 1)


class ChangingLexicon:
    """A lexicon that changes.

    Args:
        files: file name → text, to begin with.
        categories: the slugs that a file may be named after.
        texts: where new terms and the words beside them are taken from.
        chance: decides everything.
    """

    def __init__(
        self, files: Mapping[str, str], categories: Sequence[str], texts: Sequence[str], chance: random.Random
    ) -> None:
        self._tables: dict[str, _Table] = {name: tomllib.loads(text) for name, text in files.items()}
        self._categories = tuple(categories)
        self._texts = [text for text in texts if len(text) >= 12]
        self._chance = chance
        self._withdrawn: list[tuple[str, _Table]] = []
        self._made = 0
        whole = "\n".join(self._texts)
        self._met = {
            row["id"]
            for table in self._tables.values()
            for row in table.get("entry", ())
            if any(term in whole for term in _terms(row))
        }
        """Entries that some text holds: changes of others would prove little."""

    def change(self, count: int) -> Counter[str]:
        """Make so many changes and say how many of each kind."""
        made: Counter[str] = Counter()
        while made.total() < count:
            kind = self._chance.choice(_KINDS)
            before, withdrawn = dict(self._tables), list(self._withdrawn)
            name = getattr(self, f"_{kind}")()
            if name is not None and self._reads(name):
                made[kind.replace("_", " ")] += 1
            else:
                self._tables, self._withdrawn = before, withdrawn
        return made

    def files(self) -> dict[str, str]:
        """Return the lexicon as it is now: file name → text."""
        return {name: _toml(table) for name, table in self._tables.items()}

    def _reads(self, name: str) -> bool:
        """Say whether a file still reads without a fault."""
        try:
            parse_lexicon({one: _toml(self._tables[one]) for one in {name, SHARED} & self._tables.keys()},
                          self._categories)  # fmt: skip
        except LexiconError:
            return False
        return True

    def _entry(self) -> tuple[str, _Table]:
        """Return a file and an entry in it that some text holds and that is found by its terms."""
        rows = [
            (name, row)
            for name, table in self._tables.items()
            for row in table.get("entry", ())
            if "kind" not in row and row["id"] in self._met
        ]
        name, chosen = self._chance.choice(rows)
        return name, next(row for row in self._changing(name)["entry"] if row["id"] == chosen["id"])

    def _changing(self, name: str) -> _Table:
        """Return a file's tables to be changed; what they were before stays as it was."""
        self._tables[name] = copy.deepcopy(self._tables[name])
        return self._tables[name]

    def _beside(self, row: _Table, before: int, behind: int) -> str | None:
        """Return what stands in a text around a term of an entry, so many characters before and behind; or None."""
        for _ in range(30):
            term = self._chance.choice(_terms(row))
            holding = [text for text in self._chance.sample(self._texts, min(400, len(self._texts))) if term in text]
            if holding:
                text = self._chance.choice(holding)
                at = text.index(term)
                return text[max(0, at - before) : at + len(term) + behind].strip() or None
        return None

    def _withdrawn_entry(self) -> str:
        name, row = self._entry()
        self._tables[name]["entry"].remove(row)
        self._withdrawn.append((name, row))
        return name

    def _restored_entry(self) -> str | None:
        if not self._withdrawn:
            return None
        name, row = self._withdrawn.pop(self._chance.randrange(len(self._withdrawn)))
        self._changing(name)["entry"].append(row)
        return name

    def _added_entry(self) -> str:
        names = [name for name, table in self._tables.items() if table.get("entry")]
        name, text = self._chance.choice(names), self._chance.choice(self._texts)
        length = self._chance.randint(2, 4)
        at = self._chance.randrange(len(text) - length)
        term = text[at : at + length]
        self._made += 1
        row: _Table = {
            "id": f"made-{self._made}",
            "terms": [term],
            "severity": self._chance.randint(1, 3),
            "ceiling": self._chance.choice(["evidence", "review", "auto", "auto"]),
            "boundary": self._chance.choice(["none", "none", "both", "start", "end"]),
            "must_hit": [f"前文{term}后文"],
            "must_not_hit": ["别的话"],
            "source": "a test",
            "reason": "a test",
            "added": _ADDED,
            "review_by": _REVIEW_BY,
        }
        self._changing(name)["entry"].append(row)
        self._met.add(row["id"])
        return name

    def _severity(self) -> str:
        name, row = self._entry()
        given = row.get("severity", self._tables[name].get("defaults", {}).get("severity"))
        row["severity"] = self._chance.choice([one for one in (1, 2, 3) if one != given])
        return name

    def _ceiling(self) -> str:
        name, row = self._entry()
        row["ceiling"] = self._chance.choice(["evidence", "review", "auto"])
        return name

    def _boundary(self) -> str:
        name, row = self._entry()
        row["boundary"] = self._chance.choice(["none", "start", "end", "both"])
        return name

    def _views(self) -> str:
        name, row = self._entry()
        row["views"] = self._chance.choice([["exact"], ["exact", "symbols"]])
        return name

    def _allow_phrase(self) -> str | None:
        name, row = self._entry()
        around = self._beside(row, self._chance.randint(0, 2), self._chance.randint(0, 2))
        if around is None:
            return None
        row["allow"] = [*row.get("allow", ()), around]
        return name

    def _allow_phrase_of_a_file(self) -> str | None:
        name, row = self._entry()
        around = self._beside(row, 1, 1)
        if around is None:
            return None
        self._tables[name]["allow"] = [*self._tables[name].get("allow", ()), around]
        return name

    def _allow_phrase_withdrawn(self) -> str | None:
        name, row = self._entry()
        if not row.get("allow"):
            return None
        row["allow"].pop(self._chance.randrange(len(row["allow"])))
        return name

    def _must_not_stand_near(self) -> str | None:
        return self._context("not_near")

    def _must_stand_near(self) -> str | None:
        return self._context("near")

    def _asks_a_person_near(self) -> str | None:
        return self._context("review_near")

    def _context(self, field: str) -> str | None:
        """Add a word that stands beside a term somewhere to a context rule, or take one away."""
        name, row = self._entry()
        words = list(row.get(field, ()))
        if words and self._chance.random() < 0.5:
            words.pop(self._chance.randrange(len(words)))
        else:
            around = self._beside(row, 6, 6)
            if around is None:
                return None
            at = self._chance.randrange(len(around))
            word = around[at : at + 2].strip()
            if not word:
                return None
            words.append(word)
        row[field] = words
        return name

    def _window(self) -> str:
        name, row = self._entry()
        row["window"] = self._chance.choice([5, 10, 20, 40, 80])
        return name


_KINDS: Final = (
    "withdrawn_entry", "withdrawn_entry", "restored_entry", "added_entry", "added_entry", "severity", "severity",
    "ceiling", "boundary", "views", "allow_phrase", "allow_phrase_of_a_file", "allow_phrase_withdrawn",
    "must_not_stand_near", "must_stand_near", "asks_a_person_near", "window",
)  # fmt: skip


def _terms(row: _Table) -> list[str]:
    return [row["term"]] if "term" in row else list(row.get("terms", ()))


def _toml(table: _Table) -> str:
    """Write a lexicon file's tables; JSON's strings, numbers and lists are TOML's too."""
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if key == "allow"]
    for key in ("groups", "defaults"):
        if key in table:
            lines += [f"[{key}]", *(f"{_key(name)} = {_value(value)}" for name, value in table[key].items())]
    for kind in ("entry", "list"):
        for row in table.get(kind, ()):
            lines += [f"[[{kind}]]", *(f"{_key(name)} = {_value(value)}" for name, value in row.items())]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    # The one control character that JSON leaves as it is and TOML does not bear.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
