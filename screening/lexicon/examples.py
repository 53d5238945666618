"""A lexicon's own examples as tests: what every entry must find, and must leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import Fault
from screening.lexicon.entries import Part
from screening.lexicon.kinds import Kind
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content

if TYPE_CHECKING:
    from screening.evidence import ContentHit
    from screening.lexicon.compiled import Compiled
    from screening.lexicon.entries import Entry, Lexicon
    from screening.text.segment import Segmenter


def check_examples(lexicon: Lexicon, segmenter: Segmenter, ready: Compiled | None = None) -> tuple[Fault, ...]:
    """Run all examples in one batch.

    A must-hit example holds where a hit of the entry itself comes out with the entry's full ceiling: one that loses to
    another entry of its category, or that its context holds back, shows nothing about the entry.

    Args:
        lexicon: whose examples.
        segmenter: says where words begin and end.
        ready: the same lexicon, where it is compiled already.

    Returns:
        A fault for each example that does not hold, in the order of entries; empty where all hold.
    """
    checks = [
        (entry, wanted, example)
        for entry in lexicon.entries
        for wanted, examples in ((True, entry.must_hit), (False, entry.must_not_hit))
        for example in examples
    ]
    matcher = ContentMatcher(lexicon if ready is None else ready, segmenter)
    contents = [_content(str(at), entry, example) for at, (entry, _, example) in enumerate(checks)]
    faults = []
    for (entry, wanted, example), hits in zip(checks, matcher.find(contents), strict=True):
        where = f"{entry.category}.toml: entry {entry.id!r}: {'must_hit' if wanted else 'must_not_hit'}"
        if wanted and not any(hit.entry == entry.id and hit.ceiling is entry.ceiling for hit in hits):
            faults.append(Fault(where, f"{_named(hits)} in {example!r}", f"{entry.id} ({entry.ceiling})"))
        if not wanted and any(hit.entry == entry.id for hit in hits):
            faults.append(Fault(where, f"{_named(hits)} in {example!r}", f"no {entry.id}"))
    return tuple(faults)


def _content(name: str, entry: Entry, example: str) -> Content:
    """Return the content that an example stands for.

    It is a body; for an entry that looks at titles its first line is the title, and what follows is the body.
    """
    if entry.field is not Part.TITLE and entry.kind is not Kind.HEADLINE:
        return Content(id=name, account_id="example", body=example)
    title, _, body = example.partition("\n")
    return Content(id=name, account_id="example", title=title, body=body)


def _named(hits: tuple[ContentHit, ...]) -> str:
    return ", ".join(f"{hit.entry} ({hit.ceiling}) at {hit.quote!r}" for hit in hits) or "no hit"
