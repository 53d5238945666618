"""One limit of certainty in a policy's text set to another value, everything else left as it was written."""

from __future__ import annotations

import re
from typing import Final

from screening.errors import Fault, PolicyError

SECTIONS: Final = ("content", "registration", "second_opinion")
"""The tables under `certainty` that hold limits."""

_HEADER: Final = re.compile(r"^\s*\[+([^\]]*)\]+", re.MULTILINE)


def with_threshold(text: str, said: str) -> str:
    r"""Return a policy's text with one limit set otherwise.

    Args:
        text: the policy, as TOML.
        said: `SECTION.NAME=VALUE`, such as `registration.review_from=0.85`.

    Raises:
        PolicyError: this says no limit that the policy has, or no number.

    >>> with_threshold("[certainty.content]\nreview_from = 0.6 # why\n", "content.review_from=0.7")
    '[certainty.content]\nreview_from = 0.7 # why\n'
    """
    named, equals, value = said.partition("=")
    section, _, name = named.strip().partition(".")
    if not equals or section not in SECTIONS or not re.fullmatch(r"[a-z_]+", name):
        expected = f"SECTION.NAME=VALUE with a section of {', '.join(SECTIONS)}, such as registration.review_from=0.85"
        raise PolicyError([Fault("threshold", repr(said), expected)])
    try:
        number = float(value)
    except ValueError:
        raise PolicyError([Fault(f"threshold {named}", repr(value), "a number from 0.0 to 1.0")]) from None
    start, end = _table(text, f"certainty.{section}")
    line = re.compile(rf"^(\s*{name}\s*=\s*)[-+0-9._eE]+", re.MULTILINE)
    found = line.search(text, start, end)
    if found is None:
        raise PolicyError([Fault(f"threshold {named}", "no such limit", f"one under [certainty.{section}]")])
    return f"{text[: found.end(1)]}{number!r}{text[found.end() :]}"


def _table(text: str, name: str) -> tuple[int, int]:
    """Return where a table of a TOML text begins and ends; nothing where there is none."""
    headers = list(_HEADER.finditer(text))
    for at, header in enumerate(headers):
        if header[1].strip() == name:
            return header.end(), headers[at + 1].start() if at + 1 < len(headers) else len(text)
    return 0, 0
