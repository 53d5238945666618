"""Texts to try a lexicon on: JSON Lines with a text in each, or contents as they are published."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
import typer

from consumers.cli.lines import batches, opened
from consumers.faults import Exit, Refused
from screening.subjects import Content

SampleOption = Annotated[
    str | None,
    typer.Option(metavar="FILE", help='Texts, JSON Lines with "text" or "title" and "body" in each; - is stdin.'),
]

_MOST_TOLD: Final = 20


class _Text(msgspec.Struct, frozen=True):
    text: str | None = None
    title: str | None = None
    body: str | None = None
    format: Literal["text", "html"] = "text"


def texts_of(path: str) -> list[Content]:
    """Return the texts of a file, each named by the number of its line.

    Raises:
        Refused: it cannot be read, holds no text, or some lines are no texts; nothing is left out in silence.
    """
    texts, faults = [], []
    with opened(path) as file:
        for batch in batches(file):
            for number, line in batch:
                try:
                    read = msgspec.json.decode(line, type=_Text | str)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                    faults.append(f"{path}: line {number}: {error}")
                    continue
                if isinstance(read, str):
                    read = _Text(text=read)
                body = read.body if read.text is None else read.text
                if body is None and read.title is None:
                    faults.append(f'{path}: line {number}: found no text, expected "text", "title" or "body"')
                    continue
                texts.append(_content(number, read.title, body, read.format))
    if faults:
        more = len(faults) - _MOST_TOLD
        raise Refused("\n".join([*faults[:_MOST_TOLD], *([f"… and {more} more"] if more > 0 else [])]), Exit.USAGE)
    if not texts:
        raise Refused(f"{path}: found no text, expected JSON Lines", Exit.USAGE)
    return texts


def _content(line: int, title: str | None, body: str | None, form: Literal["text", "html"]) -> Content:
    return Content(id=str(line), account_id="sample", title=title, body=body, format=form)
