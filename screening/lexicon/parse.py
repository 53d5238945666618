"""Reading lexicons from TOML. `lexicons/README.md` explains the format to those who write the files.

A file is named after its category: `gambling.toml`, or `gambling.our-words.toml` for a part of it that is kept apart.
`allow.toml` belongs to no category: its phrases cancel hits of every category, and
its groups of words can be named in every file. All faults of all files are reported at once.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from screening.errors import Fault, LexiconError
from screening.lexicon.conditions import WORDED
from screening.lexicon.context import KIND
from screening.lexicon.entries import Entry, Lexicon
from screening.lexicon.fields import FIELDS, Misfit, slug, texts
from screening.lexicon.kinds import CONTEXTUAL
from screening.lexicon.lists import LIST_FIELDS, packed, plain_list
from screening.text.normalize import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from screening.lexicon.entries import PlainList
    from screening.lexicon.fields import Field

SHARED = "allow.toml"
"""The file whose allow phrases and groups serve all categories."""

_CONTEXT = ("near", "not_near", "review_near")
_LOWERING = ("review_in", "evidence_in")
_TOP = frozenset({"allow", "groups", "defaults", "entry", "list"})
_SHARED_TOP = frozenset({"allow", "groups"})
_Table = dict[str, Any]
_Groups = dict[str, tuple[str, ...]]


def parse_lexicon(files: Mapping[str, str], categories: Collection[str]) -> Lexicon:
    """Read lexicon files.

    Args:
        files: file name (`gambling.toml`) → its text. Registers of other things (clauses, policy) do not belong here.
        categories: the slugs that a file may be named after.

    Raises:
        LexiconError: with every fault of every file, each with its place.
    """
    faults: list[Fault] = []
    shared = _table(SHARED, files[SHARED], _SHARED_TOP, faults) if SHARED in files else {}
    reader = _Reader(faults, _phrases(SHARED, shared, faults), _groups(SHARED, shared, faults))
    for name in sorted(files):
        if name == SHARED:
            continue
        category = category_of(name)
        if category is None or category not in categories:
            expected = f"a file named after a category ({', '.join(sorted(categories))}) or {SHARED}"
            faults.append(Fault(name, repr(name.removesuffix(".toml")), expected))
            continue
        reader.read_file(name, category, _table(name, files[name], _TOP, faults))
    if faults:
        raise LexiconError(faults)
    return Lexicon(tuple(reader.entries), tuple(reader.lists))


def category_of(name: str) -> str | None:
    """Return the category that a file's name speaks of, or None where it speaks of none.

    >>> category_of("gambling.toml"), category_of("gambling.our-words.toml"), category_of("gambling.txt")
    ('gambling', 'gambling', None)
    """
    stem = name.removesuffix(".toml")
    category, dot, part = stem.partition(".")
    try:
        return None if stem == name else slug(category) if not dot or slug(part) else None
    except Misfit:
        return None


def bare(text: str) -> str:
    """Return the letters, digits and Han characters of a text in normal form: what every view agrees on."""
    return "".join(filter(str.isalnum, normalize(text).text))


def _table(name: str, text: str, known: Collection[str], faults: list[Fault]) -> _Table:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(name, str(error), "valid TOML"))
        return {}
    faults.extend(
        Fault(f"{name}: {key}", "an unknown key", f"one of {', '.join(sorted(known))}")
        for key in sorted(table.keys() - known)
    )
    return table


def _phrases(name: str, table: _Table, faults: list[Fault]) -> tuple[str, ...]:
    try:
        phrases = texts(table.get("allow", []))
    except Misfit as misfit:
        faults.append(Fault(f"{name}: allow", _shown(table["allow"]), str(misfit)))
        return ()
    _check_words(f"{name}: allow", phrases, faults)
    return phrases


def _groups(name: str, table: _Table, faults: list[Fault]) -> _Groups:
    groups: _Groups = {}
    written = table.get("groups", {})
    if not isinstance(written, dict):
        faults.append(Fault(f"{name}: groups", _shown(written), "a table of lists of words"))
        return groups
    for group, words in written.items():
        try:
            groups[group] = texts(words)
        except Misfit as misfit:
            faults.append(Fault(f"{name}: groups.{group}", _shown(words), str(misfit)))
            groups[group] = ()
        _check_words(f"{name}: groups.{group}", groups[group], faults)
    return groups


def _check_words(where: str, words: tuple[str, ...], faults: list[Fault]) -> None:
    """Words that normalise to nothing would match everywhere."""
    faults.extend(
        Fault(where, f"{word!r}, of which nothing is left after normalising", "a visible text")
        for word in words
        if not normalize(word).text.strip()
    )


def _shown(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}…"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _as_entry(values: _Table, groups: _Groups) -> _Table:
    """Return the fields of a file as those of an `Entry`."""
    asked = {*values["review_in"], *values["evidence_in"]}
    worded = {str(condition): groups.get(condition, ()) if condition in asked else () for condition in WORDED}
    kind = values.get("kind") or None
    read = {field: value for field, value in values.items() if field != "with"}
    # What a kind finds is searched in no view: its name is its term.
    views = frozenset() if kind else values["views"]
    optional = {field: values[field] or None for field in ("trusted", "plainly")}
    return read | worded | optional | {"together": values["with"], "kind": kind, "views": views}


class _Reader:
    """Reads files one after another; ids and faults are gathered over all of them."""

    def __init__(self, faults: list[Fault], allow: tuple[str, ...], groups: _Groups) -> None:
        self.entries: list[Entry] = []
        self.lists: list[PlainList] = []
        self._faults = faults
        self._allow = allow
        self._groups = groups
        self._ids: dict[str, str] = {}
        self._normal: dict[str, dict[str, str]] = {}
        self._plain: dict[str, dict[str, str]] = {}

    def read_file(self, name: str, category: str, table: _Table) -> None:
        """Read the entries of one file."""
        allow = (*self._allow, *_phrases(name, table, self._faults))
        groups = self._groups | _groups(name, table, self._faults)
        defaults = self._defaults(name, table.get("defaults", {}))
        normal = self._normal.setdefault(category, {})
        for where, row in self._rows(name, "entry", table):
            values = self._values(where, row, defaults, FIELDS)
            self._check_id(where, values.get("id"))
            if "kind" not in row:
                # A term may stand a second time as the plain word that only its disguise makes suspicious, and in as
                # many combinations as there are words that mean something beside it.
                apart = self._plain.setdefault(category, {}) if values.get("plainly") else normal
                apart = {} if values.get("with") else apart
                self._check_terms(where, values.get("terms", ()), apart)
                self._check_examples(where, values)
            self._check_shared(where, values, groups)
            if len(values) == len(FIELDS):
                values["allow"] = (*allow, *values["allow"])
                self.entries.append(Entry(category=category, **_as_entry(values, groups)))
        for where, row in self._rows(name, "list", table):
            shared = {field: value for field, value in defaults.items() if LIST_FIELDS[field].sharable}
            values = self._values(where, row, shared, LIST_FIELDS)
            self._check_id(where, values.get("id"))
            terms, faults = packed(where, values["terms"]) if "terms" in values else (None, ())
            self._faults.extend(faults)
            self._check_shared(where, values, groups)
            if terms is not None and len(values) == len(LIST_FIELDS):
                values["allow"] = (*allow, *values["allow"])
                self.lists.append(plain_list(category, _as_entry(values, groups), terms))

    def _rows(self, name: str, kind: str, table: _Table) -> list[tuple[str, _Table]]:
        """Return the tables of a kind, each with its place."""
        rows = table.get(kind, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._faults.append(Fault(f"{name}: {kind}", _shown(rows), f"tables written [[{kind}]]"))
            return []
        named = [f" {row['id']!r}" if isinstance(row.get("id"), str) else "" for row in rows]
        return [(f"{name}: {kind}{named[at]} ({_ordinal(at + 1)})", row) for at, row in enumerate(rows)]

    def _check_shared(self, where: str, values: _Table, groups: _Groups) -> None:
        """Check what entries and lists have alike, and spread the groups in it."""
        self._check_dates(where, values)
        for field in _CONTEXT:
            values[field] = self._words(f"{where}: {field}", values.get(field, ()), groups)
        values["with"] = tuple(self._words(f"{where}: with", words, groups) for words in values.get("with", ()))
        for condition in WORDED:
            asking = [field for field in _LOWERING if condition in values.get(field, ()) and condition not in groups]
            expected = f"a group of this name among {', '.join(sorted(groups)) or 'none'}"
            self._faults.extend(Fault(f"{where}: {field}", repr(str(condition)), expected) for field in asking)
        _check_words(f"{where}: allow", values.get("allow", ()), self._faults)

    def _defaults(self, name: str, written: object) -> _Table:
        if not isinstance(written, dict):
            self._faults.append(Fault(f"{name}: defaults", _shown(written), "a table"))
            return {}
        sharable = {field for field, kind in FIELDS.items() if kind.sharable}
        for field in sorted(written.keys() - sharable):
            found = "an unknown key" if field not in FIELDS else "a field of single entries"
            expected = f"one of {', '.join(sorted(sharable))}"
            self._faults.append(Fault(f"{name}: defaults.{field}", found, expected))
        shared = {key: written[key] for key in written if key in sharable}
        return self._read(f"{name}: defaults", shared, FIELDS)

    def _values(self, where: str, row: _Table, defaults: _Table, fields: Mapping[str, Field]) -> _Table:
        if "term" in row and fields is FIELDS:
            if "terms" in row:
                self._faults.append(Fault(where, "both term and terms", "one of them"))
            row = {"terms": [row["term"]], **{key: value for key, value in row.items() if key != "term"}}
        if "kind" in row and fields is FIELDS:
            if "terms" in row:
                self._faults.append(Fault(where, "both terms and kind", "one of them"))
            row = {**row, "terms": [str(row["kind"])]}
        for field in sorted(row.keys() - fields.keys()):
            known = ", ".join(("term", *fields) if fields is FIELDS else fields)
            self._faults.append(Fault(f"{where}: {field}", "an unknown key", f"one of {known}"))
        values = defaults | self._read(where, {key: row[key] for key in row if key in fields}, fields)
        for field, kind in fields.items():
            if field in values or field in row:
                continue
            if kind.default is None:
                self._faults.append(Fault(where, f"no {field}", "a value here or in [defaults]"))
            else:
                values[field] = kind.default
        return values

    def _read(self, where: str, written: _Table, fields: Mapping[str, Field]) -> _Table:
        values = {}
        for field, value in written.items():
            try:
                values[field] = fields[field].read(value)
            except Misfit as misfit:
                self._faults.append(Fault(f"{where}: {field}", _shown(value), str(misfit)))
        return values

    def _check_id(self, where: str, named: str | None) -> None:
        if named is None:
            return
        if named in self._ids:
            self._faults.append(Fault(f"{where}: id", repr(named), f"an id not used before ({self._ids[named]})"))
        self._ids.setdefault(named, where)

    def _check_terms(self, where: str, terms: tuple[str, ...], normal: dict[str, str]) -> None:
        for term in terms:
            plain = normalize(term).text
            if not bare(term):
                found = f"{term!r}, of which nothing is left after normalising"
                self._faults.append(Fault(f"{where}: terms", found, "letters, digits or Han characters"))
            elif plain != plain.strip() or len(plain.splitlines()) > 1:
                self._faults.append(Fault(f"{where}: terms", repr(term), "one line without spaces at its ends"))
            elif plain in normal:
                expected = f"a term whose normal form {plain!r} is not taken ({normal[plain]})"
                self._faults.append(Fault(f"{where}: terms", repr(term), expected))
            normal.setdefault(plain, where)

    def _check_examples(self, where: str, values: _Table) -> None:
        if "terms" not in values or "must_hit" not in values or values.get("plainly"):
            # What only its disguise makes suspicious is shown in disguise, which may leave none of its letters.
            return
        terms = [bare(term) for term in values["terms"]]
        for example in values["must_hit"]:
            letters = bare(example)
            if not any(term in letters for term in terms):
                self._faults.append(Fault(f"{where}: must_hit", repr(example), "a text that holds one of the terms"))

    def _check_dates(self, where: str, values: _Table) -> None:
        if "added" in values and "review_by" in values and values["review_by"] <= values["added"]:
            found = f"{values['review_by']} (added {values['added']})"
            self._faults.append(Fault(f"{where}: review_by", found, "a date after that of added"))

    def _words(self, where: str, words: tuple[str, ...], groups: _Groups) -> tuple[str, ...]:
        """Replace `@group` by the words of the group."""
        spread: list[str] = []
        for word in words:
            if word.startswith(KIND) and word.removeprefix(KIND) not in CONTEXTUAL:
                self._faults.append(Fault(where, repr(word), f"{KIND} and one of {', '.join(sorted(CONTEXTUAL))}"))
            elif not word.startswith("@"):
                spread.append(word)
            elif word[1:] in groups:
                spread.extend(groups[word[1:]])
            else:
                self._faults.append(Fault(where, repr(word), f"a group among {', '.join(sorted(groups)) or 'none'}"))
        _check_words(where, tuple(spread), self._faults)
        return tuple(dict.fromkeys(spread))
