"""Names with known answers: who must be found behind a name, and whose name must alarm nobody."""

from __future__ import annotations

import csv
import itertools
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import mapping
import msgspec
import namealterations
from ruamel.yaml import YAML

from screening.subjects import Registrant
from screening.watchlist.matcher import NameMatcher
from screening.watchlist.parties import ListedName, ListedParty, PartyKind

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

TRIALS: Final = 200
"""Altered names of each kind."""

PAIR_FLOOR: Final = 0.3
"""Pairs less alike than this count as not alike at all."""

_KINDS: Final = {"Person": PartyKind.PERSON, "Vessel": PartyKind.VESSEL}


@dataclass(frozen=True, slots=True)
class Trial:
    """One name: what is asked, which entries answer it (none where nobody must), and of which kind it is."""

    kind: str
    subject: Mapping[str, Any]
    entries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scored:
    """The best score of a trial: of the right entries where there are any, else of anybody."""

    trial: Trial
    score: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labelled pairs of names with the score of each."""

    rows: list[tuple[bool, str, float]] = field(default_factory=list)

    def at(self, score: float) -> tuple[float, float, float]:
        """Return precision, recall and F1 where pairs from a score on are called one."""
        right = sum(match and value >= score for match, _, value in self.rows)
        called = sum(value >= score for _, _, value in self.rows)
        wanted = sum(match for match, _, _ in self.rows)
        return _ratio(right, called), _ratio(right, wanted), _ratio(2 * right, called + wanted)

    def best(self) -> tuple[float, float]:
        """Return the score with the best F1, and that F1."""
        return max(((score / 200, self.at(score / 200)[2]) for score in range(80, 200)), key=lambda pair: pair[1])


def scored(matcher: NameMatcher, trials: Iterable[Trial]) -> list[Scored]:
    """Look every trial up."""
    found = []
    for trial in trials:
        hits = matcher.find([msgspec.convert(trial.subject, Registrant)])[0]
        scores = [hit.score for hit in hits if not trial.entries or hit.entry in trial.entries]
        found.append(Scored(trial, max(scores, default=0.0)))
    return found


def person(name: str, **more: object) -> dict[str, Any]:
    """Return a registration of a person."""
    return {"account_id": "bench", "kind": "person", "name": name} | more


def organization(name: str) -> dict[str, Any]:
    """Return a registration of an organization."""
    return {"account_id": "bench", "kind": "organization", "name": name}


def ofac_queries(path: pathlib.Path) -> list[Trial]:
    """Return the labelled names of the SDN list, and the names of nobody."""
    return [Trial(query.category, query.subject, query.ids) for query in mapping.queries(path)]


def un_names(labelled: pathlib.Path) -> tuple[list[ListedParty], list[Trial]]:
    """Return the UN's names as parties, and the same names mangled as trials; a birth year each where there is one."""
    plain = _rows(labelled / "positives_un_untreated.csv")
    mangled = _rows(labelled / "positives_un_treated.csv")
    parties = [listed(f"un-{number}", row["full_name"]) for number, row in enumerate(plain)]
    trials = [
        Trial("UN, mangled", person(row["full_name"]), frozenset({f"un-{number}"}))
        for number, row in enumerate(mangled)
    ]
    return parties, trials


def ordinary(labelled: pathlib.Path, every: int) -> list[Trial]:
    """Return every so many-th of the invented ordinary people."""
    return [Trial("ordinary people", person(row["full_name"])) for row in _rows(labelled / "negatives_us.csv")[::every]]


def altered(parties: Sequence[ListedParty], seed: int) -> list[Trial]:
    """Return names of a list, altered in every way that `namealterations` knows."""
    named = [
        (party, natural(name.text) if party.kind is PartyKind.PERSON else name.text.title())
        for party in parties
        for name in party.names[:1]
        if party.kind in (PartyKind.PERSON, PartyKind.UNKNOWN, PartyKind.ORGANIZATION)
    ]
    holders: dict[str, set[str]] = {}
    for party in parties:
        for name in party.names:
            holders.setdefault(name.text, set()).add(party.entry)
    trials = []
    for kind in namealterations.Kind:
        chance = random.Random(f"{seed} {kind}")
        fitting = (
            Trial(
                str(kind),
                person(changed) if party.kind is PartyKind.PERSON else organization(changed),
                frozenset(holders[party.names[0].text]),
            )
            for party, name in chance.sample(named, len(named))
            if not (kind in namealterations.FORMAL and party.kind is PartyKind.PERSON)
            and not (kind in namealterations.PERSONAL and party.kind is not PartyKind.PERSON)
            and (changed := namealterations.alter(name, kind, chance)) is not None
        )
        trials += itertools.islice(fitting, TRIALS)
    return trials


def recombined(parties: Sequence[ListedParty], count: int, seed: int) -> list[Trial]:
    """Return names of nobody: the given name of one listed person with the surname of another."""
    chance = random.Random(seed)
    split = [
        name.text.split(", ", 1)
        for party in parties
        if party.kind is PartyKind.PERSON
        for name in party.names[:1]
        if ", " in name.text
    ]
    known = {frozenset(" ".join(parts).lower().split()) for parts in split}
    trials: list[Trial] = []
    while len(trials) < count:
        name = f"{chance.choice(split)[1]} {chance.choice(split)[0].title()}"
        if not any(frozenset(name.lower().split()) <= words for words in known):
            trials.append(Trial("adversarial: one's given name, another's surname", person(name)))
    return trials


def chinese(seed: int) -> tuple[list[ListedParty], list[Trial]]:
    """Return invented Chinese persons as lists write them, and their names in other writings."""
    chance = random.Random(seed)
    names = list(
        {namealterations.as_listed(name): name for name in _many(namealterations.chinese_name, chance)}.items()
    )
    parties = [listed(f"han-{number}", text) for number, (text, _) in enumerate(names)]
    trials = [
        Trial(f"Chinese: {writing}", person(namealterations.written(name, writing)), frozenset({f"han-{number}"}))
        for number, (_, name) in enumerate(names)
        for writing in namealterations.Writing
    ]
    return parties, trials


def _many(make: Callable[[random.Random], tuple[namealterations.Han, ...]], chance: random.Random) -> Iterator[Any]:
    return (make(chance) for _ in range(TRIALS))


SCRIPTS: Final = {
    "Arabic": "wd_arabic_16",
    "Arabic, names of Arabs": "ar2en-eval.txt",
    "Cyrillic": "wd_russian_16",
    "Hebrew": "wd_hebrew_16",
    "Korean": "wd_korean_16",
    "Japanese, katakana": "wd_katakana_16",
}
"""What a file of pairs tells of; Wikidata's are names from everywhere as that script writes them."""


def in_scripts(labelled: pathlib.Path, seed: int) -> tuple[list[ListedParty], list[Trial]]:
    """Return persons made of two name parts in Latin letters, and the same two in their script.

    Only the odd rows of each file, counted from 0; whoever tunes keeps to the even ones.
    """
    parties: list[ListedParty] = []
    trials: list[Trial] = []
    for script, file in SCRIPTS.items():
        chance = random.Random(f"{seed} {script}")
        rows = [line.split("\t") for line in (labelled / file).read_text("utf-8").splitlines()][1::2]
        pairs = [(row[1], row[0]) if file.endswith(".txt") else (row[0], row[1].replace(" ", "")) for row in rows]
        pairs = [(latin, native) for latin, native in pairs if len(latin) > 2 and len(native) > 1]
        for _ in range(TRIALS):
            (given, native_given), (surname, native_surname) = chance.sample(pairs, 2)
            entry = f"script-{len(parties)}"
            parties.append(listed(entry, f"{surname.upper()}, {given.capitalize()}"))
            trials.append(Trial(f"script: {script}", person(f"{native_given} {native_surname}"), frozenset({entry})))
    return parties, trials


def name_bench(path: pathlib.Path) -> Pairs:
    """Score nomenklatura's pairs of names."""
    rows = _rows(path)
    return _pairs(
        (row["is_match"] == "true", row["quality"], row["schema"], {"name": row["name1"]}, [row["name2"]])
        for row in rows
    )


def entity_bench(path: pathlib.Path) -> Pairs:
    """Score nomenklatura's pairs of whole entities."""
    rows = YAML(typ="safe").load(path.read_text("utf-8"))["checks"]
    return _pairs(
        (bool(row["match"]), "", row["schema"], {"name": _whole(row["query"])}, [_whole(row["candidate"])])
        for row in rows
    )


def _whole(entity: Mapping[str, Any]) -> str:
    """Return the name of an entity, made of its parts where it has no whole one."""
    parts = (entity.get(key) for key in ("firstName", "middleName", "fatherName", "lastName"))
    return str(entity.get("name") or " ".join(str(part) for part in parts if part))


def _pairs(rows: Iterable[tuple[bool, str, str, dict[str, Any], list[str]]]) -> Pairs:
    """Score pairs, each alone: a party in one matcher of its own, asked for by the other name."""
    scores = []
    for match, quality, schema, query, names in rows:
        kind = _KINDS.get(schema, PartyKind.ORGANIZATION)
        matcher = NameMatcher({"pair": [listed("1", *names, kind=kind)]}, floor=PAIR_FLOOR)
        subject = (person if kind is PartyKind.PERSON else organization)(query["name"])
        hits = matcher.find([msgspec.convert(subject, Registrant)])[0]
        scores.append((match, quality, hits[0].score if hits else 0.0))
    return Pairs(scores)


def listed(entry: str, *names: str, kind: PartyKind = PartyKind.PERSON) -> ListedParty:
    """Return a listed party."""
    return ListedParty(entry=entry, kind=kind, names=tuple(ListedName(text=name) for name in names))


def natural(name: str) -> str:
    """Turn "SURNAME, Given" round.

    >>> natural("AL-ZAHRUDI, Karam")
    'Karam Al-Zahrudi'
    """
    surname, comma, given = name.partition(", ")
    return f"{given} {surname.title()}" if comma else name.title()


def _rows(path: pathlib.Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
