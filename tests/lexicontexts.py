"""Small lexicons for tests, written as TOML the way policy people write them."""

from __future__ import annotations

import json
import pathlib
from typing import TYPE_CHECKING

from segmenters import segmenter

from screening.lexicon.matcher import ContentMatcher
from screening.lexicon.parse import parse_lexicon

if TYPE_CHECKING:
    from screening.lexicon.entries import Lexicon

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "lexicons"
NOT_LEXICONS = {"clauses.toml", "policy.toml"}
CATEGORIES = ("gambling", "pornography", "economic-fraud")

DEFAULTS = """
[defaults]
severity = 3
ceiling = "auto"
source = "test"
reason = "test"
added = 2026-01-01
review_by = 2027-01-01
"""


def entry(name: str, *terms: str, **fields: object) -> str:
    """Return one entry as TOML; JSON's strings, numbers and lists are TOML's too."""
    fields = {"must_hit": [f"前文{terms[0]}后文"], "must_not_hit": ["别的话"]} | fields
    rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join(
        ["[[entry]]", f'id = "{name}"', f"terms = {json.dumps(list(terms), ensure_ascii=False)}", *rows, ""]
    )


def lexicon(*entries: str, category: str = "gambling", head: str = "", shared: str | None = None) -> Lexicon:
    """Return the lexicon of some entries in one category."""
    files = {f"{category}.toml": "\n".join([head, DEFAULTS, *entries])}
    if shared is not None:
        files["allow.toml"] = shared
    return parse_lexicon(files, CATEGORIES)


def matcher(*entries: str, category: str = "gambling", head: str = "", shared: str | None = None) -> ContentMatcher:
    """Return a matcher of some entries in one category."""
    return ContentMatcher(lexicon(*entries, category=category, head=head, shared=shared), segmenter())


def shipped_files() -> dict[str, str]:
    """Return the shipped lexicon files."""
    return {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.toml") if path.name not in NOT_LEXICONS}


def shipped() -> Lexicon:
    """Return the shipped lexicon, every file's name taken for a category."""
    files = shipped_files()
    return parse_lexicon(files, [name.removesuffix(".toml") for name in files])
