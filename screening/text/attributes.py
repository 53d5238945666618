"""Which attributes of markup say something to a reader, a screen reader or a search engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.text.tags import Value

_SAID = ("alt", "title", "placeholder", "aria-label", "aria-description", "label", "summary")
_DESCRIBING = re.compile(r"(?:.*[:.])?(?:description|keywords|title|abstract|subject|site_name)")
_UNSEEN_INPUTS = frozenset(
    {"checkbox", "color", "date", "datetime-local", "file", "image", "month", "radio", "range", "time", "week"}
)
"""Inputs whose value is a code or a choice and no text."""


class Said(NamedTuple):
    """An attribute's value that is text, and whether it is shown to nobody."""

    value: Value
    is_hidden: bool


def said(element: str, found: Mapping[str, Value]) -> list[Said]:
    """Return what attributes of an element say, in the order of the source."""
    texts = [Said(found[name], is_hidden=False) for name in _SAID if name in found]
    if element == "input" and "value" in found:
        kind = found["type"].text.strip().lower() if "type" in found else "text"
        if kind not in _UNSEEN_INPUTS:
            texts.append(Said(found["value"], is_hidden=kind == "hidden"))
    if element == "meta" and "content" in found:
        names = [found[name].text.strip().lower() for name in ("name", "property", "itemprop") if name in found]
        if any(_DESCRIBING.fullmatch(name) for name in names):
            texts.append(Said(found["content"], is_hidden=False))
    return sorted((held for held in texts if held.value.text), key=lambda held: held.value.start)
