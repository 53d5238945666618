"""The labelled rows of the test data, as subjects in the shape that `screening check` reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Mapping

_KINDS: Final = {"Person": "person", "Organization": "organization", "Vessel": "organization"}
"""What the rows call a party → its `kind`; a vessel arrives as an organization."""


@dataclass(frozen=True, slots=True)
class Query:
    """One labelled name; `ids` are the entries that must be found, none where nobody must be."""

    category: str
    ids: frozenset[str]
    subject: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `label` says what it is, where somebody labelled it; `bad` is None where nobody did."""

    label: str
    bad: bool | None
    subject: Mapping[str, Any]

    @property
    def characters(self) -> int:
        """Unicode code points of what is screened."""
        return len(self.subject["body"])


def queries(path: pathlib.Path) -> list[Query]:
    """Read labelled names: `query` → `name`, and an account for each."""
    return [
        Query(
            row["category"],
            frozenset(row["ids"]),
            {"account_id": f"query-{row['n']}", "kind": _KINDS[row["schema"]], "name": row["query"]},
        )
        for row in _rows(path)
    ]


def texts(path: pathlib.Path) -> list[Text]:
    """Read texts: `text` → `body`, and an id for each."""
    return [
        Text(
            row.get("label") or row.get("topic") or "",
            None if "y" not in row else bool(row["y"]),
            {"id": f"{path.stem}-{number}", "account_id": path.stem, "body": row["text"]},
        )
        for number, row in enumerate(_rows(path), 1)
    ]


def lines(subjects: Iterable[Mapping[str, Any]]) -> bytes:
    """Return subjects as JSON Lines."""
    return b"".join(json.dumps(subject, ensure_ascii=False).encode() + b"\n" for subject in subjects)


def group_of(query: Query) -> Literal["listed", "ordinary", "adversarial"]:
    """Say which of the three questions a labelled name asks.

    Ordinary people are invented ones who share nothing with a list on purpose; the adversarial ones carry a listed
    party's surname, or the given name of one and the surname of another.
    """
    if query.ids:
        return "listed"
    return "ordinary" if query.category.startswith("neg_negatives_") else "adversarial"


def _rows(path: pathlib.Path) -> list[dict[str, Any]]:
    # Not `splitlines`, which would also split at the line separators that texts hold.
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
