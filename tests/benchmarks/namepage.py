"""Writes what was measured of names as a page, held against the floors and aims, and as figures to compare with."""

# ruff: noqa: E501 - a paragraph of Markdown stands on one line

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cyrillicnames import is_own
from namecurves import CURVES, KINDS
from page import KINDS as WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from labelled import Pairs, Scored
    from lookups import Built, Compared, Kept, Lookups

ORDINARY: Final = ("neg_negatives_us", "neg_negatives_global")
ADVERSARIAL: Final = ("neg_shared_surname", "neg_recombined")
MOST_ORDINARY: Final = 1 / 200
MOST_ADVERSARIAL: Final = 5 / 100


@dataclass(frozen=True, slots=True)
class Speed:
    """Lookups among so many names: `first` by set of queries, `again` the last set once more."""

    names: int
    built: Built
    kept: Kept
    first: Mapping[str, Lookups]
    again: Lookups


@dataclass(frozen=True, slots=True)
class Measured:
    """All that the page tells of."""

    review_from: float
    listed: int
    found: Mapping[str, Sequence[Scored]]
    different_parts: float
    peers: Mapping[str, Sequence[Scored]]
    pairs: Mapping[str, Pairs]
    peer_pairs: Mapping[str, tuple[Pairs, float]]
    exhaustive: Compared
    speed: Sequence[Speed]
    peer_speed: Mapping[str, Lookups]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure with its floor and aim; of times less is better."""

    figure: str
    what: str
    floor: float
    aim: float
    less: bool = False

    def verdict(self, value: float) -> str:
        """Say what is reached."""
        if self._holds(value, self.aim):
            return "aim reached"
        return "floor reached, aim **not**" if self._holds(value, self.floor) else "**floor not reached**"

    def _holds(self, value: float, bound: float) -> bool:
        return value <= bound if self.less else value >= bound


TARGETS: Final = (
    Target(
        "labelled.recall",
        "labelled names: recall with at most 1 of 200 ordinary and 5 of 100 adversarial names alarmed",
        0.92,
        0.96,
    ),
    Target(
        "altered.recall",
        "the same on names of the generator, 0.5 % of ordinary and 5 % of adversarial names alarmed",
        0.92,
        0.96,
    ),
    Target("labelled.chinese", "found in Chinese script, labelled", 0.90, 0.95),
    Target("chinese.script", "the same, invented names", 0.90, 0.95),
    Target("labelled.cyrillic", "found in Cyrillic script, labelled", 0.95, 0.98),
    Target("lists.cyrillic", "the same, persons of real lists that have both scripts", 0.95, 0.98),
    Target(
        "cyrillic.own",
        "the same, names put together of written-down parts, spelled by their own people's standards",
        0.95,
        0.98,
    ),
    Target("cyrillic.all", "the same, by all standards and habits, neighbours' languages crossed", 0.95, 0.98),
    Target("scripts.Cyrillic", "the same, Wikidata's name parts, odd rows", 0.95, 0.98),
    Target("borne.cyrillic", "the same parts, as often as people bear them, without rows of two names", 0.95, 0.98),
    Target("labelled.arabic", "found in Arabic script, labelled", 0.50, 0.70),
    Target("scripts.Arabic, names of Arabs", "the same, names of Arabs, evaluation rows", 0.50, 0.70),
    Target("lists.arabic", "the same, persons of real lists that have both scripts", 0.50, 0.70),
    Target("pairs.name_bench", "public name pairs (name_bench), F1 at its best score", 0.79, 0.83),
    Target("lookup.33000.p50", "33,000 names, lookup p50, ms", 0.6, 0.3, less=True),
    Target("lookup.33000.p99", "33,000 names, lookup p99, ms", 12.0, 3.0, less=True),
    Target("lookup.1000000.p50", "1,000,000 names, lookup p50, ms", 10.0, 2.0, less=True),
    Target("lookup.1000000.p99", "1,000,000 names, lookup p99, ms", 80.0, 15.0, less=True),
)


def figures(measured: Measured) -> dict[str, float]:
    """Return the figures that are kept for the next run."""
    found, score = measured.found, measured.review_from
    known = _split(found["labelled"])
    made = (found["altered"], found["ordinary"], found["adversarial"])
    kept = {
        "review_from": score,
        "labelled.recall": _recall(known[0], _least(*known)),
        "labelled.recall at review": _recall(known[0], score),
        "altered.recall": _recall(made[0], _least(*made)),
        "altered.recall at review": _recall(made[0], score),
        "labelled.chinese": _recall(_only(known[0], "chinese_script", "chinese_traditional"), score),
        "labelled.cyrillic": _recall(_only(known[0], "cyrillic"), score),
        "labelled.arabic": _recall(_only(known[0], "arabic"), score),
        "chinese.script": _recall([one for one in found["chinese"] if "characters" in one.trial.kind], score),
        "un.recall at review": _recall(found["un"], score),
        "exhaustive.missed": measured.exhaustive.missed,
        "exhaustive.other": measured.exhaustive.other,
    }
    kept |= {
        **{
            f"lists.{script.lower()}": _recall(
                [one for one in found["lists"] if one.trial.kind.endswith(f"{script}, persons")], score
            )
            for script in ("Cyrillic", "Arabic")
        },
        "cyrillic.own": _recall([one for one in found["cyrillic"] if is_own(one.trial.kind)], score),
        "cyrillic.all": _recall(found["cyrillic"], score),
        "borne.cyrillic": _recall(found["borne"], score),
        "borne.different": measured.different_parts,
    }
    for name in ("labelled", "altered", "ordinary", "adversarial", "chinese", "lists", "cyrillic"):
        kept |= {f"{name}.{kind}": _recall(rows, score) for kind, rows in _by_kind(found[name]).items()}
    kept |= {
        kind.replace("script: ", "scripts."): _recall(rows, score) for kind, rows in _by_kind(found["scripts"]).items()
    }
    kept |= {f"pairs.{label}": pairs.best()[1] for label, pairs in measured.pairs.items()}
    kept |= {f"pairs.{label}": pairs.best()[1] for label, (pairs, _) in measured.peer_pairs.items()}
    for speed in measured.speed:
        last = list(speed.first.values())[-1]
        at = f"lookup.{speed.names}"
        kept |= {f"{at}.p50": last.median, f"{at}.p99": last.ninety_ninth, f"{at}.per second": last.per_second}
        kept |= {f"{at}.build seconds": speed.built.seconds, f"{at}.MiB": speed.built.mebibytes}
        kept |= {f"{at}.load seconds": speed.kept.seconds, f"{at}.load MiB": speed.kept.own}
    return {name: round(value, 4) for name, value in kept.items()}


def written(measured: Measured, kept: Mapping[str, float], before: Mapping[str, float], head: str) -> str:
    """Return the page."""
    parts = (
        _INTRODUCTION.format(head=head, score=measured.review_from),
        _targets(kept, before),
        _reasons(kept),
        _found(measured),
        _alarms(measured),
        _against_peers(measured),
        _pairs(measured),
        _compared(measured.exhaustive),
        _speed(measured),
        _LIMITS,
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _targets(kept: Mapping[str, float], before: Mapping[str, float]) -> str:
    rows = [
        (
            target.what,
            f"{target.floor:g}",
            f"{target.aim:g}",
            _figure(kept[target.figure]),
            target.verdict(kept[target.figure]),
            _figure(before[target.figure]) if target.figure in before else "",
        )
        for target in TARGETS
    ]
    return "## Floors and aims\n\n" + _table(("what", "floor", "aim", "measured", "reached", "the run before"), rows)


def _reasons(kept: Mapping[str, float]) -> str:
    """Say why what is not reached is not, and what was tried."""
    short = [target for target in TARGETS if target.verdict(kept[target.figure]) != "aim reached"]
    why: dict[str, list[str]] = {}
    for target in short:
        text = WHY.get(target.figure, "Not looked into yet.").replace(
            "{different:.1%}", f"{kept['borne.different']:.1%}"
        )
        why.setdefault(text, []).append(target.what)
    return "Where an aim is not reached:\n\n" + "\n".join(
        f"- **{'; '.join(what)}.** {text}" for text, what in why.items()
    )


def _found(measured: Measured) -> str:
    rows = [
        (
            origin,
            WORDS.get(kind, kind),
            len(found),
            _share(_recall(found, measured.review_from)),
            _share(_recall(found, 0.01)),
        )
        for origin, name in (
            ("labelled", "labelled"),
            ("generator", "altered"),
            ("UN", "un"),
            ("invented", "chinese"),
            ("name parts", "scripts"),
            ("name parts", "borne"),
            ("written down", "cyrillic"),
            ("both scripts", "lists"),
        )
        for kind, found in _by_kind([one for one in measured.found[name] if one.trial.entries]).items()
    ]
    return (
        "## Found, by kind\n\nThe right entry is a hit with a score that a person sees; beside it, with a hit of any score. "
        f"Labelled names and those of the generator are looked for in one list of {measured.listed:,} names, the others in the same list with theirs added. *Both scripts* are the parties of the UN's list and of yente's samples that have a name in Latin letters and one in another script: every name that is not Latin is taken off the list and asked for. *Written down* are names put together of Cyrillic surnames, given names and patronymics that were written down for this, listed as the standards and habits named spell them; the tables share nothing with the matcher, and half of the surnames were never looked at.\n\n"
        + _table(("set", "kind", "names", "found", "any score"), rows)
        + f"\n\n![Share found by kind](pictures/{KINDS})\n\n![Precision and recall](pictures/{CURVES})"
    )


def _alarms(measured: Measured) -> str:
    rows = [
        (
            origin,
            WORDS.get(kind, kind),
            len(found),
            sum(one.score >= measured.review_from for one in found),
            sum(one.score > 0.0 for one in found),
        )
        for origin, name in (("labelled", "labelled"), ("invented", "ordinary"), ("recombined", "adversarial"))
        for kind, found in _by_kind([one for one in measured.found[name] if not one.trial.entries]).items()
    ]
    return "## False alarms\n\nNames of nobody with a hit that a person would see.\n\n" + _table(
        ("set", "kind", "names", "to a person", "any score"), rows
    )


def _against_peers(measured: Measured) -> str:
    rows = []
    for label, found in (("this project", measured.found["labelled"]), *measured.peers.items()):
        known = _split(found)
        least = _least(*known)
        rows.append((label, f"{least:.3f}", _share(_recall(known[0], least))))
    return (
        "## Beside others\n\nThe labelled names, each compared by rapidfuzz with every listed name in small letters, in this same run. Each has the lowest score at which at most 1 of 200 ordinary and 5 of 100 adversarial names alarm; the score is taken from these same names, for all alike.\n\n"
        + _table(("what", "from score", "recall"), rows)
    )


def _pairs(measured: Measured) -> str:
    rows = []
    scored = [
        *measured.pairs.items(),
        *((f"name_bench, {label}", pairs) for label, (pairs, _) in measured.peer_pairs.items()),
    ]
    for label, pairs in scored:
        best, f1 = pairs.best()
        precision, recall, fixed = pairs.at(measured.review_from)
        rows.append(
            (label, len(pairs.rows), f"{f1:.3f}", f"{best:.3f}", f"{fixed:.3f}", f"{precision:.3f}", f"{recall:.3f}")
        )
    peer = ", ".join(f"{label} {spent:.3f} ms" for label, (_, spent) in measured.peer_pairs.items())
    absent = (
        ""
        if "nomenklatura logic-v2" in measured.peer_pairs
        else " nomenklatura is not installed here, so its logic-v2 was not measured (`BENCH_PEERS` may name a folder that holds it)."
    )
    return (
        f"## Pairs of names\n\nAll rows of both public sets; of whole entities only the names are read. One comparison takes: {peer}.{absent}\n\n"
        + _table(
            ("set", "pairs", "best F1", "from score", f"F1 at {measured.review_from:.2f}", "precision", "recall"), rows
        )
    )


def _compared(compared: Compared) -> str:
    return (
        "## Nothing missed\n\n"
        f"{compared.queries:,} names, half of the generator and half of ordinary people, were each looked up in an index of the names behind the altered ones, and compared without it with every one of these: {compared.pairs:,} pairs, {compared.found:,} at the floor of evidence or above. "
        f"Missed by the index: **{compared.missed}**. With another score: **{compared.other}**. Tests hold the same on made names."
    )


def _speed(measured: Measured) -> str:
    rows, built = [], []
    for speed in measured.speed:
        for label, one in (*speed.first.items(), ("the last set again, in the same process", speed.again)):
            rows.append((f"{speed.names:,}", label, *_lookup(one)))
        one = f"{speed.built.names:,}"
        held = (f"{speed.built.mebibytes:,.0f}", "–", f"{speed.built.peak:,.0f}")
        built.append((one, "built from parties", f"{speed.built.seconds:.1f}", *held))
        size = f"a file of {speed.kept.size:,.0f} MiB"
        built.append((one, f"written into {size}", f"{speed.kept.kept:.1f}", "–", "–", "–"))
        held = (f"{speed.kept.own:,.0f}", f"{speed.kept.shared:,.0f}", "–")
        built.append((one, "loaded from it, by each of two processes", f"{speed.kept.seconds:.1f}", *held))
    for label, one in measured.peer_speed.items():
        rows.append((f"{one.names:,}", f"{label}, every listed name", *_lookup(one)))
    return (
        "## Speed\n\nProcessor time of one process, one name at a time, each for the first time unless said; all readings of a name, scoring and evidence included. The real list is topped up with made names whose words follow those of the list and Wikidata's name parts. Floors are held against names of the generator and ordinary people. Queries each second are one core's.\n\n"
        + _table(("names", "queries", "number", "p50, ms", "p99, ms", "longest, ms", "queries/s"), rows)
        + "\n\nMaking the index ready, in processor seconds (of a loaded one its first answer included), and the memory that a process holds for it: what it has to itself, what it has together with the other processes of the host, and the most while building. Code and libraries are not counted.\n\n"
        + _table(("names", "way", "seconds", "MiB of its own", "MiB shared", "most MiB"), built)
    )


def _lookup(one: Lookups) -> tuple[object, ...]:
    return one.queries, f"{one.median:.2f}", f"{one.ninety_ninth:.1f}", f"{one.longest:.1f}", f"{one.per_second:,.0f}"


def _split(found: Sequence[Scored]) -> tuple[list[Scored], list[Scored], list[Scored]]:
    """Return the labelled names that must be found, ordinary people, and adversarial names."""
    wanted = [one for one in found if one.trial.entries]
    return wanted, _only(found, *ORDINARY), _only(found, *ADVERSARIAL)


def _only(found: Iterable[Scored], *kinds: str) -> list[Scored]:
    return [one for one in found if one.trial.kind in kinds]


def _least(_: Sequence[Scored], ordinary: Sequence[Scored], adversarial: Sequence[Scored]) -> float:
    """Return the lowest score from which no more alarm than may."""
    return max(_above(ordinary, MOST_ORDINARY), _above(adversarial, MOST_ADVERSARIAL))


def _above(found: Sequence[Scored], most: float) -> float:
    scores = sorted((one.score for one in found), reverse=True)
    return math.nextafter(scores[int(len(scores) * most)], math.inf)


def _recall(found: Sequence[Scored], score: float) -> float:
    return sum(one.score >= score for one in found) / max(1, len(found))


def _by_kind(found: Iterable[Scored]) -> dict[str, list[Scored]]:
    kinds: dict[str, list[Scored]] = {}
    for one in found:
        kinds.setdefault(one.trial.kind, []).append(one)
    return kinds


_figure: Final[Callable[[float], str]] = "{:.3f}".format
_share: Final[Callable[[float], str]] = "{:.3f}".format


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)


_INTRODUCTION: Final = """# How names are measured

Written by `make bench-names`; figures change only by running it again, and stand in [a file](measurements-names.json) that the next run compares with. It asks the matcher in process, by names alone: no birth dates, countries or identifiers.

{head} A person looks from a score of {score:.2f} on, which is what *found* and *alarmed* mean here.
"""

_SLOW: Final = "Nothing is capped and every reading counts, so a name of common words has thousands of candidates. Tried and kept: words set aside that cannot reach the floor alone, letter sets as bits in windows of length, an upper bound on the score before the exact comparison, remembered words, and the inner loops compiled by numba ([decision 28](decisions/0028-compiled-loops.md)), which halved the median and more; one search for all words of a name, which counts the edits of many words side by side; and a mark on each name for every word that finds something in it, which tells of nearly all that they cannot reach the floor. What is left of the median are the letters of the listed words, some 25 microseconds for a word of the name, and reading, weighing and comparing in Python; at a million names the letters of a million pairs of neighbours. The slowest of these queries are names in Arabic and Hebrew letters, which stand for many spellings that are weighed one by one until they can no longer be alike, and names in Chinese characters, which have several readings. Not tried: a compiled search of words without vowels."
_CYRILLIC_PARTS: Final = "Wikidata's parts are names from everywhere as Russian writes them by ear (William as Уильям); two parts of a name here are mostly of two peoples. Words are read one by one (Japanese ones by Polivanov, those with sounds that Russian names lack as they are heard, given names of the West by a table), names of Palladius only as wholes; French, English and Hungarian spelling says more letters than anybody hears. {different:.1%} of the rows pair two different names: their sides share less than a third of their consonants, accents and letters of one sound aside. Only the even rows were looked at."

_CYRILLIC_BORNE: Final = "Rows whose sides share less than a third of their consonants pair two different names and are left out here, parts are drawn as often as people bear them, and Japanese parts stand beside Japanese ones. What is left mixes the other peoples still, and says by ear what no table of letters gives back (Юго for Hugo, Уолш for Walsh)."
_CYRILLIC_CROSSED: Final = 'Within one language nearly all are found; the table below says which standard or habit is not. Where the list has one language and the name comes in its neighbour\'s, the vowels are others (Сарока for Сорока, Бобожонов for Бабаджанов), and nothing in the letters says which were meant; all are then taken for one vowel, and a name with some of each is some letters off. Swedish spells four hissing sounds with a "j".'
WHY: Final = {
    "lookup.33000.p50": _SLOW,
    "lookup.33000.p99": _SLOW,
    "lookup.1000000.p50": _SLOW,
    "lookup.1000000.p99": _SLOW,
    "labelled.cyrillic": "Fifteen names, three missed. Two lost the beginning of a word where they were labelled (the first letters of a given name, half of a patronymic); the third is a name that the list does not hold in any of its names (it is another list's party with an alias in common). None is missed for its spelling.",
    "scripts.Cyrillic": _CYRILLIC_PARTS,
    "borne.cyrillic": _CYRILLIC_BORNE,
    "cyrillic.all": _CYRILLIC_CROSSED,
    "cyrillic.own": _CYRILLIC_CROSSED,
}
"""Figure → why its aim is not reached, and what was tried; shown only where it is not."""

_LIMITS: Final = """## Which data tuned what

- **Labelled names of the SDN list** were at hand while the scorer, its weights and the score from which a person looks were chosen, and tests hold figures on them. They flatter.
- **How common a word is** was counted on the SDN list itself, so names of the generator, made from that list, have its weights too. The generator's tables, ways and seed took no part in choosing anything and share nothing with the matcher.
- **Arabic and Wikidata's name parts**: the odd rows of the evaluation file and of the others, counted from 0, are set aside for this page; nothing here or in the tests was chosen by them.
- **Names with both scripts** chose nothing; the names that are put together of written-down parts were looked at with one half of the surnames and are measured with the other, while given names and standards are the same for both: the matcher reads by tables of its own, and by the same standards.
- **UN names, name_bench and entity_bench** were at hand; no weight is recorded as chosen by them. Best scores of pairs and of the rows beside others are taken from the very rows measured, for every scorer alike.
- **Invented ordinary people**: one of twenty-five of the 50,000; a few of the same set stand among the labelled names.

## What these figures do not say

- **Made names are not a list.** Words are drawn independently, so that names share common words as often as on a real list, or oftener, and with Wikidata's parts in them are more mixed than real ones.
- **Names alone.** What a birth date, a country or an identifier adds is not measured here.
- **In process.** No HTTP, no stream, one process.
- **Names of organizations in another script** are often translated and not spelled ("Беспилотные системы" for "Unmanned Systems"); no table of letters finds them.
- Korean and katakana parts, too, are names from everywhere written by ear. Cantonese is hardly found when the list has pinyin and the name comes in Latin letters: nothing in the letters says which way they are spelled, and two mended readings are never compared.
"""
