"""The demo's files, read from the package."""

from __future__ import annotations

from importlib import resources
from typing import Final

_LIST: Final = ("sdn.csv", "alt.csv", "add.csv")
_DAY: Final = ("accounts.registered", "content.published")


def list_files() -> dict[str, bytes]:
    """Return name → bytes of the sample watchlist, in the CSV form of OFAC."""
    folder = resources.files("consumers.sample")
    return {name: folder.joinpath(name).read_bytes() for name in _LIST}


def day_lines() -> dict[str, list[bytes]]:
    """Return topic → lines of the sample day, in the order they were published."""
    folder = resources.files("consumers.sample")
    return {topic: folder.joinpath(f"{topic}.jsonl").read_bytes().splitlines() for topic in _DAY}
