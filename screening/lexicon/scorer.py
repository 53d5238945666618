"""A second opinion beside the lexicon: a small linear model over runs of characters, and how sure it is.

It may send to a person what no entry found. It never orders anything and never weakens what an entry found: its
evidence is a hit like any other, held to review, and `policy.toml` says from which score a person looks.

A head speaks for one category: the sum of the weights of a text's runs over the square root of their number, which
keeps long and short texts apart from their length (for runs that differ it is the cosine of counts), through a
logistic curve fitted to texts that took no part in the training (Platt 1999). `docs/decisions/0008-second-opinion.md`
says what it learnt from and what its scores are worth; `scripts/train-scorer` makes the weights.
"""

from __future__ import annotations

import itertools
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import msgspec
import numpy as np

from screening.errors import Fault, LexiconError
from screening.evidence import SCORER, Ceiling, ContentHit, content_order
from screening.lexicon.grams import WINDOW, codes_of, packed, shares, window_sums
from screening.text.html import readable
from screening.text.normalize import Normalized, normalize_joined

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from screening.subjects import Content
    from screening.text.html import Readable

ENTRY: Final = "second-opinion"
"""What the scorer's hits name as their entry."""

EVIDENCE_FROM: Final = 0.5
"""The score from which there is a hit at all: below it the model itself thinks otherwise."""

LONGEST_QUOTE: Final = 40
"""Characters of evidence: as much as a person takes in at a glance."""

_FEWEST_RUNS = 14
"""Runs in five characters. A word by itself says too little: the model is silent about anything shorter."""

_SEVERITY = 2
"""Serious, not grave: what only a model says is never the ground of an order."""

_CHUNK = 100_000
"""Code points read at once; more no longer fit into the processor's cache (and cost 100 bytes each)."""

_FILE = "second-opinion.weights"
_SCHEMA = 1


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one head says: of a sum over n runs, the log-odds are `gain` · sum / √n + `bias`."""

    category: str
    gain: float
    bias: float


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a weights file: the heads, the number of buckets (2 to the `bits`), and how it was made."""

    schema: int
    bits: int
    heads: tuple[Head, ...]
    made: dict[str, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model; `values` holds a byte for each head and bucket."""

    description: Description
    values: NDArray[np.int8]


def read_weights(payload: bytes) -> Weights:
    """Read a weights file: a line of JSON, then the compressed bytes of all heads one after another.

    Raises:
        LexiconError: it is not such a file.
    """
    line, _, rest = payload.partition(b"\n")
    try:
        description = msgspec.json.decode(line, type=Description)
        values = np.frombuffer(zlib.decompress(rest), dtype=np.int8)
    except (msgspec.DecodeError, zlib.error) as error:
        raise LexiconError([Fault(_FILE, str(error), "a line of JSON and compressed weights")]) from error
    size = len(description.heads) << description.bits
    if description.schema != _SCHEMA or len(values) != size or not size:
        heads = f"{len(description.heads)} heads of {1 << description.bits} buckets"
        found = f"schema {description.schema}, {heads}, {len(values)} weights"
        raise LexiconError([Fault(_FILE, found, f"schema {_SCHEMA}, {size} weights")])
    return Weights(description, values.reshape(len(description.heads), -1))


def write_weights(weights: Weights) -> bytes:
    """Return the bytes of a weights file; `read_weights` is the way back."""
    return msgspec.json.encode(weights.description) + b"\n" + zlib.compress(weights.values.tobytes(), 9)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a content; `text` is what a reader sees."""

    content: int
    name: Literal["title", "body"]
    source: str
    text: str
    markup: Readable | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the source of a span of the text."""
        if self.markup is None:
            return start, end
        return int(self.markup.starts[start]), int(self.markup.ends[end - 1])


class Scorer:
    """Scores texts. Built once from weights, then only read.

    Args:
        weights: the trained model.
        categories: those of the policy's clause register; heads of others stay silent.
    """

    def __init__(self, weights: Weights, categories: Collection[str]) -> None:
        self.heads = weights.description.heads
        self._values = weights.values
        self._words = packed(weights.values)
        self._gain = np.array([head.gain for head in self.heads])
        self._bias = np.array([head.bias for head in self.heads])
        self._speaking = np.array([head.category in categories for head in self.heads])

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the score of each text for each head, in the order of `heads`; a long text's strongest window."""
        found = [self._windowed(normalize_joined(held).text)[0] for held in _chunks(texts)]
        return np.concatenate(found) if found else np.empty((0, len(self.heads)))

    def find(self, contents: Sequence[Content]) -> list[tuple[ContentHit, ...]]:
        """Return the evidence in each content, in the order of `content_order`: at most one hit a field and head."""
        hits: list[list[ContentHit]] = [[] for _ in contents]
        fields = list(_fields(contents))
        at = 0
        for held in _chunks([field.text for field in fields]):
            joined = normalize_joined(held)
            scores, windows = self._windowed(joined.text)
            said = np.argwhere((scores >= EVIDENCE_FROM) & self._speaking)
            if len(said):
                offsets = [0, *itertools.accumulate(len(text) + 1 for text in held)]
                places = np.searchsorted(joined.origin, offsets).tolist()
                for text, head in said.tolist():
                    field = fields[at + text]
                    seen = _Seen(field, joined, offsets[text], places[text], places[text + 1] - 1)
                    hit = self._hit(seen, head, float(scores[text, head]), int(windows[text, head]))
                    hits[field.content].append(hit)
            at += len(held)
        return [tuple(sorted(held, key=content_order)) for held in hits]

    def _windowed(self, joined: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return for each text and head the strongest window's score, and where in the text that window begins."""
        windows = window_sums(codes_of(joined), self._words, len(self.heads))
        roots = np.sqrt(np.maximum(windows.runs, 1))[:, None]
        odds = self._gain * (windows.sums / roots) + self._bias
        odds[windows.runs < _FEWEST_RUNS] = -np.inf
        strongest = np.maximum.reduceat(odds, windows.first, axis=0)
        with np.errstate(over="ignore"):
            scores = 1 / (1 + np.exp(-strongest))
        counts = np.diff(np.append(windows.first, len(odds)))
        best = np.where(odds == np.repeat(strongest, counts, axis=0), windows.start[:, None], np.iinfo(np.int64).max)
        return np.round(scores, 4), np.minimum.reduceat(best, windows.first, axis=0)

    def _hit(self, seen: _Seen, head: int, score: float, window: int) -> ContentHit:
        """Turn a score into evidence: the quote is the span of the window that speaks loudest for the head."""
        text = seen.joined.text[seen.start : seen.end][window : window + WINDOW]
        low, high = _loudest(shares(codes_of(text), self._values[head]))
        first, last = seen.joined.span(seen.start + window + low, seen.start + window + high)
        start, end = seen.field.span(first - seen.offset, last - seen.offset)
        return ContentHit(
            category=self.heads[head].category,
            entry=ENTRY,
            term=text[low:high],
            field=seen.field.name,
            start=start,
            end=end,
            quote=seen.field.source[start:end],
            score=score,
            via=(SCORER,),
            severity=_SEVERITY,
            ceiling=Ceiling.REVIEW,
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A field in the joined texts: where it begins as given, and where it begins and ends once normalised."""

    field: _Field
    joined: Normalized
    offset: int
    start: int
    end: int


def _loudest(each: NDArray[np.float64]) -> tuple[int, int]:
    """Return the span of at most `LONGEST_QUOTE` characters with the largest sum; of equals the shortest, leftmost."""
    running = np.concatenate(([0.0], np.cumsum(each)))
    best, span = -np.inf, (0, len(each))
    for length in range(1, min(LONGEST_QUOTE, len(each)) + 1):
        sums = np.round(running[length:] - running[:-length], 6)
        at = int(sums.argmax())
        if sums[at] > best:
            best, span = float(sums[at]), (at, at + length)
    return span


def _fields(contents: Sequence[Content]) -> Iterator[_Field]:
    for index, content in enumerate(contents):
        named: tuple[tuple[Literal["title", "body"], str | None], ...]
        named = (("title", content.title), ("body", content.body))
        for name, source in named:
            if source:
                markup = readable(source) if content.format == "html" else None
                yield _Field(index, name, source, source if markup is None else markup.text, markup)


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in turn, some `_CHUNK` code points at a time."""
    start = size = 0
    for end, text in enumerate(texts, 1):
        size += len(text) + 1
        if size > _CHUNK:
            yield texts[start:end]
            start, size = end, 0
    if start < len(texts):
        yield texts[start:]
