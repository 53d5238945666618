"""Writes what was measured as a page: figures as values in, Markdown out."""

# ruff: noqa: E501 - a paragraph of Markdown stands on one line

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inprocess import Lookup

KINDS: Final = {
    "alias_typo1": "an alias with one wrong letter",
    "arabic": "in Arabic script",
    "chinese_script": "in Chinese script, simplified",
    "chinese_traditional": "in Chinese script, traditional",
    "cyrillic": "in Cyrillic script",
    "diacritics": "with accents added",
    "homoglyph": "letters replaced by lookalikes of another script",
    "initial_given": "given name as an initial",
    "invisible": "with an invisible character inside",
    "joined": "written as one word",
    "missing_middle": "without the middle name",
    "ocr": "digits and letters as a scanner mistakes them",
    "org_legalform": "an organization with another legal form",
    "org_typo1": "an organization with one wrong letter",
    "org_word_drop": "an organization without one of its words",
    "phonetic": "written as it sounds",
    "pinyin_joined_given_first": "pinyin, given name first",
    "pinyin_spaced": "pinyin, surname first",
    "pinyin_tones": "pinyin with tones",
    "reorder": "given name first",
    "surname_first_nocomma": "surname first, without a comma",
    "title_prefix": "with a title before it",
    "translit_latin": "another transliteration",
    "transpose": "two letters exchanged",
    "truncated": "cut short",
    "typo1": "one wrong letter",
    "typo2": "two wrong letters",
    "vessel_typo1": "a vessel with one wrong letter",
    "neg_negatives_us": "ordinary people, one set of invented ones",
    "neg_negatives_global": "ordinary people, another set",
    "neg_shared_surname": "adversarial: a listed party's surname with another given name",
    "neg_recombined": "adversarial: given name of one listed party, surname of another",
}
"""What the kinds of labelled names are, in words."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One kind of labelled names: how many, with a hit at review, with a hit of any score, and how many unread.

    For listed parties a hit counts only where it is the very entry; for the others any hit does. Unread are names in
    a script that is not compared, which the policy sends to review for that reason alone.
    """

    category: str
    names: int
    reviewed: int
    seen: int
    unread: int


@dataclass(frozen=True, slots=True)
class CleanRow:
    """One file of ordinary texts."""

    file: str
    texts: int
    characters: int
    review: int
    enforce: int
    seconds: float


@dataclass(frozen=True, slots=True)
class LabelRow:
    """Texts of one label: how many, at review or more, at enforce, with a ground that fits, with any hit."""

    label: str
    texts: int
    flagged: int
    enforce: int
    fitting: int | None
    seen: int


@dataclass(frozen=True, slots=True)
class OffensiveRow:
    """One file of texts that are offensive or not: how the verdicts stand against the labels."""

    file: str
    texts: int
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of flagged texts that are offensive."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of offensive texts that are flagged."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Command:
    """How much went through `check content` as a whole, starting included, and how long a start takes."""

    texts: int
    characters: int
    seconds: float
    start_seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that stands on the page."""

    day: str
    machine: str
    versions: str
    listed: str
    review_from: float
    names: tuple[NameRow, ...]
    name_enforced: int
    name_seconds: float
    clean: tuple[CleanRow, ...]
    labels: tuple[LabelRow, ...]
    offensive: tuple[OffensiveRow, ...]
    command: Command
    matcher: float
    lookup: Lookup


def written(measured: Measured) -> str:
    """Return the page."""
    sections = (_intro, _names, _clean, _labelled, _speed)
    return "\n".join([*(section(measured) for section in sections), _LIMITS])


def _intro(measured: Measured) -> str:
    return f"""# Measurements

This page is written by `make bench`, its section about load by `make load`, and by nothing else. A command of this repository maps labelled test data into the shape of the [input fields](reference.md), runs it through the installed `screening check` in a folder of its own, with the shipped lexicons and policy, and writes down what came out. A single error line, or a result that is missing or out of order, ends it without a page. The test data is not part of the project (see [Contributing](../CONTRIBUTING.md)).

Measured on {measured.day}, {measured.machine}. {measured.versions}

*Review* means a verdict of review or stronger, so that a person looks. *Enforce* means orders without a person. A *hit* is evidence of any score, also below what a person is shown.

How much the pipeline carries and how long a content takes through it stands on [a page of its own](measurements-load.md), and so do [content](measurements-content.md) and [names](measurements-names.md) against their floors.
"""


def _names(measured: Measured) -> str:
    listed = [row for row in measured.names if not row.category.startswith("neg_")]
    ordinary = [row for row in measured.names if row.category.startswith("neg_negatives_")]
    adversarial = [row for row in measured.names if row.category.startswith("neg_") and row not in ordinary]
    total = _total("all", listed)
    rows = [
        (
            KINDS.get(row.category, row.category),
            row.names,
            row.reviewed,
            _two(row.reviewed, row.names),
            row.seen,
            row.unread,
        )
        for row in [*sorted(listed, key=lambda row: KINDS.get(row.category, row.category)), total]
    ]
    alarms = [
        (KINDS.get(row.category, row.category), row.names, row.reviewed, row.seen, row.unread)
        for row in (
            *ordinary,
            _total("**ordinary people together**", ordinary),
            *adversarial,
            _total("**adversarial together**", adversarial),
        )
    ]
    found = _two(total.reviewed, total.names)
    return f"""## Names

{measured.listed} {total.names} altered names of its parties and {sum(row.names for row in (*ordinary, *adversarial))} names of nobody on it, a name and nothing else each. *Found* means that the very entry is a hit with a score of at least {measured.review_from:.2f}, from which the policy shows it to a person.

Recall is **{found}**: {total.reviewed} of {total.names} found, {total.seen} with a hit of any score. *Not read* are names in a script that is not compared yet: nobody is found behind them, and the policy sends each to review for that reason alone, never to clear.

{_table(("kind", "names", "found", "recall", "any score", "not read"), rows)}

False alarms, names of nobody on the list with a hit that a person would have to look at:

{_table(("kind", "names", "review", "any score", "not read"), alarms)}

Enforced: {measured.name_enforced}. A name alone, however exact, orders nothing.
"""


def _clean(measured: Measured) -> str:
    rows = [
        (row.file, row.texts, row.characters, row.review, _per(row.review, row.texts), _per(row.enforce, row.texts))
        for row in measured.clean
    ]
    running = [row for row in measured.clean if "words" not in row.file]
    texts = sum(row.texts for row in running)
    review, enforce = sum(row.review for row in running), sum(row.enforce for row in running)
    rows.append(
        (
            "**together, words apart**",
            texts,
            sum(row.characters for row in running),
            review,
            _per(review, texts),
            _per(enforce, texts),
        )
    )
    heads = ("file", "texts", "characters", "review", "review per 10,000", "enforce per 10,000")
    return f"""## Ordinary texts

Reviews, dialogues, news titles and poems that nobody should have to look at, and common words one by one. Each flagged one is a false alarm, or ordinary text with something in it that the agreement forbids.

{_table(heads, rows)}
"""


def _labelled(measured: Measured) -> str:
    labels = [
        (
            row.label,
            row.texts,
            row.flagged,
            _two(row.flagged, row.texts),
            "" if row.fitting is None else _two(row.fitting, row.texts),
            _two(row.enforce, row.texts),
            _two(row.seen, row.texts),
        )
        for row in measured.labels
    ]
    offensive = [
        (
            row.file,
            row.texts,
            row.right + row.missed,
            row.right + row.wrong,
            *(f"{v:.3f}" for v in (row.precision, row.recall, row.f1)),
        )
        for row in measured.offensive
    ]
    heads = ("label", "texts", "review", "share", "share on a fitting ground", "share enforced", "share with any hit")
    return f"""## Labelled texts

`harm_bench_dev`: real items of five kinds of violation, and clean ones (不违规), whose share is that of false alarms. A ground fits where its category is one that the label speaks of.

{_table(heads, labels)}

`cold_*`: posts about race, gender and region, offensive or not. Flagged means review or stronger, on whatever ground.

{_table(("file", "texts", "offensive", "flagged", "precision", "recall", "F1"), offensive)}
"""


def _speed(measured: Measured) -> str:
    command, lookup = measured.command, measured.lookup
    names = sum(row.names for row in measured.names)
    rows = [
        ("`check content` as a whole, JSON in and out, starting included", _rate(command.characters, command.seconds)),
        ("the same, in texts", f"{command.texts / command.seconds:,.0f} texts/s"),
        ("the content matcher in process, batches of 500", f"{measured.matcher:,.0f} characters/s"),
        ("start of `check content`, with an empty input", f"{command.start_seconds:.1f} s"),
        (
            f"`check registrations` as a whole, {names} names, starting included",
            f"{measured.name_seconds:.1f} s",
        ),
        (f"one name among {lookup.names:,} in process, median", f"{lookup.median:.2f} ms"),
        ("the same, 99th percentile", f"{lookup.ninety_ninth:.1f} ms"),
        ("the same, longest", f"{lookup.longest:.1f} ms"),
    ]
    return f"""## Speed

{command.texts:,} texts of {command.characters:,} characters went through `check content`, one run for each file. In process the matcher meets the running texts of the section above once; names are looked up one at a time, {lookup.queries} of them. Other work on the machine slows all of these, so a run is to be compared only with one made on the same machine at rest.

{_table(("what", "measured"), rows)}
"""


_LIMITS: Final = """## What these figures do not say

- **Evasions are not in these texts as a kind.** How well altered terms are found is measured on [a page of its own](measurements-content.md), which also says which floors are not reached.
- **Known beforehand.** The ordinary texts and `cold_*` were at hand while terms and thresholds were chosen, and the misses of `harm_bench_dev` were read to learn how such things are written, so those figures flatter. The second opinion was trained on `cold_train` and on the even rows of the ordinary texts. Categories that are left to the operator have templates only and are not measured.
- **Names alone.** The labelled names come without birth dates, countries or identifiers, which in use raise or lower scores and are what an order needs. Affiliates are not in them.
- **One list, one day.** The index is the whole of one day of one list; others are larger, or in other scripts, and not measured here.
- **No stream.** These are figures of `check`, without a log, a ledger or orders; those of the whole pipeline are [measured apart](measurements-load.md).
"""


def _total(name: str, rows: Sequence[NameRow]) -> NameRow:
    return NameRow(
        f"**{name}**" if "*" not in name else name,
        sum(row.names for row in rows),
        sum(row.reviewed for row in rows),
        sum(row.seen for row in rows),
        sum(row.unread for row in rows),
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; numbers stand to the right."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in [list(heads), rule, *cells])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _two(part: int, whole: int) -> str:
    return f"{_share(part, whole):.3f}"


def _per(part: int, whole: int) -> str:
    return f"{10_000 * _share(part, whole):.1f}"


def _rate(characters: int, seconds: float) -> str:
    return f"{characters / seconds:,.0f} characters/s"
