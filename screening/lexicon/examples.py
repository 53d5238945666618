"""A lexicon's own examples as tests: what every entry must find, and must leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import Fault
from screening.lexicon.matcher import ContentMatcher
from screening.subjects import Content

if TYPE_CHECKING:
    from screening.evidence import ContentHit
    from screening.lexicon.entries import Lexicon
    from screening.text.segment import Segmenter


def check_examples(lexicon: Lexicon, segmenter: Segmenter) -> tuple[Fault, ...]:
    """Run all examples in one batch.

    A must-hit example holds where a hit of the entry itself comes out with the entry's full ceiling: one that loses to
    another entry of its category, or that its context holds back, shows nothing about the entry.

    Returns:
        A fault for each example that does not hold, in the order of entries; empty where all hold.
    """
    checks = [
        (entry, wanted, example)
        for entry in lexicon.entries
        for wanted, examples in ((True, entry.must_hit), (False, entry.must_not_hit))
        for example in examples
    ]
    matcher = ContentMatcher(lexicon, segmenter)
    contents = [Content(id=str(at), account_id="example", body=example) for at, (_, _, example) in enumerate(checks)]
    faults = []
    for (entry, wanted, example), hits in zip(checks, matcher.find(contents), strict=True):
        where = f"{entry.category}.toml: entry {entry.id!r}: {'must_hit' if wanted else 'must_not_hit'}"
        if wanted and not any(hit.entry == entry.id and hit.ceiling is entry.ceiling for hit in hits):
            faults.append(Fault(where, f"{_named(hits)} in {example!r}", f"{entry.id} ({entry.ceiling})"))
        if not wanted and any(hit.entry == entry.id for hit in hits):
            faults.append(Fault(where, f"{_named(hits)} in {example!r}", f"no {entry.id}"))
    return tuple(faults)


def _named(hits: tuple[ContentHit, ...]) -> str:
    return ", ".join(f"{hit.entry} ({hit.ceiling}) at {hit.quote!r}" for hit in hits) or "no hit"
